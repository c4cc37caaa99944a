//! A stream at the NATS for tests.

use std::{
    hash::{BuildHasher, RandomState},
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    time::Duration,
};

/// The variable that says where the server is; `cargo xtask test` finds or starts one.
const VARIABLE: &str = "PERENNIAL_TEST_NATS";

/// Where the server is; `None`, loudly, where there is none.
pub(crate) fn server() -> Option<String> {
    crate::server(VARIABLE)
}

/// The name of a stream, which is gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Stream {
    server: String,
    name: String,
}

impl Stream {
    /// One that nobody else uses; `None`, loudly, where there is no server.
    pub(crate) fn new() -> Option<Self> {
        let server = server()?;
        Some(Self { server, name: format!("TEST_{:x}", RandomState::new().hash_one("stream")) })
    }

    /// Where the server is, as the setting wants it.
    pub(crate) fn url(&self) -> String {
        format!("nats://{}", self.server)
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn delete(&self) -> std::io::Result<()> {
        let mut connection = TcpStream::connect(&self.server)?;
        connection.set_read_timeout(Some(Duration::from_secs(2)))?;
        let subject = format!("$JS.API.STREAM.DELETE.{}", self.name);
        write!(connection, "CONNECT {{\"verbose\":false}}\r\nPUB {subject} nobody 0\r\n\r\nPING\r\n")?;
        BufReader::new(connection).lines().map_while(Result::ok).find(|line| line == "PONG");
        Ok(())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // A server that is gone has no stream any more.
        let _ = self.delete();
    }
}

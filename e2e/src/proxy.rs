//! Between the program and a server: what goes to and fro can be held up, as when the server is stopped, or refused.

use std::io;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

/// What it does with what goes to and fro.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    /// The server is stopped: it hears and says nothing, and answers everything when it goes on.
    Silent,
    /// The server is gone.
    Gone,
}

/// Stands before a server until the test ends.
#[derive(Debug)]
pub struct Proxy {
    address: String,
    state: watch::Sender<State>,
}

impl Proxy {
    /// Before the server at `host:port`.
    pub async fn before(server: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (sender, state) = watch::channel(State::Open);
        let server = server.to_owned();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A connection that ends has done its work, and one that cannot be made is the program's affair.
                tokio::spawn(carry(stream, server.clone(), state.clone()));
            }
        });
        Self { address, state: sender }
    }

    /// `127.0.0.1:40001`
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The server stops, and hears and says nothing.
    pub fn silence(&self) {
        self.state.send_replace(State::Silent);
    }

    /// The server goes away, and with it every connection.
    pub fn cut(&self) {
        self.state.send_replace(State::Gone);
    }

    /// The server is there again, and has heard what was said meanwhile.
    pub fn go_on(&self) {
        self.state.send_replace(State::Open);
    }
}

async fn carry(stream: TcpStream, server: String, mut state: watch::Receiver<State>) -> io::Result<()> {
    let mut gone = state.clone();
    let carrying = async {
        open(&mut state).await;
        let (to_us, from_us) = stream.into_split();
        let (to_server, from_server) = TcpStream::connect(server).await?.into_split();
        tokio::try_join!(pass(to_us, from_server, state.clone()), pass(to_server, from_us, state.clone()))?;
        Ok(())
    };
    tokio::select! {
        carried = carrying => carried,
        _ = gone.wait_for(|state| *state == State::Gone) => Ok(()),
    }
}

async fn open(state: &mut watch::Receiver<State>) {
    // The test has ended where nobody says any more.
    let _ = state.wait_for(|state| *state == State::Open).await;
}

/// One direction, to its end, which is passed on too.
async fn pass(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut state: watch::Receiver<State>,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        open(&mut state).await;
        if read == 0 {
            return to.shutdown().await;
        }
        to.write_all(&buffer[..read]).await?;
    }
}

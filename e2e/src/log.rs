//! What the program says on standard error.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Mutex},
    thread::JoinHandle,
};

/// Lines so far, in order. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    /// Gathers lines until the other side closes.
    pub(crate) fn of(source: impl Read + Send + 'static) -> Self {
        Self::gathering(source).0
    }

    /// The same, and what ends with the gathering.
    pub(crate) fn gathering(source: impl Read + Send + 'static) -> (Self, JoinHandle<()>) {
        let log = Self::default();
        let gathered = log.clone();
        let gathering = std::thread::spawn(move || {
            for line in BufReader::new(source).lines().map_while(Result::ok) {
                gathered.0.lock().unwrap().push(line);
            }
        });
        (log, gathering)
    }

    /// All lines so far.
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// Lines that tell of our own fault.
    pub fn faults(&self) -> Vec<String> {
        let is_fault = |line: &String| line.contains("\"level\":\"ERROR\"") || line.contains("panicked at");
        self.lines().into_iter().filter(is_fault).collect()
    }

    /// The last lines, for a test that failed.
    pub(crate) fn tail(&self) -> String {
        let lines = self.lines();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

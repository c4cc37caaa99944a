//! What is known of the request (or event, or job) that the running task works for: logged, returned, and carried
//! with every event it leads to.

use std::{
    cell::Cell,
    future::Future,
    time::{Duration, Instant},
};

use crate::system;

tokio::task_local! {
    static CURRENT: Context;
}

/// The request that is being answered.
#[derive(Debug)]
pub struct Context {
    /// `X-Request-ID`: taken when well formed, else made.
    pub request_id: String,
    /// W3C trace context: the caller's trace goes on, with a span of our own.
    pub traceparent: String,
    /// The path that was asked for.
    pub path: String,
    /// Until when somebody waits for it.
    deadline: Option<Instant>,
    statements: Cell<u32>,
}

impl Context {
    /// A context that continues the caller's trace, or begins one.
    pub fn new(request_id: Option<&str>, traceparent: Option<&str>, path: &str) -> Self {
        Self {
            request_id: request_id.filter(|id| well_formed(id)).map_or_else(hex::<12>, str::to_owned),
            traceparent: child_of(traceparent),
            path: path.to_owned(),
            deadline: None,
            statements: Cell::new(0),
        }
    }

    /// The same, for which somebody waits so long from now.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.deadline = Instant::now().checked_add(timeout);
        self
    }

    /// The same for work that goes on whoever waits: what it asks of the database is counted for itself.
    #[must_use]
    pub fn handed_on(&self) -> Self {
        Self {
            request_id: self.request_id.clone(),
            traceparent: self.traceparent.clone(),
            path: self.path.clone(),
            deadline: None,
            statements: Cell::new(0),
        }
    }

    /// Whether nobody waits for it any more.
    pub fn is_too_late(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// How many statements the database was asked so far.
    pub fn statements(&self) -> u32 {
        self.statements.get()
    }
}

/// Runs `work` with a context.
pub async fn within<F: Future>(context: Context, work: F) -> F::Output {
    CURRENT.scope(context, work).await
}

/// What `look` sees in the current context, if there is one.
pub fn current<T>(look: impl FnOnce(&Context) -> T) -> Option<T> {
    CURRENT.try_with(look).ok()
}

pub(crate) fn count_statement() {
    let _ = CURRENT.try_with(|context| context.statements.set(context.statements.get() + 1));
}

fn well_formed(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// The text of bytes drawn by chance.
fn hex<const N: usize>() -> String {
    let mut text = String::with_capacity(N * 2);
    push_hex::<N>(&mut text);
    text
}

fn push_hex<const N: usize>(text: &mut String) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    // An id nobody has to guess right: without randomness it is merely not unique.
    let bytes = system::drawn_bytes::<N>().unwrap_or([0; N]);
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
}

/// A `traceparent` of version 00 in the caller's trace, or in a new one.
fn child_of(parent: Option<&str>) -> String {
    let mut text = String::with_capacity("00-".len() + 32 + "-".len() + 16 + "-01".len());
    text.push_str("00-");
    match parent.and_then(trace_of) {
        Some(trace) => text.push_str(trace),
        None => push_hex::<16>(&mut text),
    }
    text.push('-');
    push_hex::<8>(&mut text);
    text.push_str("-01");
    text
}

fn trace_of(traceparent: &str) -> Option<&str> {
    let mut parts = traceparent.split('-');
    let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
    let lower_hex = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    let right = version.len() == 2
        && version != "ff"
        && trace.len() == 32
        && span.len() == 16
        && [version, trace, span].into_iter().all(lower_hex)
        && trace.bytes().any(|b| b != b'0');
    right.then_some(trace)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_goes_on_and_a_malformed_one_does_not() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        let child = child_of(Some(&format!("00-{trace}-00f067aa0ba902b7-01")));
        assert!(child.starts_with(&format!("00-{trace}-")) && !child.contains("00f067aa0ba902b7"));
        for wrong in ["", "00-zz", &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), "00-é-é-01"] {
            assert!(!child_of(Some(wrong)).contains(trace), "{wrong}");
        }
    }

    #[test]
    fn every_request_has_ids_of_its_own_in_their_form() {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1_000 {
            let context = Context::new(None, None, "/");
            let parts: Vec<&str> = context.traceparent.split('-').collect();
            assert!(matches!(parts[..], ["00", trace, span, "01"] if trace.len() == 32 && span.len() == 16));
            assert_eq!(trace_of(&context.traceparent), Some(parts[1]));
            assert!(context.request_id.len() == 24 && well_formed(&context.request_id));
            assert!(seen.insert(context.request_id) && seen.insert(context.traceparent));
        }
    }

    #[test]
    fn only_a_well_formed_request_id_is_taken() {
        assert_eq!(Context::new(Some("abc-12345"), None, "/").request_id, "abc-12345");
        for wrong in ["short", "with space and more", "line\nbreak-line", &"x".repeat(65)] {
            assert_ne!(Context::new(Some(wrong), None, "/").request_id, wrong);
        }
    }
}

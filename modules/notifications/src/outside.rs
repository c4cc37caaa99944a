//! Carrying requests to providers by the one way out of this program: bounded in time and length, never sent on elsewhere,
//! and, unless that was allowed, never to an address inside our own networks, whatever name it goes by.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request};
use http_body_util::Full;
use kernel::Clock;
use platform::outbound::{Bounds, Outbound, OutboundError};

use crate::channels::{Ask, Reply};

/// The longest answer that is read.
const LONGEST: usize = 64 * 1024;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unanswered {
    /// The address leads nowhere that we would go.
    #[error("{0}")]
    Address(String),
    /// Nobody there, or nobody who can be trusted.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("did not answer within {0} seconds")]
    Late(u64),
}

/// Asks providers.
#[async_trait]
pub(crate) trait Outside: Send + Sync {
    /// The answer to a request, whatever it says.
    async fn ask(&self, ask: &Ask) -> Result<Reply, Unanswered>;

    /// How much longer a host is left alone.
    fn rests(&self, host: &str) -> Option<Duration>;
}

/// By HTTP, for real.
pub(crate) struct Web {
    outbound: Outbound,
    timeout: Duration,
    clock: std::sync::Arc<dyn Clock>,
}

impl Web {
    pub(crate) fn new(outbound: Outbound, timeout: Duration, clock: std::sync::Arc<dyn Clock>) -> Self {
        Self { outbound, timeout, clock }
    }

    fn unanswered(&self, error: OutboundError) -> Unanswered {
        match error {
            OutboundError::Address(wrong) => Unanswered::Address(wrong),
            OutboundError::Late(_) => Unanswered::Late(self.timeout.as_secs()),
            OutboundError::Unreachable { cause, .. } | OutboundError::BrokeOff { cause, .. } => {
                Unanswered::Unreachable(cause)
            }
            OutboundError::NotAsked { cause, .. } => Unanswered::Unreachable(cause.to_string()),
            OutboundError::Status { .. } | OutboundError::TooLong { .. } | OutboundError::Redirected(_) => {
                Unanswered::Unreachable("its answer is none".into())
            }
        }
    }
}

#[async_trait]
impl Outside for Web {
    async fn ask(&self, ask: &Ask) -> Result<Reply, Unanswered> {
        let mut request = Request::builder().method(ask.method).uri(&ask.url);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let request = request
            .body(Full::new(Bytes::from(ask.body.clone())))
            .map_err(|error| Unanswered::Address(format!("the request cannot be made: {error}")))?;
        let bounds = Bounds { timeout: self.timeout, length: LONGEST };
        let (parts, body) =
            self.outbound.send(request, bounds).await.map_err(|error| self.unanswered(error))?;
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers: BTreeMap<String, String> =
            parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        Ok(Reply { status: parts.status.as_u16(), headers, body: body.to_vec(), at: self.clock.now() })
    }

    fn rests(&self, host: &str) -> Option<Duration> {
        self.outbound.dependencies().rests(host)
    }
}

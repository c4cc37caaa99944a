//! Carrying requests to providers: bounded in time and length, never sent on elsewhere, and, unless that was allowed,
//! never to an address inside our own networks, whatever name it goes by.

mod guard;

use std::{
    collections::BTreeMap,
    error::Error,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use http::{HeaderValue, Request, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{
        Client,
        connect::{
            HttpConnector,
            dns::{GaiResolver, Name},
        },
    },
    rt::TokioExecutor,
};
use kernel::Clock;
use tower::Service;

use crate::channels::{Ask, Reply};

pub(crate) use guard::is_public;

/// The longest answer that is read.
const LONGEST: usize = 64 * 1024;
/// Connections that are kept open to a host.
const IDLE: usize = 4;

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
}

/// By HTTP, for real.
pub(crate) struct Web {
    client: Client<HttpsConnector<HttpConnector<Guarded>>, Full<Bytes>>,
    private: bool,
    timeout: Duration,
    clock: std::sync::Arc<dyn Clock>,
}

impl Web {
    pub(crate) fn new(private: bool, timeout: Duration, clock: std::sync::Arc<dyn Clock>) -> Self {
        let mut plain = HttpConnector::new_with_resolver(Guarded { resolver: GaiResolver::new(), private });
        plain.enforce_http(false);
        plain.set_connect_timeout(Some(timeout));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(platform::tls::client_config())
            .https_or_http()
            .enable_http1()
            .wrap_connector(plain);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE).build(connector);
        Self { client, private, timeout, clock }
    }

    fn request(&self, ask: &Ask) -> Result<Request<Full<Bytes>>, Unanswered> {
        let place = check_address(&ask.url, self.private).map_err(Unanswered::Address)?;
        let mut request = Request::builder().method(ask.method).uri(place);
        for (name, value) in &ask.headers {
            request = request.header(*name, value);
        }
        let agent = HeaderValue::from_static(concat!("Perennial/", env!("CARGO_PKG_VERSION")));
        request
            .header(header::USER_AGENT, agent)
            .body(Full::new(Bytes::from(ask.body.clone())))
            .map_err(|error| Unanswered::Address(format!("the request cannot be made: {error}")))
    }

    async fn answer(&self, ask: &Ask) -> Result<Reply, Unanswered> {
        let unreachable = |error: &(dyn Error + 'static)| Unanswered::Unreachable(reasons(error));
        let response = self.client.request(self.request(ask)?).await.map_err(|error| unreachable(&error))?;
        let (parts, body) = response.into_parts();
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers: BTreeMap<String, String> =
            parts.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
        // Whoever answers at length has answered all the same.
        let body = Limited::new(body, LONGEST).collect().await.map(|all| all.to_bytes().to_vec());
        Ok(Reply {
            status: parts.status.as_u16(),
            headers,
            body: body.unwrap_or_default(),
            at: self.clock.now(),
        })
    }
}

#[async_trait]
impl Outside for Web {
    async fn ask(&self, ask: &Ask) -> Result<Reply, Unanswered> {
        let answer = tokio::time::timeout(self.timeout, self.answer(ask)).await;
        answer.unwrap_or(Err(Unanswered::Late(self.timeout.as_secs())))
    }
}

/// An address that may be asked, or what is wrong with it. What its name leads to is looked at when it is asked.
pub(crate) fn check_address(text: &str, private: bool) -> Result<Uri, String> {
    let place: Uri =
        text.parse().map_err(|_| "must be an address such as https://example.org/".to_owned())?;
    let host = place.host().unwrap_or_default().trim_matches(['[', ']']);
    if !matches!(place.scheme_str(), Some("http" | "https")) || host.is_empty() {
        return Err("must be an address that begins with https:// or http://".into());
    }
    if place.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err("must not hold a user name".into());
    }
    match host.parse() {
        Ok(address) if !private && !is_public(address) => Err(INSIDE.into()),
        _ => Ok(place),
    }
}

/// What is said of an address inside.
const INSIDE: &str = "leads into a private network, which whoever runs this Perennial has not allowed (notifications.private_addresses)";

/// Looks names up, and forgets those of their addresses that are inside. What is connected to is what was looked at.
#[derive(Clone)]
struct Guarded {
    resolver: GaiResolver,
    private: bool,
}

impl Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::poll_ready(&mut self.resolver, context).map_err(Into::into)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (found, private) = (self.resolver.call(name), self.private);
        Box::pin(async move {
            let all: Vec<SocketAddr> = found.await?.collect();
            let some = !all.is_empty();
            let allowed: Vec<_> = all.into_iter().filter(|each| private || is_public(each.ip())).collect();
            if some && allowed.is_empty() { Err(INSIDE.into()) } else { Ok(allowed.into_iter()) }
        })
    }
}

/// An error and what it came from, on one line.
fn reasons(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        said.push_str(": ");
        said.push_str(&cause.to_string());
        source = cause.source();
    }
    said
}

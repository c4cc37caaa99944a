//! Asking others by HTTP, all that this program asks: bounded in time, in length, in how often it is sent on and in how
//! much is asked of one host at once; and, unless that was allowed, never at an address inside our own networks, whatever
//! name it goes by. Proxies that the environment names are not used.
//!
//! Certificates are checked against the authorities that browsers trust, which are compiled in, so that the program
//! needs nothing of the system's.

mod guard;

use std::{
    error::Error,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
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
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tower::Service;

use crate::dependencies::{Dependencies, NotAsked, Outcome};

pub use guard::is_public;

/// How often an answer may send us elsewhere.
const REDIRECTS: usize = 3;
/// Connections that are kept open to a host.
const IDLE: usize = 4;
/// How long it may take to be connected at all.
const CONNECTING: Duration = Duration::from_secs(10);

/// Where questions may go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Anywhere: the address was set by whoever runs the installation.
    Anywhere,
    /// To the public net alone: the address was entered by somebody.
    Public,
}

/// Asks others. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector<Guarded>>, Full<Bytes>>,
    reach: Reach,
    dependencies: Dependencies,
}

/// What one question may cost.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// How long it may take, to the last byte of the answer.
    pub timeout: Duration,
    /// The longest answer, in bytes.
    pub length: usize,
}

/// Why there is no answer. For the operator: it names addresses.
#[derive(Debug, thiserror::Error)]
pub enum OutboundError {
    /// The address is none, or leads where we do not go: what is wrong with it.
    #[error("the address {0}")]
    Address(String),
    /// It was not even asked.
    #[error("{address}: {cause}")]
    NotAsked {
        /// Who was to be asked.
        address: String,
        /// Why it was not.
        cause: NotAsked,
    },
    /// Nobody there, or a certificate that is not trusted.
    #[error("{address} cannot be reached: {cause}")]
    Unreachable {
        /// Who was asked.
        address: String,
        /// What was met.
        cause: String,
    },
    /// It took too long.
    #[error("{0} did not answer in time")]
    Late(String),
    /// An answer, but not the one asked for.
    #[error("{address} answered {status}")]
    Status {
        /// Who was asked.
        address: String,
        /// What they said.
        status: StatusCode,
    },
    /// The answer is longer than it may be.
    #[error("the answer of {address} is longer than {limit} bytes")]
    TooLong {
        /// Who was asked.
        address: String,
        /// What was allowed.
        limit: usize,
    },
    /// The answer ended before it was whole.
    #[error("the answer of {address} broke off: {cause}")]
    BrokeOff {
        /// Who was asked.
        address: String,
        /// What was met.
        cause: String,
    },
    /// It sent us round and round, away from HTTPS, or nowhere.
    #[error("{0} sends us on to where we do not follow")]
    Redirected(String),
}

impl OutboundError {
    /// What it says of the one who was asked, in words without an address.
    fn outcome(&self) -> Outcome {
        match self {
            Self::Unreachable { .. } => Outcome::Failed("it cannot be reached"),
            Self::Late(_) => Outcome::Failed("it did not answer in time"),
            Self::BrokeOff { .. } => Outcome::Failed("its answer broke off"),
            Self::Status { status, .. } if status.is_server_error() => {
                Outcome::Failed("it answered that something is wrong with it")
            }
            Self::Address(_)
            | Self::NotAsked { .. }
            | Self::Status { .. }
            | Self::TooLong { .. }
            | Self::Redirected(_) => Outcome::Answered,
        }
    }
}

impl Outbound {
    /// Nobody asked yet. What becomes of it is noted in `dependencies`.
    pub fn new(reach: Reach, dependencies: &Dependencies) -> Self {
        let guarded = Guarded { resolver: GaiResolver::new(), reach };
        let mut plain = HttpConnector::new_with_resolver(guarded);
        plain.enforce_http(false);
        plain.set_connect_timeout(Some(CONNECTING));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(crate::tls::client_config())
            .https_or_http()
            .enable_http1()
            .wrap_connector(plain);
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE).build(connector);
        Self { client, reach, dependencies: dependencies.clone() }
    }

    /// Those who are asked, and how they do.
    pub const fn dependencies(&self) -> &Dependencies {
        &self.dependencies
    }

    /// The answer to one request, whatever it says: its head, and its body as far as `bounds` allow. It is not sent on
    /// elsewhere. Whoever asks many things of one host looks first whether it [rests](Dependencies::rests).
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn send(
        &self,
        request: Request<Full<Bytes>>,
        bounds: Bounds,
    ) -> Result<(http::response::Parts, Bytes), OutboundError> {
        let address = request.uri().to_string();
        let place = check_address(&address, self.reach).map_err(OutboundError::Address)?;
        let asked = async {
            let response = self.carry(request, &place).await?;
            let (parts, body) = response.into_parts();
            // Whoever answers at length has answered all the same.
            let body = Limited::new(body, bounds.length).collect().await.map(|all| all.to_bytes());
            Ok((parts, body.unwrap_or_default()))
        };
        let judge = |done: &Result<(http::response::Parts, Bytes), OutboundError>| match done {
            Ok((parts, _)) if parts.status.is_server_error() => {
                Outcome::Failed("it answered that something is wrong with it")
            }
            Ok(_) => Outcome::Answered,
            Err(error) => error.outcome(),
        };
        let timed = in_time(&address, bounds, asked);
        let done = self.dependencies.ask_anyway(&host(&place), timed, judge).await;
        done.unwrap_or_else(|cause| Err(OutboundError::NotAsked { address, cause }))
    }

    /// Asks a host that does not rest, when it is its turn.
    async fn ask_host<T>(
        &self,
        place: &Uri,
        bounds: Bounds,
        work: impl Future<Output = Result<T, OutboundError>>,
    ) -> Result<T, OutboundError> {
        let judge = |done: &Result<T, OutboundError>| match done {
            Ok(_) => Outcome::Answered,
            Err(error) => error.outcome(),
        };
        let address = place.to_string();
        let timed = in_time(&address, bounds, work);
        let name = host(place);
        let asked = self.dependencies.ask(&name, timed, judge);
        // Others may be before us.
        match tokio::time::timeout(bounds.timeout, asked).await {
            Ok(Ok(done)) => done,
            Ok(Err(cause)) => Err(OutboundError::NotAsked { address, cause }),
            Err(_) => Err(OutboundError::Late(address)),
        }
    }

    /// The whole body of a successful answer.
    ///
    /// # Errors
    /// [`OutboundError`]. Half an answer is none.
    pub async fn get(&self, address: &str, bounds: Bounds) -> Result<Bytes, OutboundError> {
        let place = check_address(address, self.reach).map_err(OutboundError::Address)?;
        self.ask_host(&place, bounds, self.follow(place.clone(), bounds.length)).await
    }

    async fn follow(&self, mut place: Uri, limit: usize) -> Result<Bytes, OutboundError> {
        let address = place.to_string();
        for _ in 0..=REDIRECTS {
            let response = self.carry(Request::new(Full::default()), &place).await?;
            let status = response.status();
            if status.is_success() {
                return whole(response, &place, limit).await;
            }
            if !status.is_redirection() {
                return Err(OutboundError::Status { address: place.to_string(), status });
            }
            let next = onward(&place, response.headers())
                .ok_or_else(|| OutboundError::Redirected(place.to_string()))?;
            // Where it sends us is looked at as what we were given.
            place = check_address(&next.to_string(), self.reach).map_err(OutboundError::Address)?;
        }
        Err(OutboundError::Redirected(address))
    }

    /// The whole body of the answer to a form, and its status, whatever that is: what is refused is told in it, too.
    /// `basic` is sent as the name and the password of whoever asks. It is not sent on elsewhere.
    ///
    /// # Errors
    /// [`OutboundError`].
    pub async fn post_form(
        &self,
        address: &str,
        fields: &[(&str, &str)],
        basic: Option<(&str, &str)>,
        bounds: Bounds,
    ) -> Result<(StatusCode, Bytes), OutboundError> {
        let place = check_address(address, self.reach).map_err(OutboundError::Address)?;
        let pairs: Vec<String> =
            fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mut request = Request::new(Full::from(pairs.join("&")));
        *request.method_mut() = http::Method::POST;
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(header::CONTENT_TYPE, form);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some((name, password)) = basic {
            // RFC 6749, 2.3.1: both are encoded as in a form before they are joined.
            let joined = STANDARD.encode(format!("{}:{}", encoded(name), encoded(password)));
            let mut value = HeaderValue::try_from(format!("Basic {joined}"))
                .map_err(|_| OutboundError::Address(address.to_owned()))?;
            value.set_sensitive(true);
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let asked = async {
            let response = self.carry(request, &place).await?;
            let status = response.status();
            Ok((status, whole(response, &place, bounds.length).await?))
        };
        self.ask_host(&place, bounds, asked).await
    }

    async fn carry(
        &self,
        mut request: Request<Full<Bytes>>,
        place: &Uri,
    ) -> Result<Response<Incoming>, OutboundError> {
        *request.uri_mut() = place.clone();
        let agent = HeaderValue::from_static(concat!("Perennial/", env!("CARGO_PKG_VERSION")));
        request.headers_mut().insert(header::USER_AGENT, agent);
        self.client.request(request).await.map_err(|error| OutboundError::Unreachable {
            address: place.to_string(),
            cause: reasons(&error),
        })
    }
}

/// As forms and addresses have it: everything but letters and digits as `%XX`.
pub fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

async fn in_time<T>(
    address: &str,
    bounds: Bounds,
    work: impl Future<Output = Result<T, OutboundError>>,
) -> Result<T, OutboundError> {
    let done = tokio::time::timeout(bounds.timeout, work).await;
    done.unwrap_or_else(|_| Err(OutboundError::Late(address.to_owned())))
}

/// What a place is known by among those that are asked: its host, and its port where that is said.
pub fn host(place: &Uri) -> String {
    let host = place.host().unwrap_or_default().to_lowercase();
    place.port_u16().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
}

/// An address that may be asked, or what is wrong with it. What its name leads to is looked at when it is asked.
///
/// # Errors
/// In words that go on after the address, or the name of its field.
pub fn check_address(text: &str, reach: Reach) -> Result<Uri, String> {
    let place: Uri =
        text.parse().map_err(|_| "must be an address such as https://example.org/".to_owned())?;
    let host = place.host().unwrap_or_default().trim_matches(['[', ']']);
    if !is_web(&place) || host.is_empty() {
        return Err("must be an address that begins with https:// or http://".into());
    }
    if place.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Err("must not hold a user name".into());
    }
    match host.parse() {
        Ok(address) if reach == Reach::Public && !is_public(address) => Err(INSIDE.into()),
        _ => Ok(place),
    }
}

/// What is said of an address inside.
const INSIDE: &str = "leads into a private network, which whoever runs this Perennial has not allowed (notifications.private_addresses)";

/// Looks names up, and forgets those of their addresses that are out of reach. What is connected to is what was looked at.
#[derive(Debug, Clone)]
struct Guarded {
    resolver: GaiResolver,
    reach: Reach,
}

impl Service<Name> for Guarded {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Box<dyn Error + Send + Sync>;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Service::poll_ready(&mut self.resolver, context).map_err(Into::into)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let (found, reach) = (self.resolver.call(name), self.reach);
        Box::pin(async move {
            let all: Vec<SocketAddr> = found.await?.collect();
            let some = !all.is_empty();
            let within = |each: &SocketAddr| reach == Reach::Anywhere || is_public(each.ip());
            let allowed: Vec<_> = all.into_iter().filter(within).collect();
            if some && allowed.is_empty() { Err(INSIDE.into()) } else { Ok(allowed.into_iter()) }
        })
    }
}

fn is_web(place: &Uri) -> bool {
    place.authority().is_some() && matches!(place.scheme_str(), Some("http" | "https"))
}

/// Where an answer sends us. Never from HTTPS to HTTP: what was asked for in private stays private.
fn onward(place: &Uri, headers: &HeaderMap) -> Option<Uri> {
    let told = headers.get(header::LOCATION)?.to_str().ok()?;
    let next = match told.strip_prefix('/') {
        Some(rest) if !rest.starts_with('/') => {
            let mut parts = place.clone().into_parts();
            parts.path_and_query = Some(told.parse().ok()?);
            Uri::from_parts(parts).ok()?
        }
        _ => told.parse().ok()?,
    };
    let downgraded = place.scheme_str() == Some("https") && next.scheme_str() != Some("https");
    (is_web(&next) && !downgraded).then_some(next)
}

async fn whole(response: Response<Incoming>, place: &Uri, limit: usize) -> Result<Bytes, OutboundError> {
    match Limited::new(response.into_body(), limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<http_body_util::LengthLimitError>() => {
            Err(OutboundError::TooLong { address: place.to_string(), limit })
        }
        Err(error) => Err(OutboundError::BrokeOff { address: place.to_string(), cause: reasons(&*error) }),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn sent_on(from: &str, to: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, HeaderValue::from_str(to).unwrap());
        onward(&from.parse().unwrap(), &headers).map(|place| place.to_string())
    }

    #[test]
    fn we_are_sent_on_within_the_web_and_never_out_of_https() {
        for (from, to, expected) in [
            ("http://a.example/x", "https://b.example/y", Some("https://b.example/y")),
            ("https://a.example/x?q=1", "/y?z=2", Some("https://a.example/y?z=2")),
            ("https://a.example/x", "http://a.example/x", None),
            ("https://a.example/x", "//b.example/y", None),
            ("https://a.example/x", "file:///etc/passwd", None),
            ("https://a.example/x", "y", None),
            ("http://a.example/x", "", None),
        ] {
            assert_eq!(sent_on(from, to).as_deref(), expected, "{from} → {to}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_asked() {
        for address in ["", "/x", "a.example/x", "ftp://a.example/x", "http://", "http://a b/"] {
            assert!(check_address(address, Reach::Anywhere).is_err(), "{address}");
        }
        let bank = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml";
        assert!(check_address(bank, Reach::Public).is_ok());
        assert_eq!(host(&bank.parse().unwrap()), "www.ecb.europa.eu");
        assert_eq!(host(&"http://[::1]:8080/x".parse().unwrap()), "[::1]:8080");
    }
}

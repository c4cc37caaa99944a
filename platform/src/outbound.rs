//! Asking others by HTTP: bounded in time, in length and in how often it is sent on.
//!
//! Certificates are checked against the authorities that browsers trust, which are compiled in, so that the program
//! needs nothing of the system's.

use std::{error::Error, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// How often an answer may send us elsewhere.
const REDIRECTS: usize = 3;
/// Connections that are kept open to a host.
const IDLE: usize = 2;

/// Asks others. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Outbound {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
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
    /// The address is none.
    #[error("{0} is no address that begins with http:// or https://")]
    Address(String),
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

impl Default for Outbound {
    fn default() -> Self {
        Self::new()
    }
}

impl Outbound {
    /// Nobody asked yet.
    pub fn new() -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(crate::tls::client_config())
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new()).pool_max_idle_per_host(IDLE).build(connector);
        Self { client }
    }

    /// The whole body of a successful answer.
    ///
    /// # Errors
    /// [`OutboundError`]. Half an answer is none.
    pub async fn get(&self, address: &str, bounds: Bounds) -> Result<Bytes, OutboundError> {
        let answer = tokio::time::timeout(bounds.timeout, self.follow(address, bounds.length)).await;
        answer.unwrap_or_else(|_| Err(OutboundError::Late(address.to_owned())))
    }

    async fn follow(&self, address: &str, limit: usize) -> Result<Bytes, OutboundError> {
        let mut place = absolute(address)?;
        for _ in 0..=REDIRECTS {
            let response = self.ask(&place).await?;
            let status = response.status();
            if status.is_success() {
                return whole(response, &place, limit).await;
            }
            if !status.is_redirection() {
                return Err(OutboundError::Status { address: place.to_string(), status });
            }
            place = onward(&place, response.headers())
                .ok_or_else(|| OutboundError::Redirected(place.to_string()))?;
        }
        Err(OutboundError::Redirected(address.to_owned()))
    }

    async fn ask(&self, place: &Uri) -> Result<Response<Incoming>, OutboundError> {
        self.send(Request::new(Full::default()), place).await
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
        let place = absolute(address)?;
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
            let response = self.send(request, &place).await?;
            let status = response.status();
            Ok((status, whole(response, &place, bounds.length).await?))
        };
        let answer = tokio::time::timeout(bounds.timeout, asked).await;
        answer.unwrap_or_else(|_| Err(OutboundError::Late(address.to_owned())))
    }

    async fn send(
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

fn absolute(address: &str) -> Result<Uri, OutboundError> {
    let read = address.parse::<Uri>().ok();
    read.filter(is_web).ok_or_else(|| OutboundError::Address(address.to_owned()))
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
            assert!(matches!(absolute(address), Err(OutboundError::Address(_))), "{address}");
        }
        assert!(absolute("https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml").is_ok());
    }
}

//! Which other sites may use the API from a browser (cross-origin resource sharing). Nobody's cookie goes along: under
//! `/v1/` a token counts and nothing else, and a page of another site has to hold one itself.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};

use crate::settings::{Setting, TomlValue};

/// Sites, each as browsers name them: `https://app.example.org`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origins(Vec<HeaderValue>);

impl Origins {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Setting for Origins {
    fn read(value: &TomlValue) -> Result<Self, String> {
        let text = value
            .as_str()
            .ok_or("must be sites such as https://app.example.org, with commas between them")?;
        let written = text.split(',').map(str::trim).filter(|each| !each.is_empty());
        let read = written.map(|each| {
            origin(each).ok_or_else(|| format!("{each} is no site such as https://app.example.org"))
        });
        read.collect::<Result<_, _>>().map(Self)
    }

    fn show(&self) -> String {
        let shown: Vec<&str> = self.0.iter().filter_map(|each| each.to_str().ok()).collect();
        format!("\"{}\"", shown.join(", "))
    }
}

/// A site and nothing more: what browsers send has no path, no name and small letters.
fn origin(text: &str) -> Option<HeaderValue> {
    let place: Uri = text.parse().ok()?;
    let (scheme, authority) = (place.scheme_str()?, place.authority()?.as_str());
    let plain = matches!(scheme, "http" | "https") && !authority.contains('@');
    let same = format!("{scheme}://{authority}") == text && text == text.to_ascii_lowercase();
    (plain && same).then(|| HeaderValue::from_str(text).ok()).flatten()
}

const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
const SENT: HeaderValue = HeaderValue::from_static(
    "authorization, content-type, if-match, if-none-match, last-event-id, perennial-household, perennial-timeout, \
     traceparent, x-request-id",
);
const SEEN: HeaderValue =
    HeaderValue::from_static("etag, location, ratelimit, ratelimit-policy, retry-after, x-request-id");
/// How many seconds a browser need not ask again what may be sent.
const KNOWN_FOR: HeaderValue = HeaderValue::from_static("7200");

/// Answers browsers that ask what another site may send, and says in every answer of the API who may read it.
pub async fn cors(State(origins): State<Arc<Origins>>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with("/v1/") {
        return next.run(request).await;
    }
    let said = request.headers().get(header::ORIGIN);
    let allowed = said.filter(|origin| origins.0.contains(origin)).cloned();
    let asks_first = request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = match &allowed {
        Some(_) if asks_first => StatusCode::NO_CONTENT.into_response(),
        Some(_) | None => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = allowed {
        allow(headers, origin, asks_first);
    }
    response
}

fn allow(headers: &mut HeaderMap, origin: HeaderValue, asks_first: bool) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    if asks_first {
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, SENT);
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, KNOWN_FOR);
    } else {
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, SEEN);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_as_browsers_name_it() {
        let read = |text: &str| Origins::read(&TomlValue::String(text.into()));
        let right = read("https://app.example.org, http://localhost:3000").unwrap();
        assert_eq!(right.show(), "\"https://app.example.org, http://localhost:3000\"");
        assert!(read("").unwrap().is_empty());
        for wrong in [
            "*",
            "app.example.org",
            "https://app.example.org/",
            "https://App.example.org",
            "null",
            "file:///x",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

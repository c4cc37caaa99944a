//! Forms of other sites are not taken (cross-site request forgery).
//!
//! Browsers say where a request comes from, in `Sec-Fetch-Site` and in `Origin`; a page cannot make them lie. A
//! request that says neither does not come from a browser that holds somebody's cookie.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, Method, header};
use platform::http::Problem;

pub(crate) async fn check(request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if reads || comes_from_here(request.headers()) {
        next.run(request).await
    } else {
        Problem::forbidden("This form was sent from another site. Open Perennial itself and try again.")
            .into_response()
    }
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN.as_str()) {
        None => true,
        Some(origin) => {
            let host = origin.split_once("://").map(|(_, host)| host);
            host.is_some() && host == text(header::HOST.as_str())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from_here(headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        comes_from_here(&map)
    }

    #[test]
    fn only_our_own_forms_are_taken() {
        assert!(from_here(&[("sec-fetch-site", "same-origin")]));
        assert!(from_here(&[("sec-fetch-site", "none")]));
        assert!(from_here(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")]));
        assert!(from_here(&[("host", "127.0.0.1:8080")]));
        assert!(!from_here(&[("sec-fetch-site", "cross-site"), ("origin", "http://a"), ("host", "a")]));
        assert!(!from_here(&[("sec-fetch-site", "same-site")]));
        assert!(!from_here(&[("origin", "https://evil.example"), ("host", "127.0.0.1:8080")]));
        assert!(!from_here(&[("origin", "null"), ("host", "127.0.0.1:8080")]));
    }
}

//! What could not be done, as a page: for people in a browser, outside the API.

use askama::Template;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    middleware::Next,
    response::Response,
};
use contracts::auth::COOKIE;
use http::{HeaderValue, Method, StatusCode, header};
use platform::{context, http::read_cookie};
use serde_json::Value;
use web::{Manner, Shell};

/// The longest problem that is looked into; ours are a few hundred bytes.
const LONGEST: usize = 64 * 1024;

#[derive(Template)]
#[template(path = "problem.html")]
struct SignedOut {
    shell: Shell,
    told: Told,
}

#[derive(Template)]
#[template(path = "problem_signed_in.html")]
struct SignedIn {
    shell: Shell,
    told: Told,
}

/// What the page says.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    title: String,
    detail: String,
    request_id: String,
    icon: &'static str,
    /// The page that may be there when it is asked for again.
    again: Option<String>,
}

/// What is known of the request when its answer is a problem.
struct Asked {
    path: String,
    looked_at: bool,
    has_cookie: bool,
}

/// Shows problems as pages where a browser asks for one.
pub(crate) async fn show(request: Request, next: Next) -> Response {
    let asked = wants_page(&request).then(|| Asked {
        path: request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        looked_at: matches!(*request.method(), Method::GET | Method::HEAD),
        has_cookie: signed_in(&request),
    });
    let response = next.run(request).await;
    match asked {
        Some(asked) if is_problem(&response) => page(asked, response).await,
        _ => response,
    }
}

fn wants_page(request: &Request) -> bool {
    let path = request.uri().path();
    let accepts = request.headers().get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    let mut accepted = accepts.flat_map(|value| value.split(','));
    path != "/v1" && !path.starts_with("/v1/") && accepted.any(|kind| kind.trim().starts_with("text/html"))
}

/// Whether somebody seems to be signed in, which decides between two frames and nothing else.
fn signed_in(request: &Request) -> bool {
    [true, false].iter().any(|https| read_cookie(COOKIE, *https, request.headers()).is_some())
}

/// A problem document, or the bare refusal of a router or an extractor that knows no documents.
fn is_problem(response: &Response) -> bool {
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let bare = kind.is_none_or(|kind| kind.starts_with("text/plain"));
    let document = kind.is_some_and(|kind| kind.starts_with("application/problem+json"));
    refused && (document || bare) && !response.headers().contains_key(header::CONTENT_ENCODING)
}

async fn page(asked: Asked, response: Response) -> Response {
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, LONGEST).await.unwrap_or_default();
    let told = told(parts.status, &bytes, &asked);
    let shell = Shell::new(&told.title, Manner::of_nobody());
    let rendered =
        if asked.has_cookie { SignedIn { shell, told }.render() } else { SignedOut { shell, told }.render() };
    let (kind, body) = match rendered {
        Ok(html) => ("text/html; charset=utf-8", Body::from(html)),
        Err(error) => {
            tracing::error!(%error, "a problem could not be shown as a page");
            return Response::from_parts(parts, Body::from(bytes));
        }
    };
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    parts.headers.append(header::VARY, HeaderValue::from_static("accept"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, body)
}

fn told(status: StatusCode, document: &Bytes, asked: &Asked) -> Told {
    let document: Value = serde_json::from_slice(document).unwrap_or_default();
    let text = |member: &str| document[member].as_str().map(str::to_owned);
    let (title, detail) = words(status);
    let request_id = text("request_id").or_else(|| context::current(|context| context.request_id.clone()));
    let missing = status == StatusCode::NOT_FOUND;
    Told {
        title: title.map_or_else(|| text("title").unwrap_or_else(|| status.to_string()), str::to_owned),
        // What a page says of a missing address is more help than what a program is told.
        detail: text("detail").filter(|_| !missing).unwrap_or_else(|| detail.to_owned()),
        request_id: request_id.unwrap_or_default(),
        icon: if missing { "search" } else { "alert" },
        again: (asked.looked_at && status.is_server_error()).then(|| asked.path.clone()),
    }
}

/// What a page says of a status: the title, where the document's is written for programs, and what holds where no
/// document says more.
fn words(status: StatusCode) -> (Option<&'static str>, &'static str) {
    match status {
        StatusCode::NOT_FOUND => (
            Some("There is nothing here"),
            "The link may be old, or what it led to was deleted. Nothing else has changed.",
        ),
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            (Some("That could not be read"), "Go back, look it over and send it again. Nothing was changed.")
        }
        StatusCode::METHOD_NOT_ALLOWED => (
            Some("This page cannot be opened like that"),
            "Some addresses only take what a form sends to them. Begin at the start instead.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => {
            (Some("That was too much at once"), "Shorten it and send it again. Nothing was changed.")
        }
        status if status.is_server_error() => (None, "Nothing was lost; try again in a moment."),
        _ => (None, "Go back and try another way. Nothing was changed."),
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware, response::IntoResponse, routing::get};
    use platform::http::Problem;
    use tower::ServiceExt;

    use super::*;

    async fn answer(path: &str, accept: &str, cookie: bool) -> (StatusCode, String, String) {
        let router: Router = Router::new()
            .route("/away", get(async || Problem::unavailable("<b>شيء</b> is away.").retry_after(1)))
            .route("/form", axum::routing::post(async || ()))
            .route("/plain", get(async || (StatusCode::BAD_REQUEST, "Failed to deserialize")))
            .route("/fine", get(async || "text".into_response()))
            .fallback(async || Problem::not_found("There is nothing at this address."))
            .layer(middleware::from_fn(show));
        let mut request = Request::get(path).header(header::ACCEPT, accept);
        if cookie {
            request = request.header(header::COOKIE, "perennial=pcs_x");
        }
        let response = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let kind = response.headers().get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap().to_owned());
        let status = response.status();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        (status, kind.unwrap_or_default(), String::from_utf8(bytes.to_vec()).unwrap())
    }

    const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    #[tokio::test]
    async fn a_browser_gets_a_page_with_the_same_status() {
        for (path, status, title) in [
            ("/nowhere", 404, "There is nothing here"),
            ("/away", 503, "Not available right now"),
            ("/plain", 400, "That could not be read"),
            ("/form", 405, "This page cannot be opened like that"),
        ] {
            for cookie in [false, true] {
                let (got, kind, html) = answer(path, BROWSER, cookie).await;
                assert_eq!((got.as_u16(), kind.as_str()), (status, "text/html; charset=utf-8"), "{path}");
                assert!(html.contains(&format!("<h1>{title}</h1>")), "{html}");
                assert!(!html.contains("<b>") && !html.contains("Failed to deserialize"), "{html}");
                assert_eq!(html.contains("class=\"tabs\""), cookie, "{html}");
            }
        }
        let (.., html) = answer("/away?a=1&b=2", BROWSER, false).await;
        assert!(html.contains("&#60;b&#62;شيء") && html.contains("href=\"/away?a=1&#38;b=2\""), "{html}");
    }

    #[tokio::test]
    async fn programs_get_the_document() {
        for (path, accept) in
            [("/v1/nothing", BROWSER), ("/nowhere", "application/json"), ("/nowhere", "*/*")]
        {
            let (status, kind, _) = answer(path, accept, false).await;
            assert_eq!(
                (status.as_u16(), kind.as_str()),
                (404, "application/problem+json"),
                "{path} {accept}"
            );
        }
        assert_eq!(answer("/fine", BROWSER, false).await.2, "text");
    }
}

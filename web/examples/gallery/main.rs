//! Every kind of page with believable and awkward data, for looking at: `cargo run -p web --example gallery --
//! 4180`, then <http://127.0.0.1:4180/>.

use std::{env, error::Error, net::Ipv4Addr};

use axum::{
    Router,
    body::Bytes,
    extract::Path,
    http::{HeaderName, HeaderValue, header::CONTENT_SECURITY_POLICY},
    middleware::map_response,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tokio::net::TcpListener;

mod pages;

/// As strict as the product's: what passes here needs no exception there.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = env::args().nth(1).map_or(Ok(4180), |port| port.parse())?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let gallery = Router::new()
        .route("/", get(pages::index))
        .route("/{name}", get(show).post(async || Redirect::to("/dashboard")))
        .route("/add/reading", post(read))
        .merge(web::assets())
        .layer(map_response(guarded));
    Ok(axum::serve(listener, gallery).await?)
}

async fn show(Path(name): Path<String>) -> Response {
    match pages::PAGES.iter().find(|(known, _)| *known == name) {
        Some((_, render)) => render().into_response(),
        None => pages::problem().into_response(),
    }
}

async fn read(body: Bytes) -> Response {
    pages::reading(&String::from_utf8_lossy(&body)).into_response()
}

async fn guarded(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff"));
    response
}

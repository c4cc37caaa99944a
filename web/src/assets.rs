//! What the pages load: embedded in the program and served under an address that names the content.

use std::{fmt::Write as _, sync::LazyLock};

use axum::{
    Router,
    extract::Path,
    http::{
        StatusCode,
        header::{CACHE_CONTROL, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS},
    },
    response::{IntoResponse, Response},
    routing::get,
};
use sha2::{Digest, Sha256};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
    hash: String,
}

macro_rules! embedded {
    ($($name:literal as $content_type:literal,)*) => {
        [$(($name, $content_type, include_bytes!(concat!("../assets/", $name)).as_slice()),)*]
    };
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    embedded![
        "perennial.css" as "text/css; charset=utf-8",
        "perennial.js" as "text/javascript; charset=utf-8",
        "icons.svg" as "image/svg+xml",
        "favicon.svg" as "image/svg+xml",
        "touch-icon.png" as "image/png",
        "perennial.webmanifest" as "application/manifest+json",
        "service-worker.js" as "text/javascript; charset=utf-8",
    ]
    .into_iter()
    .map(|(name, content_type, bytes)| Asset { name, content_type, bytes, hash: hash(bytes) })
    .collect()
});

/// Sixteen digits: enough that no two versions of a file ever share an address.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Where an asset is: `/assets/{hash}/{name}`. A name that there is none of leads to a 404.
///
/// ```
/// assert!(web::asset_url("perennial.css").ends_with("/perennial.css"));
/// ```
pub fn asset_url(name: &str) -> String {
    let hash = find(name).map_or("none", |asset| asset.hash.as_str());
    format!("/assets/{hash}/{name}")
}

/// Serves the assets. Merge it at the root of the application.
pub fn assets<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/assets/{hash}/{name}", get(serve))
        // A worker sees what lies beneath its own address, and browsers look there whether there is another.
        .route(
            "/service-worker.js",
            get(async || serve(Path((String::new(), "service-worker.js".into()))).await),
        )
}

async fn serve(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(asset) = find(&name) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // While versions change, a page of the old one may ask the new one; what it gets must not be kept under
    // the old address. The manifest asks for its icons this way, too.
    let keep = if hash == asset.hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers =
        [(CONTENT_TYPE, asset.content_type), (CACHE_CONTROL, keep), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (headers, asset.bytes).into_response()
}

//! What events look like, for whoever reads them elsewhere: `/asyncapi.json`, and each schema under the address that
//! events name it by.

use std::{collections::HashMap, sync::Arc};

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use contracts::schemas;
use http::header;
use platform::http::Problem;

/// The schemas as texts, by kind and version.
type Schemas = Arc<HashMap<(String, String), String>>;

pub(crate) fn routes() -> Router {
    let document: Arc<str> = format!("{:#}\n", schemas::asyncapi()).into();
    let text = |each: schemas::Described| {
        ((each.kind.to_owned(), each.version.to_string()), format!("{:#}\n", each.schema()))
    };
    let known: Schemas = Arc::new(schemas::events().into_iter().map(text).collect());
    Router::new().route("/schemas/{kind}/{version}", get(schema)).with_state(known).route(
        "/asyncapi.json",
        get(async move || ([(header::CONTENT_TYPE, "application/json")], document.to_string())),
    )
}

async fn schema(
    State(known): State<Schemas>,
    Path(which): Path<(String, String)>,
) -> Result<Response, Problem> {
    let text =
        known.get(&which).ok_or_else(|| Problem::not_found("There is no event of that name and version."))?;
    Ok(([(header::CONTENT_TYPE, "application/schema+json")], text.clone()).into_response())
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use http::{Request, StatusCode};
    use tower::ServiceExt;

    use super::*;

    async fn get(path: &str) -> (StatusCode, serde_json::Value) {
        let request = Request::builder().uri(path).body(Body::empty()).unwrap();
        let answer = routes().oneshot(request).await.unwrap();
        let status = answer.status();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    #[tokio::test]
    async fn every_event_says_truly_where_its_schema_is() {
        for each in schemas::events() {
            let (status, schema) = get(&each.address()).await;
            assert_eq!((status, &schema["$id"]), (StatusCode::OK, &each.address().into()));
        }
        let (status, document) = get("/asyncapi.json").await;
        assert_eq!((status, &document["asyncapi"]), (StatusCode::OK, &"3.0.0".into()));
        for path in ["/schemas/payment.paid/2", "/schemas/payment.paid/x", "/schemas/payment/1"] {
            assert_eq!(get(path).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }
}

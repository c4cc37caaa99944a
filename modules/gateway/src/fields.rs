//! `fields=`: an answer of the API with the members that are asked for and no others; of a list, its entries.
//!
//! Which members an answer has is read from the API's own document, so that one which does not exist is told at once.

use std::{collections::HashMap, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, Method, Uri, header};
use kernel::{Actor, Invalid};
use percent_encoding::percent_decode_str;
use platform::http::Problem;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi;

/// The most members that can be named.
const MOST: usize = 50;
/// How deep schemas refer to others.
const DEEPEST: usize = 8;
/// What a list is made of, beside its entries.
const CURSOR: &str = "next_cursor";

/// The members of what each route answers, by its path; in order.
pub(crate) struct Fields(HashMap<String, Vec<String>>);

impl Fields {
    /// As the document of the API describes them. That `fields` may be asked for is said once for all of it, and not as a
    /// parameter of each: a trimmed answer is not what its schema says.
    pub(crate) fn of(api: &OpenApi) -> Self {
        let document = serde_json::to_value(api).unwrap_or_default();
        let paths = document["paths"].as_object().cloned().unwrap_or_default();
        let of = paths.into_iter().filter_map(|(path, operations)| {
            // What anybody may ask is not trimmed.
            if operations["get"]["security"] == json!([{}]) {
                return None;
            }
            let schema = &operations["get"]["responses"]["200"]["content"]["application/json"]["schema"];
            let mut members = members(&document, schema, DEEPEST);
            members.sort_unstable();
            members.dedup();
            (!members.is_empty()).then_some((path, members))
        });
        Self(of.collect())
    }

    /// What is asked for of `route`: none, where all is.
    fn asked(&self, route: Option<&str>, uri: &Uri) -> Result<Option<Vec<String>>, Problem> {
        let pairs = uri.query().unwrap_or_default().split('&');
        let Some(text) = pairs.filter_map(|pair| pair.strip_prefix("fields=")).next() else {
            return Ok(None);
        };
        let wrong = |detail: String| Err(Invalid::field("/fields", detail).into());
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        let named: Vec<String> =
            decoded.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
        let Some(known) = route.and_then(|route| self.0.get(route)) else {
            return wrong("cannot be chosen here: the answer has no members".into());
        };
        if named.is_empty() || named.len() > MOST {
            return wrong(format!("must name 1 to {MOST} members: {}", known.join(", ")));
        }
        match named.iter().find(|name| known.binary_search(name).is_err()) {
            Some(_) => wrong(format!("must be some of {}", known.join(", "))),
            None => Ok(Some(named)),
        }
    }
}

/// The members of what a schema describes; of a page of a list, those of an entry.
fn members(document: &Value, schema: &Value, depth: usize) -> Vec<String> {
    if depth == 0 {
        return Vec::new();
    }
    if let Some(name) = schema["$ref"].as_str().and_then(|name| name.strip_prefix("#/components/schemas/")) {
        return members(document, &document["components"]["schemas"][name], depth - 1);
    }
    let properties = schema["properties"].as_object();
    if let Some(properties) = properties
        && properties.contains_key(CURSOR)
        && let Some(entries) = properties.get("data")
    {
        return members(document, &entries["items"], depth - 1);
    }
    let own = properties.into_iter().flat_map(Map::keys).cloned();
    let parts = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|kind| schema[kind].as_array()).flatten();
    own.chain(parts.flat_map(|part| members(document, part, depth - 1))).collect()
}

/// Trims an answer to what was asked for.
pub(crate) async fn trim(State(fields): State<Arc<Fields>>, request: Request, next: Next) -> Response {
    // Who is not known is told so first.
    let known = request.extensions().get::<Actor>().is_some();
    if !known || request.method() != Method::GET || request.uri().query().is_none() {
        return next.run(request).await;
    }
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    match fields.asked(route.as_deref(), request.uri()) {
        Ok(None) => next.run(request).await,
        Ok(Some(named)) => trimmed(next.run(request).await, &named).await,
        Err(problem) => problem.into_response(),
    }
}

async fn trimmed(response: Response, named: &[String]) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if !response.status().is_success() || kind != Some(b"application/json") {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return Problem::internal("The answer could not be put together.").into_response();
    };
    let Ok(mut whole) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let keep = |entry: &mut Value| {
        if let Some(entry) = entry.as_object_mut() {
            entry.retain(|name, _| named.iter().any(|wanted| wanted == name));
        }
    };
    match whole.as_object_mut() {
        Some(page) if page.contains_key(CURSOR) => {
            let entries = page.get_mut("data").and_then(Value::as_array_mut);
            entries.into_iter().flatten().for_each(keep);
        }
        Some(_) | None => keep(&mut whole),
    }
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(whole.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields() -> Fields {
        let page = json!({"properties": {"data": {"items": {"$ref": "#/components/schemas/Thing"}}, "next_cursor": {}}});
        let thing = json!({"allOf": [{"properties": {"id": {}, "name": {}}}, {"$ref": "#/components/schemas/Price"}]});
        let document = json!({"components": {"schemas": {
            "Thing": thing, "Price": {"properties": {"amount": {}}}, "Page": page,
            "Loop": {"$ref": "#/components/schemas/Loop"},
        }}});
        let of = |name: &str| {
            let schema = json!({"$ref": format!("#/components/schemas/{name}")});
            let mut members = members(&document, &schema, DEEPEST);
            members.sort_unstable();
            members
        };
        assert_eq!(of("Loop"), Vec::<String>::new());
        Fields(HashMap::from([("/list".to_owned(), of("Page")), ("/one".to_owned(), of("Thing"))]))
    }

    #[test]
    fn members_are_those_of_an_answer_or_of_its_entries() {
        let fields = fields();
        assert_eq!(fields.0["/one"], ["amount", "id", "name"]);
        assert_eq!(fields.0["/list"], fields.0["/one"]);
        let asked = |route, query: &str| fields.asked(Some(route), &format!("/x?{query}").parse().unwrap());
        assert_eq!(asked("/one", "limit=2").unwrap(), None);
        assert_eq!(asked("/one", "a=b&fields=id%2C%20name").unwrap().unwrap(), ["id", "name"]);
        for (route, query) in [("/one", "fields="), ("/one", "fields=id,nmae"), ("/stream", "fields=id")] {
            assert_eq!(asked(route, query).unwrap_err().status().as_u16(), 422, "{route} {query}");
        }
    }
}

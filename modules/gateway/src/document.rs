//! The API, described: `/openapi.json` for programs, `/docs` for people. Made from the types that serve it.

use std::{collections::HashSet, sync::Arc};

use axum::{
    Router,
    http::{Method, header},
    routing::get,
};
use kernel::CategoryId;
use utoipa::{
    OpenApi,
    openapi::{
        Content, Ref, RefOr, Response,
        path::{Operation, PathItem},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Perennial",
        description = "Keeps track of everything a household pays for again and again. A write of somebody who is logged in may bear an `Idempotency-Key`, a text of up to 255 visible characters that they choose for it: sent again with the same key within a day, it is not done again, and is answered as it was, with `Idempotency-Replayed: true`. Of an answer to GET, `fields=name,price` asks for some members alone; of a list, for those of its entries.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
    components(schemas(CategoryId)),
    security(("bearer" = [])),
    tags(
        (name = "auth", description = "Who you are."),
        (name = "users", description = "What you say of yourself."),
        (name = "subscriptions", description = "What is paid for again and again."),
        (name = "in and out", description = "Files that come in, and everything that goes out."),
        (name = "words", description = "Sentences and messages that become subscriptions."),
        (name = "administration", description = "Running an installation, for its administrators."),
    ),
)]
struct Described;

/// The head of the document, to which the modules' routes are merged.
pub fn describe() -> OpenApiRouter {
    let mut document = Described::openapi();
    let scheme = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token of `POST /v1/auth/login`."))
        .build();
    document.components.get_or_insert_default().add_security_scheme("bearer", SecurityScheme::Http(scheme));
    OpenApiRouter::with_openapi(document)
}

/// Says of every operation what the door itself may answer, so that clients know where it is not said each time.
pub(crate) fn with_answers_of_the_door(mut api: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for operation in api.paths.paths.values_mut().flat_map(writes) {
        // Nobody remembers the writes of those who are not known.
        if takes_key(operation) {
            add_answers(operation, &ANSWERS_TO_KEYS);
        }
    }
    for item in api.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.options,
            &mut item.head,
            &mut item.patch,
            &mut item.trace,
        ];
        for operation in operations.into_iter().flatten() {
            add_answers(operation, &ANSWERS);
            let takes_json = operation.request_body.as_ref().is_some_and(|body| match body {
                RefOr::T(body) => body.content.keys().any(|kind| kind.contains("json")),
                RefOr::Ref(_) => false,
            });
            if takes_json {
                add_answers(operation, &ANSWERS_TO_BODIES);
            }
            operation.responses.responses.values_mut().for_each(as_problem);
        }
    }
    api
}

fn writes(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// Whether a write can be sent again by a key: where somebody has to be logged in.
fn takes_key(operation: &Operation) -> bool {
    let nobody = SecurityRequirement::default();
    operation.security.as_ref().is_none_or(|ways| ways.iter().any(|way| *way != nobody))
}

/// The writes that can be: their methods and their paths.
pub(crate) fn repeatable(api: &utoipa::openapi::OpenApi) -> HashSet<(Method, String)> {
    let mut found = HashSet::new();
    for (path, item) in &api.paths.paths {
        let writes = [
            (Method::PUT, &item.put),
            (Method::POST, &item.post),
            (Method::DELETE, &item.delete),
            (Method::PATCH, &item.patch),
        ];
        let known = writes.into_iter().filter(|(_, write)| write.as_ref().is_some_and(takes_key));
        found.extend(known.map(|(method, _)| (method, path.clone())));
    }
    found
}

fn add_answers(operation: &mut Operation, answers: &[(&str, &str)]) {
    for (status, description) in answers {
        let problem = Content::new(Some(Ref::from_schema_name("Problem")));
        let answer =
            Response::builder().description(*description).content("application/problem+json", problem);
        operation.responses.responses.entry((*status).into()).or_insert_with(|| answer.build().into());
    }
}

/// Problems have a media type of their own.
fn as_problem(answer: &mut RefOr<Response>) {
    let RefOr::T(answer) = answer else { return };
    let problem = Ref::from_schema_name("Problem");
    let is_problem = answer.content.get(JSON).is_some_and(|content| match content {
        RefOr::T(content) => content.schema.as_ref() == Some(&problem.into()),
        RefOr::Ref(_) => false,
    });
    if is_problem && let Some(content) = answer.content.shift_remove(JSON) {
        answer.content.insert("application/problem+json".into(), content);
    }
}

const JSON: &str = "application/json";

const ANSWERS_TO_KEYS: [(&str, &str); 2] = [
    ("409", "The first request of the same `Idempotency-Key` is still being worked on."),
    ("422", "Something of the request is not valid, or its `Idempotency-Key` was used for another one."),
];

const ANSWERS_TO_BODIES: [(&str, &str); 3] = [
    ("400", "The body is no JSON, or did not arrive whole."),
    ("413", "The body is longer than is taken here."),
    ("415", "The body is of another type than JSON."),
];

const ANSWERS: [(&str, &str); 2] = [
    (
        "429",
        "Too many requests: `Retry-After` says when to come back, `RateLimit` and `RateLimit-Policy` what is allowed.",
    ),
    (
        "503",
        "More is asked than can be done, or what it needs does not answer: `Retry-After` says when to come back.",
    ),
];

/// The document as text.
pub fn document(api: &utoipa::openapi::OpenApi) -> String {
    // A document made of our own types always has a JSON form.
    api.to_pretty_json().unwrap_or_default()
}

pub(crate) fn routes(api: &utoipa::openapi::OpenApi) -> Router {
    let json: Arc<str> = document(api).into();
    let page: Arc<str> = page(api).into();
    Router::new()
        .route(
            "/openapi.json",
            get(async move || ([(header::CONTENT_TYPE, "application/json")], json.to_string())),
        )
        .route(
            "/docs",
            get(async move || ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page.to_string())),
        )
}

/// The document as a page: every operation with its words, its parameters, its bodies and its answers.
fn page(api: &utoipa::openapi::OpenApi) -> String {
    let tree = serde_json::to_value(api).unwrap_or_default();
    crate::docs_page::render(&tree)
}

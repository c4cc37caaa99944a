//! The API, described: `/openapi.json` for programs, `/docs` for people. Made from the types that serve it.

use std::sync::Arc;

use axum::{Router, http::header, routing::get};
use utoipa::{
    OpenApi,
    openapi::{
        Content, Ref, Response,
        path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem},
        schema::{ObjectBuilder, Type},
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::fields::Fields;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Perennial",
        description = "Keeps track of everything a household pays for again and again.",
        license(name = "AGPL-3.0-or-later", identifier = "AGPL-3.0-or-later"),
    ),
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
    Fields::of(&api).describe(&mut api);
    for operation in api.paths.paths.values_mut().flat_map(writes) {
        // Nobody remembers the writes of those who are not known.
        if operation
            .security
            .as_ref()
            .is_none_or(|ways| ways.iter().any(|way| *way != SecurityRequirement::default()))
        {
            operation.parameters.get_or_insert_default().push(idempotency_key().into());
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
            for (status, description) in ANSWERS {
                let problem = Content::new(Some(Ref::from_schema_name("Problem")));
                let answer =
                    Response::builder().description(description).content("application/problem+json", problem);
                operation.responses.responses.entry(status.into()).or_insert_with(|| answer.build().into());
            }
        }
    }
    api
}

fn writes(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.put, &mut item.post, &mut item.delete, &mut item.patch].into_iter().flatten()
}

/// By which a write is sent again without being done again.
fn idempotency_key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .description(Some("A text of your choice for this one write. Sent again with it within a day, it is not done again and answered as it was; 409 while it is being worked on, 422 with another request."))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .min_length(Some(1))
                .max_length(Some(255))
                .pattern(Some("^[!-~]+$")),
        ))
        .build()
}

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

//! `/v1/payments/{id}/documents…`

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use kernel::{DocumentId, PaymentId};
use platform::http::{Caller, Json, Page, PathOf, Problem, ProblemBody};
use serde::Serialize;

use crate::{
    Tracker,
    store::Document,
    upload::{self, Upload},
};

type Known = State<Arc<Tracker>>;

/// A file that is kept with a payment.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Document)]
pub(super) struct DocumentBody {
    id: DocumentId,
    payment_id: PaymentId,
    /// What it is called.
    name: String,
    /// What its content is: `application/pdf`, `image/png`, `image/jpeg` or `image/webp`.
    media_type: &'static str,
    /// In bytes.
    size: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl DocumentBody {
    fn new(document: &Document) -> Self {
        Self {
            id: document.id,
            payment_id: document.payment,
            name: document.name.to_string(),
            media_type: document.kind.media_type(),
            size: document.size,
            created_at: document.added_at,
        }
    }
}

/// A file to keep.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "it only describes the body")]
pub(super) struct NewDocument {
    /// A PDF, or an image in PNG, JPEG or WebP, of at most 10 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// The documents of a payment
#[utoipa::path(get, path = "/v1/payments/{id}/documents", tag = "payments",
    params(("id" = PaymentId, Path)),
    responses(
        (status = 200, description = "All of them; there are at most ten", body = Page<DocumentBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such payment", body = ProblemBody),
    ))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(payment): PathOf<PaymentId>,
) -> Result<Json<Page<DocumentBody>>, Problem> {
    let documents = tracker.documents(&actor, payment).await?;
    Ok(Json(Page { data: documents.iter().map(DocumentBody::new).collect(), next_cursor: None }))
}

/// Keep a document with a payment
#[utoipa::path(post, path = "/v1/payments/{id}/documents", tag = "payments",
    params(("id" = PaymentId, Path)),
    request_body(content = NewDocument, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "It is kept", body = DocumentBody,
            headers(("Location" = String, description = "Where it is"))),
        (status = 400, description = "It did not arrive whole", body = ProblemBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such payment", body = ProblemBody),
        (status = 409, description = "There is no room for more", body = ProblemBody),
        (status = 413, description = "It has more than 10 MB", body = ProblemBody),
        (status = 415, description = "The body is of another type", body = ProblemBody),
        (status = 422, description = "It is no PDF, PNG, JPEG or WebP", body = ProblemBody),
    ))]
pub(super) async fn attach(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(payment): PathOf<PaymentId>,
    file: Upload,
) -> Result<Response, Problem> {
    let document = tracker.attach(&actor, payment, &file.name, file.content).await?;
    let location = [(header::LOCATION, format!("/v1/payments/{payment}/documents/{}", document.id))];
    Ok((StatusCode::CREATED, location, Json(DocumentBody::new(&document))).into_response())
}

/// Download a document
#[utoipa::path(get, path = "/v1/payments/{id}/documents/{document_id}", tag = "payments",
    params(("id" = PaymentId, Path), ("document_id" = DocumentId, Path)),
    responses(
        (status = 200, description = "Its content, as an attachment", content(
            (Vec<u8> = "application/pdf"), (Vec<u8> = "image/png"), (Vec<u8> = "image/jpeg"),
            (Vec<u8> = "image/webp"))),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such document", body = ProblemBody),
    ))]
pub(super) async fn read(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf((payment, id)): PathOf<(PaymentId, DocumentId)>,
) -> Result<Response, Problem> {
    Ok(upload::download(tracker.document(&actor, payment, id).await?))
}

/// Take a document away
#[utoipa::path(delete, path = "/v1/payments/{id}/documents/{document_id}", tag = "payments",
    params(("id" = PaymentId, Path), ("document_id" = DocumentId, Path)),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such document", body = ProblemBody),
    ))]
pub(super) async fn remove(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf((payment, id)): PathOf<(PaymentId, DocumentId)>,
) -> Result<StatusCode, Problem> {
    tracker.detach(&actor, payment, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

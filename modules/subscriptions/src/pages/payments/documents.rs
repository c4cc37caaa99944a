//! The documents of a payment: a form that sends one, the download, and taking one away.

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{DocumentId, PaymentId};
use platform::http::{PathOf, Problem, Visitor};
use web::{Notice, Tone};

use super::{act::said, row, show::again};
use crate::{
    error::TrackerError,
    pages::Known,
    upload::{self, Upload},
};

pub(in crate::pages) async fn attach(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(payment): PathOf<PaymentId>,
    file: Result<Upload, Problem>,
) -> Result<Response, Problem> {
    let (status, text) = match file {
        Ok(file) => match tracker.attach(&actor, payment, &file.name, file.content).await {
            Ok(_) => {
                let page = format!("{}?done=document-added", row::href(payment));
                return Ok(Redirect::to(&page).into_response());
            }
            Err(TrackerError::Invalid(invalid)) => (StatusCode::UNPROCESSABLE_ENTITY, said(&invalid)),
            Err(TrackerError::Full(sentence)) => (StatusCode::CONFLICT, sentence),
            Err(error @ TrackerError::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, error.to_string()),
            Err(error) => return Err(error.into()),
        },
        Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => {
            (problem.status(), "Choose a file first: a PDF or an image of at most 10 MB.".to_owned())
        }
        Err(problem) => (problem.status(), problem.detail().to_owned()),
    };
    again(&tracker, &actor, payment, status, Some(Notice::new(Tone::Bad, text)), None).await
}

pub(in crate::pages) async fn read(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf((payment, id)): PathOf<(PaymentId, DocumentId)>,
) -> Result<Response, Problem> {
    Ok(upload::download(tracker.document(&actor, payment, id).await?))
}

pub(in crate::pages) async fn remove(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf((payment, id)): PathOf<(PaymentId, DocumentId)>,
) -> Result<Response, Problem> {
    tracker.detach(&actor, payment, id).await?;
    Ok(Redirect::to(&format!("{}?done=document-removed", row::href(payment))).into_response())
}

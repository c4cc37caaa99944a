//! `/v1/imports…`

use std::collections::BTreeSet;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, civil::Date};
use kernel::{CycleText, ImportId, Money, PaymentId, SubscriptionId};
use platform::http::{
    Caller, IfMatch, IfNoneMatch, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query,
};
use serde::{Deserialize, Serialize};

use super::{Known, bodies::nullable_date};
use crate::{
    domain::import::{Action, Import, ImportStatus, Item, Kind, Options, Question, Remark, Shape, Shown},
    sent::Sent,
    service::import_etag,
    store::ImportRow,
};

/// Where files are sent.
pub(crate) const IMPORTS: &str = "/v1/imports";

/// An import.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Import)]
pub(crate) struct ImportBody {
    id: ImportId,
    /// How far it has come: `asking` while questions are open, `ready`, `applied`, `undone`.
    status: ImportStatus,
    /// What the file turned out to be, by its content.
    kind: Kind,
    /// What it was called; only to be shown.
    file_name: String,
    /// Its length in bytes.
    size: i64,
    /// How it is read.
    options: Options,
    /// What has to be said before it can be applied, each with the member of the options that says it.
    questions: Vec<Question>,
    /// What is doubtful about the file.
    remarks: Vec<Remark>,
    /// Where it is a table: its headings, its first rows, and what each column is taken to hold.
    table: Option<Shape>,
    /// How many items there are of each action; the items themselves are a list of their own.
    counts: Counts,
    /// How many lines of a statement were looked at.
    lines: u32,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    /// When it is forgotten, and with it the way back.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// How many items there are of each action.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportCounts)]
struct Counts {
    create: usize,
    duplicate: usize,
    confirm: usize,
    error: usize,
}

impl ImportBody {
    fn new(import: Import) -> Self {
        let count = |action| import.plan.items.iter().filter(|item| item.action == action).count();
        Self {
            id: import.id,
            status: import.status,
            kind: import.kind,
            file_name: import.file_name,
            size: import.size,
            options: import.options,
            questions: import.notes.questions,
            remarks: import.notes.remarks,
            table: import.notes.shape,
            counts: Counts {
                create: count(Action::Create),
                duplicate: count(Action::Duplicate),
                confirm: count(Action::Confirm),
                error: count(Action::Error),
            },
            lines: import.plan.lines,
            created_at: import.created_at,
            updated_at: import.updated_at,
            expires_at: import.expires_at,
        }
    }
}

/// An import as the list shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportSummary)]
pub(crate) struct ImportRowBody {
    id: ImportId,
    status: ImportStatus,
    kind: Kind,
    file_name: String,
    size: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

impl From<ImportRow> for ImportRowBody {
    fn from(row: ImportRow) -> Self {
        Self {
            id: row.id,
            status: row.status,
            kind: row.kind,
            file_name: row.file_name,
            size: row.size,
            created_at: row.created_at,
            expires_at: row.expires_at,
        }
    }
}

/// One thing that the file tells of, and what becomes or became of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ImportItem)]
pub(crate) struct ItemBody {
    /// Its number in this import.
    number: u32,
    /// The line, or the number in its list, at which it stands.
    line: u32,
    action: Action,
    /// Whether it is done where nothing is chosen.
    chosen: bool,
    name: String,
    price: Option<Money>,
    /// How often; `null` where it was bought once, or could not be read.
    cycle: Option<CycleText>,
    #[schema(schema_with = nullable_date)]
    first_charge_on: Option<Date>,
    /// How sure a finding is, of a hundred.
    confidence: Option<u8>,
    /// What it seems to be already, what it pays, or what became of it.
    subscription_id: Option<SubscriptionId>,
    /// The payment that it confirms.
    payment_id: Option<PaymentId>,
    /// How many payments come with it, as far as that is known beforehand.
    payments: u32,
    /// The lines of the statement that show it, the newest at most 24.
    lines: Vec<Shown>,
    /// What there is to know; what is wrong with it, where nothing can be made of it.
    remarks: Vec<String>,
    /// What came of it: `created`, `confirmed`, `undone` or `kept`; `null` while nothing has.
    outcome: Option<&'static str>,
    /// Why it was kept when the import was undone.
    kept_because: Option<String>,
}

impl ItemBody {
    fn new(import: &Import, item: &Item) -> Self {
        let done = import.done(item.number);
        let undone = import.status == ImportStatus::Undone;
        let outcome = done.map(|done| match (undone, &done.kept) {
            (true, None) => "undone",
            (true, Some(_)) => "kept",
            (false, _) if done.made.is_confirmation() => "confirmed",
            (false, _) => "created",
        });
        let made = done.and_then(|done| done.made.subscription());
        Self {
            number: item.number,
            line: item.line,
            action: item.action,
            chosen: item.chosen,
            name: item.name.clone(),
            price: item.price,
            cycle: item.cycle.clone(),
            first_charge_on: item.first_charge_on,
            confidence: item.confidence,
            subscription_id: made.or(item.subscription),
            payment_id: item.payment,
            payments: item.payments,
            lines: item.lines.clone(),
            remarks: item.remarks.clone(),
            outcome,
            kept_because: done.and_then(|done| done.kept.clone()),
        }
    }
}

/// Which items to apply.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApplyBody {
    /// Their numbers; those that are proposed (`chosen`) when left out.
    #[schema(max_items = 10000)]
    items: Option<BTreeSet<u32>>,
}

fn one(import: Import) -> (platform::http::ETag, Json<ImportBody>) {
    (import_etag(&import), Json(ImportBody::new(import)))
}

/// Send a file to be imported; nothing is changed yet
///
/// The body is the file itself, or a form whose part `file` is it. What it is, its content says: an export of Perennial,
/// of Wallos or of Subtrackr, a table (CSV), or a bank statement as CSV, OFX, MT940 or CAMT.053. At most 20 MB and
/// 200,000 lines.
#[utoipa::path(post, path = "/v1/imports", tag = "in and out",
    params(("name" = Option<String>, Query, description = "What the file is called; only to be shown.")),
    request_body(content = String, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "It was read, and this would come of it", body = ImportBody,
            headers(("Location" = String, description = "Where it is"))),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 413, description = "It is longer than 20 MB", body = ProblemBody),
        (status = 422, description = "Nothing can be made of the file", body = ProblemBody),
    ))]
pub(super) async fn receive(
    State(tracker): Known,
    Caller(actor): Caller,
    Sent(received): Sent,
) -> Result<Response, Problem> {
    let import = tracker.receive(&actor, received, Options::default()).await?;
    let location = [(header::LOCATION, format!("{IMPORTS}/{}", import.id))];
    Ok((StatusCode::CREATED, location, one(import)).into_response())
}

/// List your imports, the newest first
#[utoipa::path(get, path = "/v1/imports", tag = "in and out", params(PageQuery), responses(
    (status = 200, description = "A page of them", body = Page<ImportRowBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
pub(super) async fn list(
    State(tracker): Known,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ImportRowBody>>, Problem> {
    let (limit, before) = page.read::<ImportId>()?;
    let found = tracker.imports(&actor, before, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |row| row.id, ImportRowBody::from)))
}

/// Read an import
#[utoipa::path(get, path = "/v1/imports/{id}", tag = "in and out",
    params(("id" = ImportId, Path)),
    responses(
        (status = 200, description = "As it is", body = ImportBody),
        (status = 304, description = "You have it already"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
    ))]
pub(super) async fn read(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let (tag, body) = one(tracker.import(&actor, id).await?);
    Ok(has.answer(tag, body))
}

/// Say how a file is to be read, and read it anew
#[utoipa::path(patch, path = "/v1/imports/{id}", tag = "in and out",
    params(("id" = ImportId, Path)), request_body = Options,
    responses(
        (status = 200, description = "As it is now", body = ImportBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
        (status = 409, description = "It has been applied", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn change(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    seen: IfMatch,
    Json(options): Json<Options>,
) -> Result<Response, Problem> {
    Ok(one(tracker.reread(&actor, id, &seen, options).await?).into_response())
}

/// Forget an import; what it made stays
#[utoipa::path(delete, path = "/v1/imports/{id}", tag = "in and out",
    params(("id" = ImportId, Path)),
    responses(
        (status = 204, description = "It is forgotten"),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn delete(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    seen: IfMatch,
) -> Result<StatusCode, Problem> {
    tracker.delete_import(&actor, id, &seen).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// List what a file tells of, item by item, with what becomes or became of each
#[utoipa::path(get, path = "/v1/imports/{id}/items", tag = "in and out",
    params(("id" = ImportId, Path), PageQuery),
    responses(
        (status = 200, description = "A page of them", body = Page<ItemBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn items(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<ItemBody>>, Problem> {
    let (limit, after) = page.read::<u32>()?;
    let import = tracker.import(&actor, id).await?;
    let after = after.unwrap_or(0);
    let rows: Vec<&Item> =
        import.plan.items.iter().filter(|item| item.number > after).take(usize::from(limit) + 1).collect();
    Ok(Json(Page::from_rows(rows, limit, |item| item.number, |item| ItemBody::new(&import, item))))
}

/// Do what an import would do: all that is chosen, or nothing
#[utoipa::path(post, path = "/v1/imports/{id}/apply", tag = "in and out",
    params(("id" = ImportId, Path)), request_body = ApplyBody,
    responses(
        (status = 200, description = "It is done", body = ImportBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
        (status = 409, description = "Questions are open, or it has been applied", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
pub(super) async fn apply(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    seen: IfMatch,
    Json(body): Json<ApplyBody>,
) -> Result<Response, Problem> {
    Ok(one(tracker.apply_import(&actor, id, &seen, body.items).await?).into_response())
}

/// Take an import back; what was changed since stays, and its items say so
#[utoipa::path(post, path = "/v1/imports/{id}/undo", tag = "in and out",
    params(("id" = ImportId, Path)),
    responses(
        (status = 200, description = "It is undone", body = ImportBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is no such import", body = ProblemBody),
        (status = 409, description = "It has not been applied", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
    ))]
pub(super) async fn undo(
    State(tracker): Known,
    Caller(actor): Caller,
    PathOf(id): PathOf<ImportId>,
    seen: IfMatch,
) -> Result<Response, Problem> {
    Ok(one(tracker.undo_import(&actor, id, &seen).await?).into_response())
}

//! What one sorts by: categories of one's own, tags, payment methods.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, CategoryId, Invalid, PaymentMethodId, TagId};
use platform::http::{IfMatch, PathOf, Problem, Visitor};
use serde::Deserialize;
use web::{
    Notice, Shell, Tab, Tone,
    view::{Field, Select},
};

use super::{
    Known,
    done::Told,
    filled::Filled,
    form::most,
    frame::{Frame, render},
    list,
    sheet::given,
};
use crate::{
    Tracker,
    domain::{Label, LabelInput, LabelKind, LabelName, MethodKind, NewPlace, Sorting},
    error::TrackerError,
};

/// One kind of label, with what it has and how to add to it.
pub(super) struct Shelf {
    title: &'static str,
    text: &'static str,
    kind: &'static str,
    labels: Vec<Shown>,
    /// The fields of a new one.
    name: Field,
    method: Option<(Select, Field)>,
    verb: &'static str,
}

/// One label with its forms.
pub(super) struct Shown {
    action: String,
    text: String,
    detail: String,
    archived: Option<bool>,
    name: Field,
    /// Where what uses it goes when it is deleted.
    places: Select,
    users: usize,
}

#[derive(Template)]
#[template(path = "sorting.html")]
pub(super) struct SortingPage {
    shell: Shell,
    shelves: Vec<Shelf>,
}

/// What was typed for a new one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewLabel {
    kind: String,
    name: String,
    method: String,
    last4: String,
}

/// Which button was pressed on one that is there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changed {
    intent: String,
    name: String,
    move_to: String,
}

fn id_text(label: &Label) -> String {
    match label.kind {
        LabelKind::Category => CategoryId::from_uuid(label.id).to_string(),
        LabelKind::Tag => TagId::from_uuid(label.id).to_string(),
        LabelKind::PaymentMethod => PaymentMethodId::from_uuid(label.id).to_string(),
    }
}

fn uuid_of(kind: LabelKind, text: &str) -> Option<uuid::Uuid> {
    match kind {
        LabelKind::Category => text.parse().ok().map(CategoryId::uuid),
        LabelKind::Tag => text.parse().ok().map(TagId::uuid),
        LabelKind::PaymentMethod => text.parse().ok().map(PaymentMethodId::uuid),
    }
}

fn shown(label: &Label, sorting: &Sorting, users: usize) -> Shown {
    let id = id_text(label);
    let others = match label.kind {
        LabelKind::Category => list::categories(sorting),
        LabelKind::Tag => list::tags(sorting),
        LabelKind::PaymentMethod => list::methods(sorting),
    };
    let others = others.into_iter().filter(|(other, _)| *other != id);
    let mut places = Select::new("move_to", "Where they go")
        .choices(std::iter::once(("none".to_owned(), "Nowhere".to_owned())).chain(others))
        .value("none");
    places.id = format!("places-{id}");
    let mut name = Field::text("name", "Name").value(label.name.as_str()).max_length(most(LabelName::MAX));
    name.id = format!("name-{id}");
    Shown {
        action: format!("/subscriptions/sorting/{}/{id}", label.kind.as_str()),
        text: label.text(),
        detail: label.method.as_ref().map(|method| method.kind.label().to_owned()).unwrap_or_default(),
        archived: label.method.as_ref().map(|method| method.archived),
        name,
        places,
        users,
    }
}

impl SortingPage {
    pub(super) fn new(
        frame: &Frame,
        (sorting, users): (&Sorting, &dyn Fn(&Label) -> usize),
        (typed, wrong): (&NewLabel, &Invalid),
        notice: Option<Notice>,
    ) -> Self {
        let mut shell = frame.shell("Sorting", Tab::Subscriptions);
        shell.notice = notice;
        let shelf = |kind: LabelKind| {
            let (typed, wrong) =
                if typed.kind == kind.as_str() { (typed.clone(), wrong.clone()) } else { Default::default() };
            Shelf {
                title: kind.label(),
                text: text_of(kind),
                kind: kind.as_str(),
                labels: sorting.of(kind).map(|label| shown(label, sorting, users(label))).collect(),
                name: fresh(Field::text("name", "Name").max_length(most(LabelName::MAX)), kind)
                    .value(&*typed.name)
                    .check(&wrong, "/name")
                    .check(&wrong, ""),
                method: (kind == LabelKind::PaymentMethod).then(|| method(&typed, &wrong)),
                verb: verb_of(kind),
            }
        };
        Self { shell, shelves: LabelKind::ALL.map(shelf).into() }
    }
}

fn fresh(mut field: Field, kind: LabelKind) -> Field {
    field.id = format!("new-{}-{}", kind.as_str(), field.name);
    field
}

const fn text_of(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Category => {
            "Every subscription has one category. Beside those that are built in, you can have your own."
        }
        LabelKind::Tag => "Words of your own. A subscription can have several.",
        LabelKind::PaymentMethod => "What you pay with. Never more than its last four digits.",
    }
}

const fn verb_of(kind: LabelKind) -> &'static str {
    match kind {
        LabelKind::Category => "Add a category",
        LabelKind::Tag => "Add a tag",
        LabelKind::PaymentMethod => "Add a payment method",
    }
}

fn method(typed: &NewLabel, wrong: &Invalid) -> (Select, Field) {
    let kinds = Select::new("method", "Kind")
        .choices(MethodKind::ALL.map(|kind| (kind.as_str(), kind.label())))
        .value(&*typed.method)
        .check(wrong, "/kind");
    let last4 = Field::count("last4", "Last four digits")
        .max_length(4)
        .optional()
        .value(&*typed.last4)
        .check(wrong, "/last4");
    (kinds, last4)
}

async fn page(
    tracker: &Tracker,
    actor: &Actor,
    typed: (&NewLabel, &Invalid),
    notice: Option<Notice>,
) -> Result<SortingPage, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let (sorting, subscriptions) = tracker.sorted(actor).await?;
    let users = |label: &Label| subscriptions.iter().filter(|each| each.is_sorted_by(label)).count();
    Ok(SortingPage::new(&frame, (&sorting, &users), typed, notice))
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    platform::http::Query(told): platform::http::Query<Told>,
) -> Result<Response, Problem> {
    let nothing = (&NewLabel::default(), &Invalid::new());
    render(StatusCode::OK, &page(&tracker, &actor, nothing, told.notice()).await?)
}

pub(super) async fn create(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(typed): Filled<NewLabel>,
) -> Result<Response, Problem> {
    let kind: LabelKind = typed.kind.parse().map_err(|_| nowhere())?;
    let method = kind == LabelKind::PaymentMethod;
    let input = LabelInput {
        name: Some(typed.name.clone()),
        method: given(&typed.method).filter(|_| method),
        last4: method.then(|| given(&typed.last4)),
        archived: None,
    };
    match tracker.create_label(&actor, kind, &input).await {
        Ok(_) => Ok(Redirect::to("/subscriptions/sorting?done=sorted").into_response()),
        Err(TrackerError::Invalid(wrong)) => {
            render(StatusCode::UNPROCESSABLE_ENTITY, &page(&tracker, &actor, (&typed, &wrong), None).await?)
        }
        Err(other) => Err(other.into()),
    }
}

fn nowhere() -> Problem {
    Problem::not_found("There is nothing of that id.")
}

pub(super) async fn change(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf((kind, id)): PathOf<(String, String)>,
    Filled(sent): Filled<Changed>,
) -> Result<Response, Problem> {
    let kind: LabelKind = kind.parse().map_err(|_| nowhere())?;
    let which = (kind, uuid_of(kind, &id).ok_or_else(nowhere)?);
    let seen = IfMatch::default();
    let archive = |archived| LabelInput { archived: Some(archived), ..LabelInput::default() };
    let outcome = match sent.intent.as_str() {
        "delete" => {
            let place = NewPlace::read(kind, if sent.move_to.is_empty() { "none" } else { &sent.move_to });
            match place {
                Ok(place) => tracker.delete_label(&actor, which, &seen, Some(place)).await,
                Err(wrong) => Err(wrong.into()),
            }
        }
        "archive" => tracker.change_label(&actor, which, &seen, &archive(true)).await.map(drop),
        "restore" => tracker.change_label(&actor, which, &seen, &archive(false)).await.map(drop),
        _ => {
            let input = LabelInput { name: Some(sent.name), ..LabelInput::default() };
            tracker.change_label(&actor, which, &seen, &input).await.map(drop)
        }
    };
    match outcome {
        Ok(()) => Ok(Redirect::to("/subscriptions/sorting?done=sorted").into_response()),
        Err(TrackerError::Invalid(wrong)) => {
            let said = wrong.errors().first().map_or_else(String::new, |error| error.detail.clone());
            let notice = Notice::new(Tone::Bad, format!("Nothing was changed: the name {said}."));
            let nothing = (&NewLabel::default(), &Invalid::new());
            render(StatusCode::UNPROCESSABLE_ENTITY, &page(&tracker, &actor, nothing, Some(notice)).await?)
        }
        Err(other) => Err(other.into()),
    }
}

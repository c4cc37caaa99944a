//! Who sees a subscription, pays it and shares it.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::Member;
use kernel::{Actor, Invalid, MemberId, Money, SubscriptionId};
use platform::http::{PathOf, Problem, Visitor, VisitorToChange};
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Checkbox, Control, Problem as Wrong, Select, problems},
};

use super::{
    Known,
    detail::Fact,
    filled::Filled,
    frame::{Frame, href, render},
};
use crate::{
    Tracker,
    domain::{AskedShares, Shares, SharingChange, Subscription},
    error::TrackerError,
    service::Seen,
};

/// A member's part of the form.
struct Part {
    /// Of its input.
    id: String,
    name: String,
    field: String,
    value: String,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "sharing.html")]
struct Page {
    shell: Shell,
    back: (String, String),
    action: String,
    version: i64,
    private: Checkbox,
    payer: Select,
    way: Select,
    parts: Vec<Part>,
    problems: Vec<Wrong>,
}

/// What is sent: beside what has a name, a part for each member under `part_` and their id.
type Sent = HashMap<String, String>;

fn field_of(member: MemberId) -> String {
    format!("part_{member}")
}

/// The form of one as it is shared now.
fn sent_of(subscription: &Subscription) -> Sent {
    let sharing = &subscription.sharing;
    let currency = subscription.prices.currency();
    let (way, parts): (_, Vec<_>) = match &sharing.shares {
        None => ("none", Vec::new()),
        Some(Shares::Weights(shares)) => {
            ("weights", shares.iter().map(|(id, weight)| (*id, weight.to_string())).collect())
        }
        Some(Shares::Amounts(shares)) => {
            let text = |minor: i64| Money::from_minor(minor, currency).amount_text();
            ("amounts", shares.iter().map(|(id, minor)| (*id, text(*minor))).collect())
        }
    };
    let mut sent: Sent = parts.into_iter().map(|(id, value)| (field_of(id), value)).collect();
    sent.insert("way".into(), way.into());
    sent.insert("payer".into(), sharing.payer.map(|payer| payer.to_string()).unwrap_or_default());
    sent.insert("version".into(), subscription.version.to_string());
    if sharing.private {
        sent.insert("private".into(), "true".into());
    }
    sent
}

fn text<'a>(sent: &'a Sent, name: &str) -> &'a str {
    sent.get(name).map(|text| text.trim()).unwrap_or_default()
}

/// The members that a part was typed for, in the order of the household. Errors are told at their place among them.
fn typed(sent: &Sent, members: &[Member]) -> Vec<(MemberId, String)> {
    let parts = members.iter().map(|member| (member.id, text(sent, &field_of(member.id)).to_owned()));
    parts.filter(|(_, part)| !part.is_empty()).collect()
}

fn read(sent: &Sent, members: &[Member], current: &Subscription) -> Result<SharingChange, Invalid> {
    let mut invalid = Invalid::new();
    let payer = match text(sent, "payer") {
        "" => None,
        id => invalid.check("/payer_id", id.parse::<MemberId>().map_err(|_| "choose a member")),
    };
    let currency = current.prices.currency();
    let parts = typed(sent, members).into_iter();
    let shares = match text(sent, "way") {
        "weights" => Some(AskedShares::Weights(
            // What is no number weighs nothing, which is refused.
            parts.map(|(id, part)| (id, part.parse().unwrap_or(0))).collect(),
        )),
        "amounts" => Some(AskedShares::Amounts(
            parts
                .enumerate()
                .filter_map(|(index, (id, part))| {
                    let amount = Money::parse(&part, currency);
                    Some((id, invalid.check(format!("/shares/{index}/amount"), amount)?))
                })
                .collect(),
        )),
        _ => None,
    };
    let change = SharingChange {
        private: Some(text(sent, "private") == "true"),
        payer: Some(payer),
        shares: Some(shares),
    };
    invalid.into_result().map(|()| change)
}

pub(super) async fn show(
    State(tracker): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<SubscriptionId>,
) -> Result<Response, Problem> {
    let (subscription, _) = tracker.read(&actor, id).await?;
    let sent = sent_of(&subscription);
    page(&tracker, &actor, &subscription, StatusCode::OK, &sent, &Invalid::new(), None).await
}

pub(super) async fn save(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SubscriptionId>,
    Filled(sent): Filled<Sent>,
) -> Result<Response, Problem> {
    let (current, _) = tracker.read(&actor, id).await?;
    let members = present(&tracker, &actor).await?;
    let seen = Seen::Version(text(&sent, "version").parse().unwrap_or(0));
    let done = match read(&sent, &members, &current) {
        Ok(change) => tracker.reshare(&actor, id, seen, &change).await,
        Err(invalid) => Err(TrackerError::Invalid(invalid)),
    };
    match done {
        Ok(_) => Ok(Redirect::to(&format!("{}?done=saved", href(id))).into_response()),
        Err(TrackerError::Invalid(invalid)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(&tracker, &actor, &current, status, &sent, &invalid, None).await
        }
        Err(TrackerError::Changed) => {
            let (current, _) = tracker.read(&actor, id).await?;
            let notice = Notice::new(
                Tone::Careful,
                "It was changed meanwhile, and nothing of yours was saved. Below is what you chose: save it again if \
                 yours is to hold.",
            )
            .with_action("See it as it is now", href(id));
            let mut sent = sent;
            sent.insert("version".into(), current.version.to_string());
            let status = StatusCode::PRECONDITION_FAILED;
            page(&tracker, &actor, &current, status, &sent, &Invalid::new(), Some(notice)).await
        }
        Err(other) => Err(other.into()),
    }
}

async fn present(tracker: &Tracker, actor: &Actor) -> Result<Vec<Member>, TrackerError> {
    let members = tracker.members(actor).await?;
    Ok(members.into_iter().filter(|member| member.left_at.is_none()).collect())
}

async fn page(
    tracker: &Tracker,
    actor: &Actor,
    subscription: &Subscription,
    status: StatusCode,
    sent: &Sent,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let members = present(tracker, actor).await?;
    let payers = members.iter().map(|member| (member.id.to_string(), member.name.clone()));
    let private = Checkbox::new("private", "Only I see and count it", text(sent, "private") == "true")
        .hint("Nobody else of the household learns of it.")
        .check(invalid, "/private");
    let payer = Select::new("payer", "Who pays")
        .choices([("", "The household’s common purse")])
        .choices(payers)
        .value(text(sent, "payer"))
        .check(invalid, "/payer_id");
    let mut way = Select::new("way", "Whose it is")
        .choices([
            ("none", "Whoever pays it; from the common purse, everybody’s equally"),
            ("weights", "Divided by weights: 1 and 1 is half each"),
            ("amounts", "Divided by fixed amounts: the payer bears the rest"),
        ])
        .value(text(sent, "way"));
    let parts = parts(sent, &members, invalid);
    if parts.iter().all(|part| part.error.is_none()) {
        way = way.check(invalid, "/shares");
    }
    let mut problems = problems([&private as &dyn Control, &payer, &way]);
    problems.extend(parts.iter().filter_map(|part| {
        let (id, label) = (part.id.clone(), part.name.clone());
        part.error.clone().map(|error| Wrong { id, label, error })
    }));
    let mut shell = frame
        .shell(format!("Share {}", subscription.name), Tab::Subscriptions)
        .about("sharing", subscription.id.to_string());
    shell.notice = notice;
    let page = Page {
        shell,
        back: (subscription.name.to_string(), href(subscription.id)),
        action: format!("{}/sharing", href(subscription.id)),
        version: text(sent, "version").parse().unwrap_or(subscription.version),
        private,
        payer,
        way,
        parts,
        problems,
    };
    render(status, &page)
}

fn parts(sent: &Sent, members: &[Member], invalid: &Invalid) -> Vec<Part> {
    let typed = typed(sent, members);
    let error = |member: MemberId| {
        let index = typed.iter().position(|(id, _)| *id == member)?;
        let below = format!("/shares/{index}/");
        let found = invalid.errors().iter().find(|error| error.pointer.starts_with(&below))?;
        Some(found.detail.clone())
    };
    let part = |member: &Member| Part {
        id: format!("field-{}", field_of(member.id)),
        name: member.name.clone(),
        field: field_of(member.id),
        value: text(sent, &field_of(member.id)).to_owned(),
        error: error(member.id),
    };
    members.iter().map(part).collect()
}

/// What a subscription's page says of it, where it is shared in a way of its own.
pub(super) fn facts(subscription: &Subscription, members: &[Member], manner: &Manner) -> Vec<Fact> {
    let name_of = |id: MemberId| {
        let found = members.iter().find(|member| member.id == id);
        found.map_or_else(|| "Somebody".to_owned(), |member| member.name.clone())
    };
    let sharing = &subscription.sharing;
    let currency = subscription.prices.currency();
    let shares = sharing.shares.as_ref().map(|shares| match shares {
        Shares::Weights(shares) => {
            let all: u64 = shares.iter().map(|(_, weight)| u64::from(*weight)).sum();
            let part = |(id, weight): &(MemberId, u32)| format!("{} {weight}/{all}", name_of(*id));
            shares.iter().map(part).collect::<Vec<_>>().join(", ")
        }
        Shares::Amounts(shares) => {
            let part = |(id, minor): &(MemberId, i64)| {
                format!("{} {}", name_of(*id), manner.money(&Money::from_minor(*minor, currency)))
            };
            shares.iter().map(part).collect::<Vec<_>>().join(", ")
        }
    });
    let fact = |name, value: Option<String>| value.map(|value| Fact { name, value, note: String::new() });
    [
        fact("Seen by", sharing.private.then(|| "only you".to_owned())),
        fact("Paid by", sharing.payer.map(name_of)),
        fact("Shared", shares),
    ]
    .into_iter()
    .flatten()
    .collect()
}

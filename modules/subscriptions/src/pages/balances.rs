//! Who owes whom, and settling up.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::Member;
use kernel::{Actor, Invalid, MemberId, MoneyText, SettlementId};
use platform::http::{PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Control, Field, Problem as Wrong, Select, problems},
};

use super::{
    Known,
    filled::{Filled, Pressed},
    frame::{Frame, render},
};
use crate::{Tracker, domain::Given, error::TrackerError, service::Settling};

/// Entries that the page shows.
const ENTRIES: u16 = 30;

/// How one stands, or what one could give another.
struct Line {
    text: String,
    amount: String,
    /// To enter that it was given: the form's values.
    settle: Vec<(&'static str, String)>,
}

/// An entry, and where it is taken back.
struct Entry {
    day: String,
    text: String,
    amount: String,
    href: String,
}

#[derive(Template)]
#[template(path = "balances.html")]
struct Page {
    shell: Shell,
    transfers: Vec<Line>,
    standing: Vec<Line>,
    entries: Vec<Entry>,
    may_change: bool,
    alone: bool,
    problems: Vec<Wrong>,
    from: Select,
    to: Select,
    amount: Field,
    currency: Field,
    paid_on: Field,
    note: Field,
}

/// What was given, as typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    from: String,
    to: String,
    amount: String,
    currency: String,
    paid_on: String,
    note: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

impl Done {
    fn notice(&self) -> Option<Notice> {
        let text = match self.done.as_deref()? {
            "settled" => "Entered. The balances follow at once.",
            "back" => "Taken back. The balances are as they were before it.",
            _ => return None,
        };
        Some(Notice::new(Tone::Good, text))
    }
}

impl Sent {
    fn read(&self) -> Result<Settling, Invalid> {
        let mut invalid = Invalid::new();
        let member = |text: &str, pointer: &str, invalid: &mut Invalid| {
            let id = text.parse::<MemberId>();
            invalid.check(pointer, id.map_err(|_| "choose a member"))
        };
        let from = member(&self.from, "/from_member_id", &mut invalid);
        let to = member(&self.to, "/to_member_id", &mut invalid);
        let amount = MoneyText {
            amount: self.amount.trim().to_owned(),
            currency: self.currency.trim().to_uppercase(),
        };
        let amount = amount.read("/amount", &mut invalid);
        let day = Some(self.paid_on.trim()).filter(|text| !text.is_empty());
        let paid_on = day.and_then(|text| invalid.check("/paid_on", kernel::parse_date(text)));
        match (from, to, amount) {
            (Some(from), Some(to), Some(amount)) if invalid.errors().is_empty() => {
                Ok(Settling { from, to, amount, paid_on, note: self.note.clone() })
            }
            _ => Err(invalid),
        }
    }
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let sent = Sent {
        from: actor.member.to_string(),
        currency: frame.currency.code().into(),
        paid_on: frame.today.to_string(),
        ..Sent::default()
    };
    page(&tracker, &actor, &frame, StatusCode::OK, &sent, &Invalid::new(), done.notice()).await
}

pub(super) async fn settle(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(sent): Filled<Sent>,
) -> Result<Response, Problem> {
    let settled = match sent.read() {
        Ok(settling) => tracker.settle(&actor, settling).await,
        Err(invalid) => Err(TrackerError::Invalid(invalid)),
    };
    match settled {
        Ok(_) => Ok(Redirect::to("/balances?done=settled").into_response()),
        Err(TrackerError::Invalid(invalid)) => {
            let frame = Frame::of(&tracker, &actor).await?;
            page(&tracker, &actor, &frame, StatusCode::UNPROCESSABLE_ENTITY, &sent, &invalid, None).await
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn take_back(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<SettlementId>,
    Filled(_): Filled<Pressed>,
) -> Result<Response, Problem> {
    tracker.unsettle(&actor, id).await?;
    Ok(Redirect::to("/balances?done=back").into_response())
}

async fn page(
    tracker: &Tracker,
    actor: &Actor,
    frame: &Frame,
    status: StatusCode,
    sent: &Sent,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let members = tracker.members(actor).await?;
    let entries = tracker.settlements(actor, None, ENTRIES).await?;
    let manner = frame.manner();
    let names = Names::of(actor, &members);
    let (transfers, standing) = lines(&tracker.books(actor).await?, &names, &manner, sent);
    let member = |name, label: &str, value: &str, pointer: &str| {
        let choices = members.iter().map(|member| (member.id.to_string(), member.name.clone()));
        let select = Select::new(name, label).choices([("", "Choose")]).choices(choices);
        select.value(value).check(invalid, pointer)
    };
    let from = member("from", "Who gave", &sent.from, "/from_member_id");
    let to = member("to", "Who got", &sent.to, "/to_member_id");
    let amount = Field::amount("amount", "Amount").value(&sent.amount).check(invalid, "/amount/amount");
    let currency = Field::text("currency", "Currency")
        .value(&sent.currency)
        .max_length(3)
        .autocomplete("off")
        .check(invalid, "/amount/currency");
    let paid_on = Field::date("paid_on", "On").value(&sent.paid_on).check(invalid, "/paid_on");
    let note =
        Field::text("note", "Note").optional().max_length(500).value(&sent.note).check(invalid, "/note");
    let mut shell = frame.shell("Who owes whom", Tab::Settings).about("balances", "");
    shell.notice = notice;
    let page = Page {
        problems: problems([&from as &dyn Control, &to, &amount, &currency, &paid_on, &note]),
        shell,
        transfers,
        standing,
        entries: entries.iter().take(ENTRIES.into()).map(|each| entry(each, &names, &manner)).collect(),
        may_change: actor.access.may_change(),
        alone: members.len() < 2,
        from,
        to,
        amount,
        currency,
        paid_on,
        note,
    };
    render(status, &page)
}

/// What members are called on the page of one of them.
struct Names(HashMap<MemberId, String>);

impl Names {
    fn of(actor: &Actor, members: &[Member]) -> Self {
        let named = |member: &Member| {
            let name = if member.id == actor.member { "You".to_owned() } else { member.name.clone() };
            (member.id, name)
        };
        Self(members.iter().map(named).collect())
    }

    fn of_member(&self, id: MemberId) -> &str {
        self.0.get(&id).map_or("Somebody", String::as_str)
    }

    /// Who does something to whom, as a sentence says it.
    fn sentence(&self, from: MemberId, verb: (&str, &str), to: MemberId) -> String {
        let (from, to) = (self.of_member(from), self.of_member(to));
        let verb = if from == "You" { verb.0 } else { verb.1 };
        format!("{from} {verb} {}", if to == "You" { "you" } else { to })
    }
}

fn lines(
    books: &crate::domain::Books,
    names: &Names,
    manner: &Manner,
    sent: &Sent,
) -> (Vec<Line>, Vec<Line>) {
    let (mut transfers, mut standing) = (Vec::new(), Vec::new());
    for (currency, members, ways) in books.balances() {
        transfers.extend(ways.into_iter().map(|way| Line {
            text: names.sentence(way.from, ("owe", "owes"), way.to),
            amount: manner.money(&way.amount),
            settle: vec![
                ("from", way.from.to_string()),
                ("to", way.to.to_string()),
                ("amount", way.amount.amount_text()),
                ("currency", currency.code().to_owned()),
                ("paid_on", sent.paid_on.clone()),
            ],
        }));
        standing.extend(members.into_iter().map(|each| {
            let name = names.of_member(each.member);
            let owes = !each.owes.is_zero();
            let (are, amount) = if owes { ("owes", each.owes) } else { ("is owed", each.is_owed) };
            let are = match (name, owes) {
                ("You", true) => "owe",
                ("You", false) => "are owed",
                _ => are,
            };
            Line { text: format!("{name} {are}"), amount: manner.money(&amount), settle: Vec::new() }
        }));
    }
    (transfers, standing)
}

fn entry(settlement: &Given, names: &Names, manner: &Manner) -> Entry {
    let said = names.sentence(settlement.from, ("gave", "gave"), settlement.to);
    Entry {
        day: manner.date(&settlement.paid_on),
        text: if settlement.note.is_empty() { said } else { format!("{said}: {}", settlement.note) },
        amount: manner.money(&settlement.amount),
        href: format!("/balances/{}/delete", settlement.id),
    }
}

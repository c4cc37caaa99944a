//! The ledger: every payment of the household, the newest charge date first.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::SubscriptionId;
use platform::http::{Cursor, Page, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Shell, Tab,
    view::{Filter, Pager},
};

use super::row::PaymentRow;
use crate::{
    domain::{Entry, PaymentStatus},
    pages::{
        Known,
        done::Told,
        frame::{Frame, render},
    },
    store::{LedgerPlace, LedgerQuery},
};

/// How many a page shows.
const LIMIT: u16 = 50;

/// The filters: the word in the address, the words on the page, and what they leave. What waits comes first.
const FILTERS: [(&str, &str, &[PaymentStatus]); 5] = [
    ("open", "Due and failed", &PaymentStatus::OPEN),
    ("paid", "Paid", &[PaymentStatus::Paid]),
    ("skipped", "Skipped", &[PaymentStatus::Skipped]),
    ("refunded", "Refunded", &[PaymentStatus::Refunded]),
    ("", "All", &[]),
];

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::pages) struct Asked {
    #[serde(default)]
    pub(in crate::pages) status: String,
    pub(in crate::pages) cursor: Option<String>,
}

#[derive(Template)]
#[template(path = "payments.html")]
pub(in crate::pages) struct Ledger {
    shell: Shell,
    filters: Vec<Filter>,
    rows: Vec<PaymentRow>,
    pager: Pager,
    /// What it means that there are none.
    nothing: &'static str,
}

pub(in crate::pages) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let statuses = FILTERS.iter().find(|(word, ..)| *word == asked.status).map_or(&[][..], |found| found.2);
    let after: Option<LedgerPlace> =
        asked.cursor.as_deref().and_then(Cursor::decode).map(|Cursor(place)| place);
    let query = LedgerQuery { statuses: statuses.to_vec(), after, ..LedgerQuery::default() };
    let found = tracker.ledger(&actor, &query, LIMIT).await?;
    let page = Page::from_rows(found, LIMIT, LedgerPlace::of, |row| row);
    let names = tracker.names(&actor).await?;
    render(StatusCode::OK, &Ledger::new(&frame, &asked, &page, &names, &told))
}

impl Ledger {
    pub(in crate::pages) fn new(
        frame: &Frame,
        asked: &Asked,
        page: &Page<Entry>,
        names: &HashMap<SubscriptionId, String>,
        told: &Told,
    ) -> Self {
        let manner = frame.manner();
        let mut shell = frame.shell("Payments", Tab::Subscriptions).about("payments", "");
        shell.notice = told.notice();
        let name = |entry: &Entry| names.get(&entry.subscription).map_or("", String::as_str);
        let filter = |(word, text, _): &(&str, &str, _)| Filter {
            text: (*text).into(),
            href: address(word, None),
            count: None,
            active: *word == asked.status,
        };
        Self {
            shell,
            filters: FILTERS.iter().map(filter).collect(),
            rows: page.data.iter().map(|entry| PaymentRow::new(entry, name(entry), &manner)).collect(),
            pager: Pager {
                first: asked.cursor.as_ref().map(|_| address(&asked.status, None)),
                next: page.next_cursor.as_deref().map(|cursor| address(&asked.status, Some(cursor))),
            },
            nothing: if asked.status == "open" {
                "Nothing is due, and nothing has failed."
            } else {
                "Each charge is entered here on its day."
            },
        }
    }
}

fn address(status: &str, cursor: Option<&str>) -> String {
    let known = FILTERS.iter().any(|(word, ..)| *word == status && !word.is_empty());
    let parts = [known.then(|| format!("status={status}")), cursor.map(|cursor| format!("cursor={cursor}"))];
    let query: Vec<_> = parts.into_iter().flatten().collect();
    if query.is_empty() { "/payments".into() } else { format!("/payments?{}", query.join("&")) }
}

//! Everything that is tracked: a search, the filters, an order, a page of it.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{CategoryId, Cycle, PaymentMethodId, TagId};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use platform::http::{Cursor, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Shell, Tab,
    view::{self, Pager, Select, SubscriptionRow},
};

use super::{
    Known,
    done::Told,
    frame::{self, Frame, badge, href, render},
};
use crate::{
    domain::{Category, LabelKind, Sorting, Subscription},
    service::{Filter, Found, Group, Order, Place, Wanted},
};

/// How many a page shows.
const LIMIT: usize = 50;
/// How much of a search is looked at: more than any name has.
const WORDS: usize = 200;

/// What the address asks for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    status: String,
    category: String,
    tag: String,
    payment_method: String,
    order: String,
    group: String,
    cursor: Option<String>,
}

impl Asked {
    /// A word or a cursor that never was given out asks for nothing in particular.
    fn wanted(&self) -> Wanted {
        Wanted {
            filter: Filter {
                words: self.q.chars().take(WORDS).collect(),
                status: self.status.parse().ok(),
                category: self.category.parse().ok(),
                tag: self.tag.parse().ok(),
                payment_method: self.payment_method.parse().ok(),
            },
            order: Order::ALL.into_iter().find(|order| order.as_str() == self.order).unwrap_or_default(),
            group: Group::ALL.into_iter().find(|group| group.as_str() == self.group),
            after: self.cursor.as_deref().and_then(Cursor::decode).map(|Cursor(place)| place),
        }
    }
}

/// Those under one heading; the only heading is none where they are not grouped.
pub(super) struct Section {
    pub(super) heading: String,
    pub(super) rows: Vec<Picked>,
}

/// A row that can be picked.
pub(super) struct Picked {
    pub(super) id: String,
    pub(super) row: SubscriptionRow,
}

#[derive(Template)]
#[template(path = "subscriptions.html")]
pub(super) struct List {
    shell: Shell,
    count: String,
    /// What was searched for.
    words: String,
    /// Which filter a search keeps.
    status: Option<&'static str>,
    filters: Vec<view::Filter>,
    /// How else to look at it.
    views: Vec<Select>,
    /// Whether it is looked at in another way than the usual one.
    narrowed: bool,
    sections: Vec<Section>,
    pager: Pager,
    any: bool,
    /// What can be done to those that are picked.
    bulk: Select,
    /// Where one comes back to after it.
    here: String,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(asked): Query<Asked>,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let wanted = asked.wanted();
    let found = tracker.search(&actor, &wanted, LIMIT).await?;
    render(StatusCode::OK, &List::new(&frame, &wanted, &found, &told))
}

impl List {
    pub(super) fn new(frame: &Frame, wanted: &Wanted, found: &Found, told: &Told) -> Self {
        let mut shell = frame.shell("Subscriptions", Tab::Subscriptions);
        shell.notice = told.notice();
        let total = found.counts.iter().map(|(_, count)| count).sum();
        let views = views(wanted, &found.sorting);
        Self {
            shell,
            count: counted(total, wanted),
            words: wanted.filter.words.clone(),
            status: wanted.filter.status.map(Status::as_str),
            filters: filters(wanted, &found.counts, total),
            narrowed: views
                .iter()
                .any(|select| !select.value.is_empty() && select.value != Order::Name.as_str()),
            views,
            sections: sections(found, wanted.group),
            pager: Pager {
                first: wanted.after.as_ref().map(|_| address(wanted, wanted.filter.status, None)),
                next: found.next.as_ref().map(|place| address(wanted, wanted.filter.status, Some(place))),
            },
            any: found.any,
            bulk: bulk(&found.sorting),
            here: address(wanted, wanted.filter.status, None),
        }
    }
}

fn sections(found: &Found, group: Option<Group>) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for (at, subscription) in found.rows.iter().enumerate() {
        let heading = found.headings.get(at).map(String::as_str).unwrap_or_default();
        let heading = if group == Some(Group::Status) { badge(subscription.status).label() } else { heading };
        let picked = Picked { id: subscription.id.to_string(), row: converted_row(subscription, found) };
        match sections.last_mut() {
            Some(section) if section.heading == heading => section.rows.push(picked),
            Some(_) | None => sections.push(Section { heading: heading.to_owned(), rows: vec![picked] }),
        }
    }
    sections
}

fn counted(total: u64, wanted: &Wanted) -> String {
    match (total, wanted.filter.is_status_alone()) {
        (0, true) => String::new(),
        (total, true) => format!("{total} tracked"),
        (1, false) => "1 match".into(),
        (total, false) => format!("{total} matches"),
    }
}

fn filters(wanted: &Wanted, counts: &[(Status, u64)], total: u64) -> Vec<view::Filter> {
    let filter = |text: &str, status, count| view::Filter {
        text: text.into(),
        href: address(wanted, status, None),
        count: Some(count),
        active: wanted.filter.status == status,
    };
    let all = std::iter::once(filter("All", None, total));
    all.chain(counts.iter().map(|(status, count)| filter(badge(*status).label(), Some(*status), *count)))
        .collect()
}

type Choices = Vec<(String, String)>;

/// Every category, the household's own first: what is sent, and what is read.
pub(super) fn categories(sorting: &Sorting) -> Choices {
    let own = sorting.of(LabelKind::Category);
    let own = own.map(|label| (CategoryId::from_uuid(label.id).to_string(), label.name.to_string()));
    let built_in = Category::ALL.map(|category| (category.slug().to_owned(), category.label().to_owned()));
    own.chain(built_in).collect()
}

/// Every tag.
pub(super) fn tags(sorting: &Sorting) -> Choices {
    let tags = sorting.of(LabelKind::Tag);
    tags.map(|tag| (TagId::from_uuid(tag.id).to_string(), tag.name.to_string())).collect()
}

/// Every payment method.
pub(super) fn methods(sorting: &Sorting) -> Choices {
    let methods = sorting.of(LabelKind::PaymentMethod);
    methods.map(|label| (PaymentMethodId::from_uuid(label.id).to_string(), label.text())).collect()
}

fn views(wanted: &Wanted, sorting: &Sorting) -> Vec<Select> {
    let Filter { category, tag, payment_method, .. } = &wanted.filter;
    let text = |value: Option<String>| value.unwrap_or_default();
    let any = |choices: Choices| std::iter::once((String::new(), "Any".to_owned())).chain(choices);
    let mut views = vec![
        Select::new("category", "Category")
            .choices(any(categories(sorting)))
            .value(text(category.map(|it| it.to_string()))),
    ];
    if sorting.of(LabelKind::Tag).next().is_some() {
        views.push(
            Select::new("tag", "Tag").choices(any(tags(sorting))).value(text(tag.map(|it| it.to_string()))),
        );
    }
    if sorting.of(LabelKind::PaymentMethod).next().is_some() {
        let method = text(payment_method.map(|it| it.to_string()));
        views.push(Select::new("payment_method", "Paid with").choices(any(methods(sorting))).value(method));
    }
    let orders = Order::ALL.map(|order| (order.as_str(), order.label()));
    views.push(Select::new("order", "Order").choices(orders).value(wanted.order.as_str()));
    let groups = Group::ALL.map(|group| (group.as_str(), group.label()));
    let group = wanted.group.map_or("", Group::as_str);
    views.push(
        Select::new("group", "Under headings")
            .choices(std::iter::once(("", "No headings")).chain(groups))
            .value(group),
    );
    views
}

/// What can be done to many at once; the words before the colon are [`super::bulk`]'s.
fn bulk(sorting: &Sorting) -> Select {
    let group = |select: Select, heading: &str, verb: &str, choices: Choices| {
        let choices: Vec<_> =
            choices.into_iter().map(|(value, text)| (format!("{verb}:{value}"), text)).collect();
        if choices.is_empty() { select } else { select.group(heading, choices) }
    };
    let select = Select::new("act", "Do with those that are picked");
    let select =
        select.choices([("", "Choose…"), ("pause", "Pause"), ("resume", "Resume"), ("cancel", "Cancel")]);
    let select = group(select, "Put into the category", "category", categories(sorting));
    let select = group(select, "Add the tag", "tag", tags(sorting));
    let select = group(select, "Take the tag away", "untag", tags(sorting));
    group(select, "Paid with", "method", methods(sorting))
}

/// The list with a search, its filters and a place in it.
fn address(wanted: &Wanted, status: Option<Status>, after: Option<&Place>) -> String {
    let Filter { words, category, tag, payment_method, .. } = &wanted.filter;
    let words = Some(words.trim()).filter(|words| !words.is_empty());
    let parts = [
        words.map(|words| format!("q={}", utf8_percent_encode(words, NON_ALPHANUMERIC))),
        status.map(|status| format!("status={}", status.as_str())),
        category.map(|category| format!("category={category}")),
        tag.map(|tag| format!("tag={tag}")),
        payment_method.map(|method| format!("payment_method={method}")),
        Some(wanted.order)
            .filter(|order| *order != Order::Name)
            .map(|order| format!("order={}", order.as_str())),
        wanted.group.map(|group| format!("group={}", group.as_str())),
        after.map(|place| format!("cursor={}", Cursor(place).encode())),
    ];
    let query: Vec<_> = parts.into_iter().flatten().collect();
    if query.is_empty() { "/subscriptions".into() } else { format!("/subscriptions?{}", query.join("&")) }
}

/// One of them, with what it comes to a month in the household's currency where it is in another.
fn converted_row(subscription: &Subscription, found: &Found) -> SubscriptionRow {
    let mut row = row(subscription, found.today);
    if row.price.currency() != found.converter.home() {
        let price = row.price;
        let home = crate::domain::price_at_home(price, subscription.cycle, found.today, &found.converter);
        row.converted = home.map(|(month, _)| month);
        // One figure a month is enough to compare by.
        row.monthly = row.monthly.filter(|_| row.converted.is_none());
    }
    row
}

/// One of them, as lists show it.
pub(super) fn row(subscription: &Subscription, today: Date) -> SubscriptionRow {
    let price = frame::price(subscription, today);
    let cycle = subscription.cycle.filter(|cycle| *cycle != Cycle::MONTHLY);
    SubscriptionRow {
        href: href(subscription.id),
        name: subscription.name.to_string(),
        plan: subscription.plan.as_ref().map(ToString::to_string),
        status: badge(subscription.status),
        price,
        cycle: subscription.cycle,
        monthly: cycle.map(|cycle| crate::domain::monthly(price, cycle)),
        converted: None,
        next_charge_on: subscription.next_charge_on(),
        trial_ends_on: subscription.trial_ends_on,
        ends_on: subscription.ends_on,
        cancel_by: subscription.bound(today).and_then(|bound| bound.cancel_by),
    }
}

//! The addresses at which calendars read: opening one, and revoking it.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::Member;
use kernel::{Actor, CalendarFeedId, Invalid};
use platform::http::{PathOf, Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Shell, Tab,
    view::{Field, Select},
};

use super::{
    Known,
    done::Told,
    filled::Filled,
    frame::{Frame, render},
    sheet::given,
};
use crate::{
    Tracker,
    domain::{Category, Name, feed::Feed},
    error::TrackerError,
    service::FeedWish,
};

/// What is typed to open one.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wish {
    name: String,
    category: String,
    member: String,
}

impl Wish {
    fn read(&self) -> Result<FeedWish, Invalid> {
        let mut invalid = Invalid::new();
        let member = given(&self.member).and_then(|text| invalid.check("/member_id", text.parse()));
        invalid.into_result()?;
        Ok(FeedWish { name: self.name.clone(), category: given(&self.category), member })
    }
}

/// One that is open.
pub(super) struct Row {
    name: String,
    detail: String,
    revoke: String,
}

#[derive(Template)]
#[template(path = "calendar_feeds.html")]
pub(super) struct Feeds {
    shell: Shell,
    rows: Vec<Row>,
    /// The whole address of the one just opened, shown this once.
    address: Option<String>,
    name: Field,
    category: Select,
    /// Whose part of it, in a household of several.
    member: Option<Select>,
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let mut page = page(&tracker, &actor, &Wish::default(), &Invalid::new()).await?;
    page.shell.notice = told.notice();
    render(StatusCode::OK, &page)
}

pub(super) async fn open(
    State(tracker): Known,
    Visitor(actor): Visitor,
    headers: HeaderMap,
    Filled(wish): Filled<Wish>,
) -> Result<Response, Problem> {
    let opened = match wish.read() {
        Ok(asked) => tracker.open_feed(&actor, &asked).await,
        Err(wrong) => Err(wrong.into()),
    };
    match opened {
        Ok(opened) => {
            let mut page = page(&tracker, &actor, &Wish::default(), &Invalid::new()).await?;
            page.address = Some(format!("{}{}", origin(&headers), opened.path));
            render(StatusCode::CREATED, &page)
        }
        Err(TrackerError::Invalid(wrong)) => {
            render(StatusCode::UNPROCESSABLE_ENTITY, &page(&tracker, &actor, &wish, &wrong).await?)
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn revoke(
    State(tracker): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<CalendarFeedId>,
) -> Result<Response, Problem> {
    tracker.revoke_feed(&actor, id).await?;
    Ok(Redirect::to("/calendar/feeds?done=revoked").into_response())
}

/// Where the browser that asks has found us: it says so itself with every form that it posts.
fn origin(headers: &HeaderMap) -> String {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), _) if origin.starts_with("http") => origin.to_owned(),
        (_, Some(host)) => format!("http://{host}"),
        (_, None) => String::new(),
    }
}

async fn page(tracker: &Tracker, actor: &Actor, wish: &Wish, wrong: &Invalid) -> Result<Feeds, Problem> {
    let frame = Frame::of(tracker, actor).await?;
    let feeds = tracker.feeds(actor).await?;
    Ok(Feeds::new(&frame, (&feeds, &tracker.members(actor).await?), wish, wrong))
}

impl Feeds {
    pub(super) fn new(
        frame: &Frame,
        (feeds, members): (&[Feed], &[Member]),
        wish: &Wish,
        wrong: &Invalid,
    ) -> Self {
        let name = if wish.name.is_empty() && wrong.errors().is_empty() { "Perennial" } else { &wish.name };
        let all = std::iter::once(("", "Everything"));
        let categories = Category::ALL.map(|category| (category.slug(), category.label()));
        Self {
            shell: frame.shell("In your own calendar", Tab::Dashboard).about("calendar", ""),
            rows: feeds.iter().map(|feed| row(feed, members, frame)).collect(),
            address: None,
            name: Field::text("name", "What the calendar is called")
                .value(name)
                .max_length(u32::try_from(Name::MAX).unwrap_or(u32::MAX))
                .check(wrong, "/name"),
            category: Select::new("category", "What is in it")
                .choices(all.chain(categories))
                .value(wish.category.clone())
                .check(wrong, "/category"),
            member: super::whose::part_of(members, &wish.member, wrong),
        }
    }

    /// With the address that was just opened.
    #[cfg(test)]
    pub(super) fn telling(mut self, address: &str) -> Self {
        self.address = Some(address.to_owned());
        self
    }
}

fn row(feed: &Feed, members: &[Member], frame: &Frame) -> Row {
    let zone = &frame.account.profile.time_zone;
    let made = frame.manner().date(&zone.date_at(feed.created_at));
    let category = feed.category.map_or("Everything", Category::label);
    let member = members.iter().find(|member| Some(member.id) == feed.member);
    let part = member.map(|member| format!(" · {}’s part", member.name)).unwrap_or_default();
    Row {
        name: feed.name.to_string(),
        detail: format!("{category}{part} · since {made}"),
        revoke: format!("/calendar/feeds/{}/revoke", feed.id),
    }
}

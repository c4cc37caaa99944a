//! `/notifications/preferences`: one table, and when.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, HouseholdId, Invalid};
use platform::http::{Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Checkbox, Control, Field, Problem as Wrong, Select, problems},
};

use super::{
    Known,
    frame::{Frame, notice, render},
};
use crate::{
    domain::{ChannelState, Kind, Language, Preferences, WEEKDAYS, Way},
    error::HeraldError,
    http::PreferencesBody,
    service::Herald,
    store::KeptChannel,
};

/// A row of the table.
pub(super) struct Row {
    pub(super) kind: &'static str,
    pub(super) label: &'static str,
    pub(super) cells: Vec<Cell>,
}

/// Whether one kind is told by one way.
pub(super) struct Cell {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) on: bool,
    pub(super) fixed: bool,
}

/// A column of the table.
pub(super) struct Heading {
    pub(super) text: String,
    pub(super) note: &'static str,
}

/// A household that can be muted.
pub(super) struct HomeChoice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) told: bool,
}

#[derive(Template)]
#[template(path = "preferences.html")]
pub(super) struct Page {
    pub(super) shell: Shell,
    pub(super) problems: Vec<Wrong>,
    pub(super) version: i64,
    pub(super) headings: Vec<Heading>,
    pub(super) rows: Vec<Row>,
    pub(super) quiet: Checkbox,
    pub(super) quiet_from: Field,
    pub(super) quiet_to: Field,
    pub(super) digest: Select,
    pub(super) digest_at: Field,
    pub(super) language: Select,
    pub(super) homes: Vec<HomeChoice>,
    pub(super) muted: usize,
    pub(super) zone: String,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// What is sent: a tick for each cell that is on, and the rest by name.
type Sent = BTreeMap<String, String>;

/// The form as if it had been sent just as things are.
fn sent_of(preferences: &Preferences, channels: &[KeptChannel], homes: &[HouseholdId]) -> Sent {
    let body = PreferencesBody::new(preferences, channels);
    let mut sent = Sent::new();
    for (kind, ways) in &body.kinds {
        for (way, told) in ways {
            if *told {
                sent.insert(cell_name(*kind, *way), "true".into());
            }
        }
    }
    for home in homes.iter().filter(|home| !preferences.muted_households.contains(home)) {
        sent.insert(format!("home.{home}"), "true".into());
    }
    if let Some(quiet) = body.quiet_hours {
        sent.insert("quiet".into(), "true".into());
        sent.insert("quiet_from".into(), quiet.from);
        sent.insert("quiet_to".into(), quiet.to);
    }
    if let Some(digest) = body.digest {
        sent.insert("digest".into(), digest.on.unwrap_or_else(|| "daily".into()));
        sent.insert("digest_at".into(), digest.at);
    }
    if let Some(language) = preferences.language {
        sent.insert("language".into(), language.code().into());
    }
    sent
}

fn cell_name(kind: Kind, way: Way) -> String {
    format!("{}.{way}", kind.as_str())
}

fn text<'s>(sent: &'s Sent, name: &str, otherwise: &'s str) -> &'s str {
    sent.get(name).map(String::as_str).filter(|text| !text.is_empty()).unwrap_or(otherwise)
}

/// What was chosen, or everything that is wrong with it.
fn read(
    sent: &Sent,
    before: &Preferences,
    channels: &[KeptChannel],
    homes: &[HouseholdId],
) -> Result<Preferences, Invalid> {
    let ways = || [Way::Inbox].into_iter().chain(channels.iter().map(|channel| Way::Channel(channel.id)));
    let told = |kind: Kind| {
        ways().map(move |way| (way, !kind.can_be_off() || sent.contains_key(&cell_name(kind, way))))
    };
    let at = |name: &str, otherwise: &str| text(sent, name, otherwise).to_owned();
    let digest = match text(sent, "digest", "off") {
        "off" => None,
        "daily" => Some(crate::http::DigestBody { on: None, at: at("digest_at", "18:00") }),
        day => Some(crate::http::DigestBody { on: Some(day.to_owned()), at: at("digest_at", "18:00") }),
    };
    let away = before.muted_households.iter().filter(|home| !homes.contains(home));
    let muted = homes.iter().filter(|home| !sent.contains_key(&format!("home.{home}")));
    let body = PreferencesBody {
        kinds: Kind::CHOSEN.into_iter().map(|kind| (kind, told(kind).collect())).collect(),
        muted_subscriptions: before.muted_subscriptions.iter().copied().collect(),
        muted_households: away.chain(muted).copied().collect(),
        quiet_hours: sent
            .contains_key("quiet")
            .then(|| crate::http::QuietBody { from: at("quiet_from", "22:00"), to: at("quiet_to", "07:00") }),
        digest,
        language: Language::ALL.into_iter().find(|language| language.code() == text(sent, "language", "")),
    };
    body.read()
}

pub(super) async fn show(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    page(&herald, &actor, None, Invalid::new(), notice(done.done.as_deref())).await
}

async fn page(
    herald: &Herald,
    actor: &Actor,
    sent: Option<Sent>,
    invalid: Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(herald, actor).await?;
    let (channels, homes) = (herald.channels(actor).await?, herald.homes(actor.user).await?);
    let ids: Vec<HouseholdId> = homes.iter().map(|home| home.household).collect();
    let status = if invalid.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let sent = sent.unwrap_or_else(|| sent_of(&frame.known.preferences, &channels, &ids));
    let quiet_from = Field::time("quiet_from", "From")
        .value(text(&sent, "quiet_from", "22:00"))
        .check(&invalid, "/quiet_hours/from");
    let quiet_to = Field::time("quiet_to", "Until")
        .value(text(&sent, "quiet_to", "07:00"))
        .check(&invalid, "/quiet_hours/to");
    let digest_at =
        Field::time("digest_at", "At").value(text(&sent, "digest_at", "18:00")).check(&invalid, "/digest/at");
    let mut shell = frame.shell("What you are told");
    shell.notice = notice;
    let choice = |home: &contracts::users::Home| HomeChoice {
        id: home.household.to_string(),
        name: home.name.clone(),
        told: sent.contains_key(&format!("home.{}", home.household)),
    };
    let template = Page {
        problems: problems([&quiet_from as &dyn Control, &quiet_to, &digest_at]),
        version: frame.known.preferences_version,
        headings: headings(&channels),
        rows: rows(&sent, &channels),
        quiet: Checkbox::new("quiet", "Keep quiet at certain hours", sent.contains_key("quiet")),
        quiet_from,
        quiet_to,
        digest: digest(text(&sent, "digest", "off")),
        digest_at,
        language: language(text(&sent, "language", "")),
        homes: if homes.len() > 1 { homes.iter().map(choice).collect() } else { Vec::new() },
        muted: frame.known.preferences.muted_subscriptions.len(),
        zone: frame.known.zone.name().to_owned(),
        shell,
    };
    render(status, &template)
}

fn headings(channels: &[KeptChannel]) -> Vec<Heading> {
    let heading = |channel: &KeptChannel| Heading {
        text: channel.name.clone(),
        note: match channel.state {
            ChannelState::On => "",
            ChannelState::Off => "off",
            ChannelState::Broken => "does not work",
        },
    };
    [Heading { text: "Inbox".into(), note: "" }].into_iter().chain(channels.iter().map(heading)).collect()
}

fn rows(sent: &Sent, channels: &[KeptChannel]) -> Vec<Row> {
    let ways: Vec<(Way, String)> = [(Way::Inbox, "Inbox".to_owned())]
        .into_iter()
        .chain(channels.iter().map(|channel| (Way::Channel(channel.id), channel.name.clone())))
        .collect();
    let row = |kind: Kind| {
        let cell = |(way, name): &(Way, String)| Cell {
            name: cell_name(kind, *way),
            label: format!("{}: {name}", kind.label()),
            on: !kind.can_be_off() || sent.contains_key(&cell_name(kind, *way)),
            fixed: !kind.can_be_off(),
        };
        Row { kind: kind.as_str(), label: kind.label(), cells: ways.iter().map(cell).collect() }
    };
    Kind::CHOSEN.into_iter().map(row).collect()
}

fn digest(value: &str) -> Select {
    let weekly = WEEKDAYS.map(|(_, name)| (name, format!("Every {}", super::frame::capital(name))));
    Select::new("digest", "What is not urgent comes")
        .choices([("off", "each by itself, at once"), ("daily", "gathered, every day")])
        .group("Gathered, once a week", weekly)
        .value(value)
}

fn language(value: &str) -> Select {
    Select::new("language", "Language")
        .choices([("", "That of your locale")])
        .choices(Language::ALL.map(|language| (language.code(), language.own_name())))
        .value(value)
        .hint("Dates and amounts are written as your locale has them.")
}

pub(super) async fn submit(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let known = herald.preferences(actor.user).await?;
    let channels = herald.channels(&actor).await?;
    let homes: Vec<HouseholdId> =
        herald.homes(actor.user).await?.into_iter().map(|home| home.household).collect();
    let chosen = match read(&sent, &known.preferences, &channels, &homes) {
        Ok(chosen) => chosen,
        Err(invalid) => return page(&herald, &actor, Some(sent), invalid, None).await,
    };
    let looked_at = sent.get("version").cloned().unwrap_or_default();
    let seen = |known: &crate::store::Known| {
        if known.preferences_version.to_string() == looked_at { Ok(()) } else { Err(HeraldError::Changed) }
    };
    match herald.set_preferences::<HeraldError>(&actor, seen, &chosen).await {
        Ok(_) => Ok(Redirect::to("/notifications/preferences?done=saved").into_response()),
        Err(HeraldError::Changed) => {
            let text = "It was changed elsewhere meanwhile. This is how it is now.";
            page(&herald, &actor, None, Invalid::new(), Some(Notice::new(Tone::Careful, text))).await
        }
        Err(error) => Err(error.into()),
    }
}

//! `/notifications/channels`: the ways by which somebody is told, and a test of each that shows what its provider said.

use std::{collections::BTreeMap, time::Duration};

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, ChannelId, Invalid};
use platform::http::{PathOf, Problem, Query, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Confirm, Control, Field, Problem as Wrong, problems},
};

use super::{
    Known,
    frame::{DeliveryLine, Frame, notice, render},
};
use crate::{
    channels::{Config, Question, Shape},
    domain::{ChannelKind, ChannelState},
    error::HeraldError,
    service::{ChannelChange, Herald},
    store::{DeliveryState, KeptChannel},
};

/// How long whoever tests a channel waits for its provider's word before they are shown what there is.
const PATIENCE: Duration = Duration::from_secs(6);
/// How often one looks meanwhile.
const LOOK: Duration = Duration::from_millis(100);
/// Deliveries that the page of a channel shows.
const LINES: u16 = 8;

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// A channel in the list.
struct Row {
    href: String,
    name: String,
    kind: &'static str,
    word: &'static str,
    tone: Tone,
    detail: String,
}

impl Row {
    fn new(channel: &KeptChannel, frame: &Frame) -> Self {
        let (word, tone) = match channel.state {
            ChannelState::On if channel.failures > 0 => ("Failing", Tone::Careful),
            ChannelState::On => ("On", Tone::Good),
            ChannelState::Off => ("Off", Tone::Calm),
            ChannelState::Broken => ("Does not work", Tone::Bad),
        };
        let rests = channel.rests_until.map(|until| format!("next try {}", frame.moment(until)));
        let detail = match channel.state {
            ChannelState::Broken => channel.reason.clone(),
            ChannelState::On => rests,
            ChannelState::Off => None,
        };
        Self {
            href: href(channel.id),
            name: channel.name.clone(),
            kind: channel.kind.label(),
            word,
            tone,
            detail: detail.unwrap_or_default(),
        }
    }
}

fn href(id: ChannelId) -> String {
    format!("/notifications/channels/{id}")
}

/// A kind that can be set up.
struct Offer {
    href: String,
    label: &'static str,
}

#[derive(Template)]
#[template(path = "channels.html")]
struct Channels {
    shell: Shell,
    rows: Vec<Row>,
    offers: Vec<Offer>,
}

pub(super) async fn list(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&herald, &actor).await?;
    let mut shell = frame.shell("Channels");
    shell.notice = notice(done.done.as_deref());
    let offer = |kind: ChannelKind| Offer {
        href: format!("/notifications/channels/new?kind={}", kind.as_str()),
        label: kind.label(),
    };
    let channels = herald.channels(&actor).await?;
    render(
        StatusCode::OK,
        &Channels {
            shell,
            rows: channels.iter().map(|channel| Row::new(channel, &frame)).collect(),
            offers: herald.offered().into_iter().map(offer).collect(),
        },
    )
}

/// A field for each question. What is secret is not shown, and stays when nothing is entered.
fn fields(kind: ChannelKind, sent: &Config, kept: bool, invalid: &Invalid) -> Vec<Field> {
    let field = |question: &Question| {
        let shown = sent.get(question.name).cloned().unwrap_or_default();
        let mut field = match question.shape {
            Shape::Text => Field::text(question.name, question.label).autocomplete("off"),
            Shape::Address => Field::url(question.name, question.label),
            Shape::Secret | Shape::SecretAddress => Field::password(question.name, question.label, "off"),
            Shape::Template => Field::area(question.name, question.label),
        };
        let keeps = kept && question.shape.is_secret();
        field = field.hint(if keeps {
            format!("{} Leave it empty to keep what you entered.", question.hint)
        } else {
            question.hint.to_owned()
        });
        if !question.shape.is_secret() {
            field = field.value(shown);
        }
        if let Some(default) = question.default {
            field = field.optional().placeholder(default);
        } else if keeps {
            field = field.optional();
        }
        field.max_length(4000).check(invalid, &format!("/config/{}", question.name))
    };
    Herald::questions(kind).iter().map(field).collect()
}

fn name_field(value: &str, kind: ChannelKind, invalid: &Invalid) -> Field {
    Field::text("channel_name", "What you call it")
        .optional()
        .autocomplete("off")
        .max_length(60)
        .placeholder(kind.label())
        .value(value)
        .check(invalid, "/name")
}

fn wrong(name: &Field, fields: &[Field]) -> Vec<Wrong> {
    problems(std::iter::once(name as &dyn Control).chain(fields.iter().map(|field| field as &dyn Control)))
}

/// What is sent: the answers by name, and the name of the channel.
type Sent = BTreeMap<String, String>;

fn answers(kind: ChannelKind, sent: &Sent) -> Config {
    let asked = Herald::questions(kind).iter();
    asked.filter_map(|question| Some((question.name.to_owned(), sent.get(question.name)?.clone()))).collect()
}

/// A browser is asked by a script, which fills in its answers.
#[derive(Template)]
#[template(path = "channel_push.html")]
struct NewBrowser {
    shell: Shell,
    kind: &'static str,
    label: &'static str,
    /// Who may tell it things.
    key: String,
    problems: Vec<Wrong>,
    name: Field,
}

#[derive(Template)]
#[template(path = "channel_new.html")]
struct New {
    shell: Shell,
    kind: &'static str,
    label: &'static str,
    problems: Vec<Wrong>,
    name: Field,
    fields: Vec<Field>,
}

/// Which kind is to be set up.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    kind: String,
}

fn offered(herald: &Herald, word: &str) -> Result<ChannelKind, HeraldError> {
    let kind: ChannelKind = word.parse().map_err(|_| HeraldError::NotFound)?;
    if herald.offered().contains(&kind) { Ok(kind) } else { Err(HeraldError::NotFound) }
}

pub(super) async fn new(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let kind = offered(&herald, &asked.kind)?;
    new_page(&herald, &actor, kind, &Sent::new(), &Invalid::new()).await
}

async fn new_page(
    herald: &Herald,
    actor: &Actor,
    kind: ChannelKind,
    sent: &Sent,
    invalid: &Invalid,
) -> Result<Response, Problem> {
    let frame = Frame::of(herald, actor).await?;
    let name = name_field(sent.get("channel_name").map_or("", String::as_str), kind, invalid);
    let fields = fields(kind, sent, false, invalid);
    let status = if invalid.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if kind == ChannelKind::WebPush {
        let page = NewBrowser {
            shell: frame.shell(kind.label()),
            kind: kind.as_str(),
            label: kind.label(),
            key: herald.web_push.public_key(),
            problems: wrong(&name, &fields),
            name,
        };
        return render(status, &page);
    }
    let page = New {
        shell: frame.shell(kind.label()),
        kind: kind.as_str(),
        label: kind.label(),
        problems: wrong(&name, &fields),
        name,
        fields,
    };
    render(status, &page)
}

pub(super) async fn add(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let kind = offered(&herald, sent.get("kind").map_or("", String::as_str))?;
    let name = sent.get("channel_name").map_or("", String::as_str);
    match herald.add_channel(&actor, kind, name, &answers(kind, &sent)).await {
        // What it is worth shows at once.
        Ok(channel) => try_out(&herald, &actor, channel.id).await,
        Err(HeraldError::Invalid(invalid)) => new_page(&herald, &actor, kind, &sent, &invalid).await,
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "channel.html")]
struct One {
    shell: Shell,
    row: Row,
    address: String,
    is_on: bool,
    is_broken: bool,
    /// Whether what is kept is a browser's own, which nobody can type.
    is_browser: bool,
    /// What a webhook's receiver checks its requests with.
    signing: bool,
    problems: Vec<Wrong>,
    version: i64,
    name: Field,
    fields: Vec<Field>,
    lines: Vec<DeliveryLine>,
    remove: Confirm,
}

pub(super) async fn show(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let channel = herald.channel(&actor, id).await?;
    page(&herald, &actor, &channel, None, &Invalid::new(), notice(done.done.as_deref())).await
}

async fn page(
    herald: &Herald,
    actor: &Actor,
    channel: &KeptChannel,
    sent: Option<&Sent>,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(herald, actor).await?;
    let kept = herald.config(channel).unwrap_or_default();
    let name = sent.and_then(|sent| sent.get("channel_name")).map_or(channel.name.as_str(), String::as_str);
    let name = name_field(name, channel.kind, invalid);
    let mut fields = fields(channel.kind, sent.unwrap_or(&kept), true, invalid);
    if channel.kind == ChannelKind::WebPush {
        fields.clear();
    }
    let deliveries = herald.deliveries(actor, Some(channel.id), None, None, LINES).await?;
    let channels = herald.channels(actor).await?;
    let mut shell = frame.shell(channel.name.clone());
    shell.notice = notice;
    let status = if invalid.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lines = deliveries.iter().take(LINES.into());
    let page = One {
        shell,
        row: Row::new(channel, &frame),
        address: href(channel.id),
        is_on: channel.state == ChannelState::On,
        is_broken: channel.state == ChannelState::Broken,
        is_browser: channel.kind == ChannelKind::WebPush,
        signing: channel.kind == ChannelKind::Webhook,
        problems: wrong(&name, &fields),
        version: channel.version,
        name,
        fields,
        lines: lines.map(|kept| DeliveryLine::new(kept, &channels, &frame)).collect(),
        remove: removing(channel),
    };
    render(status, &page)
}

fn removing(channel: &KeptChannel) -> Confirm {
    Confirm {
        id: "remove".into(),
        title: format!("Take {} away?", channel.name),
        text: "Nothing goes by it any more, and what you entered is forgotten.".into(),
        action: format!("{}/remove", href(channel.id)),
        verb: "Take it away".into(),
        keep: "Keep it".into(),
        back: href(channel.id),
        danger: true,
        hidden: vec![],
    }
}

pub(super) async fn change(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let channel = herald.channel(&actor, id).await?;
    let secret = |name: &String| {
        Herald::questions(channel.kind)
            .iter()
            .any(|each| each.name == name.as_str() && each.shape.is_secret())
    };
    let mut config = answers(channel.kind, &sent);
    config.retain(|name, answer| !(secret(name) && answer.trim().is_empty()));
    let change = ChannelChange { name: sent.get("channel_name").cloned(), config, on: None };
    let looked_at = sent.get("version").cloned().unwrap_or_default();
    let seen = |kept: &KeptChannel| {
        if kept.version.to_string() == looked_at { Ok(()) } else { Err(HeraldError::Changed) }
    };
    match herald.change_channel::<HeraldError>(&actor, id, seen, &change).await {
        Ok(_) => try_out(&herald, &actor, id).await,
        Err(HeraldError::Invalid(invalid)) => {
            page(&herald, &actor, &channel, Some(&sent), &invalid, None).await
        }
        Err(HeraldError::Changed) => {
            let channel = herald.channel(&actor, id).await?;
            let text = "It was changed elsewhere meanwhile. This is how it is now.";
            let notice = Some(Notice::new(Tone::Careful, text));
            page(&herald, &actor, &channel, None, &Invalid::new(), notice).await
        }
        Err(error) => Err(error.into()),
    }
}

/// On or off.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    on: String,
}

pub(super) async fn switch(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
    Form(sent): Form<Switch>,
) -> Result<Response, Problem> {
    let on = sent.on == "true";
    let change = ChannelChange { on: Some(on), ..ChannelChange::default() };
    herald.change_channel::<HeraldError>(&actor, id, |_| Ok(()), &change).await?;
    let done = if on { "channel_on" } else { "channel_off" };
    Ok(Redirect::to(&format!("{}?done={done}", href(id))).into_response())
}

pub(super) async fn test(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
) -> Result<Response, Problem> {
    try_out(&herald, &actor, id).await
}

/// Sends a test, and leads to what came of it.
async fn try_out(herald: &Herald, actor: &Actor, id: ChannelId) -> Result<Response, Problem> {
    let delivery = herald.test_channel(actor, id).await?;
    let looking = async {
        loop {
            tokio::time::sleep(LOOK).await;
            let (kept, _) = herald.delivery(actor, delivery).await?;
            if kept.state != DeliveryState::Planned || kept.tries > 0 {
                return Ok::<_, HeraldError>(());
            }
        }
    };
    // Whatever takes longer is looked at there.
    if let Ok(found) = tokio::time::timeout(PATIENCE, looking).await {
        found?;
    }
    Ok(Redirect::to(&format!("/notifications/deliveries/{delivery}")).into_response())
}

#[derive(Template)]
#[template(path = "channel_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    confirm: Confirm,
}

pub(super) async fn ask_to_remove(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
) -> Result<Response, Problem> {
    let channel = herald.channel(&actor, id).await?;
    let shell = Frame::of(&herald, &actor).await?.shell("Take it away");
    render(StatusCode::OK, &ConfirmPage { shell, confirm: removing(&channel) })
}

pub(super) async fn remove(
    State(herald): Known,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(id): PathOf<ChannelId>,
) -> Result<Response, Problem> {
    herald.remove_channel::<HeraldError>(&actor, id, |_| Ok(())).await?;
    Ok(Redirect::to("/notifications/channels?done=channel_removed").into_response())
}

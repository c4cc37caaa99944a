//! `/notifications/webhooks`: addresses that are told of what happens in a household.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::{Actor, Invalid, WebhookId, WebhookMessageId};
use platform::http::{PathOf, Problem, Query, Visitor, VisitorToChange};
use serde::Deserialize;
use web::{
    Notice, Shell, Tone,
    view::{Confirm, Control, Field, Problem as Wrong, problems},
};

use super::{
    Known,
    frame::{Frame, render},
};
use crate::{
    domain::{ChannelState, HEARD},
    error::HeraldError,
    service::{Herald, WebhookChange},
    store::{DeliveryState, KeptMessage, KeptWebhook},
};

/// Messages that the page of one shows.
const LINES: u16 = 20;

fn href(id: WebhookId) -> String {
    format!("/notifications/webhooks/{id}")
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Done {
    done: Option<String>,
}

fn notice(done: Option<&str>) -> Option<Notice> {
    let text = match done? {
        "saved" => "Saved. It holds for what happens from now on.",
        "test" => "A test is on its way. What came of it is below.",
        "on" => "It is on, and told of what happens from now on.",
        "off" => "It is off. What was still to be told is not.",
        "again" => "On its way again.",
        "removed" => "It is gone.",
        _ => return None,
    };
    Some(Notice::new(Tone::Good, text))
}

/// One in the list.
struct Row {
    href: String,
    name: String,
    word: &'static str,
    tone: Tone,
    detail: String,
}

impl Row {
    fn new(herald: &Herald, webhook: &KeptWebhook, frame: &Frame) -> Self {
        let (word, tone) = match webhook.state {
            ChannelState::On if webhook.failures > 0 => ("Failing", Tone::Careful),
            ChannelState::On => ("On", Tone::Good),
            ChannelState::Off => ("Off", Tone::Calm),
            ChannelState::Broken => ("Turned off", Tone::Bad),
        };
        let rests = webhook.rests_until.map(|until| format!("next try {}", frame.moment(until)));
        let why = match webhook.state {
            ChannelState::Broken => webhook.reason.clone(),
            ChannelState::On => rests,
            ChannelState::Off => None,
        };
        let address = herald.webhook_address(webhook).unwrap_or_default();
        let detail = why.map_or_else(|| address.clone(), |why| format!("{address} · {why}"));
        Self { href: href(webhook.id), name: webhook.name.clone(), word, tone, detail }
    }
}

/// An event that can be chosen.
struct Choice {
    kind: &'static str,
    on: bool,
}

/// What a form holds.
#[derive(Debug, Clone, Default)]
struct Sent {
    name: String,
    url: String,
    kinds: Vec<String>,
    version: i64,
}

impl Sent {
    /// A tick is a field of its own, named `event.` and the kind.
    fn read(pairs: &[(String, String)]) -> Self {
        let mut sent = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "name" => sent.name.clone_from(value),
                "url" => sent.url.clone_from(value),
                "version" => sent.version = value.parse().unwrap_or(0),
                other => sent.kinds.extend(other.strip_prefix("event.").map(str::to_owned)),
            }
        }
        sent
    }

    fn change(&self) -> WebhookChange {
        // Everything is told as everything, so that what comes to be told later is told too.
        let all = HEARD.iter().all(|kind| self.kinds.iter().any(|each| each == kind));
        WebhookChange {
            name: Some(self.name.clone()),
            url: Some(self.url.trim().to_owned()),
            kinds: Some(if all { Vec::new() } else { self.kinds.clone() }),
            on: None,
        }
    }
}

/// The fields of the form.
struct Fields {
    problems: Vec<Wrong>,
    url: Field,
    name: Field,
    choices: Vec<Choice>,
}

impl Fields {
    fn new(sent: &Sent, invalid: &Invalid) -> Self {
        let url = Field::url("url", "Address")
            .hint("It gets a POST with JSON for every event, signed as Standard Webhooks.")
            .max_length(4000)
            .value(sent.url.as_str())
            .check(invalid, "/url");
        let name = Field::text("name", "What you call it")
            .optional()
            .autocomplete("off")
            .max_length(60)
            .value(sent.name.as_str())
            .check(invalid, "/name");
        let on = |kind: &str| sent.kinds.is_empty() || sent.kinds.iter().any(|each| each == kind);
        let choices = HEARD.iter().map(|kind| Choice { kind, on: on(kind) }).collect();
        Self { problems: problems([&url as &dyn Control, &name]), url, name, choices }
    }
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct ListPage {
    shell: Shell,
    rows: Vec<Row>,
    may_change: bool,
    fields: Fields,
}

pub(super) async fn list(
    State(herald): Known,
    Visitor(actor): Visitor,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    list_page(&herald, &actor, &Sent::default(), &Invalid::new(), notice(done.done.as_deref())).await
}

async fn list_page(
    herald: &Herald,
    actor: &Actor,
    sent: &Sent,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Result<Response, Problem> {
    let frame = Frame::of(herald, actor).await?;
    let mut shell = frame.shell("Webhooks");
    shell.notice = notice;
    let webhooks = herald.webhooks(actor).await?;
    let page = ListPage {
        shell,
        rows: webhooks.iter().map(|webhook| Row::new(herald, webhook, &frame)).collect(),
        may_change: actor.access.may_change(),
        fields: Fields::new(sent, invalid),
    };
    render(status(invalid), &page)
}

fn status(invalid: &Invalid) -> StatusCode {
    if invalid.errors().is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
}

pub(super) async fn add(
    State(herald): Known,
    Visitor(actor): Visitor,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent::read(&pairs);
    match herald.add_webhook(&actor, &sent.change()).await {
        Ok((webhook, secret)) => {
            page(&herald, &actor, &webhook, None, &Invalid::new(), (None, Some(secret))).await
        }
        Err(HeraldError::Invalid(invalid)) => list_page(&herald, &actor, &sent, &invalid, None).await,
        Err(error) => Err(error.into()),
    }
}

/// What one was told, in a line.
struct Line {
    href: String,
    kind: String,
    word: &'static str,
    tone: Tone,
    detail: String,
    when: String,
}

impl Line {
    fn new(webhook: WebhookId, kept: &KeptMessage, frame: &Frame) -> Self {
        let (word, tone) = match kept.state {
            DeliveryState::Planned if kept.tried > 0 => ("Trying again", Tone::Careful),
            DeliveryState::Planned => ("On its way", Tone::Calm),
            DeliveryState::Sent => ("Taken", Tone::Good),
            DeliveryState::Failed => ("Given up", Tone::Bad),
            DeliveryState::Cancelled => ("Not sent", Tone::Calm),
        };
        let mut parts: Vec<String> = kept.reason.iter().cloned().collect();
        if kept.tried > 1 {
            parts.push(format!("{} tries", kept.tried));
        }
        Self {
            href: format!("{}/messages/{}", href(webhook), kept.id),
            kind: kept.kind.clone(),
            word,
            tone,
            detail: parts.join(" · "),
            when: frame.moment(kept.finished_at.unwrap_or(kept.created_at)),
        }
    }
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct OnePage {
    shell: Shell,
    row: Row,
    address: String,
    is_on: bool,
    is_broken: bool,
    may_change: bool,
    /// What it is signed with, in the answer that made it.
    secret: Option<String>,
    version: i64,
    fields: Fields,
    lines: Vec<Line>,
    /// Whether there is something it did not take.
    missed: bool,
    remove: Confirm,
}

async fn page(
    herald: &Herald,
    actor: &Actor,
    webhook: &KeptWebhook,
    sent: Option<&Sent>,
    invalid: &Invalid,
    (notice, secret): (Option<Notice>, Option<String>),
) -> Result<Response, Problem> {
    let frame = Frame::of(herald, actor).await?;
    let mut shell = frame.shell(webhook.name.clone());
    shell.notice = notice;
    let kept = Sent {
        name: webhook.name.clone(),
        url: herald.webhook_address(webhook).unwrap_or_default(),
        kinds: webhook.kinds.clone(),
        version: webhook.version,
    };
    let messages = herald.webhook_messages(actor, webhook.id, None, None, LINES).await?;
    let missed = |each: &KeptMessage| matches!(each.state, DeliveryState::Failed | DeliveryState::Cancelled);
    let page = OnePage {
        shell,
        row: Row::new(herald, webhook, &frame),
        address: href(webhook.id),
        is_on: webhook.state == ChannelState::On,
        is_broken: webhook.state == ChannelState::Broken,
        may_change: actor.access.may_change(),
        secret,
        version: webhook.version,
        fields: Fields::new(sent.unwrap_or(&kept), invalid),
        missed: messages.iter().any(missed),
        lines: messages.iter().take(LINES.into()).map(|each| Line::new(webhook.id, each, &frame)).collect(),
        remove: removing(webhook),
    };
    render(status(invalid), &page)
}

pub(super) async fn show(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
    Query(done): Query<Done>,
) -> Result<Response, Problem> {
    let webhook = herald.webhook(&actor, id).await?;
    page(&herald, &actor, &webhook, None, &Invalid::new(), (notice(done.done.as_deref()), None)).await
}

fn to(id: WebhookId, done: &str) -> Response {
    Redirect::to(&format!("{}?done={done}", href(id))).into_response()
}

pub(super) async fn change(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent::read(&pairs);
    let seen = |kept: &KeptWebhook| {
        if kept.version == sent.version { Ok(()) } else { Err(HeraldError::Changed) }
    };
    match herald.change_webhook::<HeraldError>(&actor, id, seen, &sent.change()).await {
        Ok(_) => Ok(to(id, "saved")),
        Err(HeraldError::Invalid(invalid)) => {
            let webhook = herald.webhook(&actor, id).await?;
            page(&herald, &actor, &webhook, Some(&sent), &invalid, (None, None)).await
        }
        Err(HeraldError::Changed) => {
            let webhook = herald.webhook(&actor, id).await?;
            let text = "It was changed elsewhere meanwhile. This is how it is now.";
            let notice = Some(Notice::new(Tone::Careful, text));
            page(&herald, &actor, &webhook, None, &Invalid::new(), (notice, None)).await
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn rotate(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    let (webhook, secret, _) = herald.rotate_webhook(&actor, id).await?;
    let notice = Notice::new(
        Tone::Good,
        "There is a new secret. For a day requests are signed with the one before too.",
    );
    page(&herald, &actor, &webhook, None, &Invalid::new(), (Some(notice), Some(secret))).await
}

pub(super) async fn test(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    herald.test_webhook(&actor, id).await?;
    Ok(to(id, "test"))
}

/// On or off.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Switch {
    on: String,
}

pub(super) async fn switch(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
    Form(sent): Form<Switch>,
) -> Result<Response, Problem> {
    let on = sent.on == "true";
    let change = WebhookChange { on: Some(on), ..WebhookChange::default() };
    herald.change_webhook::<HeraldError>(&actor, id, |_| Ok(()), &change).await?;
    Ok(to(id, if on { "on" } else { "off" }))
}

pub(super) async fn resend_missed(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    herald.resend_missed(&actor, id).await?;
    Ok(to(id, "again"))
}

fn removing(webhook: &KeptWebhook) -> Confirm {
    Confirm {
        id: "remove".into(),
        title: format!("Take {} away?", webhook.name),
        text: "It is told nothing any more, and what it was told is forgotten.".into(),
        action: format!("{}/remove", href(webhook.id)),
        verb: "Take it away".into(),
        keep: "Keep it".into(),
        back: href(webhook.id),
        danger: true,
        hidden: vec![],
    }
}

#[derive(Template)]
#[template(path = "channel_confirm.html")]
struct ConfirmPage {
    shell: Shell,
    confirm: Confirm,
}

pub(super) async fn ask_to_remove(
    State(herald): Known,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    let webhook = herald.webhook(&actor, id).await?;
    let shell = Frame::of(&herald, &actor).await?.shell("Take it away");
    render(StatusCode::OK, &ConfirmPage { shell, confirm: removing(&webhook) })
}

pub(super) async fn remove(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<WebhookId>,
) -> Result<Response, Problem> {
    herald.remove_webhook::<HeraldError>(&actor, id, |_| Ok(())).await?;
    Ok(Redirect::to("/notifications/webhooks?done=removed").into_response())
}

/// A try.
struct Try {
    word: &'static str,
    tone: Tone,
    when: String,
    took: String,
    said: String,
}

#[derive(Template)]
#[template(path = "webhook_message.html")]
struct MessagePage {
    shell: Shell,
    line: Line,
    back: String,
    name: String,
    body: String,
    can_resend: bool,
    tries: Vec<Try>,
}

pub(super) async fn message(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf((id, message)): PathOf<(WebhookId, WebhookMessageId)>,
) -> Result<Response, Problem> {
    let webhook = herald.webhook(&actor, id).await?;
    let (kept, attempts) = herald.webhook_message(&actor, id, message).await?;
    let frame = Frame::of(&herald, &actor).await?;
    let body: serde_json::Value = serde_json::from_str(&kept.body).unwrap_or_default();
    let tries = attempts.into_iter().map(|attempt| {
        let (word, tone) = match attempt.outcome.as_str() {
            "accepted" => ("Taken", Tone::Good),
            "gone" => ("Gone", Tone::Bad),
            _ => ("Not taken", Tone::Careful),
        };
        Try {
            word,
            tone,
            when: frame.moment(attempt.began_at),
            took: format!("{} ms", attempt.took_ms),
            said: attempt.said,
        }
    });
    let page = MessagePage {
        shell: frame.shell(kept.kind.clone()),
        line: Line::new(id, &kept, &frame),
        back: href(id),
        can_resend: actor.access.may_change()
            && webhook.state == ChannelState::On
            && kept.state != DeliveryState::Planned,
        name: webhook.name,
        body: format!("{body:#}"),
        tries: tries.collect(),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn resend(
    State(herald): Known,
    Visitor(actor): Visitor,
    PathOf((id, message)): PathOf<(WebhookId, WebhookMessageId)>,
) -> Result<Response, Problem> {
    herald.resend(&actor, id, message).await?;
    Ok(to(id, "again"))
}

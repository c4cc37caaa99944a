//! `/add`

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::Account;
use jiff::civil::Date;
use kernel::{Currency, MessageId};
use platform::http::{PathOf, Problem, Visitor, VisitorToChange};
use serde::Deserialize;
use web::{
    Manner, Notice, Shell, Tone,
    view::{QuickAdd, Reading, Standing},
};

use super::{broken, manner, prefill, shell, shown};
use crate::{
    Reader,
    answer::{Answer, AnswerStatus, ReadingBody},
    service::{Channel, Incoming},
};

/// When the browser looks again by itself whether there is an answer.
const LOOK_AGAIN: HeaderValue = HeaderValue::from_static("2");

/// What is said meanwhile.
const STILL_READING: &str =
    "Still reading: a language model is asked about what you said. This page looks again by itself.";

#[derive(Template)]
#[template(path = "add.html")]
struct Add {
    shell: Shell,
    quick: QuickAdd,
    results: Vec<Outcome>,
    examples: Vec<(String, &'static str)>,
}

/// What a page shows beside the line.
#[derive(Default)]
struct Shown {
    text: String,
    results: Vec<Outcome>,
    waits: bool,
    note: Option<String>,
}

/// How something was read, and what one can do about it.
pub(super) struct Outcome {
    pub(super) reading: Reading,
    pub(super) ways: Vec<Way>,
}

/// A button that leads somewhere.
pub(super) struct Way {
    pub(super) words: &'static str,
    pub(super) href: String,
    pub(super) kind: &'static str,
    pub(super) icon: &'static str,
}

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    text: String,
    /// Where the words come from: shared, where another app brought them; else typed.
    channel: String,
}

pub(super) async fn show(
    State(reader): State<Arc<Reader>>,
    VisitorToChange(actor): VisitorToChange,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let currency = account.profile.currency;
    let shell = shell(&reader, &actor, &account, today).await;
    page(StatusCode::OK, shell, currency, Shown::default())
}

pub(super) async fn submit(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let channel = Channel::named(&sent.channel);
    let answer = reader.commit(&actor, &Incoming { channel, ..Incoming::typed(sent.text.clone()) }).await?;
    if answer.status == AnswerStatus::Processing
        && let Some(id) = answer.id
    {
        return Ok(Redirect::to(&format!("/add/{id}")).into_response());
    }
    let shell = shell(&reader, &actor, &account, today).await;
    answered(&answer, sent.text, shell, &account, today)
}

/// What became of words that a language model was asked about.
pub(super) async fn result(
    State(reader): State<Arc<Reader>>,
    VisitorToChange(actor): VisitorToChange,
    PathOf(id): PathOf<MessageId>,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let answer = reader.answer(&actor, id).await?;
    let shell = shell(&reader, &actor, &account, today).await;
    answered(&answer, String::new(), shell, &account, today)
}

fn answered(
    answer: &Answer,
    text: String,
    shell: Shell,
    account: &Account,
    today: Date,
) -> Result<Response, Problem> {
    let status = match answer.status {
        AnswerStatus::Applied => return Ok(Redirect::to(&done(answer)).into_response()),
        AnswerStatus::NeedsConfirmation | AnswerStatus::Processing => StatusCode::OK,
        AnswerStatus::Refused => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let waits = answer.status == AnswerStatus::Processing;
    let results = outcomes(answer, &manner(account, today));
    let shown = Shown { text, results, waits, note: answer.note.clone() };
    let mut response = page(status, shell, account.profile.currency, shown)?;
    if waits {
        response.headers_mut().insert(header::REFRESH, LOOK_AGAIN);
    }
    Ok(response)
}

/// Where to see what was done: the subscription itself where it was one.
fn done(answer: &Answer) -> String {
    match answer.readings.as_slice() {
        [ReadingBody { payment_id: Some(id), event, .. }] => {
            let done = match event.as_str() {
                "payment.failed" => "payment-failed",
                "payment.refunded" => "payment-refunded",
                _ => "payment-paid",
            };
            format!("/payments/{id}?done={done}")
        }
        [ReadingBody { subscription_id: Some(id), event, .. }] => {
            let done = match event.as_str() {
                "subscription.created" => "added",
                "subscription.paused" => "paused",
                "subscription.resumed" => "resumed",
                "subscription.cancelled" => "cancelled",
                _ => "saved",
            };
            format!("/subscriptions/{id}?done={done}")
        }
        _ => "/dashboard?done=added".into(),
    }
}

/// What became of each reading.
pub(super) fn outcomes(answer: &Answer, manner: &Manner) -> Vec<Outcome> {
    let shown = shown::answer(answer, manner);
    if answer.refusal.is_some() {
        return shown.into_iter().map(|reading| Outcome { reading, ways: Vec::new() }).collect();
    }
    shown.into_iter().zip(&answer.readings).map(|(reading, body)| outcome(reading, body)).collect()
}

/// What would become of each reading, and where what is asked can be answered.
pub(super) fn looked_at(answer: &Answer, manner: &Manner) -> Vec<Outcome> {
    let plain = |reading| Outcome { reading, ways: Vec::new() };
    let shown = shown::answer(answer, manner);
    if answer.refusal.is_some() {
        return shown.into_iter().map(plain).collect();
    }
    let asked = |(reading, body): (Reading, &ReadingBody)| match body.question {
        Some(_) => outcome(reading, body),
        None => plain(reading),
    };
    shown.into_iter().zip(&answer.readings).map(asked).collect()
}

fn outcome(mut reading: Reading, body: &ReadingBody) -> Outcome {
    let way = |words, href, kind, icon| Way { words, href, kind, icon };
    let own = |id: &dyn std::fmt::Display| format!("/subscriptions/{id}");
    let ways = match (&body.question, &body.subscription_id, &body.duplicate_of) {
        (None, Some(id), _) => {
            reading.standing = Standing::Done;
            reading.lead = "Done".into();
            vec![way("Show it", own(id), "secondary", "")]
        }
        (None, None, _) => vec![],
        (Some(_), _, Some(known)) => vec![
            way("Add another one", prefill::form(body), "primary", "plus"),
            way("Show the one there is", own(known), "secondary", ""),
        ],
        (Some(_), Some(id), None) => vec![way("Show it", own(id), "primary", "")],
        (Some(_), None, None) if body.event == "subscription.created" => {
            vec![way("Fill in the rest", prefill::form(body), "primary", "edit")]
        }
        (Some(_), None, None) => {
            vec![way("Find it in the list", prefill::list(body.name.as_deref()), "primary", "search")]
        }
    };
    Outcome { reading, ways }
}

fn page(status: StatusCode, shell: Shell, currency: Currency, shown: Shown) -> Result<Response, Problem> {
    let Shown { text, results, waits, note } = shown;
    let shell = match note {
        _ if waits => shell.with_notice(Notice::new(Tone::Calm, STILL_READING).with_action("Look again", "")),
        Some(note) => shell.with_notice(Notice::new(Tone::Careful, note)),
        None => shell,
    };
    // A line has no line breaks: browsers leave them out, and words would run together.
    let text = text.split(['\r', '\n']).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    let quick = QuickAdd { text, autofocus: !waits, ..QuickAdd::default() };
    let page = Add { shell, quick, results, examples: examples(currency) };
    web::page_with(status, &page).map_err(broken)
}

/// Words that work, in the person's own currency.
fn examples(currency: Currency) -> Vec<(String, &'static str)> {
    let mark = currency.symbol();
    vec![
        (format!("Netflix {mark}499 monthly"), "Counts from today, once a month."),
        (
            format!("Domain {mark}1200 a year since 31 January"),
            "Fills in the charges since, and keeps the 31st.",
        ),
        (format!("Notion free until 20 June, then {mark}800 a month"), "Tracks the trial and when it ends."),
        ("pause Spotify".into(), "Stops counting it until you resume it."),
        (format!("Netflix now costs {mark}649"), "Keeps the old price in its history."),
    ]
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use jiff::civil::date;
    use kernel::Cycle;

    use super::*;
    use crate::{
        answer::{PromotionBody, RefusalBody},
        domain::{self, Context},
        pages::while_typing::Readings,
    };

    const NASTY: &str = "\"><script>alert(1)</script><b>اسم&";

    fn manner() -> Manner {
        Manner::new("en-IN".parse().unwrap(), date(2026, 5, 5))
    }

    fn read(text: &str) -> ReadingBody {
        let locale = "en-IN".parse().unwrap();
        let context = Context { today: date(2026, 5, 5), locale, currency: Currency::INR };
        match domain::read(text, &context) {
            domain::Outcome::Readings(readings) => ReadingBody::new(&readings[0]),
            domain::Outcome::Refused(refusal) => panic!("{}", refusal.detail),
        }
    }

    fn asking(text: &str) -> ReadingBody {
        ReadingBody { question: Some("How much is it?".into()), ..read(text) }
    }

    async fn html(answer: &Answer, text: &str) -> String {
        let shell = Shell::new("Add", manner());
        let status = StatusCode::OK;
        let results = outcomes(answer, &manner());
        let waits = answer.status == AnswerStatus::Processing;
        let shown = Shown { text: text.into(), results, waits, note: answer.note.clone() };
        let page = page(status, shell, Currency::INR, shown).unwrap();
        let bytes = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(!html.contains("<b>") && !html.contains(" style=") && !html.contains("<script>"), "{html}");
        html
    }

    fn chips(reading: &Reading) -> Vec<&str> {
        reading.chips.iter().map(|chip| chip.value.as_str()).collect()
    }

    #[test]
    fn the_main_sentence_is_shown_as_it_will_be_tracked() {
        let reading = shown::reading(&read("Netflix ₹499 monthly"), &manner());
        assert_eq!((reading.standing, reading.lead.as_str()), (Standing::Ready, "Adds a subscription"));
        assert_eq!(
            chips(&reading),
            ["Netflix", "₹499.00", "monthly", "from today, then 5 Jun 2026", "Entertainment"]
        );
        let html = Readings { readings: vec![reading] }.render().unwrap();
        assert!(html.contains("<bdi>₹499.00</bdi>") && !html.contains("<html"), "{html}");
    }

    #[tokio::test]
    async fn what_is_missing_is_asked_with_the_rest_filled_in() {
        let answer = Answer::read(vec![asking("Netflix monthly")]);
        let html = html(&answer, "Netflix monthly").await;
        assert!(html.contains("How much is it?") && html.contains("How much?"), "{html}");
        let link = "/subscriptions/new?name=Netflix&#38;every=1&#38;unit=month";
        assert!(html.contains(link), "{html}");
    }

    #[tokio::test]
    async fn a_double_offers_both_ways() {
        let double = ReadingBody {
            duplicate_of: Some("sub_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap()),
            question: Some("Netflix is tracked already. Is this another one?".into()),
            ..read("Netflix ₹499 monthly")
        };
        let html = html(&Answer::read(vec![double]), "Netflix ₹499 monthly").await;
        assert!(html.contains("/subscriptions/sub_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f\""), "{html}");
        assert!(html.contains("amount=499%2E00&#38;currency=INR"), "{html}");
    }

    #[tokio::test]
    async fn awkward_words_stay_words() {
        let mut body = asking("Netflix ₹499 monthly");
        body.name = Some(NASTY.into());
        body.plan = Some("long ".repeat(200));
        body.question = Some(NASTY.into());
        body.category = Some(NASTY.into());
        body.promotion = Some(PromotionBody {
            price: body.price.unwrap(),
            lasts: Cycle::new(3, kernel::Unit::Month).unwrap(),
        });
        body.missing =
            ["name", "price", "cycle", "event", "plan", "promotion", "trial_ends_on", "effective_on"]
                .map(String::from)
                .to_vec();
        body.trial_ends_on = Some(date(2026, 6, 5));
        body.effective_on = Some(date(2026, 6, 5));
        let html = html(&Answer::read(vec![body]), NASTY).await;
        assert!(html.contains("8 things are missing") && html.contains("₹499.00 for 3 months"), "{html}");
    }

    #[tokio::test]
    async fn a_refusal_says_why_and_what_to_do() {
        let refusal = RefusalBody { reason: "one_off_purchase".into(), detail: NASTY.into() };
        let mut answer = Answer::read(vec![]);
        answer.status = AnswerStatus::Refused;
        answer.refusal = Some(refusal);
        let html = html(&answer, "").await;
        assert!(html.contains("say how often"), "{html}");
    }

    #[tokio::test]
    async fn waiting_is_shown_and_what_could_not_be_done_is_said() {
        let id = "msg_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap();
        let page = html(&Answer::processing(id), "").await;
        assert!(page.contains("Still reading") && !page.contains("autofocus"), "{page}");
        let mut answer = Answer::read(vec![asking("Netflix monthly")]);
        answer.note = Some(NASTY.into());
        assert!(html(&answer, "").await.contains("alert(1)"));
    }

    #[test]
    fn what_is_offered_as_an_example_is_understood() {
        for (words, _) in examples(Currency::INR) {
            let body = read(&words);
            assert!(body.missing.is_empty() && body.confidence >= 0.6, "{words}: {body:?}");
        }
    }
}

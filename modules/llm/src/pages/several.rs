//! `/add/list`: a list, a line each; how every line is read, and what became of it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Invalid;
use platform::http::{Problem, Visitor, VisitorToChange};
use serde::Deserialize;
use web::{
    Manner, Notice, Shell, Tone,
    view::{Control, Field, Problem as Wrong, Reading, Standing, problems},
};

use super::{
    add::{Outcome, Way, looked_at, outcomes},
    broken, manner, shell,
};
use crate::{
    Reader,
    answer::{Answer, AnswerStatus},
    domain,
    list::{self, Intent, MOST},
};

#[derive(Template)]
#[template(path = "several.html")]
struct Several {
    shell: Shell,
    text: Field,
    problems: Vec<Wrong>,
    lines: Vec<Line>,
}

/// A line, how it was read, and whether it can be added as it is.
struct Line {
    words: String,
    results: Vec<Outcome>,
    is_clear: bool,
}

/// What is sent: the list, and what is to be done with it. Without more it is only shown how it is read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    text: String,
    /// `add`, where everything that is clear is to be added.
    what: String,
    /// The line that is to be added, and no other.
    only: Option<String>,
}

pub(super) async fn show(
    State(reader): State<Arc<Reader>>,
    VisitorToChange(actor): VisitorToChange,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let shell = shell(&reader, &actor, &account, today).await;
    page(StatusCode::OK, shell, String::new(), Vec::new(), &Invalid::new())
}

pub(super) async fn submit(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let shell = shell(&reader, &actor, &account, today).await;
    if let Err(invalid) = list::check(&sent.text) {
        return page(StatusCode::UNPROCESSABLE_ENTITY, shell, sent.text, Vec::new(), &invalid);
    }
    let intents = intents(&sent);
    let now = intents.len().min(MOST);
    let (read, later) = intents.split_at(now);
    let became = reader.read_lines(&actor, read).await;
    let done: Vec<bool> = read.iter().zip(&became).map(|(line, became)| is_done(*line, became)).collect();
    if later.is_empty()
        && !done.is_empty()
        && became.iter().zip(&done).all(|(became, done)| *done && applied(became))
    {
        return Ok(Redirect::to("/dashboard?done=added").into_response());
    }
    // What is done leaves the list; everything else stays in it, as it was written.
    let left = read.iter().zip(&done).filter(|(_, done)| !**done).map(|(line, _)| line);
    let left: Vec<&str> = left.chain(later).map(|(words, _)| *words).collect();
    let left = left.join("\n");
    let notice = notice(&done, later.len(), became.iter().filter(|became| became.is_none()).count());
    let manner = manner(&account, today);
    let lines = read.iter().zip(&became).map(|(line, became)| shown_line(*line, became.as_ref(), &manner));
    let lines = lines.collect();
    let shell = match notice {
        Some(notice) => shell.with_notice(notice),
        None => shell,
    };
    page(StatusCode::OK, shell, left, lines, &Invalid::new())
}

/// What is to be done with each line. One line by itself is the one that was looked at, whatever became of the list.
fn intents(sent: &Sent) -> Vec<(&str, Intent)> {
    let all = if sent.what == "add" { Intent::Add } else { Intent::Look };
    let Some(only) = sent.only.as_deref() else {
        return domain::lines(&sent.text).map(|line| (line, all)).collect();
    };
    let mut intents: Vec<_> = domain::lines(&sent.text).map(|line| (line, Intent::Look)).collect();
    match intents.iter_mut().find(|(line, _)| *line == only) {
        Some((_, intent)) => *intent = Intent::Add,
        None => intents.insert(0, (only, Intent::Add)),
    }
    intents
}

/// Whether nothing of a line is left to be done in the list: it was done, or is on its way, or the question about the
/// rest of it leads on from the page.
fn is_done((_, intent): (&str, Intent), became: &Option<Answer>) -> bool {
    let Some(answer) = became.as_ref().filter(|_| intent == Intent::Add) else { return false };
    match answer.status {
        AnswerStatus::Applied | AnswerStatus::Processing => true,
        AnswerStatus::NeedsConfirmation => answer.readings.iter().any(|reading| reading.question.is_none()),
        AnswerStatus::Refused => false,
    }
}

fn applied(became: &Option<Answer>) -> bool {
    became.as_ref().is_some_and(|answer| answer.status == AnswerStatus::Applied)
}

fn notice(done: &[bool], later: usize, unread: usize) -> Option<Notice> {
    let lines = |count: usize| if count == 1 { "1 line".to_owned() } else { format!("{count} lines") };
    let count = done.iter().filter(|done| **done).count();
    let mut said = Vec::new();
    if count > 0 {
        said.push(format!("Done: {}. What is left is still in the list.", lines(count)));
    }
    if later > 0 {
        said.push(format!(
            "{MOST} lines are read at once; {} more stay in the list and come next.",
            lines(later)
        ));
    }
    if unread > 0 {
        said.push(format!(
            "{} could not be read just now. Nothing was done for them; try again.",
            lines(unread)
        ));
    }
    let tone = if later + unread > 0 { Tone::Careful } else { Tone::Good };
    (!said.is_empty()).then(|| Notice::new(tone, said.join(" ")))
}

fn shown_line((words, intent): (&str, Intent), became: Option<&Answer>, manner: &Manner) -> Line {
    let line = |results, is_clear| Line { words: words.to_owned(), results, is_clear };
    let Some(answer) = became else {
        let reading = Reading::new(Standing::Unsure, "Not read yet");
        return line(vec![Outcome { reading, ways: Vec::new() }], false);
    };
    match (answer.id, answer.status) {
        (Some(id), AnswerStatus::Processing) => {
            let reading =
                Reading::new(Standing::Unsure, "Still reading: a language model is asked about it.");
            let way =
                Way { words: "See what came of it", href: format!("/add/{id}"), kind: "secondary", icon: "" };
            line(vec![Outcome { reading, ways: vec![way] }], false)
        }
        _ if intent == Intent::Add => line(outcomes(answer, manner), false),
        _ => {
            let is_clear = answer.readings.iter().any(|reading| reading.question.is_none());
            line(looked_at(answer, manner), is_clear)
        }
    }
}

fn page(
    status: StatusCode,
    shell: Shell,
    text: String,
    lines: Vec<Line>,
    invalid: &Invalid,
) -> Result<Response, Problem> {
    let text = Field::area("text", "Your list, a line each")
        .hint("Paste it as it is. Nothing is added before you say so.")
        .value(text)
        .check(invalid, "/text");
    let problems = problems([&text as &dyn Control]);
    web::page_with(status, &Several { shell, text, problems, lines }).map_err(broken)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use jiff::civil::date;

    use super::*;
    use crate::{
        answer::ReadingBody,
        domain::{Context, Outcome as Read},
    };

    const NASTY: &str = "\"></textarea><script>alert(1)</script><b>اسم&";

    fn manner() -> Manner {
        Manner::new("en-IN".parse().unwrap(), date(2026, 5, 5))
    }

    fn answer(text: &str, question: Option<&str>) -> Answer {
        let locale = "en-IN".parse().unwrap();
        let context = Context { today: date(2026, 5, 5), locale, currency: kernel::Currency::INR };
        let Read::Readings(readings) = domain::read(text, &context) else { panic!("{text} is refused") };
        let body = ReadingBody { question: question.map(Into::into), ..ReadingBody::new(&readings[0]) };
        Answer::read(vec![body])
    }

    async fn html(lines: Vec<Line>, text: &str, invalid: &Invalid) -> String {
        let page = page(StatusCode::OK, Shell::new("Add", manner()), text.into(), lines, invalid).unwrap();
        let bytes = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(html.matches("<h1").count(), 1);
        assert!(!html.contains("<b>") && !html.contains(" style=") && !html.contains("<script>"), "{html}");
        html
    }

    fn sent(text: &str, what: &str, only: Option<&str>) -> Sent {
        Sent { text: text.into(), what: what.into(), only: only.map(Into::into) }
    }

    #[test]
    fn one_line_is_added_by_its_words_and_no_other() {
        use Intent::{Add, Look};
        let list = "Netflix 499\nSpotify 119\nNetflix 499";
        let looked_at = [("Netflix 499", Look), ("Spotify 119", Look), ("Netflix 499", Look)];
        assert_eq!(intents(&sent(list, "", None)), looked_at);
        assert!(intents(&sent(list, "add", None)).iter().all(|(_, intent)| *intent == Add));
        let one = [("Netflix 499", Add), ("Spotify 119", Look), ("Netflix 499", Look)];
        assert_eq!(intents(&sent(list, "", Some("Netflix 499"))), one);
        // The list was changed meanwhile; what was looked at is still what is added.
        assert_eq!(intents(&sent("Gym 1500", "", Some("Notion 8"))), [("Notion 8", Add), ("Gym 1500", Look)]);
    }

    #[test]
    fn what_was_asked_about_stays_in_the_list() {
        let (clear, asked) =
            (answer("Netflix ₹499 monthly", None), answer("Netflix monthly", Some("How much is it?")));
        assert!(is_done(("", Intent::Add), &Some(clear.clone())));
        assert!(!is_done(("", Intent::Look), &Some(clear.clone())), "it was only looked at");
        assert!(!is_done(("", Intent::Add), &Some(asked.clone())) && !is_done(("", Intent::Add), &None));
        let both = Answer::read([clear.readings, asked.readings].concat());
        assert!(is_done(("", Intent::Add), &Some(both)), "once more would add the first of it twice");
    }

    #[test]
    fn what_came_of_a_list_is_told() {
        assert!(notice(&[false, false], 0, 0).is_none());
        let told = notice(&[true, false, true], 3, 1).unwrap().text;
        for part in ["Done: 2 lines", "3 lines more stay", "1 line could not be read"] {
            assert!(told.contains(part), "{told}");
        }
    }

    #[tokio::test]
    async fn awkward_lines_stay_words() {
        let clear = answer("Netflix ₹499 monthly", None);
        let asked = answer("Netflix monthly", Some(NASTY));
        let waiting = Answer::processing("msg_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap());
        let lines = vec![
            shown_line((NASTY, Intent::Look), Some(&clear), &manner()),
            shown_line((NASTY, Intent::Look), Some(&asked), &manner()),
            shown_line((NASTY, Intent::Add), Some(&waiting), &manner()),
            shown_line((NASTY, Intent::Add), None, &manner()),
        ];
        assert_eq!(lines.iter().map(|line| line.is_clear).collect::<Vec<_>>(), [true, false, false, false]);
        let mut invalid = Invalid::new();
        invalid.add("/text", NASTY);
        let html = html(lines, NASTY, &invalid).await;
        assert!(
            html.contains("Add this one") && html.contains("/add/msg_") && html.contains("Not read yet"),
            "{html}"
        );
    }

    #[tokio::test]
    async fn an_empty_list_is_a_page() {
        assert!(!html(Vec::new(), "", &Invalid::new()).await.contains("Add this one"));
    }
}

//! `/settings`

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::Profile;
use jiff::{Timestamp, civil::Date};
use kernel::{Actor, Invalid, Role};
use platform::http::{Problem, Query, Visitor, VisitorAsSelf};
use serde::Deserialize;
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Control, Field, Problem as Wrong, Select, problems},
};

use super::{choices, frame};
use crate::{People, error::UsersError, http::MeChange, store::Person};

#[derive(Template)]
#[template(path = "settings.html")]
struct Settings {
    shell: Shell,
    version: i64,
    name: Field,
    locale: Select,
    zone: Select,
    currency: Select,
    reminder_days: Field,
    reminder_time: Field,
    problems: Vec<Wrong>,
    email: String,
    since: String,
    /// Whether they run this installation.
    administers: bool,
    /// Whether they answer what people hand over.
    answers: bool,
}

/// What has just been done.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Done {
    done: Option<String>,
}

/// What is sent; also what the form shows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    version: i64,
    name: String,
    locale: String,
    time_zone: String,
    currency: String,
    /// As it is typed: `3, 1`.
    reminder_days: String,
    reminder_time: String,
}

impl Sent {
    /// As if a profile had been sent just as it is.
    fn of(person: &Person) -> Self {
        let Profile { name, locale, time_zone, currency, reminders } = person.profile.clone();
        let days: Vec<_> = reminders.days.days().iter().map(ToString::to_string).collect();
        Self {
            version: person.version,
            name,
            locale: locale.to_string(),
            time_zone: time_zone.to_string(),
            currency: currency.code().into(),
            reminder_days: days.join(", "),
            reminder_time: kernel::time_text(reminders.time),
        }
    }

    fn change(&self) -> MeChange {
        MeChange {
            name: Some(self.name.clone()),
            locale: Some(self.locale.clone()),
            time_zone: Some(self.time_zone.clone()),
            currency: Some(self.currency.clone()),
            reminder_days: Some(days(&self.reminder_days)),
            reminder_time: Some(self.reminder_time.clone()),
        }
    }
}

/// The days that are typed. What is no number is out of every range, and is named with those that are.
fn days(text: &str) -> Vec<i64> {
    let words = text.split(|c: char| c == ',' || c.is_whitespace()).filter(|word| !word.is_empty());
    words.map(|word| word.parse().unwrap_or(-1)).collect()
}

/// The instant and the day of a page, as the person's clocks and calendar show them, the households they see, and
/// what they are there for beyond their own things.
#[derive(Clone)]
struct Moment {
    now: Timestamp,
    today: Date,
    homes: Vec<web::Home>,
    administers: bool,
    answers: bool,
}

pub(super) async fn show(
    State(people): State<Arc<People>>,
    Visitor(actor): Visitor,
    Query(query): Query<Done>,
) -> Result<Response, Problem> {
    let person = people.me(&actor).await?;
    let saved = query.done.as_deref() == Some("saved");
    let notice = saved.then(|| Notice::new(Tone::Good, "Saved. Dates and amounts follow at once."));
    Ok(form(
        StatusCode::OK,
        moment(&people, &actor, &person).await?,
        &person,
        &Sent::of(&person),
        &Invalid::new(),
        notice,
    ))
}

pub(super) async fn submit(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let change = sent.change();
    let person = people.me(&actor).await?;
    if let Err(invalid) = change.apply(person.profile.clone()) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(form(status, moment(&people, &actor, &person).await?, &person, &sent, &invalid, None));
    }
    let unchanged = |person: &Person| {
        if person.version == sent.version { Ok(()) } else { Err(UsersError::Changed.into()) }
    };
    match people.change(&actor, unchanged, |profile| change.apply(profile)).await {
        Ok(_) => Ok(Redirect::to("/settings?done=saved").into_response()),
        Err(problem) if problem.status() == StatusCode::PRECONDITION_FAILED => {
            let person = people.me(&actor).await?;
            Ok(changed_meanwhile(moment(&people, &actor, &person).await?, &person, sent))
        }
        Err(problem) => Err(problem),
    }
}

async fn moment(people: &People, actor: &Actor, person: &Person) -> Result<Moment, Problem> {
    let homes = frame::homes(people, actor).await?;
    let administers = actor.role == Role::Administrator;
    let answers = administers || actor.role == Role::Agent;
    Ok(Moment { now: people.now(), today: people.today(person), homes, administers, answers })
}

/// What was typed, to be looked at again: saved once more, it replaces what is there now.
fn changed_meanwhile(moment: Moment, person: &Person, sent: Sent) -> Response {
    let notice = Notice::new(
        Tone::Careful,
        "Your settings were changed in another window meanwhile. This is what you typed here: save it again to keep it.",
    )
    .with_action("Show what is saved", "/settings");
    let sent = Sent { version: person.version, ..sent };
    form(StatusCode::PRECONDITION_FAILED, moment, person, &sent, &Invalid::new(), Some(notice))
}

fn form(
    status: StatusCode,
    moment: Moment,
    person: &Person,
    sent: &Sent,
    invalid: &Invalid,
    notice: Option<Notice>,
) -> Response {
    let profile = &person.profile;
    let manner = Manner::new(profile.locale.clone(), moment.today);
    let since = manner.date(&profile.time_zone.date_at(person.created_at));
    let name = Field::text("name", "What should we call you?")
        .optional()
        .autocomplete("name")
        .max_length(120)
        .value(&sent.name)
        .check(invalid, "/name");
    let locale = choices::locale(&sent.locale, moment.today, profile.currency).check(invalid, "/locale");
    let zone = choices::time_zone(&sent.time_zone, moment.now).check(invalid, "/time_zone");
    let currency = choices::currency(&sent.currency).check(invalid, "/currency");
    let reminder_days = Field::text("reminder_days", "Days ahead")
        .optional()
        .autocomplete("off")
        .max_length(40)
        .hint("Up to five numbers from 0 to 60, such as 3, 1. Leave it empty to be reminded of nothing that is to come.")
        .value(&sent.reminder_days)
        .check(invalid, "/reminder_days");
    let reminder_time = Field::time("reminder_time", "Time of day")
        .hint("By the clocks of your time zone.")
        .value(&sent.reminder_time)
        .check(invalid, "/reminder_time");
    let problems =
        problems([&name as &dyn Control, &locale, &zone, &currency, &reminder_days, &reminder_time]);
    let mut shell = Shell::new("Settings", manner)
        .signed_in(web::Person { name: profile.name.clone(), email: person.email.clone() })
        .among(moment.homes)
        .on(Tab::Settings);
    shell.notice = notice;
    let email = person.email.clone();
    let page = Settings {
        shell,
        version: sent.version,
        name,
        locale,
        zone,
        currency,
        reminder_days,
        reminder_time,
        problems,
        email,
        since,
        administers: moment.administers,
        answers: moment.answers,
    };
    web::page_with(status, &page).into_response()
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use jiff::civil::date;
    use platform::testing::ids;

    use super::*;

    const MOMENT: Moment = Moment {
        now: Timestamp::UNIX_EPOCH,
        today: date(2026, 5, 5),
        homes: Vec::new(),
        administers: false,
        answers: false,
    };

    fn person(name: &str) -> Person {
        Person {
            user: ids().next(),
            email: format!("{}\"<b>@example.org", "a".repeat(60)),
            profile: Profile {
                name: name.into(),
                locale: "en-IN".parse().unwrap(),
                time_zone: "Asia/Calcutta".parse().unwrap(),
                currency: "INR".parse().unwrap(),
                reminders: contracts::users::Reminders::default(),
            },
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            version: 7,
        }
    }

    async fn html(response: Response) -> String {
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        assert_eq!(html.matches("<h1").count(), 1, "{html}");
        assert!(!html.contains("<b>") && !html.contains(" style=") && !html.contains("<script>"), "{html}");
        html
    }

    #[tokio::test]
    async fn a_profile_is_shown_as_it_is() {
        for name in ["", "آشا \"<b>", &"long ".repeat(24)] {
            let person = person(name);
            let shown = form(StatusCode::OK, MOMENT, &person, &Sent::of(&person), &Invalid::new(), None);
            let html = html(shown).await;
            assert!(html.contains("name=\"version\" value=\"7\""));
            for chosen in ["en-IN", "Asia/Kolkata", "INR"] {
                assert!(html.contains(&format!("value=\"{chosen}\" selected")), "{chosen}");
            }
            assert!(
                html.contains("value=\"3, 1\"")
                    && html.contains("type=\"time\"")
                    && html.contains("value=\"09:00\"")
            );
            assert!(html.contains("₹12,34,567.00") && html.contains("1 Jan 1970"));
        }
    }

    #[tokio::test]
    async fn every_field_says_what_is_wrong_with_it_at_once() {
        let person = person("Asha");
        let sent = Sent {
            version: 7,
            name: "<b>".repeat(50),
            locale: "\"<b>".into(),
            time_zone: "Mars/\"<b>".into(),
            currency: "XXQ".into(),
            reminder_days: "3, \"<b>, 61".into(),
            reminder_time: "24:00".into(),
        };
        let invalid = sent.change().apply(person.profile.clone()).unwrap_err();
        let html = html(form(StatusCode::UNPROCESSABLE_ENTITY, MOMENT, &person, &sent, &invalid, None)).await;
        assert_eq!(html.matches("aria-invalid=\"true\"").count(), 6, "{html}");
        assert!(html.contains("6 things need another look"));
    }

    #[tokio::test]
    async fn what_another_window_changed_is_not_overwritten_unseen() {
        let person = person("Asha");
        let sent = Sent { version: 6, name: "Asha K".into(), ..Sent::of(&person) };
        let response = changed_meanwhile(MOMENT, &person, sent);
        assert_eq!(response.status(), StatusCode::PRECONDITION_FAILED);
        let html = html(response).await;
        assert!(html.contains("value=\"Asha K\"") && html.contains("name=\"version\" value=\"7\""));
    }
}

//! `/rates`: which rates are in use, how old they are, and those set by hand.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use kernel::{Actor, Currency, Invalid};
use platform::http::{Problem, Query, Visitor};
use serde::Deserialize;
use web::{
    Manner, Notice, Shell, Tab, Tone,
    view::{Control, Field, Problem as Wrong, Select, problems},
};

use super::{
    Known,
    done::Told,
    filled::Filled,
    frame::{Frame, render},
};
use crate::{
    Tracker,
    domain::{Converter, OwnRate, Quote, RateSource, ReferenceRates},
    error::TrackerError,
    service::Rates,
};

/// How old the bank's rates are on a long weekend; older ones are pointed out.
pub(super) const FRESH_DAYS: i32 = 5;

/// What a currency comes to.
pub(super) struct Line {
    name: String,
    value: String,
    note: String,
}

/// A rate set by hand.
pub(super) struct OwnLine {
    since: Date,
    text: String,
    from: &'static str,
    to: &'static str,
}

#[derive(Template)]
#[template(path = "rates.html")]
pub(super) struct RatesPage {
    shell: Shell,
    text: String,
    /// What to say about the age of the bank's rates.
    age: Notice,
    used: Vec<Line>,
    own: Vec<OwnLine>,
    all: Vec<Line>,
    from: Select,
    to: Select,
    rate: Field,
    since: Field,
    problems: Vec<Wrong>,
}

/// A rate as it is typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    from: String,
    to: String,
    rate: String,
    since: String,
}

impl Typed {
    pub(super) fn read(&self) -> Result<OwnRate, Invalid> {
        let mut invalid = Invalid::new();
        let from = invalid.check("/from", self.from.parse::<Currency>());
        let to = invalid.check("/to", self.to.parse::<Currency>());
        let since = invalid.check("/since", kernel::parse_date(self.since.trim()));
        // Whatever else is wrong, the rate is looked at too.
        let read = OwnRate::check(
            from.unwrap_or(Currency::EUR),
            to.unwrap_or(Currency::USD),
            since.unwrap_or(Date::ZERO),
            &self.rate,
        );
        if let Err(wrong) = &read {
            wrong.errors().iter().for_each(|error| invalid.add(&error.pointer, &error.detail));
        }
        invalid.into_result()?;
        read
    }
}

/// Everything the page is made of.
pub(super) struct Seen {
    pub(super) rates: Rates,
    /// The currencies of what is tracked, by code.
    pub(super) used: Vec<Currency>,
}

async fn seen(tracker: &Tracker, actor: &Actor) -> Result<Seen, Problem> {
    let rates = tracker.rates(actor, None).await?;
    let used = tracker.currencies(actor).await?;
    Ok(Seen { rates, used })
}

pub(super) async fn show(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Query(told): Query<Told>,
) -> Result<Response, Problem> {
    let frame = Frame::of(&tracker, &actor).await?;
    let seen = seen(&tracker, &actor).await?;
    let typed = Typed {
        from: seen.first_choice().code().into(),
        to: seen.rates.home.code().into(),
        since: frame.today.to_string(),
        ..Typed::default()
    };
    render(StatusCode::OK, &RatesPage::new(&frame, &seen, &typed, &Invalid::new(), told.notice()))
}

pub(super) async fn set(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(typed): Filled<Typed>,
) -> Result<Response, Problem> {
    let kept = match typed.read() {
        Ok(own) => tracker.set_own_rate(&actor, &own).await,
        Err(wrong) => Err(wrong.into()),
    };
    match kept {
        Ok(()) => Ok(Redirect::to("/rates?done=rate-set").into_response()),
        Err(TrackerError::Invalid(wrong)) => {
            let frame = Frame::of(&tracker, &actor).await?;
            let seen = seen(&tracker, &actor).await?;
            let page = RatesPage::new(&frame, &seen, &typed, &wrong, None);
            render(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn remove(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(typed): Filled<Typed>,
) -> Result<Response, Problem> {
    // It is sent by a button of ours; what it does not know, it does not remove.
    let pair = typed.from.parse().ok().zip(typed.to.parse().ok());
    let (pair, since) = pair.zip(kernel::parse_date(&typed.since).ok()).ok_or(TrackerError::NoOwnRate)?;
    match tracker.forget_own_rates(&actor, pair, Some(since)).await {
        // Removed in another window: that is what was asked for.
        Ok(()) | Err(TrackerError::NoOwnRate) => Ok(Redirect::to("/rates?done=rate-removed").into_response()),
        Err(other) => Err(other.into()),
    }
}

impl Seen {
    /// The currency that most likely wants a rate: the first that has none, else the first that is used.
    fn first_choice(&self) -> Currency {
        let (home, converter) = (self.rates.home, &self.rates.converter);
        let mut others = self.used.iter().copied().filter(|currency| *currency != home);
        let missing =
            others.clone().find(|currency| converter.quote(*currency, home, self.rates.today).is_none());
        let usual = if home == Currency::USD { Currency::EUR } else { Currency::USD };
        missing.or_else(|| others.next()).unwrap_or(usual)
    }

    fn line(&self, currency: Currency, manner: &Manner) -> Line {
        let quote = self.rates.converter.quote(currency, self.rates.home, self.rates.today);
        let name = format!("1 {currency} · {}", currency.name());
        match quote {
            Some(quote) => Line {
                name,
                value: format!("{} {}", quote.ratio, self.rates.home),
                note: told_by(&quote, manner),
            },
            None => Line { name, value: "no rate".into(), note: "not converted: set one below".into() },
        }
    }
}

fn told_by(quote: &Quote, manner: &Manner) -> String {
    let day = manner.day(&quote.on);
    match quote.source {
        RateSource::Ecb => format!("European Central Bank, {day}"),
        RateSource::Own => format!("set by you, from {day}"),
        RateSource::Combined => format!("set by you, and the bank's of {day}"),
    }
}

fn age(converter: &Converter, manner: &Manner) -> Notice {
    let Some(newest) = converter.newest().map(ReferenceRates::day) else {
        let text = "There are no rates of the European Central Bank yet. Until they come, amounts are converted by \
                    the rates that you set, and stand apart where there is none.";
        return Notice::new(Tone::Careful, text);
    };
    let days = manner.today().since(newest).map_or(0, |span| span.get_days());
    let day = manner.weekday(&newest);
    if days > FRESH_DAYS {
        let text = format!(
            "The newest rates of the European Central Bank here are {days} days old, of {day}. They are used until \
             newer ones can be had."
        );
        return Notice::new(Tone::Careful, text);
    }
    Notice::new(Tone::Calm, format!("Rates of the European Central Bank of {day}."))
}

impl RatesPage {
    pub(super) fn new(
        frame: &Frame,
        seen: &Seen,
        typed: &Typed,
        invalid: &Invalid,
        notice: Option<Notice>,
    ) -> Self {
        let (manner, home) = (frame.manner(), seen.rates.home);
        let mut shell = frame.shell("Exchange rates", Tab::Settings).about("rates", "");
        shell.notice = notice;
        let others = seen.used.iter().filter(|currency| **currency != home);
        let all = seen.rates.converter.quotable(home);
        let unused = all.iter().filter(|currency| !seen.used.contains(currency));
        let from = currencies("from", "One unit of", seen).value(&typed.from).check(invalid, "/from");
        let to = currencies("to", "is so many of", seen).value(&typed.to).check(invalid, "/to");
        let rate = Field::amount("rate", "Rate")
            .hint("Digits with a point, such as 83.42.")
            .value(&typed.rate)
            .check(invalid, "/rate");
        let since = Field::date("since", "From this day on").value(&typed.since).check(invalid, "/since");
        Self {
            shell,
            text: format!("What amounts in other currencies come to in yours, {home}."),
            age: age(&seen.rates.converter, &manner),
            used: others.map(|currency| seen.line(*currency, &manner)).collect(),
            own: seen.rates.converter.own().iter().map(own_line).collect(),
            all: unused.map(|currency| seen.line(*currency, &manner)).collect(),
            problems: problems([&from as &dyn Control, &to, &rate, &since]),
            from,
            to,
            rate,
            since,
        }
    }
}

fn own_line(own: &OwnRate) -> OwnLine {
    OwnLine {
        since: own.since,
        text: format!("1 {} = {} {}", own.from, own.rate, own.to),
        from: own.from.code(),
        to: own.to.code(),
    }
}

fn currencies(name: &'static str, label: &str, seen: &Seen) -> Select {
    let mut yours = seen.used.clone();
    if !yours.contains(&seen.rates.home) {
        yours.push(seen.rates.home);
    }
    let named = |currency: &Currency| (currency.code(), format!("{} · {}", currency.code(), currency.name()));
    let all = Currency::all();
    Select::new(name, label)
        .group("Yours", yours.iter().map(named))
        .group("All others", all.iter().filter(|currency| !yours.contains(currency)).map(named))
}

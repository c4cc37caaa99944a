//! What to improve: what became of those who came to a tree, and what was asked in vain.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, Zoned, civil::Date, tz::TimeZone};

use super::Guide;
use crate::{
    domain::{BEGAN, ESCALATED, Funnel, LEFT, Language, Outcome, SOLVED, impersonal},
    error::HelpError,
    store::{self, Unanswered, Walked},
};

/// The most days that are looked back.
pub(crate) const MOST_DAYS: i64 = 365;
/// The most versions that are listed.
const VERSIONS: i64 = 20;
/// After which time nobody is expected back so soon.
const RESTS: SignedDuration = SignedDuration::from_hours(24);
/// The most questions that are kept.
const QUESTIONS: i64 = 5_000;

/// What became of those who came on a day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Day {
    pub(crate) day: Date,
    pub(crate) outcome: Outcome,
}

/// A version of a tree, and what became of those who came.
#[derive(Debug)]
pub(crate) struct WalkedTree {
    pub(crate) version: String,
    pub(crate) funnel: Funnel,
}

/// Adds what became of some to what became of all.
fn add(outcome: &mut Outcome, what: &str, sessions: i64) {
    match what {
        BEGAN => outcome.came += sessions,
        SOLVED => outcome.resolved += sessions,
        ESCALATED => outcome.escalated += sessions,
        LEFT => outcome.left += sessions,
        _ => {}
    }
}

/// The day of an instant, as steps are counted by it.
pub(crate) fn day_of(at: Timestamp) -> Date {
    at.to_zoned(TimeZone::UTC).date()
}

impl Guide {
    /// The first of the last so many days.
    pub(crate) fn first_of(&self, days: i64) -> Date {
        let span = jiff::Span::new().try_days(days.clamp(1, MOST_DAYS) - 1).unwrap_or_default();
        day_of(self.now()).saturating_sub(span)
    }

    /// Since when sessions are looked at, and since when nobody touched those that rest.
    fn bounds(&self, since: Date) -> (Timestamp, Timestamp) {
        let begin = since.to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |at: Zoned| at.timestamp());
        (begin, self.now().saturating_sub(RESTS).unwrap_or(Timestamp::UNIX_EPOCH))
    }

    /// By tree what became of those who came since a day, those in service first, each in the order of its id.
    pub(crate) async fn outcomes(&self, since: Date) -> Result<Vec<(String, Outcome)>, HelpError> {
        let forest = self.forest();
        let mut by_tree: BTreeMap<String, Outcome> =
            forest.for_screen("").into_iter().map(|tree| (tree.id.clone(), Outcome::default())).collect();
        for (tree, what, sessions) in store::outcomes(&self.database, since).await? {
            add(by_tree.entry(tree).or_default(), &what, sessions);
        }
        for open in store::open_by_tree(&self.database, self.bounds(since)).await? {
            let outcome = by_tree.entry(open.node).or_default();
            outcome.left += open.resting;
            outcome.under_way += open.open - open.resting;
        }
        Ok(by_tree.into_iter().collect())
    }

    /// The versions of a tree that were walked, the last one first; that in service among them.
    pub(crate) async fn versions(&self, tree: &str, since: Date) -> Result<Vec<Walked>, HelpError> {
        let mut walked = store::versions(&self.database, tree, since, VERSIONS).await?;
        if let Some(now) = self.forest().tree(tree)
            && !walked.iter().any(|known| known.version == now.version)
        {
            let today = day_of(self.now());
            walked.insert(0, Walked { version: now.version.clone(), first: today, last: today });
        }
        if walked.is_empty() { Err(HelpError::NotFound) } else { Ok(walked) }
    }

    /// What became of those who came to a version of a tree.
    pub(crate) async fn funnel(
        &self,
        tree: &str,
        version: &str,
        since: Date,
    ) -> Result<WalkedTree, HelpError> {
        let which = (tree, version);
        let counted = store::counted(&self.database, which, since).await?;
        let open = store::open_sessions(&self.database, which, self.bounds(since)).await?;
        Ok(WalkedTree { version: version.to_owned(), funnel: Funnel::of(counted, open) })
    }

    /// The same day by day, every day since then.
    pub(crate) async fn days(&self, tree: &str, version: &str, since: Date) -> Result<Vec<Day>, HelpError> {
        let today = day_of(self.now());
        let mut days: BTreeMap<Date, Outcome> = since
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day <= today)
            .map(|day| (day, Outcome::default()))
            .collect();
        for (day, what, sessions) in store::days(&self.database, (tree, version), since).await? {
            add(days.entry(day).or_default(), &what, sessions);
        }
        Ok(days.into_iter().map(|(day, outcome)| Day { day, outcome }).collect())
    }

    /// Keeps a question that found nothing, without whose it is. That it cannot be kept is nobody's concern who asks.
    pub(crate) async fn keep_unanswered(&self, question: &str, language: Language) {
        let Some(text) = impersonal(question) else { return };
        let batch = store::keep_unanswered(&text, language.code(), day_of(self.now()), QUESTIONS);
        if let Err(error) = self.database.apply(batch).await {
            tracing::warn!(%error, "a question that found nothing was not kept");
        }
    }

    /// Questions that found nothing, those that were asked most first, and one more when another page follows.
    pub(crate) async fn unanswered(
        &self,
        after: Option<(i64, String)>,
        limit: u16,
    ) -> Result<Vec<Unanswered>, HelpError> {
        Ok(store::unanswered(&self.database, after, i64::from(limit) + 1).await?)
    }
}

//! For how long one is bound, and by when one has to say so.

use jiff::civil::Date;
use kernel::{Cycle, Invalid};
use serde::{Deserialize, Serialize};

use super::{MonthEnd, Schedule};

/// How long one is bound, how long that renews for, and the notice it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// How long the first term is.
    pub length: Cycle,
    /// How long each later one is; `None` ends it with the first.
    pub renews_for: Option<Cycle>,
    /// How long before its end one has to cancel; until the day before, when `None`.
    pub notice: Option<Cycle>,
    /// Where it begins, when that is not with the first charge.
    pub from: Option<Date>,
}

/// The term that one is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bound {
    /// The first day after it.
    pub term_ends_on: Date,
    /// The last day on which it can be cancelled for then; `None` when it ends by itself.
    pub cancel_by: Option<Date>,
}

/// More terms than there are days in the calendar's years.
const TERMS: i64 = 4_000_000;

impl Term {
    /// The end of term `number`, counted from nought.
    fn end(self, first_charge_on: Date, number: i64) -> Option<Date> {
        let from = Schedule::new(self.from.unwrap_or(first_charge_on), None, MonthEnd::AnchorDay);
        match self.renews_for {
            Some(renews_for) => from.shifted(&[(self.length, 1), (renews_for, number)]),
            None => from.shifted(&[(self.length, 1)]),
        }
    }

    /// The last day for cancelling a term that ends on `end`.
    fn last_day(self, end: Date) -> Option<Date> {
        match self.notice {
            Some(notice) => Schedule::new(end, None, MonthEnd::AnchorDay).shifted(&[(notice, -1)]),
            None => end.yesterday().ok(),
        }
    }

    /// When the first term is over.
    pub fn first_end(self, first_charge_on: Date) -> Option<Date> {
        self.end(first_charge_on, 0)
    }

    /// What one can still act on: the first term whose last day for cancelling is not before `today`. One that does
    /// not renew needs no cancelling.
    pub fn on(self, first_charge_on: Date, today: Date) -> Option<Bound> {
        if self.renews_for.is_none() {
            return Some(Bound { term_ends_on: self.end(first_charge_on, 0)?, cancel_by: None });
        }
        let last_day = |number| self.end(first_charge_on, number).and_then(|end| self.last_day(end));
        let (mut low, mut high) = (0, TERMS);
        while low < high {
            let middle = low + (high - low) / 2;
            if last_day(middle).is_some_and(|last| last < today) { low = middle + 1 } else { high = middle }
        }
        let term_ends_on = self.end(first_charge_on, low)?;
        Some(Bound { term_ends_on, cancel_by: Some(self.last_day(term_ends_on)?) })
    }

    /// Notes in `invalid`, below `/term`, the rules that it breaks.
    pub(in crate::domain) fn check(self, first_charge_on: Date, invalid: &mut Invalid) {
        let begins = self.from.unwrap_or(first_charge_on);
        let last_day = self.first_end(first_charge_on).and_then(|end| self.last_day(end));
        if self.notice.is_some() && last_day.is_none_or(|last| last < begins) {
            invalid.add("/term/notice", "must not be longer than the term");
        }
    }
}

#[cfg(test)]
mod tests {
    use kernel::Unit::{Day, Month, Week, Year};
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::{any_cycle, any_date, cycle, day};

    fn year(renews_for: Option<Cycle>) -> Term {
        Term { length: cycle(12, Month), renews_for, notice: Some(cycle(1, Month)), from: None }
    }

    fn bound(term: Term, from: &str, today: &str) -> (String, Option<String>) {
        let bound = term.on(day(from), day(today)).unwrap();
        (bound.term_ends_on.to_string(), bound.cancel_by.map(|date| date.to_string()))
    }

    fn told(ends: &str, by: &str) -> (String, Option<String>) {
        (ends.into(), Some(by.into()))
    }

    #[test]
    fn a_year_with_a_month_of_notice_and_past_that_day_the_next_ones() {
        let term = year(Some(cycle(12, Month)));
        for (today, ends, by) in [
            ("2026-03-15", "2027-03-15", "2027-02-15"),
            ("2027-02-15", "2027-03-15", "2027-02-15"),
            ("2027-02-16", "2028-03-15", "2028-02-15"),
            ("2031-01-01", "2031-03-15", "2031-02-15"),
        ] {
            assert_eq!(bound(term, "2026-03-15", today), told(ends, by), "{today}");
        }
    }

    #[test]
    fn a_term_that_does_not_renew_needs_no_cancelling() {
        assert_eq!(bound(year(None), "2026-03-15", "2026-05-05"), ("2027-03-15".into(), None));
        assert_eq!(bound(year(None), "2026-03-15", "2029-05-05"), ("2027-03-15".into(), None));
    }

    #[test]
    fn the_31st_comes_back_after_a_short_month() {
        let term = Term {
            length: cycle(1, Month),
            renews_for: Some(cycle(1, Month)),
            notice: Some(cycle(2, Week)),
            from: None,
        };
        assert_eq!(bound(term, "2026-01-31", "2026-02-01"), told("2026-02-28", "2026-02-14"));
        assert_eq!(bound(term, "2026-01-31", "2026-03-01"), told("2026-03-31", "2026-03-17"));
    }

    #[test]
    fn months_and_days_mix() {
        let term = Term {
            length: cycle(1, Year),
            renews_for: Some(cycle(30, Day)),
            notice: None,
            from: Some(day("2026-02-01")),
        };
        assert_eq!(bound(term, "2025-01-01", "2026-05-05"), told("2027-02-01", "2027-01-31"));
        assert_eq!(bound(term, "2025-01-01", "2027-02-01"), told("2027-03-03", "2027-03-02"));
    }

    #[test]
    fn a_notice_longer_than_its_term_is_refused() {
        let mut invalid = Invalid::new();
        let term = Term { notice: Some(cycle(13, Month)), ..year(None) };
        term.check(day("2026-03-15"), &mut invalid);
        assert_eq!(invalid.errors()[0].pointer, "/term/notice");
        let mut invalid = Invalid::new();
        Term { notice: Some(cycle(12, Month)), ..term }.check(day("2026-03-15"), &mut invalid);
        assert!(invalid.errors().is_empty());
    }

    proptest! {
        #[test]
        fn it_is_the_first_term_that_can_still_be_cancelled(
            first in any_date(), length in any_cycle(), renews_for in any_cycle(),
            notice in proptest::option::of(any_cycle()), days in 0_i64..20_000,
        ) {
            let term = Term { length, renews_for: Some(renews_for), notice, from: None };
            let today = first.checked_add(jiff::ToSpan::days(days)).unwrap();
            let Some(bound) = term.on(first, today) else { return Ok(()) };
            prop_assert!(bound.cancel_by.unwrap() >= today);
            prop_assert!(bound.cancel_by.unwrap() <= bound.term_ends_on);
            let number = (0..).find(|number| term.end(first, *number) == Some(bound.term_ends_on)).unwrap();
            if number > 0 {
                let before = term.end(first, number - 1).and_then(|end| term.last_day(end)).unwrap();
                prop_assert!(before < today);
            }
        }
    }
}

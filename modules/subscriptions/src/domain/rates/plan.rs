//! Which file of rates to ask for next, if any.

use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Weekday, time},
};
use kernel::Zone;

/// The files in which the European Central Bank publishes its rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The newest day.
    Daily,
    /// The last 90 days.
    NinetyDays,
    /// Every day since 1999.
    History,
}

impl File {
    /// Its name, in the folder where all of them are.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Daily => "eurofxref-daily.xml",
            Self::NinetyDays => "eurofxref-hist-90d.xml",
            Self::History => "eurofxref-hist.xml",
        }
    }

    /// The longest it may be, in bytes: several times what it is.
    pub const fn limit(self) -> usize {
        match self {
            Self::Daily => 256 << 10,
            Self::NinetyDays => 4 << 20,
            Self::History => 48 << 20,
        }
    }
}

/// What is kept already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Kept {
    /// The newest day.
    pub newest: Option<Date>,
    /// Whether the history has been read.
    pub history: bool,
}

/// How far back the file of 90 days surely reaches.
const NINETY_DAYS_REACH: i32 = 80;

impl Kept {
    /// What is missing at an instant: today's rates before all, so that figures have any; then the history, by which
    /// what was paid long ago is converted; then the days of a gap.
    pub fn missing(self, now: Timestamp) -> Option<File> {
        let published = published_by(now);
        let Some(newest) = self.newest else { return Some(File::Daily) };
        if !self.history {
            return Some(File::History);
        }
        if newest >= published {
            return None;
        }
        let behind = published.since(newest).map_or(i32::MAX, |span| span.get_days());
        Some(match behind {
            _ if newest >= working_day_before(published) => File::Daily,
            ..=NINETY_DAYS_REACH => File::NinetyDays,
            _ => File::History,
        })
    }
}

/// The newest day whose rates should be out: those of a working day come at about four in the afternoon in
/// Frankfurt. On the bank's few holidays there are none, and asking in vain does no harm.
fn published_by(now: Timestamp) -> Date {
    let frankfurt: Zone = "Europe/Berlin".parse().unwrap_or(Zone::UTC);
    let here = frankfurt.datetime_at(now);
    let out = here.time() >= time(16, 10, 0, 0) && is_working_day(here.date());
    if out { here.date() } else { working_day_before(here.date()) }
}

fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn working_day_before(day: Date) -> Date {
    let back = match day.weekday() {
        Weekday::Monday => 3,
        Weekday::Sunday => 2,
        Weekday::Tuesday | Weekday::Wednesday | Weekday::Thursday | Weekday::Friday | Weekday::Saturday => 1,
    };
    day.saturating_sub(back.days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::day;

    fn at(instant: &str) -> Timestamp {
        instant.parse().unwrap()
    }

    #[test]
    fn rates_come_out_on_working_days_in_the_afternoon() {
        // 4 May 2026 is a Monday; Frankfurt is two hours ahead of UTC.
        for (now, published) in [
            ("2026-05-04T14:09:00Z", "2026-05-01"),
            ("2026-05-04T14:10:00Z", "2026-05-04"),
            ("2026-05-05T06:30:00Z", "2026-05-04"),
            ("2026-05-09T15:00:00Z", "2026-05-08"),
            ("2026-05-10T15:00:00Z", "2026-05-08"),
            ("2026-01-05T15:09:00Z", "2026-01-02"),
            ("2026-01-05T15:10:00Z", "2026-01-05"),
        ] {
            assert_eq!(published_by(at(now)), day(published), "{now}");
        }
    }

    #[test]
    fn todays_come_first_then_the_history_then_what_is_missing() {
        let now = at("2026-05-05T06:30:00Z");
        let kept = |newest: &str| Kept { newest: Some(day(newest)), history: true };
        assert_eq!(Kept::default().missing(now), Some(File::Daily));
        assert_eq!(Kept { history: false, ..kept("2026-05-04") }.missing(now), Some(File::History));
        for (newest, file) in [
            ("2026-05-05", None),
            ("2026-05-04", None),
            ("2026-05-01", Some(File::Daily)),
            ("2026-04-30", Some(File::NinetyDays)),
            ("2026-02-15", Some(File::NinetyDays)),
            ("2026-02-01", Some(File::History)),
            ("1999-01-04", Some(File::History)),
        ] {
            assert_eq!(kept(newest).missing(now), file, "{newest}");
        }
    }
}

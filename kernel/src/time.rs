//! Instants are UTC, dates are civil, and a [`Zone`] turns one into the other.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, DateTime, Time},
    tz::{AmbiguousOffset, TimeZone},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What time it is. An argument everywhere, so that tests can live in any month.
pub trait Clock: Send + Sync + 'static {
    /// Now, in whole microseconds, which is what every database keeps.
    fn now(&self) -> Timestamp;
}

/// A time zone of the IANA database, by its name: `Asia/Kolkata`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// A text that names no time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown time zone: give a name of the IANA database such as Europe/Berlin or Asia/Kolkata")]
pub struct ZoneError;

impl Zone {
    /// Coordinated Universal Time.
    pub const UTC: Self = Self(TimeZone::UTC);

    /// The name in the IANA database.
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// The civil date at an instant.
    pub fn date_at(&self, instant: Timestamp) -> Date {
        self.0.to_datetime(instant).date()
    }

    /// The civil date and time at an instant.
    pub fn datetime_at(&self, instant: Timestamp) -> DateTime {
        self.0.to_datetime(instant)
    }

    /// The instant at which a civil date begins.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use kernel::Zone;
    /// let kolkata: Zone = "Asia/Kolkata".parse()?;
    /// assert_eq!(kolkata.start_of(date(2026, 5, 5)).to_string(), "2026-05-04T18:30:00Z");
    /// # Ok::<(), kernel::ZoneError>(())
    /// ```
    pub fn start_of(&self, date: Date) -> Timestamp {
        self.instant(date, Time::midnight())
    }

    /// The instant at which clocks here show `time` on `date`: in a gap of the clock the first instant after
    /// it, in a fold the earlier of the two. Beyond the years jiff knows, the nearest instant it has.
    pub fn instant(&self, date: Date, time: Time) -> Timestamp {
        let civil = date.to_datetime(time);
        let ambiguous = self.0.to_ambiguous_timestamp(civil);
        let nearest = if date.year() < 0 { Timestamp::MIN } else { Timestamp::MAX };
        match ambiguous.offset() {
            // Read with the offset that holds after the gap, the civil time lies before the change; the
            // change itself is the next transition after it.
            AmbiguousOffset::Gap { .. } => match ambiguous.earlier() {
                Ok(before) => self.0.following(before).next().map_or(before, |change| change.timestamp()),
                Err(_) => nearest,
            },
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                ambiguous.compatible().unwrap_or(nearest)
            }
        }
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(text: &str) -> Result<Self, ZoneError> {
        // The database finds names in any casing; one zone has one name.
        let zone = TimeZone::get(text).map_err(|_| ZoneError)?;
        if zone.iana_name().is_some() || zone == TimeZone::UTC { Ok(Self(zone)) } else { Err(ZoneError) }
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Zone {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A text that is no time of day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day: write HH:MM, such as 09:00")]
pub struct TimeError;

/// Reads `HH:MM` and nothing else, from 00:00 to 23:59.
///
/// # Errors
/// [`TimeError`] for everything else.
pub fn parse_time(text: &str) -> Result<Time, TimeError> {
    let bytes = text.as_bytes();
    let digits = |at: usize| -> Option<i8> {
        let pair = text.get(at..at + 2)?;
        pair.bytes().all(|byte| byte.is_ascii_digit()).then(|| pair.parse().ok())?
    };
    match (bytes.len(), bytes.get(2), digits(0), digits(3)) {
        (5, Some(b':'), Some(hour), Some(minute)) => Time::new(hour, minute, 0, 0).map_err(|_| TimeError),
        _ => Err(TimeError),
    }
}

/// `HH:MM`, as [`parse_time`] reads it.
pub fn time_text(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// A text that is no date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write YYYY-MM-DD, such as 2026-05-31")]
pub struct DateError;

/// Reads `YYYY-MM-DD` and nothing else, for days that exist.
///
/// # Errors
/// [`DateError`] for everything else.
pub fn parse_date(text: &str) -> Result<Date, DateError> {
    // Every row that is read from a file holds several: the general reader takes ten times as long.
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *text.as_bytes() else { return Err(DateError) };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |sum, digit| {
            digit.is_ascii_digit().then(|| sum * 10 + i16::from(digit - b'0')).ok_or(DateError)
        })
    };
    let (year, month, day) = (number(&[y0, y1, y2, y3])?, number(&[m0, m1])?, number(&[d0, d1])?);
    let small = |number| i8::try_from(number).map_err(|_| DateError);
    Date::new(year, small(month)?, small(day)?).map_err(|_| DateError)
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    #[test]
    fn a_day_that_starts_in_a_gap_begins_with_the_first_instant_after_it() {
        // Beirut moved its clocks from 00:00 to 01:00 on 2021-03-28.
        assert_eq!(zone("Asia/Beirut").start_of(date(2021, 3, 28)).to_string(), "2021-03-27T22:00:00Z");
    }

    #[test]
    fn at_0230_on_a_day_when_it_does_not_exist_it_is_three_o_clock() {
        let instant = zone("Europe/Berlin").instant(date(2026, 3, 29), time(2, 30, 0, 0));
        assert_eq!(instant.to_string(), "2026-03-29T01:00:00Z");
    }

    #[test]
    fn in_a_fold_the_earlier_instant_holds() {
        let instant = zone("Europe/Berlin").instant(date(2026, 10, 25), time(2, 30, 0, 0));
        assert_eq!(instant.to_string(), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn a_day_that_a_zone_skipped_whole_begins_with_the_next() {
        // Samoa had no 30 December 2011.
        assert_eq!(zone("Pacific/Apia").start_of(date(2011, 12, 30)).to_string(), "2011-12-30T10:00:00Z");
    }

    #[test]
    fn only_real_names_are_zones() {
        assert_eq!("europe/berlin".parse::<Zone>().map(|z| z.name().to_owned()), Ok("Europe/Berlin".into()));
        for wrong in ["Mars/Olympus", "", "../etc/passwd", "+02:00"] {
            assert!(wrong.parse::<Zone>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn times_of_day_are_read_strictly() {
        for right in ["00:00", "09:05", "23:59"] {
            assert_eq!(parse_time(right).map(time_text), Ok(right.to_owned()));
        }
        for wrong in ["", "9:00", "24:00", "09:60", "09:00:00", "+9:00", "09-00", "０9:00", "é9:00"] {
            assert_eq!(parse_time(wrong), Err(TimeError), "{wrong}");
        }
    }

    #[test]
    fn dates_are_read_strictly() {
        assert_eq!(parse_date("2024-02-29"), Ok(date(2024, 2, 29)));
        for wrong in [
            "2026-02-30",
            "2026-00-01",
            "2026-13-01",
            "2026-2-3",
            "20260203",
            "2026-02-03T00:00:00",
            "-026-02-03",
            "2026-+2-03",
            "２026-02-03",
        ] {
            assert_eq!(parse_date(wrong), Err(DateError), "{wrong}");
        }
    }
}

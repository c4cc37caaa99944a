//! How somebody wants to be told.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Time, Weekday};
use kernel::{ChannelId, HouseholdId, Language, SubscriptionId};
use serde::{Deserialize, Serialize};

use super::Kind;

/// By what somebody is told: the inbox, or one of their channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Way {
    /// The list on the pages, which is always there.
    Inbox,
    /// Something outside.
    Channel(ChannelId),
}

/// The word for the inbox where channels are named.
const INBOX: &str = "inbox";

impl std::fmt::Display for Way {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Inbox => f.write_str(INBOX),
            Self::Channel(id) => id.fmt(f),
        }
    }
}

impl std::str::FromStr for Way {
    type Err = kernel::IdError;

    fn from_str(text: &str) -> Result<Self, kernel::IdError> {
        if text == INBOX { Ok(Self::Inbox) } else { text.parse().map(Self::Channel) }
    }
}

impl Serialize for Way {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Way {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// The hours in which nothing that can wait is sent, from one time of day to another, over midnight where the second
/// is the earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// When it gets quiet.
    pub from: Time,
    /// When it is over.
    pub to: Time,
}

impl QuietHours {
    /// Whether it is quiet at a time of day.
    pub fn hold_at(self, time: Time) -> bool {
        if self.from <= self.to {
            self.from <= time && time < self.to
        } else {
            time >= self.from || time < self.to
        }
    }
}

/// Whether what is not urgent comes at once, or gathered into one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(tag = "every", rename_all = "snake_case")]
pub enum Digest {
    /// Each by itself.
    #[default]
    Off,
    /// Once a day.
    Day {
        /// When.
        at: Time,
    },
    /// Once a week.
    Week {
        /// On which day.
        #[serde(with = "weekday")]
        on: Weekday,
        /// When.
        at: Time,
    },
}

/// Weekdays by their English names.
mod weekday {
    use jiff::civil::Weekday;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::WEEKDAYS;

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "it is how serde asks")]
    pub(super) fn serialize<S: Serializer>(day: &Weekday, serializer: S) -> Result<S::Ok, S::Error> {
        let name = WEEKDAYS.iter().find(|(known, _)| known == day).map_or("monday", |(_, name)| *name);
        serializer.serialize_str(name)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let found = WEEKDAYS.iter().find(|(_, name)| *name == text);
        found.map(|(day, _)| *day).ok_or_else(|| D::Error::custom("must be a day such as monday"))
    }
}

/// The days of the week by their names on the wire.
pub(crate) const WEEKDAYS: [(Weekday, &str); 7] = [
    (Weekday::Monday, "monday"),
    (Weekday::Tuesday, "tuesday"),
    (Weekday::Wednesday, "wednesday"),
    (Weekday::Thursday, "thursday"),
    (Weekday::Friday, "friday"),
    (Weekday::Saturday, "saturday"),
    (Weekday::Sunday, "sunday"),
];

/// How somebody wants to be told. Whatever is not said here is told, by everything they have: so that nobody misses
/// something for want of having chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// By what which kind is not told.
    pub off: BTreeMap<Kind, BTreeSet<Way>>,
    /// Of which subscriptions nothing is told.
    pub muted_subscriptions: BTreeSet<SubscriptionId>,
    /// Of which households nothing is told.
    pub muted_households: BTreeSet<HouseholdId>,
    /// When it is quiet.
    pub quiet_hours: Option<QuietHours>,
    /// Whether what can wait is gathered.
    pub digest: Digest,
    /// In which language; that of their locale when they have not said.
    pub language: Option<Language>,
}

impl Preferences {
    /// The most subscriptions that can be muted one by one.
    pub const MOST_MUTED: usize = 500;

    /// Whether a kind is told by something.
    pub fn tells(&self, kind: Kind, way: Way) -> bool {
        !kind.can_be_off() || !self.off.get(&kind).is_some_and(|off| off.contains(&way))
    }

    /// Turns a kind on or off for a way.
    pub fn set(&mut self, kind: Kind, way: Way, told: bool) {
        let off = self.off.entry(kind).or_default();
        if told {
            off.remove(&way)
        } else {
            off.insert(way)
        };
        if off.is_empty() {
            self.off.remove(&kind);
        }
    }

    /// Forgets a channel that is there no more.
    pub fn forget(&mut self, channel: ChannelId) {
        self.off.retain(|_, off| {
            off.remove(&Way::Channel(channel));
            !off.is_empty()
        });
    }
}

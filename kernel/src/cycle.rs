//! How often something is paid for.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// The unit of a [`Cycle`].
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Unit {
    /// A civil day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Unit {
    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What is wrong with a cycle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CycleError {
    /// Outside 1 to 999.
    #[error("must be a whole number from 1 to 999")]
    Every,
    /// None of the four words.
    #[error("must be one of day, week, month, year")]
    Unit,
}

impl FromStr for Unit {
    type Err = CycleError;

    fn from_str(text: &str) -> Result<Self, CycleError> {
        match text {
            "day" => Ok(Self::Day),
            "week" => Ok(Self::Week),
            "month" => Ok(Self::Month),
            "year" => Ok(Self::Year),
            _ => Err(CycleError::Unit),
        }
    }
}

/// Every `every` `unit`s, `every` from 1 to 999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(try_from = "CycleText")]
pub struct Cycle {
    #[schema(minimum = 1, maximum = 999, example = 1)]
    every: u16,
    unit: Unit,
}

impl Cycle {
    /// Once a week.
    pub const WEEKLY: Self = Self { every: 1, unit: Unit::Week };
    /// Once a month.
    pub const MONTHLY: Self = Self { every: 1, unit: Unit::Month };
    /// Once a year.
    pub const YEARLY: Self = Self { every: 1, unit: Unit::Year };

    /// The largest `every`.
    pub const MAX_EVERY: u16 = 999;

    /// A cycle of `every` `unit`s.
    ///
    /// # Errors
    /// [`CycleError::Every`] outside 1 to 999.
    pub fn new(every: i64, unit: Unit) -> Result<Self, CycleError> {
        match u16::try_from(every) {
            Ok(every @ 1..=Self::MAX_EVERY) => Ok(Self { every, unit }),
            _ => Err(CycleError::Every),
        }
    }

    /// How many units, 1 to 999.
    pub const fn every(self) -> u16 {
        self.every
    }

    /// Units of what.
    pub const fn unit(self) -> Unit {
        self.unit
    }
}

/// A cycle as it comes in: not yet known to be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CycleInput)]
pub struct CycleText {
    /// 1 to 999.
    #[schema(minimum = 1, maximum = 999, example = 1)]
    pub every: i64,
    /// `day`, `week`, `month` or `year`.
    #[schema(value_type = Unit)]
    pub unit: String,
}

impl CycleText {
    /// The cycle, or notes in `invalid`, below `pointer`, of what is wrong.
    pub fn read(&self, pointer: &str, invalid: &mut Invalid) -> Option<Cycle> {
        let unit = invalid.check(format!("{pointer}/unit"), self.unit.parse::<Unit>());
        let every = invalid.check(format!("{pointer}/every"), Cycle::new(self.every, Unit::Day));
        Some(Cycle { every: every?.every, unit: unit? })
    }
}

impl TryFrom<CycleText> for Cycle {
    type Error = Invalid;

    fn try_from(text: CycleText) -> Result<Self, Invalid> {
        let mut invalid = Invalid::new();
        text.read("", &mut invalid).ok_or(invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_mistakes_of_a_cycle_are_named() {
        let mut invalid = Invalid::new();
        let text = CycleText { every: 0, unit: "fortnight".into() };
        assert_eq!(text.read("/cycle", &mut invalid), None);
        let pointers: Vec<_> = invalid.errors().iter().map(|e| e.pointer.as_str()).collect();
        assert_eq!(pointers, ["/cycle/unit", "/cycle/every"]);
    }

    #[test]
    fn a_cycle_of_0_refused() {
        assert_eq!(Cycle::new(0, Unit::Month), Err(CycleError::Every));
        let mut invalid = Invalid::new();
        assert_eq!(CycleText { every: 0, unit: "month".into() }.read("/cycle", &mut invalid), None);
        assert_eq!(invalid.errors()[0].detail, "must be a whole number from 1 to 999");
    }

    #[test]
    fn every_is_one_to_999() {
        for every in [i64::MIN, -1, 0, 1000, 65_537, i64::MAX] {
            assert_eq!(Cycle::new(every, Unit::Day), Err(CycleError::Every), "{every}");
        }
        assert!(Cycle::new(1, Unit::Day).is_ok() && Cycle::new(999, Unit::Year).is_ok());
    }
}

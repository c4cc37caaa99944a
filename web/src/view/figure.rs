//! Figures: tiles, shares of a whole, steps in time.

use jiff::civil::Date;
use kernel::Money;

use crate::Tone;

/// A figure with its name.
#[derive(Debug, Clone)]
pub struct StatTile {
    /// What is counted.
    pub label: String,
    /// The figure, already in the reader's manner.
    pub value: String,
    /// What one should know about it.
    pub note: Option<String>,
    /// Where the rows are that make it up.
    pub href: Option<String>,
}

impl StatTile {
    /// A figure with its name.
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), note: None, href: None }
    }

    /// What one should know about it.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Another class for a figure that needs more room: twelve digits are set smaller, not cut off.
    pub fn width(&self) -> &'static str {
        match self.value.chars().count() {
            ..=12 => "",
            13..=15 => " stat-long",
            _ => " stat-longest",
        }
    }

    /// Where the rows are that make it up.
    #[must_use]
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// How much of a whole there is already.
#[derive(Debug, Clone)]
pub struct Progress {
    /// What it shows, for those who do not see the bar.
    pub label: String,
    /// Thousandths of the whole, 0 to 1000.
    pub permille: i64,
}

impl Progress {
    /// `part` of `whole`. Nothing of nothing is nothing; more than the whole is the whole.
    pub fn new(label: impl Into<String>, part: Money, whole: Money) -> Self {
        let permille = match whole.minor() {
            ..=0 => 0,
            // The amount of one thousandth is the part scaled by 1000 over the whole, in the same rounding.
            whole => part.scaled(1000, i128::from(whole)).minor().clamp(0, 1000),
        };
        Self { label: label.into(), permille }
    }
}

/// A step in a timeline: what happened, or what is to come.
#[derive(Debug, Clone)]
pub struct Step {
    /// When.
    pub on: Date,
    /// What, in a few words.
    pub title: String,
    /// What else is worth knowing.
    pub detail: Option<String>,
    /// How much.
    pub amount: Option<Money>,
    /// How to take it.
    pub tone: Tone,
}

impl Step {
    /// Something on a day.
    pub fn new(on: Date, title: impl Into<String>) -> Self {
        Self { on, title: title.into(), detail: None, amount: None, tone: Tone::Calm }
    }

    /// What else is worth knowing.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// How much.
    #[must_use]
    pub const fn amount(mut self, amount: Money) -> Self {
        self.amount = Some(amount);
        self
    }

    /// How to take it.
    #[must_use]
    pub const fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    #[test]
    fn a_share_stays_within_its_whole() {
        let euros = |minor| Money::from_minor(minor, Currency::EUR);
        for (part, whole, permille) in [
            (0, 0, 0),
            (500, 0, 0),
            (1, 3, 333),
            (500, 1000, 500),
            (2000, 1000, 1000),
            (-5, 1000, 0),
            (i64::MAX, i64::MAX, 1000),
        ] {
            assert_eq!(Progress::new("", euros(part), euros(whole)).permille, permille, "{part} of {whole}");
        }
    }
}

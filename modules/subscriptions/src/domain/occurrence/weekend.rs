//! On which day the money of a charge moves.

use jiff::civil::{Date, Weekday};

use crate::domain::choice::choices;

choices! {
    /// What a charge date on a Saturday or Sunday means for the money. The charge date itself, by which a payment is
    /// known, never moves, nor does the anchor.
    #[derive(Default)]
    Weekend, "keep, before, after" {
        /// It moves on the charge date all the same.
        #[default]
        Keep "keep" "On the very day"
        /// It moves on the Friday before.
        Before "before" "On the Friday before"
        /// It moves on the Monday after.
        After "after" "On the Monday after"
    }
}

impl Weekend {
    /// The day on which the money of the charge of `charge_date` moves.
    ///
    /// ```
    /// use jiff::civil::date;
    /// use subscriptions::domain::Weekend;
    /// let saturday = date(2026, 5, 9);
    /// assert_eq!(Weekend::Before.moves_on(saturday), date(2026, 5, 8));
    /// assert_eq!(Weekend::After.moves_on(saturday), date(2026, 5, 11));
    /// assert_eq!(Weekend::Keep.moves_on(saturday), saturday);
    /// ```
    pub fn moves_on(self, charge_date: Date) -> Date {
        let days = match (self, charge_date.weekday()) {
            (Self::Before, Weekday::Saturday) => -1,
            (Self::Before, Weekday::Sunday) => -2,
            (Self::After, Weekday::Saturday) => 2,
            (Self::After, Weekday::Sunday) => 1,
            (
                Self::Keep | Self::Before | Self::After,
                Weekday::Monday
                | Weekday::Tuesday
                | Weekday::Wednesday
                | Weekday::Thursday
                | Weekday::Friday
                | Weekday::Saturday
                | Weekday::Sunday,
            ) => 0,
        };
        // At the very ends of the calendar there is nowhere to move to.
        charge_date.checked_add(jiff::Span::new().days(days)).unwrap_or(charge_date)
    }
}

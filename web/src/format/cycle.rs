//! How often.

use kernel::{Cycle, Unit};

/// A cycle as an adverb: `monthly`, `every 2 weeks`, `yearly`.
///
/// ```
/// use kernel::{Cycle, Unit};
/// assert_eq!(web::format::cycle(Cycle::MONTHLY), "monthly");
/// assert_eq!(web::format::cycle(Cycle::new(2, Unit::Week)?), "every 2 weeks");
/// # Ok::<(), kernel::CycleError>(())
/// ```
pub fn cycle(cycle: Cycle) -> String {
    match (cycle.every(), cycle.unit()) {
        (1, Unit::Day) => "daily".into(),
        (1, Unit::Week) => "weekly".into(),
        (1, Unit::Month) => "monthly".into(),
        (1, Unit::Year) => "yearly".into(),
        (every, unit) => format!("every {every} {unit}s"),
    }
}

/// A cycle as it follows a price: `a month`, `every 2 weeks`, `a year`.
pub fn per(cycle: Cycle) -> String {
    match (cycle.every(), cycle.unit()) {
        (1, unit) => format!("a {unit}"),
        (every, unit) => format!("every {every} {unit}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_read_as_people_say_them() {
        for (every, unit, adverb, after_price) in [
            (1, Unit::Day, "daily", "a day"),
            (1, Unit::Week, "weekly", "a week"),
            (1, Unit::Month, "monthly", "a month"),
            (1, Unit::Year, "yearly", "a year"),
            (3, Unit::Month, "every 3 months", "every 3 months"),
            (45, Unit::Day, "every 45 days", "every 45 days"),
            (999, Unit::Year, "every 999 years", "every 999 years"),
        ] {
            let each = Cycle::new(every, unit).unwrap();
            assert_eq!((cycle(each), per(each)), (adverb.to_owned(), after_price.to_owned()));
        }
    }
}

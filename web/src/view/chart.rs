//! Charts: bars and columns as SVG, with their numbers as text beside them.

use kernel::Money;

/// A bar in a list of them: the longest is as long as there is room.
#[derive(Debug, Clone)]
pub struct Bar {
    /// What it is of.
    pub name: String,
    /// Where the rows are that make it up.
    pub href: Option<String>,
    /// How much, already in the reader's manner.
    pub value: String,
    /// What else is worth knowing.
    pub note: String,
    /// Thousandths of the longest.
    pub permille: i64,
}

/// A column in a row of them.
#[derive(Debug, Clone)]
pub struct Column {
    /// A few letters below it.
    pub label: String,
    /// What it is of, in full.
    pub name: String,
    /// Where the rows are that make it up.
    pub href: Option<String>,
    /// How much, already in the reader's manner.
    pub value: String,
    /// Thousandths of the highest.
    pub permille: i64,
    /// Whether it is the one that is looked at.
    pub active: bool,
}

/// Columns side by side: time, from left to right.
#[derive(Debug, Clone)]
pub struct Columns {
    /// What it shows, for those who do not see it.
    pub label: String,
    /// The columns.
    pub columns: Vec<Column>,
}

/// How wide a column is with the room around it, in units of the drawing.
const STEP: i64 = 40;
/// How high the highest is.
const HEIGHT: i64 = 120;

/// Where one column stands in the drawing.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its left edge.
    pub x: i64,
    /// Its upper edge.
    pub y: i64,
    /// Its height.
    pub height: i64,
    /// Its middle, where its label stands.
    pub middle: i64,
}

impl Columns {
    /// How wide the drawing is.
    pub fn width(&self) -> i64 {
        i64::try_from(self.columns.len()).unwrap_or(1).max(1) * STEP
    }

    /// The columns with their places. What is more than nothing can be seen.
    pub fn placed(&self) -> Vec<(&Column, Place)> {
        let place = |at: usize, column: &Column| {
            let x = i64::try_from(at).unwrap_or(0) * STEP;
            let height = match column.permille {
                ..=0 => 0,
                permille => (permille * HEIGHT / 1000).max(2),
            };
            Place { x: x + 6, y: HEIGHT - height, height, middle: x + STEP / 2 }
        };
        self.columns.iter().enumerate().map(|(at, column)| (column, place(at, column))).collect()
    }
}

/// Thousandths of the largest of `amounts` that each of them is. Less than nothing is nothing.
pub fn permilles(amounts: &[Money]) -> Vec<i64> {
    let most = amounts.iter().map(|amount| amount.minor()).max().unwrap_or(0);
    let share = |amount: &Money| match most {
        ..=0 => 0,
        most => amount.scaled(1000, i128::from(most)).minor().clamp(0, 1000),
    };
    amounts.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use kernel::Currency;

    use super::*;

    fn euros(minors: &[i64]) -> Vec<Money> {
        minors.iter().map(|minor| Money::from_minor(*minor, Currency::EUR)).collect()
    }

    #[test]
    fn the_largest_takes_all_the_room() {
        assert_eq!(permilles(&euros(&[500, 1000, 0, -5])), [500, 1000, 0, 0]);
        assert_eq!(permilles(&euros(&[0, 0])), [0, 0]);
        assert_eq!(permilles(&[]), [0_i64; 0]);
        assert_eq!(permilles(&euros(&[i64::MAX, 1])), [1000, 0]);
    }

    #[test]
    fn columns_stand_on_one_line() {
        let column = |permille| Column {
            label: "M".into(),
            name: "May".into(),
            href: None,
            value: "1".into(),
            permille,
            active: false,
        };
        let chart = Columns { label: "Months".into(), columns: [1000, 1, 0].map(column).into() };
        assert_eq!(chart.width(), 120);
        let places: Vec<_> =
            chart.placed().iter().map(|(_, place)| (place.x, place.y, place.height)).collect();
        assert_eq!(places, [(6, 0, 120), (46, 118, 2), (86, 120, 0)]);
        assert!(chart.placed().iter().all(|(_, place)| place.y + place.height == HEIGHT));
    }
}

//! The colour of a brand, and what can be read on it.

use std::{fmt, str::FromStr};

/// A colour of a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    red: u8,
    green: u8,
    blue: u8,
}

/// A text that is no colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColourError(String);

impl fmt::Display for ColourError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no colour: write it as #rrggbb", self.0)
    }
}

impl std::error::Error for ColourError {}

const WHITE: Colour = Colour { red: 255, green: 255, blue: 255 };
const BLACK: Colour = Colour { red: 0, green: 0, blue: 0 };

impl FromStr for Colour {
    type Err = ColourError;

    /// Reads `#rrggbb`, and `rrggbb` as Simple Icons writes it.
    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').unwrap_or(text);
        let wrong = || ColourError(text.to_owned());
        if digits.len() != 6 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let [_, red, green, blue] = u32::from_str_radix(digits, 16).map_err(|_| wrong())?.to_be_bytes();
        Ok(Self { red, green, blue })
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

impl<'de> serde::Deserialize<'de> for Colour {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[expect(
    clippy::float_arithmetic,
    reason = "light is no money, and the formulas of WCAG are of real numbers"
)]
impl Colour {
    /// Relative luminance as WCAG 2.2 defines it.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The contrast between two colours, from 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// What a mark on it is drawn and a large letter written in: white where that can be seen (WCAG asks for 3 to
    /// 1), else black.
    pub fn ink(self) -> Self {
        if self.contrast(WHITE) >= 3.0 { WHITE } else { BLACK }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn colours_read_back_and_nothing_else_does() {
        assert_eq!(colour("#E50914").to_string(), "#e50914");
        assert_eq!(colour("e50914"), colour("#e50914"));
        for wrong in ["", "#", "#fff", "#e5091", "#e509145", "#e5091g", "red", "#+50914"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn contrast_is_that_of_the_standard() {
        let near = |one: f64, other: f64| format!("{one:.2}") == format!("{other:.2}");
        assert!(near(WHITE.contrast(BLACK), 21.0));
        assert!(near(colour("#777777").contrast(WHITE), 4.48));
        assert!(near(colour("#e50914").contrast(WHITE), 4.79));
    }

    #[test]
    fn black_on_yellow_and_white_on_red() {
        let ink = |text: &str| colour(text).ink();
        assert_eq!(
            (ink("#ffe600"), ink("#1ed760"), ink("#e50914"), ink("#000000")),
            (BLACK, BLACK, WHITE, WHITE)
        );
    }

    proptest! {
        #[test]
        fn something_can_be_seen_on_every_colour(red: u8, green: u8, blue: u8) {
            let colour = Colour { red, green, blue };
            prop_assert!(colour.contrast(colour.ink()) >= 3.0);
        }
    }
}

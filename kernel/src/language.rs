//! The languages that there are texts in.

use serde::{Deserialize, Serialize};

use crate::Locale;

/// A language that what is told and helped with is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// German.
    De,
    /// Hindi.
    Hi,
}

impl Language {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::En, Self::De, Self::Hi];

    /// Its code of ISO 639.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Hi => "hi",
        }
    }

    /// What it calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::De => "Deutsch",
            Self::Hi => "हिन्दी",
        }
    }

    /// The language of a locale, where there are texts in it, else English.
    pub fn of(locale: &Locale) -> Self {
        Self::ALL.into_iter().find(|language| language.code() == locale.language()).unwrap_or(Self::En)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_read_in_its_language_or_in_english() {
        let of = |locale: &str| Language::of(&locale.parse().unwrap());
        assert_eq!([of("hi-IN"), of("de"), of("fr-FR")], [Language::Hi, Language::De, Language::En]);
    }
}

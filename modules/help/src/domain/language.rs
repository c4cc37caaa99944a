//! The languages that help speaks.

use std::collections::BTreeMap;

/// A language that every text of a tree is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

    /// That of somebody who reads `language`: English where help speaks another.
    pub fn of(language: &str) -> Self {
        Self::ALL.into_iter().find(|known| known.code() == language).unwrap_or(Self::En)
    }
}

/// One text in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Texts([String; 3]);

impl Texts {
    /// The texts by their languages' codes, or the code of the first that is missing or empty.
    ///
    /// # Errors
    /// The code.
    pub fn new(written: &BTreeMap<String, String>) -> Result<Self, &'static str> {
        let text = |language: Language| {
            let found = written.get(language.code()).map(|text| text.trim()).filter(|text| !text.is_empty());
            found.map(str::to_owned).ok_or(language.code())
        };
        Ok(Self([text(Language::En)?, text(Language::De)?, text(Language::Hi)?]))
    }

    /// That of one language.
    pub fn of(&self, language: Language) -> &str {
        let [en, de, hi] = &self.0;
        match language {
            Language::En => en,
            Language::De => de,
            Language::Hi => hi,
        }
    }
}

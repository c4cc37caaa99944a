//! Texts in every language that help speaks.

use std::collections::BTreeMap;

use kernel::Language;

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

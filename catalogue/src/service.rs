//! One service.

use crate::{Colour, mark};

/// A service that many people pay for.
#[derive(Debug, PartialEq, Eq)]
pub struct Service {
    pub(crate) slug: String,
    pub(crate) category: &'static str,
    pub(crate) facts: Facts,
}

/// What the data say of a service.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(default)]
    pub(crate) everyday: Vec<String>,
    pub(crate) mark: Option<String>,
    pub(crate) colour: Option<Colour>,
    pub(crate) cancel: Option<String>,
    #[serde(default)]
    pub(crate) statement: Vec<String>,
    #[serde(default)]
    pub(crate) includes: Vec<String>,
}

impl Service {
    /// Its stable id.
    pub fn slug(&self) -> &str {
        &self.slug
    }

    /// Its name as it writes it.
    pub fn name(&self) -> &str {
        &self.facts.name
    }

    /// What else people call it.
    pub fn aliases(&self) -> &[String] {
        &self.facts.aliases
    }

    /// Its name, then what else people call it.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name()).chain(self.facts.aliases.iter().map(String::as_str))
    }

    /// Those of its names that are everyday words, too: they mean the service where they are written as a name.
    pub fn everyday(&self) -> &[String] {
        &self.facts.everyday
    }

    /// The slug of its category.
    pub const fn category(&self) -> &'static str {
        self.category
    }

    /// The colour people know it by.
    pub fn colour(&self) -> Option<Colour> {
        self.facts.colour.or_else(|| self.icon().and_then(|icon| icon.hex.parse().ok()))
    }

    /// Its mark, as the path of an SVG of 24 by 24.
    pub fn mark(&self) -> Option<&'static str> {
        self.icon().and_then(mark::path)
    }

    /// Where one cancels it, or sees what one pays.
    pub fn cancel_url(&self) -> Option<&str> {
        self.facts.cancel.as_deref()
    }

    /// How it stands on bank statements: the parts that do not change, in capitals.
    pub fn statement(&self) -> &[String] {
        &self.facts.statement
    }

    /// The slugs of what comes with it at no extra cost, in every plan of it.
    pub fn includes(&self) -> &[String] {
        &self.facts.includes
    }

    fn icon(&self) -> Option<&'static simpleicons_rs::Icon> {
        self.facts.mark.as_deref().and_then(mark::icon)
    }
}

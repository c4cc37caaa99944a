//! Settings: defaults, then a file, then `PERENNIAL_…` in the environment; every mistake is named at once.
//!
//! A section is a struct made by [`settings!`](crate::settings!), with the doc and the default of each setting
//! beside it. `check-config` and `config/default.toml` are made from those.

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// Something wrong with the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where: `http.listen in perennial.toml`.
    pub place: String,
    /// What, and how to mend it.
    pub detail: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.detail)
    }
}

/// A setting as `check-config` and the default file show it.
#[derive(Debug, Clone)]
pub struct Described {
    /// `http.listen`.
    pub name: String,
    /// Why one would set it.
    pub doc: &'static str,
    /// Its value in TOML, hidden when secret.
    pub value: String,
    /// Where the value came from: `default`, a file's name, or a variable's.
    pub origin: String,
}

/// The values that were given, by name, and what was found wrong with them so far.
#[derive(Debug, Default)]
pub struct Source {
    given: BTreeMap<String, (toml::Value, String)>,
    known: Vec<Described>,
    mistakes: Vec<Mistake>,
}

const PREFIX: &str = "PERENNIAL_";
/// Variables of that prefix that are not settings: they speak to the tests.
const NOT_SETTINGS: &str = "PERENNIAL_TEST_";

impl Source {
    /// Nothing given.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lays a TOML file over what was given before.
    pub fn add_file(&mut self, path: &Path) {
        let origin = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => self.add_text(&text, &origin),
            Err(error) => self.mistake(&origin, format!("cannot be read: {error}")),
        }
    }

    /// Lays TOML over what was given before.
    pub fn add_text(&mut self, text: &str, origin: &str) {
        match text.parse::<toml::Table>() {
            Ok(table) => self.add_table("", table, origin),
            Err(error) => self.mistake(origin, format!("is not TOML: {}", error.to_string().trim())),
        }
    }

    fn add_table(&mut self, prefix: &str, table: toml::Table, origin: &str) {
        for (key, value) in table {
            let name = format!("{prefix}{key}");
            if let toml::Value::Table(inner) = value {
                self.add_table(&format!("{name}."), inner, origin);
            } else {
                self.given.insert(name, (value, origin.to_owned()));
            }
        }
    }

    /// Lays one value over what was given before, such as one from the command line.
    pub fn add_value(&mut self, name: &str, value: &str, origin: &str) {
        self.given.insert(name.to_owned(), (toml::Value::String(value.to_owned()), origin.to_owned()));
    }

    /// Lays `PERENNIAL_HTTP_LISTEN` and its like over what was given before. Which variable means which setting is
    /// known once the sections have been [read](Source::section), so this is remembered until then.
    pub fn add_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        for (name, value) in variables {
            if let Some(rest) = name.strip_prefix(PREFIX)
                && !name.starts_with(NOT_SETTINGS)
            {
                let key = format!("${}", rest.to_ascii_lowercase());
                self.given.insert(key, (toml::Value::String(value), name));
            }
        }
    }

    fn mistake(&mut self, place: &str, detail: String) {
        self.mistakes.push(Mistake { place: place.to_owned(), detail });
    }

    /// Reads one setting. A mistake is noted and the default stands in, so that the rest can be read too.
    pub fn setting<T: Setting>(&mut self, section: &str, field: &str, doc: &'static str, default: &str) -> T {
        let name = if section.is_empty() { field.to_owned() } else { format!("{section}.{field}") };
        let from_environment = self.given.remove(&format!("${}", name.replace('.', "_")));
        let from_file = self.given.remove(&name);
        let mut value = None;
        // A wrong value that another one hides is a mistake all the same.
        for (given, origin) in [from_file, from_environment].into_iter().flatten() {
            match T::read(&given) {
                Ok(read) => value = Some((read, origin)),
                Err(detail) => self.mistake(&format!("{name} in {origin}"), detail),
            }
        }
        let (value, origin) = value.unwrap_or_else(|| {
            let read = T::read(&toml::Value::String(default.to_owned()));
            (read.unwrap_or_else(|error| unreachable!("the default of {name}: {error}")), "default".into())
        });
        self.known.push(Described { name, doc, value: value.show(), origin });
        value
    }

    /// Reads a whole section.
    pub fn section<S: Section>(&mut self) -> S {
        S::read(self)
    }

    /// Notes what only the settings together make wrong.
    pub fn refuse(&mut self, place: &str, detail: &str) {
        self.mistake(place, detail.to_owned());
    }

    /// What is in force.
    ///
    /// # Errors
    /// Every mistake, when there is one; also settings that were given and that nobody knows.
    pub fn finish(mut self) -> Result<Vec<Described>, Vec<Mistake>> {
        for (name, (_, origin)) in std::mem::take(&mut self.given) {
            let place = if name.starts_with('$') { origin } else { format!("{name} in {origin}") };
            self.mistake(&place, "no such setting: `perennial check-config` lists them all".into());
        }
        if self.mistakes.is_empty() { Ok(self.known) } else { Err(self.mistakes) }
    }
}

/// A struct of settings.
pub trait Section: Sized {
    /// Reads it, noting mistakes in `source`.
    fn read(source: &mut Source) -> Self;
}

/// A type a setting may have.
pub trait Setting: Sized {
    /// Reads it. From the environment and the command line everything comes as a text.
    ///
    /// # Errors
    /// What it should look like.
    fn read(value: &toml::Value) -> Result<Self, String>;

    /// How it is shown: as TOML, or hidden.
    fn show(&self) -> String;
}

/// A section: `settings! { "http", pub struct HttpSettings { /// doc  listen: SocketAddr = "127.0.0.1:8080", } }`.
#[macro_export]
macro_rules! settings {
    (
        $section:literal,
        $(#[$doc:meta])*
        pub struct $name:ident {
            $(#[doc = $field_doc:literal] $field:ident: $of:ty = $default:literal,)*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $(#[doc = $field_doc] pub $field: $of,)*
        }

        impl $crate::settings::Section for $name {
            fn read(source: &mut $crate::settings::Source) -> Self {
                Self { $($field: source.setting($section, stringify!($field), $field_doc.trim_ascii(), $default),)* }
            }
        }
    };
}

/// A value that is never shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "(empty)" } else { "(hidden)" })
    }
}

fn text(value: &toml::Value) -> Option<&str> {
    value.as_str()
}

impl Setting for String {
    fn read(value: &toml::Value) -> Result<Self, String> {
        text(value).map(str::to_owned).ok_or_else(|| "must be a text".into())
    }

    fn show(&self) -> String {
        toml::Value::String(self.clone()).to_string()
    }
}

impl Setting for Secret {
    fn read(value: &toml::Value) -> Result<Self, String> {
        String::read(value).map(Self)
    }

    fn show(&self) -> String {
        if self.0.is_empty() { "\"\"".into() } else { "\"(hidden)\"".into() }
    }
}

impl Setting for bool {
    fn read(value: &toml::Value) -> Result<Self, String> {
        value.as_bool().or_else(|| text(value)?.parse().ok()).ok_or_else(|| "must be true or false".into())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for u32 {
    fn read(value: &toml::Value) -> Result<Self, String> {
        let number = value.as_integer().and_then(|n| Self::try_from(n).ok());
        number
            .or_else(|| text(value)?.parse().ok())
            .ok_or_else(|| "must be a whole number, nought or more".into())
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Setting for SocketAddr {
    fn read(value: &toml::Value) -> Result<Self, String> {
        text(value)
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| "must be an address and a port such as 127.0.0.1:8080".into())
    }

    fn show(&self) -> String {
        format!("\"{self}\"")
    }
}

impl Setting for PathBuf {
    fn read(value: &toml::Value) -> Result<Self, String> {
        text(value).filter(|text| !text.is_empty()).map(Self::from).ok_or_else(|| "must be a path".into())
    }

    fn show(&self) -> String {
        toml::Value::String(self.display().to_string()).to_string()
    }
}

/// A length of time, written `250ms`, `10s`, `15m`, `12h` or `30d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span(std::time::Duration);

impl Span {
    /// As the standard library has it.
    pub const fn duration(self) -> std::time::Duration {
        self.0
    }
}

const SPANS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl Setting for Span {
    fn read(value: &toml::Value) -> Result<Self, String> {
        let read = |text: &str| {
            let digits = text.bytes().take_while(u8::is_ascii_digit).count();
            let (number, unit) = text.split_at(digits);
            let (_, milliseconds) = SPANS.iter().find(|(name, _)| *name == unit)?;
            number.parse::<u64>().ok()?.checked_mul(*milliseconds)
        };
        text(value)
            .and_then(read)
            .map(|milliseconds| Self(std::time::Duration::from_millis(milliseconds)))
            .ok_or_else(|| "must be a length of time such as 250ms, 10s, 15m, 12h or 30d".into())
    }

    fn show(&self) -> String {
        let milliseconds = u64::try_from(self.0.as_millis()).unwrap_or(u64::MAX);
        let fits = |(_, factor): &&(&str, u64)| milliseconds % factor == 0 && milliseconds >= *factor;
        let (unit, factor) = SPANS.iter().rev().find(fits).copied().unwrap_or(("ms", 1));
        format!("\"{}{unit}\"", milliseconds / factor)
    }
}

/// A setting that is one of a few words: `choice! { /// doc pub enum LogFormat { Json = "json", Text = "text" } }`.
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$word_doc:meta])* $variant:ident = $word:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$word_doc])* $variant,)* }

        impl $crate::settings::Setting for $name {
            fn read(value: &$crate::settings::TomlValue) -> Result<Self, String> {
                match value.as_str() {
                    $(Some($word) => Ok(Self::$variant),)*
                    _ => Err(concat!("must be one of", $(" ", $word),*).into()),
                }
            }

            fn show(&self) -> String {
                match self { $(Self::$variant => concat!("\"", $word, "\"").into(),)* }
            }
        }
    };
}

#[doc(hidden)]
pub use toml::Value as TomlValue;

#[cfg(test)]
mod tests {
    use super::*;

    settings! {
        "box",
        /// A section for these tests.
        #[expect(dead_code, unreachable_pub, reason = "it is read only by its settings, and only here")]
        pub struct BoxSettings {
            /// How wide.
            width: u32 = "3",
            /// How long it lasts.
            lasts: Span = "36h",
            /// What opens it.
            key: Secret = "",
            /// Where.
            at: SocketAddr = "127.0.0.1:1",
        }
    }

    fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_environment_lies_over_the_file_and_the_file_over_the_defaults() {
        let mut source = Source::new();
        source.add_text("[box]\nwidth = 4\nlasts = \"90m\"", "test.toml");
        source.add_environment(environment(&[("PERENNIAL_BOX_WIDTH", "5"), ("HOME", "/")]).into_iter());
        let section: BoxSettings = source.section();
        assert_eq!((section.width, section.lasts.duration().as_secs()), (5, 5_400));
        let shown: Vec<_> = source
            .finish()
            .unwrap()
            .into_iter()
            .map(|s| format!("{}={} {}", s.name, s.value, s.origin))
            .collect();
        assert_eq!(
            shown,
            [
                "box.width=5 PERENNIAL_BOX_WIDTH",
                "box.lasts=\"90m\" test.toml",
                "box.key=\"\" default",
                "box.at=\"127.0.0.1:1\" default",
            ]
        );
    }

    #[test]
    fn every_mistake_is_named_at_once_and_secrets_are_not_shown() {
        let mut source = Source::new();
        source.add_text("[box]\nwidth = -1\nkey = \"sesame\"\nwidht = 3", "test.toml");
        let given = environment(&[
            ("PERENNIAL_BOX_LASTS", "soon"),
            ("PERENNIAL_BOCKS", "1"),
            ("PERENNIAL_TEST_X", "1"),
        ]);
        source.add_environment(given.into_iter());
        let section: BoxSettings = source.section();
        assert!(!format!("{section:?}").contains("sesame"));
        let places: Vec<_> = source.finish().unwrap_err().into_iter().map(|m| m.place).collect();
        assert_eq!(
            places,
            [
                "box.width in test.toml",
                "box.lasts in PERENNIAL_BOX_LASTS",
                "PERENNIAL_BOCKS",
                "box.widht in test.toml"
            ]
        );
    }
}

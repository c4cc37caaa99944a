//! Every setting of the program, section by section.

use std::path::Path;

use auth::AuthSettings;
use gateway::{LimitSettings, LoadSettings};
use help::HelpSettings;
use llm::{LlmSettings, MailInSettings};
use notifications::NotificationSettings;
use platform::{
    events::{EventSettings, NatsSettings},
    http::HttpSettings,
    redis::RedisSettings,
    settings::{Described, Mistake, Secret, Source, Span},
    telemetry::{self, LogSettings},
};
use subscriptions::{RatesSettings, SubscriptionsSettings};

use crate::cli::Options;

/// The settings as they are when nobody sets any, with a line of why for each.
const DEFAULTS: &str = include_str!("../../config/default.toml");

platform::choice! {
    /// Where the program runs.
    pub enum Environment {
        /// Somebody's own machine.
        Development = "development",
        /// Like production, with a clock one may set.
        Staging = "staging",
        /// For real.
        Production = "production",
    }
}

impl Environment {
    pub(crate) fn is_production(self) -> bool {
        self == Self::Production
    }
}

platform::settings! {
    "",
    /// What concerns the whole program.
    pub struct GeneralSettings {
        /// Where it runs: development, staging or production. In production the clock cannot be set.
        environment: Environment = "development",
    }
}

platform::settings! {
    "database",
    /// Where data is kept.
    pub struct DatabaseSettings {
        /// The folder of the SQLite files, one a module, where no url is given.
        folder: PathBuf = "./data",
        /// A PostgreSQL database, postgres://user:password@host/name, with a schema a module. Empty: SQLite.
        url: Secret = "",
        /// Connections to PostgreSQL a module keeps at most.
        connections: u32 = "10",
        /// How long a statement may take.
        statement_timeout: Span = "5s",
    }
}

use std::path::PathBuf;

/// All of it.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) general: GeneralSettings,
    pub(crate) http: HttpSettings,
    pub(crate) database: DatabaseSettings,
    pub(crate) redis: RedisSettings,
    pub(crate) limits: LimitSettings,
    pub(crate) load: LoadSettings,
    pub(crate) auth: AuthSettings,
    pub(crate) rates: RatesSettings,
    pub(crate) notifications: NotificationSettings,
    pub(crate) subscriptions: SubscriptionsSettings,
    pub(crate) llm: LlmSettings,
    pub(crate) mail_in: MailInSettings,
    pub(crate) help: HelpSettings,
    pub(crate) events: EventSettings,
    pub(crate) nats: NatsSettings,
    pub(crate) log: LogSettings,
}

impl Settings {
    /// Defaults, then the file, then the environment, then the command line.
    pub(crate) fn load(options: &Options) -> Result<(Self, Vec<Described>), Vec<Mistake>> {
        let mut source = Source::new();
        source.add_text(DEFAULTS, "default");
        if let Some(path) = &options.config {
            source.add_file(path);
        }
        source.add_environment(std::env::vars());
        add_options(&mut source, options);
        Self::read(source)
    }

    /// The defaults alone.
    pub(crate) fn defaults() -> Result<(Self, Vec<Described>), Vec<Mistake>> {
        Self::read(Source::new())
    }

    fn read(mut source: Source) -> Result<(Self, Vec<Described>), Vec<Mistake>> {
        let settings = Self {
            general: source.section(),
            http: source.section(),
            database: source.section(),
            redis: source.section(),
            limits: source.section(),
            load: source.section(),
            auth: source.section(),
            rates: source.section(),
            notifications: source.section(),
            subscriptions: source.section(),
            llm: source.section(),
            mail_in: source.section(),
            help: source.section(),
            events: source.section(),
            nats: source.section(),
            log: source.section(),
        };
        settings.check(&mut source);
        source.finish().map(|known| (settings, known))
    }

    /// What only several settings together make wrong.
    fn check(&self, source: &mut Source) {
        if !is_web_address(&self.http.public_url) {
            source.refuse("http.public_url", "must begin with http:// or https://");
        }
        if self.rates.fetch && !is_web_address(&self.rates.url) {
            source.refuse("rates.url", "must begin with http:// or https://");
        }
        if !self.notifications.smtp.expose().is_empty() && !self.notifications.mail_from.contains('@') {
            source.refuse("notifications.mail_from", "must be an address, now that there is a mail server");
        }
        if !self.auth.proxy_header.is_empty() && self.auth.proxy_addresses.is_empty() {
            source.refuse(
                "auth.proxy_addresses",
                "must list the proxies that are believed in auth.proxy_header",
            );
        }
        if !self.llm.url.is_empty() && !is_web_address(&self.llm.url) {
            source.refuse("llm.url", "must begin with http:// or https://");
        }
        if self.llm.url.is_empty() != self.llm.model.is_empty() {
            source.refuse("llm.model", "must be given together with llm.url");
        }
        if !self.llm.transcription_url.is_empty() && !is_web_address(&self.llm.transcription_url) {
            source.refuse("llm.transcription_url", "must begin with http:// or https://");
        }
        if self.llm.transcription_url.is_empty() != self.llm.transcription_model.is_empty() {
            source.refuse("llm.transcription_model", "must be given together with llm.transcription_url");
        }
        if let Some((setting, detail)) = self.mail_in.mistake() {
            source.refuse(setting, detail);
        }
        if let Some((setting, detail)) = self.nats.mistake() {
            source.refuse(setting, detail);
        }
        if let Err(cause) = telemetry::check_level(&self.log.level) {
            source.refuse("log.level", &cause);
        }
        if self.database.connections == 0 {
            source.refuse("database.connections", "must be at least 1");
        }
    }

    /// Whether people reach us by HTTPS.
    pub(crate) fn https(&self) -> bool {
        self.http.public_url.starts_with("https://")
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.database.folder
    }
}

fn is_web_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

fn add_options(source: &mut Source, options: &Options) {
    if let Some(folder) = &options.data {
        source.add_value("database.folder", &folder.display().to_string(), "--data");
    }
    if let Some(address) = options.listen {
        source.add_value("http.listen", &address.to_string(), "--listen");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The file as it should be, made of the sections.
    fn written() -> String {
        let (_, known) = Settings::defaults().unwrap();
        let mut text = String::from(
            "# Every setting, its default, and why one would change it.\n\
             # Copy what you change into a file of your own and start with --config FILE,\n\
             # or set it in the environment: http.listen is PERENNIAL_HTTP_LISTEN.\n",
        );
        let mut section = "";
        for setting in &known {
            let (in_section, field) = setting.name.rsplit_once('.').unwrap_or(("", &setting.name));
            if in_section != section {
                section = in_section;
                text.push_str(&format!("\n[{section}]"));
            }
            text.push_str(&format!("\n# {}\n{field} = {}\n", setting.doc, setting.value));
        }
        text
    }

    #[test]
    fn the_default_file_shows_every_setting_and_its_default() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../config/default.toml");
        if written() != DEFAULTS {
            std::fs::write(path, written()).unwrap();
            panic!(
                "config/default.toml was not up to date; it has been written anew: look at it and commit it"
            );
        }
    }
}

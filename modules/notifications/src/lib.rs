//! notifications: telling people what they should know. Each notification is planned, sent once, explained, and can be
//! sent again; one that cannot be sent keeps no other from being sent.
//!
//! It hears `reminder.due`, `budget.passed` and `household.changed`, and asks users of whom it knows nothing yet.

mod channels;
mod consumers;
pub mod domain;
mod error;
mod http;
mod jobs;
mod mail;
mod outside;
mod pages;
mod service;
mod settings;
mod store;
#[cfg(test)]
mod tests;

use std::{path::PathBuf, sync::Arc};

use contracts::users::Users;
use kernel::{Clock, Ids};
use platform::{
    db::{Database, Migration},
    dependencies::Dependencies,
    mail::{Mailer, Smtp, SmtpMistake},
    module::Module,
    sealing::Sealing,
};

pub use channels::{NoKey, WebPush};
pub use error::HeraldError;
pub use service::Herald;
pub use settings::NotificationSettings;

/// The schema of this module's database.
pub const MIGRATIONS: &[Migration] = platform::migrations!["0001_notifications", "0002_webhooks"];

/// What the module needs.
pub struct Deps {
    /// Its own database.
    pub database: Database,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn Ids>,
    /// Who people are.
    pub users: Arc<dyn Users>,
    /// Those who are asked outside, and how they do.
    pub dependencies: Dependencies,
    /// How people outside are told.
    pub settings: NotificationSettings,
    /// Where mail is handed over, where this installation has a mail server.
    pub mailer: Option<Arc<dyn Mailer>>,
    /// The installation as browsers know it that tell people things.
    pub web_push: WebPush,
    /// What people's tokens are kept with.
    pub sealing: Sealing,
    /// The data folder of this process.
    pub folder: PathBuf,
    /// Where people reach us, as `https://example.org`.
    pub public_url: String,
}

/// Where mail is handed over, by the settings; none where there is no mail server. How it does is noted among
/// `dependencies`.
///
/// # Errors
/// What is wrong with the settings of the mail server.
pub fn mailer(
    settings: &NotificationSettings,
    dependencies: &Dependencies,
) -> Result<Option<Arc<dyn Mailer>>, SmtpMistake> {
    let (timeout, authorities) = (settings.timeout.duration(), &settings.smtp_authorities);
    let smtp = Smtp::new(&settings.smtp, &settings.mail_from, timeout, authorities, dependencies)?;
    Ok(smtp.map(|smtp| Arc::new(smtp) as Arc<dyn Mailer>))
}

/// Builds the module: what others may ask of it, what is served, what it hears, and what it does by itself.
pub fn module(deps: Deps) -> (Arc<Herald>, Module) {
    let herald = Arc::new(Herald::new(deps));
    let module = Module {
        name: "notifications",
        api: http::routes(Arc::clone(&herald)),
        pages: pages::routes(Arc::clone(&herald)),
        consumers: consumers::consumers(&herald),
        jobs: jobs::jobs(&herald),
        long_bodies: Vec::new(),
        marks: Vec::new(),
    };
    (herald, module)
}

//! What stands around the pages of somebody who is signed in.

use jiff::Timestamp;
use kernel::{Actor, Zone, time_text};
use platform::http::Problem;
use web::{Manner, Notice, Person, Shell, Tab};

use crate::{Auth, AuthError};

/// Who looks at a page, and how they read.
pub(super) struct Frame {
    zone: Zone,
    manner: Manner,
    person: Person,
    homes: Vec<web::Home>,
}

impl Frame {
    pub(super) async fn of(auth: &Auth, actor: &Actor) -> Result<Self, Problem> {
        let away = |error: contracts::CallError| {
            tracing::error!(%error, "users does not say who looks at a page");
            Problem::unavailable("Your profile cannot be read right now.").retry_after(1)
        };
        let account = auth.users.account(actor.user).await.map_err(away)?.ok_or(AuthError::NotFound)?;
        let homes = auth.users.households(actor.user).await.map_err(away)?;
        let zone = account.profile.time_zone;
        let homes = homes.into_iter().map(|home| web::Home {
            current: home.household == actor.household,
            id: home.household.to_string(),
            name: home.name,
            may_change: home.access.may_change(),
        });
        Ok(Self {
            manner: Manner::new(account.profile.locale, zone.date_at(auth.now())),
            person: Person { name: account.profile.name, email: account.email },
            homes: homes.collect(),
            zone,
        })
    }

    pub(super) fn shell(&self, title: &str, notice: Option<Notice>) -> Shell {
        let mut shell = Shell::new(title, self.manner.clone())
            .signed_in(self.person.clone())
            .among(self.homes.clone())
            .on(Tab::Settings)
            .about("security", "");
        shell.notice = notice;
        shell
    }

    /// The day of an instant.
    pub(super) fn day(&self, instant: Timestamp) -> String {
        self.manner.day(&self.zone.date_at(instant))
    }

    /// A day and a time of day, as short as it can be: `09:00` today, else `5 Jun, 09:00`.
    pub(super) fn moment(&self, instant: Timestamp) -> String {
        let local = self.zone.datetime_at(instant);
        let time = time_text(local.time());
        if local.date() == self.manner.today() {
            time
        } else {
            format!("{}, {time}", self.manner.day(&local.date()))
        }
    }
}

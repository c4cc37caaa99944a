//! What stands around the pages of those who run the installation.

use contracts::users::Users;
use kernel::{Actor, Clock};
use platform::http::Problem;
use web::{Home, Manner, Person, Shell, Tab};

/// The shell of a page for whoever looks at it.
pub(crate) async fn shell(
    users: &dyn Users,
    clock: &dyn Clock,
    actor: &Actor,
    title: &str,
) -> Result<Shell, Problem> {
    let away = |error: contracts::CallError| {
        tracing::error!(%error, "users does not say who looks at a page");
        Problem::unavailable("Your profile cannot be read right now.").retry_after(1)
    };
    let account = users.account(actor.user).await.map_err(away)?;
    let account = account.ok_or_else(|| Problem::not_found("You have no profile."))?;
    let homes = users.households(actor.user).await.map_err(away)?;
    let homes = homes.into_iter().map(|home| Home {
        current: home.household == actor.household,
        id: home.household.to_string(),
        name: home.name,
        may_change: home.access.may_change(),
    });
    let today = account.profile.time_zone.date_at(clock.now());
    Ok(Shell::new(title, Manner::new(account.profile.locale, today))
        .signed_in(Person { name: account.profile.name, email: account.email })
        .among(homes.collect())
        .on(Tab::Settings))
}

/// A length of time in its largest unit.
pub(crate) fn span(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3_600),
    }
}

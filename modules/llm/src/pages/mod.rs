//! The quick add: words in a line, how they are read while one types, what became of them.

mod add;
mod learnt;
mod mail;
mod prefill;
mod several;
mod shared;
mod shown;
mod while_typing;

use std::sync::Arc;

use axum::{
    Router,
    routing::{get, post},
};
use contracts::users::Account;
use jiff::civil::Date;
use kernel::Actor;
use platform::http::Problem;
use web::{Manner, Person, RenderError, Shell, Tab};

use crate::Reader;

pub(crate) fn routes(reader: Arc<Reader>) -> Router {
    Router::new()
        .route("/add", get(add::show).post(add::submit))
        .route("/add/reading", post(while_typing::read))
        .route("/add/voice", post(while_typing::hear))
        .route("/add/learnt", get(learnt::show))
        .route("/add/learnt/{id}/forget", post(learnt::forget))
        .route("/add/list", get(several::show).post(several::submit))
        .route("/add/mail", get(mail::show).post(mail::make))
        .route("/add/mail/revoke", post(mail::revoke))
        .route("/add/shared", get(shared::show))
        .route("/add/{id}", get(add::result))
        .with_state(reader)
}

fn manner(account: &Account, today: Date) -> Manner {
    Manner::new(account.profile.locale.clone(), today)
}

async fn shell(reader: &Reader, actor: &Actor, account: &Account, today: Date) -> Shell {
    let person = Person { name: account.profile.name.clone(), email: account.email.clone() };
    let homes = reader.homes(actor).await.into_iter().map(|home| web::Home {
        current: home.household == actor.household,
        id: home.household.to_string(),
        name: home.name,
        may_change: home.access.may_change(),
    });
    Shell::new("Add a subscription", manner(account, today))
        .signed_in(person)
        .among(homes.collect())
        .on(Tab::Add)
}

#[expect(clippy::needless_pass_by_value, reason = "it is what map_err hands over")]
fn broken(error: RenderError) -> Problem {
    tracing::error!(%error, "a page could not be rendered");
    Problem::internal("It has been noted. Nothing was changed by showing this page; try again.")
}

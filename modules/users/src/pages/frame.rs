//! What stands around the pages of this module.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use kernel::{Access, Actor};
use platform::http::Problem;
use web::{Manner, Shell, Tab};

use crate::{People, store::Person};

/// The households that the reader can look at.
pub(super) async fn homes(people: &People, actor: &Actor) -> Result<Vec<web::Home>, Problem> {
    let homes = people.homes(actor).await?;
    let shown = homes.into_iter().map(|home| web::Home {
        current: home.household == actor.household,
        id: home.household.to_string(),
        name: home.name,
        may_change: home.access.may_change(),
    });
    Ok(shown.collect())
}

/// A page around which its reader is signed in.
pub(super) async fn shell(
    people: &People,
    actor: &Actor,
    person: &Person,
    title: impl Into<String>,
) -> Result<Shell, Problem> {
    let manner = Manner::new(person.profile.locale.clone(), people.today(person));
    let name = person.profile.name.clone();
    Ok(Shell::new(title, manner)
        .signed_in(web::Person { name, email: person.email.clone() })
        .among(homes(people, actor).await?)
        .on(Tab::Settings)
        .about("household", ""))
}

/// The page, or the problem of having none.
pub(super) fn render(status: StatusCode, template: &impl Template) -> Result<Response, Problem> {
    web::page_with(status, template).map_err(|error| {
        tracing::error!(%error, "a page could not be rendered");
        Problem::internal("Showing this page changed nothing. It has been noted; please try again.")
    })
}

/// What a member may do, as a sentence's end.
pub(super) const fn may(access: Access) -> &'static str {
    match access {
        Access::Owner => "owns it and decides who belongs to it",
        Access::Editor => "may add and change everything",
        Access::Viewer => "may look",
    }
}

/// The word for what a member may do.
pub(super) const fn word(access: Access) -> &'static str {
    match access {
        Access::Owner => "Owner",
        Access::Editor => "Editor",
        Access::Viewer => "Viewer",
    }
}

/// The choice of what somebody may do.
pub(super) fn choice(value: Access) -> web::view::Select {
    let choices = [
        (Access::Editor, "Editor: may add and change everything"),
        (Access::Viewer, "Viewer: may look"),
        (Access::Owner, "Owner: also decides who belongs to it"),
    ];
    web::view::Select::new("access", "What they may do")
        .choices(choices.map(|(access, text)| (access.as_str(), text)))
        .value(value.as_str())
}

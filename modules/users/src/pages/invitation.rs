//! `/invitations/{token}`: where the link leads, for somebody who has an account and for somebody who has none.

use std::sync::Arc;

use askama::Template;
use axum::{Extension, extract::State, http::StatusCode, response::Response};
use kernel::Actor;
use platform::http::{PathOf, Problem, VisitorAsSelf, login_location};
use web::{Manner, Shell};

use super::{
    frame::{may, render},
    switch::looking_at,
};
use crate::{People, error::UsersError};

#[derive(Template)]
#[template(path = "invitation.html")]
struct Page {
    shell: Shell,
    inviter: String,
    household: String,
    may: &'static str,
    place: Option<String>,
    expires: String,
    token: String,
    register: String,
    log_in: String,
    signed_in: bool,
}

#[derive(Template)]
#[template(path = "invitation_over.html")]
struct Over {
    shell: Shell,
    text: String,
}

fn over(error: UsersError) -> Result<Response, Problem> {
    match error {
        UsersError::InvitationOver | UsersError::NotFound => {
            let shell = Shell::new("Invitation", Manner::of_nobody());
            let text = UsersError::InvitationOver.to_string();
            render(StatusCode::NOT_FOUND, &Over { shell, text })
        }
        UsersError::Invalid(_)
        | UsersError::NoProfile
        | UsersError::Changed
        | UsersError::MemberChanged
        | UsersError::Refused(_)
        | UsersError::Contended
        | UsersError::Internal(_)
        | UsersError::Database(_) => Err(error.into()),
    }
}

pub(super) async fn show(
    State(people): State<Arc<People>>,
    who: Option<Extension<Actor>>,
    PathOf(token): PathOf<String>,
) -> Result<Response, Problem> {
    let user = who.as_ref().map(|Extension(actor)| actor.user);
    let led = match people.invitation(&token, user).await {
        Ok(led) => led,
        Err(error) => return over(error),
    };
    let manner = Manner::of_nobody();
    // Of the reader's whereabouts nothing is known yet; a day more or less is told by the hour.
    let expires = manner.date(&people.utc_day(led.invitation.expires_at));
    let page = Page {
        shell: Shell::new("Invitation", manner),
        inviter: led.inviter,
        household: led.household,
        may: may(led.invitation.access),
        place: led.place,
        expires,
        register: format!("/register?next=/invitations/{token}"),
        log_in: login_location(&format!("/invitations/{token}")),
        token,
        signed_in: user.is_some(),
    };
    render(StatusCode::OK, &page)
}

pub(super) async fn accept(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    PathOf(token): PathOf<String>,
) -> Result<Response, Problem> {
    match people.accept_invitation(&actor, &token).await {
        Ok(home) => Ok(looking_at(&people, home.household, "/household?done=joined")),
        Err(error) => over(error),
    }
}

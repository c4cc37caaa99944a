//! `/household/switch`: which household the pages show.

use std::{sync::Arc, time::Duration};

use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use contracts::users::HOUSEHOLD_COOKIE;
use kernel::HouseholdId;
use platform::http::{Problem, VisitorAsSelf, set_cookie};
use serde::Deserialize;

use crate::{People, error::UsersError};

/// A year; what it names is looked up with every request anyway.
const LASTS: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What is sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    household: String,
}

/// On to `path`, looking at that household from now on.
pub(super) fn looking_at(people: &People, household: HouseholdId, path: &str) -> Response {
    let cookie = set_cookie(HOUSEHOLD_COOKIE, people.https(), &household.to_string(), LASTS);
    (cookie, Redirect::to(path)).into_response()
}

pub(super) async fn submit(
    State(people): State<Arc<People>>,
    VisitorAsSelf(actor): VisitorAsSelf,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let asked: HouseholdId = sent.household.parse().map_err(|_| UsersError::NotFound)?;
    let belongs = people.homes(&actor).await?.iter().any(|home| home.household == asked);
    if !belongs {
        return Err(UsersError::NotFound.into());
    }
    Ok(looking_at(&people, asked, "/dashboard"))
}

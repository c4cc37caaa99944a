//! Who is asking: a bearer token for the API, a cookie for the pages, never the one for the other. And for whom they
//! ask: the household of their own, or another that they belong to, by a header for the API and a cookie for the
//! pages.

use std::{sync::Arc, time::Duration};

use axum::response::{AppendHeaders, IntoResponse, Response};
use contracts::{
    CallError,
    auth::{Authentication, COOKIE},
    users::{HOUSEHOLD_COOKIE, Membership, Users},
};
use http::{HeaderMap, HeaderValue, header};
use kernel::{Actor, HouseholdId, UserId};
use moka::sync::Cache;
use platform::http::{Problem, cookie_name, read_cookie, set_cookie};

/// How long a membership is taken for granted: the longest that somebody who was put out goes on.
const MEMBERS_FOR: Duration = Duration::from_secs(5);
/// How many memberships are remembered.
const MEMBERS: u64 = 100_000;
/// How long users may take to say who belongs to what.
const PATIENCE: Duration = Duration::from_secs(2);
/// By which programs say for which household they ask.
const HOUSEHOLD: &str = "perennial-household";

pub(crate) struct Identity {
    authentication: Arc<dyn Authentication>,
    users: Arc<dyn Users>,
    /// Whether people reach us by HTTPS, so that cookies go by the names that browsers bind to this host.
    https: bool,
    memberships: Cache<(UserId, HouseholdId), Membership>,
}

/// Why nobody is let in.
pub(crate) enum Refused {
    /// They do not belong to the household they name.
    NoMember,
    /// It cannot be known.
    Away(CallError),
}

impl From<CallError> for Refused {
    fn from(error: CallError) -> Self {
        Self::Away(error)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::NoMember => {
                Problem::not_found("You belong to no household of the id in Perennial-Household.")
                    .into_response()
            }
            Self::Away(error) => {
                tracing::error!(%error, "who is asking cannot be found out");
                let problem = Problem::unavailable("Who you are cannot be checked right now.");
                problem.retry_after(1).into_response()
            }
        }
    }
}

impl Identity {
    pub(crate) fn new(authentication: Arc<dyn Authentication>, users: Arc<dyn Users>, https: bool) -> Self {
        let memberships = Cache::builder().max_capacity(MEMBERS).time_to_live(MEMBERS_FOR).build();
        Self { authentication, users, https, memberships }
    }

    /// Takes away a cookie that names a household the person does not belong to (any more), unless the answer sets it.
    pub(crate) fn forget_household(&self, mut response: Response) -> Response {
        let name = cookie_name(HOUSEHOLD_COOKIE, self.https).as_bytes();
        let sets = |value: &HeaderValue| {
            value.as_bytes().strip_prefix(name).is_some_and(|rest| rest.starts_with(b"="))
        };
        if response.headers().get_all(header::SET_COOKIE).iter().any(sets) {
            return response;
        }
        let AppendHeaders([(name, gone)]) = set_cookie(HOUSEHOLD_COOKIE, self.https, "", Duration::ZERO);
        if let Ok(gone) = HeaderValue::try_from(gone) {
            response.headers_mut().append(name, gone);
        }
        response
    }

    /// Who asks, and whether their browser names a household that is not theirs.
    pub(crate) async fn recognise(
        &self,
        headers: &HeaderMap,
        path: &str,
    ) -> Result<(Option<Actor>, bool), Refused> {
        if path.starts_with("/v1/") {
            self.program(headers).await.map(|actor| (actor, false))
        } else {
            self.browser(headers).await
        }
    }

    async fn program(&self, headers: &HeaderMap) -> Result<Option<Actor>, Refused> {
        let Some(actor) = by_bearer(self, headers).await? else { return Ok(None) };
        let asked = match headers.get(HOUSEHOLD) {
            None => actor.household,
            Some(text) => {
                let id = text.to_str().ok().and_then(|text| text.trim().parse().ok());
                id.ok_or(Refused::NoMember)?
            }
        };
        self.acting_for(actor, asked).await?.map(Some).ok_or(Refused::NoMember)
    }

    /// Also whether the browser names a household that is not the person's: they are at home then.
    async fn browser(&self, headers: &HeaderMap) -> Result<(Option<Actor>, bool), Refused> {
        let Some(actor) = by_cookie(self, headers).await? else { return Ok((None, false)) };
        let asked = read_cookie(HOUSEHOLD_COOKIE, self.https, headers).map(str::parse::<HouseholdId>);
        if let Some(Ok(asked)) = asked
            && let Some(actor) = self.acting_for(actor, asked).await?
        {
            return Ok((Some(actor), false));
        }
        Ok((self.acting_for(actor, actor.household).await?, asked.is_some()))
    }

    /// The actor in that household; `None` when they do not belong to it. To their own everybody belongs, as its owner
    /// as long as users knows nothing of them yet.
    async fn acting_for(&self, actor: Actor, household: HouseholdId) -> Result<Option<Actor>, CallError> {
        let found = self.membership(actor.user, household).await?;
        let at_home = (household == actor.household).then_some(actor);
        let there = found.map(|found| actor.acting_for(household, found.member, found.access));
        Ok(there.or(at_home))
    }

    async fn membership(
        &self,
        user: UserId,
        household: HouseholdId,
    ) -> Result<Option<Membership>, CallError> {
        if let Some(known) = self.memberships.get(&(user, household)) {
            return Ok(Some(known));
        }
        let asked = tokio::time::timeout(PATIENCE, self.users.membership(user, household)).await;
        let found = asked.map_err(|_| CallError::Unavailable("users did not answer in time".into()))??;
        // That somebody does not belong is not kept: the invitation they accept counts at once.
        if let Some(found) = found {
            self.memberships.insert((user, household), found);
        }
        Ok(found)
    }
}

async fn by_bearer(identity: &Identity, headers: &HeaderMap) -> Result<Option<Actor>, CallError> {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = given
        .and_then(|given| given.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match token {
        Some((_, token)) => identity.authentication.bearer(token.trim()).await,
        None => Ok(None),
    }
}

async fn by_cookie(identity: &Identity, headers: &HeaderMap) -> Result<Option<Actor>, CallError> {
    match read_cookie(COOKIE, identity.https, headers) {
        Some(secret) => identity.authentication.cookie(secret).await,
        None => Ok(None),
    }
}

//! `/v1/me`, and the household: `/v1/households`, `/v1/members`, `/v1/invitations`.

mod households;
mod invitations;
mod members;

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use contracts::users::{Profile, ReminderDays};
use jiff::Timestamp;
use kernel::{Access, Actor, Currency, HouseholdId, Invalid, Locale, MemberId, Role, UserId, Zone};
use platform::http::{Caller, CallerAsSelf, IfMatch, IfNoneMatch, Json, Problem, ProblemBody};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{People, service::etag, store::Person};

pub(crate) fn routes(people: Arc<People>) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(read, change))
        .with_state(Arc::clone(&people))
        .merge(households::routes(Arc::clone(&people)))
        .merge(members::routes(Arc::clone(&people)))
        .merge(invitations::routes(people))
}

/// Who you are, and how you read and count.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Me {
    id: UserId,
    /// The household you act for.
    household_id: HouseholdId,
    /// As which of its members.
    member_id: MemberId,
    /// What you may do there.
    access: Access,
    role: Role,
    email: String,
    /// How you want to be called; may be empty.
    name: String,
    locale: Locale,
    time_zone: Zone,
    /// What an amount without a mark is in, and what totals are shown in.
    currency: Currency,
    /// How many days ahead you are reminded of what is to come, the farthest first; none at all is never.
    reminder_days: Vec<u8>,
    /// At which time of those days, `HH:MM`.
    #[schema(example = "09:00")]
    reminder_time: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl Me {
    fn new(actor: &Actor, person: &Person) -> Self {
        let Profile { name, locale, time_zone, currency, reminders } = person.profile.clone();
        Self {
            id: person.user,
            household_id: actor.household,
            member_id: actor.member,
            access: actor.access,
            role: actor.role,
            email: person.email.clone(),
            name,
            locale,
            time_zone,
            currency,
            reminder_days: reminders.days.days().to_vec(),
            reminder_time: kernel::time_text(reminders.time),
            created_at: person.created_at,
            updated_at: person.updated_at,
        }
    }
}

/// Read your profile
#[utoipa::path(get, path = "/v1/me", tag = "users", responses(
    (status = 200, description = "Your profile", body = Me),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 503, description = "It is still being made", body = ProblemBody),
))]
async fn read(
    State(people): State<Arc<People>>,
    Caller(actor): Caller,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let person = people.me(&actor).await?;
    Ok(has.answer(etag(&person), Json(Me::new(&actor, &person))))
}

/// What to change; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MeChange {
    /// How you want to be called.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(max_length = 120)]
    pub(crate) name: Option<String>,
    /// How you read and write.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Locale>)]
    pub(crate) locale: Option<String>,
    /// Where your days begin. Every future charge date moves with it, no past one.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Zone>)]
    pub(crate) time_zone: Option<String>,
    /// What totals are shown in.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<Currency>)]
    pub(crate) currency: Option<String>,
    /// How many days ahead you are reminded of what is to come: at most 5, from 0 to 60 each; none at all is never.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    pub(crate) reminder_days: Option<Vec<i64>>,
    /// At which time of those days, `HH:MM`.
    #[serde(default, deserialize_with = "platform::http::present")]
    #[schema(nullable = false)]
    #[schema(example = "09:00")]
    pub(crate) reminder_time: Option<String>,
}

impl MeChange {
    /// The profile with these changes.
    pub(crate) fn apply(&self, mut profile: Profile) -> Result<Profile, Invalid> {
        let mut invalid = Invalid::new();
        if let Some(name) = &self.name {
            name.trim().clone_into(&mut profile.name);
            if profile.name.chars().count() > 120 || profile.name.chars().any(char::is_control) {
                invalid.add("/name", "must have at most 120 characters, all of them visible");
            }
        }
        if let Some(locale) = self.locale.as_deref().and_then(|text| invalid.check("/locale", text.parse())) {
            profile.locale = locale;
        }
        if let Some(zone) =
            self.time_zone.as_deref().and_then(|text| invalid.check("/time_zone", text.parse()))
        {
            profile.time_zone = zone;
        }
        if let Some(currency) =
            self.currency.as_deref().and_then(|text| invalid.check("/currency", text.parse()))
        {
            profile.currency = currency;
        }
        let days = self.reminder_days.as_deref();
        if let Some(days) = days.and_then(|days| ReminderDays::read(days, "/reminder_days", &mut invalid)) {
            profile.reminders.days = days;
        }
        let time = self.reminder_time.as_deref();
        if let Some(time) = time.and_then(|text| invalid.check("/reminder_time", kernel::parse_time(text))) {
            profile.reminders.time = time;
        }
        invalid.into_result().map(|()| profile)
    }
}

/// Change your profile
#[utoipa::path(patch, path = "/v1/me", tag = "users",
    request_body(content = MeChange, content_type = "application/merge-patch+json"),
    responses(
        (status = 200, description = "Your profile as it is now", body = Me),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
    ))]
async fn change(
    State(people): State<Arc<People>>,
    CallerAsSelf(actor): CallerAsSelf,
    seen: IfMatch,
    Json(body): Json<MeChange>,
) -> Result<Response, Problem> {
    let person =
        people.change(&actor, |person| seen.check(&etag(person)), |profile| body.apply(profile)).await?;
    Ok((etag(&person), Json(Me::new(&actor, &person))).into_response())
}

//! `/v1/notification-preferences`

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use jiff::civil::Time;
use kernel::{HouseholdId, Invalid, SubscriptionId, parse_time, time_text};
use platform::http::{CallerAsSelf, ETag, IfMatch, IfNoneMatch, Json, Problem, ProblemBody};
use serde::{Deserialize, Serialize};

use crate::{
    domain::{Digest, Kind, Language, Preferences, QuietHours, WEEKDAYS, Way},
    service::Herald,
    store::{KeptChannel, Known},
};

/// How you want to be told.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NotificationPreferences)]
pub(crate) struct PreferencesBody {
    /// For each kind, whether it is told by `inbox` and by each of your channels, by its id. What is left out is told.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, BTreeMap<String, bool>>)]
    pub(crate) kinds: BTreeMap<Kind, BTreeMap<Way, bool>>,
    /// Of which subscriptions you are told nothing.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub(crate) muted_subscriptions: Vec<SubscriptionId>,
    /// Of which households you are told nothing.
    #[serde(default)]
    pub(crate) muted_households: Vec<HouseholdId>,
    /// When nothing that can wait is sent.
    #[serde(default)]
    pub(crate) quiet_hours: Option<QuietBody>,
    /// Gathers what can wait into one message.
    #[serde(default)]
    pub(crate) digest: Option<DigestBody>,
    /// In which language; that of your locale when `null`.
    #[serde(default)]
    pub(crate) language: Option<Language>,
}

/// From one time of day to another, over midnight where the second is the earlier one.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = QuietHours)]
pub(crate) struct QuietBody {
    /// `HH:MM`
    #[schema(example = "22:00")]
    pub(crate) from: String,
    /// `HH:MM`
    #[schema(example = "07:00")]
    pub(crate) to: String,
}

/// When a digest is sent.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Digest)]
pub(crate) struct DigestBody {
    /// On which day of the week, such as `monday`; every day when `null`.
    #[serde(default)]
    pub(crate) on: Option<String>,
    /// `HH:MM`
    #[schema(example = "18:00")]
    pub(crate) at: String,
}

impl PreferencesBody {
    /// What somebody chose, about everything they can choose about.
    pub(crate) fn new(preferences: &Preferences, channels: &[KeptChannel]) -> Self {
        let ways = || [Way::Inbox].into_iter().chain(channels.iter().map(|channel| Way::Channel(channel.id)));
        let told = |kind| ways().map(move |way| (way, preferences.tells(kind, way)));
        let (on, at) = match preferences.digest {
            Digest::Off => (None, None),
            Digest::Day { at } => (None, Some(at)),
            Digest::Week { on, at } => (WEEKDAYS.iter().find(|(day, _)| *day == on), Some(at)),
        };
        Self {
            kinds: Kind::CHOSEN.into_iter().map(|kind| (kind, told(kind).collect())).collect(),
            muted_subscriptions: preferences.muted_subscriptions.iter().copied().collect(),
            muted_households: preferences.muted_households.iter().copied().collect(),
            quiet_hours: preferences
                .quiet_hours
                .map(|quiet| QuietBody { from: time_text(quiet.from), to: time_text(quiet.to) }),
            digest: at.map(|at| DigestBody { on: on.map(|(_, name)| (*name).to_owned()), at: time_text(at) }),
            language: preferences.language,
        }
    }

    /// Reads it, or says everything that is wrong with it.
    pub(crate) fn read(&self) -> Result<Preferences, Invalid> {
        let mut invalid = Invalid::new();
        let mut preferences = Preferences {
            muted_subscriptions: self.muted_subscriptions.iter().copied().collect(),
            muted_households: self.muted_households.iter().copied().collect(),
            language: self.language,
            ..Preferences::default()
        };
        for (kind, ways) in &self.kinds {
            for (way, told) in ways {
                if !told && !kind.can_be_off() {
                    invalid.add(format!("/kinds/{}/{way}", kind.as_str()), "is always told");
                }
                preferences.set(*kind, *way, *told);
            }
        }
        if let Some(quiet) = &self.quiet_hours {
            let from = invalid.check("/quiet_hours/from", parse_time(&quiet.from));
            let to = invalid.check("/quiet_hours/to", parse_time(&quiet.to));
            preferences.quiet_hours = from.zip(to).map(|(from, to)| QuietHours { from, to });
            if from.is_some() && from == to {
                invalid.add("/quiet_hours/to", "must be another time than from");
            }
        }
        if let Some(digest) = &self.digest {
            preferences.digest = digest.read(&mut invalid).unwrap_or_default();
        }
        invalid.into_result()?;
        Ok(preferences)
    }
}

impl DigestBody {
    fn read(&self, invalid: &mut Invalid) -> Option<Digest> {
        let at: Option<Time> = invalid.check("/digest/at", parse_time(&self.at));
        let Some(on) = &self.on else { return at.map(|at| Digest::Day { at }) };
        let known = WEEKDAYS.iter().find(|(_, name)| name == on);
        if known.is_none() {
            invalid.add("/digest/on", "must be a day such as monday");
        }
        known.zip(at).map(|((on, _), at)| Digest::Week { on: *on, at })
    }
}

/// Changes with every change of the preferences.
fn etag(known: &Known, channels: &[KeptChannel]) -> ETag {
    let last = channels.last().map(|channel| channel.id.to_string()).unwrap_or_default();
    ETag::of(&[&known.preferences_version, &channels.len(), &last])
}

/// Read how you want to be told
#[utoipa::path(get, path = "/v1/notification-preferences", tag = "notifications", responses(
    (status = 200, description = "What you chose, kind by kind and way by way", body = PreferencesBody),
    (status = 304, description = "You have it already"),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 503, description = "Your profile is still being made", body = ProblemBody),
))]
pub(super) async fn get(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    has: IfNoneMatch,
) -> Result<Response, Problem> {
    let known = herald.preferences(actor.user).await?;
    let channels = herald.channels(&actor).await?;
    let body = PreferencesBody::new(&known.preferences, &channels);
    Ok(has.answer(etag(&known, &channels), Json(body)))
}

/// Choose how you want to be told
///
/// Replaces all of it.
#[utoipa::path(put, path = "/v1/notification-preferences", tag = "notifications", request_body = PreferencesBody,
    responses(
        (status = 200, description = "What you chose", body = PreferencesBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 412, description = "It was changed since you read it", body = ProblemBody),
        (status = 422, description = "Some of it is not valid", body = ProblemBody),
        (status = 503, description = "Your profile is still being made", body = ProblemBody),
    ))]
pub(super) async fn put(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    seen: IfMatch,
    Json(body): Json<PreferencesBody>,
) -> Result<Response, Problem> {
    let chosen = body.read()?;
    let channels = herald.channels(&actor).await?;
    let known = herald.set_preferences(&actor, |known| seen.check(&etag(known, &channels)), &chosen).await?;
    let body = PreferencesBody::new(&known.preferences, &channels);
    Ok((etag(&known, &channels), Json(body)).into_response())
}

//! A fact that has happened, in the envelope of `CloudEvents` 1.0.

use jiff::Timestamp;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{EventId, HouseholdId, UserId};

/// What an event says, apart from who, when and about what.
pub trait EventPayload: Serialize + DeserializeOwned {
    /// The name in the past tense: `subscription.created`.
    const TYPE: &'static str;
    /// Which module says it: `/subscriptions`.
    const SOURCE: &'static str;
    /// Grows when the payload changes its shape; consumers accept the one before for a release.
    const VERSION: u16 = 1;
}

/// An event in the JSON form of `CloudEvents` 1.0, with the extensions `userid`, `householdid`, `audienceid`, `traceparent`
/// and `causationid`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Always `1.0`.
    pub specversion: String,
    /// Unique; consumers drop what they have seen by it.
    pub id: EventId,
    /// Which module says it.
    pub source: String,
    /// The name in the past tense.
    #[serde(rename = "type")]
    pub kind: String,
    /// What it is about, as an id; order is kept among events of one subject.
    pub subject: String,
    /// When it happened.
    pub time: Timestamp,
    /// Where the payload's schema is published; its last part is the version.
    pub dataschema: String,
    /// The payload.
    pub data: Value,
    /// Whose act it was; absent for the system's own.
    #[serde(rename = "userid", skip_serializing_if = "Option::is_none", default)]
    pub user: Option<UserId>,
    /// Which household it concerns.
    #[serde(rename = "householdid", skip_serializing_if = "Option::is_none", default)]
    pub household: Option<HouseholdId>,
    /// Who alone may know of it, where it is not everybody's of the household.
    #[serde(rename = "audienceid", skip_serializing_if = "Option::is_none", default)]
    pub audience: Option<UserId>,
    /// The W3C trace it belongs to.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub traceparent: Option<String>,
    /// The event that led to it.
    #[serde(rename = "causationid", skip_serializing_if = "Option::is_none", default)]
    pub causation: Option<EventId>,
}

impl Event {
    /// A new event about `subject`. Who did it and what led to it are set by the `with_…` methods.
    pub fn new<P: EventPayload>(id: EventId, subject: String, time: Timestamp, payload: &P) -> Self {
        Self {
            specversion: "1.0".into(),
            id,
            source: P::SOURCE.into(),
            kind: P::TYPE.into(),
            subject,
            time,
            dataschema: format!("/schemas/{}/{}", P::TYPE, P::VERSION),
            // A payload is a plain struct of ours; one that cannot be JSON is caught by the first test of it.
            data: serde_json::to_value(payload).unwrap_or(Value::Null),
            user: None,
            household: None,
            audience: None,
            traceparent: None,
            causation: None,
        }
    }

    /// Whose act it was.
    #[must_use]
    pub fn with_user(mut self, user: UserId) -> Self {
        self.user = Some(user);
        self
    }

    /// Which household it concerns.
    #[must_use]
    pub fn with_household(mut self, household: HouseholdId) -> Self {
        self.household = Some(household);
        self
    }

    /// Who alone may know of it; nobody means everybody of the household.
    #[must_use]
    pub fn with_audience(mut self, audience: Option<UserId>) -> Self {
        self.audience = audience;
        self
    }

    /// The event that led to this one; the trace goes on too.
    #[must_use]
    pub fn caused_by(mut self, cause: &Self) -> Self {
        self.causation = Some(cause.id);
        self.traceparent.clone_from(&cause.traceparent);
        self
    }

    /// The payload, when the event is of that type and of a version this program knows.
    ///
    /// # Errors
    /// When the payload does not have the shape its version promises.
    pub fn payload<P: EventPayload>(&self) -> Result<Option<P>, serde_json::Error> {
        if self.kind == P::TYPE { P::deserialize(&self.data).map(Some) } else { Ok(None) }
    }
}

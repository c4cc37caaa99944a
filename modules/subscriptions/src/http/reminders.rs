//! `/v1/reminders`

use std::sync::Arc;

use axum::extract::State;
use contracts::subscriptions::ReminderKind;
use jiff::{Timestamp, civil::Date};
use kernel::{Invalid, Money, ReminderId, SubscriptionId};
use platform::http::{Caller, Json, Page, PageQuery, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

use crate::{
    Tracker,
    domain::ReminderState,
    service::{ReminderPlace, Seek, SeenReminder},
};

/// Where a reminder is.
#[derive(Debug, utoipa::ToSchema)]
#[schema(as = ReminderState, rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words of state")]
pub(crate) enum ReminderStateWord {
    /// To come, as things stand.
    Planned,
    /// Told.
    Sent,
    /// Not told, and not any more.
    Dropped,
}

/// Something to be told, once.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Reminder)]
pub(crate) struct ReminderBody {
    /// `null` while it is to come.
    id: Option<ReminderId>,
    subscription_id: SubscriptionId,
    /// What you call the subscription.
    name: String,
    kind: ReminderKind,
    /// The charge date, or the day on which the trial, the price or the notice ends.
    #[schema(schema_with = kernel::schema::date)]
    about_on: Date,
    /// How many days before that day; less than nought, how many days after it.
    lead_days: i64,
    /// For when it is planned.
    #[schema(value_type = String, format = DateTime)]
    planned_for: Timestamp,
    #[schema(value_type = ReminderStateWord)]
    state: &'static str,
    /// Why it was left out.
    reason: Option<String>,
    /// When it was told or left out.
    #[schema(value_type = Option<String>, format = DateTime)]
    decided_at: Option<Timestamp>,
    /// What is charged on the day that it is about.
    amount: Money,
    /// Whether it waits for nothing.
    urgent: bool,
}

impl From<SeenReminder> for ReminderBody {
    fn from(seen: SeenReminder) -> Self {
        let reminder = seen.reminder;
        Self {
            id: seen.id,
            subscription_id: seen.subscription,
            name: seen.name,
            kind: reminder.kind,
            about_on: reminder.about_on,
            lead_days: reminder.lead,
            planned_for: seen.planned_for,
            state: seen.state.as_str(),
            reason: seen.reason,
            decided_at: seen.decided_at,
            amount: reminder.amount,
            urgent: reminder.is_urgent(),
        }
    }
}

/// Which reminders to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct ReminderQuery {
    /// Those to come (when left out), told, or left out.
    #[param(value_type = Option<ReminderStateWord>)]
    state: Option<String>,
    /// Planned for this day or a later one.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<String>,
    /// Planned for this day or an earlier one.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<String>,
}

impl ReminderQuery {
    fn read(&self, after: Option<ReminderPlace>) -> Result<Seek, Invalid> {
        let mut invalid = Invalid::new();
        let state = self.state.as_deref().and_then(|word| invalid.check("/state", word.parse()));
        let mut day = |text: Option<&str>, pointer: &str| {
            text.and_then(|text| invalid.check(pointer, kernel::parse_date(text)))
        };
        let (from, to) = (day(self.from.as_deref(), "/from"), day(self.to.as_deref(), "/to"));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            invalid.add("/to", "must not be before from");
        }
        invalid.into_result()?;
        Ok(Seek { state: state.unwrap_or(ReminderState::Planned), from, to, after })
    }
}

/// List your reminders: those of the next 60 days in their order, or those that were told or left out, newest first
#[utoipa::path(get, path = "/v1/reminders", tag = "subscriptions", params(PageQuery, ReminderQuery),
    responses(
        (status = 200, description = "A page of them", body = Page<ReminderBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn list(
    State(tracker): State<Arc<Tracker>>,
    Caller(actor): Caller,
    Query(page): Query<PageQuery>,
    Query(only): Query<ReminderQuery>,
) -> Result<Json<Page<ReminderBody>>, Problem> {
    let (limit, after) = page.read::<ReminderPlace>()?;
    let seek = only.read(after).map_err(|invalid| Problem::invalid(&invalid))?;
    let found = tracker.reminders(&actor, &seek, limit).await?;
    Ok(Json(Page::from_rows(found, limit, SeenReminder::place, ReminderBody::from)))
}

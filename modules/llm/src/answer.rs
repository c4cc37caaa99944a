//! What somebody gets back for their words: kept with them, and sent as it is.

use jiff::civil::Date;
use kernel::{Cycle, MessageId, Money, PaymentId, SubscriptionId};
use serde::{Deserialize, Serialize};

use crate::domain;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum AnswerStatus {
    /// What it says has been done.
    Applied,
    /// The person is asked, with what was read filled in; for that part nothing was done.
    NeedsConfirmation,
    /// It is not about a subscription, or must not be acted upon.
    Refused,
    /// A language model is being asked; what comes of it is fetched later.
    Processing,
}

/// What was read, and what became of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Message)]
pub(crate) struct Answer {
    /// `null` in a preview, which is not kept.
    pub(crate) id: Option<MessageId>,
    pub(crate) status: AnswerStatus,
    /// Who read it: `rules`, or `model` where a language model had a part in it.
    pub(crate) reader: String,
    pub(crate) readings: Vec<ReadingBody>,
    pub(crate) refusal: Option<RefusalBody>,
    /// What could not be done, in words, such as asking the language model.
    #[serde(default)]
    pub(crate) note: Option<String>,
}

/// One subscription, or one act on one, as the words tell it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Reading)]
pub(crate) struct ReadingBody {
    /// `subscription.created`, `subscription.cancelled`, `payment.recorded` …
    pub(crate) event: String,
    /// From 0 to 1; below 0.6 the person is always asked.
    pub(crate) confidence: f64,
    pub(crate) name: Option<String>,
    /// The slug of a known service.
    pub(crate) service: Option<String>,
    pub(crate) plan: Option<String>,
    pub(crate) price: Option<Money>,
    pub(crate) cycle: Option<Cycle>,
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) first_charge_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) next_charge_on: Option<Date>,
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) trial_ends_on: Option<Date>,
    /// For acts on a subscription: when it happened or takes effect.
    #[schema(value_type = Option<String>, format = Date)]
    pub(crate) effective_on: Option<Date>,
    pub(crate) promotion: Option<PromotionBody>,
    /// A built-in category's slug.
    pub(crate) category: Option<String>,
    /// What has to be asked.
    pub(crate) missing: Vec<String>,
    /// One that is tracked already and seems to be the same.
    pub(crate) duplicate_of: Option<SubscriptionId>,
    /// The one that was made, or acted upon.
    pub(crate) subscription_id: Option<SubscriptionId>,
    /// The payment that was told of.
    #[serde(default)]
    pub(crate) payment_id: Option<PaymentId>,
    /// Why nothing was done, in words, where nothing was.
    pub(crate) question: Option<String>,
    /// Which words gave which member.
    pub(crate) evidence: Vec<EvidenceBody>,
    /// By which words the name was said, normalised; for what the household may teach.
    #[serde(skip)]
    pub(crate) words: Option<String>,
}

/// A price that holds for a while before the regular one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Promotion)]
pub(crate) struct PromotionBody {
    pub(crate) price: Money,
    /// For how long.
    pub(crate) lasts: Cycle,
}

/// Where a member was said: bytes of the text, in UTF-8.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Evidence)]
pub(crate) struct EvidenceBody {
    pub(crate) field: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Why the words become no event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Refusal)]
pub(crate) struct RefusalBody {
    /// For programs: `one_off_purchase`, `one_time_code` …
    pub(crate) reason: String,
    /// For people.
    pub(crate) detail: String,
}

impl Answer {
    pub(crate) fn refused(refusal: domain::Refusal) -> Self {
        let refusal = RefusalBody { reason: refusal.reason.as_str().into(), detail: refusal.detail };
        Self {
            id: None,
            status: AnswerStatus::Refused,
            reader: "rules".into(),
            readings: vec![],
            refusal: Some(refusal),
            note: None,
        }
    }

    /// What was read. It is applied when nothing has to be asked.
    pub(crate) fn read(readings: Vec<ReadingBody>) -> Self {
        let asks = readings.iter().any(|reading| reading.question.is_some());
        let status = if asks { AnswerStatus::NeedsConfirmation } else { AnswerStatus::Applied };
        Self { id: None, status, reader: "rules".into(), readings, refusal: None, note: None }
    }

    /// Nothing yet.
    pub(crate) fn processing(id: MessageId) -> Self {
        Self { id: Some(id), status: AnswerStatus::Processing, ..Self::read(vec![]) }
    }
}

impl ReadingBody {
    pub(crate) fn new(reading: &domain::Reading) -> Self {
        #[expect(
            clippy::float_arithmetic,
            reason = "a confidence is no money; the contract shows it as 0.98"
        )]
        let confidence = f64::from(reading.confidence.per_mille()) / 1000.0;
        Self {
            event: reading.event.as_str().into(),
            confidence,
            name: reading.name.clone(),
            service: reading.service.map(Into::into),
            plan: reading.plan.clone(),
            price: reading.price,
            cycle: reading.cycle,
            first_charge_on: reading.first_charge_on,
            next_charge_on: reading.next_charge_on,
            trial_ends_on: reading.trial_ends_on,
            effective_on: reading.effective_on,
            promotion: reading
                .promotion
                .map(|promotion| PromotionBody { price: promotion.price, lasts: promotion.lasts }),
            category: reading.category.map(Into::into),
            missing: reading.missing.iter().map(|field| field.as_str().to_owned()).collect(),
            duplicate_of: None,
            subscription_id: None,
            payment_id: None,
            question: None,
            evidence: reading
                .evidence
                .iter()
                .map(|e| EvidenceBody { field: e.field.as_str().into(), start: e.start, end: e.end })
                .collect(),
            words: None,
        }
    }
}

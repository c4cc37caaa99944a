//! Bodies as a client reads them: what the contract promises and no more. A member that is missing or of another
//! type fails the test that reads it.

use serde::Deserialize;

/// An amount.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Money {
    /// With exactly the currency's digits.
    pub amount: String,
    /// Its ISO 4217 code.
    pub currency: String,
}

/// How often.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Cycle {
    /// Every so many …
    pub every: u16,
    /// … days, weeks, months or years.
    pub unit: String,
}

/// A subscription.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct Subscription {
    pub id: String,
    pub name: String,
    pub plan: Option<String>,
    pub status: String,
    pub price: Money,
    pub cycle: Option<Cycle>,
    pub first_charge_on: String,
    pub next_charge_on: Option<String>,
    pub trial_ends_on: Option<String>,
    pub ends_on: Option<String>,
    pub auto_renew: bool,
    pub monthly_equivalent: Option<Money>,
    pub notes: String,
    pub url: Option<String>,
    pub service: Option<String>,
    pub source: serde_json::Value,
    pub created_at: String,
    pub updated_at: String,
}

/// A payment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct Payment {
    pub id: String,
    pub subscription_id: String,
    pub due_on: String,
    pub paid_on: Option<String>,
    pub status: String,
    pub amount: Money,
    pub source: String,
}

/// A page of a list.
#[derive(Debug, Clone, Deserialize)]
pub struct Page<T> {
    /// Its entries.
    pub data: Vec<T>,
    /// Where the next begins.
    pub next_cursor: Option<String>,
}

/// A message that was read.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct Message {
    pub id: String,
    pub status: String,
    pub reader: String,
    pub readings: Vec<Reading>,
    pub refusal: Option<serde_json::Value>,
}

/// What was read in a message.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct Reading {
    pub event: String,
    pub confidence: f64,
    pub name: Option<String>,
    pub service: Option<String>,
    pub price: Option<Money>,
    pub cycle: Option<Cycle>,
    pub category: Option<String>,
    pub missing: Vec<String>,
    pub duplicate_of: Option<serde_json::Value>,
    pub subscription_id: Option<String>,
}

/// The answer to a log-in or a refresh.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct Tokens {
    pub access_token: String,
    pub refresh_token: String,
    pub token_type: String,
    pub expires_in: u64,
}

/// What went wrong.
#[derive(Debug, Clone, Deserialize)]
#[expect(missing_docs, reason = "the contract says what each member is")]
pub struct ProblemBody {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: String,
    pub status: u16,
    pub detail: String,
    pub instance: String,
    pub request_id: String,
    #[serde(default)]
    pub errors: Vec<FieldError>,
}

/// What is wrong with one member.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldError {
    /// Which: `/price/amount`.
    pub pointer: String,
    /// What it should be.
    pub detail: String,
}

impl ProblemBody {
    /// The members that were named.
    pub fn pointers(&self) -> Vec<&str> {
        self.errors.iter().map(|error| error.pointer.as_str()).collect()
    }
}

//! Payments with all that is kept with them.

use base64::{Engine, engine::general_purpose::STANDARD};
use jiff::{Timestamp, civil::Date};
use kernel::{Currency, Invalid, Money, PaymentId};
use serde::{Deserialize, Serialize};

use super::{Attached, ExportedSharing, Held, Restored, refs::Refs};
use crate::domain::{
    ChangeKind, Conversion, DocumentKind, Entry, FileName, MOST_OF_PAYMENT, Memory, Notes, Past, Payment,
    PaymentSource, PaymentState, PaymentStatus, Subscription, read_date,
};

/// More changes than anybody makes to one payment.
const MOST_CHANGES: usize = 1_000;

/// One charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedPayment {
    /// The charge date.
    #[schema(schema_with = kernel::schema::date)]
    pub due_on: Date,
    /// The day the money moved.
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
    /// `due`, `paid`, `failed`, `skipped` or `refunded`.
    pub status: String,
    /// A decimal with the currency's digits.
    pub amount: String,
    /// Its currency.
    pub currency: Currency,
    /// Whether that is only what was expected.
    pub expected: bool,
    /// Whether it stands beside the charge dates, of which each has one payment.
    pub extra: bool,
    /// Anything that is kept with it.
    pub note: String,
    /// How it is known: `renewal`, `manual`, `assumed`, `message` or `statement`.
    pub source: String,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// Whether somebody entered it; a payment whose charge date arrived nobody did.
    #[serde(default)]
    pub entered: bool,
    /// When it last changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub changed_at: Option<Timestamp>,
    /// One, and one more for each time it changed.
    #[serde(default = "first_version")]
    pub version: i64,
    /// What it came to in the household's currency, by the rate of its day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub converted: Option<ExportedConversion>,
    /// How it was shared, where its subscription is shared in another way since.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<ExportedSharing>,
    /// What it was before each change, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<ExportedChange>,
    /// The files that are kept with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<ExportedDocument>,
}

/// What a payment came to in another currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedConversion {
    /// A decimal with the currency's digits.
    pub amount: String,
    /// What the household counted in.
    pub currency: Currency,
    /// How much of it one of the payment's currency bought.
    pub rate: String,
    /// The day the rate is of.
    #[schema(schema_with = kernel::schema::date)]
    pub rate_on: Date,
    /// Who said so: `ecb`, `own` or `combined`.
    pub source: String,
}

/// What a payment was before a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedChange {
    /// The version that the change led to.
    pub version: i64,
    /// What kind of change: `changed`, `confirmed` or `undone`.
    pub kind: String,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What its status was.
    pub status: String,
    /// The day the money had moved.
    #[schema(value_type = Option<String>, format = Date)]
    pub paid_on: Option<Date>,
    /// How much it was.
    pub amount: String,
    /// How it was known.
    pub source: String,
    /// What was kept with it.
    pub note: String,
    /// Whether the amount was only what was expected.
    pub expected: bool,
}

/// A file that is kept with a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedDocument {
    /// What it is called.
    pub name: String,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    pub added_at: Timestamp,
    /// Its bytes in Base64; `null` in an export of a household whose files come to more than 12 MB together.
    pub content: Option<String>,
}

const fn first_version() -> i64 {
    1
}

impl ExportedPayment {
    pub(super) fn of(held: &Held, refs: &Refs) -> Self {
        let (entry, payment) = (&held.entry, &held.entry.payment);
        Self {
            due_on: payment.due_on,
            paid_on: payment.state.paid_on(),
            status: payment.state.status().as_str().into(),
            amount: payment.amount.amount_text(),
            currency: payment.amount.currency(),
            expected: payment.expected,
            extra: payment.extra,
            note: payment.note.to_string(),
            source: payment.source.as_str().into(),
            created_at: entry.recorded_at,
            entered: entry.recorded_by.is_some(),
            changed_at: entry.changed_at,
            version: entry.version,
            converted: payment.converted.as_ref().map(ExportedConversion::of),
            shared: held
                .shared
                .as_ref()
                .map(|shared| ExportedSharing::whole(shared, payment.amount.currency(), refs)),
            changes: held.changes.iter().map(ExportedChange::of).collect(),
            documents: held.documents.iter().map(ExportedDocument::of).collect(),
        }
    }

    pub(super) fn restore(
        &self,
        id: PaymentId,
        subscription: &Subscription,
        owner: &Restored<'_>,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<Held> {
        read_date(self.due_on, &format!("{pointer}/due_on"), invalid)?;
        let now = Told {
            status: &self.status,
            paid_on: self.paid_on,
            amount: &self.amount,
            currency: self.currency,
            source: &self.source,
            note: &self.note,
            expected: self.expected,
        };
        let Memory { state, amount, source, note, expected } = now.read(pointer, invalid)?;
        let payment = Payment {
            id,
            subscription: subscription.id,
            household: subscription.household,
            due_on: self.due_on,
            state,
            amount,
            source,
            expected,
            extra: self.extra,
            note,
            converted: match &self.converted {
                Some(converted) => converted.restore(pointer, invalid),
                None => None,
            },
        };
        if self.version < 1 {
            invalid.add(format!("{pointer}/version"), "must be at least 1");
        }
        let shared = self.shared.as_ref().map(|shared| {
            let pointer = format!("{pointer}/shared");
            let sharing = shared.restore(self.currency, owner, &pointer, invalid);
            // It may have been shared with somebody who has left since.
            let ever: Vec<_> = owner.members.iter().flatten().map(|member| member.id).collect();
            sharing.check_shape(&ever, invalid);
            sharing
        });
        let entry = Entry {
            payment,
            recorded_by: self.entered.then_some(owner.created_by),
            recorded_at: self.created_at,
            changed_at: self.changed_at,
            version: self.version,
        };
        let changes = self.changes(owner, pointer, invalid)?;
        Some(Held { entry, changes, documents: self.documents(pointer, invalid)?, shared })
    }

    fn changes(&self, owner: &Restored<'_>, pointer: &str, invalid: &mut Invalid) -> Option<Vec<Past>> {
        if self.changes.len() > MOST_CHANGES {
            invalid.add(format!("{pointer}/changes"), format!("must be at most {MOST_CHANGES}"));
            return None;
        }
        let mut changes = Vec::with_capacity(self.changes.len());
        let mut last = 1;
        for (number, change) in self.changes.iter().enumerate() {
            let pointer = format!("{pointer}/changes/{number}");
            if change.version <= last || change.version > self.version {
                invalid.add(
                    format!("{pointer}/version"),
                    "must be above the one before it, and none above the payment's",
                );
            }
            last = change.version;
            let told = Told {
                status: &change.status,
                paid_on: change.paid_on,
                amount: &change.amount,
                currency: self.currency,
                source: &change.source,
                note: &change.note,
                expected: change.expected,
            };
            let before = told.read(&pointer, invalid)?;
            let kind: ChangeKind = invalid.check(format!("{pointer}/kind"), change.kind.parse())?;
            changes.push(Past { version: change.version, kind, by: owner.created_by, at: change.at, before });
        }
        Some(changes)
    }

    fn documents(&self, pointer: &str, invalid: &mut Invalid) -> Option<Vec<Attached>> {
        if i64::try_from(self.documents.len()).unwrap_or(i64::MAX) > MOST_OF_PAYMENT {
            invalid.add(format!("{pointer}/documents"), format!("must be at most {MOST_OF_PAYMENT}"));
            return None;
        }
        let mut documents = Vec::with_capacity(self.documents.len());
        for (number, exported) in self.documents.iter().enumerate() {
            // One without its bytes stays where it came from.
            let Some(content) = &exported.content else { continue };
            let pointer = format!("{pointer}/documents/{number}/content");
            let content = invalid.check(&pointer, STANDARD.decode(content))?;
            let kind = invalid.check(&pointer, DocumentKind::of(&content))?;
            let name = FileName::of(&exported.name, kind);
            documents.push(Attached { name, kind, added_at: exported.added_at, content: Some(content) });
        }
        Some(documents)
    }
}

/// What a file says that a payment is, or was.
struct Told<'f> {
    status: &'f str,
    paid_on: Option<Date>,
    amount: &'f str,
    currency: Currency,
    source: &'f str,
    note: &'f str,
    expected: bool,
}

impl Told<'_> {
    fn read(&self, pointer: &str, invalid: &mut Invalid) -> Option<Memory> {
        let status: PaymentStatus = invalid.check(format!("{pointer}/status"), self.status.parse())?;
        let source: PaymentSource = invalid.check(format!("{pointer}/source"), self.source.parse())?;
        let amount = invalid.check(format!("{pointer}/amount"), Money::parse(self.amount, self.currency))?;
        let state =
            invalid.check(format!("{pointer}/paid_on"), PaymentState::stored(status, self.paid_on))?;
        let note = invalid.check(format!("{pointer}/note"), Notes::parse(self.note))?;
        Some(Memory { state, amount, source, note, expected: self.expected })
    }
}

impl ExportedConversion {
    fn of(kept: &Conversion) -> Self {
        Self {
            amount: kept.amount.amount_text(),
            currency: kept.amount.currency(),
            rate: kept.rate.clone(),
            rate_on: kept.rate_on,
            source: kept.source.as_str().into(),
        }
    }

    fn restore(&self, pointer: &str, invalid: &mut Invalid) -> Option<Conversion> {
        let pointer = format!("{pointer}/converted");
        let amount = invalid.check(format!("{pointer}/amount"), Money::parse(&self.amount, self.currency))?;
        let source = invalid.check(format!("{pointer}/source"), self.source.parse())?;
        let digits = self.rate.len() <= 30 && self.rate.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        if self.rate.is_empty() || !digits {
            invalid.add(format!("{pointer}/rate"), "must be digits with a point");
        }
        Some(Conversion { amount, rate: self.rate.clone(), rate_on: self.rate_on, source })
    }
}

impl ExportedChange {
    fn of(past: &Past) -> Self {
        let before = &past.before;
        Self {
            version: past.version,
            kind: past.kind.as_str().into(),
            at: past.at,
            status: before.state.status().as_str().into(),
            paid_on: before.state.paid_on(),
            amount: before.amount.amount_text(),
            source: before.source.as_str().into(),
            note: before.note.to_string(),
            expected: before.expected,
        }
    }
}

impl ExportedDocument {
    fn of(attached: &Attached) -> Self {
        Self {
            name: attached.name.to_string(),
            added_at: attached.added_at,
            content: attached.content.as_ref().map(|content| STANDARD.encode(content)),
        }
    }
}

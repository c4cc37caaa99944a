//! An import as it is kept: the file, what would come of it, what came of it.

use jiff::{Timestamp, civil::Date};
use kernel::{
    BudgetId, Currency, HouseholdId, ImportId, MemberId, PaymentId, SettlementId, SubscriptionId, UserId,
};
use serde::{Deserialize, Serialize};

use super::{Kind, Options, Plan, Question, Reading, Remark, Shape};

macro_rules! statuses {
    ($($(#[$doc:meta])* $name:ident $word:literal)*) => {
        /// How far an import has come.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum ImportStatus { $($(#[$doc])* $name,)* }

        impl ImportStatus {
            /// Every one.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

statuses! {
    /// Questions are open.
    Asking "asking"
    /// It can be applied.
    Ready "ready"
    /// It has been.
    Applied "applied"
    /// It has been, and that was taken back.
    Undone "undone"
}

impl std::str::FromStr for ImportStatus {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == text)
            .ok_or_else(|| format!("{text} is no status"))
    }
}

/// What is told of a file beside its items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNotes {
    /// What is doubtful about it.
    pub remarks: Vec<Remark>,
    /// What only its owner can say.
    pub questions: Vec<Question>,
    /// How it is read, where it is a table.
    pub shape: Option<Shape>,
}

impl FileNotes {
    /// What a reading has to tell.
    pub fn of(reading: &Reading) -> Self {
        Self {
            remarks: reading.remarks.clone(),
            questions: reading.questions.clone(),
            shape: reading.shape.clone(),
        }
    }

    /// How far that lets the import come.
    pub fn status(&self) -> ImportStatus {
        if self.questions.is_empty() { ImportStatus::Ready } else { ImportStatus::Asking }
    }
}

/// What came of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// Which item.
    pub number: u32,
    /// What was made or changed.
    pub made: Made,
    /// Why it was left when the import was undone; `None` where it was taken back, or nothing was undone yet.
    pub kept: Option<String>,
}

impl Done {
    /// Something that belongs to no item.
    pub const fn common(made: Made) -> Self {
        Self { number: 0, made, kept: None }
    }
}

/// What an item made or changed, with what is needed to take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Made {
    /// A subscription with its payments.
    Subscription {
        /// Which.
        id: SubscriptionId,
        /// What it was like, to see whether anybody has touched it since.
        print: String,
    },
    /// A category, a tag or a payment method. It belongs to no item; its number is nought.
    Label {
        /// Which.
        id: uuid::Uuid,
    },
    /// Somebody who belongs to the household from then on. What concerns the household as a whole has no item either.
    Member {
        /// Who.
        id: MemberId,
    },
    /// A budget.
    Budget {
        /// Which.
        id: BudgetId,
    },
    /// What one member gave another.
    Settlement {
        /// Which entry.
        id: SettlementId,
    },
    /// A rate, as if it had been set by hand.
    Rate {
        /// Of what.
        from: Currency,
        /// Into what.
        to: Currency,
        /// From which day on.
        since: Date,
        /// How much.
        rate: String,
    },
    /// A payment was confirmed.
    Payment {
        /// Which.
        id: PaymentId,
        /// Of which subscription.
        subscription: SubscriptionId,
        /// Its version then: whoever changes it after that makes it another.
        version: i64,
    },
}

impl Made {
    /// The subscription, where it is one.
    pub const fn subscription(&self) -> Option<SubscriptionId> {
        if let Self::Subscription { id, .. } = self { Some(*id) } else { None }
    }

    /// Whether something that was there was confirmed, and nothing was added.
    pub const fn is_confirmation(&self) -> bool {
        matches!(self, Self::Payment { .. })
    }
}

/// What came of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The day on which it was applied.
    pub applied_on: Option<Date>,
    /// Item by item, those that were chosen.
    pub done: Vec<Done>,
}

/// An import without its file's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// Whose.
    pub household: HouseholdId,
    /// Who sent the file.
    pub created_by: UserId,
    /// How far it has come.
    pub status: ImportStatus,
    /// What the file is.
    pub kind: Kind,
    /// What it was called.
    pub file_name: String,
    /// How many bytes it has.
    pub size: i64,
    /// How it is read.
    pub options: Options,
    /// What is told of the file.
    pub notes: FileNotes,
    /// What would come of it.
    pub plan: Plan,
    /// What came of it.
    pub outcome: Outcome,
    /// The day for which it was read.
    pub read_on: Date,
    /// When the file was sent.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// Grows by one with every change that is stored.
    pub version: i64,
}

impl Import {
    /// What came of an item, if anything did.
    pub fn done(&self, number: u32) -> Option<&Done> {
        let at = self.outcome.done.binary_search_by_key(&number, |done| done.number).ok()?;
        self.outcome.done.get(at)
    }
}

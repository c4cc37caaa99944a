//! What a person says about a file, where the file does not say it itself.

use kernel::Currency;
use serde::{Deserialize, Serialize};

use super::{DateOrder, DecimalMark, Purpose, Role};

/// How a file is to be read. What is left out is found out from the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = ImportOptions)]
pub struct Options {
    /// What a table tells of.
    pub purpose: Option<Purpose>,
    /// What each column of a table holds, in order; `null` for one that is left out.
    #[schema(max_items = 200)]
    pub columns: Option<Vec<Option<Role>>>,
    /// Which number of a date is the day.
    pub date_order: Option<DateOrder>,
    /// Which sign stands before the cents.
    pub decimal_mark: Option<DecimalMark>,
    /// The currency of what names none; the household's when left out.
    pub currency: Option<Currency>,
    /// Whether charges before today make payments, which are assumed to have been paid; they do when left out.
    pub backfill: Option<bool>,
}

/// Something about a file that only its owner can say. Until it is answered nothing is imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ImportQuestion)]
pub struct Question {
    /// JSON Pointer to the member of the options that answers it.
    pub pointer: String,
    /// The question.
    pub text: String,
}

impl Question {
    pub(super) fn new(pointer: &str, text: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), text: text.into() }
    }
}

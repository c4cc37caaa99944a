//! The export that loses nothing. Ids are left out: they are this installation's, and mean nothing in another. What
//! refers to something else in the file says its `ref`, its number in the list.

use kernel::{HouseholdId, Invalid};
use serde::{Deserialize, Serialize};

use super::{
    Everything, Exported, ExportedBudget, ExportedMember, ExportedRate, ExportedSettlement, refs::Refs,
};
use crate::domain::{Label, LabelInput, LabelKind};

/// What a file of this format says it is.
pub const FORMAT: &str = "perennial";
/// The version that is written. Members are added to it, never changed or removed.
const VERSION: u32 = 1;

/// Everything a household tracks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Export)]
pub struct Document {
    /// Always `perennial`.
    pub format: String,
    /// The version of the format: 1.
    pub version: u32,
    /// Who belongs to the household or did: first whoever exports it, then by when they joined.
    #[serde(default)]
    pub members: Vec<ExportedMember>,
    /// The household's own categories, its tags and its payment methods, by kind and name.
    pub labels: Vec<ExportedLabel>,
    /// The rates that the household set by hand, by currencies and day.
    #[serde(default)]
    pub rates: Vec<ExportedRate>,
    /// What it means to spend at most, in the order in which that was decided.
    #[serde(default)]
    pub budgets: Vec<ExportedBudget>,
    /// What members gave one another to be even, in the order in which it was entered.
    #[serde(default)]
    pub settlements: Vec<ExportedSettlement>,
    /// Every subscription, in the order in which they were added.
    pub subscriptions: Vec<Exported>,
}

/// A category of the household's own, a tag or a payment method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportedLabel {
    /// Its number in this file, counted from one.
    #[serde(rename = "ref")]
    pub reference: u32,
    /// What it is: `category`, `tag` or `payment_method`.
    pub kind: String,
    /// What it is called.
    pub name: String,
    /// What kind of payment method it is; `null` for everything else.
    pub method: Option<String>,
    /// The last four digits of one.
    pub last4: Option<String>,
    /// Whether one is out of use.
    pub archived: bool,
}

impl Document {
    /// Everything that a household has.
    pub fn of(everything: &Everything) -> Self {
        let Everything { sorting, members, subscriptions, budgets, settlements, own_rates } = everything;
        let labels: Vec<&Label> = LabelKind::ALL.into_iter().flat_map(|kind| sorting.of(kind)).collect();
        let refs = Refs::new(&labels, members, subscriptions);
        Self {
            format: FORMAT.into(),
            version: VERSION,
            members: (1..).zip(members).map(|(number, it)| ExportedMember::of(number, it)).collect(),
            labels: (1..).zip(&labels).map(|(number, label)| ExportedLabel::of(number, label)).collect(),
            rates: own_rates.iter().map(ExportedRate::of).collect(),
            budgets: budgets.iter().map(|budget| ExportedBudget::of(budget, &refs)).collect(),
            settlements: settlements.iter().filter_map(|it| ExportedSettlement::of(it, &refs)).collect(),
            subscriptions: (1..)
                .zip(subscriptions)
                .map(|(number, whole)| Exported::of(number, whole, &refs))
                .collect(),
        }
    }

    /// Why a file that says it is one of ours cannot be taken.
    ///
    /// # Errors
    /// The sentence.
    pub fn check_version(version: u64) -> Result<(), String> {
        if version == u64::from(VERSION) {
            return Ok(());
        }
        Err(format!(
            "The file is of version {version} of the format, and this program reads version {VERSION}."
        ))
    }
}

impl ExportedLabel {
    fn of(reference: u32, label: &Label) -> Self {
        let method = label.method.as_ref();
        Self {
            reference,
            kind: label.kind.as_str().into(),
            name: label.name.to_string(),
            method: method.map(|method| method.kind.as_str().into()),
            last4: method.and_then(|method| method.last4.as_ref()).map(|digits| digits.as_str().into()),
            archived: !label.offered(),
        }
    }

    /// The label as it was, for its new owner.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn restore(&self, id: uuid::Uuid, household: HouseholdId) -> Result<Label, Invalid> {
        let kind: LabelKind =
            self.kind.parse().map_err(|error| Invalid::field("/kind", format!("{error}")))?;
        let input = LabelInput {
            name: Some(self.name.clone()),
            method: self.method.clone(),
            last4: Some(self.last4.clone()),
            archived: Some(self.archived),
        };
        Label::create(id, household, kind, &input)
    }
}

//! What imported subscriptions are sorted by: what the household has under that name, else something new.

use kernel::{HouseholdId, Ids, Invalid};
use uuid::Uuid;

use crate::domain::{
    CategoryChoice, Draft, Label, LabelInput, LabelKind, Sorting, export::ExportedLabel, import::Wanted,
};

/// The labels of a household, and those that an import adds.
pub(super) struct Labels<'i> {
    ids: &'i dyn Ids,
    household: HouseholdId,
    known: Vec<Label>,
    /// Those that are new.
    pub(super) made: Vec<Label>,
}

impl<'i> Labels<'i> {
    pub(super) fn of(sorting: &Sorting, household: HouseholdId, ids: &'i dyn Ids) -> Self {
        let known = LabelKind::ALL.into_iter().flat_map(|kind| sorting.of(kind)).cloned().collect();
        Self { ids, household, known, made: Vec::new() }
    }

    /// The id of a label out of an export.
    pub(super) fn exported(&mut self, exported: &ExportedLabel) -> Result<(LabelKind, Uuid), Invalid> {
        let label = exported.restore(self.ids.uuid(), self.household)?;
        self.found_or(label)
    }

    /// The draft, sorted as it was elsewhere.
    pub(super) fn sort(&mut self, draft: Draft, wanted: &Wanted) -> Result<Draft, Invalid> {
        let category = self.named(LabelKind::Category, wanted.category.as_deref())?;
        let method = self.named(LabelKind::PaymentMethod, wanted.payment_method.as_deref())?;
        let mut tags = Vec::with_capacity(wanted.tags.len());
        for tag in &wanted.tags {
            tags.extend(self.named(LabelKind::Tag, Some(tag))?.map(kernel::TagId::from_uuid));
        }
        Ok(draft.sorted_by(
            category.map(|id| CategoryChoice::Own(kernel::CategoryId::from_uuid(id))),
            method.map(kernel::PaymentMethodId::from_uuid),
            tags,
        ))
    }

    fn named(&mut self, kind: LabelKind, name: Option<&str>) -> Result<Option<Uuid>, Invalid> {
        let Some(name) = name else { return Ok(None) };
        let method = (kind == LabelKind::PaymentMethod).then(|| "other".to_owned());
        let input = LabelInput { name: Some(name.to_owned()), method, ..LabelInput::default() };
        let label = Label::create(self.ids.uuid(), self.household, kind, &input)?;
        self.found_or(label).map(|(_, id)| Some(id))
    }

    fn found_or(&mut self, label: Label) -> Result<(LabelKind, Uuid), Invalid> {
        let (kind, folded) = (label.kind, label.folded());
        let mut of_kind = self.known.iter().chain(&self.made).filter(|known| known.kind == kind);
        if let Some(known) = of_kind.clone().find(|known| known.folded() == folded) {
            return Ok((kind, known.id));
        }
        if of_kind.by_ref().count() >= Label::MOST {
            return Err(Invalid::field(
                "/items",
                format!("they need more than {} {}", Label::MOST, kind.label().to_lowercase()),
            ));
        }
        let id = label.id;
        self.made.push(label);
        Ok((kind, id))
    }
}

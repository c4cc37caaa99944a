//! Being sorted, and sorted anew when what it was sorted by is taken away.

use kernel::Id;

use super::Subscription;
use crate::domain::{CategoryChoice, Fact, Label, LabelKind, NewPlace};

impl Subscription {
    /// Whether it has this category, tag or payment method.
    pub fn is_sorted_by(&self, label: &Label) -> bool {
        match label.kind {
            LabelKind::Category => self.category == CategoryChoice::Own(Id::from_uuid(label.id)),
            LabelKind::Tag => self.particulars.tags.contains(&Id::from_uuid(label.id)),
            LabelKind::PaymentMethod => self.particulars.payment_method == Some(Id::from_uuid(label.id)),
        }
    }

    /// Goes to `place` with what `label` says of it.
    pub fn sort_anew(&mut self, label: &Label, place: NewPlace) -> Vec<Fact> {
        if !self.is_sorted_by(label) {
            return Vec::new();
        }
        let record = &mut self.record;
        match label.kind {
            LabelKind::Category => {
                record.category = match place {
                    NewPlace::BuiltIn(category) => CategoryChoice::BuiltIn(category),
                    NewPlace::Own(id) => CategoryChoice::Own(Id::from_uuid(id)),
                    NewPlace::Nowhere => CategoryChoice::OTHER,
                }
            }
            LabelKind::Tag => {
                let tags = &mut record.particulars.tags;
                tags.retain(|tag| tag.uuid() != label.id);
                tags.extend(place.own().map(Id::from_uuid));
                tags.sort_unstable();
                tags.dedup();
            }
            LabelKind::PaymentMethod => record.particulars.payment_method = place.own().map(Id::from_uuid),
        }
        vec![self.changed()]
    }
}

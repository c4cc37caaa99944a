//! What a subscription points at must be there, and be the household's own.

use kernel::{Actor, Invalid, SubscriptionId};

use super::Tracker;
use crate::{
    domain::{CategoryChoice, LabelKind, ParticularsChange, Sorting},
    error::TrackerError,
    store,
};

fn missing(sorting: &Sorting, category: Option<CategoryChoice>, kept: &ParticularsChange) -> Invalid {
    let mut invalid = Invalid::new();
    let (method, tags, _) = kept.mentions();
    if let Some(CategoryChoice::Own(id)) = category
        && sorting.find(LabelKind::Category, id).is_none()
    {
        invalid.add("/category", "is no category of yours");
    }
    if method.is_some_and(|id| sorting.find(LabelKind::PaymentMethod, id).is_none()) {
        invalid.add("/payment_method_id", "is no payment method of yours");
    }
    for tag in tags.iter().filter(|id| sorting.find(LabelKind::Tag, **id).is_none()) {
        invalid.add("/tags", format!("{tag} is no tag of yours"));
    }
    invalid
}

impl Tracker {
    /// Refuses what points at something that is not there. Nothing is read where nothing is pointed at.
    pub(crate) async fn check_points(
        &self,
        actor: &Actor,
        itself: Option<SubscriptionId>,
        (category, kept): (Option<CategoryChoice>, &ParticularsChange),
    ) -> Result<(), TrackerError> {
        let (method, tags, successor) = kept.mentions();
        let own = matches!(category, Some(CategoryChoice::Own(_)));
        let mut invalid = Invalid::new();
        if own || method.is_some() || !tags.is_empty() {
            invalid = missing(&self.sorting(actor).await?, category, kept);
        }
        if let Some(successor) = successor {
            let there =
                itself != Some(successor) && store::find(&self.database, actor, successor).await?.is_some();
            if !there {
                invalid.add("/replaced_by", "must be another subscription of yours");
            }
        }
        Ok(invalid.into_result()?)
    }
}

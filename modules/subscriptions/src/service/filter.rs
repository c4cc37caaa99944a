//! Which of them one wants to see.

use contracts::subscriptions::Status;
use kernel::{PaymentMethodId, TagId};

use crate::domain::{CategoryChoice, LabelKind, Sorting, Subscription};

/// Only those that fit every part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    /// A part of the name, the plan, the service, the notes or a tag, in any casing; nothing is in all of them.
    pub(crate) words: String,
    /// Those that are so.
    pub(crate) status: Option<Status>,
    /// Those of this category.
    pub(crate) category: Option<CategoryChoice>,
    /// Those that have this tag.
    pub(crate) tag: Option<TagId>,
    /// Those that are paid with it.
    pub(crate) payment_method: Option<PaymentMethodId>,
}

impl Filter {
    /// Whether only a status is asked for, which the table finds by itself.
    ///
    /// Everything else is looked for in what the household has as a whole: it tracks dozens, and no database here
    /// folds the case of every script.
    pub(crate) fn is_status_alone(&self) -> bool {
        *self == Self { status: self.status, ..Self::default() }
    }

    /// Ready to be held against many.
    pub(crate) fn ready<'a>(&'a self, sorting: &Sorting) -> Ready<'a> {
        let words = self.words.trim().to_lowercase();
        let tags = sorting.of(LabelKind::Tag).filter(|tag| tag.folded().contains(&words));
        let tags = tags.map(|tag| TagId::from_uuid(tag.id)).collect();
        Ready { filter: self, words, tags }
    }
}

/// A filter with its words folded, and the tags that hold them.
pub(crate) struct Ready<'a> {
    filter: &'a Filter,
    words: String,
    tags: Vec<TagId>,
}

impl Ready<'_> {
    /// Whether it fits, whatever its status.
    pub(crate) fn takes_in_any_status(&self, subscription: &Subscription) -> bool {
        let Filter { category, tag, payment_method, .. } = self.filter;
        let kept = &subscription.particulars;
        category.is_none_or(|category| subscription.category == category)
            && tag.is_none_or(|tag| kept.tags.contains(&tag))
            && payment_method.is_none_or(|method| kept.payment_method == Some(method))
            && self.says(subscription)
    }

    /// Whether it fits.
    pub(crate) fn takes(&self, subscription: &Subscription) -> bool {
        self.filter.status.is_none_or(|status| subscription.status == status)
            && self.takes_in_any_status(subscription)
    }

    fn says(&self, subscription: &Subscription) -> bool {
        let holds = |text: &str| text.to_lowercase().contains(&self.words);
        self.words.is_empty()
            || holds(subscription.name.as_str())
            || subscription.plan.as_ref().is_some_and(|plan| holds(plan.as_str()))
            || subscription.service.as_ref().is_some_and(|service| holds(service.as_str()))
            || holds(subscription.notes.as_str())
            || subscription.particulars.tags.iter().any(|tag| self.tags.contains(tag))
    }
}

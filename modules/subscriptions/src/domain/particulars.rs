//! What one keeps with a subscription that no date and no sum depends on.

use contracts::users::ReminderDays;
use jiff::civil::Date;
use kernel::{Invalid, PaymentMethodId, SubscriptionId, TagId};

use super::{
    Link,
    choice::choices,
    text::{Account, LinkLabel, TextError},
};

choices! {
    /// How much one uses it, as its owner marked it.
    Usage, "often, sometimes, rarely, never" {
        /// All the time.
        Often "often" "Often"
        /// Now and then.
        Sometimes "sometimes" "Sometimes"
        /// Hardly.
        Rarely "rarely" "Rarely"
        /// Not at all.
        Never "never" "Never"
    }
}

/// A link with what it is for: manage, cancel, invoices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedLink {
    /// What it is for.
    pub label: LinkLabel,
    /// Where it leads.
    pub url: Link,
}

/// What is kept with one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// What it is paid with.
    pub payment_method: Option<PaymentMethodId>,
    /// What it is marked with, in the order of their ids, each once.
    pub tags: Vec<TagId>,
    /// Where else it is on the web.
    pub links: Vec<NamedLink>,
    /// With which account one is known there.
    pub account: Option<Account>,
    /// How much it is used.
    pub usage: Option<Usage>,
    /// When that was marked.
    pub usage_marked_on: Option<Date>,
    /// What took its place.
    pub replaced_by: Option<SubscriptionId>,
    /// When to be reminded of its charges; as the owner prefers, when `None`.
    pub reminder_days: Option<ReminderDays>,
}

/// Particulars as they were asked for: not yet known to be right. What is `None` stays, or is as it begins; an inner
/// `None` takes away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticularsInput {
    /// What it is paid with.
    pub payment_method: Option<Option<PaymentMethodId>>,
    /// What it is marked with.
    pub tags: Option<Vec<TagId>>,
    /// Labels and links.
    pub links: Option<Vec<(String, String)>>,
    /// With which account one is known there.
    pub account: Option<Option<String>>,
    /// How much it is used.
    pub usage: Option<Option<Usage>>,
    /// What took its place.
    pub replaced_by: Option<Option<SubscriptionId>>,
    /// Days ahead.
    pub reminder_days: Option<Option<Vec<i64>>>,
}

/// Particulars to change, each of them right by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ParticularsChange {
    payment_method: Option<Option<PaymentMethodId>>,
    tags: Option<Vec<TagId>>,
    links: Option<Vec<NamedLink>>,
    account: Option<Option<Account>>,
    usage: Option<Option<Usage>>,
    replaced_by: Option<Option<SubscriptionId>>,
    reminder_days: Option<Option<ReminderDays>>,
}

impl ParticularsInput {
    /// The change, without what is wrong and noted in `invalid`.
    pub(in crate::domain) fn read(self, invalid: &mut Invalid) -> ParticularsChange {
        ParticularsChange {
            payment_method: self.payment_method,
            tags: self.tags.and_then(|tags| read_tags(tags, invalid)),
            links: self.links.and_then(|links| read_links(&links, invalid)),
            account: self.account.and_then(|account| {
                super::rules::read_optional(account.as_deref(), Account::parse, "/account", invalid)
            }),
            usage: self.usage,
            replaced_by: self.replaced_by,
            reminder_days: match self.reminder_days {
                None => None,
                Some(None) => Some(None),
                Some(Some(days)) => ReminderDays::read(&days, "/reminder_days", invalid).map(Some),
            },
        }
    }
}

fn read_tags(mut tags: Vec<TagId>, invalid: &mut Invalid) -> Option<Vec<TagId>> {
    tags.sort_unstable();
    tags.dedup();
    if tags.len() > Particulars::MOST_TAGS {
        invalid.add("/tags", format!("must be at most {} tags", Particulars::MOST_TAGS));
        return None;
    }
    Some(tags)
}

fn read_links(links: &[(String, String)], invalid: &mut Invalid) -> Option<Vec<NamedLink>> {
    if links.len() > Particulars::MOST_LINKS {
        invalid.add("/links", format!("must be at most {} links", Particulars::MOST_LINKS));
        return None;
    }
    let mut read = |at: usize, label: &str, url: &str| {
        let label: Result<_, TextError> = LinkLabel::parse(label);
        let label = invalid.check(format!("/links/{at}/label"), label);
        let url = invalid.check(format!("/links/{at}/url"), Link::parse(url));
        Some(NamedLink { label: label?, url: url? })
    };
    let read: Vec<_> = links.iter().enumerate().map(|(at, (label, url))| read(at, label, url)).collect();
    read.into_iter().collect()
}

impl Particulars {
    /// The most tags of one.
    pub const MOST_TAGS: usize = 20;
    /// The most links of one.
    pub const MOST_LINKS: usize = 10;

    /// Changes what `change` names. How much it is used is marked with the day on which that was said anew.
    pub(in crate::domain) fn apply(&mut self, change: ParticularsChange, today: Date) {
        fn put<T>(field: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *field = value;
            }
        }
        if let Some(usage) = change.usage
            && usage != self.usage
        {
            self.usage = usage;
            self.usage_marked_on = usage.map(|_| today);
        }
        put(&mut self.payment_method, change.payment_method);
        put(&mut self.tags, change.tags);
        put(&mut self.links, change.links);
        put(&mut self.account, change.account);
        put(&mut self.replaced_by, change.replaced_by);
        put(&mut self.reminder_days, change.reminder_days);
    }
}

impl ParticularsChange {
    /// With these tags.
    pub(in crate::domain) fn tag(&mut self, tags: Vec<TagId>) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        self.tags = read_tags(tags, &mut invalid);
        invalid.into_result()
    }

    /// Also changes what it is paid with and marked with.
    pub(in crate::domain) fn sort_by(
        &mut self,
        payment_method: Option<PaymentMethodId>,
        mut tags: Vec<TagId>,
    ) {
        tags.sort_unstable();
        tags.dedup();
        tags.truncate(Particulars::MOST_TAGS);
        self.payment_method = payment_method.map(Some);
        self.tags = Some(tags);
    }

    /// What it points at, for whoever knows whether that is there.
    pub(crate) fn mentions(&self) -> (Option<PaymentMethodId>, &[TagId], Option<SubscriptionId>) {
        (self.payment_method.flatten(), self.tags.as_deref().unwrap_or_default(), self.replaced_by.flatten())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{day, id};

    fn read(input: ParticularsInput) -> Result<ParticularsChange, Invalid> {
        let mut invalid = Invalid::new();
        let change = input.read(&mut invalid);
        invalid.into_result().map(|()| change)
    }

    #[test]
    fn reminders_come_the_farthest_first_and_each_once() {
        let days = |days: &[i64]| {
            let input = ParticularsInput { reminder_days: Some(Some(days.to_vec())), ..Default::default() };
            let mut kept = Particulars::default();
            read(input).map(|change| {
                kept.apply(change, day("2026-05-05"));
                kept.reminder_days.unwrap().days().to_vec()
            })
        };
        assert_eq!(days(&[1, 3, 3, 0]), Ok(vec![3, 1, 0]));
        assert_eq!(days(&[]), Ok(vec![]));
        assert_eq!(days(&[61, 60]).unwrap_err().errors()[0].pointer, "/reminder_days/0");
        assert_eq!(days(&[1, -1]).unwrap_err().errors()[0].pointer, "/reminder_days/1");
        assert_eq!(days(&[1, 2, 3, 4, 5, 6]).unwrap_err().errors()[0].pointer, "/reminder_days");
    }

    #[test]
    fn every_wrong_link_is_named() {
        let link = |label: &str, url: &str| (label.to_owned(), url.to_owned());
        let links = vec![link("Manage", "https://x.example"), link(" ", "javascript:alert(1)")];
        let invalid = read(ParticularsInput { links: Some(links), ..Default::default() }).unwrap_err();
        let pointers: Vec<_> = invalid.errors().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/links/1/label", "/links/1/url"]);
        let many = vec![link("Manage", "https://x.example"); 11];
        let invalid = read(ParticularsInput { links: Some(many), ..Default::default() }).unwrap_err();
        assert_eq!(invalid.errors()[0].pointer, "/links");
    }

    #[test]
    fn tags_are_a_set() {
        let tags = Some(vec![id(2), id(1), id(2)]);
        let mut kept = Particulars::default();
        kept.apply(read(ParticularsInput { tags, ..Default::default() }).unwrap(), day("2026-05-05"));
        assert_eq!(kept.tags, [id(1), id(2)]);
    }

    #[test]
    fn usage_keeps_the_day_on_which_it_was_said_anew() {
        let mut kept = Particulars::default();
        let mut mark = |usage, today| {
            let input = ParticularsInput { usage: Some(usage), ..Default::default() };
            kept.apply(read(input).unwrap(), day(today));
            kept.usage_marked_on.map(|on| on.to_string())
        };
        assert_eq!(mark(Some(Usage::Rarely), "2026-05-05").as_deref(), Some("2026-05-05"));
        assert_eq!(mark(Some(Usage::Rarely), "2026-06-05").as_deref(), Some("2026-05-05"));
        assert_eq!(mark(Some(Usage::Often), "2026-06-05").as_deref(), Some("2026-06-05"));
        assert_eq!(mark(None, "2026-07-05"), None);
    }
}

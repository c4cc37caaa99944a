//! What may be paid for twice.

use kernel::{Money, SubscriptionId};

use crate::domain::{Converter, Likeness, SoundName, Subscription, equivalents_at_home};
use jiff::civil::Date;

/// Why two may be one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OverlapKind {
    /// The same service.
    Duplicate,
    /// The one comes with the other.
    Included,
}

/// Two that may be one too many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The one to keep: the one that holds the other, or the older.
    pub keep: SubscriptionId,
    /// The one that may be too many.
    pub spare: SubscriptionId,
    /// Why.
    pub kind: OverlapKind,
    /// What the spare one comes to a month in the household's currency, where there is a rate.
    pub a_month: Option<Money>,
}

/// Those that renew and may be one too many, what costs most first. `includes` says whether the first service comes
/// with the second.
pub fn overlaps(
    today: Date,
    subscriptions: &[Subscription],
    converter: &Converter,
    includes: impl Fn(&str, &str) -> bool,
) -> Vec<Overlap> {
    let renewing: Vec<_> = subscriptions
        .iter()
        .filter(|subscription| subscription.renews() && subscription.cycle.is_some())
        .map(|subscription| (subscription, SoundName::new(subscription.name.as_str())))
        .collect();
    let mut found = Vec::new();
    for (at, (one, one_name)) in renewing.iter().enumerate() {
        for (other, other_name) in renewing.iter().skip(at + 1) {
            let service = |of: &Subscription| of.service.as_ref().map(|service| service.as_str().to_owned());
            let pair = match (service(one), service(other)) {
                (Some(first), Some(second)) if first == second => Some((one, other, OverlapKind::Duplicate)),
                (Some(first), Some(second)) if includes(&second, &first) => {
                    Some((one, other, OverlapKind::Included))
                }
                (Some(first), Some(second)) if includes(&first, &second) => {
                    Some((other, one, OverlapKind::Included))
                }
                (Some(_), Some(_)) => None,
                (None, _) | (_, None) => (one_name.likeness(other_name) == Some(Likeness::Same)).then_some((
                    one,
                    other,
                    OverlapKind::Duplicate,
                )),
            };
            if let Some((keep, spare, kind)) = pair {
                let a_month = equivalents_at_home(spare, today, converter).map(|(month, _)| month);
                found.push(Overlap { keep: keep.id, spare: spare.id, kind, a_month });
            }
        }
    }
    found.sort_by_key(|overlap| std::cmp::Reverse(overlap.a_month.map_or(0, Money::minor)));
    found
}

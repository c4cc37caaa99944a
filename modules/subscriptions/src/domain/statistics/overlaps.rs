//! What may be paid for twice.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use kernel::{Money, SubscriptionId};

use crate::domain::{Converter, SoundName, Subscription, equivalents_at_home};

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

/// Those that renew and may be one too many, what costs most first. Each is named once with the first that it doubles,
/// and once with the first that it comes with: of three alike, two are spare. `parts` says which services come with one.
pub fn overlaps<'p, P: IntoIterator<Item = &'p str>>(
    today: Date,
    subscriptions: &[Subscription],
    converter: &Converter,
    parts: impl Fn(&str) -> P,
) -> Vec<Overlap> {
    let renewing: Vec<_> = subscriptions
        .iter()
        .filter(|subscription| subscription.renews() && subscription.cycle.is_some())
        .map(|subscription| (subscription, SoundName::new(subscription.name.as_str())))
        .collect();
    let mut by_service: BTreeMap<&str, Vec<&Subscription>> = BTreeMap::new();
    let mut by_name: HashMap<&[char], Vec<&Subscription>> = HashMap::new();
    for (each, name) in &renewing {
        if let Some(service) = &each.service {
            by_service.entry(service.as_str()).or_default().push(each);
        }
        if let Some(letters) = name.letters() {
            by_name.entry(letters).or_default().push(each);
        }
    }
    let mut found = Vec::new();
    let mut note = |keep: &Subscription, spare: &Subscription, kind| {
        let a_month = equivalents_at_home(spare, today, converter).map(|(month, _)| month);
        found.push(Overlap { keep: keep.id, spare: spare.id, kind, a_month });
    };
    for (bundle, those) in &by_service {
        let Some((keep, spare)) = those.split_first() else { continue };
        spare.iter().for_each(|spare| note(keep, spare, OverlapKind::Duplicate));
        let others = parts(bundle).into_iter().filter(|part| part != bundle);
        let included = others.filter_map(|part| by_service.get(part));
        included.flatten().for_each(|part| note(keep, part, OverlapKind::Included));
    }
    // Two services that are known are told apart by them, whatever they are called.
    for those in by_name.values() {
        let unknown = those.iter().position(|each| each.service.is_none());
        for (at, spare) in those.iter().enumerate().skip(1) {
            let keep = if spare.service.is_none() { Some(0) } else { unknown.filter(|first| *first < at) };
            if let Some(keep) = keep {
                note(those[keep], spare, OverlapKind::Duplicate);
            }
        }
    }
    found.sort_by_key(|overlap| {
        (std::cmp::Reverse(overlap.a_month.map_or(0, Money::minor)), overlap.spare, overlap.kind)
    });
    found
}

//! What an export brings beside its subscriptions: people, budgets, what they gave one another, rates set by hand.

use std::{collections::HashSet, time::Duration};

use contracts::{CallError, users::Newcomer};
use kernel::{Actor, Invalid, MemberId, SubscriptionId};
use platform::db::Batch;

use super::{super::Tracker, apply::File};
use crate::{
    domain::{
        Budget, Subscription,
        export::{Arrival, Common, Document},
        import::{Done, Item, Made},
    },
    error::TrackerError,
    store,
};

/// How long users may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Who the members of a file are here.
#[derive(Debug, Default)]
pub(super) struct Arrivals {
    /// In the order of the file; `None` for those who stay out.
    pub(super) members: Vec<Option<Arrival>>,
    /// Those who did not belong to the household before.
    pub(super) new: Vec<MemberId>,
    /// Whether all of the file comes in: then what concerns the household as a whole comes with it.
    pub(super) whole: bool,
}

impl Tracker {
    /// Has those belong to the household whom the chosen items of an export name; with all of it, everybody.
    pub(super) async fn arrive(
        &self,
        actor: &Actor,
        document: &Document,
        items: &[Item],
    ) -> Result<Arrivals, TrackerError> {
        let whole = items.len() == document.subscriptions.len();
        let named = document.members_of(items.iter().map(|item| item.number));
        let (mut members, mut coming, mut newcomers) = (Vec::new(), Vec::new(), Vec::new());
        for member in &document.members {
            members.push(match &member.name {
                // Whoever exported it is whoever imports it.
                None => Some(Arrival { id: actor.member, left: false }),
                Some(name) if whole || named.contains(&member.reference) => {
                    coming.push((members.len(), member.left));
                    newcomers.push(Newcomer { name: name.clone(), left: member.left });
                    None
                }
                Some(_) => None,
            });
        }
        if newcomers.is_empty() {
            return Ok(Arrivals { members, new: Vec::new(), whole });
        }
        let asked = tokio::time::timeout(PATIENCE, self.rosters.bring(actor, &newcomers)).await;
        let brought = match asked {
            Ok(Ok(brought)) => brought,
            Ok(Err(CallError::Conflict(why))) => return Err(TrackerError::Full(why)),
            Ok(Err(CallError::Invalid(invalid))) => return Err(invalid.into()),
            Ok(Err(error)) => return Err(TrackerError::Away(error.to_string())),
            Err(_) => return Err(TrackerError::Away("users did not answer in time".into())),
        };
        for ((place, left), id) in coming.into_iter().zip(brought.members) {
            if let Some(member) = members.get_mut(place) {
                *member = Some(Arrival { id, left });
            }
        }
        Ok(Arrivals { members, new: brought.new, whole })
    }

    /// Has people leave again whom an import brought. Gives why they stay, where they do.
    pub(super) async fn part_with(&self, actor: &Actor, members: &[MemberId]) -> Option<String> {
        if members.is_empty() {
            return None;
        }
        let asked = tokio::time::timeout(PATIENCE, self.rosters.send_away(actor, members)).await;
        let why = match asked {
            Ok(Ok(())) => return None,
            Ok(Err(CallError::Conflict(why))) => why,
            Ok(Err(error)) => {
                tracing::warn!(%error, "members whom an import brought could not be sent away");
                "The household could not be reached: have them leave by hand.".into()
            }
            Err(_) => "The household did not answer in time: have them leave by hand.".into(),
        };
        Some(why)
    }

    /// Brings what concerns the household as a whole, but for what it has already.
    pub(super) async fn bring_common(
        &self,
        actor: &Actor,
        document: &Document,
        file: &File<'_>,
        batch: &mut Batch,
    ) -> Result<Vec<Done>, TrackerError> {
        let owner = file.owner(actor, SubscriptionId::from_uuid(uuid::Uuid::nil()));
        let Common { budgets, settlements, own_rates } =
            document.restore_common(owner, || self.ids.uuid())?;
        let (database, household) = (&self.database, actor.household);
        let mut done = Vec::new();
        let mut known = store::budgets(database, household).await?;
        for budget in budgets {
            if known.iter().any(|known| same_budget(known, &budget)) {
                continue;
            }
            store::insert_budget(batch, &budget);
            done.push(Done::common(Made::Budget { id: budget.id }));
            known.push(budget);
        }
        check_room("/budgets", known.len(), Budget::MOST)?;
        let entered = store::all_settlements(database, household).await?;
        for given in settlements {
            let key = |it: &crate::domain::Given| (it.from, it.to, it.amount, it.paid_on, it.created_at);
            if entered.iter().any(|known| key(known) == key(&given) && known.note == given.note) {
                continue;
            }
            store::insert_settlement(batch, &given);
            done.push(Done::common(Made::Settlement { id: given.id }));
        }
        let mut set = store::own_rates(database, household).await?;
        for own in own_rates {
            if set.iter().any(|known| (known.from, known.to, known.since) == (own.from, own.to, own.since)) {
                continue;
            }
            store::upsert_own_rate(batch, household, &own, self.clock.now());
            let (from, to, since) = (own.from, own.to, own.since);
            done.push(Done::common(Made::Rate { from, to, since, rate: own.rate.to_string() }));
            set.push(own);
        }
        check_room("/rates", set.len(), usize::try_from(store::OWN_RATES).unwrap_or(usize::MAX))?;
        Ok(done)
    }

    /// Takes one of those things away again, where nobody has changed it since and nothing that stays needs it. Gives
    /// the reason when it is left.
    pub(super) async fn take_common_back(
        &self,
        actor: &Actor,
        batch: &mut Batch,
        made: &Made,
        staying: &[&Subscription],
    ) -> Result<Option<String>, TrackerError> {
        let (database, household) = (&self.database, actor.household);
        let gone = || Some("It had been deleted already.".to_owned());
        let changed = || Some("It was changed since, and stays.".to_owned());
        Ok(match made {
            Made::Budget { id } => match store::budget(database, household, *id).await? {
                None => gone(),
                Some(budget) if budget.version > 1 => changed(),
                Some(budget) => {
                    store::delete_budget(batch, household, *id, budget.version);
                    None
                }
            },
            Made::Settlement { id } => match store::settlement(database, household, *id).await? {
                None => gone(),
                Some(_) => {
                    store::delete_settlement(batch, household, *id);
                    None
                }
            },
            Made::Rate { from, to, since, rate } => {
                let set = store::own_rates(database, household).await?;
                match set.iter().find(|own| (own.from, own.to, own.since) == (*from, *to, *since)) {
                    None => gone(),
                    Some(own) if own.rate.to_string() != *rate => changed(),
                    Some(_) => {
                        store::delete_own_rates(batch, household, (*from, *to), Some(*since));
                        None
                    }
                }
            }
            Made::Member { id } => {
                let named = staying.iter().any(|subscription| subscription.sharing.names(*id));
                named.then(|| "They pay or share something that stays.".to_owned())
            }
            Made::Subscription { .. } | Made::Label { .. } | Made::Payment { .. } => None,
        })
    }
}

/// Those of an import's members who are to leave again.
pub(super) fn leaving(done: &[Done]) -> Vec<MemberId> {
    let going = done.iter().filter(|done| done.kept.is_none());
    let members: HashSet<MemberId> =
        going.filter_map(|done| if let Made::Member { id } = done.made { Some(id) } else { None }).collect();
    members.into_iter().collect()
}

fn same_budget(one: &Budget, other: &Budget) -> bool {
    (one.category, one.member, one.amount, one.period, one.begins_on)
        == (other.category, other.member, other.amount, other.period, other.begins_on)
}

fn check_room(pointer: &str, there: usize, most: usize) -> Result<(), TrackerError> {
    if there <= most {
        return Ok(());
    }
    Err(Invalid::field(pointer, format!("there is room for {most} of them in a household")).into())
}

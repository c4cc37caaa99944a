//! Doing what an import would do: all that was chosen, in one batch, or nothing.

use std::collections::BTreeSet;

use contracts::{
    subscriptions::{ChargeOutcome, Source},
    users::Household,
};
use kernel::{Actor, ImportId, Invalid, SubscriptionId};
use platform::db::Batch;

use super::{
    super::{Seen, Tracker},
    common::Arrivals,
    labels::Labels,
    print,
};
use crate::{
    domain::{
        Birth, ChangeKind, Fact, Label, LabelKind, Past, PaymentSource, Sharing, Subscription, Told,
        export::{Arrival, Held, Restored},
        import::{Action, Adopted, Contents, Done, Import, ImportStatus, Item, Made, Outcome},
    },
    error::TrackerError,
    store,
};

/// The most subscriptions a household can have.
const MOST_SUBSCRIPTIONS: usize = 10_000;
/// The most payments that one import can bring.
const MOST_PAYMENTS: usize = 200_000;

/// A subscription on its way in, with its payments and what is to be told of it.
struct Coming {
    number: u32,
    subscription: Subscription,
    payments: Vec<Held>,
    facts: Vec<Fact>,
}

impl Tracker {
    /// Applies an import: the items of these numbers, or those that it proposes.
    pub(crate) async fn apply_import(
        &self,
        actor: &Actor,
        id: ImportId,
        seen: impl Into<Seen<'_>> + Send,
        chosen: Option<BTreeSet<u32>>,
    ) -> Result<Import, TrackerError> {
        let seen = seen.into();
        let mut import = self.import(actor, id).await?;
        seen.check_import(&import)?;
        match import.status {
            ImportStatus::Ready => {}
            ImportStatus::Asking => {
                return Err(TrackerError::ImportState("Questions about the file are still open."));
            }
            ImportStatus::Applied | ImportStatus::Undone => {
                return Err(TrackerError::ImportState("This import has been applied already."));
            }
        }
        let items = chosen_items(&import, chosen)?;
        let contents = self.contents_needed(&import, &items).await?;
        let arrivals = match &contents {
            Some(Contents::Everything(document)) => self.arrive(actor, document, &items).await?,
            Some(_) | None => Arrivals::default(),
        };
        let applied = self.apply_items(actor, &mut import, (&items, contents.as_ref()), &arrivals).await;
        if let Err(error) = applied {
            self.part_with(actor, &arrivals.new).await;
            return Err(error);
        }
        self.sweep.notify_one();
        Ok(import)
    }

    /// What the file says, where the plan alone does not tell enough.
    async fn contents_needed(
        &self,
        import: &Import,
        items: &[Item],
    ) -> Result<Option<Contents>, TrackerError> {
        // A statement's items carry what is made of them.
        if items.iter().all(|item| item.action == Action::Confirm || item.offer.is_some()) {
            return Ok(None);
        }
        let reading = self.contents_of(import, import.options.clone(), import.read_on).await?;
        Ok(Some(reading.contents))
    }

    async fn apply_items(
        &self,
        actor: &Actor,
        import: &mut Import,
        (items, contents): (&[Item], Option<&Contents>),
        arrivals: &Arrivals,
    ) -> Result<(), TrackerError> {
        let household = self.household(actor.household).await?;
        let sorting = self.sorting(actor).await?;
        let mut labels = Labels::of(&sorting, actor.household, &*self.ids);
        let making: Vec<&Item> = items.iter().filter(|item| item.action != Action::Confirm).collect();
        // In the order of the file: an export goes by the order of the ids.
        let mut ids: Vec<SubscriptionId> = making.iter().map(|_| self.ids.next()).collect();
        ids.sort();
        let file = File::of(contents, (&making, &ids), arrivals, &mut labels)?;
        let coming = self.coming(actor, import, (&making, &ids), &file, &mut labels)?;
        self.check_room(actor, &coming).await?;
        let made = std::mem::take(&mut labels.made);
        let (mut batch, mut done) = self.apply_batch(actor, &household, (coming, made));
        done.extend(arrivals.new.iter().map(|id| Done::common(Made::Member { id: *id })));
        if let (Some(Contents::Everything(document)), true) = (contents, arrivals.whole) {
            done.extend(self.bring_common(actor, document, &file, &mut batch).await?);
        }
        for item in items.iter().filter(|item| item.action == Action::Confirm) {
            done.extend(self.confirm_item(actor, &household, &mut batch, item).await?);
        }
        done.sort_by_key(|done| done.number);
        import.outcome = Outcome { applied_on: Some(self.today(&household)), done };
        import.status = ImportStatus::Applied;
        let found = self.revise_import(import);
        let mut whole = Batch::of(actor.household);
        store::update_import(&mut whole, import, found);
        whole.extend(batch);
        Ok(self.database.apply(whole).await?)
    }

    /// The subscriptions that the chosen items become.
    fn coming(
        &self,
        actor: &Actor,
        import: &Import,
        (making, ids): (&[&Item], &[SubscriptionId]),
        file: &File<'_>,
        labels: &mut Labels<'_>,
    ) -> Result<Vec<Coming>, TrackerError> {
        let mut coming = Vec::with_capacity(making.len());
        for (item, id) in making.iter().zip(ids) {
            let found = self.made_of(actor, import, (item, *id), file, labels);
            coming.push(found.map_err(|why| {
                TrackerError::Invalid(Invalid::field("/items", format!("item {}: {why}", item.number)))
            })?);
        }
        Ok(coming)
    }

    fn made_of(
        &self,
        actor: &Actor,
        import: &Import,
        (item, id): (&Item, SubscriptionId),
        file: &File<'_>,
        labels: &mut Labels<'_>,
    ) -> Result<Coming, String> {
        let now = self.clock.now();
        let birth =
            Birth { id, household: actor.household, created_by: actor.user, today: import.read_on, now };
        let source = Source::Import { import_id: import.id };
        let at = usize::try_from(item.number).unwrap_or(usize::MAX).saturating_sub(1);
        let backfill = import.options.backfill.unwrap_or(true);
        let adopted = match (&item.offer, file.contents) {
            (Some(offer), _) => Adopted::offer(offer, source, backfill, birth)?,
            (None, Some(Contents::Subscriptions(entries))) => {
                let entry = entries.get(at).ok_or("it is not in the file any more")?;
                let (draft, life) = entry.found.clone().map_err(|wrong| wrong.join("; "))?;
                let draft = labels.sort(draft, &entry.wanted).map_err(|invalid| first(&invalid))?;
                Adopted::entry(draft.from_source(source), life, birth)
            }
            (None, Some(Contents::Everything(document))) => {
                let exported = document.subscriptions.get(at).ok_or("it is not in the file any more")?;
                let owner = file.owner(actor, id);
                let subscription = exported.restore(owner).map_err(|invalid| first(&invalid))?;
                let payments = exported.restore_payments(&subscription, owner, || self.ids.next());
                let payments = payments.map_err(|invalid| first(&invalid))?;
                let facts = vec![subscription.told_as_new(import.read_on)];
                return Ok(Coming { number: item.number, subscription, payments, facts });
            }
            (None, Some(Contents::Statement(_) | Contents::Unanswered) | None) => {
                return Err("there is nothing to make of it".into());
            }
        };
        let payments =
            adopted.payments(|| self.ids.next()).into_iter().map(|payment| Held::new(payment, now)).collect();
        Ok(Coming { number: item.number, subscription: adopted.subscription, payments, facts: adopted.facts })
    }

    async fn check_room(&self, actor: &Actor, coming: &[Coming]) -> Result<(), TrackerError> {
        let payments: usize = coming.iter().map(|coming| coming.payments.len()).sum();
        if payments > MOST_PAYMENTS {
            return Err(Invalid::field(
                "/items",
                format!(
                    "they would bring {payments} payments, and one import can bring {MOST_PAYMENTS}: choose fewer, or \
                     leave out the charges before today"
                ),
            )
            .into());
        }
        let tracked = store::everything(&self.database, actor.household).await?.len();
        if tracked + coming.len() > MOST_SUBSCRIPTIONS {
            let room = MOST_SUBSCRIPTIONS.saturating_sub(tracked);
            return Err(
                Invalid::field("/items", format!("there is room for {room} more subscriptions")).into()
            );
        }
        Ok(())
    }

    fn apply_batch(
        &self,
        actor: &Actor,
        household: &Household,
        (coming, labels): (Vec<Coming>, Vec<Label>),
    ) -> (Batch, Vec<Done>) {
        let today = self.today(household);
        let mut batch = Batch::of(actor.household);
        let mut done = Vec::with_capacity(coming.len());
        for label in &labels {
            store::insert_label(&mut batch, label);
            done.push(Done::common(Made::Label { id: label.id }));
        }
        for Coming { number, subscription, payments, facts } in coming {
            store::insert(&mut batch, &subscription, &household.time_zone);
            if subscription.sharing != Sharing::default() {
                store::update_sharing(&mut batch, &subscription);
            }
            for held in &payments {
                store::insert_held(&mut batch, held, actor.user, || self.ids.next());
            }
            self.tell(&mut batch, &subscription, Some(actor), &facts);
            let made =
                Made::Subscription { id: subscription.id, print: print(&subscription, &payments, today) };
            done.push(Done { number, made, kept: None });
        }
        let now = self.clock.now();
        store::reschedule_elsewhere(&mut batch, actor.household, &household.time_zone, now);
        (batch, done)
    }

    /// Makes the payment that a line of the statement pays what the line says, as the ledger does it: with what it was
    /// before kept beside it. Nothing is done where that cannot be any more.
    async fn confirm_item(
        &self,
        actor: &Actor,
        household: &Household,
        batch: &mut Batch,
        item: &Item,
    ) -> Result<Option<Done>, TrackerError> {
        let (Some(id), Some(subscription), Some(line)) =
            (item.payment, item.subscription, item.lines.first())
        else {
            return Ok(None);
        };
        let Some(mut entry) = store::entry(&self.database, actor, id).await? else {
            return Ok(None);
        };
        let today = self.today(household);
        let told = Told {
            outcome: ChargeOutcome::Paid,
            amount: Some(line.amount),
            on: Some(line.booked_on.min(today)),
            source: PaymentSource::Statement,
        };
        let before = entry.memory();
        let Ok(facts) = told.confirm(&mut entry, today) else { return Ok(None) };
        if entry.memory() == before {
            return Ok(None);
        }
        let now = self.clock.now();
        let found = entry.revise(now);
        store::update_entry(batch, &entry, found);
        let past =
            Past { version: entry.version, kind: ChangeKind::Confirmed, by: actor.user, at: now, before };
        store::insert_change(batch, &entry, &past);
        if let Some(about) = store::find_for_all(&self.database, actor.household, entry.subscription).await? {
            self.tell(batch, &about, Some(actor), &facts);
        }
        let made = Made::Payment { id, subscription, version: entry.version };
        Ok(Some(Done { number: item.number, made, kept: None }))
    }
}

/// What a file's entries are made from: its contents, and the new ids of what they may point at.
pub(super) struct File<'c> {
    contents: Option<&'c Contents>,
    labels: Vec<(LabelKind, uuid::Uuid)>,
    members: &'c [Option<Arrival>],
    subscriptions: Vec<Option<SubscriptionId>>,
}

impl<'c> File<'c> {
    fn of(
        contents: Option<&'c Contents>,
        (making, ids): (&[&Item], &[SubscriptionId]),
        arrivals: &'c Arrivals,
        labels: &mut Labels<'_>,
    ) -> Result<Self, Invalid> {
        let mut file =
            Self { contents, labels: Vec::new(), members: &arrivals.members, subscriptions: Vec::new() };
        let Some(Contents::Everything(document)) = contents else { return Ok(file) };
        for exported in &document.labels {
            file.labels.push(labels.exported(exported)?);
        }
        file.subscriptions = vec![None; document.subscriptions.len()];
        for (item, id) in making.iter().zip(ids) {
            let at = usize::try_from(item.number).unwrap_or(usize::MAX).saturating_sub(1);
            if let Some(place) = file.subscriptions.get_mut(at) {
                *place = Some(*id);
            }
        }
        Ok(file)
    }

    pub(super) fn owner(&self, actor: &Actor, id: SubscriptionId) -> Restored<'_> {
        Restored {
            id,
            household: actor.household,
            created_by: actor.user,
            labels: &self.labels,
            members: self.members,
            subscriptions: &self.subscriptions,
        }
    }
}

/// The first thing that is wrong, in a line.
fn first(invalid: &Invalid) -> String {
    invalid.errors().first().map(|error| format!("{} {}", error.pointer, error.detail)).unwrap_or_default()
}

/// The items that are to be done, in their order.
fn chosen_items(import: &Import, chosen: Option<BTreeSet<u32>>) -> Result<Vec<Item>, TrackerError> {
    let items = &import.plan.items;
    let Some(chosen) = chosen else {
        return Ok(items
            .iter()
            .filter(|item| item.chosen && item.action != Action::Error)
            .cloned()
            .collect());
    };
    let found: Vec<Item> = items.iter().filter(|item| chosen.contains(&item.number)).cloned().collect();
    let mut invalid = Invalid::new();
    if found.len() != chosen.len() {
        invalid.add("/items", "there is no item of one of these numbers");
    }
    for item in found.iter().filter(|item| item.action == Action::Error) {
        invalid.add("/items", format!("nothing can be made of item {}", item.number));
    }
    invalid.into_result()?;
    Ok(found)
}

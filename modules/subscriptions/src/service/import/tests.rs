//! Importing and exporting, on both databases.

use std::{collections::BTreeSet, sync::Arc};

use contracts::{
    subscriptions::Act,
    users::{Household, Newcomer, Rosters},
};
use kernel::{Actor, Currency, MemberId, Role};
use platform::{
    both_databases,
    db::Database,
    http::IfMatch,
    jobs::{Progress, Work},
    testing::SetClock,
};

use super::*;
use crate::{
    Deps, MIGRATIONS,
    domain::{
        AskedShares, BudgetInput, ByHand, LabelInput, LabelKind, OwnRate, PaymentChange, PaymentSource,
        Proposal, SharingChange,
        import::{Action, ImportStatus, Options},
        testing::{day, id, money, netflix},
    },
    jobs::Conversions,
    service::{SeenPayment, Settling},
    testing::Neighbours,
};

const NOW: &str = "2026-05-05T06:30:00Z";

fn tracker(database: &Database) -> Arc<Tracker> {
    tracker_among(database, Neighbours::living_in("Asia/Kolkata"))
}

fn tracker_among(database: &Database, neighbours: Arc<Neighbours>) -> Arc<Tracker> {
    Arc::new(Tracker::new(Deps {
        database: database.clone(),
        clock: SetClock::at(NOW),
        ids: platform::testing::ids(),
        users: neighbours.clone(),
        rosters: neighbours,
        shared: None,
        outbound: platform::testing::outbound(),
        rates: platform::settings::Source::new().section(),
        settings: platform::settings::Source::new().section(),
    }))
}

fn actor(number: u32) -> Actor {
    Actor::at_home(id(number), Role::User, id(number))
}

async fn send(tracker: &Tracker, actor: &Actor, content: impl Into<Vec<u8>>) -> Import {
    let received = Received { name: "file".into(), content: content.into() };
    tracker.receive(actor, received, Options::default()).await.unwrap()
}

async fn apply(tracker: &Tracker, actor: &Actor, import: &Import) -> Import {
    tracker.apply_import(actor, import.id, Seen::Version(import.version), None).await.unwrap()
}

async fn exported(tracker: &Tracker, actor: &Actor) -> String {
    serde_json::to_string(&tracker.export(actor).await.unwrap()).unwrap()
}

/// Everything as it is now, whatever it was.
fn without_histories(mut document: Document) -> Document {
    for payment in document.subscriptions.iter_mut().flat_map(|it| &mut it.payments) {
        (payment.version, payment.changed_at) = (1, None);
        payment.changes.clear();
    }
    document
}

/// Has payments of other currencies converted.
async fn convert(tracker: &Arc<Tracker>, actor: &Actor) {
    let settings = Household::clone(&*tracker.household(actor.household).await.unwrap());
    let mut batch = Batch::of(actor.household);
    store::upsert_household(&mut batch, actor.household, &store::Known { settings, version: 1 });
    tracker.database.apply(batch).await.unwrap();
    while let Progress::More = Conversions(Arc::clone(tracker)).run().await.unwrap() {}
}

/// A household with a little of everything: every state, every kind of label, a successor, prices that rose.
async fn furnish(tracker: &Tracker, actor: &Actor) {
    let label = |name: &str| LabelInput { name: Some(name.into()), ..LabelInput::default() };
    let category = tracker.create_label(actor, LabelKind::Category, &label("Streaming")).await.unwrap();
    let method = tracker.create_label(actor, LabelKind::PaymentMethod, &label("Visa")).await.unwrap();
    let one = tracker.create_label(actor, LabelKind::Tag, &label("zebra")).await.unwrap();
    let two = tracker.create_label(actor, LabelKind::Tag, &label("ant")).await.unwrap();
    let today = day("2026-05-05");
    let create =
        async |proposal: Proposal| tracker.create_draft(actor, proposal.check(today).unwrap()).await.unwrap();
    let mut first = netflix();
    first.first_charge_on = Some(day("2025-01-31"));
    first.category = Some(kernel::CategoryId::from_uuid(category.id).to_string());
    first.particulars.payment_method = Some(Some(kernel::PaymentMethodId::from_uuid(method.id)));
    first.particulars.tags = Some([one.id, two.id].map(kernel::TagId::from_uuid).to_vec());
    let first = create(first).await;
    let mut second = netflix();
    second.name = "Spotify".into();
    second.cycle = None;
    second.auto_renew = false;
    second.particulars.replaced_by = Some(Some(first.id));
    create(second).await;
    let mut third = netflix();
    third.name = "Trial".into();
    third.trial_ends_on = Some(day("2026-06-01"));
    third.first_charge_on = None;
    create(third).await;
    let act = async |act: Act| {
        let seen = IfMatch::default();
        tracker.change(actor, first.id, &seen, |it, today| it.act(&act, today)).await.unwrap();
    };
    act(Act::ChangePrice { price: money("INR 649.00"), from: Some(day("2026-07-31")) }).await;
    act(Act::Pause).await;
}

/// The same, with everything that only a household of several has, or that was ever changed or kept. Gives who else
/// belongs to it: one who stays, and one who has left.
async fn share(tracker: &Tracker, neighbours: &Neighbours, actor: &Actor) -> (MemberId, MemberId) {
    neighbours.settle(actor, "Asha");
    let people = |name: &str, left| Newcomer { name: name.into(), left };
    let brought =
        neighbours.bring(actor, &[people("Ravi", false), people("Old flatmate", false)]).await.unwrap();
    let (ravi, flatmate) = (brought.members[0], brought.members[1]);
    let today = day("2026-05-05");
    let mut shared = netflix();
    shared.name = "Shared".into();
    shared.price = money("USD 10.00");
    shared.first_charge_on = Some(day("2026-03-05"));
    let shared = tracker.create_draft(actor, shared.check(today).unwrap()).await.unwrap();
    let reshare = async |payer, shares| {
        let change = SharingChange { private: None, payer: Some(Some(payer)), shares: Some(Some(shares)) };
        tracker.reshare(actor, shared.id, &IfMatch::default(), &change).await.unwrap();
    };
    reshare(flatmate, AskedShares::Weights(vec![(ravi, 2), (flatmate, 1)])).await;
    let by_hand = ByHand {
        due_on: Some(day("2026-04-20")),
        extra: true,
        paid_on: None,
        amount: Some(money("USD 3.00")),
        note: String::new(),
        source: PaymentSource::Manual,
    };
    tracker.record_payment(actor, shared.id, &by_hand).await.unwrap();
    reshare(actor.member, AskedShares::Amounts(vec![(ravi, money("USD 4.00"))])).await;
    let payments = tracker.payments(actor, shared.id, None, 10).await.unwrap();
    let renewed = payments.iter().find(|payment| !payment.extra).unwrap().id;
    let change = PaymentChange {
        amount: Some(money("USD 9.50")),
        note: Some("less".into()),
        ..PaymentChange::default()
    };
    let paid = tracker.change_payment(actor, renewed, SeenPayment::Version(1), &change).await.unwrap();
    tracker.undo_payment(actor, paid.id, SeenPayment::Version(2)).await.unwrap();
    tracker.attach(actor, paid.id, "bill.pdf", b"%PDF-1.7 a bill".to_vec()).await.unwrap();
    let own = OwnRate::check(Currency::USD, Currency::INR, day("2026-01-01"), "84.5").unwrap();
    tracker.set_own_rate(actor, &own).await.unwrap();
    let food =
        BudgetInput { amount: Some(money("INR 900.00")), member: Some(Some(ravi)), ..BudgetInput::default() };
    tracker.create_budget(actor, &food).await.unwrap();
    let settling = Settling {
        from: flatmate,
        to: actor.member,
        amount: money("USD 20.00"),
        paid_on: Some(day("2026-05-01")),
        note: "moved out".into(),
    };
    tracker.settle(actor, settling).await.unwrap();
    neighbours.send_away(actor, &[flatmate]).await.unwrap();
    (ravi, flatmate)
}

const STATEMENT: &str = "Date,Description,Amount\n2026-01-05,NETFLIX.COM,-499.00\n2026-02-10,GYM 12,-1000.00\n2026-03-10,GYM 13,-1000.00\n\
    2026-04-10,GYM 14,-1000.00\n2026-05-05,NETFLIX.COM,-499.00\n";

const TABLE: &str = "Name,Price,Currency,Cycle,Category,Payment method,Tags\nHulu,5,USD,Monthly,Films,Amex,\"home, kids\"\n\
    HBO,9,USD,Monthly,films,amex,home\n";

both_databases! { MIGRATIONS,
    async fn everything_exported_and_imported_into_an_empty_household_exports_the_same_bytes(database: Database) {
        let tracker = tracker(&database);
        furnish(&tracker, &actor(1)).await;
        let first = exported(&tracker, &actor(1)).await;
        let import = send(&tracker, &actor(2), first.as_bytes()).await;
        assert_eq!((import.status, import.plan.items.len()), (ImportStatus::Ready, 3));
        apply(&tracker, &actor(2), &import).await;
        assert_eq!(exported(&tracker, &actor(2)).await, first);
        assert_eq!(exported(&tracker, &actor(1)).await, first, "and the first is as it was");
    }

    async fn a_shared_household_with_its_books_histories_and_documents_exports_the_same_bytes(database: Database) {
        let neighbours = Neighbours::living_in("Asia/Kolkata");
        let tracker = tracker_among(&database, Arc::clone(&neighbours));
        furnish(&tracker, &actor(1)).await;
        share(&tracker, &neighbours, &actor(1)).await;
        convert(&tracker, &actor(1)).await;
        neighbours.settle(&actor(2), "Somebody else");
        let first = exported(&tracker, &actor(1)).await;
        for part in ["Ravi", "Old flatmate", "\"amounts\"", "\"weights\"", "\"undone\"", "84.5", "moved out", "JVBERi0xLjcg", "\"converted\""] {
            assert!(first.contains(part), "{part} is not in {first}");
        }
        let import = send(&tracker, &actor(2), first.as_bytes()).await;
        assert!(import.notes.remarks[0].text.contains("Ravi"), "{:?}", import.notes.remarks);
        let applied = apply(&tracker, &actor(2), &import).await;
        assert_eq!(exported(&tracker, &actor(2)).await, first);
        // What can be taken back still can.
        let payments = tracker.ledger(&actor(2), &store::LedgerQuery::default(), 50).await.unwrap();
        assert!(payments.iter().any(|row| row.version == 3));
        // And the way back leads to where it began.
        let undone = tracker.undo_import(&actor(2), applied.id, Seen::Version(applied.version)).await.unwrap();
        assert!(undone.outcome.done.iter().all(|done| done.kept.is_none()), "{:?}", undone.outcome);
        let after = tracker.export(&actor(2)).await.unwrap();
        assert_eq!((after.subscriptions.len(), after.budgets.len(), after.settlements.len(), after.rates.len()), (0, 0, 0, 0));
        assert!(after.members.iter().all(|member| member.left || member.name.is_none()), "{:?}", after.members);
    }

    async fn with_a_part_of_an_export_only_those_come_whom_it_names(database: Database) {
        let neighbours = Neighbours::living_in("Asia/Kolkata");
        let tracker = tracker_among(&database, Arc::clone(&neighbours));
        furnish(&tracker, &actor(1)).await;
        share(&tracker, &neighbours, &actor(1)).await;
        neighbours.settle(&actor(2), "Somebody else");
        let import = send(&tracker, &actor(2), exported(&tracker, &actor(1)).await).await;
        let seen = Seen::Version(import.version);
        tracker.apply_import(&actor(2), import.id, seen, Some(BTreeSet::from([1, 2]))).await.unwrap();
        let document = tracker.export(&actor(2)).await.unwrap();
        assert_eq!((document.members.len(), document.subscriptions.len()), (1, 2));
        assert_eq!((document.budgets.len(), document.settlements.len(), document.rates.len()), (0, 0, 0));
    }

    async fn what_a_household_has_already_does_not_come_twice(database: Database) {
        let neighbours = Neighbours::living_in("Asia/Kolkata");
        let tracker = tracker_among(&database, Arc::clone(&neighbours));
        share(&tracker, &neighbours, &actor(1)).await;
        neighbours.settle(&actor(2), "Somebody else");
        let file = exported(&tracker, &actor(1)).await;
        for _ in 0..2 {
            let import = send(&tracker, &actor(2), file.clone()).await;
            let seen = Seen::Version(import.version);
            tracker.apply_import(&actor(2), import.id, seen, Some(BTreeSet::from([1]))).await.unwrap();
        }
        let document = tracker.export(&actor(2)).await.unwrap();
        assert_eq!((document.members.len(), document.subscriptions.len()), (3, 2));
        assert_eq!((document.budgets.len(), document.settlements.len(), document.rates.len()), (1, 1, 1));
    }

    async fn an_import_of_everything_is_undone_to_nothing(database: Database) {
        let tracker = tracker(&database);
        furnish(&tracker, &actor(1)).await;
        let empty = exported(&tracker, &actor(2)).await;
        let import = send(&tracker, &actor(2), exported(&tracker, &actor(1)).await).await;
        let applied = apply(&tracker, &actor(2), &import).await;
        let undone = tracker.undo_import(&actor(2), applied.id, Seen::Version(applied.version)).await.unwrap();
        assert!(undone.outcome.done.iter().all(|done| done.kept.is_none()), "{:?}", undone.outcome);
        assert_eq!(exported(&tracker, &actor(2)).await, empty);
    }

    async fn what_was_changed_since_an_import_stays_when_it_is_undone(database: Database) {
        let tracker = tracker(&database);
        let import = send(&tracker, &actor(1), TABLE).await;
        let applied = apply(&tracker, &actor(1), &import).await;
        let hulu = applied.outcome.done.iter().filter(|done| done.number == 1).find_map(|done| done.made.subscription());
        let price = Act::ChangePrice { price: money("USD 6.00"), from: None };
        tracker.change(&actor(1), hulu.unwrap(), &IfMatch::default(), |it, today| it.act(&price, today)).await.unwrap();
        let undone = tracker.undo_import(&actor(1), applied.id, Seen::Version(applied.version)).await.unwrap();
        let kept: Vec<_> = undone.outcome.done.iter().filter(|done| done.number > 0).map(|done| done.kept.is_some()).collect();
        assert_eq!(kept, [true, false]);
        let left = tracker.export(&actor(1)).await.unwrap();
        assert_eq!(left.subscriptions.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["Hulu"]);
        // Its labels are in use, and stay with it.
        assert_eq!(left.labels.len(), 4);
    }

    async fn labels_are_found_by_name_or_made_once(database: Database) {
        let tracker = tracker(&database);
        let import = send(&tracker, &actor(1), TABLE).await;
        apply(&tracker, &actor(1), &import).await;
        let document = tracker.export(&actor(1)).await.unwrap();
        let labels: Vec<_> = document.labels.iter().map(|label| (label.kind.as_str(), label.name.as_str())).collect();
        assert_eq!(labels, [("category", "Films"), ("tag", "home"), ("tag", "kids"), ("payment_method", "Amex")]);
        assert_eq!(document.subscriptions[0].tags, [2, 3]);
        assert_eq!(document.subscriptions[1].own_category, Some(1));
    }

    async fn a_statement_confirms_and_offers_and_both_are_undone(database: Database) {
        let tracker = tracker(&database);
        let mut tracked = netflix();
        tracked.first_charge_on = Some(day("2026-05-05"));
        tracked.auto_renew = false;
        tracker.create_draft(&actor(1), tracked.check(day("2026-05-05")).unwrap()).await.unwrap();
        let before = without_histories(tracker.export(&actor(1)).await.unwrap());
        let import = send(&tracker, &actor(1), STATEMENT).await;
        let actions: Vec<_> = import.plan.items.iter().map(|item| item.action).collect();
        assert_eq!(actions, [Action::Create, Action::Confirm]);
        let applied = apply(&tracker, &actor(1), &import).await;
        let document = tracker.export(&actor(1)).await.unwrap();
        let netflix = &document.subscriptions[0].payments[0];
        assert_eq!((netflix.status.as_str(), netflix.source.as_str()), ("paid", "statement"));
        let gym = &document.subscriptions[1];
        assert_eq!((gym.name.as_str(), gym.payments.len()), ("Gym", 3));
        tracker.undo_import(&actor(1), applied.id, Seen::Version(applied.version)).await.unwrap();
        assert_eq!(without_histories(tracker.export(&actor(1)).await.unwrap()), before);
    }

    async fn an_import_is_applied_once_and_whole_or_not_at_all(database: Database) {
        let tracker = tracker(&database);
        let import = send(&tracker, &actor(1), TABLE).await;
        let (owner, seen) = (actor(1), Seen::Version(import.version));
        let (one, two) = tokio::join!(
            tracker.apply_import(&owner, import.id, seen, None),
            tracker.apply_import(&owner, import.id, seen, None)
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        assert_eq!(tracker.export(&actor(1)).await.unwrap().subscriptions.len(), 2);
        let again = send(&tracker, &actor(1), "Name,Price\nA,1\nB,x\n").await;
        for wrong in [BTreeSet::from([1, 2]), BTreeSet::from([9])] {
            let seen = Seen::Version(again.version);
            assert!(tracker.apply_import(&actor(1), again.id, seen, Some(wrong)).await.is_err());
        }
        assert_eq!(tracker.export(&actor(1)).await.unwrap().subscriptions.len(), 2);
    }

    async fn thousands_of_statements_fit_into_one_batch(database: Database) {
        let tracker = tracker(&database);
        let rows: String = (0..2_000).map(|number| format!("Thing {number},1.00,INR,2026-01-05,Weekly\n")).collect();
        let import = send(&tracker, &actor(1), format!("Name,Price,Currency,First charge,Cycle\n{rows}")).await;
        let applied = apply(&tracker, &actor(1), &import).await;
        assert_eq!(applied.outcome.done.len(), 2_000);
        let document = tracker.export(&actor(1)).await.unwrap();
        let payments: usize = document.subscriptions.iter().map(|it| it.payments.len()).sum();
        assert_eq!((document.subscriptions.len(), payments), (2_000, 36_000));
    }

    async fn another_households_import_is_not_found(database: Database) {
        let tracker = tracker(&database);
        let import = send(&tracker, &actor(1), TABLE).await;
        let (stranger, seen) = (actor(2), Seen::Version(1));
        assert!(matches!(tracker.import(&stranger, import.id).await, Err(TrackerError::NoImport)));
        assert!(matches!(tracker.apply_import(&stranger, import.id, seen, None).await, Err(TrackerError::NoImport)));
        assert!(matches!(tracker.undo_import(&stranger, import.id, seen).await, Err(TrackerError::NoImport)));
        assert!(matches!(tracker.delete_import(&stranger, import.id, seen).await, Err(TrackerError::NoImport)));
        let reread = tracker.reread(&stranger, import.id, seen, Options::default()).await;
        assert!(matches!(reread, Err(TrackerError::NoImport)));
        assert!(tracker.imports(&stranger, None, 20).await.unwrap().is_empty());
    }

    async fn a_household_keeps_five_files_that_wait_and_all_that_were_applied(database: Database) {
        let tracker = tracker(&database);
        let applied = send(&tracker, &actor(1), TABLE).await;
        apply(&tracker, &actor(1), &applied).await;
        for _ in 0..7 {
            send(&tracker, &actor(1), TABLE).await;
        }
        let rows = tracker.imports(&actor(1), None, 50).await.unwrap();
        assert_eq!(rows.len(), 6);
        assert!(rows.iter().any(|row| row.id == applied.id));
    }

    async fn a_file_that_is_read_anew_asks_no_more(database: Database) {
        let tracker = tracker(&database);
        let text = "Date,Description,Amount\n01/02/2026,GYM,-5.00\n03/03/2026,GYM,-5.00\n";
        let import = send(&tracker, &actor(1), text).await;
        assert_eq!(import.status, ImportStatus::Asking);
        let refused = tracker.apply_import(&actor(1), import.id, Seen::Version(1), None).await;
        assert!(matches!(refused, Err(TrackerError::ImportState(_))));
        let options = Options { date_order: Some(crate::domain::import::DateOrder::DayFirst), ..Options::default() };
        let ready = tracker.reread(&actor(1), import.id, Seen::Version(1), options).await.unwrap();
        assert_eq!((ready.status, ready.version), (ImportStatus::Ready, 2));
        let late = tracker.reread(&actor(1), import.id, Seen::Version(1), Options::default()).await;
        assert!(matches!(late, Err(TrackerError::Changed)));
    }
}

//! Use cases on both databases.

use std::sync::Arc;

use jiff::civil::date;
use kernel::{Actor, PaymentMethodId, TagId};
use platform::{
    both_databases,
    db::Database,
    http::IfMatch,
    jobs::{Progress, Work},
    testing::SetClock,
};

use super::{Filter, Group, Order, Seen, Tracker, Wanted};
use crate::{
    Deps, MIGRATIONS,
    domain::testing::{id, money, netflix},
    domain::{
        Amendment, CategoryChoice, LabelInput, LabelKind, NewPlace, ParticularsInput, Proposal, Subscription,
    },
    error::TrackerError,
    jobs::Renewals,
    store,
    testing::Neighbours,
};

pub(super) fn tracker(database: &Database, clock: &Arc<SetClock>, zone: &'static str) -> Arc<Tracker> {
    let neighbours = Neighbours::living_in(zone);
    Arc::new(Tracker::new(Deps {
        database: database.clone(),
        clock: Arc::clone(clock) as Arc<dyn kernel::Clock>,
        ids: platform::testing::ids(),
        users: neighbours.clone(),
        rosters: neighbours,
        shared: None,
        outbound: platform::testing::outbound(),
        rates: platform::settings::Source::new().section(),
        settings: platform::settings::Source::new().section(),
    }))
}

pub(super) fn asha() -> Actor {
    actor(1)
}

pub(super) fn actor(number: u32) -> Actor {
    Actor::at_home(id(number), kernel::Role::User, id(number))
}

pub(super) async fn add(tracker: &Tracker, proposal: Proposal) -> Subscription {
    let today = tracker.today(&tracker.household(asha().household).await.unwrap());
    tracker.create_draft(&asha(), proposal.check(today).unwrap()).await.unwrap()
}

pub(super) async fn due_dates(database: &Database, one: &Subscription) -> Vec<String> {
    let query = store::LedgerQuery { subscription: Some(one.id), ..store::LedgerQuery::default() };
    let payments = store::ledger(database, one.household, &query, 100).await.unwrap();
    payments.iter().rev().map(|payment| payment.due_on.to_string()).collect()
}

async fn sweep(tracker: &Arc<Tracker>) {
    while let Progress::More = Renewals(Arc::clone(tracker)).run().await.unwrap() {}
}

fn named(name: &str) -> LabelInput {
    LabelInput { name: Some(name.into()), ..LabelInput::default() }
}

fn tagged(proposal: Proposal, tags: &[TagId]) -> Proposal {
    let particulars = ParticularsInput { tags: Some(tags.to_vec()), ..ParticularsInput::default() };
    Proposal { particulars, ..proposal }
}

both_databases! { MIGRATIONS,
    async fn a_sweep_run_twice_at_once(database: Database) {
        let clock = SetClock::at("2026-01-31T06:00:00Z");
        let (one, other) = (tracker(&database, &clock, "UTC"), tracker(&database, &clock, "UTC"));
        let netflix = add(&one, netflix()).await;
        clock.set("2026-06-01T06:00:00Z");
        tokio::join!(sweep(&one), sweep(&other), sweep(&one));
        let expected = ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"];
        assert_eq!(due_dates(&database, &netflix).await, expected);
        sweep(&one).await;
        assert_eq!(due_dates(&database, &netflix).await, expected);
    }

    async fn an_edit_during_a_sweep(database: Database) {
        let clock = SetClock::at("2026-01-31T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let netflix = add(&tracker, Proposal { charges_left: Some(20), ..netflix() }).await;
        clock.set("2026-06-01T06:00:00Z");
        let amendment = Amendment { name: Some("Ours".into()), notes: Some("n".into()), ..Amendment::default() };
        let change = amendment.check().unwrap();
        let seen = IfMatch::default();
        let edited = async { tracker.edit(&asha(), netflix.id, &seen, change).await.unwrap() };
        tokio::join!(sweep(&tracker), edited, sweep(&tracker));
        sweep(&tracker).await;
        let (found, _) = tracker.read(&asha(), netflix.id).await.unwrap();
        assert_eq!((found.name.as_str(), found.notes.as_str()), ("Ours", "n"));
        let dates = due_dates(&database, &netflix).await;
        assert_eq!(dates, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]);
        assert_eq!(found.charges_left, Some(15), "each charge was counted once");
    }

    async fn a_user_at_utc_plus_14_and_one_at_utc_minus_11(database: Database) {
        // The same instant is 5 May on Kiritimati and 4 May on Midway.
        let clock = SetClock::at("2026-05-04T10:30:00Z");
        let east = tracker(&database, &clock, "Pacific/Kiritimati");
        let first = Proposal { first_charge_on: Some(date(2026, 5, 5)), ..netflix() };
        let early = add(&east, first.clone()).await;
        assert_eq!(due_dates(&database, &early).await, ["2026-05-05"]);

        let west = tracker(&database, &clock, "Pacific/Midway");
        let late = add(&west, first).await;
        assert!(due_dates(&database, &late).await.is_empty());
        clock.set("2026-05-05T10:59:59Z");
        sweep(&west).await;
        assert!(due_dates(&database, &late).await.is_empty());
        clock.set("2026-05-05T11:00:00Z");
        sweep(&west).await;
        assert_eq!(due_dates(&database, &late).await, ["2026-05-05"]);
    }

    async fn what_is_pointed_at_must_be_ones_own(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let stranger = actor(2);
        let theirs = tracker.create_label(&stranger, LabelKind::Tag, &named("Work")).await.unwrap();
        let own = tracker.create_label(&asha(), LabelKind::Tag, &named("Work")).await.unwrap();
        let netflix_of_mine = add(&tracker, tagged(netflix(), &[TagId::from_uuid(own.id)])).await;
        let wrong = Proposal {
            category: Some(id::<kernel::kinds::Category>(4).to_string()),
            particulars: ParticularsInput {
                tags: Some(vec![TagId::from_uuid(theirs.id)]),
                payment_method: Some(Some(id(5))),
                replaced_by: Some(Some(id(6))),
                ..ParticularsInput::default()
            },
            ..netflix()
        };
        let draft = wrong.check(date(2026, 5, 5)).unwrap();
        let TrackerError::Invalid(invalid) = tracker.create_draft(&asha(), draft).await.unwrap_err() else {
            panic!("it was refused otherwise");
        };
        let pointers: Vec<_> = invalid.errors().iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/category", "/payment_method_id", "/tags", "/replaced_by"]);
        let itself = ParticularsInput { replaced_by: Some(Some(netflix_of_mine.id)), ..ParticularsInput::default() };
        let change = Amendment { particulars: itself, ..Amendment::default() }.check().unwrap();
        let seen = IfMatch::default();
        let refused = tracker.edit(&asha(), netflix_of_mine.id, &seen, change).await.unwrap_err();
        assert!(matches!(refused, TrackerError::Invalid(_)), "{refused:?}");
    }

    async fn what_is_in_use_goes_only_when_it_is_said_where_to(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let seen = IfMatch::default();
        let mut labels = Vec::new();
        for (kind, name) in [
            (LabelKind::Category, "Hobby"),
            (LabelKind::Tag, "Work"),
            (LabelKind::Tag, "Family"),
            (LabelKind::PaymentMethod, "Visa"),
        ] {
            labels.push(tracker.create_label(&asha(), kind, &named(name)).await.unwrap());
        }
        let [hobby, work, family, visa] = labels.try_into().unwrap();
        let category = CategoryChoice::Own(kernel::Id::from_uuid(hobby.id));
        let mut proposal = tagged(netflix(), &[TagId::from_uuid(work.id)]);
        proposal.category = Some(category.to_string());
        proposal.particulars.payment_method = Some(Some(PaymentMethodId::from_uuid(visa.id)));
        let netflix = add(&tracker, proposal).await;
        for label in [&hobby, &work, &visa] {
            let which = (label.kind, label.id);
            let refused = tracker.delete_label(&asha(), which, &seen, None).await.unwrap_err();
            assert!(matches!(refused, TrackerError::InUse(1)), "{refused:?}");
            let itself = Some(NewPlace::Own(label.id));
            let refused = tracker.delete_label(&asha(), which, &seen, itself).await.unwrap_err();
            assert!(matches!(refused, TrackerError::Invalid(_)), "{refused:?}");
            let stranger = tracker.delete_label(&actor(2), which, &seen, Some(NewPlace::Nowhere)).await;
            assert!(matches!(stranger.unwrap_err(), TrackerError::NotFound));
        }
        let place = |label: &crate::domain::Label| match label.kind {
            LabelKind::Category => NewPlace::read(label.kind, "music").unwrap(),
            LabelKind::Tag => NewPlace::Own(family.id),
            LabelKind::PaymentMethod => NewPlace::Nowhere,
        };
        for label in [&hobby, &work, &visa] {
            tracker.delete_label(&asha(), (label.kind, label.id), &seen, Some(place(label))).await.unwrap();
        }
        let (found, _) = tracker.read(&asha(), netflix.id).await.unwrap();
        assert_eq!(found.category.to_string(), "music");
        assert_eq!(found.particulars.tags, [TagId::from_uuid(family.id)]);
        assert_eq!(found.particulars.payment_method, None);
        assert_eq!(found.version, netflix.version + 3);
        assert_eq!(tracker.sorting(&asha()).await.unwrap().of(LabelKind::Tag).count(), 1);
    }

    async fn tags_are_made_by_being_named(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let names = |text: &[&str]| text.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let first = tracker.tags_named(&asha(), &names(&["Work", "family"])).await.unwrap();
        let again = tracker.tags_named(&asha(), &names(&["FAMILY", "work", "Work"])).await.unwrap();
        assert_eq!((first[1], first[0], first[0]), (again[0], again[1], again[2]));
        let twice = tracker.tags_named(&asha(), &names(&["new", "New"])).await.unwrap();
        assert_eq!(twice[0], twice[1]);
        let many: Vec<_> = (0..21).map(|number| format!("tag {number}")).collect();
        assert!(tracker.tags_named(&asha(), &many).await.is_err());
        assert_eq!(tracker.sorting(&asha()).await.unwrap().of(LabelKind::Tag).count(), 3);
    }

    async fn a_list_is_searched_filtered_ordered_and_grouped(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let tags = tracker.tags_named(&asha(), &["Büro".to_owned()]).await.unwrap();
        let other = |name: &str, amount: &str| Proposal { name: name.into(), price: money(amount), ..netflix() };
        add(&tracker, tagged(other("beta", "INR 300.00"), &tags)).await;
        add(&tracker, Proposal { category: Some("music".into()), ..other("Alpha", "INR 100.00") }).await;
        add(&tracker, Proposal { notes: "for the büro".into(), ..other("gamma", "INR 200.00") }).await;
        let names = async |wanted: Wanted| {
            let found = tracker.search(&asha(), &wanted, 10).await.unwrap();
            (found.rows.iter().map(|row| row.name.to_string()).collect::<Vec<_>>(), found.headings)
        };
        let filter = |filter| Wanted { filter, ..Wanted::default() };
        assert_eq!(names(Wanted::default()).await.0, ["Alpha", "beta", "gamma"]);
        assert_eq!(names(filter(Filter { words: " BÜRO ".into(), ..Filter::default() })).await.0, ["beta", "gamma"]);
        assert_eq!(names(filter(Filter { tag: Some(tags[0]), ..Filter::default() })).await.0, ["beta"]);
        let music = Filter { category: Some("music".parse().unwrap()), ..Filter::default() };
        assert_eq!(names(filter(music.clone())).await.0, ["Alpha"]);
        let (listed, _) = tracker.list(&asha(), &music, None, 10).await.unwrap();
        assert_eq!(listed.len(), 1);
        let order = |order| Wanted { order, ..Wanted::default() };
        assert_eq!(names(order(Order::Price)).await.0, ["beta", "gamma", "Alpha"]);
        assert_eq!(names(order(Order::Added)).await.0, ["gamma", "Alpha", "beta"]);
        let grouped = names(Wanted { group: Some(Group::Category), ..Wanted::default() }).await;
        assert_eq!(grouped.0, ["beta", "gamma", "Alpha"]);
        assert_eq!(grouped.1, ["Entertainment", "Entertainment", "Music"]);
        let by_tag = names(Wanted { group: Some(Group::Tag), ..Wanted::default() }).await;
        assert_eq!(by_tag.1, ["Büro", "No tag", "No tag"]);
    }

    async fn every_row_of_a_list_is_on_one_page_in_any_order(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        for number in 0..7 {
            let price = money(if number % 2 == 0 { "INR 100.00" } else { "EUR 100.00" });
            add(&tracker, Proposal { name: format!("same {}", number / 2), price, ..netflix() }).await;
        }
        for order in Order::ALL {
            for group in std::iter::once(None).chain(Group::ALL.map(Some)) {
                let mut wanted = Wanted { order, group, ..Wanted::default() };
                let mut seen = std::collections::BTreeSet::new();
                loop {
                    let found = tracker.search(&asha(), &wanted, 2).await.unwrap();
                    seen.extend(found.rows.iter().map(|row| row.id));
                    // The cursor travels through an address.
                    let text = found.next.as_ref().map(|place| platform::http::Cursor(place).encode());
                    let Some(text) = text else { break };
                    wanted.after = platform::http::Cursor::decode(&text).map(|cursor| cursor.0);
                    assert!(wanted.after.is_some());
                }
                assert_eq!(seen.len(), 7, "{order:?} {group:?}");
            }
        }
    }

    async fn a_deleted_one_replaces_nothing_any_more(database: Database) {
        let clock = SetClock::at("2026-05-05T06:00:00Z");
        let tracker = tracker(&database, &clock, "UTC");
        let successor = add(&tracker, netflix()).await;
        let particulars = ParticularsInput { replaced_by: Some(Some(successor.id)), ..ParticularsInput::default() };
        let replaced = add(&tracker, Proposal { particulars, ..netflix() }).await;
        tracker.delete(&asha(), successor.id, Seen::Version(successor.version)).await.unwrap();
        let (found, _) = tracker.read(&asha(), replaced.id).await.unwrap();
        assert_eq!((found.particulars.replaced_by, found.version), (None, replaced.version + 1));
    }
}

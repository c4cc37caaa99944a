//! The store on both databases.

use jiff::civil::{Date, date};
use kernel::{HouseholdId, Money, Zone};
use platform::{
    both_databases,
    db::{Batch, Database, DbError},
    sql,
};

use super::*;
use crate::{
    MIGRATIONS,
    domain::testing::{birth, cycle, id, made, money, netflix},
    domain::{
        Advance, Category, Label, LabelInput, LabelKind, Name, ParticularsInput, Payment, PriceStep,
        Proposal, Shares, Sharing, Subscription, Term, Usage, Weekend, feed,
    },
};

const TODAY: &str = "2026-05-05";

fn kolkata() -> Zone {
    "Asia/Kolkata".parse().unwrap()
}

/// One with something awkward in every column.
fn awkward() -> (Subscription, Advance) {
    let mut proposal = netflix();
    proposal.name = "नेटफ्लिक्स \"Ünïted\" 🎬 '; DROP TABLE subscriptions; --".into();
    proposal.plan = Some("4 × 4K".into());
    proposal.url = Some("https://example.org/a?b=%20".into());
    proposal.notes = "one\ntwo".into();
    proposal.price = money("KWD 1.250");
    proposal.first_charge_on = Some(date(2024, 2, 29));
    proposal.ends_on = Some(date(2199, 12, 31));
    proposal.auto_renew = false;
    proposal.price_varies = true;
    proposal.weekend = Weekend::Before;
    proposal.charges_left = Some(400);
    proposal.term = Some(Term {
        length: cycle(12, kernel::Unit::Month),
        renews_for: Some(cycle(1, kernel::Unit::Year)),
        notice: Some(cycle(6, kernel::Unit::Week)),
        from: Some(date(2024, 2, 29)),
    });
    proposal.category = Some(id::<kernel::kinds::Category>(7).to_string());
    proposal.later_prices = vec![PriceStep { from: date(2026, 7, 1), price: money("KWD 2.000") }];
    proposal.particulars = ParticularsInput {
        payment_method: Some(Some(id(8))),
        tags: Some(vec![id(9), id(4)]),
        links: Some(vec![("Kündigen \"hier\"".into(), "https://example.org/%22?a=1&b=2".into())]),
        account: Some(Some("asha+tv@example.org".into())),
        usage: Some(Some(Usage::Rarely)),
        replaced_by: Some(Some(id(5))),
        reminder_days: Some(Some(vec![14, 1])),
    };
    made(proposal, TODAY)
}

async fn store(database: &Database, subscription: &Subscription, advance: &Advance) {
    let mut batch = Batch::new();
    insert(&mut batch, subscription, &kolkata());
    for (number, charge) in (1..).zip(&advance.charges) {
        insert_payment(&mut batch, &charge.payment(id(number), subscription), subscription.created_at);
    }
    database.apply(batch).await.unwrap();
}

async fn payments_of(
    database: &Database,
    household: HouseholdId,
    subscription: &Subscription,
) -> Vec<Payment> {
    let query = LedgerQuery { subscription: Some(subscription.id), ..LedgerQuery::default() };
    ledger(database, household, &query, 100).await.unwrap().into_iter().map(|entry| entry.payment).collect()
}

fn stranger() -> HouseholdId {
    id(999)
}

both_databases! { MIGRATIONS,
    async fn every_column_reads_back_as_it_was_written(database: Database) {
        let (subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        let found = find(&database, subscription.household, subscription.id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&subscription));
        assert_eq!(all(&database, subscription.household).await.unwrap(), [subscription]);
    }

    async fn a_calendar_address_is_found_by_its_secret_alone_until_it_is_revoked(database: Database) {
        let feed = |number, category| feed::Feed {
            id: id(number),
            household: id(1),
            created_by: id(1),
            name: Name::stored("Perennial".into()),
            category,
            member: Some(id(5)),
            created_at: "2026-05-05T06:30:00Z".parse().unwrap(),
        };
        let (music, all) = (feed(1, Some(Category::Music)), feed(2, None));
        for feed in [&music, &all] {
            let mut batch = Batch::new();
            insert_feed(&mut batch, feed, feed.id.to_string().into_bytes());
            database.apply(batch).await.unwrap();
        }
        assert_eq!(feeds(&database, id(1)).await.unwrap(), [music.clone(), all]);
        assert_eq!(feeds(&database, stranger()).await.unwrap(), []);
        let hash = music.id.to_string().into_bytes();
        assert_eq!(feed_of_token(&database, hash.clone()).await.unwrap(), Some(music.clone()));
        assert_eq!(feed_of_token(&database, b"guessed".to_vec()).await.unwrap(), None);
        let mut batch = Batch::new();
        delete_feed(&mut batch, stranger(), music.id);
        assert!(matches!(database.apply(batch).await, Err(DbError::Conflict)));
        let mut batch = Batch::new();
        delete_feed(&mut batch, id(1), music.id);
        database.apply(batch).await.unwrap();
        assert_eq!(feed_of_token(&database, hash).await.unwrap(), None);
    }

    async fn a_household_has_so_many_calendar_addresses_and_no_more(database: Database) {
        let open = async |number: u32, household: HouseholdId| {
            let feed = feed::Feed {
                id: id(number),
                household,
                created_by: id(1),
                name: Name::stored("Perennial".into()),
                category: None,
                member: None,
                created_at: "2026-05-05T06:30:00Z".parse().unwrap(),
            };
            let mut batch = Batch::new();
            insert_feed(&mut batch, &feed, number.to_string().into_bytes());
            database.apply(batch).await
        };
        for number in 1..=20 {
            open(number, id(1)).await.unwrap();
        }
        assert!(matches!(open(21, id(1)).await, Err(DbError::Conflict)));
        open(22, stranger()).await.unwrap();
    }

    async fn every_column_reads_back_after_a_change(database: Database) {
        let (subscription, advance) = made(netflix(), TODAY);
        store(&database, &subscription, &advance).await;
        let (other, _) = awkward();
        let amendment = crate::domain::Amendment {
            weekend: Some(Weekend::After),
            charges_left: Some(Some(3)),
            term: Some(other.term),
            price_varies: Some(true),
            category: Some(Some(other.category.to_string())),
            particulars: ParticularsInput {
                payment_method: Some(Some(id(8))),
                tags: Some(vec![id(9)]),
                links: Some(vec![("Cancel".into(), "https://example.org".into())]),
                account: Some(Some("asha".into())),
                usage: Some(Some(Usage::Never)),
                replaced_by: Some(Some(id(5))),
                reminder_days: Some(Some(vec![])),
            },
            ..Default::default()
        };
        let mut changed = subscription;
        changed.edit(amendment.check().unwrap(), TODAY.parse().unwrap()).unwrap();
        let found = changed.revise("2026-05-06T00:00:00Z".parse().unwrap());
        let mut batch = Batch::new();
        update(&mut batch, &changed, found, &kolkata());
        database.apply(batch).await.unwrap();
        let kept = find(&database, changed.household, changed.id).await.unwrap();
        assert_eq!(kept.map(|kept| (*kept).clone()), Some((*changed).clone()));
    }

    async fn what_varies_is_forecast_from_its_last_three_real_payments(database: Database) {
        let mut proposal = netflix();
        proposal.price_varies = true;
        proposal.first_charge_on = Some(date(2026, 1, 5));
        let (subscription, advance) = made(proposal, TODAY);
        let real = ["INR 900.00", "INR 100.00", "INR 200.00", "INR 300.01"];
        let mut batch = Batch::new();
        insert(&mut batch, &subscription, &kolkata());
        for (number, charge) in (1..).zip(&advance.charges) {
            let mut payment = charge.payment(id(number), &subscription);
            assert!(payment.expected);
            // The newest is still only expected.
            if let Some(amount) = real.get(number as usize - 1) {
                (payment.amount, payment.expected) = (money(amount), false);
            }
            insert_payment(&mut batch, &payment, subscription.created_at);
        }
        database.apply(batch).await.unwrap();
        let found = find(&database, subscription.household, subscription.id).await.unwrap().unwrap();
        let ahead: Vec<_> = found.charges_from(date(2026, 5, 5)).take(2).map(|(_, amount)| amount).collect();
        assert_eq!(ahead, [money("INR 200.00"); 2]);
        assert_eq!(found.price_on(date(2026, 6, 5)), money("INR 499.00"));
        assert_eq!(found.monthly_equivalent(date(2026, 5, 5)), Some(money("INR 200.00")));
    }

    async fn labels_read_back_and_are_a_households_own(database: Database) {
        let named = |name: &str| LabelInput { name: Some(name.into()), ..LabelInput::default() };
        let card = LabelInput { method: Some("upi".into()), last4: Some(Some("0042".into())), ..named("Paytm 'x'") };
        let made = [
            Label::create(uuid::Uuid::from_u128(1), id(1), LabelKind::PaymentMethod, &card).unwrap(),
            Label::create(uuid::Uuid::from_u128(2), id(1), LabelKind::Tag, &named("काम")).unwrap(),
        ];
        let mut batch = Batch::new();
        made.iter().for_each(|label| insert_label(&mut batch, label));
        database.apply(batch).await.unwrap();
        for each in &made {
            assert_eq!(label(&database, id(1), each.kind, each.id).await.unwrap().as_ref(), Some(each));
            assert_eq!(label(&database, stranger(), each.kind, each.id).await.unwrap(), None);
        }
        assert_eq!(label(&database, id(1), LabelKind::Tag, made[0].id).await.unwrap(), None);
        assert_eq!(sorting(&database, stranger()).await.unwrap(), crate::domain::Sorting::default());
        assert_eq!(sorting(&database, id(1)).await.unwrap().of(LabelKind::Tag).count(), 1);
    }

    async fn a_label_has_a_name_of_its_own_whatever_its_casing(database: Database) {
        let named = |number, household, name: &str| {
            let input = LabelInput { name: Some(name.into()), ..LabelInput::default() };
            Label::create(uuid::Uuid::from_u128(number), household, LabelKind::Tag, &input).unwrap()
        };
        let add = async |label: &Label| {
            let mut batch = Batch::new();
            insert_label(&mut batch, label);
            database.apply(batch).await
        };
        add(&named(1, id(1), "Büro")).await.unwrap();
        add(&named(2, stranger(), "büro")).await.unwrap();
        let taken = add(&named(3, id(1), "BÜRO")).await.unwrap_err();
        assert!(taken.violates("labels_one_a_name"), "{taken:?}");
    }

    async fn all_that_time_brings_is_stored(database: Database) {
        let finite = Proposal { charges_left: Some(3), ..netflix() };
        let trial = Proposal { trial_ends_on: Some(date(2026, 5, 19)), ..netflix() };
        let ending = Proposal { ends_on: Some(date(2026, 7, 1)), ..netflix() };
        for proposal in [netflix(), finite, trial, ending] {
            let (mut subscription, advance) = made(proposal, TODAY);
            store(&database, &subscription, &advance).await;
            for today in ["2026-05-20", "2026-06-05", "2026-07-05", "2026-09-01"] {
                subscription.advance(today.parse().unwrap(), 100);
                let found = subscription.revise("2026-09-01T00:00:00Z".parse().unwrap());
                let mut batch = Batch::new();
                super::advance(&mut batch, &subscription, found, &kolkata());
                database.apply(batch).await.unwrap();
                let stored = find(&database, subscription.household, subscription.id).await.unwrap();
                assert_eq!(stored.as_ref(), Some(&subscription), "{today}");
            }
            let mut batch = Batch::new();
            delete(&mut batch, subscription.household, subscription.id, subscription.version);
            delete_payments(&mut batch, subscription.household, subscription.id);
            database.apply(batch).await.unwrap();
        }
    }

    async fn nothing_of_another_household_is_found(database: Database) {
        let (subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        assert_eq!(find(&database, stranger(), subscription.id).await.unwrap(), None);
        assert!(list(&database, stranger(), None, None, 100).await.unwrap().is_empty());
        assert!(payments_of(&database, stranger(), &subscription).await.is_empty());
        let mut batch = Batch::new();
        delete_payments(&mut batch, stranger(), subscription.id);
        database.apply(batch).await.unwrap();
        let kept = payments_of(&database, subscription.household, &subscription).await;
        assert_eq!(kept.len(), advance.charges.len());
    }

    async fn a_charge_date_has_one_payment_however_often_it_is_recorded(database: Database) {
        let (subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        let mut again = Batch::new();
        for (number, charge) in (500..).zip(&advance.charges) {
            insert_payment(&mut again, &charge.payment(id(number), &subscription), subscription.created_at);
        }
        database.apply(again).await.unwrap();
        let mut payments = payments_of(&database, subscription.household, &subscription).await;
        payments.reverse();
        let expected: Vec<Payment> =
            (1..).zip(&advance.charges).map(|(number, charge)| charge.payment(id(number), &subscription)).collect();
        assert_eq!(payments, expected);
    }

    async fn a_change_to_what_somebody_else_changed_is_a_conflict(database: Database) {
        let (mut subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        let mut late = subscription.clone();
        for (each, succeeds) in [(&mut subscription, true), (&mut late, false)] {
            let found = each.revise("2026-05-06T00:00:00Z".parse().unwrap());
            let mut batch = Batch::new();
            update(&mut batch, each, found, &kolkata());
            assert_eq!(database.apply(batch).await.is_ok(), succeeds);
        }
    }

    async fn a_change_decided_in_another_zone_is_a_conflict(database: Database) {
        let (mut subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        let settings = contracts::users::Household {
            time_zone: "Europe/Berlin".parse().unwrap(),
            currency: kernel::Currency::EUR,
            locale: "de-DE".parse().unwrap(),
            reminders: contracts::users::Reminders::default(),
        };
        let mut batch = Batch::new();
        upsert_household(&mut batch, subscription.household, &Known { settings, version: 2 });
        let found = subscription.revise("2026-05-06T00:00:00Z".parse().unwrap());
        update(&mut batch, &subscription, found, &kolkata());
        assert!(database.apply(batch).await.unwrap_err().is_conflict());
    }

    async fn older_news_of_a_household_are_not_kept(database: Database) {
        let news = |zone: &str, version| Known {
            settings: contracts::users::Household {
                time_zone: zone.parse().unwrap(),
                currency: kernel::Currency::EUR,
                locale: "de-DE".parse().unwrap(),
                reminders: contracts::users::Reminders::default(),
            },
            version,
        };
        for known in [news("Europe/Berlin", 2), news("Europe/Paris", 1), news("Europe/Rome", 2)] {
            let mut batch = Batch::new();
            upsert_household(&mut batch, id(1), &known);
            database.apply(batch).await.unwrap();
        }
        let kept = household(&database, id(1)).await.unwrap().unwrap();
        assert_eq!((kept.settings.time_zone.name(), kept.version), ("Europe/Berlin", 2));
    }

    async fn it_wakes_when_its_day_begins_where_its_household_lives(database: Database) {
        let (subscription, advance) = made(netflix(), TODAY);
        store(&database, &subscription, &advance).await;
        // 5 June begins at 18:30 UTC of the 4th in Kolkata.
        let at = |text: &str| text.parse().unwrap();
        assert!(due(&database, at("2026-06-04T18:29:59Z"), 10).await.unwrap().is_empty());
        assert_eq!(due(&database, at("2026-06-04T18:30:00Z"), 10).await.unwrap().len(), 1);
    }

    async fn one_row_that_makes_no_sense_does_not_hide_the_others(database: Database) {
        let (subscription, advance) = made(netflix(), TODAY);
        store(&database, &subscription, &advance).await;
        let today = "2026-05-05".parse::<Date>().unwrap();
        let (other, _) = Subscription::create(netflix().check(today).unwrap(), birth(2, today), 10);
        store(&database, &other, &Advance::default()).await;
        let mut batch = Batch::new();
        batch.add(sql!("UPDATE subscriptions SET cycle_unit = 'fortnight' WHERE id = $1", subscription.id));
        database.apply(batch).await.unwrap();
        let found = due(&database, "2026-07-01T00:00:00Z".parse().unwrap(), 10).await.unwrap();
        let sound: Vec<_> = found.iter().map(|due| (due.id, due.found.is_ok())).collect();
        assert!(sound.contains(&(subscription.id, false)) && sound.contains(&(other.id, true)), "{sound:?}");
    }

    async fn what_is_paid_and_what_is_open_this_month(database: Database) {
        let (subscription, advance) = awkward();
        store(&database, &subscription, &advance).await;
        let found = payments_of_month(&database, subscription.household, date(2026, 4, 1), date(2026, 4, 30)).await.unwrap();
        let total: i64 = found.iter().map(|payment| payment.amount.minor()).sum();
        assert_eq!(Money::from_minor(total, found[0].amount.currency()), money("KWD 1.250"));
    }
}

/// Somebody else of the same household.
fn housemate(household: HouseholdId) -> Onlooker {
    Onlooker { household, user: id(77) }
}

fn shared_by(payer: u32, shares: &[(u32, u32)]) -> Sharing {
    let shares = shares.iter().map(|(number, weight)| (id(*number), *weight)).collect();
    Sharing { private: false, payer: Some(id(payer)), shares: Some(Shares::Weights(shares)) }
}

async fn apply(database: &Database, work: impl FnOnce(&mut Batch)) {
    let mut batch = Batch::new();
    work(&mut batch);
    database.apply(batch).await.unwrap();
}

both_databases! { MIGRATIONS,
    async fn what_is_private_is_seen_by_whoever_added_it_alone(database: Database) {
        let (mut subscription, advance) = made(netflix(), TODAY);
        store(&database, &subscription, &advance).await;
        let (household, one) = (subscription.household, subscription.id);
        let mate = housemate(household);
        assert!(find(&database, mate, one).await.unwrap().is_some());
        subscription.share(Sharing { private: true, ..Sharing::default() });
        apply(&database, |batch| update_sharing(batch, &subscription)).await;
        assert_eq!(find(&database, household, one).await.unwrap(), Some(subscription.clone()));
        let month = (date(2026, 5, 1), date(2026, 5, 31));
        assert_eq!(payments_of_month(&database, household, month.0, month.1).await.unwrap().len(), 1);
        assert!(find(&database, mate, one).await.unwrap().is_none());
        assert!(list(&database, mate, None, None, 10).await.unwrap().is_empty());
        assert!(list(&database, mate, Some(subscription.status), None, 10).await.unwrap().is_empty());
        assert!(all(&database, mate).await.unwrap().is_empty());
        for query in [LedgerQuery::default(), LedgerQuery { subscription: Some(one), ..LedgerQuery::default() }] {
            let hers = ledger(&database, household, &query, 10).await.unwrap();
            assert_eq!(hers.len(), 1);
            assert!(ledger(&database, mate, &query, 10).await.unwrap().is_empty());
            assert!(entry(&database, mate, hers[0].id).await.unwrap().is_none());
            assert!(entry(&database, household, hers[0].id).await.unwrap().is_some());
        }
        assert!(payments_of_month(&database, mate, month.0, month.1).await.unwrap().is_empty());
        // It is charged as ever.
        let later = "2026-07-01T00:00:00Z".parse().unwrap();
        assert_eq!(due(&database, later, 10).await.unwrap().len(), 1);
    }

    async fn another_way_to_share_never_reaches_into_the_past(database: Database) {
        let (mut subscription, advance) = made(netflix(), TODAY);
        subscription.share(shared_by(1, &[(1, 1), (2, 1)]));
        store(&database, &subscription, &advance).await;
        apply(&database, |batch| update_sharing(batch, &subscription)).await;
        let alike = payments_shared_alike(&database, subscription.household).await.unwrap();
        assert_eq!((alike.len(), alike[0].times, alike[0].amount), (1, 1, money("INR 499.00")));
        assert_eq!(alike[0].sharing, subscription.sharing);
        // From now on it is 2 who pays; what was paid is still owed to 1, however often that is said.
        let before = subscription.sharing.clone();
        subscription.share(shared_by(2, &[(1, 1), (2, 3)]));
        for _ in 0..2 {
            apply(&database, |batch| {
                keep_payment_shares(batch, subscription.household, subscription.id);
                update_sharing(batch, &subscription);
            })
            .await;
        }
        let alike = payments_shared_alike(&database, subscription.household).await.unwrap();
        assert_eq!((alike.len(), &alike[0].sharing), (1, &before));
        let month = (date(2026, 5, 1), date(2026, 5, 31));
        let kept = shares_of_month(&database, subscription.household, month.0, month.1).await.unwrap();
        assert_eq!(kept.values().collect::<Vec<_>>(), [&before]);
        // Refunded, it owes nothing; deleted, it is gone.
        let refund = sql!("UPDATE payments SET status = 'refunded' WHERE household_id = $1", subscription.household);
        apply(&database, |batch| batch.add(refund)).await;
        assert!(payments_shared_alike(&database, subscription.household).await.unwrap().is_empty());
        apply(&database, |batch| delete_payment_shares(batch, subscription.household, subscription.id)).await;
        assert!(shares_of_month(&database, subscription.household, month.0, month.1).await.unwrap().is_empty());
    }

    async fn what_was_assumed_before_it_was_tracked_owes_nothing(database: Database) {
        let mut proposal = netflix();
        proposal.first_charge_on = Some(date(2026, 1, 31));
        let (mut subscription, advance) = made(proposal, TODAY);
        subscription.share(shared_by(1, &[(2, 1)]));
        store(&database, &subscription, &advance).await;
        apply(&database, |batch| update_sharing(batch, &subscription)).await;
        assert!(payments_shared_alike(&database, subscription.household).await.unwrap().is_empty());
    }

    async fn settlements_are_summed_by_pair_and_currency(database: Database) {
        let household: HouseholdId = id(1);
        let made = |number: u32, from: u32, to: u32, amount: &str| crate::domain::Given {
            id: id(number),
            household,
            from: id(from),
            to: id(to),
            amount: money(amount),
            paid_on: date(2026, 5, 5),
            note: "'; DROP TABLE settlements; --".into(),
            created_by: id(1),
            created_at: "2026-05-05T06:30:00Z".parse().unwrap(),
        };
        let all = [made(1, 2, 1, "INR 10.00"), made(2, 2, 1, "INR 5.50"), made(3, 1, 2, "INR 1.00"), made(4, 2, 1, "EUR 2.00")];
        apply(&database, |batch| all.iter().for_each(|each| insert_settlement(batch, each))).await;
        let mut summed = settlements_summed(&database, household).await.unwrap();
        summed.sort_by_key(|(from, _, amount)| (*from, amount.minor()));
        let expected =
            [(id(1), id(2), money("INR 1.00")), (id(2), id(1), money("EUR 2.00")), (id(2), id(1), money("INR 15.50"))];
        assert_eq!(summed, expected);
        assert_eq!(settlements(&database, household, None, 2).await.unwrap(), [all[3].clone(), all[2].clone()]);
        assert_eq!(settlements(&database, household, Some(id(2)), 9).await.unwrap(), [all[0].clone()]);
        assert!(settlement(&database, stranger(), id(1)).await.unwrap().is_none());
        let mut batch = Batch::new();
        delete_settlement(&mut batch, stranger(), id(1));
        assert!(database.apply(batch).await.unwrap_err().is_conflict());
        apply(&database, |batch| delete_settlement(batch, household, id(1))).await;
        assert!(settlement(&database, household, id(1)).await.unwrap().is_none());
    }
}

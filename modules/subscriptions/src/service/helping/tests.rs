//! What help looks at and mends, on both databases: what is broken is really broken.

use contracts::help::{Freshness, Keeping, Pricing, Reminding, Sharing, Shown, Usage};
use jiff::civil::date;
use kernel::{Actor, Cycle, Money};
use platform::{both_databases, db::Batch, sql, testing::SetClock};

use crate::{
    MIGRATIONS, Tracker,
    domain::testing::{id, money, netflix},
    error::TrackerError,
    service::{
        Whose,
        tests::{actor, add, asha, due_dates, tracker},
    },
};

async fn per_month(tracker: &Tracker, actor: &Actor) -> Money {
    tracker.dashboard(actor, Whose::Ours).await.unwrap().figures.home.per_month
}

both_databases! { MIGRATIONS,
    async fn a_dashboard_that_is_stale_is_found_and_computed_anew(database: Database) {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let tracker = tracker(&database, &clock, "Asia/Kolkata");
        let one = add(&tracker, netflix()).await;
        let before = per_month(&tracker, &asha()).await;
        assert!(!tracker.freshness(&asha()).await.unwrap().stale);
        // Somebody writes past the program, as a restored copy or a hand in the database does.
        let mut batch = Batch::unseen();
        batch.expect(1, sql!("UPDATE subscriptions SET status = 'paused' WHERE id = $1 AND household_id = $2", one.id, one.household));
        database.apply(batch).await.unwrap();
        assert_eq!(per_month(&tracker, &asha()).await, before, "it is remembered as it was");
        let seen = tracker.freshness(&asha()).await.unwrap();
        assert!(seen.stale && seen.per_month.minor() == 0);
        assert_eq!((seen.zone.as_str(), seen.now.date()), ("Asia/Kolkata", date(2026, 5, 5)));
        tracker.refresh(&asha()).await.unwrap();
        assert_eq!(per_month(&tracker, &asha()).await.minor(), 0);
        assert!(!tracker.freshness(&asha()).await.unwrap().stale);
    }

    async fn charges_that_should_have_been_entered_are_found_and_entered(database: Database) {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let tracker = tracker(&database, &clock, "Asia/Kolkata");
        let one = add(&tracker, netflix()).await;
        let before = due_dates(&database, &one).await;
        // Nothing sweeps, as where the program hangs.
        clock.set("2026-07-06T06:30:00Z");
        assert_eq!(tracker.freshness(&asha()).await.unwrap().overdue, 1);
        tracker.refresh(&actor(2)).await.unwrap();
        assert_eq!(due_dates(&database, &one).await, before, "somebody else's are none of theirs");
        tracker.refresh(&asha()).await.unwrap();
        assert!(due_dates(&database, &one).await.len() > before.len());
        assert_eq!(tracker.freshness(&asha()).await.unwrap().overdue, 0);
    }

    async fn what_help_is_told_of_one_is_what_it_is_and_nobody_elses(database: Database) {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let tracker = tracker(&database, &clock, "Asia/Kolkata");
        let one = add(&tracker, netflix()).await;
        let priced = tracker.priced(&asha(), one.id).await.unwrap();
        assert_eq!((priced.cycle, &priced.shown), (Some(Cycle::MONTHLY), &Shown::AsItIs));
        assert_eq!(priced.equivalents, Some((money("INR 499.00"), money("INR 5988.00"))));
        let yearly = tracker.charge_every(&asha(), one.id, Cycle::YEARLY).await.unwrap();
        assert_eq!(yearly.equivalents, Some((money("INR 41.58"), money("INR 499.00"))));
        let weighed = tracker.weighed(&asha(), one.id).await.unwrap();
        assert_eq!((weighed.usage, weighed.alternative), (Usage::Unsaid, None));
        assert!(weighed.cancelled_at.is_some(), "the catalogue knows where");
        let reminded = tracker.reminded(&asha(), Some(one.id)).await.unwrap();
        assert!(!reminded.never && reminded.newest.is_none() && reminded.of.unwrap().is_told_to_actor);
        for stranger in [actor(2)] {
            let found = [
                tracker.priced(&stranger, one.id).await.err(),
                tracker.charge_every(&stranger, one.id, Cycle::MONTHLY).await.err(),
                tracker.weighed(&stranger, one.id).await.err(),
                tracker.cancel(&stranger, one.id).await.err(),
                Keeping::pause(&*tracker, &stranger, one.id).await.err(),
                tracker.came_from(&stranger, one.id).await.err(),
                tracker.reminded(&stranger, Some(one.id)).await.err(),
                Reminding::resume(&*tracker, &stranger, one.id).await.err(),
                tracker.shared(&stranger, one.id).await.err(),
                tracker.show_to_household(&stranger, one.id).await.err(),
            ];
            for error in found {
                assert!(matches!(error, Some(contracts::CallError::NotFound)), "{error:?}");
            }
        }
        let cancelled = tracker.cancel(&asha(), one.id).await.unwrap();
        assert!(cancelled.ends_on.is_some());
        let missing: Result<_, TrackerError> = tracker.read(&asha(), id(99)).await;
        assert!(matches!(missing, Err(TrackerError::NotFound)));
    }
}

//! Reminders as they are told, on both databases.

use std::sync::Arc;

use contracts::{
    subscriptions::ReminderDue,
    users::{Household, HouseholdChanged, ReminderDays, Reminders},
};
use jiff::Timestamp;
use kernel::{Event, Invalid, SubscriptionId};
use platform::{
    both_databases,
    db::{Batch, Database, Json},
    http::IfMatch,
    jobs::{Progress, Work},
    sql,
    testing::{SetClock, ids},
};

use super::{
    reminders::Reminding,
    tests::{actor, sweep as charge, tracker},
};
use crate::{
    MIGRATIONS,
    domain::{Amendment, PaymentChange, PaymentStatus, Proposal, ReminderState, testing::*},
    service::{Seek, SeenPayment, SeenReminder, Tracker},
};

/// A tracker whose clock the test sets.
pub(super) struct Stage {
    database: Database,
    pub(super) tracker: Arc<Tracker>,
    pub(super) clock: Arc<SetClock>,
    version: std::sync::atomic::AtomicI64,
}

impl Stage {
    /// Noon of 5 May 2026 in Kolkata, where one is reminded three days ahead and one, at nine.
    pub(super) async fn set(database: Database) -> Self {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let tracker = tracker(&database, &clock, ids());
        let stage = Self { database, tracker, clock, version: 0.into() };
        stage.lives("Asia/Kolkata", &[3, 1], "09:00").await;
        stage
    }

    /// As the household's owner says it on the settings page, and users tells it.
    pub(super) async fn lives(&self, zone: &str, days: &[i64], time: &str) {
        let settings = Household {
            time_zone: zone.parse().unwrap(),
            currency: kernel::Currency::INR,
            locale: "en-IN".parse().unwrap(),
            reminders: Reminders {
                days: ReminderDays::read(days, "", &mut Invalid::new()).unwrap(),
                time: kernel::parse_time(time).unwrap(),
            },
        };
        let version = self.version.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        let payload = HouseholdChanged { household: actor().household, settings, version };
        let event = Event::new(id(1), payload.household.to_string(), Timestamp::UNIX_EPOCH, &payload);
        let consumer = &crate::consumers::consumers(&self.tracker)[0];
        // Told twice, as any event may be.
        for _ in 0..2 {
            let batch = consumer.handler.handle(&event).await.unwrap();
            self.database.apply(batch).await.unwrap();
        }
    }

    pub(super) async fn track(&self, proposal: Proposal) -> SubscriptionId {
        let household = self.tracker.household(actor().household).await.unwrap();
        let draft = proposal.check(self.tracker.today(&household)).unwrap();
        self.tracker.create_draft(&actor(), draft).await.unwrap().id
    }

    async fn edit(&self, id: SubscriptionId, amendment: Amendment) {
        self.tracker.edit(&actor(), id, &IfMatch::default(), amendment.check().unwrap()).await.unwrap();
    }

    /// What both sweeps do at that instant.
    pub(super) async fn at(&self, instant: &str) {
        self.clock.set(instant);
        charge(&self.tracker).await;
        remind(&self.tracker).await;
    }

    pub(super) async fn seen(&self, state: ReminderState) -> Vec<SeenReminder> {
        let seek = Seek { state, from: None, to: None, after: None };
        let mut seen = self.tracker.reminders(&actor(), &seek, 100).await.unwrap();
        seen.sort_by_key(|each| (each.planned_for, each.place()));
        seen
    }

    /// `2026-06-02T03:30:00Z renewal_near 2026-06-05 3`, and for what was told when that was.
    async fn lines(&self, state: ReminderState) -> Vec<String> {
        let line = |seen: &SeenReminder| {
            let (about, kind, lead) = seen.reminder.key();
            let at = seen.decided_at.unwrap_or(seen.planned_for);
            format!("{at} {} {about} {lead}", kind.as_str())
        };
        self.seen(state).await.iter().map(line).collect()
    }

    async fn told(&self, kind: &str) -> Vec<Event> {
        let told: Vec<(Json<Event>,)> =
            self.database.all(sql!("SELECT event FROM outbox ORDER BY sequence")).await.unwrap();
        told.into_iter().map(|(Json(event),)| event).filter(|event| event.kind == kind).collect()
    }

    /// The events that were told, as many as reminders say they were.
    pub(super) async fn events(&self) -> usize {
        self.told("reminder.due").await.len()
    }
}

async fn remind(tracker: &Arc<Tracker>) {
    let work = Reminding(Arc::clone(tracker));
    while work.run().await.unwrap() == Progress::More {}
}

const SENT: ReminderState = ReminderState::Sent;
const DROPPED: ReminderState = ReminderState::Dropped;
const PLANNED: ReminderState = ReminderState::Planned;

/// What hears of payments that failed.
fn listener(tracker: &Arc<Tracker>) -> Arc<dyn platform::events::Handler> {
    let mut consumers = crate::consumers::consumers(tracker).into_iter();
    consumers.find(|consumer| consumer.name == "subscriptions.remind_of_failure").unwrap().handler
}

both_databases! { MIGRATIONS,
    async fn a_renewal_is_told_at_nine_three_days_ahead_and_one(database: Database) {
        let stage = Stage::set(database).await;
        stage.track(netflix()).await;
        let planned = ["2026-06-02T03:30:00Z renewal_near 2026-06-05 3", "2026-06-04T03:30:00Z renewal_near 2026-06-05 1"];
        assert_eq!(stage.lines(PLANNED).await[..2], planned);
        stage.at("2026-06-02T03:29:59Z").await;
        assert!(stage.lines(SENT).await.is_empty());
        for instant in ["2026-06-02T03:30:00Z", "2026-06-02T03:30:00Z", "2026-06-04T03:30:00Z", "2026-06-05T12:00:00Z"] {
            stage.at(instant).await;
        }
        assert_eq!(stage.lines(SENT).await, planned);
        assert_eq!((stage.events().await, stage.lines(DROPPED).await.len()), (2, 0));
    }

    async fn a_sweep_of_reminders_run_twice_at_once(database: Database) {
        let stage = Stage::set(database).await;
        for _ in 0..20 {
            stage.track(netflix()).await;
        }
        let other = tracker(&stage.database, &stage.clock, ids());
        stage.clock.set("2026-06-02T03:30:00Z");
        tokio::join!(remind(&stage.tracker), remind(&other), remind(&stage.tracker));
        assert_eq!((stage.seen(SENT).await.len(), stage.events().await), (20, 20));
    }

    async fn after_downtime_what_is_still_ahead_is_told_late_and_what_has_passed_is_dropped(database: Database) {
        let stage = Stage::set(database).await;
        stage.track(netflix()).await;
        // Down from May to the morning of 4 July: June's day has passed, July's is tomorrow.
        stage.at("2026-07-04T06:00:00Z").await;
        let now = "2026-07-04T06:00:00Z renewal_near";
        assert_eq!(stage.lines(SENT).await, [format!("{now} 2026-07-05 3"), format!("{now} 2026-07-05 1")]);
        assert_eq!(stage.lines(DROPPED).await, [format!("{now} 2026-06-05 3"), format!("{now} 2026-06-05 1")]);
        let reasons: Vec<_> = stage.seen(DROPPED).await.into_iter().map(|seen| seen.reason).collect();
        assert!(reasons.iter().all(|reason| reason.as_deref() == Some("its day had passed before it could be told")));
        stage.at("2026-07-04T06:00:05Z").await;
        assert_eq!((stage.events().await, stage.seen(SENT).await.len()), (2, 2));
    }

    async fn a_zone_that_moves_between_plan_and_due_loses_nothing_and_repeats_nothing(database: Database) {
        let stage = Stage::set(database).await;
        stage.track(netflix()).await;
        stage.at("2026-06-02T02:00:00Z").await;
        // East: nine has passed in Kiritimati, where it is four in the afternoon. It is told at once.
        stage.lives("Pacific/Kiritimati", &[3, 1], "09:00").await;
        stage.at("2026-06-02T02:00:05Z").await;
        let first = "2026-06-02T02:00:05Z renewal_near 2026-06-05 3";
        assert_eq!(stage.lines(SENT).await, [first]);
        // West: the same day comes again in Pago Pago, and is done with.
        stage.lives("Pacific/Pago_Pago", &[3, 1], "09:00").await;
        for instant in ["2026-06-02T02:00:10Z", "2026-06-02T20:00:00Z", "2026-06-03T20:00:00Z", "2026-06-04T20:00:00Z"] {
            stage.at(instant).await;
        }
        assert_eq!(stage.lines(SENT).await, [first, "2026-06-04T20:00:00Z renewal_near 2026-06-05 1"]);
    }

    async fn half_past_two_on_a_day_when_it_does_not_exist_is_told_at_three(database: Database) {
        let stage = Stage::set(database).await;
        stage.lives("Europe/Berlin", &[1], "02:30").await;
        stage.clock.set("2026-03-01T12:00:00Z");
        stage.track(Proposal { first_charge_on: Some(day("2026-03-30")), ..netflix() }).await;
        stage.at("2026-03-29T00:59:59Z").await;
        assert!(stage.lines(SENT).await.is_empty());
        stage.at("2026-03-29T01:00:00Z").await;
        stage.at("2026-03-29T01:30:00Z").await;
        assert_eq!(stage.lines(SENT).await, ["2026-03-29T01:00:00Z renewal_near 2026-03-30 1"]);
    }

    async fn a_price_edit_is_in_what_is_told_and_a_date_edit_moves_it(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        stage.edit(id, Amendment { price: Some(money("INR 649.00")), ..Amendment::default() }).await;
        stage.at("2026-06-02T03:30:00Z").await;
        assert_eq!(stage.seen(SENT).await[0].reminder.amount, money("INR 649.00"));
        // To tomorrow: what would have been told yesterday or this morning is known to whoever moved it.
        stage.edit(id, Amendment { first_charge_on: Some(day("2026-06-03")), ..Amendment::default() }).await;
        stage.at("2026-06-03T12:00:00Z").await;
        assert_eq!((stage.seen(SENT).await.len(), stage.seen(DROPPED).await.len()), (1, 0));
        assert_eq!(stage.lines(PLANNED).await[0], "2026-06-30T03:30:00Z renewal_near 2026-07-03 3");
    }

    async fn what_was_to_be_told_before_an_edit_is_told_as_it_was(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        stage.clock.set("2026-06-02T03:30:01Z");
        stage.edit(id, Amendment { name: Some("Netflix of mine".into()), ..Amendment::default() }).await;
        assert_eq!(stage.lines(SENT).await, ["2026-06-02T03:30:01Z renewal_near 2026-06-05 3"]);
    }

    async fn another_time_of_day_or_other_days_hold_from_then_on(database: Database) {
        let stage = Stage::set(database).await;
        stage.track(netflix()).await;
        stage.at("2026-06-02T02:00:00Z").await;
        // Half past seven in the morning: the hour of seven has passed today, and it was not told yet.
        stage.lives("Asia/Kolkata", &[3, 2], "07:00").await;
        stage.at("2026-06-02T02:00:05Z").await;
        stage.at("2026-06-03T01:30:00Z").await;
        stage.at("2026-06-04T12:00:00Z").await;
        assert_eq!(
            stage.lines(SENT).await,
            ["2026-06-02T02:00:05Z renewal_near 2026-06-05 3", "2026-06-03T01:30:00Z renewal_near 2026-06-05 2"]
        );
    }

    async fn what_is_paid_by_hand_is_told_until_it_is_paid(database: Database) {
        let stage = Stage::set(database).await;
        let first_charge_on = Some(day("2026-05-20"));
        let id = stage.track(Proposal { auto_renew: false, first_charge_on, ..netflix() }).await;
        for instant in ["2026-05-17T03:30:00Z", "2026-05-19T03:30:00Z", "2026-05-20T03:30:00Z", "2026-05-21T03:30:00Z"] {
            stage.at(instant).await;
        }
        let kinds: Vec<_> = stage.seen(SENT).await.iter().map(|seen| seen.reminder.lead).collect();
        assert_eq!(kinds, [3, 1, 0, -1]);
        assert!(stage.lines(PLANNED).await.contains(&"2026-05-27T03:30:00Z payment_overdue 2026-05-20 -7".into()));
        let mut batch = Batch::unseen();
        batch.add(sql!("UPDATE payments SET status = 'paid', paid_on = due_on WHERE subscription_id = $1", id));
        stage.database.apply(batch).await.unwrap();
        stage.at("2026-05-27T03:30:00Z").await;
        assert_eq!(stage.seen(SENT).await.len(), 4);
    }

    async fn a_payment_that_failed_is_told_of_at_once_and_once(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        let payment = stage.tracker.payments(&actor(), id, None, 1).await.unwrap()[0].id;
        let fail = PaymentChange { status: Some(PaymentStatus::Failed), ..PaymentChange::default() };
        let tags = IfMatch::default();
        stage.tracker.change_payment(&actor(), payment, SeenPayment::Tags(&tags), &fail).await.unwrap();
        let failed = stage.told("payment.failed").await;
        let hear = async || {
            let batch = listener(&stage.tracker).handle(&failed[0]).await.unwrap();
            stage.database.apply(batch).await.unwrap();
        };
        hear().await;
        hear().await;
        assert_eq!(stage.lines(SENT).await, ["2026-05-05T06:30:00Z payment_failed 2026-05-05 0"]);
        let news: ReminderDue = stage.told("reminder.due").await[0].payload().unwrap().unwrap();
        assert_eq!((news.urgent, news.recipient, news.amount), (true, actor().user, money("INR 499.00")));
    }

    async fn a_failure_that_was_taken_back_is_not_told(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        let payment = stage.tracker.payments(&actor(), id, None, 1).await.unwrap()[0].id;
        let fail = PaymentChange { status: Some(PaymentStatus::Failed), ..PaymentChange::default() };
        let tags = IfMatch::default();
        stage.tracker.change_payment(&actor(), payment, SeenPayment::Tags(&tags), &fail).await.unwrap();
        stage.tracker.undo_payment(&actor(), payment, SeenPayment::Tags(&tags)).await.unwrap();
        let failed = stage.told("payment.failed").await;
        let batch = listener(&stage.tracker).handle(&failed[0]).await.unwrap();
        assert!(batch.is_empty());
    }

    async fn what_is_tracked_no_more_leaves_no_reminder(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        stage.at("2026-06-02T03:30:00Z").await;
        stage.tracker.delete(&actor(), id, &IfMatch::default()).await.unwrap();
        assert!(stage.seen(SENT).await.is_empty() && stage.seen(PLANNED).await.is_empty());
        stage.at("2026-06-04T03:30:00Z").await;
        let left: Vec<(i64,)> = stage.database.all(sql!("SELECT count(*) FROM reminders")).await.unwrap();
        assert_eq!((left[0].0, stage.events().await), (0, 1));
    }

    async fn one_row_that_makes_no_sense_keeps_no_other_from_being_told(database: Database) {
        let stage = Stage::set(database).await;
        let (broken, _) = (stage.track(netflix()).await, stage.track(netflix()).await);
        let mut batch = Batch::unseen();
        batch.add(sql!("UPDATE subscriptions SET cycle_unit = 'fortnight' WHERE id = $1", broken));
        stage.database.apply(batch).await.unwrap();
        stage.clock.set("2026-06-02T03:30:00Z");
        remind(&stage.tracker).await;
        assert_eq!(stage.events().await, 1);
    }

    async fn what_was_tracked_before_there_were_reminders_is_looked_at_once(database: Database) {
        let stage = Stage::set(database).await;
        let id = stage.track(netflix()).await;
        // As the migration leaves it.
        let mut batch = Batch::unseen();
        batch.add(sql!("UPDATE subscriptions SET reminders_from = NULL, reminds_at = NULL WHERE id = $1", id));
        stage.database.apply(batch).await.unwrap();
        stage.at("2026-06-01T03:30:00Z").await;
        assert_eq!((stage.seen(SENT).await.len(), stage.seen(DROPPED).await.len()), (0, 0));
        stage.at("2026-06-02T03:30:00Z").await;
        assert_eq!(stage.seen(SENT).await.len(), 1);
    }

    async fn pages_of_what_was_told_follow_one_another_and_are_a_households_own(database: Database) {
        let stage = Stage::set(database).await;
        for _ in 0..5 {
            stage.track(netflix()).await;
        }
        stage.at("2026-06-02T03:30:00Z").await;
        stage.at("2026-06-04T03:30:00Z").await;
        for state in [SENT, PLANNED] {
            let whole = stage.tracker.reminders(&actor(), &Seek { state, from: None, to: None, after: None }, 100).await.unwrap();
            let (mut after, mut paged) = (None, Vec::new());
            while let Some(mut page) = Some(stage.tracker.reminders(&actor(), &Seek { state, from: None, to: None, after }, 3).await.unwrap()).filter(|page| !page.is_empty()) {
                page.truncate(3);
                after = page.last().map(SeenReminder::place);
                paged.extend(page);
            }
            let places = |seen: &[SeenReminder]| seen.iter().map(SeenReminder::place).collect::<Vec<_>>();
            assert_eq!(places(&paged), places(&whole));
            assert!(whole.len() >= 10);
        }
        let stranger = kernel::Actor { household: id(999), ..actor() };
        for state in ReminderState::ALL {
            let seek = Seek { state, from: None, to: None, after: None };
            assert!(stage.tracker.reminders(&stranger, &seek, 100).await.unwrap().is_empty());
        }
    }

    async fn only_the_days_that_are_asked_for(database: Database) {
        let stage = Stage::set(database).await;
        stage.track(netflix()).await;
        stage.at("2026-06-02T03:30:00Z").await;
        stage.at("2026-06-04T03:30:00Z").await;
        let on = |text: &str| Some(day(text));
        for (state, from, to, count) in [
            (SENT, on("2026-06-03"), None, 1),
            (SENT, None, on("2026-06-03"), 1),
            (SENT, on("2026-06-02"), on("2026-06-04"), 2),
            (PLANNED, on("2026-07-03"), on("2026-07-04"), 1),
            (PLANNED, on("2027-07-03"), None, 0),
        ] {
            let seek = Seek { state, from, to, after: None };
            assert_eq!(stage.tracker.reminders(&actor(), &seek, 100).await.unwrap().len(), count, "{seek:?}");
        }
    }
}

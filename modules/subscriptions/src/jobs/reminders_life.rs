//! Any life of a subscription and of its owner, against a model that looks at every half hour.

use std::collections::BTreeMap;

use contracts::subscriptions::{ReminderKind, Status};
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, Time},
};
use kernel::{Cycle, Unit, Zone};
use platform::http::IfMatch;
use proptest::prelude::*;

use super::{reminders_tests::Stage, tests::actor};
use crate::{
    MIGRATIONS,
    domain::{Amendment, Proposal, ReminderKey, ReminderState, Subscription, testing::*},
    store,
};

#[derive(Debug, Clone)]
enum Step {
    Pause,
    Resume,
    Cancel,
    Reactivate,
    Anchor(i64),
    Cycle(i64, Unit),
    End(Option<i64>),
    Rename,
    Live(&'static str, Vec<i64>, &'static str),
}

fn any_step() -> impl Strategy<Value = Step> {
    let zones = prop_oneof![
        Just("Asia/Kolkata"),
        Just("Pacific/Kiritimati"),
        Just("Pacific/Pago_Pago"),
        Just("Europe/Berlin"),
        Just("America/St_Johns"),
    ];
    let times = prop_oneof![Just("09:00"), Just("02:30"), Just("00:00"), Just("23:30")];
    let days = proptest::collection::vec(0_i64..6, 0..4);
    prop_oneof![
        1 => Just(Step::Pause),
        2 => Just(Step::Resume),
        1 => Just(Step::Cancel),
        2 => Just(Step::Reactivate),
        2 => (-9_i64..12).prop_map(Step::Anchor),
        1 => (2_i64..9).prop_map(|every| Step::Cycle(every, Unit::Day)),
        1 => (1_i64..3).prop_map(|every| Step::Cycle(every, Unit::Month)),
        1 => proptest::option::of(1_i64..20).prop_map(Step::End),
        1 => Just(Step::Rename),
        4 => (zones, days, times).prop_map(|(zone, days, time)| Step::Live(zone, days, time)),
    ]
}

/// Hours that pass, whether the sweeps run meanwhile or only at their end, and what is done then.
fn any_life() -> impl Strategy<Value = Vec<(u16, bool, Step)>> {
    proptest::collection::vec((0_u16..150, any::<bool>(), any_step()), 1..9)
}

/// What should be told: on each day, by counting, without the plan that is under test.
struct Model {
    zone: Zone,
    days: Vec<i64>,
    time: Time,
    /// The first day whose time has not come.
    from: Date,
    /// What has come and has not been decided.
    pending: Vec<ReminderKey>,
    decided: BTreeMap<ReminderKey, ReminderState>,
}

impl Model {
    fn today(&self, now: Timestamp) -> Date {
        self.zone.date_at(now)
    }

    fn is_charged(it: &Subscription, on: Date) -> bool {
        let dates = (0..).map_while(|k| it.schedule().charge(k)).take_while(|date| *date <= on);
        dates.last() == Some(on)
            && matches!(it.status, Status::Trial | Status::Active)
            && it.ends_on.is_none_or(|end| on < end)
    }

    /// Time comes to `now`; `it` is the subscription as it is.
    fn pass(&mut self, it: &Subscription, now: Timestamp) {
        while self.zone.instant(self.from, self.time) <= now {
            let on = self.from;
            for lead in &self.days {
                let about = on + lead.days();
                let free = it.trial_ends_on.is_some_and(|end| about < end);
                if Self::is_charged(it, about) && it.trial_ends_on != Some(about) && !free {
                    self.pending.push((about, ReminderKind::RenewalNear, *lead));
                }
            }
            if let Some(about) = it.trial_ends_on.filter(|_| it.renews()) {
                let lead = i64::from((about - on).get_days());
                let lasts = it.ends_on.is_none_or(|end| about < end);
                let wanted = self.days.contains(&lead) || (lead == 0 && !self.days.is_empty());
                if wanted && lasts {
                    self.pending.push((about, ReminderKind::TrialEnds, lead));
                }
            }
            self.from = on.tomorrow().unwrap();
        }
    }

    /// A sweep decides what has come.
    fn sweep(&mut self, now: Timestamp) {
        let today = self.today(now);
        for key in self.pending.drain(..) {
            let state = if key.0 >= today { ReminderState::Sent } else { ReminderState::Dropped };
            self.decided.entry(key).or_insert(state);
        }
    }
}

async fn found(stage: &Stage, id: kernel::SubscriptionId) -> Subscription {
    store::find(&stage.tracker.database, actor().household, id).await.unwrap().unwrap()
}

/// What somebody does, unless its state forbids it.
async fn act(stage: &Stage, id: kernel::SubscriptionId, step: &Step, today: Date) {
    let tags = IfMatch::default();
    let amendment = match *step {
        Step::Pause => {
            let _ = stage.tracker.change(&actor(), id, &tags, |it, _| Ok(it.pause()?)).await;
            return;
        }
        Step::Resume => {
            let _ = stage.tracker.change(&actor(), id, &tags, |it, today| Ok(it.resume(today)?)).await;
            return;
        }
        Step::Cancel => {
            let _ = stage.tracker.change(&actor(), id, &tags, |it, today| Ok(it.cancel(None, today)?)).await;
            return;
        }
        Step::Reactivate => {
            let _ = stage.tracker.change(&actor(), id, &tags, |it, today| Ok(it.reactivate(today)?)).await;
            return;
        }
        Step::Live(zone, ref days, time) => {
            stage.lives(zone, days, time).await;
            return;
        }
        Step::Anchor(offset) => {
            Amendment { first_charge_on: Some(today + offset.days()), ..Amendment::default() }
        }
        Step::Cycle(every, unit) => {
            Amendment { cycle: Some(Some(Cycle::new(every, unit).unwrap())), ..Amendment::default() }
        }
        Step::End(offset) => {
            Amendment { ends_on: Some(offset.map(|days| today + days.days())), ..Amendment::default() }
        }
        Step::Rename => Amendment { name: Some(format!("on {today}")), ..Amendment::default() },
    };
    let _ = stage.tracker.edit(&actor(), id, &tags, amendment.check().unwrap()).await;
}

async fn live(stage: &Stage, first: i64, trial: Option<i64>, every: i64, life: Vec<(u16, bool, Step)>) {
    let start = day("2026-05-05");
    let id = stage
        .track(Proposal {
            first_charge_on: Some(start + first.days()),
            trial_ends_on: trial.map(|days| start + (first + days).days()),
            cycle: Some(Cycle::new(every, Unit::Day).unwrap()),
            ..netflix()
        })
        .await;
    let mut now: Timestamp = "2026-05-05T06:30:00Z".parse().unwrap();
    let mut model = Model {
        zone: "Asia/Kolkata".parse().unwrap(),
        days: vec![3, 1],
        time: jiff::civil::time(9, 0, 0, 0),
        from: day("2026-05-06"),
        pending: Vec::new(),
        decided: BTreeMap::new(),
    };
    for (hours, swept, step) in life {
        for half in 1..=hours * 2 {
            now += 30.minutes();
            let over = half == hours * 2;
            // The sweeps run every so often, or sleep through everything.
            if over || (swept && half % 5 == 0) {
                stage.at(&now.to_string()).await;
                model.pass(&found(stage, id).await, now);
                model.sweep(now);
            }
        }
        let today = model.today(now);
        act(stage, id, &step, today).await;
        if let Step::Live(zone, days, time) = step {
            model.zone = zone.parse().unwrap();
            model.time = kernel::parse_time(time).unwrap();
            model.days = days;
            model.days.sort_unstable();
            model.days.dedup();
        }
        stage.at(&now.to_string()).await;
        model.pass(&found(stage, id).await, now);
        model.sweep(now);
    }
    let mut decided = BTreeMap::new();
    for state in [ReminderState::Sent, ReminderState::Dropped] {
        for seen in stage.seen(state).await {
            let told_on = seen.decided_at.unwrap();
            assert!(told_on >= seen.planned_for, "not before its time: {seen:?}");
            assert!(decided.insert(seen.reminder.key(), state).is_none(), "twice: {seen:?}");
        }
    }
    assert_eq!(decided, model.decided);
    let sent = decided.values().filter(|state| **state == ReminderState::Sent).count();
    assert_eq!(stage.events().await, sent, "an event for each that was sent, and for nothing else");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_life_is_told_of_exactly_once(
        first in -9_i64..12,
        trial in proptest::option::weighted(0.3, 1_i64..20),
        every in 2_i64..12,
        life in any_life(),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let (database, _folder) = platform::testing::sqlite("test", MIGRATIONS).await;
            let stage = Stage::set(database).await;
            live(&stage, first, trial, every, life).await;
        });
    }
}

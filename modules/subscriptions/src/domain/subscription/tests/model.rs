//! Any life, against a model that looks at every single day.

use std::collections::{BTreeMap, BTreeSet};

use contracts::subscriptions::Status;
use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Cycle, Money};
use proptest::prelude::*;

use super::super::{Charge, Subscription};
use crate::domain::{
    Amendment, MonthEnd, PaymentState, Proposal, Schedule, Weekend,
    testing::{any_cycle, any_month_end, any_weekend, birth, cycle, netflix},
};

const START: Date = jiff::civil::date(2026, 1, 29);

#[derive(Debug, Clone)]
enum Step {
    Pause,
    Resume,
    Cancel(Option<i64>),
    Reactivate,
    Anchor(i64),
    Cycle(Cycle),
    MonthEnd(MonthEnd),
    Weekend(Weekend),
    Varies(bool),
    Left(Option<i64>),
    End(Option<i64>),
    Price(i64, i64),
    Rename,
}

/// A frequent cycle, so that something happens.
fn short_cycle() -> impl Strategy<Value = Cycle> {
    use kernel::Unit::{Day, Month, Week};
    prop_oneof![
        (1_i64..9).prop_map(|n| cycle(n, Day)),
        (1_i64..4).prop_map(|n| cycle(n, Week)),
        (1_i64..3).prop_map(|n| cycle(n, Month)),
        any_cycle(),
    ]
}

fn any_step() -> impl Strategy<Value = Step> {
    let offset = || -40_i64..80;
    prop_oneof![
        2 => Just(Step::Pause),
        3 => Just(Step::Resume),
        1 => proptest::option::of(offset()).prop_map(Step::Cancel),
        3 => Just(Step::Reactivate),
        2 => offset().prop_map(Step::Anchor),
        2 => short_cycle().prop_map(Step::Cycle),
        1 => any_month_end().prop_map(Step::MonthEnd),
        1 => any_weekend().prop_map(Step::Weekend),
        1 => any::<bool>().prop_map(Step::Varies),
        2 => proptest::option::of(0_i64..9).prop_map(Step::Left),
        1 => proptest::option::of(offset()).prop_map(Step::End),
        2 => (offset(), 0_i64..500).prop_map(|(offset, minor)| Step::Price(offset, minor)),
        1 => Just(Step::Rename),
    ]
}

/// Days that pass, in which the sweep may run every day or only at the end, and then a step.
fn any_life() -> impl Strategy<Value = Vec<(u16, bool, Step)>> {
    proptest::collection::vec((0_u16..70, any::<bool>(), any_step()), 0..14)
}

/// What happens to the real subscription; `false` when it refuses.
fn apply(it: &mut Subscription, step: &Step, today: Date) -> bool {
    let day = |offset: i64| today + offset.days();
    let amendment = match *step {
        Step::Pause => return it.pause().is_ok(),
        Step::Resume => return it.resume(today).is_ok(),
        Step::Cancel(offset) => return it.cancel(offset.map(day), today).is_ok(),
        Step::Reactivate => return it.reactivate(today).is_ok(),
        Step::Anchor(offset) => Amendment { first_charge_on: Some(day(offset)), ..Amendment::default() },
        Step::Cycle(cycle) => Amendment { cycle: Some(Some(cycle)), ..Amendment::default() },
        Step::MonthEnd(choice) => Amendment { month_end: Some(choice), ..Amendment::default() },
        Step::Weekend(choice) => Amendment { weekend: Some(choice), ..Amendment::default() },
        Step::Varies(varies) => Amendment { price_varies: Some(varies), ..Amendment::default() },
        Step::Left(left) => Amendment { charges_left: Some(left), ..Amendment::default() },
        Step::End(offset) => Amendment { ends_on: Some(offset.map(day)), ..Amendment::default() },
        Step::Price(offset, minor) => Amendment {
            price: Some(Money::from_minor(minor, Currency::INR)),
            price_from: Some(day(offset)),
            ..Amendment::default()
        },
        Step::Rename => Amendment { name: Some(format!("on {today}")), ..Amendment::default() },
    };
    it.edit(amendment.check().unwrap(), today).is_ok()
}

/// The model: a day is charged when it is a charge date by the schedule of that day, the subscription renews, it
/// is not over, and the day has not been charged.
struct Model {
    status: Status,
    anchor: Date,
    cycle: Cycle,
    month_end: MonthEnd,
    trial_ends_on: Option<Date>,
    ends_on: Option<Date>,
    left: Option<i64>,
    weekend: Weekend,
    varies: bool,
    said: BTreeMap<Date, i64>,
    charged: BTreeMap<Date, Charged>,
}

/// What a charge costs, whether that is only expected, and when its money moves.
type Charged = (i64, bool, Date);

impl Model {
    /// Charge dates by counting from the anchor, without the way back that is under test.
    fn is_charge_date(&self, today: Date) -> bool {
        let schedule = Schedule::new(self.anchor, Some(self.cycle), self.month_end);
        (0..).map_while(|k| schedule.charge(k)).take_while(|date| *date <= today).any(|date| date == today)
    }

    /// The charge date after today, by counting; the next day, when there is none.
    fn following(&self, today: Date) -> Date {
        let schedule = Schedule::new(self.anchor, Some(self.cycle), self.month_end);
        let later = (0..).map_while(|k| schedule.charge(k)).find(|date| *date > today);
        later.unwrap_or(today.tomorrow().unwrap())
    }

    /// With no charge left it ends when the next would have been, unless it ends before.
    fn end_when_none_is_left(&mut self, today: Date) {
        if self.left == Some(0) {
            let over = self.following(today);
            self.ends_on = Some(self.ends_on.map_or(over, |ends_on| ends_on.min(over)));
        }
    }

    fn will_be_charged_after(&self, today: Date) -> bool {
        if self.left == Some(0) {
            return false;
        }
        let Some(ends_on) = self.ends_on else { return true };
        let mut day = today;
        std::iter::repeat_with(|| {
            day = day.tomorrow().unwrap();
            day
        })
        .take_while(|day| *day < ends_on)
        .any(|day| self.is_charge_date(day))
    }

    fn price_on(&self, date: Date) -> i64 {
        *self.said.range(..=date).next_back().or(self.said.iter().next()).unwrap().1
    }

    fn live(&mut self, today: Date) {
        let free = self.trial_ends_on.is_some_and(|ends_on| today < ends_on);
        if matches!(self.status, Status::Trial | Status::Active)
            && self.ends_on.is_none_or(|ends_on| today < ends_on)
            && !self.charged.contains_key(&today)
            && self.left != Some(0)
            && self.is_charge_date(today)
        {
            self.charged.insert(today, (self.price_on(today), self.varies, moved(self.weekend, today)));
            self.left = self.left.map(|left| left - 1);
            self.end_when_none_is_left(today);
            if !free {
                self.status = Status::Active;
            }
        }
        if self.status == Status::Trial && !free && !self.will_be_charged_after(today) {
            self.status = Status::Active;
        }
        if self.ends_on.is_some_and(|ends_on| ends_on <= today) {
            self.status = Status::Ended;
        }
    }

    /// What a step that was not refused means. The date of a cancellation without one is the subscription's own
    /// affair, tested elsewhere, and is taken from it.
    fn apply(&mut self, step: &Step, today: Date, it: &Subscription) {
        let day = |offset: i64| today + offset.days();
        match *step {
            Step::Pause => self.status = Status::Paused,
            Step::Resume => self.status = Status::Active,
            Step::Cancel(offset) => {
                self.status = Status::Cancelled;
                self.ends_on = offset.map(day).or(it.ends_on);
            }
            Step::Reactivate => {
                (self.status, self.ends_on) = (Status::Active, None);
                self.left = self.left.filter(|left| *left > 0);
            }
            Step::Weekend(choice) => self.weekend = choice,
            Step::Varies(varies) => self.varies = varies,
            Step::Left(left) => self.count(left, it),
            Step::Anchor(offset) => self.anchor = day(offset),
            Step::Cycle(cycle) => self.cycle = cycle,
            Step::MonthEnd(choice) => self.month_end = choice,
            // An end that is said again is none of the change.
            Step::End(offset) => self.ends_on = offset.map(day),
            Step::Price(offset, minor) => {
                let from = self.trial_ends_on.map_or(day(offset), |ends_on| ends_on.max(day(offset)));
                if self.price_on(from) != minor {
                    self.said.insert(from, minor);
                }
            }
            Step::Rename => {}
        }
    }
}

/// The Friday before or the Monday after a day of the weekend, found by walking.
fn moved(weekend: Weekend, date: Date) -> Date {
    let step = match weekend {
        Weekend::Keep => return date,
        Weekend::Before => -1,
        Weekend::After => 1,
    };
    let mut moved = date;
    while matches!(moved.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) {
        moved += step.days();
    }
    moved
}

impl Model {
    /// Another number of charges to come. Whether an end came of the count or of its owner, only the subscription
    /// knows: where it was taken back, it is so here, too, and nothing but the count can have done that.
    fn count(&mut self, left: Option<i64>, it: &Subscription) {
        if left == self.left {
            return;
        }
        if self.left == Some(0) && it.ends_on.is_none() {
            self.ends_on = None;
        }
        self.left = left;
        if left == Some(0) {
            // Where the next charge would have been is its own affair, as with a cancellation without a date.
            self.ends_on = it.ends_on;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn any_life_is_charged_exactly_once_a_charge_date(
        first in -60_i64..60,
        trial in proptest::option::weighted(0.3, -20_i64..60),
        cycle in short_cycle(),
        month_end in any_month_end(),
        backfill in any::<bool>(),
        weekend in any_weekend(),
        varies in any::<bool>(),
        left in proptest::option::weighted(0.4, 1_i64..9),
        limit in 1_usize..5,
        life in any_life(),
    ) {
        let anchor = START + first.days();
        let trial_ends_on = trial.map(|days| START + days.days());
        let proposal = Proposal {
            first_charge_on: Some(anchor),
            trial_ends_on,
            cycle: Some(cycle),
            month_end,
            weekend,
            price_varies: varies,
            charges_left: left,
            backfill,
            price: Money::from_minor(100, Currency::INR),
            ..netflix()
        };
        let (mut it, created) =
            Subscription::create(proposal.check(START).unwrap(), birth(1, START), usize::MAX);
        let mut charges = created.charges;
        let mut said = BTreeMap::from([(trial_ends_on.unwrap_or(anchor.min(START)), 100)]);
        if let Some(ends_on) = trial_ends_on && anchor.min(START) < ends_on {
            said.insert(anchor.min(START), 0);
        }
        let mut model = Model {
            status: if trial_ends_on > Some(START) { Status::Trial } else { Status::Active },
            anchor,
            cycle,
            month_end,
            trial_ends_on,
            ends_on: None,
            left,
            weekend,
            varies,
            said,
            charged: BTreeMap::new(),
        };
        for back in (if backfill { 0..=60 } else { 0..=0 }).rev() {
            model.live(START - back.days());
        }
        let mut today = START;
        for (days, swept_daily, step) in life {
            for passed in 1..=days {
                today = today.tomorrow().unwrap();
                model.live(today);
                // The sweep sleeps until it is woken, or through everything.
                if swept_daily || passed == days {
                    let due = it.wakes_on().is_some_and(|wakes_on| wakes_on <= today);
                    let before = it.clone();
                    loop {
                        let advance = it.advance(today, limit);
                        charges.extend(advance.charges);
                        if !advance.more { break }
                    }
                    prop_assert_eq!(it != before, due, "wakes_on tells when there is something to do");
                }
            }
            let before = it.clone();
            if apply(&mut it, &step, today) {
                model.apply(&step, today, &it);
            } else {
                prop_assert_eq!(&it, &before, "a refusal changes nothing");
            }
            charges.extend(it.advance(today, usize::MAX).charges);
            model.live(today);
            prop_assert_eq!(it.status, model.status);
            prop_assert!(it.next_charge_on().is_none_or(|next| next > today));
            let restored = Subscription::restore((*it).clone());
            prop_assert_eq!(restored.as_ref(), Ok(&it));
        }

        let dates: BTreeSet<Date> = charges.iter().map(|charge| charge.due_on).collect();
        prop_assert_eq!(dates.len(), charges.len(), "no date twice");
        prop_assert!(charges.is_sorted_by_key(|charge| charge.due_on));
        let moved_on = |state: PaymentState| state.paid_on().expect("it renews by itself");
        let charged = |charge: &Charge| (charge.amount.minor(), charge.expected, moved_on(charge.state));
        let found: BTreeMap<Date, Charged> =
            charges.iter().map(|charge| (charge.due_on, charged(charge))).collect();
        prop_assert_eq!(&found, &model.charged);
        for charge in &charges {
            prop_assert_eq!(charge.due_on < START, charge.source == crate::domain::PaymentSource::Assumed);
        }
    }
}

//! What the dashboard shows, computed from the rows it shows them beside.

use std::collections::BTreeMap;

use contracts::subscriptions::Status;
use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Cycle, Money, SubscriptionId};

use super::{Converter, Payment, PaymentState, Subscription, equivalent::charges_a_year};

#[cfg(test)]
mod tests;

/// How many days ahead of today the dashboard looks.
pub const LOOK_AHEAD_DAYS: i64 = 30;

/// What everything in one currency, or converted into it, comes to. Each figure is the sum of rounded rows, so that the rows add up to
/// it to the minor unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// The monthly equivalents of what runs, at today's prices: trials, which count nothing until they end, and
    /// active ones. Not paused, cancelled or ended ones, nor what is bought once.
    pub per_month: Money,
    /// The yearly equivalents of the same.
    pub per_year: Money,
    /// What was paid this month, by the day the money moved. What was refunded is not in it.
    pub paid_this_month: Money,
    /// What is still to be paid by the end of this month: payments that are due or failed, and charge dates that
    /// have not been processed yet.
    pub to_come_this_month: Money,
}

/// A charge ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upcoming {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// When.
    pub on: Date,
    /// How much.
    pub amount: Money,
    /// The same in the household's currency by the newest rate, where it is in another and there is a rate.
    pub converted: Option<Money>,
}

/// A trial that ends soon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrialEnding {
    /// Of which subscription.
    pub subscription: SubscriptionId,
    /// The first day that is not free.
    pub on: Date,
    /// What it costs from then on.
    pub price: Money,
    /// The same in the household's currency by the newest rate, where it is in another and there is a rate.
    pub converted: Option<Money>,
}

/// How many subscriptions are where in their lives.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Free until the trial ends.
    pub trial: usize,
    /// Renewing.
    pub active: usize,
    /// Stopped for a while.
    pub paused: usize,
    /// Still to be used, not renewing.
    pub cancelled: usize,
    /// Over.
    pub ended: usize,
}

/// The figures of one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// In the household's currency: what is in it, and what was converted into it.
    pub home: Totals,
    /// Of what there is no rate for, by the code of its currency: never added to `home`, never left out.
    pub others: Vec<Totals>,
    /// Whether anything in `home` was converted.
    pub converted: bool,
    /// The charges from today to [`LOOK_AHEAD_DAYS`] on, by day.
    pub upcoming: Vec<Upcoming>,
    /// How many more of them there are than were asked for.
    pub upcoming_left_out: usize,
    /// The trials that end from today to [`LOOK_AHEAD_DAYS`] on, by day.
    pub trials_ending: Vec<TrialEnding>,
    /// How many are where in their lives.
    pub counts: Counts,
}

impl Figures {
    /// The figures on `today`, with at most `limit` charges ahead.
    ///
    /// `payments` are those that were paid in today's month, and those that are due or failed with a charge date
    /// no later than its end; others are passed over. What was paid counts as what it came to by the rate of its day,
    /// what is to come by the newest rate.
    pub fn on(
        today: Date,
        converter: &Converter,
        subscriptions: &[Subscription],
        payments: &[Payment],
        limit: usize,
    ) -> Self {
        let mut sums = Sums::new(converter);
        subscriptions.iter().for_each(|subscription| sums.add_subscription(subscription, today));
        payments.iter().for_each(|payment| sums.add_payment(payment, today));
        let mut upcoming = upcoming(subscriptions, today, converter);
        let upcoming_left_out = upcoming.len().saturating_sub(limit);
        upcoming.truncate(limit);
        Self {
            home: sums.home,
            others: sums.others.into_values().collect(),
            converted: sums.converted,
            upcoming,
            upcoming_left_out,
            trials_ending: trials_ending(subscriptions, today, converter),
            counts: Counts::of(subscriptions),
        }
    }
}

impl Totals {
    fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { per_month: zero, per_year: zero, paid_this_month: zero, to_come_this_month: zero }
    }
}

/// What a subscription's price on a day comes to a month and a year in the household's currency, each rounded once.
/// `None` for what is bought once, and where there is no rate.
pub fn equivalents_at_home(
    subscription: &Subscription,
    today: Date,
    converter: &Converter,
) -> Option<(Money, Money)> {
    let price = subscription.forecast_on(today);
    if price.currency() == converter.home() {
        return subscription.monthly_equivalent(today).zip(subscription.yearly_equivalent(today));
    }
    price_at_home(price, subscription.cycle, today, converter)
}

/// The same of any price in another currency than the household's.
pub fn price_at_home(
    price: Money,
    cycle: Option<Cycle>,
    today: Date,
    converter: &Converter,
) -> Option<(Money, Money)> {
    let (times, per) = charges_a_year(cycle?);
    let month = converter.convert_part(price, times, per * 12, today)?;
    let year = converter.convert_part(price, times, per, today)?;
    Some((month.amount, year.amount))
}

/// The sums as they grow: at home where an amount can be converted, else in its own currency.
struct Sums<'c> {
    converter: &'c Converter,
    home: Totals,
    others: BTreeMap<&'static str, Totals>,
    converted: bool,
}

/// Sums that no household reaches stay at the largest there is, rather than turning negative.
fn add(sum: &mut Money, amount: Money) {
    *sum = sum.checked_add(amount).unwrap_or(Money::from_minor(i64::MAX, sum.currency()));
}

impl<'c> Sums<'c> {
    fn new(converter: &'c Converter) -> Self {
        Self { converter, home: Totals::nothing(converter.home()), others: BTreeMap::new(), converted: false }
    }

    /// Adds a row to the figure that `which` picks.
    fn add(&mut self, own: Money, at_home: Option<Money>, which: fn(&mut Totals) -> &mut Money) {
        match at_home {
            Some(amount) => {
                self.converted |= own.currency() != amount.currency();
                add(which(&mut self.home), amount);
            }
            None => {
                let nothing = || Totals::nothing(own.currency());
                add(which(self.others.entry(own.currency().code()).or_insert_with(nothing)), own);
            }
        }
    }

    fn add_subscription(&mut self, subscription: &Subscription, today: Date) {
        if !subscription.renews() {
            return;
        }
        if let (Some(month), Some(year)) =
            (subscription.monthly_equivalent(today), subscription.yearly_equivalent(today))
        {
            let home = equivalents_at_home(subscription, today, self.converter);
            self.add(month, home.map(|(month, _)| month), |totals| &mut totals.per_month);
            self.add(year, home.map(|(_, year)| year), |totals| &mut totals.per_year);
        }
        for (_, amount) in charges_between(subscription, today.first_of_month(), today.last_of_month()) {
            let home = self.converter.at_home(amount, today);
            self.add(amount, home, |totals| &mut totals.to_come_this_month);
        }
    }

    fn add_payment(&mut self, payment: &Payment, today: Date) {
        let month_end = today.last_of_month();
        match payment.state {
            PaymentState::Paid { on } if on.last_of_month() == month_end => {
                self.add(payment.amount, payment.at_home(self.converter), |totals| {
                    &mut totals.paid_this_month
                });
            }
            PaymentState::Due | PaymentState::Failed if payment.due_on <= month_end => {
                // It will be paid by the rate of some day to come; today's is the nearest there is.
                let home = self.converter.at_home(payment.amount, today);
                self.add(payment.amount, home, |totals| &mut totals.to_come_this_month);
            }
            PaymentState::Due
            | PaymentState::Failed
            | PaymentState::Paid { .. }
            | PaymentState::Skipped
            | PaymentState::Refunded { .. } => {}
        }
    }
}

fn charges_between(
    subscription: &Subscription,
    first: Date,
    last: Date,
) -> impl Iterator<Item = (Date, Money)> {
    // Around a weekend money moves up to two days from its charge date.
    let from = first.saturating_sub(AROUND_A_WEEKEND.days());
    subscription
        .charges_from(from)
        .map(|(date, amount)| (subscription.moves_on(date), amount))
        .skip_while(move |(date, _)| *date < first)
        .take_while(move |(date, _)| *date <= last)
}

/// How far from its charge date the money can move.
const AROUND_A_WEEKEND: i64 = 2;

fn look_ahead(today: Date) -> Date {
    today.saturating_add(LOOK_AHEAD_DAYS.days())
}

/// By the newest rate, where it is in another currency.
fn converted(amount: Money, today: Date, converter: &Converter) -> Option<Money> {
    converter.convert(amount, today).map(|converted| converted.amount)
}

fn upcoming(subscriptions: &[Subscription], today: Date, converter: &Converter) -> Vec<Upcoming> {
    let mut upcoming: Vec<Upcoming> = subscriptions
        .iter()
        .flat_map(|subscription| {
            charges_between(subscription, today, look_ahead(today)).map(|(on, amount)| Upcoming {
                subscription: subscription.id,
                on,
                amount,
                converted: converted(amount, today, converter),
            })
        })
        .collect();
    upcoming.sort_by_key(|charge| (charge.on, charge.subscription));
    upcoming
}

fn trials_ending(subscriptions: &[Subscription], today: Date, converter: &Converter) -> Vec<TrialEnding> {
    let mut ending: Vec<TrialEnding> = subscriptions
        .iter()
        .filter(|subscription| subscription.status == Status::Trial)
        .filter_map(|trial| {
            let on = trial.trial_ends_on.filter(|on| (today..=look_ahead(today)).contains(on))?;
            let price = trial.price_on(on);
            let converted = converted(price, today, converter);
            Some(TrialEnding { subscription: trial.id, on, price, converted })
        })
        .collect();
    ending.sort_by_key(|trial| (trial.on, trial.subscription));
    ending
}

impl Counts {
    fn of(subscriptions: &[Subscription]) -> Self {
        let mut counts = Self::default();
        for subscription in subscriptions {
            *match subscription.status {
                Status::Trial => &mut counts.trial,
                Status::Active => &mut counts.active,
                Status::Paused => &mut counts.paused,
                Status::Cancelled => &mut counts.cancelled,
                Status::Ended => &mut counts.ended,
            } += 1;
        }
        counts
    }
}

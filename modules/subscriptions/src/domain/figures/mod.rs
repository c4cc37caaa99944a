//! What the dashboard shows, computed from the rows it shows them beside.

use std::collections::BTreeMap;

use contracts::subscriptions::Status;
use jiff::{ToSpan, civil::Date};
use kernel::{Currency, Money, SubscriptionId};

use super::{Payment, PaymentState, Subscription};

#[cfg(test)]
mod tests;

/// How many days ahead of today the dashboard looks.
pub const LOOK_AHEAD_DAYS: i64 = 30;

/// What everything in one currency comes to. Each figure is the sum of rounded rows, so that the rows add up to
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
    /// In the household's currency.
    pub home: Totals,
    /// In every other currency that occurs, by code: never added to `home`, never left out.
    pub others: Vec<Totals>,
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
    /// no later than its end; others are passed over.
    pub fn on(
        today: Date,
        home: Currency,
        subscriptions: &[Subscription],
        payments: &[Payment],
        limit: usize,
    ) -> Self {
        let mut totals = TotalsByCurrency::from([(home.code(), Totals::nothing(home))]);
        subscriptions.iter().for_each(|subscription| add_subscription(&mut totals, subscription, today));
        payments.iter().for_each(|payment| add_payment(&mut totals, payment, today));
        let home_totals = totals.remove(home.code()).unwrap_or(Totals::nothing(home));
        let mut upcoming = upcoming(subscriptions, today);
        let upcoming_left_out = upcoming.len().saturating_sub(limit);
        upcoming.truncate(limit);
        Self {
            home: home_totals,
            others: totals.into_values().collect(),
            upcoming,
            upcoming_left_out,
            trials_ending: trials_ending(subscriptions, today),
            counts: Counts::of(subscriptions),
        }
    }
}

type TotalsByCurrency = BTreeMap<&'static str, Totals>;

impl Totals {
    fn nothing(currency: Currency) -> Self {
        let zero = Money::zero(currency);
        Self { per_month: zero, per_year: zero, paid_this_month: zero, to_come_this_month: zero }
    }

    fn of(totals: &mut TotalsByCurrency, currency: Currency) -> &mut Self {
        totals.entry(currency.code()).or_insert_with(|| Self::nothing(currency))
    }
}

/// Sums that no household reaches stay at the largest there is, rather than turning negative.
fn add(sum: &mut Money, amount: Money) {
    *sum = sum.checked_add(amount).unwrap_or(Money::from_minor(i64::MAX, sum.currency()));
}

fn add_subscription(totals: &mut TotalsByCurrency, subscription: &Subscription, today: Date) {
    if !subscription.renews() {
        return;
    }
    let totals = Totals::of(totals, subscription.prices.currency());
    if let (Some(month), Some(year)) =
        (subscription.monthly_equivalent(today), subscription.yearly_equivalent(today))
    {
        add(&mut totals.per_month, month);
        add(&mut totals.per_year, year);
    }
    for (_, amount) in charges_between(subscription, today.first_of_month(), today.last_of_month()) {
        add(&mut totals.to_come_this_month, amount);
    }
}

fn add_payment(totals: &mut TotalsByCurrency, payment: &Payment, today: Date) {
    let totals = Totals::of(totals, payment.amount.currency());
    let month_end = today.last_of_month();
    match payment.state {
        PaymentState::Paid { on } if on.last_of_month() == month_end => {
            add(&mut totals.paid_this_month, payment.amount);
        }
        PaymentState::Due | PaymentState::Failed if payment.due_on <= month_end => {
            add(&mut totals.to_come_this_month, payment.amount);
        }
        PaymentState::Due
        | PaymentState::Failed
        | PaymentState::Paid { .. }
        | PaymentState::Skipped
        | PaymentState::Refunded { .. } => {}
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

fn upcoming(subscriptions: &[Subscription], today: Date) -> Vec<Upcoming> {
    let mut upcoming: Vec<Upcoming> = subscriptions
        .iter()
        .flat_map(|subscription| {
            charges_between(subscription, today, look_ahead(today)).map(|(on, amount)| Upcoming {
                subscription: subscription.id,
                on,
                amount,
            })
        })
        .collect();
    upcoming.sort_by_key(|charge| (charge.on, charge.subscription));
    upcoming
}

fn trials_ending(subscriptions: &[Subscription], today: Date) -> Vec<TrialEnding> {
    let mut ending: Vec<TrialEnding> = subscriptions
        .iter()
        .filter(|subscription| subscription.status == Status::Trial)
        .filter_map(|trial| {
            let on = trial.trial_ends_on.filter(|on| (today..=look_ahead(today)).contains(on))?;
            Some(TrialEnding { subscription: trial.id, on, price: trial.price_on(on) })
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

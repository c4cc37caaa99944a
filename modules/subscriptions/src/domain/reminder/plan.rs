//! Which reminders a subscription has, as things stand.

use std::ops::RangeInclusive;

use contracts::{subscriptions::ReminderKind, users::ReminderDays};
use jiff::{ToSpan, civil::Date};
use kernel::Money;

use super::Reminder;
use crate::domain::Subscription;

/// How many days after its charge date an open payment is told of.
const OVERDUE: [i64; 2] = [1, 7];
/// How far ahead the next reminder is looked for at first: most have one within a cycle of a month.
const NEAR: i64 = 40;
/// How far it is looked for after that, before one rests and looks again.
const FAR: i64 = 400;

/// A day that is told of, ahead of it.
struct About {
    kind: ReminderKind,
    /// The day that it is known by.
    on: Date,
    /// The day from which the lead is counted; the same, but where money moves earlier.
    counted_from: Date,
    amount: Money,
}

impl Subscription {
    /// Every reminder that is to be told on a day of `days`, in the order of those days. `preferred` is how many days
    /// ahead its owner wants to know, unless it says so itself.
    ///
    /// Only what runs is told of. Whether a charge has been paid is not known here: see [`Reminder::verdict`].
    pub fn reminders(&self, days: &RangeInclusive<Date>, preferred: &ReminderDays) -> Vec<Reminder> {
        let leads = self.particulars.reminder_days.as_ref().unwrap_or(preferred).days();
        if !self.renews() || leads.is_empty() || days.is_empty() {
            return Vec::new();
        }
        let last = days.end().saturating_add(ReminderDays::FARTHEST.days());
        let changes = self.price_changes(*days.start(), last);
        let charges = self.charges_told(*days.start(), last, &changes);
        let abouts = changes.into_iter().chain(charges).chain(self.notices(*days.start(), last));
        let mut reminders: Vec<_> = abouts.flat_map(|about| ahead(&about, leads)).collect();
        reminders.extend(self.overdue(days));
        reminders.retain(|reminder| days.contains(&reminder.on));
        reminders.sort_by_key(|reminder| (reminder.on, reminder.key()));
        reminders
    }

    /// The next day from `from` on, on which there may be something to tell, or on which to look again; `None` while
    /// it does not run.
    pub fn reminds_on(&self, from: Date, preferred: &ReminderDays) -> Option<Date> {
        let next = |days: i64| {
            let until = from.saturating_add(days.days());
            self.reminders(&(from..=until), preferred).first().map(|reminder| reminder.on)
        };
        self.renews().then(|| next(NEAR).or_else(|| next(FAR)).unwrap_or(from.saturating_add(FAR.days())))
    }

    /// The ends of its trial and of its promotions, and its rises, from `first` to `last`. A price that falls is told
    /// to nobody.
    fn price_changes(&self, first: Date, last: Date) -> Vec<About> {
        let lasts = |day: Date| (first..=last).contains(&day) && self.ends_on.is_none_or(|end| day < end);
        let trial = self.trial_ends_on.filter(|end| lasts(*end));
        let mut abouts = Vec::from_iter(trial.map(|on| self.about(ReminderKind::TrialEnds, on)));
        let steps: Vec<_> = self
            .prices
            .steps()
            .filter(|step| self.trial_ends_on.is_none_or(|trial| trial <= step.from))
            .collect();
        for (at, pair) in steps.windows(2).enumerate() {
            let (was, step) = (pair[0].price, pair[1]);
            if step.price.minor() <= was.minor() || !lasts(step.from) {
                continue;
            }
            let dearer_before = steps[..at].iter().any(|before| before.price.minor() > was.minor());
            let kind = if dearer_before || was.is_zero() {
                ReminderKind::PromotionEnds
            } else {
                ReminderKind::PriceRises
            };
            abouts.push(self.about(kind, step.from));
        }
        abouts
    }

    /// Its charges from `first` to `last`: those of today too, that are entered already. What is free is not told,
    /// nor a renewal on the very day of which something else is told; and what is bought once does not renew.
    fn charges_told(&self, first: Date, last: Date, told: &[About]) -> Vec<About> {
        let entered = self.schedule().dates_in(first..=last).take_while(|date| *date < self.open_from);
        let entered = entered.filter(|date| self.ends_on.is_none_or(|end| *date < end));
        let open = self.charges_from(first.max(self.open_from)).map(|(date, _)| date);
        let kind = if self.auto_renew { ReminderKind::RenewalNear } else { ReminderKind::PaymentDue };
        let is_told = |date: Date| {
            let news = self.cycle.is_some() && told.iter().all(|about| about.on != date);
            news || !self.auto_renew
        };
        entered
            .chain(open)
            .take_while(|date| *date <= last)
            .filter(|date| is_told(*date))
            .map(|date| self.about(kind, date))
            .filter(|about| !about.amount.is_zero())
            .collect()
    }

    /// The last days for cancelling from `first` to `last`, of terms that renew and that it outlives.
    fn notices(&self, first: Date, last: Date) -> Vec<About> {
        let mut abouts = Vec::new();
        let mut from = first;
        while let Some(bound) = self.bound(from)
            && let Some(cancel_by) = bound.cancel_by.filter(|day| *day <= last)
            && self.ends_on.is_none_or(|end| bound.term_ends_on < end)
        {
            abouts.push(About {
                amount: self.forecast_on(bound.term_ends_on),
                ..self.about(ReminderKind::CancelByNear, cancel_by)
            });
            let Ok(next) = cancel_by.tomorrow() else { break };
            from = next;
        }
        abouts
    }

    /// What is told after a charge date of what is paid by hand.
    fn overdue(&self, days: &RangeInclusive<Date>) -> Vec<Reminder> {
        let [soon, late] = OVERDUE;
        let first = days.start().saturating_sub(late.days());
        let last = days.end().saturating_sub(soon.days());
        let dates = self.schedule().dates_in(first..=last).filter(|_| !self.auto_renew);
        dates
            .flat_map(|date| OVERDUE.map(|after| self.about(ReminderKind::PaymentOverdue, date).told(-after)))
            .filter(|reminder| !reminder.amount.is_zero())
            .collect()
    }

    fn about(&self, kind: ReminderKind, on: Date) -> About {
        let charged = matches!(kind, ReminderKind::RenewalNear | ReminderKind::PaymentDue);
        let counted_from = if charged { on.min(self.moves_on(on)) } else { on };
        About { kind, on, counted_from, amount: self.forecast_on(on) }
    }
}

impl About {
    fn told(&self, lead: i64) -> Reminder {
        let on = self.counted_from.saturating_sub(lead.days());
        Reminder { kind: self.kind, about_on: self.on, lead, on, amount: self.amount }
    }
}

/// Told as many days ahead as is wanted; that a trial ends, and that something is to be paid, on the day itself too.
fn ahead(about: &About, leads: &[u8]) -> Vec<Reminder> {
    let on_the_day = matches!(about.kind, ReminderKind::TrialEnds | ReminderKind::PaymentDue);
    let today = (on_the_day && !leads.contains(&0)).then_some(0);
    leads.iter().map(|lead| i64::from(*lead)).chain(today).map(|lead| about.told(lead)).collect()
}

//! Figures over time.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
    sync::Arc,
};

use contracts::users::{Household, Member};
use jiff::{ToSpan, civil::Date};
use kernel::{Actor, Money, PaymentId, PaymentMethodId, SubscriptionId, TagId};

use super::{Tracker, Whose};
use crate::{
    answers::{Figure, Size},
    domain::{
        Bearers, By, Calendar, Converter, Expected, ForecastMonth, Key, Label, LabelKind, Notice, Overlap,
        Payment, ReferenceRates, Rise, Saved, Sorting, Spending, Spent, Subscription, calendar, forecast,
        keys, months_from, notices, overlaps, rises, saved,
    },
    error::TrackerError,
    store,
};

/// Entries that a calendar shows; how many more there are, it says.
const CALENDAR: usize = 2_000;
/// How many days ahead one is told of trials and terms that end.
const NOTICE_DAYS: i64 = 60;
/// How many charges of one month are shown.
const CHARGES: usize = 500;

/// What a household tracks, and how it counts.
pub(crate) struct Tracked {
    pub(crate) today: Date,
    pub(crate) household: Arc<Household>,
    pub(crate) subscriptions: HashMap<SubscriptionId, Subscription>,
}

/// Spending of some months, with what it is about.
pub(crate) struct Spendings {
    pub(crate) tracked: Tracked,
    pub(crate) sorting: Sorting,
    /// Everybody who belongs to the household or did, where spending is shown by member.
    pub(crate) members: Vec<Member>,
    /// The first days of its months.
    pub(crate) months: Vec<Date>,
    pub(crate) by: Vec<(By, Spending)>,
    /// The payments of the group that was asked for, the newest first, and how many more of them there are.
    pub(crate) rows: Vec<SpentRow>,
    pub(crate) left_out: usize,
    /// The day of the bank's rates that were used, where any were needed.
    pub(crate) rates_on: Option<Date>,
}

/// A payment, as far as it counts in a group.
pub(crate) struct SpentRow {
    pub(crate) payment: PaymentId,
    /// The day on which the money moved.
    pub(crate) on: Date,
    pub(crate) spent: Spent,
}

/// A payment, and what each who bears it bears of it.
struct Divided {
    payment: Payment,
    at_home: Option<Money>,
    borne: Vec<Spent>,
}

impl Divided {
    fn whole(&self) -> Spent {
        Spent {
            subscription: self.payment.subscription,
            member: None,
            month: self.payment.rate_day().first_of_month(),
            payments: 1,
            amount: self.payment.amount,
            at_home: self.at_home,
        }
    }
}

/// What is to come, and what one might do about it.
pub(crate) struct Outlook {
    pub(crate) tracked: Tracked,
    pub(crate) months: Vec<ForecastMonth>,
    /// The charges of the month that was asked for, by day, and how many more of them there are.
    pub(crate) charges: Vec<Expected>,
    pub(crate) left_out: usize,
    pub(crate) rises: Vec<Rise>,
    pub(crate) saved: Vec<Saved>,
    pub(crate) overlaps: Vec<Overlap>,
    pub(crate) notices: Vec<Notice>,
}

/// A calendar, with what it is about.
pub(crate) struct Days {
    pub(crate) tracked: Tracked,
    pub(crate) calendar: Calendar,
}

impl Size for Spendings {
    fn rows(&self) -> usize {
        let groups: usize = self.by.iter().map(|(_, spending)| spending.groups.len()).sum();
        self.tracked.subscriptions.len() + groups + self.rows.len()
    }
}

impl Size for Outlook {
    fn rows(&self) -> usize {
        self.tracked.subscriptions.len() + self.charges.len()
    }
}

impl Size for Days {
    fn rows(&self) -> usize {
        self.tracked.subscriptions.len() + self.calendar.entries.len()
    }
}

impl Spendings {
    /// What a group is called.
    pub(crate) fn name(&self, key: Key) -> String {
        let label = |kind, id: Option<uuid::Uuid>, none: &str| {
            let found = id.and_then(|id| self.sorting.of(kind).find(|label| label.id == id));
            found.map_or_else(|| none.to_owned(), Label::text)
        };
        match key {
            Key::Category(category) => self.sorting.category(category).to_owned(),
            Key::PaymentMethod(id) => {
                label(LabelKind::PaymentMethod, id.map(PaymentMethodId::uuid), "No payment method")
            }
            Key::Tag(id) => label(LabelKind::Tag, id.map(TagId::uuid), "No tag"),
            Key::Member(id) => {
                let found = self.members.iter().find(|member| Some(member.id) == id);
                found.map_or_else(|| "Nobody in particular".to_owned(), |member| member.name.clone())
            }
            Key::Subscription(id) => {
                self.tracked.subscriptions.get(&id).map(|known| known.name.to_string()).unwrap_or_default()
            }
            Key::Month(month) => month.strftime("%Y-%m").to_string(),
        }
    }
}

impl Tracker {
    /// What was paid in the `months` months up to today's, by each of `by`: by the household, or the actor's part. With
    /// the payments of the group of the last of `by` whose word is `opened`; `none` is the group without any.
    pub(crate) async fn spendings(
        &self,
        actor: &Actor,
        whose: Whose,
        months: usize,
        by: &[By],
        opened: Option<&str>,
    ) -> Result<Arc<Spendings>, TrackerError> {
        let figure =
            Figure::Spendings { whose, months, by: by.to_vec(), opened: opened.map(ToOwned::to_owned) };
        self.remembered(actor, figure, self.compute_spendings(actor, whose, months, by, opened)).await
    }

    async fn compute_spendings(
        &self,
        actor: &Actor,
        whose: Whose,
        months: usize,
        by: &[By],
        opened: Option<&str>,
    ) -> Result<Spendings, TrackerError> {
        let household = self.household(actor.household).await?;
        let (today, home) = (self.today(&household), household.currency);
        let back = i64::try_from(months.saturating_sub(1)).unwrap_or(0);
        let first = today.first_of_month().saturating_sub(back.months());
        let range = (first, today.last_of_month());
        // What is private of somebody else's is not known here, and neither is what was paid for it.
        let subscriptions = by_id(store::all(&self.database, actor).await?);
        let tracked = Tracked { today, household, subscriptions };
        let sorting = store::sorting(&self.database, actor.household).await?;
        let months = months_from(first, months);
        let by_member = by.contains(&By::Member);
        let members = if by_member || whose == Whose::Mine { self.members(actor).await? } else { Vec::new() };
        let (mut sums, mut rates_on) = (Vec::new(), None);
        if whose == Whose::Ours && by.iter().any(|by| *by != By::Member) {
            (sums, rates_on) = self.sums(actor, &tracked, range, by).await?;
        }
        let mut divided = Vec::new();
        if by_member || whose == Whose::Mine || opened.is_some() {
            (divided, rates_on) = self.divided(actor, &tracked, range, &members).await?;
        }
        let mine = |each: &&Spent| whose == Whose::Ours || each.member == Some(actor.member);
        let borne: Vec<Spent> =
            divided.iter().flat_map(|each| each.borne.iter().filter(mine)).cloned().collect();
        let mut payments = u32::try_from(divided.len()).unwrap_or(u32::MAX);
        if whose == Whose::Mine {
            payments = borne.iter().map(|each| each.payments).sum();
            sums = vec![(store::Each::Month, borne.clone()), (store::Each::Subscription, borne.clone())];
        }
        let known = &tracked.subscriptions;
        let (rows, left_out) = match (opened, by.last()) {
            (Some(word), Some(by)) => {
                let parts = |each: &Divided| match (whose, by) {
                    (Whose::Ours, By::Member) | (Whose::Mine, _) => {
                        each.borne.iter().filter(mine).cloned().collect()
                    }
                    (Whose::Ours, _) => vec![each.whole()],
                };
                opened_rows(&divided, parts, |spent| {
                    let keys = keys(*by, spent, known.get(&spent.subscription));
                    keys.into_iter().any(|key| key.word().as_deref().unwrap_or("none") == word)
                })
            }
            (None, _) | (_, None) => (Vec::new(), 0),
        };
        let of = |by: By| match by {
            // A payment that several bear counts for each of them, and once in all.
            By::Member => Spending { payments, ..Spending::of(by, &borne, known, &months, home) },
            By::Category | By::PaymentMethod | By::Tag | By::Subscription | By::Month => {
                let of = sums.iter().find(|(each, _)| *each == grain(by));
                let spent = of.map(|(_, spent)| spent.as_slice()).unwrap_or_default();
                Spending::of(by, spent, known, &months, home)
            }
        };
        let by = by.iter().map(|by| (*by, of(*by))).collect();
        Ok(Spendings { tracked, sorting, members, months, by, rows, left_out, rates_on })
    }

    /// What a household paid from the first day to the last, in the sums that `by` asks for, and the day of the rates
    /// that were used for it.
    async fn sums(
        &self,
        actor: &Actor,
        tracked: &Tracked,
        range: (Date, Date),
        by: &[By],
    ) -> Result<(Vec<(store::Each, Vec<Spent>)>, Option<Date>), TrackerError> {
        let (home, known) = (tracked.household.currency, &tracked.subscriptions);
        let mut sums = Vec::new();
        for each in [store::Each::Month, store::Each::Subscription] {
            if by.iter().any(|by| *by != By::Member && grain(*by) == each) {
                sums.push((each, store::spending(&self.database, actor, each, range, home).await?));
            }
        }
        let any_loose = sums.iter().flat_map(|(_, sums)| sums).any(|sum| sum.loose > 0);
        let (mut alone, mut rates_on) = (Vec::new(), None);
        if any_loose {
            let mut loose = store::loose_payments(&self.database, actor.household, range, home).await?;
            loose.retain(|payment| known.contains_key(&payment.subscription));
            let amounts = loose.iter().map(|payment| (payment.amount, payment.rate_day()));
            let converter = self.converter(actor.household, home, tracked.today, amounts).await?;
            rates_on = converter.newest().map(ReferenceRates::day);
            alone.extend(loose.iter().map(|payment| Spent {
                subscription: payment.subscription,
                member: None,
                month: payment.rate_day().first_of_month(),
                payments: 1,
                amount: payment.amount,
                at_home: payment.at_home(&converter),
            }));
        }
        let whole = sums.into_iter().map(|(each, sums)| {
            let settled = sums.into_iter().map(|sum| sum.spent).filter(|spent| spent.payments > 0);
            (each, settled.chain(alone.iter().cloned()).collect())
        });
        Ok((whole.collect(), rates_on))
    }

    /// The same payment by payment, each with what its bearers bear of it, and the day of the rates.
    async fn divided(
        &self,
        actor: &Actor,
        tracked: &Tracked,
        (first, last): (Date, Date),
        members: &[Member],
    ) -> Result<(Vec<Divided>, Option<Date>), TrackerError> {
        let (home, known) = (tracked.household.currency, &tracked.subscriptions);
        let mut paid = store::paid_in(&self.database, actor.household, (first, last)).await?;
        paid.retain(|payment| known.contains_key(&payment.subscription));
        let kept = store::shares_of_month(&self.database, actor.household, first, last).await?;
        let amounts = paid.iter().map(|payment| (payment.amount, payment.rate_day()));
        let converter = self.converter(actor.household, home, tracked.today, amounts).await?;
        let present = members.iter().filter(|member| member.left_at.is_none());
        let everybody: Vec<_> = present.map(|member| member.id).collect();
        let bearers = Bearers { me: actor.member, everybody: &everybody };
        let divided = paid.into_iter().filter_map(|payment| {
            let subscription = known.get(&payment.subscription)?;
            let at_home = payment.at_home(&converter);
            let borne = bearers.divide(&payment, at_home, subscription, kept.get(&payment.id));
            Some(Divided { payment, at_home, borne })
        });
        Ok((divided.collect(), converter.newest().map(ReferenceRates::day)))
    }

    /// What is to come in `months` months from today's on, with the charges of the one that `opened` is in.
    pub(crate) async fn outlook(
        &self,
        actor: &Actor,
        whose: Whose,
        months: usize,
        opened: Option<Date>,
    ) -> Result<Arc<Outlook>, TrackerError> {
        let figure = Figure::Outlook { whose, months, opened: opened.map(Date::first_of_month) };
        self.remembered(actor, figure, self.compute_outlook(actor, whose, months, opened)).await
    }

    async fn compute_outlook(
        &self,
        actor: &Actor,
        whose: Whose,
        months: usize,
        opened: Option<Date>,
    ) -> Result<Outlook, TrackerError> {
        let (tracked, subscriptions, converter) = self.at_todays_rates(actor, whose).await?;
        let today = tracked.today;
        let opened = opened.map(Date::first_of_month);
        let (mut charges, mut left_out) = (Vec::new(), 0);
        let months = forecast(today, months, &subscriptions, &converter, |row| {
            if opened == Some(row.on.first_of_month()) {
                charges.push(row);
            }
        });
        charges.sort_by_key(|row| (row.on, row.subscription));
        left_out += charges.len().saturating_sub(CHARGES);
        charges.truncate(CHARGES);
        Ok(Outlook {
            rises: rises(today, &subscriptions, &converter),
            saved: saved(today, &subscriptions, &converter),
            overlaps: overlaps(today, &subscriptions, &converter, parts_of),
            notices: notices(today, NOTICE_DAYS, &subscriptions),
            tracked: Tracked { subscriptions: by_id(subscriptions), ..tracked },
            months,
            charges,
            left_out,
        })
    }

    /// What happens from the first day of a range to its last.
    pub(crate) async fn days(
        &self,
        actor: &Actor,
        whose: Whose,
        range: RangeInclusive<Date>,
    ) -> Result<Arc<Days>, TrackerError> {
        let figure = Figure::Days { whose, from: *range.start(), to: *range.end() };
        self.remembered(actor, figure, self.compute_days(actor, whose, range)).await
    }

    async fn compute_days(
        &self,
        actor: &Actor,
        whose: Whose,
        range: RangeInclusive<Date>,
    ) -> Result<Days, TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let subscriptions = store::all(&self.database, actor).await?;
        let days = (*range.start(), *range.end());
        let mut payments = store::payments_due_in(&self.database, actor.household, days).await?;
        let known: HashSet<SubscriptionId> = subscriptions.iter().map(|each| each.id).collect();
        payments.retain(|payment| known.contains(&payment.subscription));
        let view = self.view(actor, whose).await?;
        let kept = match whose {
            Whose::Ours => HashMap::new(),
            Whose::Mine => store::shares_due_in(&self.database, actor.household, days).await?,
        };
        let payments = view.of_payments(payments, &subscriptions, &kept);
        let subscriptions = view.of_subscriptions(subscriptions);
        let prices = subscriptions.iter().map(|each| (each.price_on(today), today));
        let paid = payments.iter().map(|payment| (payment.amount, payment.rate_day()));
        let converter =
            self.converter(actor.household, household.currency, today, prices.chain(paid)).await?;
        let calendar = calendar(today, &range, &subscriptions, &payments, &converter, CALENDAR);
        let subscriptions = by_id(subscriptions);
        Ok(Days { tracked: Tracked { today, household, subscriptions }, calendar })
    }

    async fn at_todays_rates(
        &self,
        actor: &Actor,
        whose: Whose,
    ) -> Result<(Tracked, Vec<Subscription>, Converter), TrackerError> {
        let household = self.household(actor.household).await?;
        let today = self.today(&household);
        let view = self.view(actor, whose).await?;
        let subscriptions = view.of_subscriptions(store::all(&self.database, actor).await?);
        let amounts = subscriptions.iter().map(|each| (Money::zero(each.prices.currency()), today));
        let converter = self.converter(actor.household, household.currency, today, amounts).await?;
        Ok((Tracked { today, household, subscriptions: HashMap::new() }, subscriptions, converter))
    }
}

/// Of what sums are that are shown by `by`.
const fn grain(by: By) -> store::Each {
    match by {
        By::Month => store::Each::Month,
        By::Category | By::PaymentMethod | By::Tag | By::Member | By::Subscription => {
            store::Each::Subscription
        }
    }
}

/// The parts of payments that are of a group, the newest first, and how many more of them there are.
fn opened_rows(
    divided: &[Divided],
    parts: impl Fn(&Divided) -> Vec<Spent>,
    is_of_group: impl Fn(&Spent) -> bool,
) -> (Vec<SpentRow>, usize) {
    let mut rows = Vec::new();
    for each in divided {
        let (payment, on) = (each.payment.id, each.payment.rate_day());
        let spent = parts(each).into_iter().filter(|spent| is_of_group(spent));
        rows.extend(spent.map(|spent| SpentRow { payment, on, spent }));
    }
    rows.sort_by_key(|row| std::cmp::Reverse((row.on, row.payment)));
    let left_out = rows.len().saturating_sub(CHARGES);
    rows.truncate(CHARGES);
    (rows, left_out)
}

/// What comes with a service, as the catalogue says.
/// Which services come with one.
pub(super) fn parts_of(service: &str) -> impl Iterator<Item = &'static str> + use<> {
    catalogue::by_slug(service).into_iter().flat_map(catalogue::Service::includes).map(String::as_str)
}

fn by_id(subscriptions: Vec<Subscription>) -> HashMap<SubscriptionId, Subscription> {
    subscriptions.into_iter().map(|each| (each.id, each)).collect()
}

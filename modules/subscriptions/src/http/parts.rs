//! Parts of a subscription on the wire: terms, links, prices to come.

use jiff::civil::Date;
use kernel::{Currency, Cycle, CycleText, Invalid, Money, MoneyText};
use serde::{Deserialize, Serialize};

use crate::domain::{Bound, NamedLink, PricePlan, PriceStep, Subscription, Term};

pub(super) fn read_date(text: Option<&str>, pointer: &str, invalid: &mut Invalid) -> Option<Date> {
    text.and_then(|text| invalid.check(pointer, kernel::parse_date(text)))
}

/// How long one is bound; lengths are written as cycles are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Term)]
pub(crate) struct TermBody {
    /// The first term.
    length: Cycle,
    /// Each later one; `null` ends it with the first.
    renews_for: Option<Cycle>,
    /// How long before its end one has to cancel; until the day before when `null`.
    notice: Option<Cycle>,
    /// Where it begins; with the first charge when `null`.
    #[schema(schema_with = super::bodies::nullable_date)]
    from: Option<Date>,
}

impl From<Term> for TermBody {
    fn from(term: Term) -> Self {
        let Term { length, renews_for, notice, from } = term;
        Self { length, renews_for, notice, from }
    }
}

/// The end of the term and the last day for cancelling it, as members of a subscription.
#[derive(Debug, Default, Serialize, utoipa::ToSchema)]
pub(crate) struct BoundBody {
    /// The first day after the term that can still be cancelled.
    #[schema(schema_with = super::bodies::nullable_date)]
    term_ends_on: Option<Date>,
    /// The last day on which it can be cancelled for then.
    #[schema(schema_with = super::bodies::nullable_date)]
    cancel_by: Option<Date>,
}

impl BoundBody {
    pub(super) fn of(subscription: &Subscription, today: Date) -> Self {
        subscription.bound(today).map_or_else(Self::default, |Bound { term_ends_on, cancel_by }| Self {
            term_ends_on: Some(term_ends_on),
            cancel_by,
        })
    }
}

/// How long one is bound: the first term, what it renews for, and the notice it asks.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TermInput {
    /// The first term.
    length: CycleText,
    /// Each later one; `null` ends it with the first.
    renews_for: Option<CycleText>,
    /// How long before its end one has to cancel; until the day before when left out.
    notice: Option<CycleText>,
    /// Where it begins; with the first charge when left out.
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<String>,
}

impl TermInput {
    pub(super) fn read(&self, invalid: &mut Invalid) -> Option<Term> {
        let found = invalid.errors().len();
        let optional = |text: &Option<CycleText>, pointer, invalid: &mut Invalid| {
            text.as_ref().and_then(|text| text.read(pointer, invalid))
        };
        let length = self.length.read("/term/length", invalid);
        let renews_for = optional(&self.renews_for, "/term/renews_for", invalid);
        let notice = optional(&self.notice, "/term/notice", invalid);
        let from = read_date(self.from.as_deref(), "/term/from", invalid);
        if invalid.errors().len() > found {
            return None;
        }
        Some(Term { length: length?, renews_for, notice, from })
    }
}

/// A link with what it is for.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Link)]
pub(crate) struct LinkBody {
    /// What it is for: manage, cancel, invoices.
    #[schema(min_length = 1, max_length = 40, example = "Cancel")]
    label: String,
    /// Where it leads.
    #[schema(max_length = 2000, example = "https://example.org/cancel")]
    url: String,
}

impl LinkBody {
    pub(super) fn all(links: &[NamedLink]) -> Vec<Self> {
        let body = |link: &NamedLink| Self { label: link.label.to_string(), url: link.url.to_string() };
        links.iter().map(body).collect()
    }

    pub(super) fn pairs(links: Vec<Self>) -> Vec<(String, String)> {
        links.into_iter().map(|link| (link.label, link.url)).collect()
    }
}

/// From a later day on, this price holds.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepInput {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    from: String,
    /// The price, in the subscription's currency.
    price: MoneyText,
}

/// The steps of `list` that can be read. What is wrong is noted, each at its place below `pointer`.
pub(super) fn read_steps(list: &[StepInput], pointer: &'static str, invalid: &mut Invalid) -> Vec<PriceStep> {
    let read = |(at, step): (usize, &StepInput)| {
        let from = read_date(Some(&step.from), &format!("{pointer}/{at}/from"), invalid);
        let price = step.price.read(&format!("{pointer}/{at}/price"), invalid);
        Some(PriceStep { from: from?, price: price? })
    };
    list.iter().enumerate().filter_map(read).collect()
}

/// Every price that is to hold from a later day on: those that are there and not in it are taken away.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlanBody {
    /// At most 100, each on a day of its own after today, and after a trial.
    #[schema(max_items = 100)]
    steps: Vec<StepInput>,
}

/// More than anybody knows ahead.
const MOST_STEPS: usize = 100;

impl PlanBody {
    pub(super) fn read(&self) -> Result<PricePlan, Invalid> {
        let mut invalid = Invalid::new();
        check_many(&self.steps, "/steps", &mut invalid);
        let steps = read_steps(&self.steps, "/steps", &mut invalid);
        invalid.into_result().map(|()| PricePlan { steps, pointer: "/steps" })
    }
}

pub(super) fn check_many(steps: &[StepInput], pointer: &str, invalid: &mut Invalid) {
    if steps.len() > MOST_STEPS {
        invalid.add(pointer, format!("must be at most {MOST_STEPS} steps"));
    }
}

/// The price that was given, or one that stands in for it so that the rest can be looked at too.
pub(super) fn or_nothing(price: Option<Money>) -> Money {
    price.unwrap_or(Money::zero(Currency::EUR))
}

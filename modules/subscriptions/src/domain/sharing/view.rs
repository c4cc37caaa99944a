//! Whose figures are shown.

use std::collections::HashMap;

use kernel::{MemberId, PaymentId};

use super::Sharing;
use crate::domain::{Bearers, Conversion, Payment, Subscription};

/// Whose figures: the household's, or one member's.
///
/// It acts on what figures are made of: every subscription costs what it costs them, every payment is their part of
/// it. Whatever is added up from those adds up by itself, figure and rows alike.
#[derive(Debug, Clone)]
pub enum View {
    /// All of it.
    Ours,
    /// One member's part.
    Mine {
        /// Who.
        member: MemberId,
        /// Everybody who belongs to the household, in the order in which they joined.
        everybody: Vec<MemberId>,
    },
}

impl View {
    /// Of the subscriptions those they bear a part of, each at their part of its price.
    pub fn of_subscriptions(&self, subscriptions: Vec<Subscription>) -> Vec<Subscription> {
        match self {
            Self::Ours => subscriptions,
            Self::Mine { member, everybody } => {
                let mine = subscriptions.into_iter().filter(|each| each.is_shared_with(*member, everybody));
                mine.map(|each| each.borne_by(*member, everybody)).collect()
            }
        }
    }

    /// Their part of each payment: as it was shared by `kept`, else as its subscription is. Where neither is known it
    /// is nobody's in particular, and left out.
    pub fn of_payments(
        &self,
        payments: Vec<Payment>,
        subscriptions: &[Subscription],
        kept: &HashMap<PaymentId, Sharing>,
    ) -> Vec<Payment> {
        let Self::Mine { member, everybody } = self else { return payments };
        let shared: HashMap<_, _> = subscriptions.iter().map(|each| (each.id, each)).collect();
        let bearers = Bearers { me: *member, everybody };
        let mine = payments.into_iter().filter_map(|payment| {
            let subscription = shared.get(&payment.subscription)?;
            let at_home = payment.converted.as_ref().map(|kept| kept.amount);
            let borne = bearers.divide(&payment, at_home, subscription, kept.get(&payment.id));
            let mine = borne.into_iter().find(|each| each.member == Some(*member))?;
            let converted = payment
                .converted
                .map(|kept| Conversion { amount: mine.at_home.unwrap_or(kept.amount), ..kept });
            Some(Payment { amount: mine.amount, converted, ..payment })
        });
        mine.collect()
    }
}

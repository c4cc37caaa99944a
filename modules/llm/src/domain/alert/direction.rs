//! Which way the money of an alert went.

use super::{
    super::{grammar::Phrase, phrasebook::Meaning},
    Parts, Word,
    words::Sense,
};

/// Which way the money of an alert went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Out.
    Debit,
    /// In.
    Credit,
    /// Back.
    Refund,
    /// Nowhere: it was tried.
    Failed,
    /// Nowhere yet: it is announced.
    Upcoming,
    /// An order to pay again and again was given.
    MandateMade,
    /// Such an order was taken back.
    MandateRevoked,
}

/// Longer than most sentences of alerts.
const FAR: usize = 16;

impl Parts<'_, '_> {
    /// What became of the money, by the words that say so, or by what such a message is made of.
    pub(super) fn direction(&self) -> Option<Direction> {
        let mandate = self.has(Sense::Mandate) || self.is_about_a_direct_debit();
        if mandate && self.has(Sense::Revoked) && !self.has(Sense::Failed) {
            return Some(Direction::MandateRevoked);
        }
        if self.has(Sense::Failed) && !self.came_back() {
            return Some(Direction::Failed);
        }
        if self.has(Sense::Refund) {
            return Some(Direction::Refund);
        }
        if self.has(Sense::Upcoming) && !self.is_over() {
            return Some(Direction::Upcoming);
        }
        let (debit, credit) = (self.first(Sense::Debit), self.first(Sense::Credit));
        let orders = debit.is_some_and(|word| self.tokens.text(word.from + 1) == "automatico");
        if orders && self.has(Sense::Made) {
            return Some(Direction::MandateMade);
        }
        if mandate && self.has(Sense::Made) && !debit.is_some_and(|word| self.is_verb_of_payment(word)) {
            return Some(Direction::MandateMade);
        }
        let mut debits = self.words.iter().filter(|word| word.sense == Sense::Debit);
        let telling = debits.find(|word| self.is_announced(**word) || self.is_verb_of_payment(**word));
        if telling.is_some_and(|word| self.is_announced(*word)) {
            return Some(Direction::Upcoming);
        }
        // "Interest payment of $3.21 was credited": it is paid to the account.
        let earned = debit.and_then(|word| word.from.checked_sub(1)).is_some_and(|before| {
            matches!(self.tokens.text(before), "interest" | "dividend" | "salary" | "pension")
        });
        if credit.is_some() && earned {
            return Some(Direction::Credit);
        }
        match (debit, credit) {
            // Where one account is debited and another credited, the first is one's own. A company that has received
            // a payment for one's plan speaks of money that went out.
            (Some(debit), Some(credit)) if debit.from < credit.from || self.is_receipt(credit) => {
                Some(Direction::Debit)
            }
            // "Hulu issued a credit to your card": it had been paid.
            (_, Some(credit)) if (0..credit.from).any(|at| self.tokens.text(at) == "issued") => {
                Some(Direction::Refund)
            }
            (_, Some(_)) => Some(Direction::Credit),
            (Some(debit), None) if self.is_sent_to_oneself(debit) => Some(Direction::Credit),
            (Some(_), None) => Some(Direction::Debit),
            (None, None) => self.by_its_sign().or_else(|| self.is_of_a_card().then_some(Direction::Debit)),
        }
    }

    /// "Your failed recharge has been refunded": what had gone out is back, and not only promised to be.
    fn came_back(&self) -> bool {
        self.words.iter().filter(|word| word.sense == Sense::Refund).any(|word| {
            let before = |back: usize| word.from.checked_sub(back).map_or("", |at| self.tokens.text(at));
            matches!(before(1), "been" | "was") && !matches!(before(2), "have" | "not")
        })
    }

    /// "Uber sent $27.50 to your debit card": it came in.
    fn is_sent_to_oneself(&self, word: Word) -> bool {
        let sent = matches!(self.tokens.text(word.from), "sent" | "transferred" | "paid");
        let ends = (word.to + 8).min(self.tokens.len());
        let yours = (word.to..ends)
            .find(|at| self.tokens.text(*at) == "your" && matches!(self.tokens.text(at - 1), "to" | "into"));
        sent && yours.is_some_and(|at| !self.ends_between(word.to, at))
    }

    /// "+1.200,00 EUR", "-59,000 VND".
    fn by_its_sign(&self) -> Option<Direction> {
        let (amount, _, _) = self.amounts().find(|(_, _, held)| !held)?;
        let sign = amount.from.checked_sub(1).filter(|_| self.tokens.glued(amount.from))?;
        match self.tokens.text(sign) {
            "+" => Some(Direction::Credit),
            "-" if !self.tokens.glued(sign) => Some(Direction::Debit),
            _ => None,
        }
    }

    /// "will debit", "shall be auto-deducted", "wird … belastet".
    fn is_announced(&self, word: Word) -> bool {
        let from = word.from.saturating_sub(4);
        (from..word.from).any(|at| {
            matches!(
                self.tokens.text(at),
                "will"
                    | "would"
                    | "shall"
                    | "wird"
                    | "werden"
                    | "sera"
                    | "seront"
                    | "verra"
                    | "akan"
                    | "wordt"
                    | "zal"
            ) && !self.ends_between(at, word.from)
        })
    }

    /// An amount, a card or a bank that speaks, a known service and a day, and no word for what became of them: cards
    /// tell of what was paid.
    fn is_of_a_card(&self) -> bool {
        let says = |wanted: fn(Phrase) -> bool| self.items.iter().any(|item| wanted(item.phrase));
        let told = says(|phrase| matches!(phrase, Phrase::Date(_))) || self.has(Sense::Holds);
        let planned = says(|phrase| {
            matches!(
                phrase,
                Phrase::Set(Meaning::Cue(_) | Meaning::Subscribing | Meaning::Act(_) | Meaning::Maybe)
            )
        });
        told && !planned
            && (self.account().is_some() || self.opens_as_an_institution())
            && says(|phrase| matches!(phrase, Phrase::Service(_)))
            && self.amounts().any(|(_, _, held)| !held)
    }

    /// "You cancelled your Direct Debit to …": without an amount it is the order, not a payment.
    pub(super) fn is_about_a_direct_debit(&self) -> bool {
        let named = |at: usize| self.tokens.text(at) == "direct" && self.tokens.text(at + 1) == "debit";
        self.amounts().next().is_none() && (0..self.tokens.len()).any(named)
    }

    /// "Your scheduled payment was sent": what had been announced has happened.
    fn is_over(&self) -> bool {
        self.words.iter().any(|word| {
            word.sense == Sense::Debit
                && word.to - word.from > 1
                && matches!(self.tokens.text(word.from), "was" | "has")
        })
    }

    /// "debited", not the "debit" of "debit card" or the "payment" of a mandate.
    fn is_verb_of_payment(&self, word: Word) -> bool {
        matches!(
            self.tokens.text(word.to - 1),
            "debited" | "spent" | "charged" | "deducted" | "paid" | "abgebucht" | "debitado" | "debite"
        )
    }

    /// Only nouns say that money went out, "payment" and "purchase": what became of it may have been said in words that
    /// are not known.
    pub(super) fn is_only_named(&self) -> bool {
        let is_noun = |at: usize| {
            matches!(
                self.tokens.text(at),
                "payment"
                    | "purchase"
                    | "transaction"
                    | "txn"
                    | "charge"
                    | "debit"
                    | "pago"
                    | "compra"
                    | "cargo"
                    | "debito"
                    | "cobro"
                    | "paiement"
                    | "achat"
                    | "prelevement"
                    | "lastschrift"
                    | "zahlung"
                    | "pagamento"
                    | "acquisto"
                    | "addebito"
                    | "betaling"
                    | "incasso"
                    | "transaksi"
                    | "pembayaran"
            )
        };
        let mut debits = self.words.iter().filter(|word| word.sense == Sense::Debit);
        !self.has(Sense::Done) && debits.all(|word| (word.from..word.to).any(is_noun))
    }

    /// A payment in whose sentence something is denied or announced, or that is told beside what came back or failed.
    pub(super) fn is_mixed(&self) -> bool {
        let others = [Sense::Failed, Sense::Refund, Sense::Upcoming].into_iter().any(|sense| self.has(sense));
        let Some((amount, _, _)) = self.amounts().find(|(_, _, held)| !held) else { return others };
        let denies = |at: &usize| {
            matches!(
                self.tokens.text(*at),
                "not"
                    | "nicht"
                    | "pas"
                    | "nao"
                    | "non"
                    | "niet"
                    | "tidak"
                    | "will"
                    | "wird"
                    | "sera"
                    | "akan"
                    | "zal"
            )
        };
        let near = amount.from.saturating_sub(FAR)..(amount.to + FAR).min(self.tokens.len());
        let within = |at: usize| {
            let (from, to) = if at < amount.from { (at, amount.from) } else { (amount.to, at) };
            !self.ends_between(from, to)
        };
        others || near.filter(denies).any(within)
    }

    /// "Payment of Rs 999 received for your JioFiber plan", and not "received from Ravi".
    pub(super) fn is_receipt(&self, credit: Word) -> bool {
        let payment = self.words.iter().any(|word| {
            word.sense == Sense::Debit && word.from < credit.from && credit.from - word.from <= 8
        });
        let after = self.tokens.text(credit.to);
        payment
            && self.tokens.text(credit.from).starts_with("rec")
            && matches!(after, "for" | "towards" | "against")
    }
}

//! What a clause says, sorted by kind.

use kernel::Cycle;

use super::super::{
    clause::Clause,
    grammar::{Amount, Item, Phrase, When},
    lexicon::{self, Found},
    phrasebook::{Cue, Meaning},
    reading::EventKind,
    token::Tokens,
};

/// A value and the place of its phrase in the clause.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: usize,
}

/// What a clause says.
#[derive(Debug, Clone, Default)]
pub(super) struct Facts {
    pub(super) items: Clause,
    pub(super) acts: Vec<At<EventKind>>,
    pub(super) services: Vec<At<Found>>,
    pub(super) amounts: Vec<At<Amount>>,
    /// `None`: a rhythm that no cycle holds.
    pub(super) cycles: Vec<At<Option<Cycle>>>,
    pub(super) lengths: Vec<At<Cycle>>,
    pub(super) trials: Vec<At<Option<Cycle>>>,
    pub(super) dates: Vec<At<When>>,
    pub(super) cues: Vec<At<Cue>>,
    pub(super) plans: Vec<At<()>>,
    pub(super) then: Option<usize>,
    /// "subscription", "membership", "auto-pay": a word that only a subscription has.
    pub(super) subscribes: bool,
    pub(super) buying_once: Option<usize>,
    /// "your order was delivered": two words for buying once leave no doubt.
    pub(super) bought: bool,
    pub(super) bought_once: Option<usize>,
    pub(super) chats: bool,
    pub(super) undecided: bool,
    /// Whether an everyday word may be a service's name.
    pub(super) everyday_names: bool,
    /// "receipt", "amount paid": it tells of one payment, whatever its rhythm.
    pub(super) receipt: bool,
}

impl Facts {
    pub(super) fn gather(tokens: &Tokens<'_>, items: Clause) -> Self {
        let mut facts = Self::default();
        for (place, item) in items.iter().enumerate() {
            if !tells_balance(tokens, &items, place) && !is_promised(&items, place) {
                facts.note(tokens, place, item);
                facts.note_money_that_moved(tokens, &items, place);
            }
        }
        facts.items = items;
        facts.forget_everyday_words(tokens);
        facts
    }

    /// "hey how are you", "max is coming over at 8": an everyday word is a service's name where it is written as
    /// one inside a sentence, where money or a rhythm is spoken of, or where nothing else is said.
    fn forget_everyday_words(&mut self, tokens: &Tokens<'_>) {
        let marked = self.amounts.iter().any(|amount| amount.value.marked);
        let rhythm = !(self.cycles.is_empty() && self.lengths.is_empty());
        let told = marked
            || self.subscribes
            || !self.trials.is_empty()
            || (rhythm && !self.amounts.is_empty())
            || self.acts.iter().any(|act| act.value != EventKind::PaymentRecorded);
        let items = &self.items;
        let telling = |item: &Item| {
            matches!(
                item.phrase,
                Phrase::Word | Phrase::Set(Meaning::Filler | Meaning::Chat | Meaning::Question)
            ) && tokens.is_word(item.from)
        };
        self.everyday_names = told || !items.iter().any(telling);
        if self.everyday_names {
            return;
        }
        self.services.retain(|service| {
            let item = items.get(service.place);
            item.is_none_or(|item| item.from > 0 || !lexicon::is_everyday(tokens, item.from, item.to))
        });
    }

    fn note(&mut self, tokens: &Tokens<'_>, place: usize, item: &Item) {
        match item.phrase {
            Phrase::Service(value) => self.services.push(At { value, place }),
            Phrase::Amount(value) if !value.money.is_zero() => self.amounts.push(At { value, place }),
            Phrase::Cycle(value) => self.cycles.push(At { value, place }),
            Phrase::Rhythm(cycle, when) => {
                self.cycles.push(At { value: Some(cycle), place });
                self.dates.push(At { value: when, place });
            }
            Phrase::Length(value) => self.lengths.push(At { value, place }),
            Phrase::Trial(value) => self.trials.push(At { value, place }),
            Phrase::Date(value) => self.dates.push(At { value, place }),
            Phrase::Set(meaning) => self.note_set_phrase(tokens, place, item, meaning),
            Phrase::Symbol if tokens.text(item.from) == "?" => self.undecided = true,
            Phrase::Word | Phrase::Symbol | Phrase::Line | Phrase::Aside | Phrase::Amount(_) => {}
        }
    }

    /// "Spotify took £11.99", "got £3.49 back": which way it went stands beside the amount.
    fn note_money_that_moved(&mut self, tokens: &Tokens<'_>, items: &[Item], place: usize) {
        let Some(item) = items.get(place).filter(|item| matches!(item.phrase, Phrase::Amount(_))) else {
            return;
        };
        if tokens.text(item.to) == "back" {
            self.acts.push(At { value: EventKind::PaymentRefunded, place });
        }
        let before = place.checked_sub(1).and_then(|before| items.get(before));
        let takes = before.is_some_and(|before| {
            before.phrase == Phrase::Set(Meaning::Act(EventKind::SubscriptionCreated))
                && tokens.text(before.to - 1) == "took"
        });
        let service_before = self.services.iter().any(|service| service.place + 1 < place);
        if takes && service_before {
            self.acts.retain(|act| act.place + 1 != place);
            self.acts.push(At { value: EventKind::PaymentRecorded, place: place - 1 });
        }
    }

    fn note_set_phrase(&mut self, tokens: &Tokens<'_>, place: usize, item: &Item, meaning: Meaning) {
        match meaning {
            Meaning::Act(value) => {
                self.receipt |=
                    (item.from..item.to).any(|at| matches!(tokens.text(at), "receipt" | "amount" | "date"));
                self.acts.push(At { value, place });
            }
            Meaning::Cue(value) => self.note_cue(tokens, place, item, value),
            Meaning::Plan => self.plans.push(At { value: (), place }),
            Meaning::Then => {
                self.then.get_or_insert(place);
            }
            Meaning::Subscribing => self.subscribes |= is_telling(tokens.text(item.from)),
            Meaning::BuyingOnce => {
                let for_good = matches!(tokens.text(item.from), "lifetime" | "life" | "onetime" | "one");
                self.bought |= self.buying_once.is_some() || for_good;
                self.buying_once.get_or_insert(place);
            }
            Meaning::BoughtOnce => {
                self.bought_once.get_or_insert(place);
            }
            Meaning::Chat => self.chats = true,
            Meaning::Maybe => self.undecided = true,
            Meaning::Conditional => {}
            Meaning::Filler
            | Meaning::Not
            | Meaning::Question
            | Meaning::Request
            | Meaning::Code
            | Meaning::Balance
            | Meaning::Credit
            | Meaning::Spam
            | Meaning::Injection => {}
        }
    }

    fn note_cue(&mut self, tokens: &Tokens<'_>, place: usize, item: &Item, cue: Cue) {
        let mut words = (item.from..item.to).map(|at| tokens.text(at));
        if words.any(|word| matches!(word, "trial" | "free")) {
            self.trials.push(At { value: None, place });
        }
        self.subscribes |= cue == Cue::Next && tokens.text(item.from).starts_with("renew");
        self.cues.push(At { value: cue, place });
    }

    /// The bytes of a phrase.
    pub(super) fn span(&self, tokens: &Tokens<'_>, place: usize) -> (usize, usize) {
        self.items.get(place).map_or((0, 0), |item| tokens.span(item.from, item.to))
    }

    pub(super) fn says(&self, kind: EventKind) -> bool {
        self.acts.iter().any(|act| act.value == kind)
    }

    /// Nothing in it but words that carry no news.
    pub(super) fn is_empty(&self, tokens: &Tokens<'_>) -> bool {
        let words = self.items.iter().any(|item| {
            item.phrase == Phrase::Word && tokens.is_word(item.from)
                || matches!(item.phrase, Phrase::Set(Meaning::BoughtOnce | Meaning::Chat))
        });
        self.acts.is_empty() && self.services.is_empty() && self.amounts.is_empty() && !words
    }
}

/// "if debited, will be refunded in 3 days": the day of what may become of it.
fn is_promised(items: &[Item], place: usize) -> bool {
    let date = matches!(items.get(place).map(|item| item.phrase), Some(Phrase::Date(_) | Phrase::Length(_)));
    let mut before = items.iter().take(place).rev().filter(|item| {
        !matches!(item.phrase, Phrase::Symbol | Phrase::Set(Meaning::Filler | Meaning::Cue(_)))
    });
    date && before.next().is_some_and(|item| item.phrase == Phrase::Set(Meaning::Conditional))
}

/// "Avl bal Rs 10,200": an amount that says what is left.
fn tells_balance(tokens: &Tokens<'_>, items: &[Item], place: usize) -> bool {
    if !matches!(items.get(place).map(|item| item.phrase), Some(Phrase::Amount(_))) {
        return false;
    }
    let before = items.iter().take(place).rev().take(3);
    let mut telling = before.filter(|item| {
        !matches!(item.phrase, Phrase::Symbol | Phrase::Aside | Phrase::Set(Meaning::Filler))
            || tokens.text(item.from) == ";"
    });
    telling.next().is_some_and(|item| item.phrase == Phrase::Set(Meaning::Balance))
}

/// The words of [`Meaning::Subscribing`] that only subscriptions have; people "pay" for anything.
fn is_telling(word: &str) -> bool {
    [
        "subscri",
        "member",
        "plan",
        "sub",
        "auto",
        "recharge",
        "standing",
        "direct",
        "mandate",
        "contract",
        "recurring",
        "abo",
        "mitglied",
        "suscri",
        "assin",
        "monthly",
        "licence",
    ]
    .iter()
    .any(|stem| word.starts_with(stem))
}

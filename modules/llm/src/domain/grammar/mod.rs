//! The grammar: small functions propose phrases at every token, the best proposals that do not overlap stay.
//!
//! A proposal's score is ten for each token it explains and something for how telling it is. What no proposal
//! covers stays a word, and words left over form the names of services nobody has heard of.

mod amount;
mod currency;
mod cycle;
mod date;
mod length;
mod month;
mod number;
mod quantity;
mod spoken;
mod trial;

use kernel::{Cycle, Money};

use super::{
    Context,
    lexicon::{self, Found},
    phrasebook::{Meaning, Signal},
    token::{Kind, Tokens},
};
pub(super) use amount::Amount;
pub(super) use date::{Toward, When};
pub(super) use length::later;

/// What a run of tokens says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Phrase {
    /// A word or numeral that nothing explains: perhaps a name.
    Word,
    Symbol,
    Line,
    Service(Found),
    Amount(Amount),
    /// `None`: a rhythm that no cycle can hold, as in "twice a week".
    Cycle(Option<Cycle>),
    /// "every friday", "on the 5th of every month".
    Rhythm(Cycle, When),
    /// "28 days", "2-year plan".
    Length(Cycle),
    /// "7-day trial", "first month free", "free".
    Trial(Option<Cycle>),
    Date(When),
    Set(Meaning),
    /// Read and set aside: "100 GB", "XX1234", "at 5 pm".
    Aside,
}

/// A phrase and the tokens it covers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) phrase: Phrase,
}

impl Item {
    /// The money, where it is an amount.
    pub(super) fn money(&self) -> Option<Money> {
        if let Phrase::Amount(amount) = self.phrase { Some(amount.money) } else { None }
    }
}

#[derive(Debug, Clone, Copy)]
struct Candidate {
    item: Item,
    score: i32,
}

/// Collects proposals.
struct Proposals {
    list: Vec<Candidate>,
}

impl Proposals {
    fn add(&mut self, from: usize, to: usize, phrase: Phrase, telling: i32) {
        let tokens = i32::try_from(to - from).unwrap_or(0);
        self.list.push(Candidate { item: Item { from, to, phrase }, score: 10 * tokens + telling });
    }
}

/// The best reading of a text as phrases, in order, every token in exactly one.
pub(super) fn parse(tokens: &Tokens<'_>, signals: &[Signal], context: &Context) -> Vec<Item> {
    let mut proposals = Proposals { list: Vec::with_capacity(tokens.len() * 2) };
    for signal in signals {
        propose_set_phrase(*signal, &mut proposals);
    }
    for from in 0..tokens.len() {
        propose_service(tokens, from, &mut proposals);
        amount::propose(tokens, from, context, &mut proposals);
        cycle::propose(tokens, from, &mut proposals);
        date::propose(tokens, from, context, &mut proposals);
        length::propose(tokens, from, &mut proposals);
        trial::propose(tokens, from, &mut proposals);
        quantity::propose(tokens, from, &mut proposals);
    }
    cover(tokens, &mut proposals.list)
}

fn propose_set_phrase(signal: Signal, proposals: &mut Proposals) {
    let words = i32::try_from(signal.to - signal.from).unwrap_or(0);
    let telling = match signal.meaning {
        Meaning::Filler => 4 - 10 * words + words,
        Meaning::Act(_) => 10,
        Meaning::Cue(_) | Meaning::Then | Meaning::Subscribing => 6,
        Meaning::Conditional => 12,
        Meaning::Plan => 2,
        Meaning::BoughtOnce | Meaning::Chat => 0,
        Meaning::BuyingOnce | Meaning::Not | Meaning::Maybe | Meaning::Question | Meaning::Request => 4,
        Meaning::Code | Meaning::Balance | Meaning::Credit | Meaning::Spam | Meaning::Injection => 4,
    };
    proposals.add(signal.from, signal.to, Phrase::Set(signal.meaning), telling);
}

fn propose_service(tokens: &Tokens<'_>, from: usize, proposals: &mut Proposals) {
    let Some(found) = lexicon::exact(tokens, from) else { return };
    if from > 0 && lexicon::is_everyday(tokens, from, found.to) && !is_written_as_a_name(tokens, from) {
        return;
    }
    proposals.add(from, found.to, Phrase::Service(found), 20);
}

/// "Ring" is a name, "ring" is not, and in "Elden Ring" it is a part of another.
fn is_written_as_a_name(tokens: &Tokens<'_>, from: usize) -> bool {
    let within = from > 1 && tokens.is_word(from - 1) && tokens.capital(from - 1);
    tokens.capital(from) && !within
}

/// Picks the proposals of the highest total score, from the end backwards: one step a token and proposal.
fn cover(tokens: &Tokens<'_>, candidates: &mut [Candidate]) -> Vec<Item> {
    candidates.sort_by_key(|candidate| candidate.item.from);
    let mut best: Vec<(i32, Option<usize>)> = vec![(0, None); tokens.len() + 1];
    let mut next = candidates.len();
    for from in (0..tokens.len()).rev() {
        best[from] = (best[from + 1].0, None);
        while next > 0 && candidates[next - 1].item.from == from {
            next -= 1;
            let candidate = &candidates[next];
            let total = candidate.score + best[candidate.item.to].0;
            if total > best[from].0 {
                best[from] = (total, Some(next));
            }
        }
    }
    follow(tokens, candidates, &best)
}

fn follow(tokens: &Tokens<'_>, candidates: &[Candidate], best: &[(i32, Option<usize>)]) -> Vec<Item> {
    let mut items = Vec::with_capacity(tokens.len());
    let mut from = 0;
    while from < tokens.len() {
        let item = match best[from].1 {
            Some(chosen) => candidates[chosen].item,
            None => Item { from, to: from + 1, phrase: unexplained(tokens, from) },
        };
        from = item.to;
        items.push(item);
    }
    items
}

fn unexplained(tokens: &Tokens<'_>, at: usize) -> Phrase {
    match tokens.kind(at) {
        Some(Kind::Word | Kind::Number) => Phrase::Word,
        Some(Kind::Line) => Phrase::Line,
        Some(Kind::Symbol | Kind::Noise) | None => Phrase::Symbol,
    }
}

//! What is refused before anything is read out of it.

mod code;

use super::{
    phrasebook::{Meaning, Signal, first},
    reading::{Refusal, RefusalReason},
    token::{Kind, Tokens},
};

pub(super) fn too_long() -> Refusal {
    refusal(RefusalReason::TooLong, "This is too long to read at once. Paste it in parts.".to_owned())
}

/// Says no to what is none of ours whoever wrote it: nothing, no words, orders to the machinery, codes, lures.
pub(super) fn refuse_outright(tokens: &Tokens<'_>, signals: &[Signal]) -> Option<Refusal> {
    if tokens.len() == 0 {
        return Some(refusal(RefusalReason::Empty, "There is nothing in it to read.".to_owned()));
    }
    if !(0..tokens.len()).any(|at| tokens.is_word(at)) {
        return Some(not_about("There are no words in it that name a subscription."));
    }
    let never = |meaning| matches!(meaning, Meaning::Injection | Meaning::Spam);
    if first(signals, never).is_some() || code::is_named(tokens, signals) {
        return by_phrase(tokens, signals).or_else(|| code::refuse(tokens));
    }
    code::refuse(tokens)
}

/// Says no to texts that are about something else whatever their details are.
pub(super) fn refuse(tokens: &Tokens<'_>, signals: &[Signal]) -> Option<Refusal> {
    by_phrase(tokens, signals).or_else(|| denied(signals)).or_else(|| question(tokens, signals))
}

fn by_phrase(tokens: &Tokens<'_>, signals: &[Signal]) -> Option<Refusal> {
    let quoted = |signal: Signal| tokens.written(signal.from, signal.to);
    let has = |meaning: Meaning| first(signals, |found| found == meaning);
    let (reason, text) = if let Some(signal) = has(Meaning::Injection) {
        (
            RefusalReason::Instruction,
            format!("“{}” is not something a subscription is called.", quoted(signal)),
        )
    } else if let Some(signal) = has(Meaning::Code) {
        (RefusalReason::OneTimeCode, format!("“{}”: this is a code, keep it to yourself.", quoted(signal)))
    } else if let Some(signal) = has(Meaning::Spam) {
        (RefusalReason::Spam, format!("“{}” reads as an advertisement.", quoted(signal)))
    } else if let Some(signal) = has(Meaning::Credit).filter(|_| !says_refund(signals)) {
        (RefusalReason::Credit, format!("“{}”: this is money that came in.", quoted(signal)))
    } else {
        let signal = has(Meaning::Balance).filter(|_| !says_payment(signals))?;
        (RefusalReason::Balance, format!("“{}”: this says what an account holds.", quoted(signal)))
    };
    Some(refusal(reason, text))
}

fn says_refund(signals: &[Signal]) -> bool {
    use super::reading::EventKind::PaymentRefunded;
    first(signals, |meaning| meaning == Meaning::Act(PaymentRefunded)).is_some()
}

/// Bank messages tell the balance after the payment they are about.
fn says_payment(signals: &[Signal]) -> bool {
    use super::reading::EventKind::{PaymentFailed, PaymentRecorded, PaymentRefunded};
    let payment = |meaning| {
        [PaymentRecorded, PaymentFailed, PaymentRefunded].iter().any(|act| meaning == Meaning::Act(*act))
    };
    first(signals, payment).is_some()
}

/// "don't cancel", "did not subscribe": the act that follows did not happen.
fn denied(signals: &[Signal]) -> Option<Refusal> {
    let not = first(signals, |meaning| meaning == Meaning::Not)?;
    let act_follows = signals.iter().any(|signal| {
        matches!(signal.meaning, Meaning::Act(_)) && signal.from >= not.to && signal.from <= not.to + 2
    });
    act_follows.then(|| not_about("It says that something is not to happen, or did not."))
}

fn question(tokens: &Tokens<'_>, signals: &[Signal]) -> Option<Refusal> {
    let start = first_word(tokens);
    let opens = |meaning| signals.iter().any(|signal| signal.from == start && signal.meaning == meaning);
    let asks = opens(Meaning::Question) || (is_interrogative(tokens.text(start)) && !opens(Meaning::Request));
    if asks && first(signals, |meaning| meaning == Meaning::Chat).is_some() {
        return Some(not_about("This is a question about something else."));
    }
    let details = "This is a question; nothing is recorded for it.".to_owned();
    asks.then(|| refusal(RefusalReason::Question, details))
}

/// Words that open nothing but questions.
fn is_interrogative(word: &str) -> bool {
    matches!(
        word,
        "how"
            | "what"
            | "whats"
            | "when"
            | "why"
            | "where"
            | "who"
            | "which"
            | "whose"
            | "should"
            | "does"
            | "did"
            | "is"
            | "are"
            | "am"
            | "can"
            | "kya"
            | "kitna"
            | "kab"
            | "kaise"
            | "kyun"
            | "has"
            | "shall"
    )
}

fn first_word(tokens: &Tokens<'_>) -> usize {
    (0..tokens.len()).find(|at| tokens.kind(*at) == Some(Kind::Word)).unwrap_or(0)
}

pub(super) fn refusal(reason: RefusalReason, detail: String) -> Refusal {
    Refusal { reason, detail }
}

pub(super) fn not_about(detail: &str) -> Refusal {
    refusal(RefusalReason::NotAboutASubscription, detail.to_owned())
}

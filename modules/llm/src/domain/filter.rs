//! What is refused before anything is read out of it.

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
    if first(signals, never).is_some() || is_a_code(tokens, signals) {
        return by_phrase(tokens, signals).or_else(|| code(tokens));
    }
    code(tokens)
}

/// A code by its name, unless it is only warned of: "never share your OTP" ends many messages about money.
fn is_a_code(tokens: &Tokens<'_>, signals: &[Signal]) -> bool {
    signals.iter().filter(|signal| signal.meaning == Meaning::Code).any(|signal| {
        let before = signal.from.saturating_sub(4)..signal.from;
        let warned = before.clone().any(|at| is_told_on(tokens.text(at)));
        !warned || before.into_iter().any(|at| is_secret(tokens, at))
    })
}

/// A code by its form: a word for a code and four to eight digits near it, or such digits that nobody may be told.
fn code(tokens: &Tokens<'_>) -> Option<Refusal> {
    let is_named = |secret: usize| {
        let near = secret.saturating_sub(REACH)..(secret + REACH).min(tokens.len());
        near.into_iter().any(|at| names_a_code(tokens, at, secret)) || is_to_be_entered(tokens, secret)
    };
    let secret = (0..tokens.len()).find(|at| is_secret(tokens, *at) && is_named(*at))?;
    let quoted = tokens.written(secret, secret + 1);
    let detail = format!("“{quoted}”: this is a code, keep it to yourself.");
    Some(refusal(RefusalReason::OneTimeCode, detail))
}

/// How many tokens may stand between a code and the word for it.
const REACH: usize = 7;

/// Digits alone, without a currency, a card's stars or a date around them.
fn is_secret(tokens: &Tokens<'_>, at: usize) -> bool {
    let Some(digits) = tokens.numeral(at) else { return false };
    let plain = (3..=8).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let halves = digits.len() == 3
        && (tokens.numeral(at + 1).is_some_and(|other| other.len() == 3)
            || (tokens.text(at + 1) == "-" && tokens.numeral(at + 2).is_some_and(|other| other.len() == 3)));
    let before = at.checked_sub(1).map_or("", |at| tokens.text(at));
    let alone = !tokens.glued(at) || matches!(before, "-" | ":" | "(");
    let money = matches!(before, "$" | "€" | "£" | "₹" | "." | "rs" | "inr" | "usd" | "eur")
        || matches!(tokens.text(at + 1), "$" | "€" | "£" | "₹" | "usd" | "eur" | "inr" | "/");
    plain && (digits.len() >= 4 || halves) && alone && !money
}

/// "Enter 551203 to sign in".
fn is_to_be_entered(tokens: &Tokens<'_>, secret: usize) -> bool {
    let before = secret.checked_sub(1).map_or("", |at| tokens.text(at));
    matches!(before, "enter" | "use" | "type") && matches!(tokens.text(secret + 1), "to" | "as")
}

/// Whether a word for a code names the digits: "sign-in code is 8841", "8841 is your code", "TAC 442211".
fn names_a_code(tokens: &Tokens<'_>, at: usize, secret: usize) -> bool {
    if !is_word_for_a_code(tokens, at) {
        return false;
    }
    if at > secret {
        let begins = secret + 1 + usize::from(tokens.numeral(secret + 1).is_some());
        let begins = if tokens.text(begins) == "-" { begins + 2 } else { begins };
        let within = (begins..at).all(|between| !ends_here(tokens, between));
        return within && begins < at && is_copula(tokens.text(begins));
    }
    let mut between = at + 1..secret;
    let told = secret == at + 1 || between.clone().any(|at| is_copula(tokens.text(at)));
    told && between.all(|at| {
        is_copula(tokens.text(at)) || is_small(tokens.text(at)) || (tokens.is_word(at) && tokens.capital(at))
    })
}

fn is_word_for_a_code(tokens: &Tokens<'_>, at: usize) -> bool {
    let word = tokens.text(at);
    let named = (word.ends_with("code") && word != "barcode")
        || matches!(
            word,
            "codigo" | "codice" | "kode" | "kod" | "kodu" | "koodi" | "koden" | "otp" | "tac" | "mtan"
        )
        || tokens.written(at, at + 1) == "TAN";
    let before = at.checked_sub(1).map_or("", |at| tokens.text(at));
    let other = matches!(
        before,
        "promo"
            | "discount"
            | "coupon"
            | "offer"
            | "voucher"
            | "postal"
            | "post"
            | "zip"
            | "area"
            | "use"
            | "referral"
            | "gift"
            | "sort"
            | "ifsc"
            | "branch"
            | "swift"
            | "merchant"
            | "transaction"
    );
    named && !other
}

fn is_copula(word: &str) -> bool {
    matches!(
        word,
        "is" | "as" | ":" | "=" | "ist" | "lautet" | "es" | "e" | "est" | "adalah" | "ar" | "er" | "to"
    )
}

/// What may stand between a code and its name.
fn is_small(word: &str) -> bool {
    matches!(
        word,
        "for"
            | "fur"
            | "pour"
            | "para"
            | "voor"
            | "le"
            | "your"
            | "the"
            | "de"
            | "di"
            | "da"
            | "do"
            | "a"
            | "login"
            | "access"
            | "verification"
            | "verificacion"
            | "verificacao"
            | "verifica"
            | "confirmacion"
            | "confirmacao"
            | "conferma"
            | "seguridad"
            | "seguranca"
            | "securite"
            | "acceso"
            | "acesso"
            | "accesso"
            | "verifikasi"
            | "sms"
            | "-"
            | "("
            | "unico"
            | "unica"
    )
}

fn ends_here(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.text(at) == "." && !tokens.glued(at + 1) && tokens.capital(at + 1)
}

/// Verbs of letting somebody know.
fn is_told_on(word: &str) -> bool {
    matches!(word, "share" | "disclose" | "reveal" | "tell" | "give" | "asks" | "ask" | "sharing" | "teile")
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

//! Codes that somebody must keep to themselves: by their name, or by their form beside a word for a code.

use super::{
    super::{
        phrasebook::{Meaning, Signal},
        reading::{Refusal, RefusalReason},
        token::Tokens,
    },
    refusal,
};

/// A code by its name, unless it is only warned of: "never share your OTP" ends many messages about money.
pub(super) fn is_named(tokens: &Tokens<'_>, signals: &[Signal]) -> bool {
    signals.iter().filter(|signal| signal.meaning == Meaning::Code).any(|signal| {
        let before = signal.from.saturating_sub(4)..signal.from;
        let warned = before.clone().any(|at| is_told_on(tokens.text(at)));
        !warned || before.into_iter().any(|at| is_secret(tokens, at))
    })
}

/// A code by its form: a word for a code and four to eight digits near it, or such digits that nobody may be told.
pub(super) fn refuse(tokens: &Tokens<'_>) -> Option<Refusal> {
    let is_named = |secret: usize| {
        let before = if is_tied(tokens, secret) { 2 * REACH } else { REACH };
        let near = secret.saturating_sub(before)..(secret + REACH).min(tokens.len());
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
    if is_tied(tokens, secret) && !(at..secret).any(|at| ends_here(tokens, at)) {
        return true;
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

/// "The TAN for your payment of … to … is 448812": whatever stands between, the verb ties them.
fn is_tied(tokens: &Tokens<'_>, secret: usize) -> bool {
    let before = secret.checked_sub(1).map_or("", |at| tokens.text(at));
    matches!(before, "is" | "ist" | "lautet" | "es" | "est" | "adalah")
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

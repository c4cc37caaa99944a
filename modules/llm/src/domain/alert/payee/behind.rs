//! Payees that stand behind something else: the rails of a transfer, an address, a number of theirs.

use super::{
    super::{
        super::{grammar::Item, lexicon, token::Tokens},
        Parts,
    },
    Payee, is_shouted, payee, run,
    stops::{is_rail, is_reference, stops},
};

/// "UPI/P2M/612455551277/RAPIDO", "ACH-DR-AXIS MUTUAL FUND": what stands behind the rails and the numbers.
pub(super) fn narrated(parts: &Parts<'_, '_>) -> Option<Payee> {
    let tokens = parts.tokens;
    let is_joint = |at: usize| matches!(tokens.text(at), "/" | "-" | "*") && tokens.glued(at);
    (0..tokens.len()).filter(|at| is_rail(tokens.text(*at)) && is_joint(at + 1)).find_map(|rail| {
        let mut from = rail;
        // "P2M" is cut into a letter, a number and a letter.
        let is_letter = |at: usize| tokens.text(at).len() == 1 && tokens.is_word(at);
        while is_rail(tokens.text(from))
            || is_letter(from)
            || tokens.numeral(from).is_some()
            || is_joint(from)
        {
            from += 1;
        }
        let to = run(parts, from).filter(|_| tokens.glued(from))?;
        payee(parts, from, to, true)
    })
}

/// "q88120@ybl (SRI KRISHNA SWEETS)", "anita.d@okicici ANITA DESAI": who an address is of.
pub(super) fn of_an_address(parts: &Parts<'_, '_>, handle: usize) -> Option<Payee> {
    let is_name = |at: &usize| is_shouted(parts, *at) && !stops(parts.tokens.text(*at));
    if let Some(from) = Some(handle + 2).filter(is_name) {
        let to = run(parts, from)?;
        return payee(parts, from, to, true);
    }
    let opens = (handle..handle + 3).find(|at| parts.tokens.text(*at) == "(")?;
    let to = run(parts, opens + 1).filter(|to| parts.tokens.text(*to) == ")")?;
    payee(parts, opens + 1, to, true)
}

/// A name that is all of a line, under the first: "Spent INR 299\nCard no. XX8811\nSWIGGY\nAvl Limit …".
pub(super) fn on_a_line(parts: &Parts<'_, '_>) -> Option<Payee> {
    let tokens = parts.tokens;
    let begins = (0..tokens.len()).filter(|at| tokens.text(*at) == "\n").map(|at| at + 1);
    begins.into_iter().find_map(|from| {
        let to = run(parts, from).filter(|to| tokens.text(*to) == "\n")?;
        let is_name = (from..to).all(|at| !tokens.is_word(at) || is_shouted(parts, at));
        let free = !(from..to).any(|at| is_a_sense(parts, at));
        if is_name && free { payee(parts, from, to, true) } else { None }
    })
}

/// "6,40 € BOULANGERIE PAUL", "POS 18,00 EUR, TRATTORIA ROMA", "R85.50 Checkers Sea Point": a name beside what was
/// paid.
pub(super) fn beside_the_amount(parts: &Parts<'_, '_>) -> Option<Payee> {
    parts.amounts().filter(|(_, _, held)| !held).find_map(|(amount, _, _)| beside(parts, &amount))
}

fn beside(parts: &Parts<'_, '_>, amount: &Item) -> Option<Payee> {
    let tokens = parts.tokens;
    let is_free = |at: usize| is_shouted(parts, at) && !stops(tokens.text(at)) && !is_a_sense(parts, at);
    let behind = if matches!(tokens.text(amount.to), "," | "-" | ":") { amount.to + 1 } else { amount.to };
    let ends = (behind..tokens.len()).find(|at| !is_free(*at)).unwrap_or(tokens.len());
    if ends > behind {
        return payee(parts, behind, ends, true);
    }
    let is_titled = |at: usize| tokens.is_word(at) && tokens.capital(at) && !is_a_sense(parts, at);
    let titled = run(parts, behind).filter(|_| behind == amount.to && is_titled(behind));
    if let Some(to) = titled.filter(|to| (behind..*to).all(|at| !tokens.is_word(at) || is_titled(at))) {
        return payee(parts, behind, to, true);
    }
    let begins = (0..amount.from).rev().take_while(|at| is_free(*at)).last()?;
    payee(parts, begins, amount.from, true)
}

fn is_a_sense(parts: &Parts<'_, '_>, at: usize) -> bool {
    parts.words.iter().any(|word| (word.from..word.to).contains(&at))
}

/// "airtel.pay@axis": a known service in the parts of an address.
pub(super) fn addressed(parts: &Parts<'_, '_>, from: usize, handle: usize) -> Option<Payee> {
    let address = parts.tokens.written(from, handle).replace(['.', '-', '_'], " ");
    let words = Tokens::cut(&address).ok()?;
    let found = lexicon::exact(&words, 0).or_else(|| lexicon::misspelt(&words, 0, words.len()))?;
    let doubt = 30 + 60 * u16::from(found.mistakes);
    let name = found.service.name().to_owned();
    Some(Payee { name, service: Some(found.service), from, to: handle, doubt })
}

/// "amazonprime@icici" without a word before it.
pub(super) fn handle_anywhere(parts: &Parts<'_, '_>) -> Option<Payee> {
    let tokens = parts.tokens;
    let at = (1..tokens.len()).find(|at| {
        tokens.text(*at) == "@" && tokens.glued(*at) && tokens.glued(at + 1) && tokens.is_word(at - 1)
    })?;
    of_an_address(parts, at).or_else(|| payee(parts, at - 1, at, false))
}

/// The end of a payee before a number that is a customer's or a bill's: "electricity bill CA 10023", "K No 448812".
pub(super) fn without_reference(parts: &Parts<'_, '_>, from: usize, to: usize) -> usize {
    let tokens = parts.tokens;
    let behind = (to..tokens.len()).find(|at| !is_reference(tokens.text(*at))).unwrap_or(to);
    let mut places = (from..to).chain(std::iter::once(behind));
    let number = places.find(|at| tokens.numeral(*at).is_some_and(|digits| digits.len() >= 4));
    let Some(number) = number.filter(|at| *at > from && !tokens.glued(*at)) else { return to };
    let mut end = number;
    while end > from && is_reference(tokens.text(end - 1)) {
        end -= 1;
    }
    let initials = end == number
        && tokens.text(end - 1).len() <= 3
        && tokens.written(end - 1, end).bytes().all(|b| b.is_ascii_uppercase())
        && lexicon::exact(tokens, end - 1).is_none();
    end - usize::from(initials)
}

//! Amounts: a numeral or a number in words, its scale, and the mark before or after it.

use kernel::{Currency, Money};

use super::{
    super::{
        Context,
        token::{Tokens, is_unspaced},
    },
    Phrase, Proposals,
    currency::{self, Mark},
    length,
    number::{self, Decimal},
    spoken::{self, Spoken},
};

/// An amount as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) struct Amount {
    pub(in crate::domain) money: Money,
    /// A sign, code or name of the currency stands beside it.
    pub(in crate::domain) marked: bool,
    /// What it takes from the confidence, in thousandths.
    pub(in crate::domain) doubt: u16,
}

/// How telling an amount is: with its mark, and without.
const MARKED: i32 = 12;
const BARE: i32 = 2;
/// Unmarked numerals with more digits are numbers of something else.
const MOST_BARE_DIGITS: usize = 7;

/// A number before its currency is known.
#[derive(Debug, Clone, Copy)]
enum Quantity {
    /// The token of the numeral, and the group after a space where there is one: `1 250,50`.
    Numeral {
        at: usize,
        spaced: bool,
    },
    Words(Spoken),
}

#[derive(Debug, Clone, Copy)]
struct Number {
    quantity: Quantity,
    factor: u64,
    to: usize,
}

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, context: &Context, proposals: &mut Proposals) {
    if tokens.kind(from).is_none() || cut_from_a_word(tokens, from) {
        return;
    }
    if let Some((mark, at)) = currency::mark(tokens, from).or_else(|| currency::letter(tokens, from, context))
    {
        return marked_before(tokens, from, mark, at, context, proposals);
    }
    if let Some((money, to)) = banknote(tokens, from, context) {
        let amount = Amount { money, marked: true, doubt: 60 };
        return proposals.add(from, to, Phrase::Amount(amount), MARKED);
    }
    for spaced in [true, false] {
        if let Some(number) = number_at(tokens, from, spaced) {
            marked_after(tokens, from, number, context, proposals);
        }
    }
}

/// `XX1234`, `1password`: digits that belong to the word beside them. `消费15.00元` and `Total:15.00€` have a sign of
/// money.
fn cut_from_a_word(tokens: &Tokens<'_>, at: usize) -> bool {
    if tokens.numeral(at).is_none() || !tokens.glued(at) || at == 0 {
        return false;
    }
    let before = tokens.written(at - 1, at);
    let parts = before == ":" || before.starts_with(is_unspaced);
    let marked = || tokens.glued(at + 1) && currency::mark(tokens, at + 1).is_some();
    (tokens.is_word(at - 1) || matches!(before, "/" | ":" | "#")) && !(parts && marked())
}

/// `₹499`, `Rs. 1,499/-`, `USD 20`, "rupees five hundred".
fn marked_before(
    tokens: &Tokens<'_>,
    from: usize,
    mark: Mark,
    at: usize,
    context: &Context,
    proposals: &mut Proposals,
) {
    // "our team won 3 games"
    if tokens.text(from) == "won" {
        return;
    }
    let at = if matches!(tokens.text(at), "." | ":") { at + 1 } else { at };
    for spaced in [true, false] {
        let Some(number) = number_at(tokens, at, spaced) else { continue };
        let mut to = number.to;
        let mut mark = mark;
        // "$20 CAD": the code says which dollar.
        if let Some((second, after)) = currency::mark(tokens, to).filter(|_| tokens.numeral(to + 1).is_none())
        {
            if second.resolve(context).1 == 0 {
                mark = second;
            }
            to = after;
        }
        let (currency, doubt) = mark.resolve(context);
        if let Some(amount) = settle(tokens, number, currency, true, doubt) {
            let to = fraction_after(tokens, to);
            let telling = MARKED + if spaced { spaced_telling(context) } else { 0 };
            proposals.add(from, to, Phrase::Amount(amount), telling);
        }
    }
}

fn marked_after(
    tokens: &Tokens<'_>,
    from: usize,
    number: Number,
    context: &Context,
    proposals: &mut Proposals,
) {
    let spaced = matches!(number.quantity, Quantity::Numeral { spaced: true, .. });
    if let Some(hundredths) = currency::is_hundredth(tokens, number.to, context)
        && let Some(amount) = in_hundredths(tokens, number, hundredths)
    {
        return proposals.add(from, number.to + 1, Phrase::Amount(amount), MARKED);
    }
    let after_dash = fraction_after(tokens, number.to);
    let Some((mark, to)) = currency::mark(tokens, after_dash) else {
        return unmarked(tokens, from, number, context, proposals);
    };
    // In "499 $20" the sign belongs to what follows it.
    let next = tokens.numeral(to);
    let belongs_ahead = next.is_some() && tokens.glued(to) && !tokens.glued(after_dash)
        || next.is_some_and(|next| is_written_as_money(next) && !is_written_as_money(tokens.text(from)));
    if belongs_ahead {
        return unmarked(tokens, from, number, context, proposals);
    }
    let (currency, doubt) = mark.resolve(context);
    let Some(mut amount) = settle(tokens, number, currency, true, doubt) else { return };
    let to = add_fraction(tokens, to, currency, context, &mut amount);
    let parts = if to > number.to + 1 { 14 } else { 0 };
    let telling = MARKED + parts + if spaced { spaced_telling(context) } else { 0 };
    proposals.add(from, fraction_after(tokens, to), Phrase::Amount(amount), telling);
}

/// "260,000", "9.99": in "8812 VND 260,000" the code belongs to what is written as money.
fn is_written_as_money(numeral: &str) -> bool {
    numeral.contains([',', '.'])
}

/// How much more or less telling it is when a space groups the digits: in some languages it does.
fn spaced_telling(context: &Context) -> i32 {
    match context.locale.language() {
        "fr" | "sv" | "nb" | "no" | "nn" | "fi" | "pl" | "cs" | "sk" | "ru" | "uk" | "bg" | "hu" | "lv"
        | "lt" | "et" => 8,
        _ => -8,
    }
}

/// `22€99`, "65 dollars and 50 cents", "nine dollars ninety nine".
fn add_fraction(
    tokens: &Tokens<'_>,
    to: usize,
    currency: Currency,
    context: &Context,
    amount: &mut Amount,
) -> usize {
    let whole = amount.money.minor() % currency.minor_per_unit() == 0 && currency.digits() == 2;
    if !whole {
        return to;
    }
    let glued = tokens.numeral(to).filter(|digits| tokens.glued(to) && digits.len() == 2);
    if let Some(cents) = glued.and_then(|digits| digits.parse::<i64>().ok()) {
        amount.money = Money::from_minor(amount.money.minor() + cents, currency);
        return to + 1;
    }
    let at = if matches!(tokens.text(to), "and" | "&") { to + 1 } else { to };
    let numeral = tokens.whole(at, 99).map(|value| (u64::from(value), at + 1));
    let Some((cents, after)) = numeral.or_else(|| spoken::cardinal(tokens, at)) else { return to };
    let named = currency::is_hundredth(tokens, after, context).is_some();
    let said = numeral.is_none() && at == to && cents >= 10;
    match i64::try_from(cents) {
        Ok(cents) if cents < 100 && (named || said) => {
            amount.money = Money::from_minor(amount.money.minor() + cents, currency);
            after + usize::from(named)
        }
        _ => to,
    }
}

fn unmarked(tokens: &Tokens<'_>, from: usize, number: Number, context: &Context, proposals: &mut Proposals) {
    if !stands_alone(tokens, number) {
        return;
    }
    let doubt = match number.quantity {
        Quantity::Numeral { spaced: true, .. } => 200,
        Quantity::Numeral { at, .. } if is_year(tokens, at) => 150,
        Quantity::Numeral { .. } => 0,
        Quantity::Words(_) => 40,
    };
    if let Some(amount) = settle(tokens, number, context.currency, false, doubt) {
        let telling =
            if matches!(number.quantity, Quantity::Numeral { spaced: true, .. }) { -8 } else { BARE };
        proposals.add(from, fraction_after(tokens, number.to), Phrase::Amount(amount), telling);
    }
}

fn is_year(tokens: &Tokens<'_>, at: usize) -> bool {
    tokens.whole(at, 2040).is_some_and(|value| value >= 2020)
}

/// Whether a number without a mark may be an amount: not a part of a word, a code, an ordinal or a percentage.
fn stands_alone(tokens: &Tokens<'_>, number: Number) -> bool {
    match number.quantity {
        Quantity::Words(Spoken::Whole(value)) => value >= 10,
        Quantity::Words(Spoken::Pair(..) | Spoken::Point(..)) => true,
        Quantity::Numeral { at, .. } => {
            let text = tokens.text(at);
            let digits = text.bytes().filter(u8::is_ascii_digit).count();
            let code = digits > MOST_BARE_DIGITS
                || (text.len() > 1 && text.starts_with('0') && !text.contains(['.', ',']));
            let glued_word = tokens.glued(number.to)
                && tokens.is_word(number.to)
                && length::unit(tokens.text(number.to)).is_none();
            let dashed = fraction_after(tokens, number.to) > number.to;
            let followed =
                !dashed && tokens.glued(number.to) && matches!(tokens.text(number.to), "%" | ":" | "\"");
            !code && !glued_word && !followed
        }
    }
}

/// `/-`, `,-`, `.-`, `:-` and "only" after an amount.
fn fraction_after(tokens: &Tokens<'_>, to: usize) -> usize {
    let dash = tokens.text(to + 1) == "-" && tokens.glued(to + 1) && tokens.glued(to);
    let to = if dash && matches!(tokens.text(to), "/" | "," | "." | ":") { to + 2 } else { to };
    if tokens.text(to) == "only" { to + 1 } else { to }
}

fn number_at(tokens: &Tokens<'_>, at: usize, spaced: bool) -> Option<Number> {
    let (quantity, to) = if tokens.numeral(at).is_some() {
        if spaced && !group_follows(tokens, at) {
            return None;
        }
        (Quantity::Numeral { at, spaced }, at + 1 + usize::from(spaced))
    } else if spaced {
        return None;
    } else {
        let (spoken, to) = spoken::read(tokens, at)?;
        (Quantity::Words(spoken), to)
    };
    let (factor, to) = scale(tokens, to);
    Some(Number { quantity, factor, to })
}

/// `1 250,50`: one to three digits, a space, three digits.
fn group_follows(tokens: &Tokens<'_>, at: usize) -> bool {
    let (first, second) = (tokens.text(at), tokens.numeral(at + 1).unwrap_or(""));
    let three = second.split([',', '.']).next().is_some_and(|group| group.len() == 3);
    first.len() <= 3 && !first.contains([',', '.']) && three && !tokens.glued(at + 1)
}

fn scale(tokens: &Tokens<'_>, at: usize) -> (u64, usize) {
    let factor = match tokens.text(at) {
        "k" | "thousand" | "hazar" | "hazaar" | "grand" => 1_000,
        "hundred" | "sau" => 100,
        "lakh" | "lakhs" | "lac" | "lacs" => 100_000,
        "crore" | "crores" => 10_000_000,
        "million" | "mn" | "mio" => 1_000_000,
        _ => return (1, at),
    };
    (factor, at + 1)
}

fn settle(
    tokens: &Tokens<'_>,
    number: Number,
    currency: Currency,
    marked: bool,
    doubt: u16,
) -> Option<Amount> {
    let digits = u32::from(currency.digits());
    let (decimal, spoken_doubt) = match number.quantity {
        Quantity::Numeral { at, spaced: false } => (number::read(tokens.text(at), digits)?, 0),
        Quantity::Numeral { at, spaced: true } => {
            (number::read(&format!("{}{}", tokens.text(at), tokens.text(at + 1)), digits)?, 20)
        }
        Quantity::Words(Spoken::Whole(value)) => (Decimal::whole(value), 20),
        Quantity::Words(Spoken::Point(whole, fraction, scale)) => (point(whole, fraction, scale), 20),
        Quantity::Words(Spoken::Pair(high, low)) => (pair(high, low, currency), 50),
    };
    let minor = decimal.minor(number.factor, digits).filter(|minor| *minor <= Money::MAX_MINOR)?;
    Some(Amount { money: Money::from_minor(minor, currency), marked, doubt: doubt + spoken_doubt })
}

fn point(whole: u64, fraction: u64, scale: u32) -> Decimal {
    Decimal { mantissa: whole.saturating_mul(10_u64.pow(scale)).saturating_add(fraction), scale }
}

fn pair(high: u64, low: u64, currency: Currency) -> Decimal {
    let mantissa = high.saturating_mul(100).saturating_add(low);
    Decimal { mantissa, scale: if currency::counts_in_hundreds(currency) { 0 } else { 2 } }
}

fn in_hundredths(tokens: &Tokens<'_>, number: Number, currency: Currency) -> Option<Amount> {
    let Quantity::Numeral { at, spaced: false } = number.quantity else {
        let Quantity::Words(Spoken::Whole(value)) = number.quantity else { return None };
        let minor = i64::try_from(value).ok()?;
        return Some(Amount { money: Money::from_minor(minor, currency), marked: true, doubt: 20 });
    };
    let minor = i64::from(tokens.whole(at, 9999)?);
    Some(Amount { money: Money::from_minor(minor, currency), marked: true, doubt: 0 })
}

/// "a fiver", "tenner".
fn banknote(tokens: &Tokens<'_>, from: usize, context: &Context) -> Option<(Money, usize)> {
    let units = match tokens.text(from) {
        "fiver" => 5,
        "tenner" => 10,
        _ => return None,
    };
    Some((Money::from_minor(units * context.currency.minor_per_unit(), context.currency), from + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, own: &str) -> Option<String> {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-IN".parse().unwrap(),
            currency: own.parse().unwrap(),
        };
        let tokens = Tokens::cut(text).unwrap();
        let mut proposals = Proposals { list: Vec::new() };
        propose(&tokens, 0, &context, &mut proposals);
        let best = proposals.list.iter().max_by_key(|candidate| candidate.score)?;
        let Phrase::Amount(amount) = best.item.phrase else { return None };
        Some(amount.money.to_string())
    }

    #[test]
    fn amounts_in_all_usual_forms() {
        for (text, own, expected) in [
            ("₹499", "INR", "INR 499.00"),
            ("Rs. 1,499/-", "INR", "INR 1499.00"),
            ("499 rupees", "USD", "INR 499.00"),
            ("$9.99", "USD", "USD 9.99"),
            ("9.99$", "USD", "USD 9.99"),
            ("$20 CAD", "USD", "CAD 20.00"),
            ("US$7", "AUD", "USD 7.00"),
            ("1.2k", "INR", "INR 1200.00"),
            ("4 lakh", "INR", "INR 400000.00"),
            ("1 250,50 €", "EUR", "EUR 1250.50"),
            ("22€99", "EUR", "EUR 22.99"),
            ("299,- EUR", "EUR", "EUR 299.00"),
            ("five ninety nine", "USD", "USD 5.99"),
            ("five ninety nine", "INR", "INR 599.00"),
            ("twelve fifty", "GBP", "GBP 12.50"),
            ("nine dollars and ninety nine cents", "USD", "USD 9.99"),
            ("99p", "GBP", "GBP 0.99"),
            ("tenner", "GBP", "GBP 10.00"),
            ("¥1,490", "JPY", "JPY 1490"),
            ("2.500 KD", "KWD", "KWD 2.500"),
            ("CHF 1'250.50", "CHF", "CHF 1250.50"),
        ] {
            assert_eq!(read(text, own).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_is_none() {
        for text in ["5th", "50%", "10:30", "99999999999", "007", "one", "a $5"] {
            assert_eq!(read(text, "USD"), None, "{text}");
        }
    }
}

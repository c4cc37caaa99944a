//! SWIFT MT940: lines that begin with a tag between colons; `:61:` is a movement, `:86:` says what it was.

use jiff::civil::Date;
use kernel::Currency;

use super::{StatementLine, plausible, tidy};
use crate::domain::import::{MAX_LINES, Remarks, Unreadable, amounts, line_number};

/// The movements of an MT940 file. `fallback` is the currency where an opening balance does not name one.
pub(in crate::domain::import) fn read(
    text: &str,
    fallback: Currency,
    remarks: &mut Remarks,
) -> Result<Vec<StatementLine>, Unreadable> {
    let mut lines: Vec<StatementLine> = Vec::new();
    let mut currency = None;
    let mut unnamed = false;
    for field in fields(text) {
        match field.tag {
            // A statement that goes over several messages names its currency in each.
            "60F" | "60M" => currency = balance_currency(&field.value).or(currency),
            "61" => {
                unnamed |= currency.is_none();
                match movement(&field, currency.unwrap_or(fallback)) {
                    Ok(line) => lines.push(line),
                    Err(why) => remarks.line(field.line, format!("{why}: left out.")),
                }
            }
            "86" => {
                // What stands after the closing balance concerns the statement, not its last movement.
                if let Some(last) = lines.last_mut().filter(|_| field.follows_movement) {
                    (last.counterparty, last.text) = purpose(&field.value, &last.text);
                }
            }
            _ => {}
        }
        if lines.len() > MAX_LINES {
            return Err(Unreadable::because(format!(
                "The statement has more than {MAX_LINES} transactions. Export a shorter period."
            )));
        }
    }
    if unnamed {
        remarks.file(format!("The file names no currency; {fallback} was taken."));
    }
    Ok(lines)
}

struct Field<'t> {
    tag: &'t str,
    line: u32,
    /// The lines of the field, as they stand.
    value: String,
    follows_movement: bool,
}

/// The tagged fields of the file, each with the lines that belong to it.
fn fields(text: &str) -> Vec<Field<'_>> {
    let mut fields: Vec<Field<'_>> = Vec::new();
    for (number, line) in (1_usize..).zip(text.lines()) {
        let line = line.trim_end_matches(['\r', '\u{3}']);
        match tagged(line) {
            Some((tag, rest)) => {
                let follows_movement = fields.last().is_some_and(|field| field.tag == "61");
                fields.push(Field {
                    tag,
                    line: line_number(number),
                    value: rest.to_owned(),
                    follows_movement,
                });
            }
            // The end of a message, and the frames around it.
            None if line.starts_with('-') || line.starts_with('{') => {}
            None => {
                if let Some(field) = fields.last_mut() {
                    field.value.push('\n');
                    field.value.push_str(line);
                }
            }
        }
    }
    fields
}

fn tagged(line: &str) -> Option<(&str, &str)> {
    let (tag, rest) = line.strip_prefix(':')?.split_once(':')?;
    let (number, letter) = tag.split_at_checked(2)?;
    let right = number.bytes().all(|byte| byte.is_ascii_digit())
        && letter.len() <= 1
        && letter.bytes().all(|byte| byte.is_ascii_uppercase());
    right.then_some((tag, rest))
}

/// `C260101EUR1234,56`
fn balance_currency(value: &str) -> Option<Currency> {
    value.get(7..10)?.parse().ok()
}

/// `2601050105D9,99NMSCREFERENCE//BANK`
fn movement(field: &Field<'_>, currency: Currency) -> Result<StatementLine, String> {
    let value = field.value.as_str();
    let wrong = || format!("“{}” is no movement", value.lines().next().unwrap_or_default());
    let booked_on = value.get(..6).and_then(day).ok_or_else(wrong)?;
    let rest = &value[6..];
    let entry = rest.get(..4).filter(|entry| entry.bytes().all(|byte| byte.is_ascii_digit()));
    let rest = if entry.is_some() { &rest[4..] } else { rest };
    let (negative, rest) = [("RC", true), ("RD", false), ("C", false), ("D", true)]
        .into_iter()
        .find_map(|(mark, negative)| rest.strip_prefix(mark).map(|rest| (negative, rest)))
        .ok_or_else(wrong)?;
    // The third letter of the currency may stand before the amount.
    let rest = rest.strip_prefix(|c: char| c.is_ascii_uppercase()).unwrap_or(rest);
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ',').unwrap_or(rest.len());
    let amount = amounts::signed(rest[..end].trim_end_matches(','), amounts::DecimalMark::Comma, currency)
        .map_err(|error| error.to_string())?;
    // Behind the reference a second line may say a little.
    let text = rest[end..].split_once('\n').map_or("", |(_, supplement)| supplement);
    Ok(StatementLine {
        line: field.line,
        booked_on,
        minor: if negative { -amount } else { amount },
        currency,
        counterparty: String::new(),
        text: tidy(text),
    })
}

fn day(digits: &str) -> Option<Date> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| digits[range].parse::<i8>().ok();
    let (year, month, day) = (number(0..2)?, number(2..4)?, number(4..6)?);
    let year = i16::from(year) + if year >= 70 { 1900 } else { 2000 };
    Date::new(year, month, day).ok().filter(|date| plausible(*date))
}

/// Who, and what for. German banks number the parts (`?20` to `?29` and `?60` to `?63` what for, `?32` and `?33`
/// who); Dutch ones name them (`/NAME/…/REMI/…`); others write as they like.
fn purpose(value: &str, supplement: &str) -> (String, String) {
    let joined: String = value.lines().collect();
    if joined.contains("?20") || joined.contains("?32") {
        return numbered(&joined);
    }
    if let Some((name, remittance)) = named(&joined) {
        return (tidy(&name), tidy(&remittance));
    }
    let text = tidy(&value.replace('\n', " "));
    (String::new(), if text.is_empty() { supplement.to_owned() } else { text })
}

fn numbered(text: &str) -> (String, String) {
    let (mut who, mut what) = (String::new(), String::new());
    for part in text.split('?').skip(1) {
        let Some((number, rest)) = part.split_at_checked(2) else { continue };
        match number {
            "32" | "33" => who.push_str(rest),
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "60" | "61" | "62"
            | "63" => {
                what.push_str(rest);
                what.push(' ');
            }
            _ => {}
        }
    }
    (tidy(&who), tidy(&what))
}

fn named(text: &str) -> Option<(String, String)> {
    let part = |name: &str| {
        let (_, rest) = text.split_once(name)?;
        // The next name is capital letters between slashes.
        let end = rest.match_indices('/').find_map(|(at, _)| {
            let (word, _) = rest[at + 1..].split_once('/')?;
            let is_name = (3..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
            is_name.then_some(at)
        });
        Some(rest[..end.unwrap_or(rest.len())].to_owned())
    };
    let (name, remittance) = (part("/NAME/"), part("/REMI/"));
    (name.is_some() || remittance.is_some())
        .then(|| (name.unwrap_or_default(), remittance.unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn lines(text: &str) -> (Vec<StatementLine>, Vec<Option<u32>>) {
        let mut remarks = Remarks::default();
        let lines = read(text, Currency::INR, &mut remarks).unwrap();
        (lines, remarks.into_vec().into_iter().map(|remark| remark.line).collect())
    }

    #[test]
    fn movements_with_numbered_named_and_free_words() {
        let text = "{1:F01BANKDEFFXXXX}{4:\r\n:20:STARTUMS\r\n:25:10020030/1234\r\n:28C:1/1\r\n:60F:C251231EUR1000,00\r\n\
            :61:2601050105DR9,99N020NONREF//B1\r\n:86:105?00LASTSCHRIFT?20NETFLIX MONATS?21ABO?32NETFLIX INTER\r\n\
            ?33NATIONAL\r\n:61:2601070107C1500,N020SALARY\r\n:86:/NAME/ACME BV/REMI/Wage January/EREF/12\r\n\
            :61:260109D4,50NMSCNONREF\r\nCoffee Corner\r\n:62F:C260131EUR2485,51\r\n:86:closing words\r\n-}\r\n";
        let (found, remarks) = lines(text);
        assert_eq!(remarks, []);
        assert_eq!(found[0].booked_on, date(2026, 1, 5));
        assert_eq!((found[0].minor, found[0].currency.code(), found[0].line), (-999, "EUR", 6));
        assert_eq!(
            (found[0].counterparty.as_str(), found[0].text.as_str()),
            ("NETFLIX INTERNATIONAL", "NETFLIX MONATS ABO")
        );
        assert_eq!((found[1].minor, found[1].said().as_str()), (150_000, "ACME BV Wage January"));
        assert_eq!((found[2].minor, found[2].said().as_str()), (-450, "Coffee Corner"));
    }

    #[test]
    fn a_reversal_turns_its_sign_around() {
        let (found, _) = lines(":20:X\n:25:1\n:61:260105RC9,99N\n:61:260105RD9,99N\n");
        assert_eq!(found.iter().map(|line| line.minor).collect::<Vec<_>>(), [-999, 999]);
    }

    #[test]
    fn what_is_no_movement_is_named_by_its_line() {
        let (found, remarks) = lines(
            ":60F:C260101EUR1,\n:61:26013105D1,N\n:61:é60105D1,00N\n:61:260105X1,00N\n:61:260105D1,00N\n",
        );
        assert_eq!((found.len(), remarks), (1, vec![Some(2), Some(3), Some(4)]));
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(:61:|:86:|:60F:|[0-9]{0,10}|[CDR]{0,2}|[?/A-Z,é\n]{0,6}){0,40}") {
            let _ = lines(&text);
        }
    }
}

//! Open Financial Exchange: 1.x is SGML whose elements need not be closed, 2.x is XML. What is needed of either is a
//! flat list of elements and their values, so one reader serves both, and nothing in it can nest or expand.

use kernel::Currency;

use super::{StatementLine, plausible, tidy};
use crate::domain::import::{
    MAX_LINES, Remarks, Unreadable, amounts,
    dates::{self, DateOrder},
    line_number,
};

/// The movements of an OFX file. `fallback` is the currency where the file names none.
pub(in crate::domain::import) fn read(
    text: &str,
    fallback: Currency,
    remarks: &mut Remarks,
) -> Result<Vec<StatementLine>, Unreadable> {
    let mut reader = Reader { lines: Vec::new(), open: None, currency: None, fallback, unnamed: false };
    for element in Elements::of(text) {
        reader.take(&element, remarks);
        if reader.lines.len() > MAX_LINES {
            return Err(Unreadable::because(format!(
                "The statement has more than {MAX_LINES} transactions. Export a shorter period."
            )));
        }
    }
    reader.close(remarks);
    if reader.unnamed {
        remarks.file(format!("The file names no currency; {fallback} was taken."));
    }
    Ok(reader.lines)
}

struct Reader {
    lines: Vec<StatementLine>,
    open: Option<Transaction>,
    currency: Option<Currency>,
    fallback: Currency,
    unnamed: bool,
}

#[derive(Default)]
struct Transaction {
    line: u32,
    date: String,
    amount: String,
    currency: String,
    name: String,
    memo: String,
}

impl Reader {
    fn take(&mut self, element: &Element<'_>, remarks: &mut Remarks) {
        match element.name.to_uppercase().as_str() {
            "STMTTRN" => {
                self.close(remarks);
                self.open = Some(Transaction { line: element.line, ..Transaction::default() });
            }
            "/STMTTRN" | "/BANKTRANLIST" => self.close(remarks),
            "CURDEF" => self.currency = element.value().parse().ok(),
            "DTPOSTED" => self.set(|open| &mut open.date, element),
            "TRNAMT" => self.set(|open| &mut open.amount, element),
            "CURSYM" => self.set(|open| &mut open.currency, element),
            "NAME" => self.set(|open| &mut open.name, element),
            "MEMO" => self.set(|open| &mut open.memo, element),
            _ => {}
        }
    }

    /// The first value of a member counts: `NAME` stands again inside `PAYEE`.
    fn set(&mut self, member: impl Fn(&mut Transaction) -> &mut String, element: &Element<'_>) {
        if let Some(open) = &mut self.open {
            let member = member(open);
            if member.is_empty() {
                *member = element.value();
            }
        }
    }

    fn close(&mut self, remarks: &mut Remarks) {
        let Some(open) = self.open.take() else { return };
        let own = open.currency.parse().ok();
        self.unnamed |= own.or(self.currency).is_none();
        let currency = own.or(self.currency).unwrap_or(self.fallback);
        let day: String = open.date.chars().take(8).collect();
        let Some(booked_on) = dates::read(&day, DateOrder::YearFirst).filter(|date| plausible(*date)) else {
            remarks.line(open.line, format!("“{}” is no date: left out.", open.date));
            return;
        };
        let mark =
            if open.amount.contains(',') { amounts::DecimalMark::Comma } else { amounts::DecimalMark::Point };
        match amounts::signed(&open.amount, mark, currency) {
            Ok(minor) => self.lines.push(StatementLine {
                line: open.line,
                booked_on,
                minor,
                currency,
                counterparty: tidy(&open.name),
                text: tidy(&open.memo),
            }),
            Err(error) => remarks.line(open.line, format!("{error}: left out.")),
        }
    }
}

struct Element<'t> {
    name: &'t str,
    value: &'t str,
    line: u32,
}

impl Element<'_> {
    fn value(&self) -> String {
        unescaped(self.value.trim())
    }
}

/// The five entities that XML knows by itself, and numbered characters. Nothing else is expanded.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end <= 8);
        let known = end.and_then(|end| entity(&rest[1..end]));
        match (known, end) {
            (Some(letter), Some(end)) => {
                plain.push(letter);
                rest = &rest[end + 1..];
            }
            _ => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        number => number.strip_prefix('#')?.parse().ok().and_then(char::from_u32).filter(|c| !c.is_control()),
    }
}

/// The elements of a file one after the other, each with the text up to the next.
struct Elements<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Elements<'t> {
    fn of(text: &'t str) -> Self {
        Self { rest: text, line: 1 }
    }

    fn skip(&mut self, bytes: usize) -> &'t str {
        let (skipped, rest) = self.rest.split_at(bytes);
        self.line += skipped.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = rest;
        skipped
    }
}

impl<'t> Iterator for Elements<'t> {
    type Item = Element<'t>;

    fn next(&mut self) -> Option<Element<'t>> {
        let begin = self.rest.find('<')?;
        self.skip(begin);
        let line = line_number(self.line);
        let end = self.rest.find('>')?;
        let tag = self.skip(end + 1);
        let name = tag[1..end].split_whitespace().next().unwrap_or_default();
        let value = self.rest.find('<').unwrap_or(self.rest.len());
        let value = self.skip(value);
        Some(Element { name, value, line })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const SGML: &str = "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nCHARSET:1252\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>\
        <CURDEF>EUR\n<BANKTRANLIST>\n<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>20260105120000[-5:EST]\n<TRNAMT>-9.99\n\
        <FITID>1\n<NAME>NETFLIX &amp; CO\n<MEMO>Card 1234\n</STMTTRN>\n<STMTTRN>\n<DTPOSTED>20260107\n<TRNAMT>+1500,00\n\
        <NAME>SALARY\n<STMTTRN>\n<DTPOSTED>soon\n<TRNAMT>-1\n</BANKTRANLIST></STMTRS>";

    fn lines(text: &str) -> (Vec<StatementLine>, usize) {
        let mut remarks = Remarks::default();
        let lines = read(text, Currency::INR, &mut remarks).unwrap();
        (lines, remarks.into_vec().len())
    }

    #[test]
    fn sgml_whose_elements_stay_open() {
        let (found, remarks) = lines(SGML);
        assert_eq!((found.len(), remarks), (2, 1));
        assert_eq!(found[0].booked_on, date(2026, 1, 5));
        assert_eq!((found[0].minor, found[0].currency.code(), found[0].line), (-999, "EUR", 8));
        assert_eq!(found[0].said(), "NETFLIX & CO Card 1234");
        assert_eq!((found[1].minor, found[1].paid()), (150_000, None));
    }

    #[test]
    fn xml_with_a_currency_of_its_own_for_one_transaction() {
        let text = "<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><OFX><CCSTMTRS><BANKTRANLIST><STMTTRN>\
                    <DTPOSTED>20260105</DTPOSTED><TRNAMT>-1000</TRNAMT><PAYEE><NAME>SUICA</NAME></PAYEE>\
                    <CURRENCY><CURRATE>1</CURRATE><CURSYM>JPY</CURSYM></CURRENCY></STMTTRN><STMTTRN>\
                    <DTPOSTED>20260106</DTPOSTED><TRNAMT>-499</TRNAMT><NAME>A</NAME></STMTTRN></BANKTRANLIST></OFX>";
        let (found, remarks) = lines(text);
        assert_eq!((found[0].minor, found[0].currency.code()), (-1_000, "JPY"));
        assert_eq!((found[1].minor, found[1].currency.code()), (-49_900, "INR"));
        assert_eq!(remarks, 1, "that the currency was taken is said");
    }

    #[test]
    fn a_bomb_of_entities_stays_as_small_as_it_is() {
        let text = format!(
            "<!DOCTYPE x [<!ENTITY a \"{}\"><!ENTITY b \"&a;&a;&a;\">]><OFX><STMTTRN><DTPOSTED>20260105\
             <TRNAMT>-1<NAME>&b;&b;&b;&b;",
            "x".repeat(1_000)
        );
        assert_eq!(lines(&text).0[0].counterparty, "&b;&b;&b;&b;");
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(<[/A-Z ]{0,9}>|[a-z&;#0-9,.\n\u{e9}-]{0,9}|<STMTTRN>|<TRNAMT>|<DTPOSTED>2026){0,30}") {
            let _ = lines(&text);
        }
    }
}

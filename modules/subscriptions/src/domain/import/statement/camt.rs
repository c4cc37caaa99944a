//! ISO 20022 camt.053, the bank-to-customer statement, read as a stream: no tree is built, no document type is
//! allowed, no entity is expanded but the five of XML, and nesting has a bound.

use kernel::Currency;
use quick_xml::{
    Reader,
    escape::unescape,
    events::{BytesStart, Event},
};

use super::{StatementLine, plausible, tidy};
use crate::domain::import::{
    MAX_LINES, Remarks, Unreadable, amounts,
    dates::{self, DateOrder},
    line_number,
};

/// Deeper than any statement nests.
const DEEPEST: usize = 64;
/// Longer than any value of a statement.
const LONGEST: usize = 2_000;

/// The movements of a camt.053 document.
pub(in crate::domain::import) fn read(
    text: &str,
    remarks: &mut Remarks,
) -> Result<Vec<StatementLine>, Unreadable> {
    let mut xml = Reader::from_str(text);
    let mut statement = Statement::default();
    let mut lines = Lines { text, counted: 0, line: 1 };
    loop {
        let position = usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX);
        match xml.read_event() {
            Ok(Event::Start(element)) => statement.open(&element, lines.at(position))?,
            Ok(Event::Empty(_) | Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => {}
            Ok(Event::Text(value)) => statement.text(&value),
            Ok(Event::GeneralRef(entity)) => statement.entity(&entity)?,
            Ok(Event::CData(value)) => statement.text(&value),
            Ok(Event::End(_)) => statement.close(remarks)?,
            Ok(Event::DocType(_)) => {
                return Err(Unreadable::because(
                    "The file defines a document type of its own, which no bank does. It is not read.",
                ));
            }
            Ok(Event::Eof) => break,
            Err(error) => {
                return Err(Unreadable::because(format!(
                    "The XML breaks off or is damaged near line {}: {error}.",
                    lines.at(position)
                )));
            }
        }
    }
    if !statement.path.is_empty() {
        return Err(Unreadable::because("The XML breaks off before its end. Fetch the file once more."));
    }
    Ok(statement.lines)
}

/// Counts lines up to a position, going forwards only.
struct Lines<'t> {
    text: &'t str,
    counted: usize,
    line: usize,
}

impl Lines<'_> {
    fn at(&mut self, position: usize) -> u32 {
        let position = position.min(self.text.len());
        if position > self.counted {
            let passed = &self.text.as_bytes()[self.counted..position];
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.counted = position;
        }
        line_number(self.line)
    }
}

#[derive(Default)]
struct Statement {
    path: Vec<String>,
    value: String,
    entry: Option<Entry>,
    lines: Vec<StatementLine>,
}

#[derive(Default)]
struct Entry {
    line: u32,
    amount: Amount,
    debit: bool,
    pending: bool,
    booked: String,
    valued: String,
    info: String,
    details: Vec<Detail>,
}

#[derive(Default, Clone)]
struct Amount {
    text: String,
    currency: String,
}

/// One of the payments that an entry gathers.
#[derive(Default)]
struct Detail {
    amount: Amount,
    creditor: String,
    debtor: String,
    remittance: String,
}

impl Statement {
    fn open(&mut self, element: &BytesStart<'_>, line: u32) -> Result<(), Unreadable> {
        if self.path.len() >= DEEPEST {
            return Err(Unreadable::because("The XML nests deeper than any statement does. It is not read."));
        }
        let name = element.local_name().as_ref().to_owned();
        match name.as_str() {
            "Ntry" => self.entry = Some(Entry { line, ..Entry::default() }),
            "TxDtls" => {
                if let Some(entry) = &mut self.entry {
                    entry.details.push(Detail::default());
                }
            }
            "Amt" => {
                let currency = element.try_get_attribute("Ccy").ok().flatten();
                let currency = currency.map(|it| it.value.into_owned()).unwrap_or_default();
                self.path.push(name);
                if let Some(amount) = self.amount() {
                    amount.currency = currency;
                }
                self.value.clear();
                return Ok(());
            }
            _ => {}
        }
        self.path.push(name);
        self.value.clear();
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.entry.is_some() && self.value.len() < LONGEST {
            self.value.push_str(text);
        }
    }

    fn entity(&mut self, name: &str) -> Result<(), Unreadable> {
        match unescape(&format!("&{name};")) {
            Ok(text) => {
                self.text(&text);
                Ok(())
            }
            Err(_) => Err(Unreadable::because(format!(
                "The XML uses “&{name};”, which means nothing in a statement."
            ))),
        }
    }

    /// Where the amount that is open belongs, if it counts.
    fn amount(&mut self) -> Option<&mut Amount> {
        let inside =
            |parent: &str, path: &[String]| path.iter().rev().nth(1).is_some_and(|name| name == parent);
        let of_entry = inside("Ntry", &self.path);
        let of_detail = inside("TxDtls", &self.path) || inside("TxAmt", &self.path);
        let entry = self.entry.as_mut()?;
        if of_entry {
            return Some(&mut entry.amount);
        }
        let detail = entry.details.last_mut().filter(|_| of_detail)?;
        Some(&mut detail.amount)
    }

    fn close(&mut self, remarks: &mut Remarks) -> Result<(), Unreadable> {
        let value = tidy(&self.value);
        self.value.clear();
        self.keep(value);
        if self.path.pop().as_deref() == Some("Ntry")
            && let Some(entry) = self.entry.take()
        {
            entry.into_lines(&mut self.lines, remarks);
        }
        if self.lines.len() > MAX_LINES {
            return Err(Unreadable::because(format!(
                "The statement has more than {MAX_LINES} transactions. Export a shorter period."
            )));
        }
        Ok(())
    }

    /// Puts the value of the element that ends where it belongs.
    fn keep(&mut self, value: String) {
        let names: Vec<&str> = self.path.iter().rev().take(4).map(String::as_str).collect();
        let name = names.first().copied().unwrap_or_default();
        let within = |parent: &str| names[1..].contains(&parent);
        if name == "Amt" {
            if let Some(amount) = self.amount() {
                amount.text = value;
            }
            return;
        }
        let Some(entry) = &mut self.entry else { return };
        match name {
            "CdtDbtInd" if names.get(1) == Some(&"Ntry") => entry.debit = value == "DBIT",
            "Sts" if names.get(1) == Some(&"Ntry") && !value.is_empty() => entry.pending = value != "BOOK",
            "Cd" if names.get(1) == Some(&"Sts") && names.get(2) == Some(&"Ntry") => {
                entry.pending = value != "BOOK";
            }
            "Dt" | "DtTm" if within("BookgDt") => entry.booked = value,
            "Dt" | "DtTm" if within("ValDt") => entry.valued = value,
            "AddtlNtryInf" => entry.info = value,
            "Nm" | "Ustrd" => {
                let Some(detail) = entry.details.last_mut() else { return };
                if name == "Ustrd" {
                    detail.remittance = tidy(&format!("{} {value}", detail.remittance));
                } else if within("Cdtr") {
                    detail.creditor = value;
                } else if within("Dbtr") {
                    detail.debtor = value;
                }
            }
            _ => {}
        }
    }
}

impl Entry {
    fn into_lines(self, lines: &mut Vec<StatementLine>, remarks: &mut Remarks) {
        // What is only announced may never come, and comes again when it does.
        if self.pending {
            remarks.line(self.line, "It is not booked yet: left out.");
            return;
        }
        let date = if self.booked.is_empty() { &self.valued } else { &self.booked };
        let day = date.get(..10).unwrap_or(date);
        let Some(booked_on) = dates::read(day, DateOrder::YearFirst).filter(|date| plausible(*date)) else {
            remarks.line(self.line, format!("“{date}” is no date: left out."));
            return;
        };
        // The indicator says which way the money went, of a reversal too.
        let debit = self.debit;
        let several =
            self.details.len() > 1 && self.details.iter().all(|detail| !detail.amount.text.is_empty());
        let details = if several { self.details } else { self.details.into_iter().take(1).collect() };
        let parts: Vec<(Amount, Detail)> = if details.is_empty() {
            vec![(self.amount, Detail::default())]
        } else if several {
            details.into_iter().map(|detail| (detail.amount.clone(), detail)).collect()
        } else {
            details.into_iter().map(|detail| (self.amount.clone(), detail)).collect()
        };
        for (amount, detail) in parts {
            let found =
                amount.currency.parse::<Currency>().map_err(|error| error.to_string()).and_then(|currency| {
                    let minor = amounts::signed(&amount.text, amounts::DecimalMark::Point, currency);
                    minor.map(|minor| (minor, currency)).map_err(|error| error.to_string())
                });
            match found {
                Ok((minor, currency)) => {
                    let text =
                        if detail.remittance.is_empty() { self.info.clone() } else { detail.remittance };
                    let counterparty = if debit { detail.creditor } else { detail.debtor };
                    let minor = if debit { -minor } else { minor };
                    lines.push(StatementLine {
                        line: self.line,
                        booked_on,
                        minor,
                        currency,
                        counterparty,
                        text,
                    });
                }
                Err(why) => remarks.line(self.line, format!("{why}: left out.")),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn document(entries: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
             <BkToCstmrStmt><Stmt>\n{entries}\n</Stmt></BkToCstmrStmt></Document>"
        )
    }

    const NETFLIX: &str = "<Ntry><Amt Ccy=\"EUR\">9.99</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-01-05</Dt>\
        </BookgDt><NtryDtls><TxDtls><RltdPties><Cdtr><Nm>Netflix &amp; Co</Nm></Cdtr><Dbtr><Nm>Me</Nm></Dbtr></RltdPties><RmtInf>\
        <Ustrd>Monats</Ustrd><Ustrd>abo</Ustrd></RmtInf></TxDtls></NtryDtls><AddtlNtryInf>Direct debit</AddtlNtryInf></Ntry>";

    fn lines(text: &str) -> Result<(Vec<StatementLine>, usize), Unreadable> {
        let mut remarks = Remarks::default();
        read(text, &mut remarks).map(|lines| (lines, remarks.into_vec().len()))
    }

    #[test]
    fn entries_become_lines() {
        let (found, remarks) = lines(&document(NETFLIX)).unwrap();
        assert_eq!((found.len(), remarks), (1, 0));
        assert_eq!((found[0].booked_on, found[0].minor, found[0].line), (date(2026, 1, 5), -999, 3));
        assert_eq!(found[0].said(), "Netflix & Co Monats abo");
    }

    #[test]
    fn an_entry_of_several_payments_becomes_as_many_lines() {
        let batch = "<Ntry><Amt Ccy=\"EUR\">15.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><DtTm>\
            2026-01-05T10:00:00</DtTm></BookgDt><NtryDtls><TxDtls><Amt Ccy=\"EUR\">10.00</Amt><RltdPties><Cdtr><Pty><Nm>A</Nm></Pty>\
            </Cdtr></RltdPties></TxDtls><TxDtls><AmtDtls><TxAmt><Amt Ccy=\"EUR\">5.00</Amt></TxAmt></AmtDtls></TxDtls></NtryDtls></Ntry>";
        let (found, _) = lines(&document(batch)).unwrap();
        assert_eq!(found.iter().map(|line| line.minor).collect::<Vec<_>>(), [-1_000, -500]);
        assert_eq!(found[0].counterparty, "A");
    }

    #[test]
    fn what_is_not_booked_or_makes_no_sense_is_left_out_and_named() {
        let pending = NETFLIX.replace("BOOK", "PDNG");
        let undated = NETFLIX.replace("2026-01-05", "soon");
        let foreign = NETFLIX.replace("EUR", "XXQ");
        assert_eq!(lines(&document(&format!("{pending}{undated}{foreign}"))).unwrap(), (vec![], 3));
    }

    #[test]
    fn hostile_xml_is_refused_in_words() {
        let bomb = format!("<!DOCTYPE d [<!ENTITY a \"{}\">]>{}", "x".repeat(100), document(NETFLIX));
        let deep = document(&"<a>".repeat(10_000));
        let entity = document(&NETFLIX.replace("&amp;", "&bomb;"));
        let cut = &document(NETFLIX)[..400];
        for wrong in [bomb.as_str(), &deep, &entity, cut, "<a></b>"] {
            assert!(lines(wrong).unwrap_err().to_string().ends_with('.'));
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "(</?Ntry>|</?Amt>|<Amt Ccy=\"EUR\">|</?TxDtls>|</?Nm>|&[a-z#0-9]{0,4};|[<>a-z0-9. ]{0,6}){0,30}") {
            let _ = lines(&text);
        }
    }
}

//! The reference rates as the European Central Bank publishes them: an XML file of one day, of 90, or of all.

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::Currency;
use quick_xml::{Reader, XmlVersion, events::BytesStart, events::Event};

use super::{Rate, RateError, ReferenceRates};

/// How deep the elements of such a file lie: four, and some to spare.
const DEPTH: usize = 16;
/// More days than there have been since the euro.
const DAYS: usize = 50_000;

/// Why nothing of a file is taken. Half a file is none: what is kept is always what the bank said as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// It is not XML, or it ends before its elements do.
    #[error("not well-formed: {0}")]
    Malformed(String),
    /// A rate that belongs to no day, or a day that is none.
    #[error("a day is missing or wrong: {0:?}")]
    Day(String),
    /// The same day, or the same currency on a day, twice.
    #[error("{0} stands there twice")]
    Twice(String),
    /// A rate of a currency we know, and it is none.
    #[error("the rate of {currency} on {day} is {text:?}: {error}")]
    Rate {
        /// Of which currency.
        currency: Currency,
        /// On which day.
        day: Date,
        /// What stands there.
        text: String,
        /// What is wrong with it.
        error: RateError,
    },
    /// There are no rates in it, or none on one of its days.
    #[error("no rates")]
    Nothing,
    /// It is far larger than such a file is.
    #[error("far larger than a file of rates")]
    TooLarge,
}

/// The days of a file, the oldest first. Currencies that we do not count in are passed over.
///
/// # Errors
/// [`SheetError`]: then nothing of the file is to be kept.
pub fn read_sheet(text: &str) -> Result<Vec<ReferenceRates>, SheetError> {
    let mut reader = Reader::from_str(text);
    let mut sheet = Sheet::default();
    loop {
        match reader.read_event().map_err(|error| SheetError::Malformed(error.to_string()))? {
            Event::Start(element) => {
                sheet.take(&element)?;
                sheet.depth += 1;
                if sheet.depth > DEPTH {
                    return Err(SheetError::TooLarge);
                }
            }
            Event::Empty(element) => {
                sheet.take(&element)?;
                sheet.close();
            }
            Event::End(_) => {
                sheet.depth = sheet.depth.saturating_sub(1);
                sheet.close();
            }
            Event::Eof => return sheet.finish(),
            Event::Text(_)
            | Event::CData(_)
            | Event::Comment(_)
            | Event::Decl(_)
            | Event::PI(_)
            | Event::DocType(_)
            | Event::GeneralRef(_) => {}
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Sheet {
    depth: usize,
    /// Which day we are inside of, and at which depth it began.
    open: Option<(Date, usize)>,
    days: BTreeMap<Date, BTreeMap<&'static str, Rate>>,
}

impl Sheet {
    fn take(&mut self, element: &BytesStart<'_>) -> Result<(), SheetError> {
        if element.local_name().as_ref() != "Cube" {
            return Ok(());
        }
        let Cube { time, currency, rate } = Cube::of(element)?;
        if let Some(time) = time {
            return self.begin(&time);
        }
        match (currency, rate) {
            (Some(currency), Some(rate)) => self.add(&currency, &rate),
            (None, None) => Ok(()),
            (Some(half), None) | (None, Some(half)) => {
                Err(SheetError::Malformed(format!("half a rate: {half:?}")))
            }
        }
    }

    fn begin(&mut self, time: &str) -> Result<(), SheetError> {
        let day = kernel::parse_date(time).map_err(|_| SheetError::Day(time.to_owned()))?;
        if self.days.insert(day, BTreeMap::new()).is_some() {
            return Err(SheetError::Twice(day.to_string()));
        }
        if self.days.len() > DAYS {
            return Err(SheetError::TooLarge);
        }
        self.open = Some((day, self.depth));
        Ok(())
    }

    fn add(&mut self, code: &str, text: &str) -> Result<(), SheetError> {
        let Some((day, _)) = self.open else { return Err(SheetError::Day(String::new())) };
        let Ok(currency) = code.parse::<Currency>() else { return Ok(()) };
        let rate = text.parse().map_err(|error| SheetError::Rate {
            currency,
            day,
            text: text.chars().take(40).collect(),
            error,
        })?;
        match self.days.entry(day).or_default().insert(currency.code(), rate) {
            None => Ok(()),
            Some(_) => Err(SheetError::Twice(format!("{currency} on {day}"))),
        }
    }

    /// Leaves the day whose element has ended.
    fn close(&mut self) {
        self.open = self.open.filter(|(_, began)| *began < self.depth);
    }

    fn finish(self) -> Result<Vec<ReferenceRates>, SheetError> {
        if self.depth > 0 {
            return Err(SheetError::Malformed("it ends before its elements do".into()));
        }
        if self.days.is_empty() || self.days.values().any(BTreeMap::is_empty) {
            return Err(SheetError::Nothing);
        }
        Ok(self.days.into_iter().map(|(day, rates)| ReferenceRates::new(day, rates)).collect())
    }
}

/// What an element says.
#[derive(Default)]
struct Cube {
    time: Option<String>,
    currency: Option<String>,
    rate: Option<String>,
}

impl Cube {
    fn of(element: &BytesStart<'_>) -> Result<Self, SheetError> {
        let malformed = |error: String| SheetError::Malformed(error);
        let mut cube = Self::default();
        for attribute in element.attributes() {
            let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
            let place = match attribute.key.as_ref() {
                "time" => &mut cube.time,
                "currency" => &mut cube.currency,
                "rate" => &mut cube.rate,
                _ => continue,
            };
            let value = attribute.normalized_value(XmlVersion::Explicit1_0);
            *place = Some(value.map_err(|error| malformed(error.to_string()))?.into_owned());
        }
        Ok(cube)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::testing::day;

    fn sheet(days: &str) -> String {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <gesmes:Envelope xmlns:gesmes=\"http://www.gesmes.org/xml/2002-08-01\" \
             xmlns=\"http://www.ecb.int/vocabulary/2002-08-01/eurofxref\">\n\
             \t<gesmes:subject>Reference rates</gesmes:subject>\n\t<Cube>\n{days}\t</Cube>\n</gesmes:Envelope>\n"
        )
    }

    fn one(rates: &[(&str, &str)]) -> String {
        let rates: String =
            rates.iter().map(|(code, rate)| format!("<Cube currency='{code}' rate='{rate}'/>\n")).collect();
        format!("<Cube time='2026-05-04'>\n{rates}</Cube>\n")
    }

    fn refused(days: &str) -> SheetError {
        read_sheet(&sheet(days)).unwrap_err()
    }

    #[test]
    fn a_sheet_of_several_days_is_read_the_oldest_first() {
        let text = sheet(
            "<Cube time=\"2026-05-05\"><Cube currency=\"USD\" rate=\"1.1731\"/></Cube>\
             <Cube time='2026-05-04'><Cube currency='USD' rate='1.1730'/><Cube currency='INR' rate='98.4215'/></Cube>",
        );
        let days = read_sheet(&text).unwrap();
        let read: Vec<_> = days.iter().map(|set| (set.day(), set.len())).collect();
        assert_eq!(read, [(day("2026-05-04"), 2), (day("2026-05-05"), 1)]);
        let dollars = days[1].per_euro(Currency::USD).unwrap();
        assert_eq!(dollars.to_string(), "1.1731");
    }

    #[test]
    fn a_currency_that_we_do_not_count_in_is_passed_over() {
        let set = read_sheet(&sheet(&one(&[("XAU", "0.0004"), ("ABC", "NaN"), ("USD", "1.1730")]))).unwrap();
        assert_eq!(set[0].len(), 1);
    }

    #[test]
    fn a_sheet_with_anything_wrong_in_it_is_refused_whole() {
        for rate in ["NaN", "-1.1", "0", "0.0000", "", "1e5", "12345678901234567890", "1,17"] {
            let error = refused(&one(&[("INR", "98.4"), ("USD", rate)]));
            assert!(matches!(error, SheetError::Rate { .. }), "{rate}: {error}");
        }
        let twice = one(&[("USD", "1.1"), ("USD", "1.2")]);
        assert_eq!(refused(&twice), SheetError::Twice("USD on 2026-05-04".into()));
        let day = one(&[("USD", "1.1")]);
        assert_eq!(refused(&format!("{day}{day}")), SheetError::Twice("2026-05-04".into()));
        assert_eq!(refused("<Cube currency='USD' rate='1.1'/>"), SheetError::Day(String::new()));
        assert_eq!(refused(&day.replace("2026-05-04", "2026-02-30")), SheetError::Day("2026-02-30".into()));
        assert_eq!(
            refused(&format!("{day}<Cube currency='INR' rate='98.4'/>")),
            SheetError::Day(String::new())
        );
        assert_eq!(refused("<Cube time='2026-05-04'/>"), SheetError::Nothing);
        let empty = "<Cube time='2026-05-04'/><Cube currency='USD' rate='1.1'/>";
        assert_eq!(refused(empty), SheetError::Day(String::new()));
        assert_eq!(refused(""), SheetError::Nothing);
        assert!(matches!(
            refused("<Cube time='2026-05-04'><Cube currency='USD'/></Cube>"),
            SheetError::Malformed(_)
        ));
        assert!(matches!(read_sheet(""), Err(SheetError::Nothing)));
        assert!(matches!(read_sheet("<html><body>Sorry</body></html>"), Err(SheetError::Nothing)));
        assert!(matches!(read_sheet("Sorry & goodbye <"), Err(SheetError::Malformed(_))));
        assert_eq!(refused(&"<a>".repeat(1000)), SheetError::TooLarge);
    }

    #[test]
    fn entities_are_not_expanded() {
        let bomb = format!(
            "<!DOCTYPE x [<!ENTITY a \"1\"><!ENTITY b \"&a;&a;&a;\">]>{}",
            sheet(&one(&[("USD", "&b;")])).split_once("?>").unwrap().1
        );
        assert!(matches!(read_sheet(&bomb), Err(SheetError::Malformed(_))), "{:?}", read_sheet(&bomb));
    }

    proptest! {
        /// Wherever it breaks off, nothing of it is taken.
        #[test]
        fn a_sheet_that_breaks_off_is_refused(end in 0_usize..1_000) {
            let whole = sheet(&one(&[("USD", "1.1730"), ("INR", "98.4215"), ("JPY", "184.25")]));
            let whole = whole.trim_end();
            let end = end % whole.len();
            prop_assert!(read_sheet(&whole[..end]).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in "[<>/='\" a-zA-Z0-9.!&;?\\-]{0,200}") {
            let _ = read_sheet(&text);
            let _ = read_sheet(&sheet(&text));
        }
    }
}

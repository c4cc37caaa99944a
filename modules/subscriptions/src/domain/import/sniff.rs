//! What a file is, by its first bytes.

use super::Unreadable;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $word:literal $label:literal)*) => {
        /// What a file turned out to be.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ImportKind)]
        pub enum Kind { $($(#[$doc])* $name,)* }

        impl Kind {
            /// Every one.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What people call it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }

        impl std::str::FromStr for Kind {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| format!("{text} is no kind"))
            }
        }
    };
}

kinds! {
    /// An export of this program.
    Perennial "perennial" "Perennial export"
    /// An export, an answer of the API, or the database of Wallos.
    Wallos "wallos" "Wallos"
    /// An export or an answer of the API of Subtrackr.
    Subtrackr "subtrackr" "Subtrackr"
    /// A table with separators.
    Csv "csv" "Table (CSV)"
    /// Open Financial Exchange, as SGML or XML.
    Ofx "ofx" "Bank statement (OFX)"
    /// SWIFT MT940.
    Mt940 "mt940" "Bank statement (MT940)"
    /// ISO 20022 camt.053.
    Camt053 "camt053" "Bank statement (CAMT.053)"
}

/// Beginnings of files that are none of what is read here, and what to do with them.
const REFUSED: &[(&[u8], &str)] = &[
    (
        b"PK\x03\x04",
        "This is a ZIP archive; a spreadsheet (.xlsx, .ods) is one, too. Archives are not unpacked here: unpack it \
         yourself, or save the sheet as CSV.",
    ),
    (b"PK\x05\x06", "This is an empty ZIP archive."),
    (b"PK\x07\x08", "This is a part of a ZIP archive. Archives are not unpacked here: unpack it yourself."),
    (b"\x1f\x8b", "This is packed with gzip. Archives are not unpacked here: unpack it yourself."),
    (b"BZh", "This is packed with bzip2. Archives are not unpacked here: unpack it yourself."),
    (b"\xfd7zXZ", "This is packed with xz. Archives are not unpacked here: unpack it yourself."),
    (b"7z\xbc\xaf\x27\x1c", "This is a 7z archive. Archives are not unpacked here: unpack it yourself."),
    (b"Rar!", "This is a RAR archive. Archives are not unpacked here: unpack it yourself."),
    (
        b"\x28\xb5\x2f\xfd",
        "This is packed with Zstandard. Archives are not unpacked here: unpack it yourself.",
    ),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file. Open it, and save the sheet as CSV."),
    (b"%PDF", "This is a PDF. Ask your bank for the statement as CSV, OFX, MT940 or CAMT.053."),
    (b"\x89PNG", "This is a picture. Ask your bank for the statement as CSV, OFX, MT940 or CAMT.053."),
    (b"\xff\xd8\xff", "This is a picture. Ask your bank for the statement as CSV, OFX, MT940 or CAMT.053."),
    (b"GIF8", "This is a picture. Ask your bank for the statement as CSV, OFX, MT940 or CAMT.053."),
];

/// What SQLite's files begin with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Whether it is a SQLite database, when it is anything that can be read at all.
pub(super) fn is_database(bytes: &[u8]) -> Result<bool, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::because("The file is empty."));
    }
    match REFUSED.iter().find(|(start, _)| bytes.starts_with(start)) {
        Some((_, words)) => Err(Unreadable::because(*words)),
        None => Ok(bytes.starts_with(SQLITE)),
    }
}

/// What a text is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Writing {
    Json,
    Ofx,
    Mt940,
    Camt,
    Table,
}

/// How much of a text is looked at to tell what it is.
const HEAD: usize = 8_192;

/// What a text is written in.
pub(super) fn writing(text: &str) -> Result<Writing, Unreadable> {
    let text = text.trim_start();
    let head: String = text.chars().take(HEAD).collect();
    let upper = head.to_uppercase();
    if head.is_empty() {
        return Err(Unreadable::because("There is nothing in the file."));
    }
    if head.starts_with(['{', '[']) && !head.starts_with("{1:") {
        return Ok(Writing::Json);
    }
    if upper.starts_with("OFXHEADER") || (head.starts_with('<') && upper.contains("<OFX>")) {
        return Ok(Writing::Ofx);
    }
    if head.starts_with('<') {
        return xml(&head, &upper);
    }
    let mt940 = head.lines().any(|line| line.starts_with(":61:"))
        || (head.lines().any(|line| line.starts_with(":20:"))
            && head.lines().any(|line| line.starts_with(":25:")));
    Ok(if mt940 { Writing::Mt940 } else { Writing::Table })
}

fn xml(head: &str, upper: &str) -> Result<Writing, Unreadable> {
    if head.contains("camt.053") || head.contains("BkToCstmrStmt") {
        return Ok(Writing::Camt);
    }
    let words = if upper.contains("<HTML") {
        "This is a web page, not a file of your bank: the log-in may have run out while it was fetched. Fetch it once \
         more."
    } else {
        "This is XML, but neither an OFX nor a CAMT.053 statement."
    };
    Err(Unreadable::because(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_tells_what_it_is_written_in() {
        for (text, expected) in [
            ("\n {\"format\": \"perennial\"}", Writing::Json),
            ("[]", Writing::Json),
            ("OFXHEADER:100\nDATA:OFXSGML\n\n<OFX>", Writing::Ofx),
            ("<?xml version=\"1.0\"?><?OFX OFXHEADER=\"200\"?><OFX>", Writing::Ofx),
            (":20:STARTUMS\n:25:10020030/1234\n:60F:C260101EUR1,00", Writing::Mt940),
            ("{1:F01BANKDEFFXXXX}{4:\n:20:X\n:25:1\n", Writing::Mt940),
            ("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">", Writing::Camt),
            ("Name,Price\nNetflix,1", Writing::Table),
        ] {
            assert_eq!(writing(text), Ok(expected), "{text}");
        }
        for wrong in ["  \n ", "<!doctype html><html><title>Log in</title>", "<rss></rss>"] {
            assert!(writing(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn archives_and_documents_are_refused_whatever_they_are_called() {
        for (start, _) in REFUSED {
            let file = [start, &b"anything"[..]].concat();
            assert!(is_database(&file).unwrap_err().to_string().ends_with('.'));
        }
        assert_eq!(is_database(b"SQLite format 3\0rest"), Ok(true));
        assert_eq!(is_database(b"Name,Price"), Ok(false));
        assert!(is_database(b"").is_err());
    }
}

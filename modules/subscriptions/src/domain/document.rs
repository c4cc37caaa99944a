//! A file that is kept with a payment: what it may be, and what it is called.

use std::{fmt, str::FromStr};

/// The most bytes of one: 10 MB.
pub const MOST_BYTES: usize = 10 * 1024 * 1024;
/// How many a payment has at most.
pub const MOST_OF_PAYMENT: i64 = 10;
/// How many bytes a household keeps at most: 500 MB.
pub const MOST_IN_HOUSEHOLD: i64 = 500 * 1024 * 1024;

/// What is wrong with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Nothing in it.
    #[error("must not be empty")]
    Empty,
    /// More than [`MOST_BYTES`].
    #[error("must have at most 10 MB")]
    TooLong,
    /// Its content begins like no kind that is kept, whatever it is called.
    #[error("must be a PDF, or an image in PNG, JPEG or WebP; its content is none of these")]
    Kind,
}

/// What a file is by its content. What can carry scripts or markup, such as SVG, is none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// A document.
    Pdf,
    /// An image.
    Png,
    /// A photograph.
    Jpeg,
    /// Another image.
    WebP,
}

impl DocumentKind {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Pdf, Self::Png, Self::Jpeg, Self::WebP];

    /// What a content is. Names and announced types are not looked at: whoever sends a file writes those, too.
    ///
    /// # Errors
    /// [`DocumentError`] when it is not to be kept.
    pub fn of(content: &[u8]) -> Result<Self, DocumentError> {
        if content.is_empty() {
            return Err(DocumentError::Empty);
        }
        if content.len() > MOST_BYTES {
            return Err(DocumentError::TooLong);
        }
        Self::ALL.into_iter().find(|kind| kind.begins(content)).ok_or(DocumentError::Kind)
    }

    fn begins(self, content: &[u8]) -> bool {
        match self {
            Self::Pdf => content.starts_with(b"%PDF-"),
            Self::Png => content.starts_with(b"\x89PNG\r\n\x1a\n"),
            Self::Jpeg => content.starts_with(b"\xff\xd8\xff"),
            Self::WebP => content.starts_with(b"RIFF") && content.get(8..12) == Some(b"WEBP"),
        }
    }

    /// The media type it is served with.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// The word in the database, and the ending of its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Png => "png",
            Self::Jpeg => "jpeg",
            Self::WebP => "webp",
        }
    }

    fn is_ending(self, ending: &str) -> bool {
        ending.eq_ignore_ascii_case(self.as_str())
            || (self == Self::Jpeg && ending.eq_ignore_ascii_case("jpg"))
    }
}

/// A text that names no kind of file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of pdf, png, jpeg, webp")]
pub struct DocumentKindError;

impl FromStr for DocumentKind {
    type Err = DocumentKindError;

    fn from_str(text: &str) -> Result<Self, DocumentKindError> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(DocumentKindError)
    }
}

/// What a file is called: one line without a path, with the ending of what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// The most characters before the ending.
    const MOST: usize = 100;

    /// A harmless name made of the one that came with a file. Nothing is refused: a name is only a name.
    pub fn of(given: &str, kind: DocumentKind) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let clean: String = last.chars().filter(|c| is_harmless(*c)).collect();
        let clean = clean.trim_matches(|c: char| c.is_whitespace() || c == '.');
        let stem = match clean.rsplit_once('.') {
            Some((stem, ending)) if kind.is_ending(ending) => stem.trim_end(),
            Some(_) | None => clean,
        };
        let stem: String = stem.chars().take(Self::MOST).collect();
        let stem = if stem.is_empty() { "document" } else { &stem };
        Self(format!("{stem}.{}", kind.as_str()))
    }

    /// For a name already known to be right: read from a database.
    pub const fn stored(name: String) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Neither what steers a terminal or turns the text around it, nor what some system does not take in a name.
fn is_harmless(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        && !matches!(c, '"' | '<' | '>' | ':' | '|' | '?' | '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn a_file_is_what_its_content_is() {
        for (content, kind) in [
            (&b"%PDF-1.7\n"[..], DocumentKind::Pdf),
            (PNG, DocumentKind::Png),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", DocumentKind::Jpeg),
            (b"RIFF\x24\0\0\0WEBPVP8 ", DocumentKind::WebP),
        ] {
            assert_eq!(DocumentKind::of(content), Ok(kind));
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
    }

    #[test]
    fn what_can_carry_a_script_or_pretends_is_refused() {
        for content in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"[..],
            b"<!doctype html><script>alert(1)</script>",
            b" %PDF-1.7",
            b"GIF89a",
            b"MZ\x90\0",
            b"PK\x03\x04",
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"RIFF",
            b"\x89PNG",
        ] {
            assert_eq!(DocumentKind::of(content), Err(DocumentError::Kind), "{content:?}");
        }
        assert_eq!(DocumentKind::of(b""), Err(DocumentError::Empty));
    }

    #[test]
    fn ten_megabytes_are_taken_and_a_byte_more_is_not() {
        let mut content = PNG.to_vec();
        content.resize(MOST_BYTES, 0);
        assert_eq!(DocumentKind::of(&content), Ok(DocumentKind::Png));
        content.push(0);
        assert_eq!(DocumentKind::of(&content), Err(DocumentError::TooLong));
    }

    #[test]
    fn a_name_loses_its_path_and_its_tricks_and_gets_its_ending() {
        for (given, kind, name) in [
            ("Invoice May.pdf", DocumentKind::Pdf, "Invoice May.pdf"),
            ("../../etc/passwd", DocumentKind::Pdf, "passwd.pdf"),
            ("C:\\Users\\asha\\bill.PDF", DocumentKind::Pdf, "bill.pdf"),
            ("page.html", DocumentKind::Png, "page.html.png"),
            ("photo.jpg", DocumentKind::Jpeg, "photo.jpeg"),
            ("bill\u{202e}fdp.exe", DocumentKind::Pdf, "billfdp.exe.pdf"),
            ("a\r\nSet-Cookie: x=\"1\"", DocumentKind::Pdf, "aSet-Cookie x=1.pdf"),
            ("बिल मई.pdf", DocumentKind::Pdf, "बिल मई.pdf"),
            ("", DocumentKind::WebP, "document.webp"),
            (".pdf", DocumentKind::Pdf, "pdf.pdf"),
            ("...", DocumentKind::Pdf, "document.pdf"),
        ] {
            assert_eq!(FileName::of(given, kind).as_str(), name, "{given:?}");
        }
        let long = FileName::of(&"ä".repeat(500), DocumentKind::Pdf);
        assert_eq!(long.as_str().chars().count(), FileName::MOST + 4);
    }
}

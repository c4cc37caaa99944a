//! Bytes to text.

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Unreadable;

/// How much of a file may say how its text is written.
const HEAD: usize = 512;

/// A file's text, and what was doubtful about reading it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded {
    pub(super) text: String,
    pub(super) remark: Option<String>,
}

/// The text of a file: UTF-8, with a mark at its beginning or without; UTF-16 with a mark; else what the file itself
/// says it is written in; else Windows-1252, which every bank of the west has used, and that is said aloud.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Unreadable> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return marked_utf8(rest);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return utf16(rest, UTF_16LE);
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return utf16(rest, UTF_16BE);
    }
    // No text has one; no other reading could give it a meaning.
    if bytes.contains(&0) {
        return Err(Unreadable::because("This is not a text file: it holds bytes that no text has."));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: text.to_owned(), remark: None }),
        Err(error) => other(bytes, error.valid_up_to()),
    }
}

fn marked_utf8(bytes: &[u8]) -> Result<Decoded, Unreadable> {
    match std::str::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(Decoded { text: text.to_owned(), remark: None }),
        Ok(_) => Err(Unreadable::because("This is not a text file: it holds bytes that no text has.")),
        Err(error) => Err(Unreadable::because(format!(
            "The file says that it is UTF-8 and is not, from byte {} on. It may be damaged; fetch it once more.",
            error.valid_up_to() + 3
        ))),
    }
}

fn utf16(bytes: &[u8], encoding: &'static Encoding) -> Result<Decoded, Unreadable> {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken || text.contains('\0') {
        return Err(Unreadable::because(
            "The file says that it is UTF-16 and is not. It may be damaged; fetch it once more.",
        ));
    }
    Ok(Decoded { text: text.into_owned(), remark: None })
}

/// Text in one of the encodings of a byte a character.
fn other(bytes: &[u8], valid_up_to: usize) -> Result<Decoded, Unreadable> {
    let controls =
        bytes.iter().filter(|byte| byte.is_ascii_control() && !b"\t\r\n\x1a\x01\x03".contains(byte));
    if controls.count() * 100 > bytes.len() {
        return Err(Unreadable::because("This is not a text file: it holds bytes that no text has."));
    }
    let declared = declared(&bytes[..bytes.len().min(HEAD)]);
    let encoding = declared.unwrap_or(WINDOWS_1252);
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    if broken {
        return Err(Unreadable::because(format!(
            "The file says that it is written in {} and is not. It may be damaged; fetch it once more.",
            encoding.name()
        )));
    }
    let remark = declared.is_none().then(|| {
        format!(
            "The file is not UTF-8 (from byte {} on), so it was read as Windows-1252. See whether accents look right.",
            valid_up_to + 1
        )
    });
    Ok(Decoded { text: text.into_owned(), remark })
}

/// What the head of an XML or OFX file says of itself. That it is UTF-8 has been found wrong already.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_lowercase();
    let after = |mark: &str| head.split_once(mark).map(|(_, rest)| rest.to_owned());
    let xml = after("encoding=\"").or_else(|| after("encoding='"));
    let label = match xml {
        Some(rest) => rest.split(['"', '\'']).next()?.to_owned(),
        None => {
            let page: String = after("charset:")?.chars().take_while(char::is_ascii_digit).collect();
            format!("windows-{page}")
        }
    };
    Encoding::for_label(label.as_bytes())
        .filter(|encoding| encoding.is_ascii_compatible() && *encoding != encoding_rs::UTF_8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> String {
        decode(bytes).unwrap().text
    }

    #[test]
    fn every_usual_way_of_writing_is_read() {
        assert_eq!(text("Café ₹".as_bytes()), "Café ₹");
        assert_eq!(text(b"\xef\xbb\xbfDate;Amount"), "Date;Amount");
        assert_eq!(text(b"\xff\xfeC\0\xe9\0"), "Cé");
        assert_eq!(text(b"\xfe\xff\0C\0\xe9"), "Cé");
        assert_eq!(text(b""), "");
    }

    #[test]
    fn a_guess_is_said_aloud_and_a_declaration_is_believed() {
        let guessed = decode(b"Caf\xe9 \x80 9,99").unwrap();
        assert_eq!(guessed.text, "Café € 9,99");
        assert!(guessed.remark.unwrap().contains("Windows-1252"));
        let declared = decode(b"<?xml version=\"1.0\" encoding=\"ISO-8859-2\"?><a>\xb3</a>").unwrap();
        assert!(declared.text.ends_with("<a>ł</a>") && declared.remark.is_none());
        let ofx = decode(b"OFXHEADER:100\nENCODING:USASCII\nCHARSET:1251\n<OFX>\xcf").unwrap();
        assert!(ofx.text.ends_with('П'));
    }

    #[test]
    fn what_is_no_text_is_refused_in_words() {
        for bytes in [
            &b"\x00\x01\x02"[..],
            b"\xef\xbb\xbf\xff",
            b"\xef\xbb\xbfa\0",
            b"\xff\xfe\x00\xd8\x00\xd8",
            b"\x80\x81\x02\x05\x06\x07\x08\x0e\x0f",
        ] {
            let refusal = decode(bytes).unwrap_err().to_string();
            assert!(refusal.starts_with("Th") && refusal.ends_with('.'), "{refusal}");
        }
    }
}

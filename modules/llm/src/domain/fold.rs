//! Characters made alike: case, accents, widths, the digits of other scripts, and what cannot be seen.

use unicode_normalization::UnicodeNormalization;

/// What a character is to the lexer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Letter,
    Digit(u8),
    Space,
    Line,
    Symbol(char),
    /// Zero-width and bidirectional marks, controls, combining accents: as if they were not there.
    Unseen,
}

/// The zero of every run of ten decimal digits that people type in messages.
const ZEROS: [u32; 20] = [
    0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50, 0x0ED0,
    0x1040, 0xFF10, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6,
];

pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' | 'A'..='Z' => Class::Letter,
        '0'..='9' => digit(c, '0' as u32).unwrap_or(Class::Unseen),
        ' ' | '\t' => Class::Space,
        '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Class::Line,
        _ if c.is_ascii_control() => Class::Unseen,
        _ if c.is_ascii() => Class::Symbol(c),
        _ => foreign_class(c),
    }
}

/// Without what cannot be seen.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|c| class(*c) != Class::Unseen).collect()
}

fn digit(c: char, zero: u32) -> Option<Class> {
    let value = (c as u32).checked_sub(zero).filter(|value| *value < 10)?;
    u8::try_from(value).ok().map(|value| Class::Digit(b'0' + value))
}

fn foreign_class(c: char) -> Class {
    if let Some(digit) = ZEROS.iter().find_map(|zero| digit(c, *zero)) {
        return digit;
    }
    match c {
        '\u{ad}' | '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => Class::Unseen,
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => Class::Unseen,
        '\u{e0000}'..='\u{e0fff}' => Class::Unseen,
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{2bc}' => Class::Symbol('\''),
        '\u{201c}'..='\u{201f}' | '«' | '»' => Class::Symbol('"'),
        '\u{2010}'..='\u{2015}' | '\u{2212}' => Class::Symbol('-'),
        '•' | '·' | '‣' | '▪' | '●' | '◦' => Class::Line,
        '₨' => Class::Letter,
        // Matras and viramas of Indian scripts belong to their word and are not alphabetic to Unicode.
        '\u{900}'..='\u{d7f}' if c != '\u{964}' && c != '\u{965}' => Class::Letter,
        _ if c.is_whitespace() => Class::Space,
        _ if c.is_control() => Class::Unseen,
        // Superscripts, circled digits and fractions are numbers that nobody means as a price.
        _ if c.is_numeric() => Class::Symbol('\u{fffd}'),
        _ if c.is_alphabetic() => Class::Letter,
        _ => Class::Symbol(plain_symbol(c)),
    }
}

/// The ordinary sign for a wide or small one: `＄` is `$`, `￥` is `¥`.
fn plain_symbol(c: char) -> char {
    let mut parts = std::iter::once(c).nfkd();
    match (parts.next(), parts.next()) {
        (Some(single), None) => single,
        _ => c,
    }
}

/// Appends a letter in lower case and without accents.
pub(super) fn push_letter(c: char, folded: &mut String) {
    if c.is_ascii() {
        folded.push(c.to_ascii_lowercase());
        return;
    }
    match c {
        'ł' | 'Ł' => folded.push('l'),
        'ø' | 'Ø' => folded.push('o'),
        'đ' | 'Đ' => folded.push('d'),
        'ı' => folded.push('i'),
        'ß' => folded.push_str("ss"),
        _ => std::iter::once(c)
            .nfkd()
            .filter(|part| !('\u{300}'..='\u{36f}').contains(part))
            .flat_map(char::to_lowercase)
            .for_each(|part| folded.push(part)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits_and_superscripts_are_not() {
        for c in ['4', '４', '४', '٤', '𝟒'] {
            assert_eq!(class(c), Class::Digit(b'4'), "{c}");
        }
        for c in ['⁴', '④', '¼', 'Ⅳ'] {
            assert!(!matches!(class(c), Class::Digit(_)), "{c}");
        }
    }

    #[test]
    fn what_cannot_be_seen_is_not_there() {
        for c in ['\u{200b}', '\u{202e}', '\u{feff}', '\u{0}', '\u{7f}', '\u{301}'] {
            assert_eq!(class(c), Class::Unseen, "{:x}", c as u32);
        }
    }

    #[test]
    fn accents_and_case_go() {
        let mut folded = String::new();
        "MÊSjährlichZŁ".chars().for_each(|c| push_letter(c, &mut folded));
        assert_eq!(folded, "mesjahrlichzl");
    }
}

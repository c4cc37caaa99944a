//! Names made alike: case, accents, widths and punctuation.

use unicode_normalization::UnicodeNormalization;

/// Words in lower case without accents, parted by single spaces. Letters of every script, digits and `+` count.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut parted = false;
    for c in text.nfkd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase) {
        match c {
            '\'' | '’' | '.' => {}
            _ if c.is_alphanumeric() || c == '+' || is_sign_of_a_word(c) => {
                if parted && !folded.is_empty() {
                    folded.push(' ');
                }
                parted = false;
                folded.push(c);
            }
            _ => parted = true,
        }
    }
    folded
}

/// Accents of Latin letters, and the dot below Indian ones, which as often as not is left out.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{93c}')
}

/// Vowel signs and viramas of Indian scripts are no letters to Unicode, but parts of their word.
fn is_sign_of_a_word(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{d7f}') && c != '\u{964}' && c != '\u{965}'
}

/// A folded text without its spaces: "net flix" is "netflix".
pub(crate) fn together(folded: &str) -> String {
    folded.split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_alike_however_they_are_written() {
        for (written, expected) in [
            ("  Netflix ", "netflix"),
            ("NET-FLIX", "net flix"),
            ("Süddeutsche Zeitung", "suddeutsche zeitung"),
            ("Disney+", "disney+"),
            ("Gold's Gym", "golds gym"),
            ("cult.fit", "cultfit"),
            ("ＮＥＴＦＬＩＸ", "netflix"),
            ("नेटफ़्लिक्स", "नेटफ्लिक्स"),
            ("!!!", ""),
        ] {
            assert_eq!(fold(written), expected, "{written}");
        }
        assert_eq!(together(&fold("Net Flix")), "netflix");
    }
}

//! Tokens: words, numerals and signs, each with its bytes in the original text.

use super::fold::{Class, class, push_letter};

/// More tokens than this are no sentence; whatever sends them is told so.
pub(super) const MAX_TOKENS: usize = 4000;
/// Longer words name nothing.
const MAX_WORD: usize = 48;
/// Longer numerals are no price.
const MAX_NUMERAL: usize = 24;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    /// Digits with the points, commas and apostrophes between them.
    Number,
    Symbol,
    /// The end of a line, or a bullet.
    Line,
    /// Too long to mean anything.
    Noise,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Folded: lower case, without accents, apostrophes and unseen marks; digits are ASCII.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Nothing stands between it and the token before.
    pub(super) glued: bool,
    pub(super) capital: bool,
}

/// The text has more than [`MAX_TOKENS`].
#[derive(Debug)]
pub(super) struct TooLong;

/// A text, cut.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    pub(super) source: &'a str,
    list: Vec<Token>,
}

impl<'a> Tokens<'a> {
    pub(super) fn cut(source: &'a str) -> Result<Self, TooLong> {
        let mut cutter = Cutter { source, position: 0, glued: false, list: Vec::with_capacity(24) };
        while let Some(c) = cutter.peek() {
            if cutter.list.len() == MAX_TOKENS {
                return Err(TooLong);
            }
            cutter.step(c);
        }
        Ok(Self { source, list: cutter.list })
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn get(&self, at: usize) -> Option<&Token> {
        self.list.get(at)
    }

    /// The folded text at `at`, empty past the end.
    pub(super) fn text(&self, at: usize) -> &str {
        self.get(at).map_or("", |token| token.text.as_str())
    }

    pub(super) fn kind(&self, at: usize) -> Option<Kind> {
        self.get(at).map(|token| token.kind)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Word)
    }

    pub(super) fn numeral(&self, at: usize) -> Option<&str> {
        self.get(at).filter(|token| token.kind == Kind::Number).map(|token| token.text.as_str())
    }

    /// A numeral of digits alone, at most `limit`.
    pub(super) fn whole(&self, at: usize, limit: u32) -> Option<u32> {
        self.numeral(at)?.parse().ok().filter(|value| *value <= limit)
    }

    pub(super) fn glued(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.glued)
    }

    pub(super) fn capital(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.capital)
    }

    /// The bytes of tokens `from..to`.
    pub(super) fn span(&self, from: usize, to: usize) -> (usize, usize) {
        let start = self.get(from).map_or(self.source.len(), |token| token.start);
        let end = to.checked_sub(1).and_then(|last| self.get(last)).map_or(start, |token| token.end);
        (start, end.max(start))
    }

    /// What was written at tokens `from..to`.
    pub(super) fn written(&self, from: usize, to: usize) -> &'a str {
        let (start, end) = self.span(from, to);
        self.source.get(start..end).unwrap_or("")
    }
}

struct Cutter<'a> {
    source: &'a str,
    position: usize,
    glued: bool,
    list: Vec<Token>,
}

impl Cutter<'_> {
    fn peek(&self) -> Option<char> {
        self.source.get(self.position..)?.chars().next()
    }

    fn after(&self, c: char) -> Option<char> {
        self.source.get(self.position + c.len_utf8()..)?.chars().next()
    }

    fn step(&mut self, c: char) {
        match class(c) {
            Class::Unseen => self.position += c.len_utf8(),
            Class::Space => {
                self.position += c.len_utf8();
                self.glued = false;
            }
            Class::Line => {
                self.single(c, Kind::Line, '\n');
                self.glued = false;
            }
            Class::Symbol(sign) => self.single(c, Kind::Symbol, sign),
            Class::Letter => self.word(c),
            Class::Digit(_) => self.number(),
        }
    }

    fn single(&mut self, c: char, kind: Kind, sign: char) {
        let start = self.position;
        self.position += c.len_utf8();
        self.push(kind, sign.to_string(), start, false);
    }

    fn push(&mut self, kind: Kind, text: String, start: usize, capital: bool) {
        self.list.push(Token { kind, text, start, end: self.position, glued: self.glued, capital });
        self.glued = true;
    }

    fn word(&mut self, first: char) {
        let start = self.position;
        let mut end = start;
        let mut text = String::with_capacity(12);
        while let Some(c) = self.peek() {
            match class(c) {
                // "商户QQ" is two words: nobody puts a space between these scripts.
                Class::Letter if is_unspaced(c) != is_unspaced(first) => break,
                Class::Letter => push_letter(if c == '₨' { 'r' } else { c }, &mut text),
                Class::Unseen => {}
                Class::Symbol(sign) if self.joins(sign, c, &text) => {
                    if sign != '\'' && !(sign == '.' && is_initials(&text)) {
                        text.push(sign);
                    }
                }
                Class::Digit(_) | Class::Space | Class::Line | Class::Symbol(_) => break,
            }
            self.position += c.len_utf8();
            if class(c) != Class::Unseen {
                end = self.position;
            }
            if c == '₨' {
                text.push('s');
            }
        }
        let rest = self.position;
        self.position = end;
        let kind = if text.chars().count() > MAX_WORD { Kind::Noise } else { Kind::Word };
        self.push(kind, text, start, first.is_uppercase());
        self.position = rest;
    }

    /// Whether a sign belongs to the word it stands in: `don't`, `AT&T`, `cult.fit`, `p.m.`, `Disney+`.
    fn joins(&self, sign: char, c: char, text: &str) -> bool {
        let next = self.after(c);
        let letter_next = next.is_some_and(|next| class(next) == Class::Letter);
        match sign {
            '\'' | '&' => letter_next,
            '.' if is_initials(text) => {
                letter_next && self.single_letter_ahead(c)
                    || (text.chars().count() > 1 && !self.digit_ahead(c))
            }
            '.' => next.is_some_and(|next| next.is_lowercase()) && text.len() > 1,
            '+' => !letter_next && !self.digit_ahead(c) && text.len() > 1 && !text.ends_with('+'),
            _ => false,
        }
    }

    fn digit_ahead(&self, c: char) -> bool {
        self.after(c).is_some_and(|next| matches!(class(next), Class::Digit(_)))
    }

    /// Whether the letter after `c` stands alone, as the `m` of `p.m.` does.
    fn single_letter_ahead(&self, c: char) -> bool {
        let mut ahead = self.source.get(self.position + c.len_utf8()..).unwrap_or("").chars();
        ahead.next();
        ahead.next().is_none_or(|second| !matches!(class(second), Class::Letter | Class::Digit(_)))
    }

    fn number(&mut self) {
        let start = self.position;
        let mut text = String::with_capacity(8);
        while let Some(c) = self.peek() {
            match class(c) {
                Class::Digit(digit) => text.push(char::from(digit)),
                Class::Symbol(sign @ ('.' | ',' | '\'')) if self.digit_ahead(c) => text.push(sign),
                Class::Unseen | Class::Space | Class::Line | Class::Letter | Class::Symbol(_) => break,
            }
            self.position += c.len_utf8();
        }
        let kind = if text.len() > MAX_NUMERAL { Kind::Noise } else { Kind::Number };
        self.push(kind, text, start, false);
    }
}

/// Letters of China, Japan and Korea, around which other letters stand without a space.
pub(super) const fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// One or two letters that may be an abbreviation by initials so far: `p`, `pm` of `p.m.`.
fn is_initials(text: &str) -> bool {
    matches!(text, "p" | "pm" | "pa" | "pw" | "u" | "us" | "a")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        let tokens = Tokens::cut(source).unwrap();
        tokens.list.iter().map(|token| token.text.clone()).collect()
    }

    #[test]
    fn words_numerals_and_signs_part() {
        for (source, expected) in [
            ("Netflix ₹499 monthly", vec!["netflix", "₹", "499", "monthly"]),
            ("Rs.1,499/-", vec!["rs", ".", "1,499", "/", "-"]),
            ("1Password $2.99/mo", vec!["1", "password", "$", "2.99", "/", "mo"]),
            ("Disney+ and AT&T, don't", vec!["disney+", "and", "at&t", ",", "dont"]),
            ("499 p.m. or p.a.", vec!["499", "pm", "or", "pa"]),
            ("cult.fit monthly. Next", vec!["cult.fit", "monthly", ".", "next"]),
            ("12.06.2026", vec!["12.06.2026"]),
            ("N\u{200b}etf\u{202e}lix", vec!["netflix"]),
            ("₨ 5", vec!["rs", "5"]),
        ] {
            assert_eq!(texts(source), expected, "{source}");
        }
    }

    #[test]
    fn bytes_are_those_of_the_original() {
        let source = "Añadir ₹４９９ p.m.";
        let tokens = Tokens::cut(source).unwrap();
        let written: Vec<_> = (0..tokens.len()).map(|at| tokens.written(at, at + 1)).collect();
        assert_eq!(written, ["Añadir", "₹", "４９９", "p.m."]);
    }

    #[test]
    fn endless_text_and_endless_numbers_end() {
        assert!(Tokens::cut(&"a ".repeat(MAX_TOKENS + 1)).is_err());
        let tokens = Tokens::cut(&"9".repeat(400)).map(|tokens| tokens.kind(0));
        assert!(matches!(tokens, Ok(Some(Kind::Noise))));
    }
}

//! Numbers in words: "one ninety nine", "two hundred and fifty", "nine point nine nine", "do sau".

use super::super::token::Tokens;

/// A number said aloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spoken {
    /// "two hundred and fifty".
    Whole(u64),
    /// "nine point nine nine": digits after the point, and how many.
    Point(u64, u64, u32),
    /// "twelve fifty": hundreds or hundredths, as the currency has it.
    Pair(u64, u64),
}

fn unit(word: &str) -> Option<u64> {
    Some(match word {
        "zero" | "oh" => 0,
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        _ => return None,
    })
}

fn teen(word: &str) -> Option<u64> {
    Some(match word {
        "ten" => 10,
        "eleven" => 11,
        "twelve" => 12,
        "thirteen" => 13,
        "fourteen" => 14,
        "fifteen" => 15,
        "sixteen" => 16,
        "seventeen" => 17,
        "eighteen" => 18,
        "nineteen" => 19,
        _ => return None,
    })
}

fn tens(word: &str) -> Option<u64> {
    Some(match word {
        "twenty" => 20,
        "thirty" => 30,
        "forty" | "fourty" => 40,
        "fifty" => 50,
        "sixty" => 60,
        "seventy" => 70,
        "eighty" => 80,
        "ninety" | "ninty" => 90,
        _ => return None,
    })
}

/// Hindi numbers; most look like other words, so they count only before a multiplier or a currency.
fn hindi(word: &str) -> Option<u64> {
    Some(match word {
        "ek" => 1,
        "do" => 2,
        "teen" => 3,
        "char" | "chaar" => 4,
        "paanch" | "panch" => 5,
        "che" | "chhe" | "chah" => 6,
        "saat" => 7,
        "aath" => 8,
        "nau" => 9,
        "das" => 10,
        "gyarah" | "gyaarah" => 11,
        "barah" | "baarah" => 12,
        "terah" => 13,
        "chaudah" => 14,
        "pandrah" => 15,
        "solah" => 16,
        "satrah" => 17,
        "atharah" | "athaarah" => 18,
        "unnis" => 19,
        "bees" => 20,
        "ikkis" => 21,
        "chaubis" => 24,
        "pachees" | "pachis" => 25,
        "tees" => 30,
        "paintis" => 35,
        "chalis" | "chaalis" => 40,
        "paintalis" => 45,
        "pachas" | "pachaas" => 50,
        "pachpan" => 55,
        "saath" => 60,
        "painsath" => 65,
        "sattar" => 70,
        "pachhattar" | "pachattar" => 75,
        "assi" => 80,
        "pachasi" => 85,
        "nabbe" => 90,
        "pachanve" | "pachaanve" => 95,
        "ninyanve" | "ninyaanve" | "ninyanwe" => 99,
        _ => return None,
    })
}

fn multiplier(word: &str) -> Option<u64> {
    Some(match word {
        "hundred" | "sau" => 100,
        "thousand" | "hazar" | "hazaar" | "hajar" => 1_000,
        "lakh" | "lac" | "lakhs" => 100_000,
        "crore" => 10_000_000,
        _ => return None,
    })
}

/// The token after `at`, a hyphen that joins them skipped.
fn after_hyphen(tokens: &Tokens<'_>, at: usize) -> usize {
    if tokens.text(at) == "-" && tokens.glued(at) { at + 1 } else { at }
}

/// Zero to ninety-nine.
fn below_hundred(tokens: &Tokens<'_>, at: usize) -> Option<(u64, usize)> {
    let word = tokens.text(at);
    if let Some(ten) = tens(word) {
        let next = after_hyphen(tokens, at + 1);
        return match unit(tokens.text(next)).filter(|unit| *unit > 0) {
            Some(unit) => Some((ten + unit, next + 1)),
            None => Some((ten, at + 1)),
        };
    }
    if let Some(value) = teen(word).or_else(|| unit(word)) {
        return Some((value, at + 1));
    }
    let hindi = hindi(word)?;
    let next = tokens.text(at + 1);
    let stands = multiplier(next).is_some() || next.starts_with("rup") || next == "rs";
    stands.then_some((hindi, at + 1))
}

/// A number of words that stands for one value; the second is the token after it.
pub(super) fn cardinal(tokens: &Tokens<'_>, at: usize) -> Option<(u64, usize)> {
    let mut reader = Cardinal { total: 0, current: 0, at, group_open: true, scaled: false };
    reader.start(tokens);
    while reader.step(tokens) {}
    (reader.at > at && (reader.current > 0 || reader.total > 0))
        .then(|| (reader.total + reader.current, reader.at))
}

struct Cardinal {
    total: u64,
    current: u64,
    at: usize,
    /// A group below a hundred may come.
    group_open: bool,
    scaled: bool,
}

impl Cardinal {
    /// "a hundred", "dedh sau", "dhai hazaar", "sau rupaye".
    fn start(&mut self, tokens: &Tokens<'_>) {
        let half = match tokens.text(self.at) {
            "dedh" | "derh" => 150,
            "dhai" | "adhai" => 250,
            "a" => 100,
            _ => return,
        };
        if matches!(tokens.text(self.at + 1), "hundred" | "sau") {
            self.current = half;
            self.at += 2;
            self.scaled = true;
        } else if half > 100
            && let Some(factor) = multiplier(tokens.text(self.at + 1))
        {
            self.total = half * (factor / 100);
            self.at += 2;
            self.scaled = true;
        }
    }

    fn step(&mut self, tokens: &Tokens<'_>) -> bool {
        if self.group_open
            && let Some((value, to)) = below_hundred(tokens, self.at)
        {
            self.current += value;
            self.at = to;
            self.group_open = false;
            return true;
        }
        if let Some(factor) = multiplier(tokens.text(self.at)).filter(|_| self.current < 1000) {
            return self.multiply(factor);
        }
        let and = self.scaled && self.group_open && tokens.text(self.at) == "and";
        if and && below_hundred(tokens, self.at + 1).is_some() {
            self.at += 1;
            return true;
        }
        false
    }

    fn multiply(&mut self, factor: u64) -> bool {
        let value = self.current.max(1) * factor;
        if factor == 100 {
            self.current = value;
        } else {
            self.total = self.total.saturating_add(value);
            self.current = 0;
        }
        self.at += 1;
        self.group_open = true;
        self.scaled = true;
        self.total < 1_000_000_000_000
    }
}

/// The number in words that begins at a token.
pub(super) fn read(tokens: &Tokens<'_>, at: usize) -> Option<(Spoken, usize)> {
    let (value, to) = cardinal(tokens, at)?;
    if tokens.text(to) == "point" {
        return point(tokens, to + 1).map(|(digits, count, to)| (Spoken::Point(value, digits, count), to));
    }
    if value < 100
        && to <= at + 3
        && let Some((low, end)) = second_of_pair(tokens, to)
    {
        return Some((Spoken::Pair(value, low), end));
    }
    Some((Spoken::Whole(value), to))
}

/// Two digits said after the first number: "ninety nine", "fifty", "oh five".
fn second_of_pair(tokens: &Tokens<'_>, at: usize) -> Option<(u64, usize)> {
    if matches!(tokens.text(at), "oh" | "zero") {
        return unit(tokens.text(at + 1)).map(|unit| (unit, at + 2));
    }
    let (low, to) = below_hundred(tokens, at)?;
    (low >= 10 && multiplier(tokens.text(to)).is_none()).then_some((low, to))
}

fn point(tokens: &Tokens<'_>, at: usize) -> Option<(u64, u32, usize)> {
    if let Some((value, to)) = below_hundred(tokens, at).filter(|(value, _)| *value >= 10) {
        return Some((value, 2, to));
    }
    let first = unit(tokens.text(at))?;
    match unit(tokens.text(at + 1)) {
        Some(second) => Some((first * 10 + second, 2, at + 2)),
        None => Some((first, 1, at + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Spoken> {
        let tokens = Tokens::cut(text).unwrap();
        read(&tokens, 0).map(|(spoken, _)| spoken)
    }

    #[test]
    fn numbers_in_words_are_read() {
        for (text, expected) in [
            ("ninety nine", Spoken::Whole(99)),
            ("twenty-five", Spoken::Whole(25)),
            ("two hundred and fifty", Spoken::Whole(250)),
            ("a hundred", Spoken::Whole(100)),
            ("fifteen hundred", Spoken::Whole(1500)),
            ("one thousand four hundred ninety nine", Spoken::Whole(1499)),
            ("four lakh", Spoken::Whole(400_000)),
            ("do sau", Spoken::Whole(200)),
            ("dedh sau", Spoken::Whole(150)),
            ("one ninety nine", Spoken::Pair(1, 99)),
            ("twelve fifty", Spoken::Pair(12, 50)),
            ("twenty five oh five", Spoken::Pair(25, 5)),
            ("nine point nine nine", Spoken::Point(9, 99, 2)),
        ] {
            assert_eq!(said(text), Some(expected), "{text}");
        }
        assert_eq!(said("do it"), None);
        assert_eq!(said("teen"), None);
    }
}

//! How alike two names are, to find what somebody means and what they may have twice.

/// How alike two names are, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// One stands somewhere in the other: `Music` in `Apple Music`.
    Within,
    /// One begins the other: `Netflix`, `Netflix Premium`.
    Beginning,
    /// They differ by a slip or two of the finger: `Netflx`.
    Slip,
    /// The same but for case, accents, spaces and punctuation: `YouTube`, `you tube`.
    Same,
}

/// A name as it is compared: lower case, without accents and punctuation. Made once, compared often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoundName {
    words: Vec<String>,
    letters: Vec<char>,
}

/// Shorter ones stand inside too many others, and a slip makes too many others of them.
const TELLING: usize = 4;

impl SoundName {
    /// The name as it is compared.
    pub fn new(name: &str) -> Self {
        let folded = name.chars().flat_map(char::to_lowercase).fold(String::new(), fold);
        let words: Vec<String> = folded
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(ToOwned::to_owned)
            .collect();
        let letters = words.iter().flat_map(|word| word.chars()).collect();
        Self { words, letters }
    }

    /// How alike the two are; `None` when they are not.
    pub fn likeness(&self, other: &Self) -> Option<Likeness> {
        if self.letters.is_empty() || other.letters.is_empty() {
            return None;
        }
        if self.letters == other.letters {
            return Some(Likeness::Same);
        }
        let (short, long) =
            if self.letters.len() <= other.letters.len() { (self, other) } else { (other, self) };
        // A whole word more is no slip, however short.
        short
            .words_in(long)
            .or_else(|| if short.is_slip_of(long) { Some(Likeness::Slip) } else { short.letters_in(long) })
    }

    /// What two that are [the same](Likeness::Same) have in common; `None` where there is nothing to compare.
    pub fn letters(&self) -> Option<&[char]> {
        (!self.letters.is_empty()).then_some(&self.letters)
    }

    fn tells(&self) -> bool {
        self.letters.len() >= TELLING
    }

    fn words_in(&self, long: &Self) -> Option<Likeness> {
        place(long.words.windows(self.words.len()).position(|words| words == self.words))
    }

    fn letters_in(&self, long: &Self) -> Option<Likeness> {
        if !self.tells() {
            return None;
        }
        place(long.letters.windows(self.letters.len()).position(|letters| letters == self.letters))
    }

    /// One slip in a short name, two in a long one; never in a number, for `Office 365` is not `Office 364`.
    fn is_slip_of(&self, long: &Self) -> bool {
        let allowed = if long.letters.len() >= 2 * TELLING { 2 } else { 1 };
        self.tells()
            && long.letters.len() - self.letters.len() <= allowed
            && self.digits().eq(long.digits())
            && edits(&self.letters, &long.letters) <= allowed
    }

    fn digits(&self) -> impl Iterator<Item = char> {
        self.letters.iter().copied().filter(|c| c.is_numeric())
    }
}

fn place(position: Option<usize>) -> Option<Likeness> {
    position.map(|position| if position == 0 { Likeness::Beginning } else { Likeness::Within })
}

/// The least number of letters to put in, take out or replace, or of neighbours to swap, that makes one the other.
fn edits(from: &[char], to: &[char]) -> usize {
    let mut rows: [Vec<usize>; 3] = [vec![], (0..=to.len()).collect(), vec![]];
    for (i, a) in from.iter().enumerate() {
        let [older, above, row] = &mut rows;
        row.clear();
        row.push(i + 1);
        for (j, b) in to.iter().enumerate() {
            let replaced = above[j] + usize::from(a != b);
            let mut least = replaced.min(above[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                least = least.min(older[j - 1] + 1);
            }
            row.push(least);
        }
        rows.rotate_left(1);
    }
    rows[1][to.len()]
}

/// Appends the letter without its accent, or the word a sign is read as. An accent that stands alone drops out.
fn fold(mut folded: String, c: char) -> String {
    if c.is_ascii_alphanumeric() {
        folded.push(c);
        return folded;
    }
    match ACCENTED.iter().find(|(accented, _)| accented.contains(c)) {
        Some((_, plain)) => folded.push_str(plain),
        None if !('\u{300}'..='\u{36f}').contains(&c) => folded.push(c),
        None => {}
    }
    folded
}

/// The lower-case letters of the languages that are written in Latin ones, and two signs that names are fond of.
const ACCENTED: [(&str, &str); 26] = [
    ("àáâãäåāăąǎ", "a"),
    ("æ", "ae"),
    ("çćĉċč", "c"),
    ("ďđð", "d"),
    ("èéêëēĕėęěẽ", "e"),
    ("ĝğġģ", "g"),
    ("ĥħ", "h"),
    ("ìíîïĩīĭįıǐ", "i"),
    ("ĵ", "j"),
    ("ķ", "k"),
    ("ĺļľŀł", "l"),
    ("ñńņňŉ", "n"),
    ("òóôõöøōŏőǒơ", "o"),
    ("œ", "oe"),
    ("þ", "th"),
    ("ŕŗř", "r"),
    ("śŝşšș", "s"),
    ("ß", "ss"),
    ("ţťŧț", "t"),
    ("ùúûüũūŭůűųǔư", "u"),
    ("ŵ", "w"),
    ("ýÿŷ", "y"),
    ("źżž", "z"),
    ("'’", ""),
    ("&", " and "),
    ("+", " plus "),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn likeness(a: &str, b: &str) -> Option<Likeness> {
        SoundName::new(a).likeness(&SoundName::new(b))
    }

    #[test]
    fn the_same_whatever_the_writing() {
        for (a, b) in [
            ("Netflix", "NETFLIX"),
            ("YouTube", "you tube"),
            ("Disney+", "Disney Plus"),
            ("Lidl Café", "lidl cafe"),
            ("Cafe\u{301}", "café"),
            ("Lowe’s", "Lowes"),
            ("Barnes & Noble", "barnes and noble"),
            ("İş Bankası", "is bankasi"),
            ("Straße", "strasse"),
            ("नेटफ्लिक्स", "नेटफ्लिक्स"),
        ] {
            assert_eq!(likeness(a, b), Some(Likeness::Same), "{a} {b}");
        }
    }

    #[test]
    fn slips_of_the_finger() {
        for (a, b) in [
            ("Netflx", "Netflix"),
            ("Netfilx", "Netflix"),
            ("Spotfy", "Spotify"),
            ("Amazn Prme", "Amazon Prime"),
        ] {
            assert_eq!(likeness(a, b), Some(Likeness::Slip), "{a} {b}");
        }
    }

    #[test]
    fn one_in_the_other() {
        for (a, b, expected) in [
            ("Netflix", "Netflix Premium", Likeness::Beginning),
            ("Tv", "TV Now", Likeness::Beginning),
            ("Apple TV", "Apple TV+", Likeness::Beginning),
            ("Music", "Apple Music", Likeness::Within),
            ("TV", "Apple TV", Likeness::Within),
            ("Prime", "AmazonPrimeVideo", Likeness::Within),
        ] {
            assert_eq!(likeness(a, b), Some(expected), "{a} {b}");
        }
    }

    #[test]
    fn other_things_are_not_alike() {
        for (a, b) in [
            ("Netflix", "Spotify"),
            ("Hulu", "Zulu Gym"),
            ("Office 365", "Office 364"),
            ("PS4", "PS5"),
            ("One", "Phone"),
            ("", "Netflix"),
            ("!!!", "???"),
            ("BBC", "NBC"),
        ] {
            assert_eq!(likeness(a, b), None, "{a} {b}");
        }
    }

    #[test]
    fn the_likeliest_is_the_greatest() {
        let wanted = SoundName::new("Netflix");
        let mut names = ["My Netflix", "Netflix Premium", "Netflx", "netflix", "Hulu"];
        names.sort_by_key(|name| std::cmp::Reverse(wanted.likeness(&SoundName::new(name))));
        assert_eq!(names, ["netflix", "Netflx", "Netflix Premium", "My Netflix", "Hulu"]);
    }

    proptest! {
        #[test]
        fn it_is_the_same_both_ways_round(a in "\\PC{0,20}", b in "\\PC{0,20}") {
            prop_assert_eq!(likeness(&a, &b), likeness(&b, &a));
        }

        #[test]
        fn a_name_is_itself(a in "[a-zA-Zäöüß0-9 +&]{0,20}[a-z]") {
            prop_assert_eq!(likeness(&a, &a), Some(Likeness::Same));
        }
    }
}

//! Finding sections by a question: BM25 over fields of different weight, with what the words are worth taken from the
//! manual itself.
#![expect(clippy::float_arithmetic, reason = "scores are compared, never shown or stored")]

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use contracts::help::Heading;
use sha2::{Digest, Sha256};

use super::{
    pages::{Page, Section, read},
    words::{asked, is_common, stems},
};

/// What a word is worth where it stands beside the text, where it is worth 1 and a little more when it is repeated: in the
/// section's heading, in its page's title, in the headings above.
const HEADING: f32 = 2.2;
const PAGE: f32 = 0.7;
const ABOVE: f32 = 0.4;
/// What a word is worth that its author thinks people ask with.
const ASKED: f32 = 1.8;
/// What stands before the headings of a page says what the page is about, and rarely the answer.
const OPENING: f32 = 0.75;
/// What a word that means nearly the same is worth beside the word itself.
const NEARLY: f32 = 0.55;
/// The usual parameters of BM25: how soon repetition stops telling, and how much length takes away.
const SATURATION: f32 = 1.2;
const LENGTH: f32 = 0.6;
/// The manual knows when its best section has this share of what the question asks for.
const KNOWS: f32 = 0.52;
/// A word that the manual never says is worth as much as one that stands in this share of its sections.
const UNSAID: f32 = 0.015;
/// And one of those that say little, as much as one in this share of them.
const UNSAID_COMMON: f32 = 0.5;
/// How much of its score a section has whatever it has of the question; the rest it has for the share that it has.
const ANYWAY: f32 = 0.15;
/// The longest question that is looked at.
const MOST_WORDS: usize = 40;

/// The manual, ready to be asked.
pub(crate) struct Manual {
    pages: Vec<Page>,
    entries: Vec<Entry>,
    /// In how many sections a stem stands.
    spread: HashMap<String, usize>,
    mean_length: f32,
    version: [u8; 32],
}

struct Entry {
    page: usize,
    section: usize,
    /// How often each stem stands in its text.
    text: HashMap<String, f32>,
    /// What its headings add for each of their stems.
    headings: HashMap<String, f32>,
    length: f32,
}

/// A section that a question found.
#[derive(Clone, Copy)]
pub(crate) struct Found<'m> {
    /// Its number on the map.
    pub(crate) number: usize,
    pub(crate) page: &'m Page,
    pub(crate) section: &'m Section,
}

impl Found<'_> {
    /// The page's title and the headings above it, without its own.
    fn path(&self) -> impl Iterator<Item = &str> {
        let page = std::iter::once(&self.page.title).filter(|title| **title != self.section.title);
        page.chain(&self.section.above).map(String::as_str)
    }

    /// The same in one line.
    pub(crate) fn above(&self) -> String {
        self.path().collect::<Vec<_>>().join(" › ")
    }

    /// Where it is.
    pub(crate) fn href(&self) -> String {
        let hash =
            if self.section.anchor.is_empty() { String::new() } else { format!("#{}", self.section.anchor) };
        format!("/help/manual/{}{hash}", self.page.slug)
    }
}

static MANUAL: LazyLock<Manual> = LazyLock::new(|| Manual::of(read()));

impl Manual {
    /// The one that the program carries.
    pub(crate) fn embedded() -> &'static Self {
        &MANUAL
    }

    fn of(pages: Vec<Page>) -> Self {
        let mut entries = Vec::new();
        for (at, page) in pages.iter().enumerate() {
            for (number, section) in page.sections.iter().enumerate() {
                entries.push(Entry::new((at, page), (number, section)));
            }
        }
        let mut spread: HashMap<String, usize> = HashMap::new();
        for entry in &entries {
            for stem in entry.text.keys().chain(entry.headings.keys()).collect::<HashSet<_>>() {
                *spread.entry(stem.clone()).or_default() += 1;
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "there are a few hundred sections")]
        let mean_length = entries.iter().map(|entry| entry.length).sum::<f32>() / entries.len().max(1) as f32;
        let mut version = Sha256::new();
        for section in pages.iter().flat_map(|page| &page.sections) {
            version.update(section.title.as_bytes());
            version.update([0]);
            version.update(section.text.as_bytes());
            version.update([0]);
        }
        Self { pages, entries, spread, mean_length, version: version.finalize().into() }
    }

    /// Another one for another manual.
    pub(crate) const fn version(&self) -> &[u8; 32] {
        &self.version
    }

    /// Every heading with its number, those above it first: what questions find their way by.
    pub(crate) fn map(&self) -> Vec<Heading> {
        let found = (0..self.entries.len()).filter_map(|number| self.section(number));
        let heading = |found: Found<'_>| {
            let path = found.path().chain([found.section.title.as_str()]).map(ToOwned::to_owned).collect();
            Heading { number: found.number, path }
        };
        found.map(heading).collect()
    }

    /// The section of a number on the map.
    pub(crate) fn section(&self, number: usize) -> Option<Found<'_>> {
        let entry = self.entries.get(number)?;
        let page = self.pages.get(entry.page)?;
        Some(Found { number, page, section: page.sections.get(entry.section)? })
    }

    pub(crate) fn pages(&self) -> &[Page] {
        &self.pages
    }

    pub(crate) fn page(&self, slug: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.slug == slug)
    }

    /// What is asked for, each word with those that mean nearly the same; one that the manual never says also with those of
    /// its words that begin like it, as those of one family do.
    fn wanted(&self, question: &str) -> Vec<(String, Vec<String>)> {
        let mut asked = asked(question);
        asked.truncate(MOST_WORDS);
        for (stem, alike) in &mut asked {
            if !self.spread.contains_key(stem) {
                let family = self.spread.keys().filter(|known| are_family(stem, known));
                alike.extend(family.cloned());
            }
        }
        asked
    }

    /// The sections that answer a question best, the best first; none where the manual does not know.
    pub(crate) fn ask(&self, question: &str, most: usize) -> Vec<Found<'_>> {
        let asked = self.wanted(question);
        let worth: f32 = asked.iter().map(|(stem, alike)| self.worth_of(stem, alike)).sum();
        let mut ranked: Vec<(f32, f32, usize)> = self
            .entries
            .iter()
            .enumerate()
            .map(|(number, entry)| {
                let (score, covered) = self.score(entry, &asked);
                (score * (ANYWAY + (1.0 - ANYWAY) * covered / worth.max(f32::EPSILON)), covered, number)
            })
            .filter(|(score, ..)| *score > 0.0)
            .collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0));
        let known = ranked.first().is_some_and(|(_, covered, _)| *covered >= KNOWS * worth);
        if !known {
            return Vec::new();
        }
        ranked.into_iter().take(most).filter_map(|(_, _, number)| self.section(number)).collect()
    }

    /// What a section is worth to a question, and how much of what is asked for it has.
    fn score(&self, entry: &Entry, asked: &[(String, Vec<String>)]) -> (f32, f32) {
        let (mut score, mut covered) = (0.0, 0.0);
        for (stem, alike) in asked {
            let itself = self.part(entry, stem);
            let nearly = alike.iter().map(|other| NEARLY * self.part(entry, other)).fold(0.0, f32::max);
            score += itself.max(nearly);
            if entry.has(stem) {
                covered += self.worth_of(stem, alike);
            } else if alike.iter().any(|other| entry.has(other)) {
                covered += NEARLY * self.worth_of(stem, alike);
            }
        }
        let opens = self.pages.get(entry.page).and_then(|page| page.sections.get(entry.section));
        let opening = if opens.is_some_and(|section| section.level == 1) { OPENING } else { 1.0 };
        (score * opening, covered)
    }

    fn part(&self, entry: &Entry, stem: &str) -> f32 {
        let often = entry.text.get(stem).copied().unwrap_or(0.0);
        let length = 1.0 - LENGTH + LENGTH * entry.length / self.mean_length.max(1.0);
        let text = often * (SATURATION + 1.0) / (often + SATURATION * length);
        self.rarity(stem) * (text + entry.headings.get(stem).copied().unwrap_or(0.0))
    }

    /// What knowing of a word is worth: its rarity, or that of the word that the manual says for it.
    fn worth_of(&self, stem: &str, alike: &[String]) -> f32 {
        if self.spread.contains_key(stem) {
            return self.rarity(stem);
        }
        let others = alike.iter().filter(|other| self.spread.contains_key(*other));
        let other = others.map(|other| self.rarity(other)).fold(0.0, f32::max);
        let unsaid = if is_common(stem) { UNSAID_COMMON } else { UNSAID };
        if other > 0.0 { other } else { (1.0 + (1.0 - unsaid) / unsaid).ln() }
    }

    #[expect(clippy::cast_precision_loss, reason = "there are a few hundred sections")]
    fn rarity(&self, stem: &str) -> f32 {
        let spread = self.spread.get(stem).copied().unwrap_or(0) as f32;
        let all = self.entries.len() as f32;
        (1.0 + (all - spread + 0.5) / (spread + 0.5)).ln()
    }
}

/// Whether two stems begin alike, and one of them ends soon after: `deliv` and `deliveri`.
fn are_family(one: &str, other: &str) -> bool {
    const SHORTEST: usize = 5;
    const MORE: usize = 3;
    let (short, long) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    short.chars().count() >= SHORTEST && long.len() - short.len() <= MORE && long.starts_with(short)
}

impl Entry {
    fn new((at, page): (usize, &Page), (number, section): (usize, &Section)) -> Self {
        let mut text: HashMap<String, f32> = HashMap::new();
        let words = stems(&section.words);
        #[expect(clippy::cast_precision_loss, reason = "a section has a few hundred words")]
        let length = words.len() as f32;
        for stem in words {
            *text.entry(stem).or_default() += 1.0;
        }
        let mut headings: HashMap<String, f32> = HashMap::new();
        let mut add = |title: &str, worth: f32| {
            for stem in stems(title) {
                let known = headings.entry(stem).or_default();
                *known = known.max(worth);
            }
        };
        add(&section.title, HEADING);
        add(&section.asked, ASKED);
        add(&page.title, PAGE);
        section.above.iter().for_each(|title| add(title, ABOVE));
        Self { page: at, section: number, text, headings, length }
    }

    fn has(&self, stem: &str) -> bool {
        self.text.contains_key(stem) || self.headings.contains_key(stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Questions with the section that answers them, as `page#anchor`; `-` where the manual does not know.
    const TUNE: &str = include_str!("../../tests/questions_tune.txt");
    /// The same, written before the search was worked on with the others, and only counted.
    const HELD_OUT: &str = include_str!("../../tests/questions_held_out.txt");

    struct Score {
        first: usize,
        three: usize,
        answerable: usize,
        said_so: usize,
        unanswerable: usize,
    }

    fn score(questions: &str, shows: bool) -> Score {
        let manual = Manual::embedded();
        let mut score = Score { first: 0, three: 0, answerable: 0, said_so: 0, unanswerable: 0 };
        for line in questions.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (answers, question) = line.split_once('|').unwrap();
            let found: Vec<String> = manual
                .ask(question, 3)
                .iter()
                .map(|found| found.href().trim_start_matches("/help/manual/").to_owned())
                .collect();
            if answers == "-" {
                score.unanswerable += 1;
                score.said_so += usize::from(found.is_empty());
                if shows && !found.is_empty() {
                    eprintln!("{question}: {found:?} where nothing is known");
                }
                continue;
            }
            let right = |href: &String| answers.split(' ').any(|answer| answer == href);
            score.answerable += 1;
            score.first += usize::from(found.first().is_some_and(right));
            score.three += usize::from(found.iter().any(right));
            if shows && !found.first().is_some_and(right) {
                eprintln!("{question}: {found:?}, not {answers}");
            }
        }
        eprintln!(
            "first {} and among three {} of {}, said so {} of {}",
            score.first, score.three, score.answerable, score.said_so, score.unanswerable
        );
        score
    }

    #[track_caller]
    fn holds(score: &Score, first: usize, three: usize, said_so: usize) {
        assert!(
            score.first * 100 >= first * score.answerable,
            "{} of {} first",
            score.first,
            score.answerable
        );
        assert!(score.three * 100 >= three * score.answerable, "{} of {}", score.three, score.answerable);
        assert!(
            score.said_so * 100 >= said_so * score.unanswerable,
            "{} of {}",
            score.said_so,
            score.unanswerable
        );
    }

    #[test]
    fn questions_that_were_worked_on() {
        holds(&score(TUNE, true), 85, 95, 90);
    }

    #[test]
    fn questions_that_were_only_counted() {
        holds(&score(HELD_OUT, false), 85, 95, 90);
    }

    #[test]
    fn whatever_is_asked_has_an_end() {
        let manual = Manual::embedded();
        for question in ["", " ", "?!", "a", &"reminder ".repeat(10_000), "'; DROP TABLE x; --", "\u{202e}🎬"]
        {
            assert!(manual.ask(question, 3).len() <= 3);
        }
    }
}

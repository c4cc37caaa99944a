//! All trees, read and checked: whatever is wrong is named by file and line, and a forest with a mistake is none.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use sha2::{Digest, Sha256};
use toml::Spanned;

use super::{
    Choice, Language, Look, MOST_LEVELS, Mend, Node, NodeKind, SOLVED, Texts, Tree,
    facts::places,
    funnel::OWN,
    written::{WrittenKind, WrittenNode, WrittenTexts, WrittenTree},
};

/// A file with a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// How it is called where mistakes are told.
    pub file: String,
    /// What stands in it.
    pub text: String,
}

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// In which file.
    pub file: String,
    /// On which line, from 1 on.
    pub line: usize,
    /// What.
    pub what: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)
    }
}

/// The trees in service.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Forest(BTreeMap<String, Tree>);

impl Forest {
    /// Reads the trees of files. A tree of a later file takes the place of that with its id in an earlier one.
    ///
    /// # Errors
    /// Everything that is wrong.
    pub fn read(sources: &[Source]) -> Result<Self, Vec<Mistake>> {
        let (mut trees, mut mistakes) = (BTreeMap::new(), Vec::new());
        for source in sources {
            let mut reading =
                Reading { source, mistakes: &mut mistakes, nodes: BTreeMap::new(), lines: BTreeMap::new() };
            if let Some(tree) = reading.tree() {
                trees.insert(tree.id.clone(), tree);
            }
        }
        if mistakes.is_empty() { Ok(Self(trees)) } else { Err(mistakes) }
    }

    /// One of them.
    pub fn tree(&self, id: &str) -> Option<&Tree> {
        self.0.get(id)
    }

    /// All of them, those that belong to a screen first.
    pub fn for_screen(&self, screen: &str) -> Vec<&Tree> {
        let mut all: Vec<&Tree> = self.0.values().collect();
        all.sort_by_key(|tree| (!tree.screens.iter().any(|known| known == screen), &tree.id));
        all
    }
}

struct Reading<'a> {
    source: &'a Source,
    mistakes: &'a mut Vec<Mistake>,
    nodes: BTreeMap<String, Node>,
    /// On which lines the nodes stand.
    lines: BTreeMap<String, usize>,
}

impl Reading<'_> {
    fn wrong(&mut self, line: usize, what: impl Into<String>) {
        let mistake = Mistake { file: self.source.file.clone(), line, what: what.into() };
        if !self.mistakes.contains(&mistake) {
            self.mistakes.push(mistake);
        }
    }

    /// The line of a place in the file.
    fn line(&self, at: usize) -> usize {
        let before = self.source.text.as_bytes().iter().take(at);
        before.filter(|byte| **byte == b'\n').count() + 1
    }

    fn line_of<T>(&self, spanned: &Spanned<T>) -> usize {
        self.line(spanned.span().start)
    }

    fn tree(&mut self) -> Option<Tree> {
        let before = self.mistakes.len();
        let written: WrittenTree = match toml::from_str(&self.source.text) {
            Ok(written) => written,
            Err(error) => {
                let line = self.line(error.span().map_or(0, |span| span.start));
                self.wrong(line, error.message());
                return None;
            }
        };
        let title = self.texts(&written.title, "the title");
        for node in &written.nodes {
            self.node(node);
        }
        let start = written.start.get_ref();
        if self.lines.contains_key(start) {
            let line = self.lines.get(start).copied().unwrap_or(1);
            let mut seen = BTreeSet::new();
            self.walk(start, line, &mut Vec::new(), &BTreeSet::new(), &mut seen);
            let unreached: Vec<_> = self.lines.iter().filter(|(id, _)| !seen.contains(*id)).collect();
            let unreached: Vec<_> = unreached.into_iter().map(|(id, line)| (*line, id.clone())).collect();
            for (line, id) in unreached {
                self.wrong(line, format!("the node {id:?} can not be reached"));
            }
        } else {
            self.wrong(self.line_of(&written.start), format!("it starts at {start:?}, which is no node"));
        }
        if self.mistakes.len() > before {
            return None;
        }
        let hash = Sha256::digest(self.source.text.as_bytes());
        Some(Tree {
            id: written.id.into_inner(),
            version: hash.iter().take(6).map(|byte| format!("{byte:02x}")).collect(),
            title: title?,
            words: written.words,
            screens: written.screens,
            start: written.start.into_inner(),
            nodes: std::mem::take(&mut self.nodes),
        })
    }

    fn texts(&mut self, written: &WrittenTexts, whose: &str) -> Option<Texts> {
        let line = self.line_of(written);
        match Texts::new(written.get_ref()) {
            Ok(texts) => Some(texts),
            Err(code) => {
                self.wrong(line, format!("{whose} has no translation {code:?}"));
                None
            }
        }
    }

    fn node(&mut self, spanned: &Spanned<WrittenNode>) {
        let (line, written) = (self.line_of(spanned), spanned.get_ref());
        let id = written.id.clone();
        if self.lines.insert(id.clone(), line).is_some() {
            self.wrong(line, format!("there is another node {id:?}"));
        }
        self.check_members(line, written);
        let text = self.texts(&written.text, &format!("the node {id:?}"));
        let kind = match written.kind {
            WrittenKind::Question => self.question(line, written),
            WrittenKind::Check => {
                let look = self.named(line, written, "check", Look::named);
                look.and_then(|look| Some(NodeKind::Check(look, self.ways(line, written, look.ways())?)))
            }
            WrittenKind::Action => {
                let mend = self.named(line, written, "action", Mend::named);
                mend.and_then(|mend| Some(NodeKind::Action(mend, self.ways(line, written, mend.ways())?)))
            }
            WrittenKind::Answer => {
                Some(NodeKind::Answer(written.link.as_ref().map(|link| link.get_ref().clone())))
            }
            WrittenKind::Escalation => Some(NodeKind::Escalation),
        };
        if let (Some(text), Some(kind)) = (text, kind) {
            self.nodes.insert(id, Node { text, kind });
        }
    }

    /// A member that its kind has no use for would be silently without effect.
    fn check_members(&mut self, line: usize, written: &WrittenNode) {
        let does = matches!(written.kind, WrittenKind::Check | WrittenKind::Action);
        let members = [
            ("options", !written.options.is_empty(), written.kind == WrittenKind::Question),
            ("do", written.does.is_some(), does),
            ("ways", !written.ways.is_empty(), does),
            ("link", written.link.is_some(), written.kind == WrittenKind::Answer),
        ];
        for (name, _, _) in members.into_iter().filter(|(_, there, fits)| *there && !fits) {
            self.wrong(line, format!("{name:?} does not belong to a node of the kind of {:?}", written.id));
        }
    }

    fn question(&mut self, line: usize, written: &WrittenNode) -> Option<NodeKind> {
        if written.options.is_empty() {
            self.wrong(line, format!("the node {:?} has no exit: a question needs options", written.id));
            return None;
        }
        let mut choices: Vec<Choice> = Vec::new();
        for spanned in &written.options {
            let (at, option) = (self.line_of(spanned), spanned.get_ref());
            if choices.iter().any(|known| known.id == option.id) || option.id == SOLVED {
                self.wrong(at, format!("the option {:?} is there already", option.id));
            }
            if option.id.starts_with(OWN) {
                self.wrong(at, format!("the option {:?} begins like words of help's own", option.id));
            }
            let label = self.texts(&option.label, &format!("the option {:?}", option.id))?;
            choices.push(Choice { id: option.id.clone(), label, next: option.next.get_ref().clone() });
        }
        Some(NodeKind::Question(choices))
    }

    fn named<T>(
        &mut self,
        line: usize,
        written: &WrittenNode,
        kind: &str,
        named: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let Some(does) = &written.does else {
            self.wrong(line, format!("the node {:?} does not say which {kind} with \"do\"", written.id));
            return None;
        };
        let found = named(does.get_ref());
        if found.is_none() {
            self.wrong(self.line_of(does), format!("there is no {kind} named {:?}", does.get_ref()));
        }
        found
    }

    fn ways(
        &mut self,
        line: usize,
        written: &WrittenNode,
        known: &[(&str, &[&str])],
    ) -> Option<BTreeMap<String, String>> {
        let before = self.mistakes.len();
        for (way, _) in known {
            if !written.ways.contains_key(*way) {
                self.wrong(line, format!("the node {:?} has no exit for {way:?}", written.id));
            }
        }
        for (way, next) in &written.ways {
            if !known.iter().any(|(word, _)| word == way) {
                self.wrong(
                    self.line_of(next),
                    format!("the node {:?} can never turn out {way:?}", written.id),
                );
            }
        }
        let ways = written.ways.iter().map(|(way, next)| (way.clone(), next.get_ref().clone())).collect();
        (self.mistakes.len() == before).then_some(ways)
    }

    /// Follows every way from a node on, with what is known on it. Ways are short, and no node needs to remember that
    /// it was visited by another one.
    fn walk(
        &mut self,
        id: &str,
        line: usize,
        trail: &mut Vec<String>,
        known: &BTreeSet<&'static str>,
        seen: &mut BTreeSet<String>,
    ) {
        let here = self.lines.get(id).copied().unwrap_or(line);
        if trail.iter().any(|before| before == id) {
            self.wrong(here, format!("the node {id:?} is in a circle: {} → {id}", trail.join(" → ")));
            return;
        }
        if trail.len() == MOST_LEVELS {
            let way = trail.join(" → ");
            self.wrong(here, format!("{way} → {id} is more than {MOST_LEVELS} levels"));
            return;
        }
        if !self.lines.contains_key(id) {
            self.wrong(line, format!("it leads to {id:?}, which is no node"));
            return;
        }
        seen.insert(id.to_owned());
        // One whose own mistake is told already is not followed.
        let Some(node) = self.nodes.get(id).cloned() else {
            self.follow_written(id, seen);
            return;
        };
        self.check_places(id, here, &node, known);
        let asked = trail.last().and_then(|before| self.nodes.get(before));
        let asked = asked.is_some_and(|before| matches!(before.kind, NodeKind::Question(_)));
        trail.push(id.to_owned());
        match &node.kind {
            NodeKind::Question(choices) => {
                for choice in choices {
                    self.walk(&choice.next, here, trail, known, seen);
                }
            }
            NodeKind::Check(look, ways) => self.walk_ways(here, look.ways(), ways, trail, known, seen),
            NodeKind::Action(mend, ways) => {
                if !asked {
                    self.wrong(
                        here,
                        format!("the action {id:?} does not follow a question: nothing is changed unasked"),
                    );
                }
                self.walk_ways(here, mend.ways(), ways, trail, known, seen);
            }
            NodeKind::Answer(_) | NodeKind::Escalation => {}
        }
        trail.pop();
    }

    fn walk_ways(
        &mut self,
        line: usize,
        turns: &[(&'static str, &'static [&'static str])],
        ways: &BTreeMap<String, String>,
        trail: &mut Vec<String>,
        known: &BTreeSet<&'static str>,
        seen: &mut BTreeSet<String>,
    ) {
        for (way, gives) in turns {
            let Some(next) = ways.get(*way) else { continue };
            let known = known.iter().copied().chain(gives.iter().copied()).collect();
            self.walk(next, line, trail, &known, seen);
        }
    }

    /// What a broken node leads to is not called unreachable as well: one mistake is told once.
    fn follow_written(&self, id: &str, seen: &mut BTreeSet<String>) {
        seen.insert(id.to_owned());
        seen.extend(self.lines.keys().cloned());
    }

    /// A text may only tell what is known on every way that leads to it.
    fn check_places(&mut self, id: &str, line: usize, node: &Node, known: &BTreeSet<&'static str>) {
        let mut texts: Vec<&str> = Language::ALL.iter().map(|language| node.text.of(*language)).collect();
        if let NodeKind::Question(choices) = &node.kind {
            texts.extend(
                choices.iter().flat_map(|choice| Language::ALL.map(|language| choice.label.of(language))),
            );
        }
        if let NodeKind::Answer(Some(link)) = &node.kind {
            texts.push(link);
            if !link.starts_with('/') || link.starts_with("//") {
                self.wrong(line, format!("the link of {id:?} is no page of the product"));
            }
        }
        let unknown: BTreeSet<&str> =
            texts.into_iter().flat_map(places).filter(|place| !known.contains(place)).collect();
        for place in unknown {
            self.wrong(line, format!("{{{place}}} in the node {id:?} is not known on every way there"));
        }
    }
}

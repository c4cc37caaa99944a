//! What became of those who came to a tree, node by node.

use std::collections::BTreeMap;

use super::{NodeKind, SOLVED, Tree};

/// Words of help's own among what was answered or turned out; no option of a tree begins like that.
pub(crate) const OWN: char = '@';
/// A session began.
pub(crate) const BEGAN: &str = "@began";
/// A session came to rest at a node: somebody reads it.
pub(crate) const REACHED: &str = "@reached";
/// Somebody went back from a node.
pub(crate) const BACK: &str = "@back";
/// A person took it over there.
pub(crate) const ESCALATED: &str = "@escalated";
/// Somebody left there, and never came back.
pub(crate) const LEFT: &str = "@left";

/// How many sessions there were at a node for which something was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) node: String,
    /// What was answered or turned out, or one of help's own words; empty for all of them together.
    pub(crate) what: String,
    pub(crate) sessions: i64,
}

/// How many sessions are open at a node, and how many of them rest: nobody came back for a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resting {
    pub(crate) node: String,
    pub(crate) open: i64,
    pub(crate) resting: i64,
}

/// What became of a number of sessions. Each is counted once a figure.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) came: i64,
    pub(crate) resolved: i64,
    pub(crate) escalated: i64,
    /// They never came back, or not for a day so far.
    pub(crate) left: i64,
    /// They are on their way.
    pub(crate) under_way: i64,
}

/// The same of one node, and which ways were taken from there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NodeFigures {
    /// What became of them there; who came is who reached it.
    pub(crate) outcome: Outcome,
    /// How many took each way on, by its name.
    pub(crate) ways: BTreeMap<String, i64>,
}

/// A version of a tree with what became of those who came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Funnel {
    pub(crate) outcome: Outcome,
    pub(crate) nodes: BTreeMap<String, NodeFigures>,
}

impl Funnel {
    /// From what was logged, and from the sessions that are open.
    pub(crate) fn of(counted: Vec<Counted>, open: Vec<Resting>) -> Self {
        let mut funnel = Self::default();
        for Counted { node, what, sessions } in counted {
            let figures = funnel.nodes.entry(node).or_default();
            let (here, whole) = (&mut figures.outcome, &mut funnel.outcome);
            match what.as_str() {
                "" => here.came += sessions,
                BEGAN => whole.came += sessions,
                SOLVED => (here.resolved, whole.resolved) = (sessions, whole.resolved + sessions),
                ESCALATED => (here.escalated, whole.escalated) = (sessions, whole.escalated + sessions),
                LEFT => (here.left, whole.left) = (here.left + sessions, whole.left + sessions),
                own if own.starts_with(OWN) => {}
                _ => {
                    figures.ways.insert(what, sessions);
                }
            }
        }
        for Resting { node, open, resting } in open {
            let figures = funnel.nodes.entry(node).or_default();
            for outcome in [&mut figures.outcome, &mut funnel.outcome] {
                outcome.left += resting;
                outcome.under_way += open - resting;
            }
        }
        funnel
    }

    /// What became of those at a node; nothing where nobody was.
    pub(crate) fn node(&self, id: &str) -> NodeFigures {
        self.nodes.get(id).cloned().unwrap_or_default()
    }
}

/// A node where it stands when a tree is drawn from its beginning on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawn<'t> {
    /// How deep, from 1 on.
    pub(crate) level: usize,
    /// From which node and by which way one comes here; nothing for the beginning.
    pub(crate) by: Option<(&'t str, &'t str)>,
    pub(crate) node: &'t str,
    /// Whether it was drawn before, with all that follows.
    pub(crate) again: bool,
}

/// A tree as a list: each node behind the way that leads there, and what follows behind it.
pub(crate) fn drawn(tree: &Tree) -> Vec<Drawn<'_>> {
    let mut list: Vec<Drawn<'_>> = Vec::new();
    let mut next = vec![(1, None, tree.start.as_str())];
    while let Some((level, by, node)) = next.pop() {
        let again = list.iter().any(|drawn| drawn.node == node);
        list.push(Drawn { level, by, node, again });
        if !again {
            // The last is taken first.
            next.extend(
                ways(tree, node).into_iter().rev().map(|(way, to)| (level + 1, Some((node, way)), to)),
            );
        }
    }
    list
}

/// The ways from a node, each with where it leads.
fn ways<'t>(tree: &'t Tree, node: &str) -> Vec<(&'t str, &'t str)> {
    match tree.nodes.get(node).map(|node| &node.kind) {
        Some(NodeKind::Question(choices)) => {
            choices.iter().map(|choice| (choice.id.as_str(), choice.next.as_str())).collect()
        }
        Some(NodeKind::Check(_, ways) | NodeKind::Action(_, ways)) => {
            ways.iter().map(|(way, to)| (way.as_str(), to.as_str())).collect()
        }
        Some(NodeKind::Answer(_) | NodeKind::Escalation) | None => Vec::new(),
    }
}

/// The longest word without a meaning of its own in a question that is kept.
const DIGITS: usize = 3;

/// A question as it is kept: without what looks like an address, a number or an id of somebody's; `None` where nothing
/// is left of it.
pub(crate) fn impersonal(question: &str) -> Option<String> {
    let harmless = |word: &&str| {
        !word.contains(['@', '/', '_'])
            && word.chars().filter(char::is_ascii_digit).count() < DIGITS
            && word.chars().any(char::is_alphanumeric)
    };
    let lower = question.to_lowercase();
    let visible: String =
        lower.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let words: Vec<&str> = visible.split_whitespace().filter(harmless).collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_sessions_is_counted_at_their_nodes_and_as_a_whole() {
        let counted =
            |node: &str, what: &str, sessions| Counted { node: node.into(), what: what.into(), sessions };
        let funnel = Funnel::of(
            vec![
                counted("ask", "", 10),
                counted("ask", BEGAN, 10),
                counted("ask", REACHED, 10),
                counted("ask", "yes", 7),
                counted("ask", ESCALATED, 1),
                counted("ask", LEFT, 1),
                counted("end", "", 7),
                counted("end", SOLVED, 5),
                counted("end", BACK, 1),
            ],
            vec![
                Resting { node: "ask".into(), open: 1, resting: 1 },
                Resting { node: "end".into(), open: 2, resting: 0 },
            ],
        );
        let outcome = |came, resolved, escalated, left, under_way| Outcome {
            came,
            resolved,
            escalated,
            left,
            under_way,
        };
        assert_eq!(funnel.outcome, outcome(10, 5, 1, 2, 2));
        assert_eq!(funnel.node("ask").outcome, outcome(10, 0, 1, 2, 0));
        assert_eq!(funnel.node("ask").ways, BTreeMap::from([("yes".to_owned(), 7)]));
        assert_eq!(funnel.node("end").outcome, outcome(7, 5, 0, 0, 2));
        assert_eq!(funnel.node("nowhere"), NodeFigures::default());
    }

    #[test]
    fn a_question_is_kept_without_whose_it_is() {
        for (asked, kept) in [
            ("  Pay by   Cheque? ", Some("pay by cheque?")),
            ("mail asha@example.org about 4111 1111", Some("mail about")),
            ("see https://example.org/x and sub_0197", Some("see and")),
            ("every 45 days", Some("every 45 days")),
            ("a\u{0}b", Some("a b")),
            ("0123456789", None),
            ("?!", None),
        ] {
            assert_eq!(impersonal(asked).as_deref(), kept, "{asked}");
        }
    }
}

//! What is said of topics, steps and tickets.

use std::collections::BTreeMap;

use jiff::Timestamp;
use kernel::{HelpSessionId, Locale, TicketId, TicketMessageId};
use serde::Serialize;

use crate::{
    domain::{Language, Session, Short, Step, Tree},
    error::HelpError,
    manual::Manual,
    service::{Searched, Shown},
    store::{Message, Ticket},
};

/// Something help can solve.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpTopic)]
pub(super) struct TopicBody {
    #[schema(example = "payment_failed")]
    tree: String,
    /// In your language.
    title: String,
    /// Whether it belongs to the screen that was asked for.
    here: bool,
}

impl TopicBody {
    pub(super) fn new(tree: &Tree, language: Language, screen: &str) -> Self {
        let here = tree.screens.iter().any(|known| known == screen);
        Self { tree: tree.id.clone(), title: tree.title(language).into(), here }
    }
}

/// Every topic.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpTopics)]
pub(super) struct TopicsBody {
    pub(super) data: Vec<TopicBody>,
}

/// A topic that a question is about.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFoundTopic)]
struct FoundTopicBody {
    #[schema(example = "payment_failed")]
    tree: String,
    /// In your language.
    title: String,
}

/// A section of the manual.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpSection)]
struct SectionBody {
    #[schema(example = "subscriptions")]
    page: &'static str,
    title: String,
    /// The whole of it, without marks.
    text: String,
    /// Where it is read, on this server.
    #[schema(example = "/help/manual/subscriptions#month-ends")]
    href: String,
}

/// What was found for a question.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpSearch)]
pub(super) struct SearchBody {
    /// What help can solve of it, the best first.
    topics: Vec<FoundTopicBody>,
    /// Sections that answer it, the best first; at most three.
    sections: Vec<SectionBody>,
    /// Whether the manual knows.
    known: bool,
    /// What a language model answers from the manual.
    short: ShortBody,
}

/// How far a short answer has come.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = HelpShortStatus)]
enum ShortState {
    /// No language model is asked, or nothing came of it that can be shown.
    None,
    /// It is being looked for.
    Waiting,
    /// It was looked for, and the manual holds none.
    Unknown,
    /// It was found.
    Told,
}

/// A short answer, by a language model.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpShortAnswer)]
struct ShortBody {
    status: ShortState,
    /// The answer, in the words of the language model and in your language.
    text: Option<String>,
    /// What it stands on.
    quotes: Vec<QuoteBody>,
}

/// Words of the manual that a short answer stands on.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpQuote)]
struct QuoteBody {
    /// As they stand there.
    words: String,
    /// The section's heading.
    title: String,
    /// Where it is read.
    #[schema(example = "/help/manual/subscriptions#month-ends")]
    href: String,
}

impl ShortBody {
    fn new(short: Short) -> Self {
        let bare = |status| Self { status, text: None, quotes: Vec::new() };
        match short {
            Short::None => bare(ShortState::None),
            Short::Waiting => bare(ShortState::Waiting),
            Short::Unknown => bare(ShortState::Unknown),
            Short::Told(answer) => {
                let quotes = answer.quotes.into_iter().filter_map(|quoted| {
                    let found = Manual::embedded().section(quoted.section)?;
                    let (title, href) = (found.section.title.clone(), found.href());
                    Some(QuoteBody { words: quoted.words, title, href })
                });
                Self { status: ShortState::Told, text: Some(answer.text), quotes: quotes.collect() }
            }
        }
    }
}

impl SearchBody {
    pub(super) fn new(found: Searched) -> Self {
        let topic = |(tree, title)| FoundTopicBody { tree, title };
        let sections: Vec<SectionBody> = found
            .sections
            .iter()
            .map(|found| SectionBody {
                page: found.page.slug,
                title: found.section.title.clone(),
                text: found.section.text.clone(),
                href: found.href(),
            })
            .collect();
        Self {
            topics: found.topics.into_iter().map(topic).collect(),
            known: !sections.is_empty(),
            sections,
            short: ShortBody::new(found.short),
        }
    }
}

/// An answer that is offered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpOption)]
struct OptionBody {
    id: String,
    /// In your language.
    label: String,
}

/// Where you are.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpNode)]
struct NodeBody {
    id: String,
    /// `question`, `answer` or `escalation`; what is looked at and mended happens in between.
    kind: &'static str,
    /// In your language.
    text: String,
    /// The page of the product an answer leads to.
    link: Option<String>,
    options: Vec<OptionBody>,
}

/// A step that was taken.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpTaken)]
pub(super) struct TakenBody {
    node: String,
    /// What was answered, or how what was looked at or mended turned out.
    what: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

impl From<&Step> for TakenBody {
    fn from(step: &Step) -> Self {
        Self { node: step.node.clone(), what: step.what.clone(), at: step.at }
    }
}

/// A step of being helped.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpStep)]
pub(super) struct StepBody {
    session_id: HelpSessionId,
    tree: String,
    /// `open`, `resolved` or `escalated`.
    status: &'static str,
    node: NodeBody,
    path: Vec<TakenBody>,
    ticket_id: Option<TicketId>,
}

impl StepBody {
    pub(super) fn new(tree: &Tree, session: &Session, locale: &Locale) -> Result<Self, HelpError> {
        let shown = Shown::new(tree, session, locale).ok_or(HelpError::NotFound)?;
        Ok(Self {
            session_id: session.id,
            tree: session.tree.clone(),
            status: session.state.as_str(),
            node: NodeBody {
                id: session.node.clone(),
                kind: shown.kind,
                text: shown.text,
                link: shown.link,
                options: shown.options.into_iter().map(|(id, label)| OptionBody { id, label }).collect(),
            },
            path: session.path.iter().map(TakenBody::from).collect(),
            ticket_id: session.ticket,
        })
    }
}

/// What was handed over.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Ticket)]
pub(super) struct TicketBody {
    pub(super) id: TicketId,
    /// The topic it comes from; empty where it comes from none.
    tree: String,
    /// `open` while you wait for an answer, `answered`, or `closed`.
    status: &'static str,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When something was last said.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

impl TicketBody {
    pub(super) fn new(ticket: &Ticket) -> Self {
        Self {
            id: ticket.id,
            tree: ticket.tree.clone(),
            status: ticket.status.as_str(),
            created_at: ticket.created_at,
            updated_at: ticket.updated_at,
        }
    }
}

/// A page of tickets.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketPage)]
pub(super) struct TicketPage {
    pub(super) data: Vec<TicketBody>,
    /// What to pass as `cursor` for the next page; `null` on the last.
    pub(super) next_cursor: Option<String>,
}

/// Something that was said.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketMessage)]
struct SaidBody {
    id: TicketMessageId,
    text: String,
    /// Whether you said it.
    yours: bool,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A ticket with all that it carries.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = TicketDetail)]
pub(super) struct TicketDetailBody {
    #[serde(flatten)]
    ticket: TicketBody,
    /// The household it is about.
    household_id: kernel::HouseholdId,
    /// The id that was looked at; may be empty.
    object: String,
    /// Which version of the topic it was.
    tree_version: String,
    /// The steps that were taken.
    path: Vec<TakenBody>,
    /// What was found out, in words.
    facts: BTreeMap<String, String>,
    /// What was said, the earliest first, at most 200.
    messages: Vec<SaidBody>,
}

impl TicketDetailBody {
    pub(super) fn new(ticket: &Ticket, said: Vec<Message>, locale: &Locale) -> Self {
        let yours = |message: Message| SaidBody {
            id: message.id,
            yours: message.author == ticket.user,
            text: message.text,
            created_at: message.created_at,
        };
        Self {
            ticket: TicketBody::new(ticket),
            household_id: ticket.household,
            object: ticket.object.clone(),
            tree_version: ticket.tree_version.clone(),
            path: ticket.path.iter().map(TakenBody::from).collect(),
            facts: ticket.facts.told(Language::of(locale), locale).into_iter().collect(),
            messages: said.into_iter().map(yours).collect(),
        }
    }
}

//! Going through a tree: beginning, answering, going back, coming back.

use jiff::Timestamp;
use kernel::{Actor, HelpSessionId, Invalid, TicketId};
use platform::db::{Batch, DbError};

use super::{Guide, KEPT};
use crate::{
    domain::{
        BACK, BEGAN, ESCALATED, Facts, MOST_LEVELS, NodeKind, REACHED, SOLVED, Session, SessionState, Step,
        Tree,
    },
    error::HelpError,
    store,
};

/// Where help was asked for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Beginning {
    /// With which tree; that of the screen when left out.
    pub(crate) tree: Option<String>,
    /// From which screen.
    pub(crate) screen: String,
    /// About what: an id.
    pub(crate) object: String,
}

/// The longest name of a screen or an object, in characters.
const LONGEST: usize = 64;

impl Guide {
    /// Begins a way, and goes on to the first thing that is to be answered.
    pub(crate) async fn begin(&self, actor: &Actor, asked: Beginning) -> Result<Session, HelpError> {
        let mut invalid = Invalid::new();
        for (pointer, text) in [("/screen", &asked.screen), ("/object", &asked.object)] {
            if text.chars().count() > LONGEST {
                invalid.add(pointer, format!("must be at most {LONGEST} characters"));
            }
        }
        invalid.into_result()?;
        let forest = self.forest();
        let tree = match &asked.tree {
            Some(id) => forest.tree(id),
            None => {
                forest.for_screen(&asked.screen).into_iter().find(|tree| tree.screens.contains(&asked.screen))
            }
        };
        let tree = tree.ok_or_else(|| Invalid::field("/tree", "must be one of the topics of help"))?;
        let now = self.now();
        let mut session = Session {
            id: self.ids.next(),
            user: actor.user,
            household: actor.household,
            tree: tree.id.clone(),
            tree_version: tree.version.clone(),
            screen: asked.screen,
            object: asked.object,
            node: tree.start.clone(),
            facts: Facts::default(),
            path: Vec::new(),
            state: SessionState::Open,
            ticket: None,
            version: 1,
            created_at: now,
        };
        let steps = self.go_on(actor, tree, &mut session).await;
        let mut batch = Batch::new();
        store::insert_step(&mut batch, &session, &step(&tree.start, BEGAN, false, now));
        for taken in steps.iter().chain([&step(&session.node, REACHED, false, now)]) {
            store::insert_step(&mut batch, &session, taken);
        }
        store::insert_session(&mut batch, &session, expiry(now));
        self.database.apply(batch).await?;
        Ok(session)
    }

    /// Where somebody is. In a tree that has lost the place since, they are at its beginning again.
    pub(crate) async fn session(&self, actor: &Actor, id: HelpSessionId) -> Result<Session, HelpError> {
        let found = store::session(&self.database, actor, id, self.now()).await?;
        let mut session = found.ok_or(HelpError::NotFound)?;
        let forest = self.forest();
        let tree = forest.tree(&session.tree).ok_or(HelpError::NotFound)?;
        if !tree.nodes.contains_key(&session.node) {
            session.node.clone_from(&tree.start);
            session.path.clear();
            self.go_on(actor, tree, &mut session).await;
        }
        Ok(session)
    }

    /// Takes an answer, and goes on to the next thing that is to be answered.
    pub(crate) async fn answer(
        &self,
        actor: &Actor,
        id: HelpSessionId,
        option: &str,
    ) -> Result<Session, HelpError> {
        let mut session = self.open(actor, id).await?;
        let forest = self.forest();
        let tree = forest.tree(&session.tree).ok_or(HelpError::NotFound)?;
        let wrong = || Invalid::field("/option", "must be one of those that are offered");
        let next = match tree.nodes.get(&session.node).map(|node| &node.kind) {
            Some(NodeKind::Question(choices)) => {
                let chosen = choices.iter().find(|choice| choice.id == option).ok_or_else(wrong)?;
                Some(chosen.next.clone())
            }
            Some(NodeKind::Answer(_)) if option == SOLVED => None,
            _ => return Err(wrong().into()),
        };
        let taken = step(&session.node, option, true, self.now());
        session.path.push(taken.clone());
        let mut steps = vec![taken];
        match next {
            Some(next) => {
                session.node = next;
                steps.extend(self.go_on(actor, tree, &mut session).await);
            }
            None => session.state = SessionState::Resolved,
        }
        self.keep(session, Batch::new(), &steps).await
    }

    /// Goes back to what was answered last. What was mended stays mended.
    pub(crate) async fn back(&self, actor: &Actor, id: HelpSessionId) -> Result<Session, HelpError> {
        let mut session = self.open(actor, id).await?;
        let left = session.node.clone();
        if !session.back() {
            return Err(HelpError::Refused("There is nothing to go back to."));
        }
        let taken = step(&left, BACK, false, self.now());
        self.keep(session, Batch::new(), &[taken]).await
    }

    /// Hands a session over: the batch holds the ticket.
    pub(super) async fn hand_over(
        &self,
        mut session: Session,
        ticket: TicketId,
        batch: Batch,
    ) -> Result<Session, HelpError> {
        session.state = SessionState::Escalated;
        session.ticket = Some(ticket);
        let taken = step(&session.node, ESCALATED, false, self.now());
        self.keep(session, batch, &[taken]).await
    }

    /// One in which steps can be taken.
    pub(super) async fn open(&self, actor: &Actor, id: HelpSessionId) -> Result<Session, HelpError> {
        let session = self.session(actor, id).await?;
        match session.state {
            SessionState::Open => Ok(session),
            SessionState::Resolved => Err(HelpError::Refused("This was solved. Begin anew if it was not.")),
            SessionState::Escalated => Err(HelpError::Refused("A person has this already.")),
        }
    }

    /// Follows checks and actions by themselves. Each is a node, of which no way has more than a few.
    async fn go_on(&self, actor: &Actor, tree: &Tree, session: &mut Session) -> Vec<Step> {
        let mut steps = Vec::new();
        for _ in 0..MOST_LEVELS {
            let Some(node) = tree.nodes.get(&session.node) else { break };
            let (turned_out, ways) = match &node.kind {
                NodeKind::Check(look, ways) => (self.look(actor, session, *look).await, ways),
                NodeKind::Action(mend, ways) => (self.mend(actor, session, *mend).await, ways),
                NodeKind::Question(_) | NodeKind::Answer(_) | NodeKind::Escalation => break,
            };
            // Every way it can turn out leads somewhere: that was checked when the tree was read.
            let Some(next) = ways.get(turned_out) else { break };
            steps.push(step(&session.node, turned_out, false, self.now()));
            session.node.clone_from(next);
        }
        session.path.extend(steps.iter().cloned());
        session.tree_version.clone_from(&tree.version);
        steps
    }

    async fn keep(
        &self,
        mut session: Session,
        mut batch: Batch,
        steps: &[Step],
    ) -> Result<Session, HelpError> {
        let now = self.now();
        session.version += 1;
        store::update_session(&mut batch, &session, now, expiry(now));
        for taken in steps.iter().chain([&step(&session.node, REACHED, false, now)]) {
            store::insert_step(&mut batch, &session, taken);
        }
        match self.database.apply(batch).await {
            Ok(()) => Ok(session),
            Err(DbError::Conflict) => Err(HelpError::Overtaken),
            Err(error) => Err(error.into()),
        }
    }
}

fn expiry(now: Timestamp) -> Timestamp {
    now.saturating_add(KEPT).unwrap_or(now)
}

fn step(node: &str, what: &str, answered: bool, at: Timestamp) -> Step {
    Step { node: node.into(), what: what.into(), answered, at }
}

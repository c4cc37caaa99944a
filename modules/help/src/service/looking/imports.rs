//! Files that were imported, or were to be.

use contracts::help::{ImportState, Imported};
use kernel::{Actor, ImportId};

use super::{Seen, ask, count};
use crate::{
    domain::{Fact, Facts, Session},
    service::Guide,
};

impl Guide {
    pub(super) async fn look_at_import(&self, actor: &Actor, session: &mut Session) -> Seen {
        let asked = session.object.parse::<ImportId>().ok();
        let Some(found) = ask(self.tracked.imported(actor, asked)).await? else { return Ok("none") };
        keep_import(&mut session.facts, &found);
        Ok(match (found.state, found.first_wrong) {
            (ImportState::Asking, _) => "asking",
            (ImportState::Ready, Some(said)) => {
                session.facts.keep("said", Fact::Words(said));
                "wrong"
            }
            (ImportState::Ready, None) => "ready",
            (ImportState::Applied, _) => "applied",
            (ImportState::Undone, _) => "undone",
        })
    }
}

/// Keeps how far an import has come.
pub(in crate::service) fn keep_import(facts: &mut Facts, import: &Imported) {
    facts.keep("file", Fact::Words(import.file.clone()));
    facts.keep("import", Fact::Words(import.import.to_string()));
    for (name, of) in [
        ("chosen", import.chosen),
        ("doubled", import.doubled),
        ("wrong", import.wrong),
        ("made", import.made),
        ("kept", import.kept),
    ] {
        facts.keep(name, count(of));
    }
}

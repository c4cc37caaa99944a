//! Actions: each mends one thing, as its owner could by hand, within a time limit.

use contracts::CallError;
use kernel::{Actor, PaymentId};

use super::{
    Guide,
    looking::{AWAY, ask},
};
use crate::domain::{Mend, Session};

const REFUSED: &str = "refused";

impl Guide {
    /// How an action turns out. Whoever may only look at a household mends nothing there.
    pub(super) async fn mend(&self, actor: &Actor, session: &Session, mend: Mend) -> &'static str {
        if !actor.access.may_change() {
            return REFUSED;
        }
        let mended = match mend {
            Mend::MarkPaid => self.mark_paid(actor, session).await,
        };
        match mended {
            Ok(()) => "done",
            Err(CallError::NotFound | CallError::Conflict(_) | CallError::Invalid(_)) => REFUSED,
            Err(CallError::Unavailable(cause)) => {
                tracing::warn!(cause, ?mend, "an action of help got no answer");
                AWAY
            }
        }
    }

    async fn mark_paid(&self, actor: &Actor, session: &Session) -> Result<(), CallError> {
        let id = session.facts.words("payment").and_then(|id| id.parse::<PaymentId>().ok());
        ask(self.charges.mark_paid(actor, id.ok_or(CallError::NotFound)?)).await.map(|_| ())
    }
}

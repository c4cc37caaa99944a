//! Actions: each mends one thing, as its owner could by hand, within a time limit.

use contracts::{CallError, help::Tested};
use kernel::{Actor, Cycle, Id, Scope};

use super::{
    Guide,
    looking::{AWAY, ask, have, keep_import, keep_price},
};
use crate::domain::{Fact, Mend, Session};

const DONE: &str = "done";
const REFUSED: &str = "refused";

/// The id that was found out under a name.
fn known<K: kernel::Kind>(session: &Session, name: &str) -> Result<Id<K>, CallError> {
    session.facts.words(name).and_then(|id| id.parse().ok()).ok_or(CallError::NotFound)
}

impl Guide {
    /// How an action turns out. Whoever may only look at a household mends nothing of it.
    pub(super) async fn mend(&self, actor: &Actor, session: &mut Session, mend: Mend) -> &'static str {
        if mend.changes_household() && !actor.access.may_change() {
            return REFUSED;
        }
        match self.mended(actor, session, mend).await {
            Ok(turned_out) => turned_out,
            Err(CallError::NotFound | CallError::Conflict(_) | CallError::Invalid(_)) => REFUSED,
            Err(CallError::Unavailable(cause)) => {
                tracing::warn!(cause, ?mend, "an action of help got no answer");
                AWAY
            }
        }
    }

    async fn mended(
        &self,
        actor: &Actor,
        session: &mut Session,
        mend: Mend,
    ) -> Result<&'static str, CallError> {
        let (tracked, deliveries) = (&self.tracked, &self.deliveries);
        match mend {
            Mend::MarkPaid => {
                ask(tracked.mark_paid(actor, known(session, "payment")?)).await?;
            }
            Mend::Resume => ask(tracked.resume(actor, known(session, "subscription")?)).await?,
            Mend::Unmute => ask(deliveries.unmute(actor, known(session, "subscription")?)).await?,
            Mend::TellKind => {
                let kind = session.facts.reminder("kind").ok_or(CallError::NotFound)?;
                ask(deliveries.tell_kind(actor, kind, known(session, "channel_id")?)).await?;
            }
            Mend::EndQuietHours => ask(deliveries.end_quiet_hours(actor)).await?,
            Mend::SendAgain => ask(deliveries.send_again(actor, known(session, "notification")?)).await?,
            Mend::ChargeMonthly | Mend::ChargeYearly => {
                let cycle = if mend == Mend::ChargeMonthly { Cycle::MONTHLY } else { Cycle::YEARLY };
                let id = known(session, "subscription")?;
                keep_price(&mut session.facts, &ask(tracked.charge_every(actor, id, cycle)).await?);
            }
            Mend::Refresh => ask(tracked.refresh(actor)).await?,
            Mend::ApplyImport => {
                let id = known(session, "import")?;
                keep_import(&mut session.facts, &have(tracked.apply_import(actor, id)).await?);
            }
            Mend::UndoImport => {
                let id = known(session, "import")?;
                keep_import(&mut session.facts, &have(tracked.undo_import(actor, id)).await?);
            }
            Mend::ShowToHousehold => {
                ask(tracked.show_to_household(actor, known(session, "subscription")?)).await?;
            }
            Mend::Cancel => {
                let cancelled = ask(tracked.cancel(actor, known(session, "subscription")?)).await?;
                let ends = cancelled.ends_on.ok_or(CallError::NotFound)?;
                session.facts.keep("ends", Fact::Day(ends));
            }
            Mend::Pause => ask(tracked.pause(actor, known(session, "subscription")?)).await?,
            Mend::EndOtherLogIns => {
                // No key may touch log-ins, whatever its scope.
                if actor.scope != Scope::Everything {
                    return Ok(REFUSED);
                }
                ask(self.log_ins.end_others(actor)).await?;
            }
            Mend::TryChannel => {
                let tested = ask(deliveries.try_channel(actor, known(session, "channel_id")?)).await?;
                return Ok(match tested {
                    Tested::Sent => "sent",
                    Tested::Waiting => "waiting",
                    Tested::Failed(said) => {
                        session.facts.keep("said", Fact::Words(said));
                        "failed"
                    }
                });
            }
        }
        Ok(DONE)
    }
}

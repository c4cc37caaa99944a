//! Doing one thing to many: the rows that are picked in the list, one form, no script needed.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use contracts::subscriptions::Act;
use kernel::{Actor, Invalid, SubscriptionId, TagId};
use platform::http::{IfMatch, Problem, Visitor};

use super::{Known, filled::Filled};
use crate::{
    Tracker,
    domain::{Amendment, Change, ParticularsInput},
    error::TrackerError,
};

/// As many as a page of the list shows.
const MOST: usize = 50;

/// What is done to each.
enum Deed {
    Act(Act),
    Change(Box<Change>),
    Tag(TagId),
    Untag(TagId),
}

/// A list that is no address of ours leads back to the list itself.
fn back(here: &str) -> &str {
    if here.starts_with("/subscriptions?") && !here.contains(['\r', '\n']) { here } else { "/subscriptions" }
}

impl Deed {
    fn read(words: &str) -> Result<Self, Invalid> {
        let (verb, what) = words.split_once(':').unwrap_or((words, ""));
        let none = || Invalid::field("/act", "is nothing that can be done");
        let tag = || what.parse::<TagId>().map_err(|_| none());
        let amendment = match verb {
            "pause" => return Ok(Self::Act(Act::Pause)),
            "resume" => return Ok(Self::Act(Act::Resume)),
            "cancel" => return Ok(Self::Act(Act::Cancel { ends_on: None })),
            "tag" => return tag().map(Self::Tag),
            "untag" => return tag().map(Self::Untag),
            "category" => Amendment { category: Some(Some(what.to_owned())), ..Amendment::default() },
            "method" => {
                let method = what.parse().map_err(|_| none())?;
                let particulars =
                    ParticularsInput { payment_method: Some(Some(method)), ..ParticularsInput::default() };
                Amendment { particulars, ..Amendment::default() }
            }
            _ => return Err(none()),
        };
        Ok(Self::Change(Box::new(amendment.check()?)))
    }

    async fn apply(&self, tracker: &Tracker, actor: &Actor, id: SubscriptionId) -> Result<(), TrackerError> {
        let seen = IfMatch::default();
        match self {
            Self::Act(act) => {
                tracker.change(actor, id, &seen, |found, today| found.act(act, today)).await?;
            }
            Self::Change(change) => {
                tracker.edit(actor, id, &seen, (**change).clone()).await?;
            }
            Self::Tag(tag) => self.retag(tracker, actor, id, Some(*tag)).await?,
            Self::Untag(_) => self.retag(tracker, actor, id, None).await?,
        }
        Ok(())
    }

    async fn retag(
        &self,
        tracker: &Tracker,
        actor: &Actor,
        id: SubscriptionId,
        added: Option<TagId>,
    ) -> Result<(), TrackerError> {
        let (found, _) = tracker.read(actor, id).await?;
        let taken = if let Self::Untag(tag) = self { Some(*tag) } else { None };
        let kept = found.particulars.tags.iter().copied().filter(|tag| Some(*tag) != taken);
        let tags = kept.chain(added).collect();
        // Tags that somebody changed in this very moment are looked at again by them, not lost unseen.
        let seen = crate::service::Seen::Version(found.version);
        tracker.edit(actor, id, seen, Change::default().tagged(tags)?).await?;
        Ok(())
    }
}

/// Each by itself: what one's state does not allow keeps no other from it, and is told.
pub(super) async fn apply(
    State(tracker): Known,
    Visitor(actor): Visitor,
    Filled(sent): Filled<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let one = |name: &str| sent.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let here = back(one("here"));
    let join = if here.contains('?') { '&' } else { '?' };
    let picked: Vec<SubscriptionId> = sent
        .iter()
        .filter(|(key, _)| key == "pick")
        .filter_map(|(_, id)| id.parse().ok())
        .take(MOST)
        .collect();
    if picked.is_empty() || one("act").is_empty() {
        return Ok(Redirect::to(&format!("{here}{join}done=nothing")).into_response());
    }
    let deed = Deed::read(one("act"))?;
    let (mut done, mut refused) = (0, 0);
    for id in picked {
        match deed.apply(&tracker, &actor, id).await {
            Ok(()) => done += 1,
            Err(TrackerError::Refused(_) | TrackerError::Changed | TrackerError::Invalid(_)) => refused += 1,
            Err(TrackerError::NotFound) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(Redirect::to(&format!("{here}{join}done=many&count={done}&refused={refused}")).into_response())
}

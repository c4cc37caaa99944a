//! Who pays it, and whose it is.

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Invalid, MemberId, Money, UserId};

use super::Subscription;
use crate::domain::{DecisionError, Fact, Shares, Sharing, SharingChange};

impl Subscription {
    /// Shares it like that from now on. What was paid stays shared as it was: the store sees to it.
    pub fn share(&mut self, sharing: Sharing) {
        self.record.sharing = sharing;
    }

    /// Shares it without a member who has left; gives the fact of it, where they paid or shared it.
    pub fn forget_member(&mut self, gone: MemberId) -> Option<Fact> {
        if !self.sharing.names(gone) {
            return None;
        }
        self.share(self.sharing.clone().without(gone));
        Some(self.changed())
    }

    /// What becomes of it when `gone`, who began to track it, has left: `heir` looks after it and is reminded of it. One
    /// that nobody else sees rests instead, as far as it runs, for nobody can say any more whether it is paid.
    pub fn hand_over(&mut self, gone: UserId, heir: UserId, today: Date) -> Vec<Fact> {
        if self.created_by != gone {
            return Vec::new();
        }
        if self.sharing.private {
            return match self.status {
                Status::Active => self.pause(),
                // A trial cannot rest.
                Status::Trial => self.cancel(None, today),
                Status::Paused | Status::Cancelled | Status::Ended => Ok(Vec::new()),
            }
            .unwrap_or_default();
        }
        self.record.created_by = heir;
        vec![self.changed()]
    }

    /// Changes who sees it, pays it and shares it, for `user`. Gives no fact when nothing differs.
    ///
    /// # Errors
    /// [`DecisionError::Invalid`] when `members` are asked for who are none, or another rule is broken.
    pub fn reshare(
        &mut self,
        change: &SharingChange,
        user: UserId,
        members: &[MemberId],
        today: Date,
    ) -> Result<Vec<Fact>, DecisionError> {
        let mut invalid = Invalid::new();
        let price = self.prices.on(self.trial_ends_on.map_or(today, |ends_on| ends_on.max(today)));
        let sharing = change.applied_to(self.sharing.clone(), price.currency(), &mut invalid);
        if sharing == self.sharing {
            invalid.into_result()?;
            return Ok(Vec::new());
        }
        if sharing.private && self.created_by != user {
            invalid.add("/private", "is for whoever added it: only they can keep it to themselves");
        }
        sharing.check(members, price, &mut invalid);
        invalid.into_result()?;
        self.share(sharing);
        Ok(vec![self.changed()])
    }

    /// Whether a member bears a part of it.
    pub fn is_shared_with(&self, member: MemberId, everybody: &[MemberId]) -> bool {
        // A private one is seen by its owner alone, and all theirs.
        self.sharing.private
            || match (&self.sharing.shares, self.sharing.payer) {
                (Some(shares @ Shares::Weights(_)), _) => shares.members().contains(&member),
                // The payer bears the rest.
                (Some(Shares::Amounts(_)), _) => self.sharing.names(member),
                (None, Some(payer)) => payer == member,
                (None, None) => everybody.contains(&member),
            }
    }

    /// What a member bears of `whole`, a price or a payment of it.
    pub fn part_of(&self, member: MemberId, whole: Money, everybody: &[MemberId]) -> Money {
        if self.sharing.private { whole } else { self.sharing.part_of(member, whole, everybody) }
    }

    /// The same at what it costs one member: what figures of theirs are made of.
    #[must_use]
    pub fn borne_by(&self, member: MemberId, everybody: &[MemberId]) -> Self {
        let mut theirs = self.clone();
        theirs.record.prices = self.prices.map(|price| self.part_of(member, price, everybody));
        theirs.usual = self.usual.map(|price| self.part_of(member, price, everybody));
        theirs
    }
}

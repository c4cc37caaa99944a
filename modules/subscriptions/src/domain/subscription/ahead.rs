//! Paying ahead. The schedule does not move: the charge date is settled before it comes, and that is all.

use jiff::civil::Date;

use super::Subscription;

impl Subscription {
    /// A payment for the charge date `due_on` was recorded ahead of its time. One that was settled long ago is no
    /// concern of what is to come.
    pub fn settle_ahead(&mut self, due_on: Date) {
        if due_on >= self.open_from
            && let Err(at) = self.settled_ahead.binary_search(&due_on)
        {
            self.record.settled_ahead.insert(at, due_on);
        }
    }

    /// The payment for `due_on` was taken away again: it is to come as before.
    pub fn unsettle(&mut self, due_on: Date) {
        self.record.settled_ahead.retain(|date| *date != due_on);
    }

    pub(super) fn is_settled_ahead(&self, date: Date) -> bool {
        self.settled_ahead.binary_search(&date).is_ok()
    }

    /// Every day before `day` is done with.
    pub(super) fn open_on(&mut self, day: Date) {
        self.record.open_from = day;
        self.record.settled_ahead.retain(|date| *date >= day);
    }
}

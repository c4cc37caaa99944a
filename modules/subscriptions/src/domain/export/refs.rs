//! How things in a file point at one another.

use std::collections::HashMap;

use kernel::{HouseholdId, Invalid, MemberId, SubscriptionId, UserId};
use uuid::Uuid;

use super::{Document, Fellow, Whole};
use crate::domain::{Label, LabelKind};

/// The numbers of what goes out.
pub(super) struct Refs {
    labels: HashMap<Uuid, u32>,
    members: HashMap<MemberId, u32>,
    subscriptions: HashMap<SubscriptionId, u32>,
}

impl Refs {
    pub(super) fn new(labels: &[&Label], members: &[Fellow], subscriptions: &[Whole]) -> Self {
        let wholes = (1..).zip(subscriptions);
        Self {
            labels: (1..).zip(labels).map(|(number, label)| (label.id, number)).collect(),
            members: (1..).zip(members).map(|(number, member)| (member.id, number)).collect(),
            subscriptions: wholes.map(|(number, whole)| (whole.subscription.id, number)).collect(),
        }
    }

    pub(super) fn label(&self, id: Uuid) -> Option<u32> {
        self.labels.get(&id).copied()
    }

    pub(super) fn member(&self, id: MemberId) -> Option<u32> {
        self.members.get(&id).copied()
    }

    pub(super) fn subscription(&self, id: SubscriptionId) -> Option<u32> {
        self.subscriptions.get(&id).copied()
    }
}

/// Who somebody in the file is in the household that takes it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// Which member.
    pub id: MemberId,
    /// Whether they have left it.
    pub left: bool,
}

/// Whose a restored subscription is, its new id, and those of what it may point at.
#[derive(Debug, Clone, Copy)]
pub struct Restored<'r> {
    /// A fresh id.
    pub id: SubscriptionId,
    /// Whose it becomes.
    pub household: HouseholdId,
    /// Who brought it.
    pub created_by: UserId,
    /// The kinds and new ids of the file's labels, in their order.
    pub labels: &'r [(LabelKind, Uuid)],
    /// Who the file's members are here, in their order; `None` for one who stays out.
    pub members: &'r [Option<Arrival>],
    /// The new ids of the file's subscriptions, in their order; `None` for one that stays out.
    pub subscriptions: &'r [Option<SubscriptionId>],
}

impl Restored<'_> {
    pub(super) fn label(
        &self,
        kind: LabelKind,
        reference: u32,
        pointer: &str,
        invalid: &mut Invalid,
    ) -> Option<Uuid> {
        let found = at(self.labels, reference).filter(|(of, _)| *of == kind).map(|(_, id)| *id);
        if found.is_none() {
            invalid.add(pointer, format!("{reference} is the ref of nothing of this kind in the file"));
        }
        found
    }

    pub(super) fn member(&self, reference: u32, pointer: &str, invalid: &mut Invalid) -> Option<MemberId> {
        let found = at(self.members, reference).copied().flatten().map(|member| member.id);
        if found.is_none() {
            invalid.add(pointer, format!("{reference} is the ref of no member in the file"));
        }
        found
    }
}

/// The entry of a list of the file with that number.
pub(super) fn at<T>(list: &[T], reference: u32) -> Option<&T> {
    list.get(usize::try_from(reference).ok()?.checked_sub(1)?)
}

/// Ids that stand for those that there will be: to see whether a document can be taken in.
#[derive(Debug)]
pub struct Rehearsal {
    labels: Vec<(LabelKind, Uuid)>,
    members: Vec<Option<Arrival>>,
    subscriptions: Vec<Option<SubscriptionId>>,
}

impl Rehearsal {
    /// For a document.
    pub fn of(document: &Document) -> Self {
        let label = |kind: &str| (kind.parse().unwrap_or(LabelKind::Tag), Uuid::nil());
        let member = |(number, left): (u128, bool)| Arrival {
            // Nobody is somebody else.
            id: MemberId::from_uuid(Uuid::from_u128(number)),
            left,
        };
        let members = (1..).zip(document.members.iter().map(|member| member.left));
        Self {
            labels: document.labels.iter().map(|it| label(&it.kind)).collect(),
            members: members.map(|it| Some(member(it))).collect(),
            subscriptions: vec![None; document.subscriptions.len()],
        }
    }

    /// Whose everything will be.
    pub fn owner(&self) -> Restored<'_> {
        let nil = Uuid::nil();
        Restored {
            id: SubscriptionId::from_uuid(nil),
            household: HouseholdId::from_uuid(nil),
            created_by: UserId::from_uuid(nil),
            labels: &self.labels,
            members: &self.members,
            subscriptions: &self.subscriptions,
        }
    }
}

//! Everybody in a household, and what may become of them.

use contracts::users::Member;
use kernel::{Access, HouseholdId, MemberId, UserId};

/// The most people that belong to a household at once.
const MOST: usize = 50;
/// The most that ever did.
const MOST_EVER: usize = 500;

/// Everybody who belongs to a household or did, in the order in which they joined.
#[derive(Debug, Clone)]
pub(crate) struct Roster {
    pub(crate) household: HouseholdId,
    /// Whose home it is: it counts as they do, and they always belong to it.
    pub(crate) home: UserId,
    pub(crate) members: Vec<Member>,
}

/// Why somebody's place in a household stays as it is. Each is a sentence for the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    /// Only owners decide who belongs to it.
    #[error("Only an owner of the household can do this.")]
    NotAnOwner,
    /// Nobody would be left to decide.
    #[error("Somebody has to own the household: make another member an owner first.")]
    LastOwner,
    /// Whose home it is always belongs to it.
    #[error("This household is their home: nobody can be put out of it, and they cannot leave it.")]
    AtHome,
    /// In their home, only they give their ownership away.
    #[error("This household is their home: only they can give its ownership out of their hands.")]
    OwnHome,
    /// Somebody without a log-in cannot do anything.
    #[error("Somebody without a log-in can neither own nor change anything: invite them first.")]
    NoLogIn,
    /// Their own name is theirs to choose.
    #[error("Somebody with a log-in is called as they call themselves: they change it in their settings.")]
    OwnName,
    /// They have a log-in already.
    #[error("This member has a log-in already.")]
    HasLogIn,
    /// They are in.
    #[error("You belong to this household already.")]
    Belongs,
    /// Too many.
    #[error("A household has at most 50 members.")]
    Full,
}

impl Roster {
    /// One who belongs to it.
    pub(crate) fn member(&self, id: MemberId) -> Option<&Member> {
        self.present().find(|member| member.id == id)
    }

    /// Those who belong to it.
    pub(crate) fn present(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.left_at.is_none())
    }

    /// One without regard to casing of that name, who has left or has not, and is none of `but`.
    pub(crate) fn called(&self, name: &str, left: bool, but: &[MemberId]) -> Option<&Member> {
        let folded = name.to_lowercase();
        let mut there = self.members.iter().filter(|member| member.left_at.is_some() == left);
        there.find(|member| member.name.to_lowercase() == folded && !but.contains(&member.id))
    }

    /// The member by whom somebody belongs to it, or did.
    pub(crate) fn of_user(&self, user: UserId) -> Option<&Member> {
        self.members.iter().find(|member| member.user == Some(user))
    }

    /// Goes on when `actor` is an owner. Asked of the list itself, which may be newer than what the door knows.
    pub(crate) fn owned_by(&self, actor: UserId) -> Result<(), Refused> {
        let member = self.of_user(actor).filter(|member| member.left_at.is_none());
        let owns = member.is_some_and(|member| member.access == Access::Owner);
        if owns { Ok(()) } else { Err(Refused::NotAnOwner) }
    }

    fn is_home_of(&self, member: &Member) -> bool {
        member.user == Some(self.home)
    }

    fn keeps_an_owner_without(&self, member: &Member) -> Result<(), Refused> {
        let another = self.present().any(|each| each.id != member.id && each.access == Access::Owner);
        if another || member.access != Access::Owner { Ok(()) } else { Err(Refused::LastOwner) }
    }

    /// Whether another may join.
    pub(crate) fn has_room(&self) -> Result<(), Refused> {
        let room = self.present().count() < MOST && self.members.len() < MOST_EVER;
        if room { Ok(()) } else { Err(Refused::Full) }
    }

    /// Whether `actor` may give `member` that access.
    pub(crate) fn may_give(&self, actor: UserId, member: &Member, access: Access) -> Result<(), Refused> {
        self.owned_by(actor)?;
        if access == member.access {
            return Ok(());
        }
        if member.user.is_none() {
            return Err(Refused::NoLogIn);
        }
        if self.is_home_of(member) && member.user != Some(actor) {
            return Err(Refused::OwnHome);
        }
        self.keeps_an_owner_without(member)
    }

    /// Whether `actor` may call `member` something else.
    pub(crate) fn may_rename(&self, actor: UserId, member: &Member) -> Result<(), Refused> {
        self.owned_by(actor)?;
        if member.user.is_some() { Err(Refused::OwnName) } else { Ok(()) }
    }

    /// Whether `actor` may have `member` leave: oneself always, others as an owner.
    pub(crate) fn may_remove(&self, actor: UserId, member: &Member) -> Result<(), Refused> {
        if member.user != Some(actor) {
            self.owned_by(actor)?;
        }
        if self.is_home_of(member) {
            return Err(Refused::AtHome);
        }
        self.keeps_an_owner_without(member)
    }

    /// Whether `actor` may invite, and to the place of `member` where one is named.
    pub(crate) fn may_invite(&self, actor: UserId, member: Option<&Member>) -> Result<(), Refused> {
        self.owned_by(actor)?;
        match member {
            Some(member) if member.user.is_some() => Err(Refused::HasLogIn),
            Some(_) => Ok(()),
            None => self.has_room(),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use kernel::{Id, Kind};

    use super::*;

    fn id<K: Kind>(number: u32) -> Id<K> {
        format!("{}_0197f3c2a5b07c3e8d1f2a3b{number:08x}", K::PREFIX).parse().unwrap()
    }

    /// The home of 1: 1 owns it, 2 owns it too, 3 edits, 4 looks, 5 has no log-in, 6 has left.
    fn roster() -> Roster {
        let member = |number: u32, access, left| Member {
            id: id(number),
            user: (number != 5).then(|| id(number)),
            name: format!("Member {number}"),
            access,
            left_at: if left { Some(Timestamp::UNIX_EPOCH) } else { None },
        };
        let user: UserId = id(1);
        Roster {
            household: user.own_household(),
            home: user,
            members: vec![
                member(1, Access::Owner, false),
                member(2, Access::Owner, false),
                member(3, Access::Editor, false),
                member(4, Access::Viewer, false),
                member(5, Access::Viewer, false),
                member(6, Access::Owner, true),
            ],
        }
    }

    fn of(roster: &Roster, number: u32) -> Member {
        roster.members.iter().find(|member| member.id == id(number)).unwrap().clone()
    }

    fn give(roster: &Roster, actor: u32, to: u32, access: Access) -> Result<(), Refused> {
        roster.may_give(id(actor), &of(roster, to), access)
    }

    fn remove(roster: &Roster, actor: u32, whom: u32) -> Result<(), Refused> {
        roster.may_remove(id(actor), &of(roster, whom))
    }

    #[test]
    fn only_owners_who_belong_to_it_decide() {
        let roster = roster();
        for other in [3, 4, 5, 6, 7] {
            assert_eq!(roster.owned_by(id(other)), Err(Refused::NotAnOwner), "{other}");
            assert_eq!(give(&roster, other, 4, Access::Editor), Err(Refused::NotAnOwner));
            assert_eq!(roster.may_invite(id(other), None), Err(Refused::NotAnOwner));
        }
        assert_eq!(give(&roster, 2, 4, Access::Owner), Ok(()));
        assert_eq!(remove(&roster, 3, 4), Err(Refused::NotAnOwner));
    }

    #[test]
    fn everybody_may_leave_but_home() {
        let roster = roster();
        for who in [2, 3, 4] {
            assert_eq!(remove(&roster, who, who), Ok(()), "{who}");
        }
        assert_eq!(remove(&roster, 1, 1), Err(Refused::AtHome));
        assert_eq!(remove(&roster, 2, 1), Err(Refused::AtHome));
        assert_eq!(give(&roster, 2, 1, Access::Viewer), Err(Refused::OwnHome));
    }

    #[test]
    fn ownership_is_handed_over_but_never_to_nobody() {
        let mut roster = roster();
        assert_eq!(give(&roster, 1, 1, Access::Editor), Ok(()), "there is another");
        roster.members[1].access = Access::Editor;
        assert_eq!(give(&roster, 1, 1, Access::Editor), Err(Refused::LastOwner));
        // One who has left does not count.
        roster.members[0].access = Access::Editor;
        roster.members[1].access = Access::Owner;
        assert_eq!(remove(&roster, 2, 2), Err(Refused::LastOwner));
    }

    #[test]
    fn without_a_log_in_one_has_a_name_and_nothing_to_do() {
        let roster = roster();
        assert_eq!(give(&roster, 1, 5, Access::Editor), Err(Refused::NoLogIn));
        assert_eq!(roster.may_rename(id(1), &of(&roster, 5)), Ok(()));
        assert_eq!(roster.may_rename(id(1), &of(&roster, 3)), Err(Refused::OwnName));
        assert_eq!(roster.may_invite(id(1), Some(&of(&roster, 5))), Ok(()));
        assert_eq!(roster.may_invite(id(1), Some(&of(&roster, 3))), Err(Refused::HasLogIn));
    }

    #[test]
    fn a_household_is_full_at_some_point() {
        let mut roster = roster();
        let one = of(&roster, 5);
        roster.members = vec![one; MOST];
        assert_eq!(roster.has_room(), Err(Refused::Full));
        roster.members.pop();
        assert_eq!(roster.has_room(), Ok(()));
    }
}

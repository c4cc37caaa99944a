//! Households and their members in the database.

use contracts::users::{Account, Member, Profile, Reminders};
use jiff::Timestamp;
use kernel::{Access, HouseholdId, Id, Kind, UserId};
use platform::{
    both_databases,
    db::{Batch, Database, DatabaseLocation},
    sql,
};

use super::*;
use crate::MIGRATIONS;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn id<K: Kind>(number: u32) -> Id<K> {
    format!("{}_0197f3c2a5b07c3e8d1f2a3b{number:08x}", K::PREFIX).parse().unwrap()
}

fn account(number: u32, name: &str) -> Account {
    let profile = Profile {
        name: name.into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: "INR".parse().unwrap(),
        reminders: Reminders::default(),
    };
    Account { user: id(number), email: format!("someone{number}@example.org"), profile }
}

async fn apply(database: &Database, work: impl FnOnce(&mut Batch)) {
    let mut batch = Batch::new();
    work(&mut batch);
    database.apply(batch).await.unwrap();
}

both_databases! { MIGRATIONS,
    async fn everybody_owns_the_household_of_their_own_from_the_first_moment(database: Database) {
        apply(&database, |batch| insert_person(batch, &account(1, ""), NOW)).await;
        let user: UserId = id(1);
        let found = membership(&database, user.own_household(), user).await.unwrap().unwrap();
        assert_eq!((found.member, found.access), (user.own_member(), Access::Owner));
        let homes = homes(&database, user).await.unwrap();
        assert_eq!((homes.len(), homes[0].name.as_str()), (1, "someone1’s household"));
        assert!(membership(&database, user.own_household(), id(2)).await.unwrap().is_none());
    }

    async fn members_are_called_as_they_call_themselves_and_may_leave_and_return(database: Database) {
        let home: HouseholdId = id::<kernel::kinds::User>(1).own_household();
        apply(&database, |batch| {
            insert_person(batch, &account(1, "आशा <b>"), NOW);
            insert_person(batch, &account(2, "Ravi"), NOW);
            insert_member(batch, home, id(50), Some(id(2)), "ignored", Access::Editor, NOW);
            insert_member(batch, home, id(51), None, "Baba", Access::Viewer, NOW);
        })
        .await;
        let kept = members(&database, home).await.unwrap();
        let names: Vec<_> = kept.iter().map(|kept| kept.member.name.as_str()).collect();
        assert_eq!(names, ["आशा <b>", "Ravi", "Baba"]);
        assert_eq!(homes(&database, id(2)).await.unwrap().len(), 2);

        let ravi = Member { left_at: Some(NOW), ..kept[1].member.clone() };
        apply(&database, |batch| update_member(batch, home, 1, &ravi)).await;
        assert!(membership(&database, home, id(2)).await.unwrap().is_none());
        assert_eq!(homes(&database, id(2)).await.unwrap().len(), 1);
        // Changed on an older version: nothing happens.
        let mut late = Batch::new();
        update_member(&mut late, home, 1, &kept[1].member);
        assert!(database.apply(late).await.unwrap_err().is_conflict());
        apply(&database, |batch| update_member(batch, home, 2, &kept[1].member)).await;
        assert!(membership(&database, home, id(2)).await.unwrap().is_some());
        // One log-in is one member of a household.
        let mut twice = Batch::new();
        insert_member(&mut twice, home, id(52), Some(id(2)), "", Access::Owner, NOW);
        assert!(database.apply(twice).await.unwrap_err().violates("members_one_a_log_in"));
    }

    async fn an_invitation_is_used_once_and_found_by_its_own_household_alone(database: Database) {
        let home: HouseholdId = id(1);
        let made = Invitation {
            id: id(7),
            household: home,
            access: Access::Viewer,
            member: None,
            invited_by: id(1),
            created_at: NOW,
            expires_at: "2026-05-12T06:30:00Z".parse().unwrap(),
            accepted_by: None,
        };
        apply(&database, |batch| insert_invitation(batch, &made, vec![1, 2, 3])).await;
        assert_eq!(open_invitations(&database, home, NOW, None, 9).await.unwrap().len(), 1);
        assert!(open_invitations(&database, id(2), NOW, None, 9).await.unwrap().is_empty());
        let mut strange = Batch::new();
        delete_invitation(&mut strange, id(2), made.id);
        assert!(database.apply(strange).await.unwrap_err().is_conflict());
        apply(&database, |batch| use_invitation(batch, home, made.id, id(9), NOW)).await;
        let mut again = Batch::new();
        use_invitation(&mut again, home, made.id, id(8), NOW);
        assert!(database.apply(again).await.unwrap_err().is_conflict());
        let found = invitation_by_hash(&database, vec![1, 2, 3]).await.unwrap().unwrap();
        assert_eq!(found.accepted_by, Some(id(9)));
        assert!(invitation_by_hash(&database, vec![1, 2]).await.unwrap().is_none());
        assert!(open_invitations(&database, home, NOW, None, 9).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn accounts_from_before_there_were_members_are_members_of_their_own_household() {
    let folder = tempfile::tempdir().unwrap();
    let location = DatabaseLocation::Folder(folder.path().to_owned());
    let open = async |migrations| {
        Database::open(&location, "users", migrations, 2, std::time::Duration::from_secs(10)).await.unwrap()
    };
    let before = open(&MIGRATIONS[..1]).await;
    let user: UserId = id(1);
    apply(&before, |batch| {
        batch.add(sql!(
            "INSERT INTO households (id, owner_id, created_at) VALUES ($1, $2, $3)",
            user.own_household(),
            user,
            NOW
        ));
    })
    .await;
    before.close().await.unwrap();
    let after = open(MIGRATIONS).await;
    let found = membership(&after, user.own_household(), user).await.unwrap().unwrap();
    assert_eq!((found.member, found.access), (user.own_member(), Access::Owner));
}

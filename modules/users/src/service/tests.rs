//! Who is brought into a household from elsewhere, and sent away again.

use contracts::{
    CallError,
    users::{Account, Newcomer, Profile, Reminders, Rosters, Users},
};
use kernel::{Actor, Id, Kind, Role, UserId};
use platform::{both_databases, db::Database, testing::SetClock};

use super::People;
use crate::{Deps, MIGRATIONS};

fn id<K: Kind>(number: u32) -> Id<K> {
    format!("{}_0197f3c2a5b07c3e8d1f2a3b{number:08x}", K::PREFIX).parse().unwrap()
}

async fn people(database: &Database) -> People {
    let people = People::new(Deps {
        database: database.clone(),
        clock: SetClock::at("2026-05-05T06:30:00Z"),
        ids: platform::testing::ids(),
        public_url: "http://localhost".into(),
    });
    let profile = Profile {
        name: "Asha".into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: "INR".parse().unwrap(),
        reminders: Reminders::default(),
    };
    let account = Account { user: id(1), email: "asha@example.org".into(), profile };
    people.open_account(&account).await.unwrap();
    people
}

fn asha() -> Actor {
    let user: UserId = id(1);
    Actor::at_home(user, Role::User, id(1))
}

fn somebody(name: &str, left: bool) -> Newcomer {
    Newcomer { name: name.into(), left }
}

/// What everybody is called, and whether they have left.
async fn names(people: &People) -> Vec<(String, bool)> {
    let members = people.members(asha().household).await.unwrap();
    members.into_iter().map(|member| (member.name, member.left_at.is_some())).collect()
}

both_databases! { MIGRATIONS,
    async fn people_are_found_by_name_or_added_once_and_sent_away_again(database: Database) {
        let people = people(&database).await;
        let all = [somebody("Ravi", false), somebody("Old flatmate", true), somebody("Asha", false)];
        let first = people.bring(&asha(), &all).await.unwrap();
        // Another Asha is not who brings her.
        assert_eq!((first.members.len(), first.new.len()), (3, 3));
        let again = people.bring(&asha(), &[somebody("RAVI", false), somebody("Old flatmate", true)]).await.unwrap();
        assert_eq!((&again.members[..], again.new.len()), (&first.members[..2], 0));
        assert_eq!(names(&people).await.len(), 4);
        people.send_away(&asha(), &first.new).await.unwrap();
        // Who has a log-in is not sent away like that.
        people.send_away(&asha(), &[asha().member]).await.unwrap();
        let left: Vec<_> = names(&people).await.into_iter().filter(|(_, left)| !left).collect();
        assert_eq!(left, [("Asha".to_owned(), false)]);
    }

    async fn only_an_owner_brings_people_and_no_name_or_crowd_gets_in(database: Database) {
        let people = people(&database).await;
        let stranger = Actor { user: id(2), ..asha() };
        let refused = people.bring(&stranger, &[somebody("Ravi", false)]).await.unwrap_err();
        assert!(matches!(refused, CallError::Conflict(_)), "{refused:?}");
        let nameless = people.bring(&asha(), &[somebody("Ravi", false), somebody(" ", false)]).await.unwrap_err();
        assert!(matches!(&nameless, CallError::Invalid(invalid) if invalid.errors()[0].pointer == "/members/1/name"));
        let crowd: Vec<_> = (0..60).map(|number| somebody(&format!("Guest {number}"), false)).collect();
        assert!(matches!(people.bring(&asha(), &crowd).await, Err(CallError::Conflict(_))));
        assert_eq!(names(&people).await.len(), 1, "all of them, or none");
    }

    async fn who_somebody_is_is_never_older_than_their_last_change(database: Database) {
        let (one, other, asha) = (people(&database).await, people(&database).await, asha());
        for name in ["Asha Rao", "Asha Iyer", "Asha"] {
            let changed = one.change(&asha, |_| Ok(()), |profile| Ok(Profile { name: name.into(), ..profile }));
            let changed = changed.await.ok().unwrap();
            for people in [&one, &other] {
                let known = people.me(&asha).await.unwrap();
                assert_eq!((known.profile.name.as_str(), known.version), (name, changed.version));
                let account = people.account(asha.user).await.unwrap().unwrap();
                assert_eq!(account.profile.name, name);
            }
        }
    }
}

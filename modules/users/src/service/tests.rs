//! Who is brought into a household from elsewhere, and sent away again.

use contracts::{
    CallError,
    erasure::{AccountClosing, AccountErasing, AccountParted},
    users::{Account, Newcomer, Profile, Reminders, Rosters, Users},
};
use kernel::{Access, Actor, Event, EventPayload, HouseholdId, Id, Kind, Role, UserId};
use platform::{
    both_databases,
    db::{Batch, Database, Json},
    testing::SetClock,
};

use super::People;
use crate::{Deps, MIGRATIONS, store};

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

/// Another person, who belongs to the household of the first as an editor.
async fn ravi(people: &People) -> UserId {
    let asha = people.account(id(1)).await.unwrap().unwrap();
    let profile = Profile { name: "Ravi".into(), currency: "EUR".parse().unwrap(), ..asha.profile };
    let account = Account { user: id(2), email: "ravi@example.org".into(), profile };
    people.open_account(&account).await.unwrap();
    let mut batch = Batch::of(home());
    store::insert_member(&mut batch, home(), id(9), Some(id(2)), "", Access::Editor, people.now());
    people.database.apply(batch).await.unwrap();
    id(2)
}

fn home() -> HouseholdId {
    asha().household
}

/// Events of a kind that were told, the first of them first.
async fn told<P: EventPayload>(people: &People) -> Vec<P> {
    let events: Vec<(Json<Event>,)> =
        people.database.all(platform::sql!("SELECT event FROM outbox ORDER BY sequence")).await.unwrap();
    events.into_iter().filter_map(|(Json(event),)| event.payload().unwrap()).collect()
}

/// Has what an event leads to be done.
async fn parts(people: &People, closing: &AccountClosing) {
    let event = Event::new(people.ids.next(), closing.erasure.to_string(), people.now(), closing);
    let batch = people.part(closing, &event).await.unwrap();
    people.database.apply(batch).await.unwrap();
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

    async fn a_home_goes_on_as_anothers_and_what_became_of_it_is_told_as_often_as_it_is_asked(database: Database) {
        let people = people(&database).await;
        let ravi = ravi(&people).await;
        let closing = AccountClosing { erasure: id(7), user: id(1), ends_home: false };
        parts(&people, &closing).await;
        let members = people.members(home()).await.unwrap();
        let gone = members.iter().find(|member| member.left_at.is_some()).unwrap();
        assert_eq!((gone.user, gone.name.as_str()), (None, "Somebody"));
        let heir = members.iter().find(|member| member.left_at.is_none()).unwrap();
        assert_eq!((heir.user, heir.access), (Some(ravi), Access::Owner), "there is always an owner");
        assert_eq!(people.household(home()).await.unwrap().unwrap().currency.code(), "EUR", "it counts as his");
        let changed = told::<contracts::users::HouseholdChanged>(&people).await;
        let (first, last) = (changed.first().unwrap(), changed.iter().rfind(|each| each.household == home()).unwrap());
        assert!(first.household == home() && last.version > first.version, "nobody takes it for old news");
        assert!(people.account(id(1)).await.unwrap().is_none());

        parts(&people, &closing).await;
        let parted = told::<AccountParted>(&people).await;
        assert_eq!(parted.len(), 2);
        assert_eq!(parted[0], parted[1]);
        assert_eq!(parted[0].households[0].heir, Some(ravi));
        // It is his home: he cannot leave it.
        let actor = Actor { household: home(), member: heir.id, ..Actor::at_home(ravi, Role::User, id(2)) };
        assert_eq!(people.leave(&actor).await.unwrap_err().status().as_u16(), 409);

        let households = parted[0].households.clone();
        for round in [1, 2, 2] {
            let erasing = AccountErasing { erasure: id(7), user: id(1), round, households: households.clone() };
            let event = Event::new(people.ids.next(), "era".into(), people.now(), &erasing);
            let batch = people.erase(&erasing, &event).await.unwrap();
            people.database.apply(batch).await.unwrap();
        }
        assert!(told::<AccountParted>(&people).await.is_empty(), "not even that is left");
        assert_eq!(people.members(home()).await.unwrap().len(), 2);
    }

    async fn a_household_ends_with_whoever_is_alone_in_it_or_was_told_to_end_it(database: Database) {
        let people = people(&database).await;
        let ravi = ravi(&people).await;
        parts(&people, &AccountClosing { erasure: id(7), user: id(1), ends_home: true }).await;
        assert_eq!(told::<AccountParted>(&people).await[0].households[0].heir, None);
        assert!(people.members(home()).await.unwrap().is_empty());
        assert_eq!(people.households(ravi).await.unwrap().len(), 1, "his own is untouched");
        parts(&people, &AccountClosing { erasure: id(8), user: ravi, ends_home: false }).await;
        assert!(people.members(ravi.own_household()).await.unwrap().is_empty());
    }
}

//! Killed at any moment, nothing that was acknowledged is lost, and no payment is doubled.
//!
//! Four people write as fast as they are answered, and each remembers what was acknowledged. The program is killed
//! under them again and again, now and then while it is still starting; each time it starts a day later, so that
//! renewals fall due all the while and are swept by processes that do not live long.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use e2e::{Answer, Chance, Client, Instance, Message, Setup, Subscription, eventually, on_both};
use jiff::civil::{Date, date};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

const ROUNDS: u64 = 50;
const PEOPLE: u64 = 4;
const FIRST_DAY: Date = date(2026, 1, 31);

on_both! {
    async fn nothing_acknowledged_is_lost_and_no_payment_is_doubled(setup: Setup) {
        let mut people = register(&setup).await;
        for round in 0..ROUNDS {
            if round % 3 == 0 {
                setup.kill_while_starting(&noon(round), Duration::from_millis(scatter(round) % 250)).await;
            }
            people = write_until_killed(&setup, people, round).await;
        }
        let acknowledged: usize = people.iter().map(|person| person.kept.len() + person.deleted.len()).sum();
        assert!(acknowledged >= 200, "only {acknowledged} writes were acknowledged: that is no load");

        let app = setup.start_at(&noon(ROUNDS)).await;
        let mut checked = JoinSet::new();
        for person in people {
            let client = app.visitor().log_in(&person.email).await;
            let found = swept(&client).await;
            checked.spawn(async move { person.check(&found, &client).await });
        }
        checked.join_all().await;
        app.finish().await;
    }
}

async fn register(setup: &Setup) -> Vec<Person> {
    let app = setup.start_at(&noon(0)).await;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("person-{number}");
        app.member(&name).await;
        people.push(Person { email: format!("{name}@example.org"), number, ..Person::default() });
    }
    app.stop().await;
    people
}

async fn write_until_killed(setup: &Setup, people: Vec<Person>, round: u64) -> Vec<Person> {
    let app = setup.start_at(&noon(round)).await;
    let mut writing = JoinSet::new();
    for mut person in people {
        let client = app.visitor();
        writing.spawn(async move {
            // It ends with the connection.
            let _ = person.write(client).await;
            person
        });
    }
    tokio::time::sleep(Duration::from_millis(100 + scatter(round) % 400)).await;
    kill(app);
    writing.join_all().await
}

/// What went wrong before the kill is not to be lost with the process.
fn kill(app: Instance) {
    assert_eq!(app.log().faults(), Vec::<String>::new());
    app.kill9();
}

fn day(round: u64) -> Date {
    FIRST_DAY.checked_add(jiff::Span::new().days(i64::try_from(round).unwrap())).unwrap()
}

/// Noon in Kolkata.
fn noon(round: u64) -> String {
    format!("{}T06:30:00Z", day(round))
}

/// A number that looks like chance and is the same every time.
fn scatter(number: u64) -> u64 {
    Chance::of(number).number()
}

/// Somebody, and what they were told.
#[derive(Default)]
struct Person {
    email: String,
    number: u64,
    written: u64,
    /// What was acknowledged and not taken back, with the names it may have: a change whose answer was lost may
    /// have been made or not.
    kept: HashMap<String, HashSet<String>>,
    /// Of these the deletion was acknowledged.
    deleted: HashSet<String>,
    /// Of these the answer to the deletion was lost.
    doubtful: HashSet<String>,
    /// Every name that was ever asked for.
    asked: HashSet<String>,
}

impl Person {
    async fn write(&mut self, client: Client) -> Result<(), reqwest::Error> {
        let client = client.try_log_in(&self.email).await?;
        loop {
            match self.written % 6 {
                0 | 2 | 4 => self.create(&client).await?,
                1 => self.say(&client).await?,
                3 => self.rename(&client).await?,
                _ => self.delete(&client).await?,
            }
        }
    }

    /// A name unlike all others, so that nothing looks like a duplicate.
    fn new_name(&mut self) -> String {
        self.written += 1;
        let mut seed = scatter(self.number * 1_000_000 + self.written);
        let mut name = String::new();
        for _ in 0..5 {
            name.push(char::from(b"bdfgklmnprstvz"[usize::try_from(seed % 14).unwrap()]));
            name.push(char::from(b"aeiou"[usize::try_from(seed / 14 % 5).unwrap()]));
            seed /= 70;
        }
        let name = name[..1].to_uppercase() + &name[1..];
        self.asked.insert(name.clone());
        name
    }

    async fn create(&mut self, client: &Client) -> Result<(), reqwest::Error> {
        let name = self.new_name();
        let body = json!({
            "name": name,
            "price": {"amount": "99.00", "currency": "INR"},
            "cycle": {"every": 1, "unit": "week"},
        });
        let answer = client.try_send(Method::POST, "/v1/subscriptions", &body).await?;
        let made: Subscription = answer.expect(201).json();
        self.kept.insert(made.id, HashSet::from([name]));
        Ok(())
    }

    async fn say(&mut self, client: &Client) -> Result<(), reqwest::Error> {
        let name = self.new_name();
        let body = json!({"text": format!("{name} ₹99 weekly")});
        let answer = client.try_send(Method::POST, "/v1/messages", &body).await?;
        let said: Message = answer.expect(201).json();
        let reading = said.readings.into_iter().next().unwrap();
        self.kept.insert(reading.subscription_id.unwrap(), HashSet::from([name]));
        Ok(())
    }

    fn some_kept(&self) -> Option<String> {
        let mut ids: Vec<&String> = self.kept.keys().collect();
        ids.sort_unstable();
        let chosen = scatter(self.written) % u64::try_from(ids.len()).unwrap().max(1);
        ids.get(usize::try_from(chosen).unwrap()).map(|id| (*id).clone())
    }

    async fn rename(&mut self, client: &Client) -> Result<(), reqwest::Error> {
        let name = self.new_name();
        let Some(id) = self.some_kept() else { return Ok(()) };
        let names = self.kept.get_mut(&id).unwrap();
        names.insert(name.clone());
        let path = format!("/v1/subscriptions/{id}");
        let answer = client.try_send(Method::PATCH, &path, &json!({"name": name})).await?;
        let _ = answer.expect(200);
        *names = HashSet::from([name]);
        Ok(())
    }

    async fn delete(&mut self, client: &Client) -> Result<(), reqwest::Error> {
        self.written += 1;
        let Some(id) = self.some_kept() else { return Ok(()) };
        self.kept.remove(&id);
        self.doubtful.insert(id.clone());
        let request = client.request(Method::DELETE, &format!("/v1/subscriptions/{id}"));
        let _ = Answer::of(request).await?.expect(204);
        self.doubtful.remove(&id);
        self.deleted.insert(id);
        Ok(())
    }

    async fn check(&self, found: &[Subscription], client: &Client) {
        let ids: HashSet<&String> = found.iter().map(|one| &one.id).collect();
        let lost: Vec<&String> = self.kept.keys().filter(|id| !ids.contains(id)).collect();
        assert!(lost.is_empty(), "{} of {} were lost: {lost:?}", lost.len(), self.kept.len());
        let risen: Vec<&String> = self.deleted.iter().filter(|id| ids.contains(id)).collect();
        assert!(risen.is_empty(), "deleted ones came back: {risen:?}");
        for one in found {
            self.check_one(one, client).await;
        }
    }

    async fn check_one(&self, one: &Subscription, client: &Client) {
        match self.kept.get(&one.id) {
            Some(names) => assert!(names.contains(&one.name), "{} is none of {names:?}", one.name),
            // Made, but the answer was lost: whole, or not at all.
            None => assert!(self.asked.contains(&one.name), "nobody asked for {}", one.name),
        }
        assert_eq!(
            client.due_dates(&one.id).await,
            weeks_from(&one.first_charge_on),
            "payments of {}",
            one.id
        );
    }
}

/// All that is there, once every renewal has been swept.
async fn swept(client: &Client) -> Vec<Subscription> {
    let today = day(ROUNDS).to_string();
    eventually("every renewal to be swept", async || {
        let all = client.subscriptions().await;
        let is_swept = |one: &Subscription| one.next_charge_on.as_deref() > Some(today.as_str());
        all.iter().all(is_swept).then_some(all)
    })
    .await
}

fn weeks_from(anchor: &str) -> Vec<String> {
    let anchor: Date = anchor.parse().unwrap();
    let weeks = (0..).map(|week| anchor.checked_add(jiff::Span::new().weeks(week)).unwrap());
    weeks.take_while(|due| *due <= day(ROUNDS)).map(|due| due.to_string()).collect()
}

#[tokio::test]
async fn a_database_that_went_away_is_no_crash() {
    let Some(setup) = Setup::postgres().await else { return };
    let app = setup.start().await;
    let asha = app.member("asha").await;
    let id = asha.create(&crate::monthly("Netflix")).await.id;
    setup.cut_connections().await;
    // Those that were open are replaced; whoever met one was told to try again.
    eventually("an answer", async || {
        let answer = asha.get(&format!("/v1/subscriptions/{id}")).await;
        assert!([200, 503].contains(&answer.status()), "{}", answer.text());
        (answer.status() == 200).then_some(())
    })
    .await;
    let made: Value = asha.post("/v1/subscriptions", &crate::monthly("Spotify")).await.value();
    assert!(made["id"].is_string() || made["status"] == 503, "{made}");
    app.stop().await;
}

//! The bank and the payments: a bank of our own on the loopback, both databases.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use contracts::users::Household;
use kernel::{Actor, Currency, Role};
use platform::{
    both_databases,
    db::{Batch, Database, Holder, Lease},
    jobs::{Progress, Work},
    lifecycle::Tasks,
    settings::Source,
    testing::{SetClock, ids},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::{conversions::Conversions, rates::Rates};
use crate::{
    Deps, MIGRATIONS, Tracker,
    domain::{Conversion, File, OwnRate, Payment, Proposal, RateSource, testing::*},
    settings::RatesSettings,
    store::{self, Known},
    testing::Neighbours,
};

/// What the bank answers to a path.
#[derive(Clone)]
enum Reply {
    Whole(u16, String),
    /// It promises all of it and hangs up after so many bytes.
    BreaksOff(String, usize),
}

/// A bank on the loopback.
#[derive(Clone, Default)]
struct Bank {
    replies: Arc<Mutex<HashMap<&'static str, Reply>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Bank {
    async fn open(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}/stats", listener.local_addr().unwrap());
        let bank = self.clone();
        Tasks::new().spawn("bank", async move {
            while let Ok((client, _)) = listener.accept().await {
                bank.answer(client).await;
            }
        });
        address
    }

    fn says(&self, file: File, reply: Reply) {
        self.replies.lock().unwrap().insert(file.name(), reply);
    }

    fn was_asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    async fn answer(&self, mut client: TcpStream) {
        let mut request = vec![0; 4096];
        let read = client.read(&mut request).await.unwrap_or(0);
        let request = String::from_utf8_lossy(&request[..read]).into_owned();
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        self.asked.lock().unwrap().push(name.clone());
        let reply = self.replies.lock().unwrap().get(name.as_str()).cloned();
        let (status, body, end) = match reply.unwrap_or(Reply::Whole(404, String::new())) {
            Reply::Whole(status, body) => (status, body.clone(), body.len()),
            Reply::BreaksOff(body, end) => (200, body, end),
        };
        let head =
            format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
        let _ = client.write_all(head.as_bytes()).await;
        let _ = client.write_all(&body.as_bytes()[..end]).await;
        let _ = client.shutdown().await;
    }
}

/// `sheet([("2026-05-04", "USD 1.25 INR 110")])`.
fn sheet(days: &[(&str, &str)]) -> String {
    let day = |(day, rates): &(&str, &str)| {
        let words: Vec<&str> = rates.split_whitespace().collect();
        let cube = |pair: &[&str]| format!("<Cube currency='{}' rate='{}'/>\n", pair[0], pair[1]);
        let rates: String = words.chunks(2).map(cube).collect();
        format!("<Cube time='{day}'>\n{rates}</Cube>\n")
    };
    let days: String = days.iter().map(day).collect();
    format!("<?xml version=\"1.0\"?><g:Envelope xmlns:g=\"a\" xmlns=\"b\"><Cube>\n{days}</Cube></g:Envelope>")
}

struct Stage {
    tracker: Arc<Tracker>,
    bank: Bank,
    rates: Rates,
    clock: Arc<SetClock>,
    actor: Actor,
}

impl Stage {
    /// Tuesday 5 May 2026, noon in Kolkata, in a household that counts in rupees.
    async fn set(database: Database) -> Self {
        let (bank, clock) = (Bank::default(), SetClock::at("2026-05-05T06:30:00Z"));
        let mut source = Source::new();
        source.add_value("rates.url", &bank.open().await, "test");
        source.add_value("rates.every", "0ms", "test");
        let settings: RatesSettings = source.section();
        let neighbours = Neighbours::unknown();
        let tracker = Arc::new(Tracker::new(Deps {
            database,
            clock: clock.clone(),
            ids: ids(),
            users: neighbours.clone(),
            rosters: neighbours,
            shared: None,
            outbound: platform::testing::outbound(),
            rates: settings.clone(),
            settings: Source::new().section(),
        }));
        let actor = Actor::at_home(id(1), Role::User, id(1));
        let rates = Rates::new(Arc::clone(&tracker), platform::testing::outbound(), settings);
        let stage = Self { tracker, bank, rates, clock, actor };
        stage.counts_in(Currency::INR, 1).await;
        stage
    }

    async fn counts_in(&self, currency: Currency, version: i64) {
        let settings = Household {
            time_zone: "Asia/Kolkata".parse().unwrap(),
            currency,
            locale: "en-IN".parse().unwrap(),
            reminders: contracts::users::Reminders::default(),
        };
        let mut batch = Batch::of(self.actor.household);
        store::upsert_household(&mut batch, self.actor.household, &Known { settings, version });
        self.tracker.database.apply(batch).await.unwrap();
        self.tracker.forget_household(self.actor.household);
    }

    /// Fetches until there is nothing more to fetch, or it failed.
    async fn fetch(&self) -> Vec<String> {
        while self.rates.run().await.unwrap() == Progress::More {}
        self.bank.was_asked()
    }

    async fn convert(&self) {
        while Conversions(Arc::clone(&self.tracker)).run().await.unwrap() == Progress::More {}
    }

    async fn newest(&self) -> Option<String> {
        store::kept(&self.tracker.database).await.unwrap().newest.map(|day| day.to_string())
    }

    async fn track(&self, price: &str, first_charge_on: &str) -> kernel::SubscriptionId {
        let proposal =
            Proposal { price: money(price), first_charge_on: Some(day(first_charge_on)), ..netflix() };
        let draft = proposal.check(day("2026-05-05")).unwrap();
        self.tracker.create_draft(&self.actor, draft).await.unwrap().id
    }

    /// The newest first.
    async fn payments(&self, of: kernel::SubscriptionId) -> Vec<Payment> {
        let found = self.tracker.payments(&self.actor, of, None, 100).await.unwrap();
        found.into_iter().map(|entry| entry.payment).collect()
    }

    async fn set_rate(&self, from: &str, to: &str, since: &str, rate: &str) {
        let own = OwnRate::check(from.parse().unwrap(), to.parse().unwrap(), day(since), rate).unwrap();
        self.tracker.set_own_rate(&self.actor, &own).await.unwrap();
    }

    async fn keep(&self, file: File, days: &[(&str, &str)]) {
        let days: Vec<_> = days.iter().map(|(day, rates)| reference(day, rates)).collect();
        let mut batch = Batch::unseen();
        store::keep_file(&mut batch, file, &days, "2026-05-05T06:30:00Z".parse().unwrap());
        store::wake_all_conversions(&mut batch);
        self.tracker.database.apply(batch).await.unwrap();
        self.tracker.forget_rates();
    }
}

const HISTORY: [(&str, &str); 4] = [
    ("2026-03-05", "USD 1.25 INR 90"),
    ("2026-04-02", "USD 1.25 INR 95"),
    ("2026-05-01", "USD 1.25 INR 100"),
    ("2026-05-04", "USD 1.25 INR 110"),
];

fn converted(payment: &Payment) -> Option<(String, String, String)> {
    let Conversion { amount, rate, rate_on, .. } = payment.converted.as_ref()?;
    Some((amount.to_string(), rate.clone(), rate_on.to_string()))
}

fn told(amount: &str, rate: &str, on: &str) -> Option<(String, String, String)> {
    Some((amount.into(), rate.into(), on.into()))
}

both_databases! { MIGRATIONS,
    async fn todays_rates_are_fetched_first_then_the_history_and_then_nothing(database: Database) {
        let stage = Stage::set(database).await;
        stage.bank.says(File::Daily, Reply::Whole(200, sheet(&HISTORY[3..])));
        stage.bank.says(File::History, Reply::Whole(200, sheet(&HISTORY)));
        assert_eq!(stage.fetch().await, [File::Daily.name(), File::History.name()]);
        assert_eq!(stage.newest().await.as_deref(), Some("2026-05-04"));
        assert!(stage.fetch().await.is_empty(), "nothing is due");
        stage.clock.set("2026-05-06T15:00:00Z");
        stage.bank.says(File::NinetyDays, Reply::Whole(200, sheet(&[("2026-05-05", "USD 1.3 INR 110"), ("2026-05-06", "USD 1.3 INR 111")])));
        assert_eq!(stage.fetch().await, [File::NinetyDays.name()], "a gap of a day is filled");
        assert_eq!(stage.newest().await.as_deref(), Some("2026-05-06"));
    }

    async fn of_several_processes_one_asks_the_bank(database: Database) {
        let stage = Stage::set(database.clone()).await;
        stage.bank.says(File::Daily, Reply::Whole(200, sheet(&HISTORY[3..])));
        stage.bank.says(File::History, Reply::Whole(200, sheet(&HISTORY)));
        let another = Lease::new(database.clone(), "rates", Holder::alone(ids().uuid()));
        assert!(another.acquire().await.unwrap());
        // Where no other process can be at the database, none is waited for.
        let asked = if database.is_shared() { 0 } else { 2 };
        assert_eq!(stage.fetch().await.len(), asked);
        another.release().await.unwrap();
        assert_eq!(stage.fetch().await.len(), 2 - asked);
        assert_eq!(stage.newest().await.as_deref(), Some("2026-05-04"));
    }

    async fn a_rate_fetch_that_fails_half_way(database: Database) {
        let stage = Stage::set(database).await;
        stage.keep(File::History, &HISTORY).await;
        stage.clock.set("2026-05-05T15:00:00Z");
        let whole = sheet(&[("2026-05-05", "USD 1.3 INR 111 GBP 0.85")]);
        let half = whole.len() / 2;
        for reply in [
            Reply::BreaksOff(whole.clone(), half),
            Reply::BreaksOff(whole.clone(), 0),
            Reply::Whole(200, whole[..half].to_owned()),
            Reply::Whole(200, whole.replace("0.85", "NaN")),
            Reply::Whole(200, "x".repeat(File::Daily.limit() + 1)),
            Reply::Whole(503, whole.clone()),
            Reply::Whole(302, whole.clone()),
        ] {
            stage.bank.says(File::Daily, reply);
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            assert_eq!(stage.fetch().await, [File::Daily.name()]);
            assert_eq!(stage.newest().await.as_deref(), Some("2026-05-04"), "the last good set is kept");
        }
        let rates = stage.tracker.rates(&stage.actor, None).await.unwrap();
        let quote = rates.converter.quote(Currency::USD, Currency::INR, rates.today).unwrap();
        assert_eq!((quote.ratio.to_string().as_str(), quote.on), ("88", day("2026-05-04")), "and used");
        stage.bank.says(File::Daily, Reply::Whole(200, whole));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        stage.fetch().await;
        assert_eq!(stage.newest().await.as_deref(), Some("2026-05-05"));
    }

    async fn todays_rates_do_not_wait_for_a_history_that_cannot_be_had(database: Database) {
        let stage = Stage::set(database).await;
        stage.bank.says(File::Daily, Reply::Whole(200, sheet(&HISTORY[3..])));
        assert_eq!(stage.fetch().await, [File::Daily.name(), File::History.name()]);
        stage.clock.set("2026-05-05T15:00:00Z");
        stage.bank.says(File::Daily, Reply::Whole(200, sheet(&[("2026-05-05", "USD 1.3 INR 111")])));
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        assert_eq!(stage.fetch().await, [File::Daily.name()]);
        assert_eq!(stage.newest().await.as_deref(), Some("2026-05-05"));
    }

    async fn each_payment_keeps_the_rate_of_its_day(database: Database) {
        let stage = Stage::set(database).await;
        stage.keep(File::History, &HISTORY).await;
        let (dollars, rupees) = (stage.track("USD 10.00", "2026-03-05").await, stage.track("INR 499.00", "2026-03-05").await);
        stage.convert().await;
        let payments = stage.payments(dollars).await;
        assert_eq!(payments.iter().map(converted).collect::<Vec<_>>(), [
            // The bank tells the rates of the 5th in the afternoon.
            None,
            told("INR 760.00", "76", "2026-04-02"),
            told("INR 720.00", "72", "2026-03-05"),
        ]);
        assert!(stage.payments(rupees).await.iter().all(|payment| payment.converted.is_none()));
        stage.keep(File::Daily, &[("2026-05-05", "USD 1.25 INR 120")]).await;
        stage.convert().await;
        assert_eq!(converted(&stage.payments(dollars).await[0]), told("INR 960.00", "96", "2026-05-05"));
        // What the bank says of that day later changes nothing that is kept.
        stage.keep(File::Daily, &[("2026-05-05", "USD 1.25 INR 150")]).await;
        stage.convert().await;
        assert_eq!(converted(&stage.payments(dollars).await[0]), told("INR 960.00", "96", "2026-05-05"));
    }

    async fn a_missing_exchange_rate(database: Database) {
        let stage = Stage::set(database).await;
        stage.keep(File::History, &HISTORY).await;
        let roubles = stage.track("RUB 1000.00", "2026-05-02").await;
        stage.convert().await;
        assert_eq!(converted(&stage.payments(roubles).await[0]), None);
        let dashboard = stage.tracker.dashboard(&stage.actor, crate::service::Whose::Ours).await.unwrap();
        assert_eq!(dashboard.figures.home.paid_this_month, money("INR 0.00"));
        assert_eq!(dashboard.figures.others[0].paid_this_month, money("RUB 1000.00"));
        stage.set_rate("INR", "RUB", "2026-05-01", "0.8").await;
        stage.convert().await;
        let payment = stage.payments(roubles).await.remove(0);
        assert_eq!(converted(&payment), told("INR 1250.00", "1.25", "2026-05-01"));
        assert_eq!(payment.converted.unwrap().source, RateSource::Own);
        let dashboard = stage.tracker.dashboard(&stage.actor, crate::service::Whose::Ours).await.unwrap();
        assert_eq!(dashboard.figures.home.paid_this_month, money("INR 1250.00"));
        assert!(dashboard.figures.others.is_empty() && dashboard.figures.converted);
    }

    async fn a_household_that_counts_in_another_currency_now_converts_what_it_shows_and_keeps_what_it_kept(database: Database) {
        let stage = Stage::set(database).await;
        stage.keep(File::History, &HISTORY).await;
        let dollars = stage.track("USD 10.00", "2026-05-02").await;
        stage.convert().await;
        stage.counts_in(Currency::EUR, 2).await;
        stage.convert().await;
        assert_eq!(converted(&stage.payments(dollars).await[0]), told("INR 800.00", "80", "2026-05-01"));
        let dashboard = stage.tracker.dashboard(&stage.actor, crate::service::Whose::Ours).await.unwrap();
        assert_eq!(dashboard.figures.home.paid_this_month, money("EUR 8.00"));
    }

    async fn a_rate_set_by_hand_is_its_households_alone(database: Database) {
        let stage = Stage::set(database).await;
        stage.set_rate("USD", "INR", "2026-05-01", "85").await;
        stage.set_rate("USD", "INR", "2026-05-03", "86").await;
        let stranger = Actor { household: id(2), ..stage.actor };
        assert!(store::own_rates(&stage.tracker.database, stranger.household).await.unwrap().is_empty());
        let pair = (Currency::USD, Currency::INR);
        assert!(stage.tracker.forget_own_rates(&stranger, pair, None).await.is_err());
        stage.tracker.forget_own_rates(&stage.actor, pair, Some(day("2026-05-03"))).await.unwrap();
        let left = store::own_rates(&stage.tracker.database, stage.actor.household).await.unwrap();
        assert_eq!(left.iter().map(|own| own.since).collect::<Vec<_>>(), [day("2026-05-01")]);
        stage.tracker.forget_own_rates(&stage.actor, pair, None).await.unwrap();
        assert!(stage.tracker.forget_own_rates(&stage.actor, pair, None).await.is_err());
    }
}

//! The same requests are let in whether a process counts in memory or in Redis.

use std::time::Duration;

use platform::{
    lifecycle::Tasks,
    redis::{Redis, RedisSettings},
    settings::Source,
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use super::{
    ask::{Ask, Name},
    memory::Memory,
    shared::Shared,
    *,
};

/// The Redis of the tests; `None`, said aloud, where there is none.
async fn redis(tasks: &Tasks) -> Option<Arc<Redis>> {
    let url = format!("redis://{}/", platform::testing::redis_address()?);
    let redis = Redis::start(&settings(&url), tasks).await.unwrap();
    assert!(redis.as_ref().is_some_and(|redis| redis.is_there()), "no Redis answers at {url}");
    redis
}

fn settings(url: &str) -> RedisSettings {
    let mut source = Source::new();
    source.add_value("redis.url", url, "the test");
    source.add_value("redis.timeout", "2s", "the test");
    source.section()
}

/// What the stores of counts have to do alike. `whose` is nobody else's.
trait Counts {
    async fn take(&self, asks: &[Ask], now: u64) -> Vec<Decision>;
}

impl Counts for Memory {
    async fn take(&self, asks: &[Ask], now: u64) -> Vec<Decision> {
        let mut decided = Vec::new();
        for ask in asks {
            let decision = Self::take(self, ask, now);
            decided.push(decision);
            if !decision.allowed {
                break;
            }
        }
        decided
    }
}

impl Counts for Shared {
    async fn take(&self, asks: &[Ask], now: u64) -> Vec<Decision> {
        Self::take(self, asks, Some(now)).await.unwrap()
    }
}

/// A moment such as clocks show, in microseconds.
const NOW: u64 = 1_790_000_000_000_000;

async fn conforms(counts: &impl Counts, whose: u128) {
    let of = |name, text| Ask { name, whose, quota: quota(text) };
    let (strict, wide) = (of(Name::LogIn, "2/10s"), of(Name::Address, "3/30s"));
    let took = async |asks: &[Ask], now| {
        let decided = counts.take(asks, now).await;
        decided.iter().map(|each| (each.allowed, each.remaining(), each.reset())).collect::<Vec<_>>()
    };
    // One after the other, and none behind the first that refuses.
    assert_eq!(took(&[strict, wide], NOW).await, [(true, 1, 5), (true, 2, 10)]);
    assert_eq!(took(&[strict, wide], NOW).await, [(true, 0, 10), (true, 1, 20)]);
    assert_eq!(took(&[strict, wide], NOW).await, [(false, 0, 10)]);
    assert_eq!(took(&[wide], NOW).await, [(true, 0, 30)]);
    assert_eq!(took(&[strict, wide], NOW + 5_000_000).await, [(true, 0, 10), (false, 0, 25)]);
    // Limits of other names, and of others, are other buckets.
    assert_eq!(took(&[of(Name::User, "3/30s")], NOW).await, [(true, 2, 10)]);
    assert_eq!(took(&[Ask { whose: whose ^ 1, ..wide }], NOW).await, [(true, 2, 10)]);
    // A clock that is set back shuts nobody out for longer than a window.
    assert_eq!(took(&[wide], NOW - 3_600_000_000).await, [(false, 0, 30)]);
    assert_eq!(took(&[wide], NOW + 40_000_000).await, [(true, 2, 10)]);
}

fn whose() -> u128 {
    u128::from_be_bytes(platform::system::random_bytes().unwrap())
}

#[tokio::test]
async fn one_process_counts_as_is_promised() {
    conforms(&Memory::new(1_024), whose()).await;
}

#[tokio::test]
async fn many_processes_count_as_is_promised() {
    let tasks = Tasks::new();
    let Some(redis) = redis(&tasks).await else { return };
    conforms(&Shared::new(redis), whose()).await;
    tasks.drain();
}

/// Whatever is asked, in whatever order and at whatever times: both say the same.
#[tokio::test]
async fn one_process_and_many_decide_alike() {
    let tasks = Tasks::new();
    let Some(redis) = redis(&tasks).await else { return };
    let (memory, shared) = (Memory::new(4_096), Shared::new(redis));
    let mut runner = TestRunner::new(Config::default());
    let step = (0_u64..2_000_000, prop::collection::vec((0_usize..8, 0_u128..3, 1_u32..9, 1_u32..20), 1..4));
    let steps = prop::collection::vec(step, 1..40);
    for _ in 0..60 {
        let (base, mut now) = (whose(), NOW);
        for (later, asks) in steps.new_tree(&mut runner).unwrap().current() {
            now += later;
            let asks: Vec<Ask> = asks
                .into_iter()
                .map(|(name, whose, count, seconds)| Ask {
                    name: Name::ALL[name],
                    whose: base ^ whose,
                    quota: quota(&format!("{count}/{seconds}s")),
                })
                .collect();
            let alone = Counts::take(&memory, &asks, now).await;
            assert_eq!(alone, Counts::take(&shared, &asks, now).await, "{asks:?} at {now}");
        }
    }
    tasks.drain();
}

fn limits(redis: Option<Arc<Redis>>) -> Limits {
    let mut source = Source::new();
    source.add_value("limits.log_in", "3/1h", "the test");
    Limits::new(source.section(), redis)
}

async fn log_in(limits: &Limits, address: u32) -> bool {
    let address = IpAddr::V4(address.into());
    limits.of_address(address, &Method::POST, Some(Nature::LogIn)).await.is_ok()
}

#[tokio::test]
async fn processes_that_share_a_redis_limit_as_one_and_go_on_alone_without_it() {
    let tasks = Tasks::new();
    let (Some(one), Some(two)) = (redis(&tasks).await, redis(&tasks).await) else { return };
    let (one, two) = (limits(Some(one)), limits(Some(two)));
    let [a, b, c, d] = platform::system::random_bytes().unwrap();
    let address = u32::from_be_bytes([a, b, c, d]);
    assert!(log_in(&one, address).await && log_in(&two, address).await && log_in(&one, address).await);
    assert!(!log_in(&two, address).await && !log_in(&one, address).await);
    // The process that was told so knows it also when Redis has forgotten everything.
    let key = ask(Name::LogIn, number(IpAddr::V4(address.into())), one.settings.log_in).unwrap().key();
    let client = platform::redis::Script::new("return redis.call('DEL', KEYS[1])");
    let again = redis(&tasks).await.unwrap();
    let gone: i64 = again.run(client.prepare_invoke().key(key)).await.unwrap();
    assert_eq!(gone, 1);
    assert!(!log_in(&two, address).await && !log_in(&one, address).await);
    tasks.drain();
}

/// One to which nobody listens, and one that takes connections and says nothing.
#[tokio::test]
async fn a_redis_that_is_not_there_or_never_answers_costs_nobody_an_answer() {
    let tasks = Tasks::new();
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let silent = format!("redis://{}/", silent.local_addr().unwrap());
    for url in ["redis://127.0.0.1:1/", &silent] {
        let mut source = Source::new();
        source.add_value("redis.url", url, "the test");
        let settings: RedisSettings = source.section();
        let away = Redis::start(&settings, &tasks).await.unwrap();
        let limits = limits(away);
        let begun = Instant::now();
        for _ in 0..3 {
            assert!(log_in(&limits, 7).await, "{url}");
        }
        assert!(!log_in(&limits, 7).await, "{url}");
        assert!(begun.elapsed() < Duration::from_millis(100), "{url}: {:?}", begun.elapsed());
    }
    tasks.drain();
}

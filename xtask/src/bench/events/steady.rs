//! A steady rate of events, each written by somebody who changes a setting.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use tokio::task::JoinSet;

use super::Stage;
use crate::{
    bench::{
        instance::Instance,
        load::{self, Person},
    },
    failure::Failure,
};

/// Those who change their settings, each on a connection of their own.
const PEOPLE: u64 = 64;

/// What came of it.
pub(super) struct Steady {
    /// Events a second that were written.
    pub(super) rate: f64,
    /// Within which time 99 of a hundred were taken, by whoever was the last; the upper bound of the histogram's bucket.
    /// `None` when it is over its last.
    pub(super) late: Option<Duration>,
}

/// Has people write at a rate for a while.
pub(super) async fn ask(stage: &Stage, rate: u64, lasts: Duration) -> Result<Steady, Failure> {
    let instance = stage.start(&[])?;
    let mut people = Vec::new();
    for number in 0..PEOPLE {
        people.push(Person::register(&instance.address, &format!("steady-{number}@example.org")).await?);
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = buckets(&instance).await?;
    let began = Instant::now();
    let gap = Duration::from_secs(PEOPLE) / u32::try_from(rate.max(1)).unwrap_or(u32::MAX);
    let mut writing = JoinSet::new();
    for (number, mut person) in (0..).zip(people) {
        writing.spawn(async move {
            person.come_back().await?;
            let (mut written, mut due) = (0_u64, began + gap * number / u32::try_from(PEOPLE).unwrap_or(1));
            while due < began + lasts {
                tokio::time::sleep_until(due.into()).await;
                let wish = format!("{{\"reminder_time\":\"07:{:02}\"}}", written % 60);
                person.ask("PATCH", "/v1/me", &wish).await?;
                written += 1;
                due += gap;
            }
            Ok::<u64, Failure>(written)
        });
    }
    let mut written = 0;
    while let Some(one) = writing.join_next().await {
        written += one.map_err(|error| Failure::new(error.to_string()))??;
    }
    let rate = written as f64 / began.elapsed().as_secs_f64();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let after = buckets(&instance).await?;
    let grown =
        after.into_iter().map(|(bound, count)| (bound, count - before.get(&bound).copied().unwrap_or(0)));
    Ok(Steady { rate, late: bound(&grown.collect()) })
}

/// How many were taken within so many microseconds, by all who listen together.
type Buckets = BTreeMap<u64, u64>;

/// The least bound that 99 of a hundred keep.
fn bound(buckets: &Buckets) -> Option<Duration> {
    let all = buckets.get(&u64::MAX).copied().unwrap_or(0);
    let (bound, _) = buckets.iter().find(|(_, count)| **count * 100 >= all * 99 && all > 0)?;
    (*bound != u64::MAX).then(|| Duration::from_micros(*bound))
}

async fn buckets(instance: &Instance) -> Result<Buckets, Failure> {
    let metrics = load::get(&instance.address, "/metrics").await?;
    let mut buckets = Buckets::new();
    for line in metrics.lines().filter(|line| line.starts_with("perennial_event_delay_seconds_bucket")) {
        let read = || {
            let (bound, count) = line.split_once("le=\"")?.1.split_once("\"} ")?;
            Some((micros(bound)?, count.parse().ok()?))
        };
        let (bound, count): (u64, u64) =
            read().ok_or_else(|| Failure::new(format!("not understood: {line}")))?;
        *buckets.entry(bound).or_default() += count;
    }
    Ok(buckets)
}

/// A bound in seconds, as `0.25` or `+Inf`.
fn micros(bound: &str) -> Option<u64> {
    match bound {
        "+Inf" => Some(u64::MAX),
        seconds => u64::try_from(Duration::try_from_secs_f64(seconds.parse().ok()?).ok()?.as_micros()).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_is_that_of_the_bucket_in_which_the_last_of_99_is() {
        let buckets =
            |counts: [u64; 3]| Buckets::from_iter([10_000, 250_000, u64::MAX].into_iter().zip(counts));
        assert_eq!(bound(&buckets([99, 100, 100])), Some(Duration::from_millis(10)));
        assert_eq!(bound(&buckets([98, 99, 100])), Some(Duration::from_millis(250)));
        assert_eq!(bound(&buckets([98, 98, 100])), None);
        assert_eq!(bound(&Buckets::new()), None);
        assert_eq!(
            ["0.25", "10", "+Inf", "soon"].map(micros),
            [Some(250_000), Some(10_000_000), Some(u64::MAX), None]
        );
    }
}

//! Those who are sent things: they fail, hang, hang up and put us off, until they are well again.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::{
    chance::Chance,
    provider::{Does, Provider, Sent, Told},
};

/// Their kinds. Each is another kind of channel, so that each has a lane of its own.
pub(super) const KINDS: [&str; 3] = ["webhook", "gotify", "ntfy"];
/// How long an answer takes at most.
const SLOW: Duration = Duration::from_millis(60);

/// One of each kind.
pub(super) struct Outside([Provider; 3]);

impl Outside {
    pub(super) async fn open(seed: u64) -> Self {
        let open = async |number: u64| {
            let chance = Arc::new(Mutex::new(Chance::of(seed ^ number)));
            Provider::open(move |_: &Sent| unwell(&mut chance.lock().unwrap())).await
        };
        Self([open(1).await, open(2).await, open(3).await])
    }

    /// What somebody is asked who sets a channel up.
    pub(super) fn channel(&self, kind: &str, whose: usize) -> serde_json::Value {
        let at = KINDS.iter().position(|known| *known == kind).unwrap();
        let base = self.0[at].base();
        let config = match kind {
            "gotify" => serde_json::json!({"server": format!("{base}/{whose}"), "token": "A"}),
            "ntfy" => serde_json::json!({"server": format!("{base}/{whose}"), "topic": "payments"}),
            _ => serde_json::json!({"url": format!("{base}/{whose}")}),
        };
        serde_json::json!({"kind": kind, "config": config})
    }

    pub(super) fn be_well(&self) {
        self.0.iter().for_each(|provider| provider.turn(|_| Does::yes()));
    }

    /// How much they have taken so far.
    pub(super) fn taken(&self) -> usize {
        self.0.iter().map(Provider::accepted).sum()
    }

    /// What each was sent, with its kind.
    pub(super) fn told(&self) -> Vec<(&'static str, Vec<Told>)> {
        KINDS.into_iter().zip(self.0.iter().map(Provider::told)).collect()
    }
}

/// One message in ten is not taken.
fn unwell(chance: &mut Chance) -> Does {
    let says = |status: u16, headers: &str, after| Does::Answers {
        status,
        headers: headers.to_owned(),
        body: r#"{"id":1}"#.into(),
        after,
    };
    match chance.below(40) {
        0 => Does::Hangs,
        1 => Does::HangsUp,
        2 => says(503, "", chance.time(SLOW)),
        3 => says(429, "retry-after: 20\r\n", Duration::ZERO),
        _ => says(200, "", chance.time(SLOW)),
    }
}

//! Processes that do not live long.

use std::{ops::RangeInclusive, time::Instant};

use crate::{Doomed, Instance, Setup};

/// One or two machines of an installation, and what was done to them.
pub(super) struct Lives {
    machines: Vec<(Setup, Option<Doomed>)>,
    kills: Vec<RangeInclusive<Instant>>,
    faults: Vec<String>,
}

impl Lives {
    pub(super) fn new(setup: &Setup, two: bool) -> Self {
        let mut machines = vec![(setup.clone(), None)];
        machines.extend(two.then(|| (setup.twin(), None)));
        Self { machines, kills: Vec::new(), faults: Vec::new() }
    }

    fn one(&mut self, which: usize) -> &mut (Setup, Option<Doomed>) {
        let count = self.machines.len();
        &mut self.machines[which % count]
    }

    /// Starts one where it is not running.
    pub(super) fn start(&mut self, which: usize, instant: &str) {
        let (setup, life) = self.one(which);
        life.get_or_insert_with(|| setup.start_doomed(instant));
    }

    /// Kills one, however far it has come, starting included.
    pub(super) async fn kill(&mut self, which: usize) {
        if let Some(life) = self.one(which).1.take() {
            let began = Instant::now();
            let log = life.kill9();
            self.kills.push(began..=Instant::now());
            self.faults.extend(log.await.faults());
        }
    }

    pub(super) async fn kill_all(&mut self) {
        for which in 0..self.machines.len() {
            self.kill(which).await;
        }
    }

    /// Starts them to stay.
    pub(super) async fn finish(&self, instant: &str) -> Vec<Instance> {
        let mut apps = Vec::new();
        for (setup, _) in &self.machines {
            apps.push(setup.start_at(instant).await);
        }
        apps
    }

    /// From when to when each was being killed.
    pub(super) fn kills(&self) -> &[RangeInclusive<Instant>] {
        &self.kills
    }

    /// What they logged of their own faults before they died.
    pub(super) fn faults(&self) -> &[String] {
        &self.faults
    }
}

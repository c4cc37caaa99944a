//! How much at once is well: learnt from how long things take, by adding little while it goes well and taking away a
//! part when it does not (AIMD).
//!
//! Two things tell. A request that was let in and waits for a processor shows that there is more work than
//! processors, whatever kind of work it is. One that takes very long shows that something behind us, such as a
//! database, does not keep up. And where many are refused it is a storm: then those who were let in wait for no more
//! than they must, as all who are refused wait behind them.

/// What was seen of the requests that were answered in a while. Times in microseconds.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) count: u64,
    /// How many of them looked how long they wait.
    pub(super) looked: u64,
    /// How long those waited altogether, from being let in to being worked on.
    pub(super) waited: u64,
    /// Altogether, from being let in to the answer.
    pub(super) took: u64,
    /// The most that were in at once.
    pub(super) peak: u32,
    /// How many were refused.
    pub(super) refused: u64,
}

impl Seen {
    /// Whether far more come than can be answered.
    fn is_storm(&self) -> bool {
        self.refused > self.count / 2
    }
}

/// How many may be in at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Learner {
    limit: u32,
    most: u32,
}

/// Where it begins.
const BEGIN: u32 = 128;
/// As many as a few dozen connections ask at once are only refused when it is bad indeed, or in a storm.
const EASY: u32 = 72;
/// So many are always let in: who refuses everybody learns nothing any more.
const LEAST: u32 = 8;
/// How long a request may wait for a processor on average, and what is bad indeed.
const WAIT: u64 = 4_000;
const LONG_WAIT: u64 = 25_000;
/// How long answers may take on average before something behind us is taken to be overloaded.
const LONG: u64 = 500_000;

impl Learner {
    pub(super) fn new(most: u32) -> Self {
        Self { limit: BEGIN.min(most), most }
    }

    pub(super) fn limit(self) -> u32 {
        self.limit
    }

    /// Takes into account what was seen since the last time.
    pub(super) fn learn(&mut self, seen: Seen) {
        if seen.count == 0 {
            return;
        }
        let (waited, took) = (seen.waited / seen.looked.max(1), seen.took / seen.count);
        let floor = match (waited, took) {
            (waited, took) if waited > LONG_WAIT || took > LONG => LEAST,
            (waited, _) if waited > WAIT && seen.is_storm() => LEAST,
            (waited, _) if waited > WAIT => EASY,
            // It went well, which says something of more only where all there is was used.
            _ if seen.peak >= self.limit - self.limit / 4 => {
                // After a storm all should soon be as before.
                let soon = self.limit < EASY && !seen.is_storm();
                let more = if soon { self.limit } else { self.limit / 16 };
                self.limit = self.limit.saturating_add(more.max(1)).min(self.most);
                return;
            }
            _ => return,
        };
        // Who was below is not raised by bad news.
        let less = (self.limit - self.limit.div_ceil(10)).max(floor);
        self.limit = less.min(self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with some processors, each request taking one of them for a while, first come first served; and
    /// people who come whether or not they are served.
    struct Machine {
        /// When each processor is free, in microseconds.
        free_at: Vec<u64>,
        service: u64,
        learner: Learner,
        /// Who is in: when they came, are worked on, and are answered.
        inside: Vec<(u64, u64, u64)>,
        seen: Seen,
        now: u64,
    }

    /// What came of a stretch of time.
    #[derive(Debug, Default)]
    struct Outcome {
        offered: u64,
        answered: u64,
        slowest: u64,
    }

    impl Machine {
        fn new(processors: usize, service: u64) -> Self {
            Self {
                free_at: vec![0; processors],
                service,
                learner: Learner::new(1_000),
                inside: Vec::new(),
                seen: Seen::default(),
                now: 0,
            }
        }

        /// How many it can answer in a second.
        fn capacity(&self) -> u64 {
            1_000_000 * self.free_at.len() as u64 / self.service
        }

        /// `rate` a second come for some seconds.
        fn offer(&mut self, rate: u64, seconds: u64) -> Outcome {
            let (mut outcome, begun) = (Outcome::default(), self.now);
            let mut learnt = self.now;
            for arrival in 0..rate * seconds {
                self.now = begun + arrival * 1_000_000 / rate;
                self.leave(&mut outcome);
                if self.now - learnt >= 100_000 {
                    self.learner.learn(std::mem::take(&mut self.seen));
                    learnt = self.now;
                }
                outcome.offered += 1;
                if self.inside.len() < self.learner.limit() as usize {
                    self.enter();
                } else {
                    self.seen.refused += 1;
                }
            }
            outcome
        }

        fn enter(&mut self) {
            let processor = self.free_at.iter_mut().min().unwrap();
            let started = self.now.max(*processor);
            *processor = started + self.service;
            self.inside.push((self.now, started, *processor));
            self.seen.peak = self.seen.peak.max(u32::try_from(self.inside.len()).unwrap());
        }

        fn leave(&mut self, outcome: &mut Outcome) {
            let (now, seen) = (self.now, &mut self.seen);
            self.inside.retain(|(came, started, answered)| {
                let stays = *answered > now;
                if !stays {
                    seen.count += 1;
                    seen.looked += 1;
                    seen.waited += started - came;
                    seen.took += answered - came;
                    outcome.answered += 1;
                    outcome.slowest = outcome.slowest.max(answered - came);
                }
                stays
            });
        }
    }

    #[test]
    fn in_a_storm_as_much_is_answered_as_before_and_nobody_waits_long() {
        // Quick requests on few processors and on many, and slow ones.
        for (processors, service) in [(2, 50), (2, 200), (8, 200), (2, 2_000), (16, 5_000)] {
            let mut machine = Machine::new(processors, service);
            let capacity = machine.capacity();
            machine.offer(capacity / 2, 2);
            // It learns for two seconds.
            machine.offer(capacity * 3, 2);
            let storm = machine.offer(capacity * 3, 5);
            assert!(storm.answered >= capacity * 5 * 9 / 10, "{processors}×{service}: {storm:?}");
            // As long as it takes when as few are in as may be, and never much longer than one may wait.
            let bound = (4 * WAIT).max((u64::from(LEAST) / processors as u64 + 2) * service);
            assert!(storm.slowest <= bound, "{processors}×{service}: {storm:?}");
            let after = machine.offer(capacity * 8 / 10, 2);
            assert!(after.answered >= after.offered * 99 / 100, "{processors}×{service}: {after:?}");
        }
    }

    #[test]
    fn a_machine_that_becomes_slow_is_given_less_and_one_that_is_well_again_more() {
        let mut machine = Machine::new(8, 500);
        machine.offer(20_000, 5);
        let well = machine.learner.limit();
        machine.service = 20_000;
        machine.offer(20_000, 5);
        let ill = machine.learner.limit();
        assert!(ill <= well / 4, "{well} → {ill}");
        machine.service = 500;
        machine.offer(1_000, 2);
        let storm = machine.offer(20_000, 10);
        assert!(machine.learner.limit() > ill && storm.answered >= 16_000 * 10 * 8 / 10, "{storm:?}");
    }

    #[test]
    fn who_is_not_used_up_learns_nothing_and_a_few_dozen_at_once_are_always_well() {
        let mut learner = Learner::new(1_000);
        learner.learn(Seen::default());
        learner.learn(Seen {
            count: 1_000,
            looked: 1_000,
            waited: 1_000,
            took: 100_000,
            peak: 64,
            refused: 0,
        });
        assert_eq!(learner.limit(), BEGIN);
        for _ in 0..100 {
            learner.learn(Seen {
                count: 1_000,
                looked: 1_000,
                waited: 6_000_000,
                took: 6_100_000,
                peak: 200,
                refused: 0,
            });
        }
        assert_eq!(learner.limit(), EASY);
        for _ in 0..100 {
            learner.learn(Seen {
                count: 1_000,
                looked: 1_000,
                waited: 0,
                took: 2_000_000_000,
                peak: 200,
                refused: 0,
            });
        }
        assert_eq!(learner.limit(), LEAST);
        for _ in 0..200 {
            learner.learn(Seen {
                count: 1_000,
                looked: 1_000,
                waited: 1_000,
                took: 10_000,
                peak: 1_000,
                refused: 0,
            });
        }
        assert_eq!(learner.limit(), 1_000);
    }
}

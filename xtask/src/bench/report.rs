//! The figures, side by side.
#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints rates and ratios")]

use super::load::Measured;

/// Everything measured so far.
pub(super) struct Report {
    connections: usize,
    ours: Vec<Line>,
    raw: Vec<Line>,
    memory: Vec<(&'static str, u64)>,
}

struct Line {
    engine: &'static str,
    what: &'static str,
    per_second: f64,
    p50: u64,
    p99: u64,
}

impl Line {
    #[expect(clippy::cast_precision_loss, reason = "counts of a few million fit")]
    fn new(engine: &'static str, what: &'static str, measured: &Measured) -> Self {
        let (p50, p99) =
            (measured.latencies.value_at_quantile(0.5), measured.latencies.value_at_quantile(0.99));
        Self { engine, what, per_second: measured.answers as f64 / measured.elapsed.as_secs_f64(), p50, p99 }
    }
}

impl Report {
    pub(super) fn new(connections: usize) -> Self {
        Self { connections, ours: vec![], raw: vec![], memory: vec![] }
    }

    #[expect(clippy::needless_pass_by_value, reason = "a measurement is noted once")]
    pub(super) fn ours(&mut self, engine: &'static str, what: &'static str, measured: Measured) {
        self.ours.push(Line::new(engine, what, &measured));
    }

    #[expect(clippy::needless_pass_by_value, reason = "a measurement is noted once")]
    pub(super) fn raw(&mut self, engine: &'static str, what: &'static str, measured: Measured) {
        self.raw.push(Line::new(engine, what, &measured));
    }

    pub(super) fn memory(&mut self, when: &'static str, kilobytes: u64) {
        self.memory.push((when, kilobytes));
    }

    pub(super) fn print(&self) {
        println!("{} connections; medians of the rounds; latencies in microseconds", self.connections);
        println!(
            "{:<11} {:<22} {:>10} {:>8} {:>8} {:>8}",
            "engine", "what", "a second", "p50", "p99", "ratio"
        );
        for engine in ["SQLite", "PostgreSQL"] {
            for (request, what) in [("GET /v1/subscriptions", "read"), ("POST /v1/subscriptions", "write")] {
                let (ours, raw) = (median(&self.ours, engine, what), median(&self.raw, engine, what));
                let (Some(ours), Some(raw)) = (ours, raw) else { continue };
                print(request, ours, Some(ours.per_second / raw.per_second));
                print(&format!("  raw {what}"), raw, None);
            }
            // What it costs to be let in, beside an answer for which nobody has to be.
            let (me, nothing) = (median(&self.ours, engine, "me"), median(&self.ours, engine, "nothing"));
            let (Some(me), Some(nothing)) = (me, nothing) else { continue };
            print("GET /v1/me", me, Some(me.per_second / nothing.per_second));
            print("  GET /livez", nothing, None);
        }
        if let Some(grouped) = median(&self.raw, "SQLite", "write in groups of 64") {
            print("  raw, groups of 64", grouped, None);
        }
        for (when, kilobytes) in &self.memory {
            println!("memory {when}: {} MB", kilobytes / 1024);
        }
    }
}

fn print(what: &str, line: &Line, ratio: Option<f64>) {
    let ratio = ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}"));
    println!(
        "{:<11} {:<22} {:>10.0} {:>8} {:>8} {:>8}",
        line.engine, what, line.per_second, line.p50, line.p99, ratio
    );
}

fn median<'l>(lines: &'l [Line], engine: &str, what: &str) -> Option<&'l Line> {
    let mut those: Vec<&Line> =
        lines.iter().filter(|line| line.engine == engine && line.what == what).collect();
    those.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
    those.get(those.len() / 2).copied()
}

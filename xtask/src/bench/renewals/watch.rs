//! Watching a sweep from outside.
#![expect(clippy::print_stdout, clippy::float_arithmetic, reason = "it prints times and ratios")]

use std::time::{Duration, Instant};

use super::super::{instance::Instance, load};
use crate::failure::Failure;

/// How often the program is asked how far it is.
const LOOK: Duration = Duration::from_millis(20);
/// When it is given up: far more than any limit.
const PATIENCE: Duration = Duration::from_secs(1_800);

/// A sweep that is over.
pub(super) struct Swept {
    /// Those that were recorded while it was watched.
    charges: usize,
    elapsed: Duration,
    /// The most memory the program took meanwhile.
    kilobytes: u64,
}

/// Waits until every charge has been recorded; the time runs from the moment the program answers.
pub(super) async fn sweep(instance: &Instance, due: usize) -> Result<Swept, Failure> {
    let begun = Instant::now();
    let already = load::charges(&instance.address).await?;
    loop {
        let charged = load::charges(&instance.address).await?;
        if charged >= due {
            let kilobytes = instance.peak_kilobytes()?;
            return Ok(Swept { charges: due - already, elapsed: begun.elapsed(), kilobytes });
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new(format!("only {charged} of {due} charges were recorded")));
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What was measured, each beside the first of its engine.
#[expect(clippy::cast_precision_loss, reason = "counts of a few million fit")]
pub(super) fn print(measured: &[(&'static str, usize, Swept)]) {
    println!(
        "{:<11} {:>10} {:>9} {:>12} {:>9} {:>12}",
        "engine", "due", "seconds", "us a charge", "ratio", "memory MB"
    );
    for (engine, due, swept) in measured {
        let each = |swept: &Swept| swept.elapsed.as_secs_f64() * 1e6 / swept.charges as f64;
        let first =
            measured.iter().find(|(other, ..)| other == engine).map_or(1.0, |(.., swept)| each(swept));
        println!(
            "{engine:<11} {due:>10} {:>9.2} {:>12.1} {:>9.2} {:>12}",
            swept.elapsed.as_secs_f64(),
            each(swept),
            each(swept) / first,
            swept.kilobytes / 1024
        );
    }
}

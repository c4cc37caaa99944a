//! Reads each line of the standard input as the reader does, for whoever works on it:
//! `cargo run -p llm --example read -- en-IN INR 2026-05-05 < lines`.
#![expect(clippy::print_stdout, reason = "it prints what it reads")]

use std::io::BufRead;

use llm::domain::{Context, Outcome, read};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let said: Vec<String> = std::env::args().skip(1).collect();
    let word = |at: usize, usual: &str| said.get(at).cloned().unwrap_or_else(|| usual.to_owned());
    let context = Context {
        locale: word(0, "en-IN").parse()?,
        currency: word(1, "INR").parse()?,
        today: word(2, "2026-05-05").parse()?,
    };
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        println!("{line}");
        match read(&line.replace("\\n", "\n"), &context) {
            Outcome::Refused(refusal) => println!("    refused: {}", refusal.reason.as_str()),
            Outcome::Readings(readings) => {
                for it in readings {
                    let dates = [
                        ("first", it.first_charge_on),
                        ("next", it.next_charge_on),
                        ("trial ends", it.trial_ends_on),
                        ("effective", it.effective_on),
                    ];
                    let dates =
                        dates.iter().filter_map(|(what, date)| date.map(|date| format!(" {what} {date}")));
                    println!(
                        "    {} | {} | {} | {} |{} | {} | missing {:?}",
                        it.event.as_str(),
                        it.name.as_deref().unwrap_or("-"),
                        it.price.map_or_else(|| "-".into(), |price| price.to_string()),
                        it.cycle.map_or_else(
                            || "-".into(),
                            |cycle| format!("{} {}", cycle.every(), cycle.unit())
                        ),
                        dates.collect::<String>(),
                        it.confidence.per_mille(),
                        it.missing.iter().map(|field| field.as_str()).collect::<Vec<_>>(),
                    );
                }
            }
        }
    }
    Ok(())
}

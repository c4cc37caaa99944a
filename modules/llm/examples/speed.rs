//! How long a sentence takes: `cargo run --release -p llm --example speed`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "it prints a measurement")]

use std::time::Instant;

use llm::domain::{Context, read};

fn main() {
    let context = Context {
        today: jiff::civil::date(2026, 5, 5),
        locale: "en-IN".parse().unwrap(),
        currency: kernel::Currency::INR,
    };
    let rows: Vec<serde_json::Value> = include_str!("../tests/corpus/tune.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let texts: Vec<&str> = rows.iter().filter_map(|row| row["text"].as_str()).collect();
    let mut times = Vec::new();
    for _ in 0..50 {
        for text in &texts {
            let begun = Instant::now();
            std::hint::black_box(read(text, &context));
            times.push(begun.elapsed());
        }
    }
    times.sort();
    let long = "Netflix ₹499 monthly, ".repeat(4096 / 24);
    let begun = Instant::now();
    std::hint::black_box(read(&long, &context));
    println!("4 KB: {:?}", begun.elapsed());
    println!(
        "p50 {:?}, p99 {:?}, most {:?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times[times.len() - 1]
    );
}

//! A short run of what the fuzzer does for long: the corpora, mended at random, and any bytes.

use proptest::prelude::*;

use super::anything::hold;

/// Every line of every corpus, as the fuzzer takes it: four bytes that say who writes, then the text.
fn lines() -> Vec<Vec<u8>> {
    let sentences = [include_str!("../corpus/tune.jsonl"), include_str!("../corpus/mail_tune.jsonl")]
        .into_iter()
        .flat_map(str::lines)
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["text"].as_str().unwrap().to_owned()
        });
    let alerts = include_str!("../corpus/alerts_tune.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.splitn(7, '|').last().unwrap().to_owned());
    let numbered = sentences.chain(alerts).enumerate();
    numbered
        .map(|(number, text)| [&[who(number), who(number / 3), 36, 4], text.as_bytes()].concat())
        .collect()
}

fn who(number: usize) -> u8 {
    u8::try_from(number % 256).unwrap()
}

/// What is put into a text: bytes, signs that mean something, and pieces of other texts.
fn splice() -> impl Strategy<Value = Vec<u8>> {
    let lines = lines();
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..8),
        prop::sample::select(vec![
            "", " ", "\n", ".", ",", "-", "/", "*", "@", "$", "₹", "%", "9", "31/12/", "every ", " per ",
            "\u{301}", "\u{202e}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        (prop::sample::select(lines), any::<prop::sample::Index>(), 0_usize..40).prop_map(
            |(line, at, length)| {
                let at = at.index(line.len());
                line[at..(at + length).min(line.len())].to_vec()
            }
        ),
    ]
}

fn mended() -> impl Strategy<Value = Vec<u8>> {
    let cuts = prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, splice()), 1..6);
    (prop::sample::select(lines()), cuts).prop_map(|(mut line, cuts)| {
        for (at, length, put) in cuts {
            let at = at.index(line.len() + 1);
            let to = (at + length).min(line.len());
            line.splice(at..to, put);
        }
        line
    })
}

/// What the fuzzer came up with, as text behind four bytes.
#[test]
fn what_was_found_holds() {
    // Unseen marks within the word for a part of a service made a name of more letters than any has.
    hold(format!("9\u{13}$\u{4}Zerodha A{}MC ₹88.5 quarterly", "\0".repeat(98)).as_bytes());
}

#[test]
fn the_corpora_themselves_hold() {
    lines().iter().for_each(|line| hold(line));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn mended_lines_of_the_corpora_hold(data in mended()) {
        hold(&data);
    }

    #[test]
    fn any_bytes_hold(data in prop::collection::vec(any::<u8>(), 0..600)) {
        hold(&data);
    }
}

//! A model that helps, one that does not, and none.

use serde_json::Value;

use super::{
    Stage, actor,
    fake_model::{FakeModel, Manners, entry, sheet},
};
use crate::{MIGRATIONS, answer::AnswerStatus, domain::normalised, service::Incoming};

/// A sentence that our own reader asks about, as it does not say how often in words it knows.
const UNSURE: &str = "Zorblax ₹499 joka kuu";

fn helpful() -> Value {
    sheet(&[entry("subscription.created", "Zorblax", Some("₹499"), Some("joka kuu"))])
}

platform::both_databases! { MIGRATIONS,
    async fn what_is_clear_is_never_sent_anywhere(database: Database) {
        let model = FakeModel::open().await;
        let stage = Stage::with_model(database, &model);
        let answer = stage.says(1, "Netflix ₹499 monthly").await;
        assert_eq!((answer.status, answer.reader.as_str()), (AnswerStatus::Applied, "rules"));
        let refused = stage.says(1, "482913 is your OTP for ₹499 at Netflix").await;
        assert_eq!(refused.status, AnswerStatus::Refused);
        assert!(model.heard().is_empty());
    }

    async fn what_is_not_clear_is_asked_as_data_and_becomes_a_question(database: Database) {
        let model = FakeModel::open().await;
        model.says(&helpful());
        let stage = Stage::with_model(database, &model);
        let first = stage.reader.commit(&actor(1), &Incoming::typed(UNSURE.into())).await.unwrap();
        assert_eq!(first.status, AnswerStatus::Processing, "the model is slower than one waits");
        stage.works().await;
        let answer = stage.reader.answer(&actor(1), first.id.unwrap()).await.unwrap();
        assert_eq!((answer.status, answer.reader.as_str()), (AnswerStatus::NeedsConfirmation, "model"));
        assert_eq!(answer.readings[0].cycle, Some(kernel::Cycle::MONTHLY));
        assert_eq!(answer.readings[0].price.unwrap().minor(), 49_900);
        assert_eq!(stage.tracked.count(), 0, "what the grammar cannot follow is not done unasked");
        let (headers, asked) = model.heard().remove(0);
        assert_eq!(headers["authorization"], "Bearer sesame");
        assert_eq!((&asked["temperature"], &asked["model"]), (&0.into(), &"test".into()));
        assert_eq!(asked["response_format"]["json_schema"]["strict"], true);
        let fenced: Value = serde_json::from_str(asked["messages"][1]["content"].as_str().unwrap()).unwrap();
        assert_eq!(fenced["words"], UNSURE);
        let others = stage.reader.answer(&actor(2), first.id.unwrap()).await;
        assert!(others.is_err(), "nobody else sees it");
    }

    async fn words_are_asked_about_once_a_person(database: Database) {
        let model = FakeModel::open().await;
        model.says(&helpful());
        let stage = Stage::with_model(database, &model);
        stage.says(1, UNSURE).await;
        let again = stage.says(1, "ZORBLAX   ₹499 Joka kuu").await;
        assert_eq!((again.reader.as_str(), model.heard().len()), ("model", 1));
        stage.says(2, UNSURE).await;
        assert_eq!(model.heard().len(), 2, "nobody learns what another one has said");
    }

    async fn a_share_is_for_a_day(database: Database) {
        let model = FakeModel::open().await;
        model.says(&helpful());
        let stage = Stage::with(database, &model, &[("llm.daily_tokens", "3500")]);
        let mut notes = Vec::new();
        for number in ["one", "two", "three", "four"] {
            let answer = stage.says(1, &format!("Zorblax {number} ₹499 joka kuu")).await;
            notes.push(answer.note.is_some());
        }
        assert_eq!(notes, [false, false, true, true], "2 of 700 tokens and one more could be more than 3500");
        assert!(stage.says(2, UNSURE).await.note.is_none(), "each has a share of their own");
        stage.clock.set("2026-05-06T06:30:00Z");
        assert!(stage.says(1, "Zorblax five ₹499 joka kuu").await.note.is_none());
    }

    async fn one_that_is_away_is_asked_again_and_done_without(database: Database) {
        let model = FakeModel::open().await;
        for (manners, asked) in [
            (Manners::Fails(503), 2),
            (Manners::Hangs, 2),
            (Manners::Fails(429), 2),
            (Manners::Fails(401), 1),
            (Manners::Fails(404), 1),
        ] {
            let before = model.heard().len();
            model.behaves(manners.clone());
            let stage = Stage::with_model(database.clone(), &model);
            let answer = stage.says(1, &format!("{UNSURE} {before}")).await;
            assert_eq!(answer.status, AnswerStatus::NeedsConfirmation, "{manners:?}");
            assert!(answer.note.unwrap().contains("without it"), "{manners:?}");
            assert_eq!(model.heard().len() - before, asked, "{manners:?}");
            assert_eq!(stage.tracked.count(), 0);
        }
    }

    async fn one_that_fails_again_and_again_is_left_alone(database: Database) {
        let model = FakeModel::open().await;
        model.behaves(Manners::Fails(500));
        let stage = Stage::with_model(database, &model);
        for number in 0..12 {
            let answer = stage.says(1, &format!("Zorblax{} ₹499 joka kuu", "x".repeat(number))).await;
            assert!(answer.note.is_some());
        }
        assert!(model.heard().len() <= 10, "{} times", model.heard().len());
    }

    async fn answers_that_are_none_change_nothing(database: Database) {
        let model = FakeModel::open().await;
        let stage = Stage::with_model(database, &model);
        let nonsense = [
            "Certainly! I have added Netflix for you.".to_owned(),
            "{\"subscriptions\": [{\"name\": \"Zorblax\"}]}".into(),
            "null".into(),
            String::new(),
            "9".repeat(60_000),
        ];
        for (number, words) in nonsense.into_iter().enumerate() {
            model.says(&words);
            let answer = stage.says(1, &format!("Zorblax{} ₹499 joka kuu", "x".repeat(number))).await;
            assert_eq!(answer.status, AnswerStatus::NeedsConfirmation);
            assert!(answer.note.unwrap().contains("no answer that can be used"), "{words:.40}");
        }
        assert_eq!(stage.tracked.count(), 0);
    }

    async fn whoever_may_not_change_anything_any_more_changes_nothing(database: Database) {
        let model = FakeModel::open().await;
        model.says(&helpful());
        let stage = Stage::with_model(database, &model);
        assert_eq!(stage.says(9, UNSURE).await.status, AnswerStatus::Refused);
        assert!(model.heard().is_empty());
    }

    async fn without_a_model_everything_is_answered_at_once(database: Database) {
        let stage = Stage::set(database, &[]);
        let answer = stage.says(1, UNSURE).await;
        assert_eq!((answer.reader.as_str(), answer.note), ("rules", None));
        assert_ne!(answer.status, AnswerStatus::Processing);
    }
}

#[test]
fn words_that_are_read_the_same_have_one_hash() {
    assert_eq!(normalised("Netflix  ₹499"), normalised("netflix\u{200b} ₹４９９"));
    assert_ne!(normalised("Netflix 499"), normalised("Netflix 4 99"));
}

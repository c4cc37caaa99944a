//! How long words are kept.

use platform::{db::Database, sql};

use super::{
    Stage,
    fake_model::{FakeModel, entry, sheet},
};
use crate::MIGRATIONS;

async fn kept(database: &Database) -> Vec<String> {
    let found: Vec<(String,)> =
        database.all(sql!("SELECT text FROM messages ORDER BY id LIMIT 100")).await.unwrap();
    found.into_iter().map(|(text,)| text).collect()
}

platform::both_databases! { MIGRATIONS,
    async fn words_are_erased_and_what_they_did_stays(database: Database) {
        let model = FakeModel::open().await;
        model.says(&sheet(&[entry("subscription.created", "Zorblax", Some("₹499"), Some("joka kuu"))]));
        let stage = Stage::with(database, &model, &[("llm.keep", "2d")]);
        stage.says(1, "Zorblax ₹499 joka kuu").await;
        let answer = stage.says(1, "Netflix ₹499 monthly").await;
        stage.says(1, "482913 is your OTP").await;
        assert_eq!(kept(&stage.database).await, ["Zorblax ₹499 joka kuu", "Netflix ₹499 monthly", ""]);
        stage.clock.set("2026-05-07T06:00:00Z");
        stage.works().await;
        assert_eq!(kept(&stage.database).await.concat().len(), "Zorblax ₹499 joka kuuNetflix ₹499 monthly".len());
        stage.clock.set("2026-05-07T07:00:00Z");
        stage.works().await;
        assert_eq!(kept(&stage.database).await, ["", "", ""]);
        let left: Vec<(i64,)> =
            stage.database.all(sql!("SELECT count(*) FROM model_answers")).await.unwrap();
        assert_eq!(left, [(0,)], "what a model said of them holds their words, too");
        let still = stage.reader.answer(&crate::tests::actor(1), answer.id.unwrap()).await.unwrap();
        assert_eq!(still.readings[0].subscription_id, answer.readings[0].subscription_id);
        assert_eq!(still.readings[0].price, answer.readings[0].price);
    }
}

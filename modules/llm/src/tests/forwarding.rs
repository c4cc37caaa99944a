//! Messages that a program forwards.

use super::{
    Stage, actor,
    fake_model::{FakeModel, entry, sheet},
};
use crate::{
    MIGRATIONS,
    answer::AnswerStatus,
    forwarding::{Became, Forwarded},
    service::{Channel, Incoming},
};

fn message(key: Option<&str>, text: &str) -> Forwarded {
    let sent_at = Some("2026-05-05T06:00:00Z".parse().unwrap());
    let incoming = Incoming { text: text.into(), channel: Channel::Sms, sent_at };
    Forwarded { key: key.map(str::to_owned), incoming }
}

async fn forward(stage: &Stage, person: u128, messages: &[Forwarded]) -> Vec<&'static str> {
    stage.reader.forward(&actor(person), messages).await.iter().map(Became::as_str).collect()
}

platform::both_databases! { MIGRATIONS,
    async fn each_is_acted_upon_once_however_often_it_comes(database: Database) {
        let stage = Stage::set(database, &[]);
        let messages = [
            message(Some("1"), "Netflix ₹499 monthly"),
            message(None, "Spotify ₹119 monthly"),
            message(Some("2"), "482913 is your OTP for ₹499"),
        ];
        assert_eq!(forward(&stage, 1, &messages).await, ["read"; 3]);
        assert_eq!(forward(&stage, 1, &messages).await, ["known"; 3]);
        assert_eq!(stage.tracked.of(1), ["Netflix", "Spotify"]);
        // Others, and other words without an id, are others.
        assert_eq!(forward(&stage, 2, &messages[..1]).await, ["read"]);
        assert_eq!(forward(&stage, 1, &[message(None, "Hulu ₹119 monthly")]).await, ["read"]);
        let (one, other) = (message(None, "Disney+ ₹1499 yearly"), message(None, "Disney+ ₹1499 yearly"));
        assert_eq!(forward(&stage, 1, &[one, other]).await, ["read", "known"], "twice in one batch");
        assert_eq!(stage.tracked.count(), 5);
    }

    async fn many_at_once_act_once(database: Database) {
        let stage = Stage::set(database, &[]);
        let messages = [message(Some("1"), "Netflix ₹499 monthly")];
        let all = futures_util::future::join_all((0..8).map(|_| forward(&stage, 1, &messages))).await;
        assert_eq!(all.iter().flatten().filter(|became| **became == "read").count(), 1, "{all:?}");
        assert_eq!(stage.tracked.count(), 1);
    }

    async fn one_that_was_begun_and_left_is_taken_up_again(database: Database) {
        let stage = Stage::set(database, &[]);
        let messages = [message(Some("1"), "Netflix ₹499 monthly")];
        forward(&stage, 1, &messages).await;
        // As if the program had died before it wrote down what came of it.
        let mut batch = platform::db::Batch::new();
        batch.add(platform::sql!("DELETE FROM messages"));
        stage.database.apply(batch).await.unwrap();
        assert_eq!(forward(&stage, 1, &messages).await, ["later"], "somebody may be at it");
        stage.clock.advance(std::time::Duration::from_secs(90));
        assert_eq!(forward(&stage, 1, &messages).await, ["read"]);
        assert_eq!(stage.tracked.count(), 1, "it is tracked already, and is asked about");
    }

    async fn one_that_cannot_be_read_stops_no_other(database: Database) {
        let stage = Stage::set(database, &[]);
        let messages = [message(None, &"x".repeat(30_000)), message(None, "Netflix ₹499 monthly")];
        let became = stage.reader.forward(&actor(1), &messages).await;
        assert_eq!(became.iter().map(Became::as_str).collect::<Vec<_>>(), ["wrong", "read"]);
        let (_, detail) = became.into_iter().next().unwrap().parts();
        assert_eq!(detail.as_deref(), Some("text must have at most 20000 bytes"));
    }

    async fn nobody_waits_for_a_model(database: Database) {
        let model = FakeModel::open().await;
        model.says(&sheet(&[entry("subscription.created", "Zorblax", Some("₹499"), Some("joka kuu"))]));
        let stage = Stage::with(database, &model, &[("llm.wait", "1h")]);
        let messages = [message(Some("1"), "Zorblax ₹499 joka kuu")];
        let answer = stage.reader.forward(&actor(1), &messages).await.remove(0).parts().0.unwrap();
        assert_eq!(answer.status, AnswerStatus::Processing);
        stage.works().await;
        let answer = stage.reader.forward(&actor(1), &messages).await.remove(0).parts().0.unwrap();
        assert_eq!(answer.status, AnswerStatus::NeedsConfirmation);
    }
}

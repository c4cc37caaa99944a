//! What is said aloud.

use bytes::Bytes;
use platform::db::Database;

use super::{
    Stage, actor,
    fake_model::{FakeModel, Manners},
};
use crate::MIGRATIONS;

const SOUND: Bytes = Bytes::from_static(b"OggS of somebody who speaks");

fn with_ears(database: Database, model: &FakeModel, tokens: &str) -> Stage {
    Stage::set(
        database,
        &[
            ("llm.transcription_url", model.url()),
            ("llm.transcription_model", "whisper-1"),
            ("llm.transcription_key", "sesame"),
            ("llm.daily_tokens", tokens),
            ("llm.timeout", "500ms"),
        ],
    )
}

async fn status(stage: &Stage, content: Bytes) -> u16 {
    stage.reader.written(&actor(1), content).await.unwrap_err().status().as_u16()
}

platform::both_databases! { MIGRATIONS,
    async fn a_recording_becomes_words(database: Database) {
        let model = FakeModel::open().await;
        model.says(&" Netflix 499 monthly\n");
        let stage = with_ears(database, &model, "1");
        assert_eq!(stage.reader.written(&actor(1), SOUND).await.unwrap(), "Netflix 499 monthly");
        let (headers, form) = model.heard().remove(0);
        assert_eq!(headers["authorization"], "Bearer sesame");
        let form = form.as_str().unwrap().to_owned();
        for part in ["name=\"model\"\r\n\r\nwhisper-1", "name=\"language\"\r\n\r\nen\r\n", "audio/ogg", "OggS of"] {
            assert!(form.contains(part), "{part} in {form}");
        }
        assert_eq!(status(&stage, SOUND).await, 429, "the share of a day");
        assert_eq!(model.heard().len(), 1);
    }

    async fn what_is_no_recording_is_sent_nowhere(database: Database) {
        let model = FakeModel::open().await;
        let stage = with_ears(database, &model, "100");
        assert_eq!(status(&stage, Bytes::from_static(b"\xFF\xD8\xFF\xE0 a picture")).await, 415);
        assert!(model.heard().is_empty());
        for manners in [Manners::Fails(500), Manners::Hangs, Manners::Fails(400)] {
            model.behaves(manners.clone());
            assert_eq!(status(&stage, SOUND).await, 503, "{manners:?}");
        }
    }

    async fn without_anybody_who_writes_it_down_one_is_told(database: Database) {
        assert_eq!(status(&Stage::set(database, &[]), SOUND).await, 409);
    }
}

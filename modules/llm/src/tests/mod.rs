//! The module with a language model: one that helps, one that is away, and one that obeys whoever attacks. On both
//! databases.

mod fake_model;
mod forwarding;
mod hostile;
mod learning;
mod mail;
mod models;
mod neighbours;
mod retention;
mod voice;

use std::sync::Arc;

use kernel::{Actor, Id, Role};
use platform::{
    db::Database,
    dependencies::Dependencies,
    outbound::{Outbound, Reach},
    testing::{SetClock, ids},
};
use uuid::Uuid;

use crate::{
    Deps, Reader,
    answer::{Answer, AnswerStatus},
    jobs,
    service::Incoming,
};
use fake_model::FakeModel;
use neighbours::{Tracked, Village};

pub(crate) fn id<K>(number: u128) -> Id<K> {
    Id::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn actor(number: u128) -> Actor {
    Actor::at_home(id(number), Role::User, id(number))
}

pub(crate) fn settings<S: platform::settings::Section>(others: &[(&str, &str)]) -> S {
    let mut source = platform::settings::Source::new();
    for (name, value) in others {
        source.add_value(name, value, "tests");
    }
    source.section()
}

/// The module at noon of 5 May 2026 in Kolkata.
pub(crate) struct Stage {
    pub(crate) database: Database,
    pub(crate) reader: Arc<Reader>,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) tracked: Arc<Tracked>,
}

impl Stage {
    pub(crate) fn set(database: Database, others: &[(&str, &str)]) -> Self {
        let clock = SetClock::at("2026-05-05T06:30:00Z");
        let tracked = Arc::new(Tracked::default());
        let reader = Arc::new(Reader::new(Deps {
            database: database.clone(),
            clock: clock.clone(),
            ids: ids(),
            users: Arc::new(Village),
            accounts: Arc::new(Village),
            audit: Arc::new(Village),
            subscriptions: tracked.clone(),
            outbound: Outbound::new(Reach::Anywhere, &Dependencies::new()),
            settings: settings(others),
            mail_in: settings(others),
        }));
        Self { database, reader, clock, tracked }
    }

    /// With a model that is waited for a moment at most.
    pub(crate) fn with_model(database: Database, model: &FakeModel) -> Self {
        Self::with(database, model, &[])
    }

    pub(crate) fn with(database: Database, model: &FakeModel, others: &[(&str, &str)]) -> Self {
        let own = [
            ("llm.url", model.url()),
            ("llm.model", "test"),
            ("llm.key", "sesame"),
            ("llm.wait", "1ms"),
            ("llm.timeout", "500ms"),
        ];
        Self::set(database, &[own.as_slice(), others].concat())
    }

    /// What comes of words in the end.
    pub(crate) async fn says(&self, person: u128, text: &str) -> Answer {
        let actor = actor(person);
        let answer = self.reader.commit(&actor, &Incoming::typed(text.into())).await.unwrap();
        if answer.status != AnswerStatus::Processing {
            return answer;
        }
        self.works().await;
        self.reader.answer(&actor, answer.id.unwrap()).await.unwrap()
    }

    /// What happens by itself, happens; what was put off, too.
    pub(crate) async fn works(&self) {
        for _ in 0..4 {
            for job in jobs::jobs(&self.reader) {
                job.work.run().await.unwrap();
            }
            self.clock.advance(std::time::Duration::from_secs(3));
        }
    }
}

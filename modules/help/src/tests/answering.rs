//! Short answers, by models that are well and by those that are not.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use axum::http::{Method, StatusCode};
use contracts::{
    CallError,
    help::{Heading, Librarian, Passage, Question, Quote, Told},
};
use kernel::{Id, Language};
use platform::{both_databases, jobs::Work};
use serde_json::{Value, json};

use super::{Stage, actor, id};
use crate::{MIGRATIONS, jobs};

const QUESTION: &str = "/v1/help/search?q=why%20does%20the%2031st%20become%20the%2030th";
const HERE: &str = "Subscriptions > Month ends";

/// Whoever asks a model, and what that says; nobody until it is told what.
#[derive(Default)]
pub(super) struct FakeLibrarian {
    says: Mutex<Option<Says>>,
    heard: Mutex<Vec<(Question, Vec<String>)>>,
}

#[derive(Clone)]
struct Says {
    /// Under which headings it would look; none where it gives no answer.
    places: Option<Vec<&'static str>>,
    /// What it answers, and what it quotes from the first passage that it is given.
    answer: Option<&'static str>,
    quotes: Vec<String>,
}

impl FakeLibrarian {
    fn says(&self, places: Option<&[&'static str]>, answer: Option<&'static str>, quotes: &[&str]) {
        let quotes = quotes.iter().map(|words| (*words).to_owned()).collect();
        let places = places.map(<[_]>::to_vec);
        *self.says.lock().unwrap() = Some(Says { places, answer, quotes });
    }

    fn told(&self) -> Says {
        self.says.lock().unwrap().clone().unwrap()
    }

    fn heard(&self) -> Vec<(Question, Vec<String>)> {
        self.heard.lock().unwrap().clone()
    }
}

#[async_trait]
impl Librarian for FakeLibrarian {
    fn patience(&self) -> Option<Duration> {
        self.says.lock().unwrap().as_ref().map(|_| Duration::from_secs(5))
    }

    async fn find(&self, question: &Question, map: &[Heading]) -> Result<Vec<usize>, CallError> {
        let paths = map.iter().map(|heading| heading.path.join(" > ")).collect::<Vec<_>>();
        self.heard.lock().unwrap().push((question.clone(), paths.clone()));
        let places = self.told().places.ok_or_else(|| CallError::Unavailable("nonsense".into()))?;
        let number = |place: &&str| {
            let at = paths.iter().position(|path| path == place);
            at.and_then(|at| map.get(at)).map_or(usize::MAX, |heading| heading.number)
        };
        Ok(places.iter().map(number).collect())
    }

    async fn answer(&self, question: &Question, passages: &[Passage]) -> Result<Told, CallError> {
        let given = passages.iter().map(|passage| passage.text.clone()).collect();
        self.heard.lock().unwrap().push((question.clone(), given));
        let told = self.told();
        let passage = passages.first().map_or(usize::MAX, |passage| passage.number);
        let quotes = told.quotes.into_iter().map(|words| Quote { passage, words }).collect();
        Ok(Told { answer: told.answer.map(str::to_owned), quotes })
    }
}

impl Stage {
    async fn asks(&self, person: u128) -> Value {
        let (status, found) = self.api(actor(person), Method::GET, QUESTION, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{found}");
        // Whatever a model does, the search finds what it finds.
        assert_eq!(found["sections"][0]["href"], "/help/manual/subscriptions#month-ends", "{found}");
        found["short"].clone()
    }

    async fn looks(&self) {
        jobs::Answering(Arc::clone(&self.guide)).run().await.unwrap();
    }

    async fn rows(&self) -> Vec<(String, String)> {
        let all = "SELECT question, status FROM short_answers ORDER BY asked_at";
        self.guide.database.all(platform::db::Statement::new(all, Vec::new())).await.unwrap()
    }
}

/// The first sentence of the section that answers.
fn quote() -> String {
    let manual = crate::manual::Manual::embedded();
    let found = manual.ask("why does the 31st become the 30th", 1);
    let text = found[0].section.text.clone();
    let end = text.find(". ").map_or(text.len(), |at| at + 1);
    text[..end].to_owned()
}

both_databases! { MIGRATIONS,
    async fn a_short_answer_is_looked_for_meanwhile_and_shown_with_what_it_stands_on(database: Database) {
        let stage = Stage::set(database, "de-DE", false, "");
        stage.librarian.says(Some(&[HERE]), Some("Der Monat ist zu kurz."), &[&quote()]);
        assert_eq!(stage.asks(1).await["status"], "waiting");
        let page = "/help/search?q=why+does+the+31st+become+the+30th";
        let shown = stage.page(actor(1), Method::GET, page, "").await.1;
        assert!(shown.contains("Ein Sprachmodell sucht") && shown.contains("month-ends"), "{shown}");
        stage.looks().await;
        let short = stage.asks(1).await;
        assert_eq!((&short["status"], &short["text"]), (&json!("told"), &json!("Der Monat ist zu kurz.")), "{short}");
        assert_eq!(short["quotes"], json!([{
            "words": quote(), "title": "Month ends", "href": "/help/manual/subscriptions#month-ends",
        }]));
        let shown = stage.page(actor(1), Method::GET, page, "").await.1;
        assert!(shown.contains("Der Monat ist zu kurz.") && shown.contains("<blockquote>"), "{shown}");

        // By the whole map to whole sections; what is asked again is known, and nobody learns what another one asked.
        let heard = stage.librarian.heard();
        assert_eq!(heard.len(), 2);
        assert_eq!((heard[0].0.language, heard[0].0.user), (Language::De, id(1)));
        assert!(heard[0].1.len() > 80, "{} headings", heard[0].1.len());
        assert!(heard[1].1[0].starts_with(&quote()), "{:?}", heard[1].1);
        assert_eq!(stage.asks(2).await["status"], "waiting");
        assert_eq!(stage.rows().await, [(String::new(), "told".to_owned()), ("why does the 31st become the 30th".to_owned(), "waiting".to_owned())]);
    }

    async fn what_a_model_makes_up_is_never_shown(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        let evil = "Ignore the manual, log in at https://evil.example/ first.";
        for (places, answer, quotes) in [
            (None, None, vec![]),
            (Some(vec![HERE]), Some("It is too short."), vec!["A month has thirty days, always and everywhere.".to_owned()]),
            (Some(vec![HERE]), Some("It is too short."), vec![]),
            (Some(vec!["No such heading"]), Some(evil), vec![quote()]),
            (Some(vec![HERE]), Some("It costs 4711."), vec![quote()]),
            (Some(vec!["Help"]), Some("It is too short."), vec![quote()]),
        ] {
            let quotes: Vec<&str> = quotes.iter().map(String::as_str).collect();
            stage.librarian.says(places.as_deref(), answer, &quotes);
            assert_eq!(stage.asks(1).await["status"], "waiting");
            stage.looks().await;
            let short = stage.asks(1).await;
            assert_eq!((&short["status"], &short["text"]), (&json!("none"), &Value::Null), "{answer:?} {quotes:?}");
            // One that failed is looked for anew after a while, and not before.
            stage.looks().await;
            assert_eq!(stage.asks(1).await["status"], "none");
            stage.clock.advance(Duration::from_secs(61));
        }
    }

    async fn a_model_that_finds_nothing_in_the_manual_says_so_and_the_search_stands(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        stage.librarian.says(Some(&[]), None, &[]);
        stage.asks(1).await;
        stage.looks().await;
        assert_eq!(stage.asks(1).await["status"], "unknown");
        let page = stage.page(actor(1), Method::GET, "/help/search?q=why+does+the+31st+become+the+30th", "").await.1;
        assert!(page.contains("found no answer to this") && page.contains("Month ends"), "{page}");
        // What nothing is found for is counted once, however often it is looked whether there is an answer.
        for _ in 0..3 {
            stage.api(actor(1), Method::GET, "/v1/help/search?q=sourdough%20bread", Value::Null).await;
            stage.looks().await;
        }
        let times = "SELECT times FROM unanswered_questions WHERE text = 'sourdough bread'";
        let times: Option<(i64,)> = stage.guide.database.optional(platform::db::Statement::new(times, Vec::new())).await.unwrap();
        assert_eq!(times, Some((1,)));
    }

    async fn without_a_model_or_where_it_is_not_wanted_nothing_is_asked_nor_kept(database: Database) {
        let stage = Stage::set(database.clone(), "en-IN", false, "");
        assert_eq!(stage.asks(1).await["status"], "none");
        let stage = Stage::with(database, "en-IN", false, &[("help.answers", "false")]);
        stage.librarian.says(Some(&[HERE]), Some("It is too short."), &[&quote()]);
        assert_eq!(stage.asks(1).await["status"], "none");
        stage.looks().await;
        assert!(stage.librarian.heard().is_empty() && stage.rows().await.is_empty());
    }

    async fn one_that_dies_of_it_is_followed_and_in_the_end_left(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        stage.librarian.says(Some(&[HERE]), Some("It is too short."), &[&quote()]);
        stage.asks(1).await;
        for _ in 0..2 {
            let now = stage.guide.now();
            let claimed = crate::store::claim_short(&stage.guide.database, now, now + Duration::from_secs(40), 2).await;
            assert_eq!(claimed.unwrap().len(), 1);
            stage.looks().await;
            assert!(stage.librarian.heard().is_empty(), "whoever has it is given the time");
            stage.clock.advance(Duration::from_secs(41));
        }
        assert_eq!(stage.asks(1).await["status"], "none", "nobody waits for ever");
        stage.looks().await;
        assert_eq!(stage.rows().await, [(String::new(), "failed".to_owned())]);
    }

    async fn they_are_forgotten_after_a_day_and_with_whose_they_are(database: Database) {
        let stage = Stage::set(database, "en-IN", false, "");
        stage.librarian.says(Some(&[]), None, &[]);
        for person in [1, 2] {
            stage.asks(person).await;
        }
        let erasing = contracts::erasure::AccountErasing {
            erasure: Id::from_uuid(uuid::Uuid::from_u128(9)),
            user: id(1),
            round: 1,
            households: Vec::new(),
        };
        let mut batch = platform::db::Batch::new();
        crate::store::erase(&mut batch, &erasing);
        stage.guide.database.apply(batch).await.unwrap();
        assert_eq!(stage.rows().await.len(), 1);
        stage.clock.advance(Duration::from_secs(25 * 3_600));
        jobs::Forgetting(Arc::clone(&stage.guide)).run().await.unwrap();
        assert_eq!(stage.rows().await, []);
    }
}

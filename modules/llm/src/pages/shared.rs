//! `/add/shared`: what another app shares with the installed one. It is only shown how it is read, so that whoever leads
//! somebody here by a link does nothing; and as it is asked for by its address, it is still there after logging in.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use kernel::Invalid;
use platform::http::{Problem, Query, VisitorToChange};
use serde::Deserialize;
use web::{
    Shell,
    view::{Control, Field, Problem as Wrong, problems},
};

use super::{
    add::{Outcome, looked_at},
    broken, manner, shell,
};
use crate::{
    Reader,
    domain::titled,
    list,
    service::{Channel, Incoming},
};

#[derive(Template)]
#[template(path = "shared.html")]
struct Shared {
    shell: Shell,
    text: Field,
    problems: Vec<Wrong>,
    results: Vec<Outcome>,
}

/// What apps share, each as it pleases: a title, words, a link.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Sent {
    title: String,
    text: String,
    url: String,
}

pub(super) async fn show(
    State(reader): State<Arc<Reader>>,
    VisitorToChange(actor): VisitorToChange,
    Query(sent): Query<Sent>,
) -> Result<Response, Problem> {
    let text = words(&sent);
    if text.is_empty() {
        return Ok(Redirect::to("/add").into_response());
    }
    let (account, today) = reader.person(&actor).await?;
    let shell = shell(&reader, &actor, &account, today).await;
    if let Err(invalid) = list::check(&text) {
        return page(StatusCode::UNPROCESSABLE_ENTITY, shell, text, Vec::new(), &invalid);
    }
    let incoming = Incoming { channel: Channel::Share, ..Incoming::typed(text.clone()) };
    let answer = reader.preview(&actor, &incoming).await?;
    let results = looked_at(&answer, &manner(&account, today));
    page(StatusCode::OK, shell, text, results, &Invalid::new())
}

/// The words of it. A link says something only where nothing else does.
fn words(sent: &Sent) -> String {
    let words = titled(&sent.title, &sent.text);
    if words.is_empty() { sent.url.trim().to_owned() } else { words }
}

fn page(
    status: StatusCode,
    shell: Shell,
    text: String,
    results: Vec<Outcome>,
    invalid: &Invalid,
) -> Result<Response, Problem> {
    let text = Field::area("text", "The words").value(text).check(invalid, "/text");
    let problems = problems([&text as &dyn Control]);
    web::page_with(status, &Shared { shell, text, problems, results }).map_err(broken)
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use jiff::civil::date;
    use web::Manner;

    use super::*;

    fn sent(title: &str, text: &str, url: &str) -> Sent {
        Sent { title: title.into(), text: text.into(), url: url.into() }
    }

    #[test]
    fn a_link_is_read_where_nothing_else_is_said() {
        assert_eq!(words(&sent("Netflix", "₹499 monthly", "https://x.example")), "Netflix\n₹499 monthly");
        assert_eq!(words(&sent("Netflix ₹499", " ", "https://x.example")), "Netflix ₹499");
        assert_eq!(words(&sent("", "", "https://x.example ")), "https://x.example");
        assert_eq!(words(&sent(" ", "\n", "")), "");
    }

    #[tokio::test]
    async fn awkward_words_stay_words() {
        let nasty = "\"></textarea><script>alert(1)</script><b>اسم&";
        let shell = Shell::new("Add", Manner::new("en-IN".parse().unwrap(), date(2026, 5, 5)));
        let mut invalid = Invalid::new();
        invalid.add("/text", nasty);
        let page = page(StatusCode::OK, shell, nasty.into(), Vec::new(), &invalid).unwrap();
        let bytes = to_bytes(page.into_body(), usize::MAX).await.unwrap();
        let html = String::from_utf8(bytes.to_vec()).unwrap();
        assert!(!html.contains("<b>") && !html.contains("<script>") && html.contains("alert(1)"), "{html}");
    }
}

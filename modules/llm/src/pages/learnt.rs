//! `/add/learnt`: what the household has taught, to be looked at and forgotten.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use kernel::LearntNameId;
use platform::http::{PathOf, Problem, Visitor};
use web::Shell;

use super::{broken, shell, shown::category_label};
use crate::{Reader, store::LearntName};

#[derive(Template)]
#[template(path = "learnt.html")]
struct Learnt {
    shell: Shell,
    names: Vec<Row>,
    may_change: bool,
}

struct Row {
    id: LearntNameId,
    words: String,
    name: String,
    detail: String,
}

impl From<LearntName> for Row {
    fn from(LearntName { id, words, name, category }: LearntName) -> Self {
        let sorted =
            category.as_deref().map(|slug| format!(", in {}", category_label(slug))).unwrap_or_default();
        let detail = format!("when you say \u{201c}{words}\u{201d}{sorted}");
        Self { id, words, name, detail }
    }
}

pub(super) async fn show(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
) -> Result<Response, Problem> {
    let (account, today) = reader.person(&actor).await?;
    let names = reader.learnt(&actor).await?.into_iter().map(Row::from).collect();
    let shell = shell(&reader, &actor, &account, today).await;
    web::page(&Learnt { shell, names, may_change: actor.access.may_change() }).map_err(broken)
}

pub(super) async fn forget(
    State(reader): State<Arc<Reader>>,
    Visitor(actor): Visitor,
    PathOf(id): PathOf<LearntNameId>,
) -> Result<Response, Problem> {
    reader.unlearn(&actor, id).await?;
    Ok(Redirect::to("/add/learnt").into_response())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use web::Manner;

    use super::*;

    #[test]
    fn awkward_words_stay_words() {
        let nasty = "<b>\"اسم&".to_owned();
        let name = LearntName {
            id: "lrn_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse().unwrap(),
            words: nasty.clone(),
            name: nasty.repeat(40),
            category: Some("music".into()),
        };
        let shell = Shell::new("Learnt", Manner::new("en-IN".parse().unwrap(), date(2026, 5, 5)));
        let html = Learnt { shell, names: vec![name.into()], may_change: true }.render().unwrap();
        assert!(!html.contains("<b>") && html.contains("in Music"), "{html}");
    }
}

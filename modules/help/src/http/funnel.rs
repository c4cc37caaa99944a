//! `/v1/admin/help/funnel` and `/v1/admin/help/questions`: what to improve, for those who answer or run the installation.

use std::{collections::BTreeMap, sync::Arc};

use axum::extract::State;
use jiff::civil::Date;
use kernel::Invalid;
use platform::http::{CallerAsAgent, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    domain::{Funnel, Language, NodeFigures, Outcome, Tree},
    error::HelpError,
    service::{Day, Guide, MOST_DAYS},
    store::{Unanswered, Walked},
};

type Known = State<Arc<Guide>>;

pub(super) fn routes() -> OpenApiRouter<Arc<Guide>> {
    OpenApiRouter::new().routes(routes!(trees)).routes(routes!(tree)).routes(routes!(questions))
}

const DAYS: i64 = 30;

/// How far back it is looked.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DaysQuery {
    /// Today and so many days before it but one (UTC).
    #[param(minimum = 1, maximum = 365, default = 30)]
    days: Option<i64>,
}

fn days(asked: Option<i64>) -> Result<i64, Invalid> {
    let days = asked.unwrap_or(DAYS);
    if (1..=MOST_DAYS).contains(&days) {
        Ok(days)
    } else {
        Err(Invalid::field("/days", format!("must be from 1 to {MOST_DAYS}")))
    }
}

/// What became of those who came.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpOutcome)]
struct OutcomeBody {
    came: i64,
    resolved: i64,
    escalated: i64,
    /// They never came back, or not for a day so far.
    left: i64,
    /// They are on their way.
    under_way: i64,
}

impl From<Outcome> for OutcomeBody {
    fn from(Outcome { came, resolved, escalated, left, under_way }: Outcome) -> Self {
        Self { came, resolved, escalated, left, under_way }
    }
}

/// A topic and what became of those who came.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFunnelTree)]
struct TreeBody {
    tree: String,
    /// In English; `null` where the topic is in service no more.
    title: Option<String>,
    /// Which version is in service.
    version: Option<String>,
    #[serde(flatten)]
    outcome: OutcomeBody,
}

/// Every topic and what became of those who came.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFunnel)]
struct TreesBody {
    /// The first day that is counted (UTC).
    #[schema(value_type = String, format = Date)]
    since: Date,
    data: Vec<TreeBody>,
}

/// Show what became of those whom help was to help
#[utoipa::path(get, path = "/v1/admin/help/funnel", tag = "administration", params(DaysQuery), responses(
    (status = 200, description = "Every topic", body = TreesBody),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You neither answer nor run this Perennial", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
async fn trees(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    Query(asked): Query<DaysQuery>,
) -> Result<Json<TreesBody>, Problem> {
    let since = guide.first_of(days(asked.days)?);
    let forest = guide.forest();
    let body = |(tree, outcome): (String, Outcome)| {
        let known = forest.tree(&tree);
        TreeBody {
            title: known.map(|known| known.title(Language::En).to_owned()),
            version: known.map(|known| known.version.clone()),
            tree,
            outcome: outcome.into(),
        }
    };
    let data = guide.outcomes(since).await?.into_iter().map(body).collect();
    Ok(Json(TreesBody { since, data }))
}

/// How far back it is looked, and at which version.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct TreeQuery {
    /// Today and so many days before it but one (UTC).
    #[param(minimum = 1, maximum = 365, default = 30)]
    days: Option<i64>,
    /// Which version; that in service when left out, or the last that was walked.
    #[param(max_length = 64)]
    version: Option<String>,
}

/// A version that was walked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpWalkedVersion)]
struct VersionBody {
    version: String,
    /// On which day for the first time, of those that are looked at.
    #[schema(value_type = String, format = Date)]
    first_on: Date,
    #[schema(value_type = String, format = Date)]
    last_on: Date,
}

/// A node, and what became of those who reached it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFunnelNode)]
struct NodeBody {
    id: String,
    /// `question`, `check`, `action`, `answer` or `escalation`; `null` where the tree in service has no such node.
    kind: Option<&'static str>,
    /// How many reached it.
    reached: i64,
    resolved: i64,
    escalated: i64,
    left: i64,
    under_way: i64,
    /// How many took each way on, by its name.
    ways: BTreeMap<String, i64>,
}

impl NodeBody {
    fn new(id: &str, NodeFigures { outcome, ways }: NodeFigures, tree: Option<&Tree>) -> Self {
        Self {
            id: id.to_owned(),
            kind: tree.and_then(|tree| tree.nodes.get(id)).map(|node| node.kind.as_str()),
            reached: outcome.came,
            resolved: outcome.resolved,
            escalated: outcome.escalated,
            left: outcome.left,
            under_way: outcome.under_way,
            ways,
        }
    }
}

/// What became of those who came on a day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFunnelDay)]
struct DayBody {
    #[schema(value_type = String, format = Date)]
    day: Date,
    came: i64,
    resolved: i64,
    escalated: i64,
    left: i64,
}

impl From<Day> for DayBody {
    fn from(Day { day, outcome }: Day) -> Self {
        let Outcome { came, resolved, escalated, left, .. } = outcome;
        Self { day, came, resolved, escalated, left }
    }
}

/// A version of a topic: who came, and what became of them, node by node and day by day.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = HelpFunnelDetail)]
struct DetailBody {
    tree: String,
    version: String,
    /// The first day that is counted (UTC).
    #[schema(value_type = String, format = Date)]
    since: Date,
    #[serde(flatten)]
    outcome: OutcomeBody,
    /// The versions that were walked since then, the last one first, at most 20; any of them can be asked for.
    versions: Vec<VersionBody>,
    nodes: Vec<NodeBody>,
    days: Vec<DayBody>,
}

/// Show what became of those who came to a topic, node by node
///
/// Ask once for each of two versions to compare them.
#[utoipa::path(get, path = "/v1/admin/help/funnel/{tree}", tag = "administration",
    params(("tree" = String, Path, description = "The topic"), TreeQuery), responses(
        (status = 200, description = "The figures of one version", body = DetailBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 403, description = "You neither answer nor run this Perennial", body = ProblemBody),
        (status = 404, description = "There is no such topic, or nobody came to that version", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
async fn tree(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    PathOf(tree): PathOf<String>,
    Query(asked): Query<TreeQuery>,
) -> Result<Json<DetailBody>, Problem> {
    let since = guide.first_of(days(asked.days)?);
    let versions = guide.versions(&tree, since).await?;
    let forest = guide.forest();
    let known = forest.tree(&tree);
    let version = match asked.version {
        Some(wanted) if versions.iter().any(|walked| walked.version == wanted) => wanted,
        Some(_) => return Err(HelpError::NotFound.into()),
        None => match (known, versions.first()) {
            (Some(known), _) => known.version.clone(),
            (None, Some(last)) => last.version.clone(),
            (None, None) => return Err(HelpError::NotFound.into()),
        },
    };
    let Funnel { outcome, nodes } = guide.funnel(&tree, &version, since).await?.funnel;
    let walked = |Walked { version, first, last }| VersionBody { version, first_on: first, last_on: last };
    Ok(Json(DetailBody {
        days: guide.days(&tree, &version, since).await?.into_iter().map(Into::into).collect(),
        nodes: nodes.into_iter().map(|(id, figures)| NodeBody::new(&id, figures, known)).collect(),
        versions: versions.into_iter().map(walked).collect(),
        outcome: outcome.into(),
        tree,
        version,
        since,
    }))
}

/// A question that found nothing.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = UnansweredQuestion)]
struct QuestionBody {
    /// In lower case, without what looks like an address, a number or an id.
    text: String,
    /// The language of whoever asked it first: `en`, `de` or `hi`.
    language: String,
    times: i64,
    #[schema(value_type = String, format = Date)]
    first_on: Date,
    #[schema(value_type = String, format = Date)]
    last_on: Date,
}

impl From<Unanswered> for QuestionBody {
    fn from(Unanswered { text, language, times, first_on, last_on }: Unanswered) -> Self {
        Self { text, language, times, first_on, last_on }
    }
}

/// List the questions that found nothing, those that were asked most first
///
/// Nobody is named. They are kept for 90 days after they were last asked, at most 5,000 of them.
#[utoipa::path(get, path = "/v1/admin/help/questions", tag = "administration", params(PageQuery), responses(
    (status = 200, description = "A page of them", body = Page<QuestionBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 403, description = "You neither answer nor run this Perennial", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
async fn questions(
    State(guide): Known,
    CallerAsAgent(_agent): CallerAsAgent,
    Query(page): Query<PageQuery>,
) -> Result<Json<Page<QuestionBody>>, Problem> {
    let (limit, after) = page.read::<(i64, String)>()?;
    let found = guide.unanswered(after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |each| (each.times, each.text.clone()), Into::into)))
}

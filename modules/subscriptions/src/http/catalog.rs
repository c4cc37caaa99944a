//! `/v1/catalog`

use catalogue::{Hit, Service};
use kernel::Invalid;
use platform::http::{Caller, Json, Page, PageQuery, Problem, ProblemBody, Query};
use serde::{Deserialize, Serialize};

/// Longer texts name nothing.
const LONGEST: usize = 200;

/// A service that many people pay for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = CatalogService)]
pub(crate) struct ServiceBody {
    /// Its stable id, which a subscription carries as `service`.
    slug: &'static str,
    /// Its name as it writes it.
    name: &'static str,
    /// What else people call it.
    aliases: &'static [String],
    /// A built-in category.
    category: &'static str,
    /// The colour people know it by.
    #[schema(example = "#e50914")]
    colour: Option<String>,
    /// Its mark: the path of an SVG of 24 by 24, to be filled with one colour.
    mark: Option<&'static str>,
    /// Where one cancels it or sees what one pays.
    cancel_url: Option<&'static str>,
    /// How it stands on bank statements: the parts that do not change.
    statement: &'static [String],
}

impl From<&'static Service> for ServiceBody {
    fn from(service: &'static Service) -> Self {
        Self {
            slug: service.slug(),
            name: service.name(),
            aliases: service.aliases(),
            category: service.category(),
            colour: service.colour().map(|colour| colour.to_string()),
            mark: service.mark(),
            cancel_url: service.cancel_url(),
            statement: service.statement(),
        }
    }
}

/// What to look for.
#[derive(Debug, Deserialize)]
pub(super) struct WordsQuery {
    #[serde(default)]
    q: String,
}

/// Look up services by name, alias, misspelling or a line of a bank statement
///
/// The likeliest first; without `q` all of them by name.
#[utoipa::path(get, path = "/v1/catalog", tag = "subscriptions",
    params(PageQuery, ("q" = Option<String>, Query, max_length = 200,
        description = "A name or a part of one, an alias, or what a bank statement says.")),
    responses(
        (status = 200, description = "A page of them", body = Page<ServiceBody>),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 422, description = "A parameter is not valid", body = ProblemBody),
    ))]
pub(super) async fn list(
    _caller: Caller,
    Query(page): Query<PageQuery>,
    Query(words): Query<WordsQuery>,
) -> Result<Json<Page<ServiceBody>>, Problem> {
    let (limit, after) = page.read::<(u8, String, String)>()?;
    if words.q.chars().count() > LONGEST {
        let wrong = format!("must be at most {LONGEST} characters long");
        return Err(Problem::invalid(&Invalid::field("/q", wrong)));
    }
    let mut hits = catalogue::search(&words.q);
    if let Some((by, name, slug)) = &after {
        hits.retain(|hit| hit.place() > (*by, name.clone(), slug.as_str()));
    }
    Ok(Json(Page::from_rows(hits, limit, Hit::place, |hit| hit.service.into())))
}

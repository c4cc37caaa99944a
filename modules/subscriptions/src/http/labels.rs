//! `/v1/categories…`, `/v1/tags…`, `/v1/payment-methods…`: what subscriptions are sorted by.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{CategoryId, Id, Invalid, PaymentMethodId, TagId};
use platform::http::{
    Caller, IfMatch, Json, Page, Patch, PathOf, Problem, ProblemBody, Query, patch, present,
};
use serde::{Deserialize, Serialize};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    Tracker,
    domain::{Category, Label, LabelInput, LabelKind, Last4, NewPlace, Sorting},
    service::label_etag,
};

type Known = State<Arc<Tracker>>;

/// A category.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Category)]
pub(super) struct CategoryBody {
    /// What stands in a subscription's `category`: a slug, or the id of one of your own.
    id: String,
    name: String,
    /// Whether everybody has it. Those cannot be changed.
    built_in: bool,
}

/// A tag.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Tag)]
pub(super) struct TagBody {
    id: TagId,
    name: String,
}

/// Something one pays with.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = PaymentMethod)]
pub(super) struct PaymentMethodBody {
    id: PaymentMethodId,
    name: String,
    /// `card`, `bank`, `upi`, `wallet`, `cash` or `other`.
    kind: &'static str,
    /// Its last four digits.
    last4: Option<String>,
    /// Whether it is out of use: kept for what was paid with it, no longer offered.
    archived: bool,
}

impl From<&Label> for CategoryBody {
    fn from(label: &Label) -> Self {
        let id = CategoryId::from_uuid(label.id).to_string();
        Self { id, name: label.name.to_string(), built_in: false }
    }
}

impl From<&Label> for TagBody {
    fn from(label: &Label) -> Self {
        Self { id: Id::from_uuid(label.id), name: label.name.to_string() }
    }
}

impl From<&Label> for PaymentMethodBody {
    fn from(label: &Label) -> Self {
        let method = label.method.as_ref();
        Self {
            id: Id::from_uuid(label.id),
            name: label.name.to_string(),
            kind: method.map_or("other", |method| method.kind.as_str()),
            last4: method.and_then(|method| method.last4.as_ref()).map(Last4::as_str).map(str::to_owned),
            archived: !label.offered(),
        }
    }
}

/// Those that everybody has, and then the household's own.
fn categories(sorting: &Sorting) -> Vec<CategoryBody> {
    let built_in = Category::ALL.map(|category| CategoryBody {
        id: category.slug().into(),
        name: category.label().into(),
        built_in: true,
    });
    built_in.into_iter().chain(sorting.of(LabelKind::Category).map(Into::into)).collect()
}

fn tags(sorting: &Sorting) -> Vec<TagBody> {
    sorting.of(LabelKind::Tag).map(Into::into).collect()
}

fn payment_methods(sorting: &Sorting) -> Vec<PaymentMethodBody> {
    sorting.of(LabelKind::PaymentMethod).map(Into::into).collect()
}

/// What a category or a tag is called.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NameBody {
    #[schema(min_length = 1, max_length = 60)]
    name: String,
}

impl NameBody {
    fn read(self) -> LabelInput {
        LabelInput { name: Some(self.name), ..LabelInput::default() }
    }
}

/// What kind of thing one pays with.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "it only describes the words of kind")]
pub(super) enum MethodWord {
    /// A credit or debit card.
    Card,
    /// An account at a bank.
    Bank,
    /// UPI.
    Upi,
    /// A wallet or payment service.
    Wallet,
    /// Notes and coins.
    Cash,
    /// Something else.
    Other,
}

/// Something one pays with, new.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewMethodBody {
    #[schema(min_length = 1, max_length = 60, example = "Visa")]
    name: String,
    #[schema(value_type = MethodWord)]
    kind: String,
    /// Its last four digits.
    #[schema(pattern = "^([0-9]{4})?$")]
    last4: Option<String>,
}

impl NewMethodBody {
    fn read(self) -> LabelInput {
        LabelInput { name: Some(self.name), method: Some(self.kind), last4: Some(self.last4), archived: None }
    }
}

/// What to change about it (JSON Merge Patch).
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangeMethodBody {
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(min_length = 1, max_length = 60)]
    name: Option<String>,
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<MethodWord>)]
    kind: Option<String>,
    /// Its last four digits.
    #[serde(default, deserialize_with = "patch")]
    #[schema(value_type = Option<String>, pattern = "^([0-9]{4})?$")]
    last4: Patch<String>,
    /// Whether it is out of use.
    #[serde(default, deserialize_with = "present")]
    #[schema(nullable = false)]
    archived: Option<bool>,
}

impl ChangeMethodBody {
    fn read(self) -> LabelInput {
        LabelInput { name: self.name, method: self.kind, last4: self.last4, archived: self.archived }
    }
}

/// Where what is sorted by it goes.
#[derive(Debug, Deserialize)]
pub(super) struct MoveQuery {
    move_to: Option<String>,
}

impl MoveQuery {
    fn read(&self, kind: LabelKind) -> Result<Option<NewPlace>, Invalid> {
        self.move_to.as_deref().map(|text| NewPlace::read(kind, text)).transpose()
    }
}

macro_rules! labels {
    ($(
        $kind:ident in $module:ident at $path:literal and $one:literal tagged $tag:literal:
        $id:ty, $body:ident from $all:ident, $new:ident, $change:ident;
        $list_summary:literal $create_summary:literal $change_summary:literal $delete_summary:literal
    )*) => {
        $(mod $module {
            use super::*;

            fn one(status: StatusCode, label: &Label) -> Response {
                (status, label_etag(label), Json($body::from(label))).into_response()
            }

            #[doc = $list_summary]
            #[utoipa::path(get, path = $path, tag = $tag, responses(
                (status = 200, description = "All of them; they are few, so there is one page", body = Page<$body>),
                (status = 401, description = "Not logged in", body = ProblemBody),
            ))]
            pub(super) async fn list(
                State(tracker): Known,
                Caller(actor): Caller,
            ) -> Result<Json<Page<$body>>, Problem> {
                Ok(Json(Page { data: $all(&tracker.sorting(&actor).await?), next_cursor: None }))
            }

            #[doc = $create_summary]
            #[utoipa::path(post, path = $path, tag = $tag, request_body = $new, responses(
                (status = 201, description = "It is there", body = $body,
                    headers(("Location" = String, description = "Where it is"))),
                (status = 401, description = "Not logged in", body = ProblemBody),
                (status = 422, description = "Some of it is not valid", body = ProblemBody),
            ))]
            pub(super) async fn create(
                State(tracker): Known,
                Caller(actor): Caller,
                Json(body): Json<$new>,
            ) -> Result<Response, Problem> {
                let label = tracker.create_label(&actor, LabelKind::$kind, &body.read()).await?;
                let location = format!(concat!($path, "/{}"), <$id>::from_uuid(label.id));
                Ok(([(header::LOCATION, location)], one(StatusCode::CREATED, &label)).into_response())
            }

            #[doc = $change_summary]
            #[utoipa::path(patch, path = $one, tag = $tag, params(("id" = $id, Path)),
                request_body(content = $change, content_type = "application/merge-patch+json"),
                responses(
                    (status = 200, description = "As it is now", body = $body),
                    (status = 401, description = "Not logged in", body = ProblemBody),
                    (status = 404, description = "There is none of that id", body = ProblemBody),
                    (status = 412, description = "It was changed since you read it", body = ProblemBody),
                    (status = 422, description = "Some of it is not valid", body = ProblemBody),
                ))]
            pub(super) async fn change(
                State(tracker): Known,
                Caller(actor): Caller,
                PathOf(id): PathOf<$id>,
                seen: IfMatch,
                Json(body): Json<$change>,
            ) -> Result<Response, Problem> {
                let which = (LabelKind::$kind, id.uuid());
                Ok(one(StatusCode::OK, &tracker.change_label(&actor, which, &seen, &body.read()).await?))
            }

            #[doc = $delete_summary]
            #[utoipa::path(delete, path = $one, tag = $tag,
                params(
                    ("id" = $id, Path),
                    ("move_to" = Option<String>, Query, min_length = 1,
                        description = "Where what uses it goes: another one, or `none`."),
                ),
                responses(
                    (status = 204, description = "It is gone"),
                    (status = 401, description = "Not logged in", body = ProblemBody),
                    (status = 404, description = "There is none of that id", body = ProblemBody),
                    (status = 409, description = "It is in use; the detail says by how many", body = ProblemBody),
                    (status = 412, description = "It was changed since you read it", body = ProblemBody),
                    (status = 422, description = "There is no such place to go", body = ProblemBody),
                ))]
            pub(super) async fn delete(
                State(tracker): Known,
                Caller(actor): Caller,
                PathOf(id): PathOf<$id>,
                seen: IfMatch,
                Query(query): Query<MoveQuery>,
            ) -> Result<StatusCode, Problem> {
                let place = query.read(LabelKind::$kind)?;
                tracker.delete_label(&actor, (LabelKind::$kind, id.uuid()), &seen, place).await?;
                Ok(StatusCode::NO_CONTENT)
            }
        })*

        pub(super) fn routes() -> OpenApiRouter<Arc<Tracker>> {
            OpenApiRouter::new()
                $(.routes(routes!($module::list, $module::create)).routes(routes!($module::change, $module::delete)))*
        }
    };
}

labels! {
    Category in category at "/v1/categories" and "/v1/categories/{id}" tagged "sorting":
        CategoryId, CategoryBody from categories, NameBody, NameBody;
        "The categories: the built-in ones, then your own" "Make a category of your own"
        "Rename a category of your own" "Take a category of your own away"
    Tag in tag at "/v1/tags" and "/v1/tags/{id}" tagged "sorting":
        TagId, TagBody from tags, NameBody, NameBody;
        "Your tags, by name" "Make a tag" "Rename a tag" "Take a tag away"
    PaymentMethod in payment_method at "/v1/payment-methods" and "/v1/payment-methods/{id}" tagged "sorting":
        PaymentMethodId, PaymentMethodBody from payment_methods, NewMethodBody, ChangeMethodBody;
        "What you pay with, by name" "Add something that you pay with" "Change something that you pay with"
        "Take something that you pay with away"
}

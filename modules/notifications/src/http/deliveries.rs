//! `/v1/deliveries`: the log of what was sent, and what was not, and why.

use std::sync::Arc;

use axum::extract::State;
use kernel::{ChannelId, DeliveryId, Invalid};
use platform::http::{CallerAsSelf, Json, Page, PageQuery, PathOf, Problem, ProblemBody, Query};
use serde::Deserialize;

use super::bodies::DeliveryBody;
use crate::{service::Herald, store::DeliveryState};

/// Which deliveries to list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryQuery {
    /// Those by one channel.
    #[param(value_type = Option<ChannelId>)]
    channel_id: Option<String>,
    /// Those in one state.
    #[param(value_type = Option<DeliveryState>)]
    state: Option<String>,
}

/// List your deliveries, the newest first
#[utoipa::path(get, path = "/v1/deliveries", tag = "notifications", params(PageQuery, DeliveryQuery), responses(
    (status = 200, description = "A page of them", body = Page<DeliveryBody>),
    (status = 401, description = "Not logged in", body = ProblemBody),
    (status = 422, description = "A parameter is not valid", body = ProblemBody),
))]
pub(super) async fn list(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    Query(page): Query<PageQuery>,
    Query(only): Query<DeliveryQuery>,
) -> Result<Json<Page<DeliveryBody>>, Problem> {
    let (limit, after) = page.read::<DeliveryId>()?;
    let mut invalid = Invalid::new();
    let channel = only.channel_id.and_then(|id| invalid.check("/channel_id", id.parse::<ChannelId>()));
    let state = only.state.and_then(|word| invalid.check("/state", word.parse::<DeliveryState>()));
    invalid.into_result()?;
    let found = herald.deliveries(&actor, channel, state, after, limit).await?;
    Ok(Json(Page::from_rows(found, limit, |kept| kept.id, DeliveryBody::new)))
}

/// Read a delivery with every try, and what the provider said
#[utoipa::path(get, path = "/v1/deliveries/{id}", tag = "notifications", params(("id" = DeliveryId, Path)),
    responses(
        (status = 200, description = "The delivery", body = DeliveryBody),
        (status = 401, description = "Not logged in", body = ProblemBody),
        (status = 404, description = "There is none of that id", body = ProblemBody),
    ))]
pub(super) async fn one(
    State(herald): State<Arc<Herald>>,
    CallerAsSelf(actor): CallerAsSelf,
    PathOf(id): PathOf<DeliveryId>,
) -> Result<Json<DeliveryBody>, Problem> {
    let (kept, attempts) = herald.delivery(&actor, id).await?;
    Ok(Json(DeliveryBody::new(kept).with(attempts)))
}

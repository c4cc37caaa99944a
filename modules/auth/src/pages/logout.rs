//! `/logout`

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use platform::http::{Origin, Problem};

use super::{Perhaps, cookie};
use crate::Auth;

/// Ends the session wherever its cookie has been copied to, and takes the cookie away.
pub(super) async fn submit(
    State(auth): State<Arc<Auth>>,
    who: Perhaps,
    origin: Origin,
) -> Result<Response, Problem> {
    if let Some(actor) = who {
        auth.log_out(&actor, origin).await?;
    }
    Ok((cookie::forgotten(auth.https), Redirect::to("/")).into_response())
}

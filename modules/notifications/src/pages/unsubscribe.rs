//! `/notifications/unsubscribe/{channel}/{token}`: stops mail with one click, by whoever got one. Mail programs post
//! here by themselves (RFC 8058); people are asked first.

use askama::Template;
use axum::{extract::State, http::StatusCode, response::Response};
use kernel::ChannelId;
use platform::http::{PathOf, Problem};
use web::{Manner, Shell};

use super::{Known, frame::render};

#[derive(Template)]
#[template(path = "unsubscribe.html")]
struct Unsubscribe {
    shell: Shell,
    action: String,
    stopped: bool,
}

fn page(id: ChannelId, token: &str, stopped: bool) -> Result<Response, Problem> {
    let action = format!("/notifications/unsubscribe/{id}/{token}");
    let shell = Shell::new("E-mails", Manner::of_nobody());
    render(StatusCode::OK, &Unsubscribe { shell, action, stopped })
}

pub(super) async fn ask(
    State(herald): Known,
    PathOf((id, token)): PathOf<(ChannelId, String)>,
) -> Result<Response, Problem> {
    let on = herald.mailed(id, &token).await?;
    page(id, &token, !on)
}

pub(super) async fn stop(
    State(herald): Known,
    PathOf((id, token)): PathOf<(ChannelId, String)>,
) -> Result<Response, Problem> {
    herald.stop_mail(id, &token).await?;
    page(id, &token, true)
}

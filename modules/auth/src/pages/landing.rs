//! `/`: what it is, for those who are not signed in.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use platform::http::Problem;
use web::{
    Shell,
    view::{Found, Reading, Standing},
};

use super::{HOME, Perhaps, broken, shell};

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    shell: Shell,
    reading: Reading,
}

pub(super) async fn show(who: Perhaps) -> Result<Response, Problem> {
    match who {
        Some(_) => Ok(Redirect::to(HOME).into_response()),
        None => web::page(&Landing { shell: shell("", None), reading: sample() }).map_err(broken),
    }
}

/// What the line on the page would be read as.
fn sample() -> Reading {
    Reading::new(Standing::Ready, "Adds a subscription")
        .read(Found::Name, "Netflix")
        .read(Found::Price, "₹499.00")
        .read(Found::Cycle, "monthly")
        .assumed(Found::Next, "next on 5 Jun")
        .assumed(Found::Category, "Entertainment")
}

#[cfg(test)]
mod tests {
    use super::{super::testing::html, *};

    #[tokio::test]
    async fn a_stranger_learns_what_it_is_and_where_to_begin() {
        let html = html(show(None).await).await;
        assert!(html.contains("href=\"/register\"") && html.contains("href=\"/login\""));
    }
}

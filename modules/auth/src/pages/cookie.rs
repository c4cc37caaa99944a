//! The cookie that keeps somebody signed in to the pages.

use std::time::Duration;

use axum::{http::header::SET_COOKIE, response::AppendHeaders};
use contracts::auth::COOKIE;

/// A `Set-Cookie`.
pub(super) type Cookie = AppendHeaders<[(axum::http::HeaderName, String); 1]>;

/// Holds `secret` for as long as its session lasts.
pub(super) fn held(https: bool, secret: &str, lasts: Duration) -> Cookie {
    set(https, secret, lasts.as_secs())
}

/// Takes it away.
pub(super) fn forgotten(https: bool) -> Cookie {
    set(https, "", 0)
}

fn set(https: bool, value: &str, seconds: u64) -> Cookie {
    let [prefixed, plain] = COOKIE;
    let (name, secure) = if https { (prefixed, "; Secure") } else { (plain, "") };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    AppendHeaders([(SET_COOKIE, text)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(cookie: Cookie) -> String {
        let AppendHeaders([(_, text)]) = cookie;
        text
    }

    #[test]
    fn by_https_the_cookie_is_bound_to_the_host_and_never_sent_in_clear() {
        let held = text(held(true, "pcs_x", Duration::from_secs(60)));
        assert_eq!(held, "__Host-perennial=pcs_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(
            text(forgotten(true)),
            "__Host-perennial=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn by_http_it_has_no_prefix_as_browsers_would_refuse_it() {
        let held = text(held(false, "pcs_x", Duration::from_secs(60)));
        assert_eq!(held, "perennial=pcs_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    }
}

//! Cookies: the one that keeps somebody signed in to the pages, and the one that carries a log-in on.

use std::time::Duration;

use axum::{
    http::{
        HeaderMap,
        header::{COOKIE as SENT, SET_COOKIE},
    },
    response::AppendHeaders,
};
use contracts::auth::COOKIE;

/// A `Set-Cookie`.
pub(super) type Cookie = AppendHeaders<[(axum::http::HeaderName, String); 1]>;

/// By HTTPS with the prefix that browsers bind to this very host, without it otherwise, as they refuse it there.
type Names = [&'static str; 2];

/// Carries a log-in on that owes a second factor.
pub(super) const PENDING: Names = ["__Host-perennial-pending", "perennial-pending"];

/// Waits for the browser to come back from a provider.
pub(super) const TRIP: Names = ["__Host-perennial-trip", "perennial-trip"];

/// Keeps somebody signed in by `secret` for as long as its session lasts.
pub(super) fn held(https: bool, secret: &str, lasts: Duration) -> Cookie {
    set(COOKIE, https, secret, lasts)
}

/// Takes it away.
pub(super) fn forgotten(https: bool) -> Cookie {
    set(COOKIE, https, "", Duration::ZERO)
}

/// Sets one; to nothing, it is taken away.
pub(super) fn set(names: Names, https: bool, value: &str, lasts: Duration) -> Cookie {
    let [prefixed, plain] = names;
    let (name, secure) = if https { (prefixed, "; Secure") } else { (plain, "") };
    let seconds = lasts.as_secs();
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    AppendHeaders([(SET_COOKIE, text)])
}

/// What the browser sends of it.
pub(super) fn read(names: Names, https: bool, headers: &HeaderMap) -> Option<String> {
    let [prefixed, plain] = names;
    let name = if https { prefixed } else { plain };
    let lines = headers.get_all(SENT).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(sent, _)| *sent == name).map(|(_, value)| value.to_owned())
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

    #[test]
    fn a_cookie_is_read_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(SENT, "perennial-pending=no; a=b; __Host-perennial-pending=pch_x".parse().unwrap());
        assert_eq!(read(PENDING, true, &headers).as_deref(), Some("pch_x"));
        assert_eq!(read(PENDING, false, &headers).as_deref(), Some("no"));
        assert_eq!(read(COOKIE, true, &headers), None);
    }
}

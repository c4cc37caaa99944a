//! Which cookies there are: the one that keeps somebody signed in to the pages, and those that carry a log-in on.

use std::time::Duration;

use contracts::auth::COOKIE;
use platform::http::{Cookie, CookieNames, set_cookie};

/// Carries a log-in on that owes a second factor.
pub(super) const PENDING: CookieNames = ["__Host-perennial-pending", "perennial-pending"];

/// Waits for the browser to come back from a provider.
pub(super) const TRIP: CookieNames = ["__Host-perennial-trip", "perennial-trip"];

/// Keeps somebody signed in by `secret` for as long as its session lasts.
pub(super) fn held(https: bool, secret: &str, lasts: Duration) -> Cookie {
    set_cookie(COOKIE, https, secret, lasts)
}

/// Takes it away.
pub(super) fn forgotten(https: bool) -> Cookie {
    set_cookie(COOKIE, https, "", Duration::ZERO)
}

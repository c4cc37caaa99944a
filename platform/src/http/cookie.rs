//! Cookies, bound to this very host where browsers let us.

use std::time::Duration;

use axum::response::AppendHeaders;
use http::{
    HeaderMap, HeaderName,
    header::{COOKIE as SENT, SET_COOKIE},
};

/// A `Set-Cookie`.
pub type Cookie = AppendHeaders<[(HeaderName, String); 1]>;

/// What a cookie is called: by HTTPS with the prefix that browsers bind to this very host, so that no other host of the
/// same domain can set it for us; without it otherwise, as they refuse it there.
pub type CookieNames = [&'static str; 2];

/// Which of its names a cookie has.
pub const fn cookie_name([prefixed, plain]: CookieNames, https: bool) -> &'static str {
    if https { prefixed } else { plain }
}

/// Sets one for the whole site and no script; to nothing, it is taken away.
pub fn set_cookie(names: CookieNames, https: bool, value: &str, lasts: Duration) -> Cookie {
    let name = cookie_name(names, https);
    let secure = if https { "; Secure" } else { "" };
    let seconds = lasts.as_secs();
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    AppendHeaders([(SET_COOKIE, text)])
}

/// What a browser sends of it. What goes by the other of its names is not ours.
pub fn read_cookie(names: CookieNames, https: bool, headers: &HeaderMap) -> Option<&str> {
    let name = cookie_name(names, https);
    let lines = headers.get_all(SENT).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(sent, _)| *sent == name).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: CookieNames = ["__Host-perennial", "perennial"];

    fn text(cookie: Cookie) -> String {
        let AppendHeaders([(_, text)]) = cookie;
        text
    }

    #[test]
    fn by_https_a_cookie_is_bound_to_the_host_and_never_sent_in_clear() {
        let held = text(set_cookie(NAMES, true, "pcs_x", Duration::from_secs(60)));
        assert_eq!(held, "__Host-perennial=pcs_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure");
        assert_eq!(
            text(set_cookie(NAMES, true, "", Duration::ZERO)),
            "__Host-perennial=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure"
        );
    }

    #[test]
    fn by_http_it_has_no_prefix_as_browsers_would_refuse_it() {
        let held = text(set_cookie(NAMES, false, "pcs_x", Duration::from_secs(60)));
        assert_eq!(held, "perennial=pcs_x; Path=/; Max-Age=60; HttpOnly; SameSite=Lax");
    }

    #[test]
    fn a_cookie_is_read_by_its_whole_name_and_no_other_host_can_give_it() {
        let mut headers = HeaderMap::new();
        headers.insert(SENT, "perennial=theirs; perennialx=no; a=b".parse().unwrap());
        headers.append(SENT, "__Host-perennial=ours".parse().unwrap());
        assert_eq!(read_cookie(NAMES, true, &headers), Some("ours"));
        assert_eq!(read_cookie(NAMES, false, &headers), Some("theirs"));
        assert_eq!(read_cookie(["__Host-x", "x"], true, &headers), None);
    }
}

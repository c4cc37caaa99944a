//! A browser without JavaScript: cookies, redirects, forms.

use std::time::Duration;

use reqwest::{RequestBuilder, Url, redirect::Policy};

use crate::form::{Form, forms, text};

/// One window.
#[derive(Debug)]
pub struct Browser {
    http: reqwest::Client,
    at: Url,
    status: u16,
    html: String,
    set_cookie: String,
}

impl Browser {
    /// A new window of a browser that has no cookies yet, not looking at anything.
    pub fn open(base: &str) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .cookie_store(true)
            .redirect(Policy::none())
            .timeout(Duration::from_secs(30))
            .build()
            .unwrap();
        Self { http, at: base.parse().unwrap(), status: 0, html: String::new(), set_cookie: String::new() }
    }

    /// Goes to a page and follows redirects.
    pub async fn visit(&mut self, path: &str) {
        let url = self.at.join(path).unwrap();
        self.take(self.http.get(url)).await;
    }

    /// Sends a form of the page it looks at.
    pub async fn submit(&mut self, form: &Form) {
        let origin = self.at.origin().ascii_serialization();
        self.send(form, "same-origin", &origin).await;
    }

    /// Sends a form that is on a page of another site.
    pub async fn submit_from(&mut self, origin: &str, form: &Form) {
        self.send(form, "cross-site", origin).await;
    }

    async fn send(&mut self, form: &Form, from: &str, origin: &str) {
        let url = if form.action.is_empty() { self.at.clone() } else { self.at.join(&form.action).unwrap() };
        let request = if form.method == "post" {
            self.http.post(url).header("Origin", origin).form(&form.pairs())
        } else {
            self.http.get(url).query(&form.pairs())
        };
        self.take(request.header("Sec-Fetch-Site", from)).await;
    }

    /// Takes what is answered, after following redirects as browsers do.
    async fn take(&mut self, request: RequestBuilder) {
        let mut response = request.header("Accept", "text/html").send().await.unwrap();
        self.set_cookie.clear();
        for _ in 0..10 {
            if let Some(cookie) = response.headers().get("set-cookie") {
                cookie.to_str().unwrap().clone_into(&mut self.set_cookie);
            }
            let url = response.url().clone();
            match response.headers().get("location").filter(|_| response.status().is_redirection()) {
                Some(location) => {
                    let next = url.join(location.to_str().unwrap()).unwrap();
                    // Nothing but ourselves is there to be asked.
                    assert_eq!(next.origin(), url.origin(), "it was sent away to {next}");
                    response = self.http.get(next).header("Accept", "text/html").send().await.unwrap();
                }
                None => break,
            }
        }
        self.at = response.url().clone();
        self.status = response.status().as_u16();
        self.html = response.text().await.unwrap();
    }

    /// The last cookie it was given on its way to this page, with its attributes.
    pub fn set_cookie(&self) -> &str {
        &self.set_cookie
    }

    /// Where it is.
    pub fn url(&self) -> &Url {
        &self.at
    }

    /// The path of the page it looks at.
    pub fn path(&self) -> &str {
        self.at.path()
    }

    /// Its status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// Its HTML.
    pub fn html(&self) -> &str {
        &self.html
    }

    /// What can be read on it.
    pub fn text(&self) -> String {
        text(&self.html)
    }

    /// Every form of it.
    pub fn forms(&self) -> Vec<Form> {
        forms(&self.html)
    }

    /// The first form that is the one looked for.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn form(&self, wanted: impl Fn(&Form) -> bool) -> Form {
        let found = forms(&self.html).into_iter().find(wanted);
        found.unwrap_or_else(|| panic!("no such form on {} ({}): {}", self.at, self.status, self.text()))
    }
}

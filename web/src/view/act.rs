//! Asking before something is done.

/// A question before an act that is hard to take back: shown in a dialog where scripts run, and as a page of
/// its own where they do not.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// Unique on the page; the link that asks names it.
    pub id: String,
    /// The question.
    pub title: String,
    /// What follows from it, so that nobody has to guess.
    pub text: String,
    /// Where the form is posted to.
    pub action: String,
    /// The act as a verb, on the button: never just "OK".
    pub verb: String,
    /// What the other button says.
    pub keep: String,
    /// Where the other button leads when this is a page.
    pub back: String,
    /// Whether it destroys something.
    pub danger: bool,
    /// What else is sent with it, such as the version that was looked at: names and values.
    pub hidden: Vec<(&'static str, String)>,
}

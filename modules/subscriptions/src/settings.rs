//! What can be set.

use platform::settings::Span;

platform::settings! {
    "subscriptions",
    /// What looking at subscriptions may use.
    pub struct SubscriptionsSettings {
        /// Megabytes of answers that are remembered until something of their household changes; 0 computes each anew.
        answers_memory: u32 = "32",
    }
}

platform::settings! {
    "rates",
    /// Where exchange rates come from.
    pub struct RatesSettings {
        /// Whether reference rates are fetched. Without them only rates set by hand convert.
        fetch: bool = "true",
        /// The folder with eurofxref-daily.xml and its histories: the European Central Bank's, or a copy.
        url: String = "https://www.ecb.europa.eu/stats/eurofxref/",
        /// How often to ask while rates are due that have not come.
        every: Span = "1h",
        /// How long an answer may take, that of the history of 8 MB included.
        timeout: Span = "1m",
    }
}

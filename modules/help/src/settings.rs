//! Where trees of one's own are, and whether a language model answers.

use platform::settings::Span;

platform::settings! {
    "help",
    /// Guided help.
    pub struct HelpSettings {
        /// A folder of trees of your own, one a .toml file: one with the id of a built-in tree takes its place. Empty: the built-in ones alone.
        trees: String = "",
        /// Whether what people ask the manual is asked of the language model of [llm] too, where there is one; its short answer is shown where every quote of it stands in the manual.
        answers: bool = "true",
        /// How long whoever asks waits for that before they see what the search found alone; the short answer is then shown later.
        wait: Span = "1s",
    }
}

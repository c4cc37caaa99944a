//! Where trees of one's own are.

platform::settings! {
    "help",
    /// Guided help.
    pub struct HelpSettings {
        /// A folder of trees of your own, one a .toml file: one with the id of a built-in tree takes its place. Empty: the built-in ones alone.
        trees: String = "",
    }
}

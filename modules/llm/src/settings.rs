//! Whom the reader asks where its grammar is not sure, and how long words are kept.

use platform::settings::{Secret, Span};

platform::settings! {
    "llm",
    /// Language models, and how long words are kept.
    pub struct LlmSettings {
        /// An OpenAI-compatible service that is asked where the grammar is not sure, such as https://api.openai.com/v1 or http://127.0.0.1:11434/v1. Empty: none is.
        url: String = "",
        /// Which of its models.
        model: String = "",
        /// The key it wants, if it wants one.
        key: Secret = "",
        /// How long it may take to answer.
        timeout: Span = "30s",
        /// How long whoever said the words waits for that; after it the answer is fetched later.
        wait: Span = "3s",
        /// How much it is asked at once by each process; of the manual, two questions more.
        at_once: u32 = "4",
        /// Tokens that one person's words and questions may cost on a day (of UTC); what is beyond is read by the grammar alone, and found by the search.
        daily_tokens: u32 = "200000",
        /// What a million tokens it reads cost, in cents; for the metrics alone.
        read_price: u32 = "0",
        /// What a million tokens it writes cost, in cents; for the metrics alone.
        write_price: u32 = "0",
        /// An OpenAI-compatible service that writes down what is said, such as https://api.openai.com/v1. Empty: none does, and only browsers that can themselves do.
        transcription_url: String = "",
        /// Which of its models, such as whisper-1.
        transcription_model: String = "",
        /// The key it wants, if it wants one.
        transcription_key: Secret = "",
        /// How long the words of a message are kept; how they were read stays.
        keep: Span = "30d",
    }
}

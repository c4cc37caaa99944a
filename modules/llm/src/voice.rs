//! What somebody says, written down.

use bytes::Bytes;
use kernel::Actor;
use platform::http::Problem;

use crate::{
    Reader,
    model::Sound,
    service::{away, patiently},
};

impl Reader {
    /// The words of a recording, in the language of the household.
    pub(crate) async fn written(&self, actor: &Actor, content: Bytes) -> Result<String, Problem> {
        let Some(transcriber) = self.models.transcriber.clone() else {
            return Err(Problem::conflict(
                "This Perennial has nothing that writes down what is said. Type it, or use a browser that listens itself.",
            ));
        };
        let sound = Sound::new(content).ok_or_else(|| {
            Problem::unsupported_media_type("This is no recording: send WebM, Ogg, MP4, WAV, FLAC or MP3.")
        })?;
        if !self.may_spend_today(actor.user, sound.tokens()).await? {
            return Err(Problem::too_many("Your share of this is used up for today. Type it instead."));
        }
        let household = patiently(self.users().household(actor.household)).await.map_err(away)?;
        let locale = household.map(|household| household.locale.to_string()).unwrap_or_default();
        let language = locale.split(['-', '_']).next().unwrap_or_default();
        transcriber.transcribe(&sound, language).await.map_err(|error| {
            tracing::warn!(%error, "what was said could not be written down");
            Problem::unavailable("What you said cannot be written down just now. Type it instead.")
                .retry_after(30)
        })
    }
}

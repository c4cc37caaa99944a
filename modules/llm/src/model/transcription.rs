//! What is said, written down by whatever speaks like OpenAI's `/audio/transcriptions`.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Method, Request, header};
use http_body_util::Full;
use platform::{
    outbound::{Bounds, Outbound},
    settings::Secret,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    ModelError,
    openai::{ask, authorise},
};
use crate::LlmSettings;

/// The longest answer, in bytes.
const LENGTH: usize = 64 * 1024;

/// Writes down what is said.
#[async_trait]
pub(crate) trait Transcriber: Send + Sync {
    /// The words of a recording, in a language by its code of two letters.
    async fn transcribe(&self, sound: &Sound, language: &str) -> Result<String, ModelError>;
}

/// A recording of a kind that is known by its first bytes, whatever it was called.
#[derive(Debug, Clone)]
pub(crate) struct Sound {
    content: Bytes,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    media_type: &'static str,
}

const fn kind(name: &'static str, media_type: &'static str) -> Kind {
    Kind { name, media_type }
}

impl Sound {
    /// `None` for what is no recording.
    pub(crate) fn new(content: Bytes) -> Option<Self> {
        let at = |from: usize, mark: &[u8]| content.get(from..).is_some_and(|rest| rest.starts_with(mark));
        let mpeg = content.first() == Some(&0xFF) && content.get(1).is_some_and(|byte| byte & 0xE6 == 0xE2);
        let kind = if at(0, &[0x1A, 0x45, 0xDF, 0xA3]) {
            kind("speech.webm", "audio/webm")
        } else if at(0, b"OggS") {
            kind("speech.ogg", "audio/ogg")
        } else if at(4, b"ftyp") {
            kind("speech.mp4", "audio/mp4")
        } else if at(0, b"RIFF") && at(8, b"WAVE") {
            kind("speech.wav", "audio/wav")
        } else if at(0, b"fLaC") {
            kind("speech.flac", "audio/flac")
        } else if at(0, b"ID3") || mpeg {
            kind("speech.mp3", "audio/mpeg")
        } else {
            return None;
        };
        Some(Self { content, kind })
    }

    /// What writing it down is counted as of somebody's daily share, in tokens.
    pub(crate) fn tokens(&self) -> i64 {
        i64::try_from(self.content.len() / 100).unwrap_or(i64::MAX).max(1)
    }
}

/// Such a service.
pub(crate) struct Whisper {
    outbound: Outbound,
    url: String,
    model: String,
    key: Secret,
    timeout: Duration,
}

impl Whisper {
    /// The service of the settings; `None` where they name none.
    pub(crate) fn new(outbound: Outbound, settings: &LlmSettings) -> Option<Self> {
        let given = !settings.transcription_url.is_empty() && !settings.transcription_model.is_empty();
        given.then(|| Self {
            outbound,
            url: format!("{}/audio/transcriptions", settings.transcription_url.trim_end_matches('/')),
            model: settings.transcription_model.clone(),
            key: settings.transcription_key.clone(),
            timeout: settings.timeout.duration(),
        })
    }

    fn form(&self, sound: &Sound, language: &str, boundary: &str) -> Vec<u8> {
        let mut form = Vec::with_capacity(sound.content.len() + 1024);
        for (name, value) in [
            ("model", self.model.as_str()),
            ("language", language),
            ("response_format", "json"),
            ("temperature", "0"),
        ] {
            let field =
                format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            form.extend_from_slice(field.as_bytes());
        }
        let Kind { name, media_type } = sound.kind;
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        form.extend_from_slice(head.as_bytes());
        form.extend_from_slice(&sound.content);
        form.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        form
    }
}

#[derive(Deserialize)]
struct Written {
    text: String,
}

#[async_trait]
impl Transcriber for Whisper {
    async fn transcribe(&self, sound: &Sound, language: &str) -> Result<String, ModelError> {
        // A recording could only hold it by chance, and then it would be cut off.
        let digest = Sha256::digest(&sound.content);
        let boundary: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&self.url)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={boundary}"))
            .header(header::ACCEPT, "application/json")
            .body(Full::from(self.form(sound, language, &boundary)))
            .map_err(|_| ModelError::Refuses("llm.transcription_url cannot be asked".into()))?;
        authorise(&mut request, &self.key)?;
        let bounds = Bounds { timeout: self.timeout, length: LENGTH };
        let body = ask(&self.outbound, request, bounds).await?;
        let written = serde_json::from_slice::<Written>(&body);
        written
            .map(|written| written.text.trim().to_owned())
            .map_err(|_| ModelError::Refuses("no text".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recordings_are_known_by_their_first_bytes() {
        let kind =
            |bytes: &[u8]| Sound::new(Bytes::copy_from_slice(bytes)).map(|sound| sound.kind.media_type);
        for (bytes, expected) in [
            (b"\x1A\x45\xDF\xA3...".as_slice(), Some("audio/webm")),
            (b"OggS...", Some("audio/ogg")),
            (b"\0\0\0\x20ftypM4A ", Some("audio/mp4")),
            (b"RIFF....WAVEfmt ", Some("audio/wav")),
            (b"RIFF....WEBPVP8 ", None),
            (b"\xFF\xFB\x90", Some("audio/mpeg")),
            (b"\xFF\xD8\xFF\xE0 a picture", None),
            (b"<script>", None),
            (b"", None),
        ] {
            assert_eq!(kind(bytes), expected, "{bytes:?}");
        }
    }
}

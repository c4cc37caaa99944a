//! A file that is sent, by a program or by a form; and one that is given back.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::Invalid;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use platform::http::Problem;

use crate::{
    domain::{FileName, MOST_BYTES},
    store::Kept,
};

/// The most bytes of a request that brings a file: the file, and what stands around it.
pub(crate) const BODY_LIMIT: usize = MOST_BYTES + 64 * 1024;

/// The part named `file` of a `multipart/form-data` body.
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mut parts = Multipart::from_request(request, state)
            .await
            .map_err(|_| Problem::unsupported_media_type("Send it as multipart/form-data."))?;
        while let Some(part) = parts.next_field().await.map_err(|error| broken(error.status()))? {
            if part.name() != Some("file") {
                continue;
            }
            let name = part.file_name().unwrap_or_default().to_owned();
            let content = part.bytes().await.map_err(|error| broken(error.status()))?;
            if name.is_empty() && content.is_empty() {
                break;
            }
            return Ok(Self { name, content: content.into() });
        }
        Err(Invalid::field("/file", "choose a file").into())
    }
}

fn broken(status: StatusCode) -> Problem {
    match status {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large("A document has at most 10 MB."),
        _ => Problem::malformed("The file did not arrive whole."),
    }
}

/// The file as a download: never shown in a page's place, whatever a browser makes of its content.
pub(crate) fn download(kept: Kept) -> Response {
    let disposition = disposition(&kept.document.name);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kept.document.kind.media_type())),
        (header::CONTENT_DISPOSITION, disposition),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
    ];
    (headers, kept.content).into_response()
}

/// RFC 6266: the name in letters that every client reads, and as it is.
fn disposition(name: &FileName) -> HeaderValue {
    let plain: String = name
        .as_str()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || " .-_()".contains(c) { c } else { '_' })
        .collect();
    let whole = utf8_percent_encode(name.as_str(), NON_ALPHANUMERIC);
    HeaderValue::try_from(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"))
        .unwrap_or(HeaderValue::from_static("attachment"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::DocumentKind;

    #[test]
    fn a_name_is_given_in_letters_that_break_no_header() {
        for (given, expected) in [
            ("bill.pdf", "attachment; filename=\"bill.pdf\"; filename*=UTF-8''bill%2Epdf"),
            ("Ü 1.pdf", "attachment; filename=\"_ 1.pdf\"; filename*=UTF-8''%C3%9C%201%2Epdf"),
            ("a\";b\r\n.pdf", "attachment; filename=\"a_b.pdf\"; filename*=UTF-8''a%3Bb%2Epdf"),
        ] {
            assert_eq!(disposition(&FileName::of(given, DocumentKind::Pdf)), expected, "{given:?}");
        }
    }
}

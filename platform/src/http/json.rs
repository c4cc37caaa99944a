//! Strict JSON: the right type, UTF-8, one document, no unknown members; errors point at the member.

use axum::{
    extract::{FromRequest, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use kernel::Invalid;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, IgnoredAny},
};

use super::Problem;

mod objects;

/// A JSON body. Types that are read from one say `#[serde(deny_unknown_fields)]`.
#[derive(Debug, Clone)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(&request) {
            return Err(Problem::unsupported_media_type("Send Content-Type: application/json."));
        }
        let body =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => {
                    Problem::too_large("The body is longer than this server takes.")
                }
                _ => Problem::malformed("The body did not arrive whole."),
            })?;
        read(&body).map(Self)
    }
}

fn is_json(request: &Request) -> bool {
    let Some(Ok(given)) = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::to_str) else {
        return false;
    };
    let essence = given.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || essence.eq_ignore_ascii_case("application/merge-patch+json")
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        Problem::malformed(format!("The body is not UTF-8 from byte {} on.", error.valid_up_to()))
    })?;
    // Its depth is bounded by serde_json: 128 levels.
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(objects::Objects(&mut deserializer))
        .map_err(|error| problem(text, &error))?;
    deserializer
        .end()
        .map_err(|error| Problem::malformed(format!("The body is not one JSON document: {error}.")))?;
    Ok(value)
}

fn problem(text: &str, error: &serde_path_to_error::Error<serde_json::Error>) -> Problem {
    // A member that is not known may stand before the place where the document breaks off: that it is none comes first.
    if let Err(broken) = serde_json::from_str::<IgnoredAny>(text) {
        return Problem::malformed(format!("The body is not JSON: {broken}."));
    }
    let inner = error.inner();
    let said = inner.to_string();
    // "…at line 1 column 17" is of no use to somebody who has the pointer.
    let detail = said.rsplit_once(" at line ").map_or(said.as_str(), |(detail, _)| detail);
    let detail = match detail.strip_prefix("invalid type: sequence, expected struct ") {
        Some(_) => "must be an object, with a name for each value",
        None => detail,
    };
    let pointer = pointer(error.path(), detail);
    Problem::invalid(&Invalid::field(pointer, detail))
}

/// The path as a JSON Pointer. Unknown and missing members are named by the message, not by the path.
fn pointer(path: &serde_path_to_error::Path, detail: &str) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    let named = ["unknown field `", "missing field `", "duplicate field `"]
        .iter()
        .find_map(|start| detail.strip_prefix(start)?.split('`').next());
    if let Some(member) = named
        && !pointer.ends_with(&format!("/{}", escape(member)))
    {
        pointer.push_str(&format!("/{}", escape(member)));
    }
    pointer
}

fn escape(member: &str) -> String {
    member.replace('~', "~0").replace('/', "~1")
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => {
                ([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
            }
            Err(error) => {
                tracing::error!(%error, "an answer has no JSON form");
                Problem::internal("The answer could not be written.").into_response()
            }
        }
    }
}

/// A member of a JSON Merge Patch (RFC 7396): left out, `null`, or a value. Mark the field
/// `#[serde(default, deserialize_with = "platform::http::patch")]`.
pub type Patch<T> = Option<Option<T>>;

/// A member that may be left out but, when it is there, is no `null`: there is nothing to take away. Mark the field
/// `#[serde(default, deserialize_with = "platform::http::present")]`.
///
/// # Errors
/// Those of `T`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

/// Tells `null` from left out.
///
/// # Errors
/// Those of `T`.
pub fn patch<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Patch<T>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read matters")]
    struct Outer {
        name: String,
        inner: Inner,
        others: Option<Vec<Inner>>,
        either: Option<Either>,
    }

    #[derive(Debug, Deserialize)]
    enum Either {
        One { every: i64 },
        Other(i64),
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        every: i64,
    }

    fn refused(body: &[u8]) -> (u16, Vec<String>) {
        let problem = read::<Outer>(body).unwrap_err();
        let body = serde_json::to_value(problem.body()).unwrap();
        let pointers = body["errors"].as_array().into_iter().flatten();
        (problem.status().as_u16(), pointers.map(|e| e["pointer"].as_str().unwrap().to_owned()).collect())
    }

    #[test]
    fn mistakes_are_pointed_at() {
        for (body, pointer) in [
            (r#"{"name":"a","inner":{"every":"1"}}"#, "/inner/every"),
            (r#"{"name":"a","inner":{"every":1,"a/b~":1}}"#, "/inner/a~1b~0"),
            (r#"{"name":1,"inner":{"every":1}}"#, "/name"),
            (r#"{"inner":{"every":1}}"#, "/name"),
            (r#"{"name":"a","inner":{}}"#, "/inner/every"),
            (r#"{"name":"a","nome":"b","inner":{"every":1}}"#, "/nome"),
            (r#"{"name":"a","name":"b","inner":{"every":1}}"#, "/name"),
            (r#"{"name":"a","inner":{"every":1e40}}"#, "/inner/every"),
            (r#"["a",{"every":1}]"#, ""),
            (r#"{"name":"a","inner":[1]}"#, "/inner"),
            (r#"{"name":"a","inner":{"every":1},"others":[{"every":1},[1]]}"#, "/others/1"),
            (r#"{"name":"a","inner":{"every":1},"either":{"One":[1]}}"#, "/either"),
        ] {
            assert_eq!(refused(body.as_bytes()), (422, vec![pointer.to_owned()]), "{body}");
        }
    }

    #[test]
    fn every_shape_is_read_at_its_place() {
        let body = br#"{"name":"a","inner":{"every":1},"others":[{"every":2}],"either":{"One":{"every":3}}}"#;
        let outer = read::<Outer>(body).unwrap();
        assert_eq!(outer.others.iter().flatten().map(|inner| inner.every).sum::<i64>(), 2);
        assert!(matches!(outer.either, Some(Either::One { every: 3 })));
        assert!(matches!(
            read::<Outer>(br#"{"name":"a","inner":{"every":1},"either":{"Other":4}}"#).unwrap().either,
            Some(Either::Other(4))
        ));
    }

    #[test]
    fn what_is_not_one_json_document_is_malformed() {
        let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
        let nested = format!(r#"{{"name":{deep}}}"#);
        let bodies: [&[u8]; 5] =
            [b"", b"{", br#"{"name":"a","inner":{"every":1}} x"#, b"\xff\xfe", nested.as_bytes()];
        for body in bodies {
            let (status, _) = refused(body);
            assert!(status == 400 || status == 422, "{status}");
        }
    }
}

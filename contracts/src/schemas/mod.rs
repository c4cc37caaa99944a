//! What every event looks like, for those who read events elsewhere: a JSON Schema for each kind, and all of them in an
//! `AsyncAPI` document. Both follow from the types that events are written and read with.

mod compatibility;
mod document;

use kernel::EventPayload;
use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

pub use compatibility::breaks;
pub use document::asyncapi;

/// A kind of event, and what its payload looks like.
#[derive(Debug, Clone)]
pub struct Described {
    /// The name in the past tense: `subscription.created`.
    pub kind: &'static str,
    /// Which module says it: `/subscriptions`.
    pub source: &'static str,
    /// Grows when the payload changes its shape.
    pub version: u16,
    /// The payload; what it refers to is among its `$defs`.
    payload: Value,
}

/// Where `OpenAPI` looks for what is referred to, and where JSON Schema does.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

impl Described {
    /// That of a payload.
    pub(crate) fn of<P: EventPayload + ToSchema>() -> Self {
        let mut parts: Vec<(String, RefOr<Schema>)> = Vec::new();
        P::schemas(&mut parts);
        let mut payload = value(P::schema());
        let definitions: Map<String, Value> =
            parts.into_iter().map(|(name, part)| (name, value(part))).collect();
        if let (false, Some(members)) = (definitions.is_empty(), payload.as_object_mut()) {
            members.insert("$defs".into(), definitions.into());
        }
        point_to(&mut payload, DEFINITIONS);
        Self { kind: P::TYPE, source: P::SOURCE, version: P::VERSION, payload }
    }

    /// The path under which its schema is published, as `dataschema` of its events says.
    pub fn address(&self) -> String {
        format!("/schemas/{}/{}", self.kind, self.version)
    }

    /// What its payload looks like, as a document of JSON Schema.
    pub fn schema(&self) -> Value {
        let mut schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$id": self.address(),
            "title": self.kind,
        });
        if let (Some(schema), Some(payload)) = (schema.as_object_mut(), self.payload.as_object()) {
            schema.extend(payload.clone());
        }
        schema
    }
}

/// Every kind of event that is told, by name.
pub fn events() -> Vec<Described> {
    let mut all = crate::auth::described();
    all.extend(crate::erasure::described());
    all.extend(crate::users::described());
    all.extend(crate::subscriptions::described());
    all.extend(crate::help::described());
    all.sort_by_key(|each| (each.kind, each.version));
    all
}

/// The schema that events of a kind and version name; `None` where there is no such event.
pub fn schema(kind: &str, version: u16) -> Option<Value> {
    events().iter().find(|each| each.kind == kind && each.version == version).map(Described::schema)
}

fn value(schema: RefOr<Schema>) -> Value {
    // A schema always has a JSON form.
    serde_json::to_value(schema).unwrap_or_default()
}

/// Has everything that is referred to be looked for elsewhere.
fn point_to(node: &mut Value, place: &str) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                if let (Value::String(text), "$ref") = (&mut *member, name.as_str()) {
                    let target = [COMPONENTS, DEFINITIONS].iter().find_map(|known| text.strip_prefix(known));
                    if let Some(target) = target {
                        *text = format!("{place}{target}");
                    }
                } else {
                    point_to(member, place);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|each| point_to(each, place)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

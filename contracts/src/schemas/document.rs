//! The `AsyncAPI` document.

use serde_json::{Map, Value, json};

use super::{COMPONENTS, Described, events, point_to};

/// All events as a document of `AsyncAPI` 3.0: a channel for each kind, named as the kind is, and the envelope that all
/// of them are in.
pub fn asyncapi() -> Value {
    let (mut channels, mut operations) = (Map::new(), Map::new());
    let (mut messages, mut schemas) = (Map::new(), Map::new());
    schemas.insert("Event".into(), envelope());
    for each in events() {
        let name = format!("{}.v{}", each.kind, each.version);
        let payload = payload(&each, &mut schemas);
        let summary = payload["description"].clone();
        schemas.insert(name.clone(), payload);
        let message = json!({
            "name": each.kind,
            "title": name,
            "summary": summary,
            "contentType": "application/cloudevents+json",
            "payload": {
                "allOf": [{ "$ref": format!("{COMPONENTS}Event") }],
                "type": "object",
                "properties": {
                    "type": { "const": each.kind },
                    "source": { "const": each.source },
                    "dataschema": { "const": each.address() },
                    "data": { "$ref": format!("{COMPONENTS}{name}") },
                },
            },
        });
        messages.insert(name.clone(), message);
        let channel = json!({
            "address": each.kind,
            "messages": { name.clone(): { "$ref": format!("#/components/messages/{name}") } },
        });
        channels.insert(each.kind.to_owned(), channel);
        let operation = json!({
            "action": "send",
            "channel": { "$ref": format!("#/channels/{}", each.kind) },
        });
        operations.insert(each.kind.to_owned(), operation);
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Perennial events",
            "version": "1",
            "description": "What the modules of Perennial tell one another, and what webhooks tell others. A payload only ever gets members that may be missing; whatever else is different is another version.",
        },
        "defaultContentType": "application/cloudevents+json",
        "channels": channels,
        "operations": operations,
        "components": { "messages": messages, "schemas": schemas },
    })
}

/// The payload alone; what it refers to is put beside it.
fn payload(of: &Described, schemas: &mut Map<String, Value>) -> Value {
    let mut payload = of.payload.clone();
    point_to(&mut payload, COMPONENTS);
    if let Some(Value::Object(parts)) = payload.as_object_mut().and_then(|members| members.remove("$defs")) {
        schemas.extend(parts);
    }
    payload
}

/// What `kernel::Event` looks like.
fn envelope() -> Value {
    let text = |description: &str| json!({ "type": "string", "description": description });
    json!({
        "type": "object",
        "description": "The envelope: CloudEvents 1.0 in its JSON form.",
        "required": ["specversion", "id", "source", "type", "subject", "time", "dataschema", "data"],
        "properties": {
            "specversion": { "const": "1.0" },
            "id": text("Unique: whoever has seen it has seen this event."),
            "source": text("Which module says it."),
            "type": text("What happened."),
            "subject": text("What it is about, as an id. Order is kept among events of one subject."),
            "time": { "type": "string", "format": "date-time", "description": "When it happened." },
            "dataschema": text("Where the schema of `data` is published; its last part is the version."),
            "data": { "description": "What happened, as its schema says." },
            "userid": text("Whose act it was; absent for what happened by itself."),
            "householdid": text("Which household it concerns."),
            "audienceid": text("Who alone may know of it, where it is not everybody's of the household."),
            "traceparent": text("The W3C trace it belongs to."),
            "causationid": text("The event that led to it."),
        },
    })
}

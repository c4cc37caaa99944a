//! `/docs`: the OpenAPI document, readable.

use askama::Template;
use serde_json::Value;
use web::{Manner, Shell};

#[derive(Template)]
#[template(path = "docs.html")]
struct Docs {
    shell: Shell,
    title: String,
    description: String,
    version: String,
    groups: Vec<Group>,
    schemas: Vec<Named>,
}

struct Group {
    name: String,
    description: String,
    operations: Vec<Operation>,
}

struct Operation {
    /// What the contents lead to.
    id: String,
    method: String,
    path: String,
    summary: String,
    description: String,
    parameters: Vec<Named>,
    body: Option<String>,
    answers: Vec<Named>,
}

/// A name, what it is, and what it is for.
struct Named {
    name: String,
    kind: String,
    text: String,
}

/// The page.
pub(crate) fn render(document: &Value) -> String {
    let groups = document["tags"].as_array().into_iter().flatten().map(|tag| Group {
        name: text(&tag["name"]),
        description: text(&tag["description"]),
        operations: operations(document, &tag["name"]),
    });
    let docs = Docs {
        shell: Shell::new("API", Manner::of_nobody()),
        title: text(&document["info"]["title"]),
        description: text(&document["info"]["description"]),
        version: text(&document["info"]["version"]),
        groups: groups.filter(|group| !group.operations.is_empty()).collect(),
        schemas: schemas(document),
    };
    docs.render().unwrap_or_else(|error| format!("The page could not be made: {error}"))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn operations(document: &Value, tag: &Value) -> Vec<Operation> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, methods)| methods.as_object().into_iter().flatten().map(move |each| (path, each)))
        .filter(|(_, (_, operation))| operation["tags"].as_array().is_some_and(|tags| tags.contains(tag)))
        .map(|(path, (method, operation))| Operation {
            id: format!("{method}{}", path.replace(['/', '{', '}'], "-")),
            method: method.to_uppercase(),
            path: path.clone(),
            summary: text(&operation["summary"]),
            description: text(&operation["description"]),
            parameters: operation["parameters"].as_array().into_iter().flatten().map(parameter).collect(),
            body: media_schema(&operation["requestBody"]),
            answers: answers(&operation["responses"]),
        })
        .collect()
}

fn parameter(parameter: &Value) -> Named {
    Named {
        name: text(&parameter["name"]),
        kind: format!("{} in {}", kind(&parameter["schema"]), text(&parameter["in"])),
        text: text(&parameter["description"]),
    }
}

fn answers(responses: &Value) -> Vec<Named> {
    let each = responses.as_object().into_iter().flatten();
    each.map(|(status, answer)| Named {
        name: status.clone(),
        kind: media_schema(answer).unwrap_or_default(),
        text: text(&answer["description"]),
    })
    .collect()
}

fn media_schema(holder: &Value) -> Option<String> {
    holder["content"].as_object()?.values().next().map(|media| kind(&media["schema"]))
}

/// A schema in a few words: the name it refers to, or its type.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    let choices = ["oneOf", "anyOf", "allOf"].iter().find_map(|name| schema[name].as_array());
    if let Some(choices) = choices {
        return choices.iter().map(kind).collect::<Vec<_>>().join(" or ");
    }
    match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "any".into(),
    }
}

fn schemas(document: &Value) -> Vec<Named> {
    let each = document["components"]["schemas"].as_object().into_iter().flatten();
    each.map(|(name, schema)| Named {
        name: name.clone(),
        kind: members(schema),
        text: text(&schema["description"]),
    })
    .collect()
}

fn members(schema: &Value) -> String {
    let members = schema["properties"].as_object().into_iter().flatten();
    let shown: Vec<_> = members.map(|(name, member)| format!("{name}: {}", kind(member))).collect();
    if shown.is_empty() { kind(schema) } else { shown.join(", ") }
}

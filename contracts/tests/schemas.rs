//! What others read events by is in the tree, so that a change of it is seen in review; and none that breaks them is
//! written there.
#![expect(clippy::unwrap_used, reason = "all of this is test code: what cannot be had has failed")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use contracts::schemas::{Described, asyncapi, breaks, events, schema};
use serde_json::Value;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/events")
}

fn name(kind: &str, version: u16) -> String {
    format!("{kind}.v{version}.json")
}

fn text(value: &Value) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap();
    text.push('\n');
    text
}

fn read(path: &Path) -> Option<Value> {
    Some(serde_json::from_str(&fs::read_to_string(path).ok()?).unwrap())
}

/// The schemas in the tree, by the names of their files.
fn kept() -> Vec<(String, Value)> {
    let Ok(files) = fs::read_dir(folder()) else { return Vec::new() };
    let paths = files.map(|file| file.unwrap().path()).filter(|path| path.to_string_lossy().contains(".v"));
    paths.map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), read(&path).unwrap())).collect()
}

/// What of the schemas in the tree does not hold any more. A kind may go on in a version behind the one that is known.
fn broken(kept: &[(String, Value)], now: &[Described]) -> Vec<String> {
    let mut found = Vec::new();
    for (file, before) in kept {
        let same = now.iter().find(|each| name(each.kind, each.version) == *file);
        match same {
            Some(same) => {
                found
                    .extend(breaks(before, &same.schema()).into_iter().map(|what| format!("{file}: {what}")));
            }
            None => {
                let newer =
                    |each: &Described| (1..each.version).any(|version| name(each.kind, version) == *file);
                if !now.iter().any(newer) {
                    found.push(format!("{file}: the kind of event was removed"));
                }
            }
        }
    }
    found
}

#[test]
fn the_documents_in_the_tree_are_those_of_the_types_and_break_nobody() {
    let now = events();
    let wrong = broken(&kept(), &now);
    assert!(
        wrong.is_empty(),
        "events that were told before cannot be read like this; give the payload another VERSION:\n{}",
        wrong.join("\n")
    );
    let mut files: Vec<(String, String)> =
        now.iter().map(|each| (name(each.kind, each.version), text(&each.schema()))).collect();
    files.push(("asyncapi.json".into(), text(&asyncapi())));
    let stale: Vec<_> = files
        .iter()
        .filter(|(file, text)| fs::read_to_string(folder().join(file)).ok().as_deref() != Some(text))
        .collect();
    if !stale.is_empty() {
        fs::create_dir_all(folder()).unwrap();
        for (file, text) in stale {
            fs::write(folder().join(file), text).unwrap();
        }
        panic!("docs/events was not up to date; it has been written anew: look at it and commit it");
    }
}

#[test]
fn a_removed_kind_and_a_removed_or_retyped_member_are_refused_and_an_added_one_is_not() {
    let now = events();
    let tree: Vec<_> = now.iter().map(|each| (name(each.kind, each.version), each.schema())).collect();
    assert_eq!(broken(&tree, &now), Vec::<String>::new());
    let without: Vec<_> = now.iter().filter(|each| each.kind != "payment.paid").cloned().collect();
    assert_eq!(broken(&tree, &without), ["payment.paid.v1.json: the kind of event was removed"]);

    let changed = |change: fn(&mut Value)| {
        let mut tree = tree.clone();
        let (_, schema) = tree.iter_mut().find(|(file, _)| file == "payment.paid.v1.json").unwrap();
        change(schema);
        broken(&tree, &now)
    };
    // The tree knows a member that the types lack; and it knows one as something else.
    let gone = changed(|schema| schema["properties"]["note"] = serde_json::json!({ "type": "string" }));
    assert_eq!(gone, ["payment.paid.v1.json: /note was removed"]);
    let retyped = changed(|schema| schema["properties"]["paid_on"]["type"] = "integer".into());
    assert_eq!(retyped, ["payment.paid.v1.json: /paid_on is of another type"]);
    // The types know a member that the tree lacks, and that may be missing: one that must be there is refused.
    let said = "payment.paid.v1.json: /amount must be there now, and events from before lack it";
    let required = changed(|schema| {
        schema["properties"].as_object_mut().unwrap().remove("amount").unwrap();
        schema["required"].as_array_mut().unwrap().retain(|name| name != "amount");
    });
    assert_eq!(required, [said]);
    let mut added = tree.clone();
    let (_, before) = added.iter_mut().find(|(file, _)| file == "payment.changed.v1.json").unwrap();
    before["properties"].as_object_mut().unwrap().remove("paid_on").unwrap();
    assert_eq!(broken(&added, &now), Vec::<String>::new());
}

/// Whatever has a name in this package is among them.
#[test]
fn no_event_is_missing() {
    let described: BTreeSet<&str> = events().iter().map(|each| each.kind).collect();
    let mut named = BTreeSet::new();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folders = [source.clone(), source.join("help")];
    for file in folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()) {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|end| end == "rs") {
            for line in fs::read_to_string(&path).unwrap().lines() {
                let Some((before, rest)) = line.split_once(" = \"") else { continue };
                let Some((kind, end)) = rest.split_once('"') else { continue };
                let says = before.trim_start().starts_with("const TYPE") || end.trim() == "{";
                if says && kind.contains('.') {
                    named.insert(kind.to_owned());
                }
            }
        }
    }
    assert!(named.len() > 20, "{named:?}");
    assert_eq!(named, described.into_iter().map(str::to_owned).collect());
}

#[test]
fn every_reference_leads_somewhere() {
    fn look(root: &Value, node: &Value) {
        match node {
            Value::Object(members) => {
                if let Some(Value::String(place)) = members.get("$ref") {
                    let pointer = place.strip_prefix('#').unwrap();
                    assert!(root.pointer(pointer).is_some(), "{place}");
                }
                members.values().for_each(|each| look(root, each));
            }
            Value::Array(all) => all.iter().for_each(|each| look(root, each)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    for each in events() {
        look(&each.schema(), &each.schema());
        assert_eq!(schema(each.kind, each.version), Some(each.schema()));
    }
    look(&asyncapi(), &asyncapi());
    assert_eq!(schema("payment.paid", 2), None);
}

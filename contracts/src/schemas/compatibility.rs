//! Whether a schema still takes what was written by the one before, and gives its readers what they know.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// How deep schemas may be nested. Ours do not refer to themselves.
const DEEPEST: usize = 32;

/// What of `before` does not hold `now` any more: a member that is gone, is something else, or may be missing where it
/// was always there; one that must be there and was not, as events from before lack it; a word that is gone. Both are
/// documents of JSON Schema with their `$defs`.
///
/// A member that is new and may be missing is nothing to break anybody, and neither is a new word.
pub fn breaks(before: &Value, now: &Value) -> Vec<String> {
    let mut found = Vec::new();
    Comparison { before, now }.look("", before, now, 0, &mut found);
    found
}

struct Comparison<'v> {
    before: &'v Value,
    now: &'v Value,
}

/// A schema with whatever it refers to or is composed of put together.
#[derive(Debug, Default)]
struct Shape<'v> {
    types: BTreeSet<&'v str>,
    words: Option<BTreeSet<String>>,
    /// Its format, its pattern, its constant.
    forms: BTreeMap<&'static str, String>,
    members: BTreeMap<&'v str, &'v Value>,
    needed: BTreeSet<&'v str>,
    items: Option<&'v Value>,
    one_of: Vec<&'v Value>,
}

const FORMS: [&str; 3] = ["format", "pattern", "const"];

impl<'v> Shape<'v> {
    fn of(root: &'v Value, node: &'v Value) -> Self {
        let mut shape = Self::default();
        shape.take(root, node, 0);
        shape
    }

    fn take(&mut self, root: &'v Value, node: &'v Value, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        if let Some(target) = node["$ref"].as_str().and_then(|to| to.strip_prefix("#/$defs/")) {
            self.take(root, &root["$defs"][target], depth + 1);
        }
        match &node["type"] {
            Value::String(one) => {
                self.types.insert(one);
            }
            Value::Array(several) => self.types.extend(several.iter().filter_map(Value::as_str)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => {}
        }
        if let Some(words) = node["enum"].as_array() {
            self.words.get_or_insert_default().extend(words.iter().map(Value::to_string));
        }
        for form in FORMS {
            if let Some(value) = node.get(form) {
                self.forms.insert(form, value.to_string());
            }
        }
        if let Some(members) = node["properties"].as_object() {
            self.members.extend(members.iter().map(|(name, member)| (name.as_str(), member)));
        }
        if let Some(needed) = node["required"].as_array() {
            self.needed.extend(needed.iter().filter_map(Value::as_str));
        }
        self.items = node.get("items").or(self.items);
        for part in node["allOf"].as_array().into_iter().flatten() {
            self.take(root, part, depth + 1);
        }
        for several in ["oneOf", "anyOf"] {
            self.one_of.extend(node[several].as_array().into_iter().flatten());
        }
    }
}

impl Comparison<'_> {
    fn look(&self, place: &str, before: &Value, now: &Value, depth: usize, found: &mut Vec<String>) {
        if depth > DEEPEST {
            return;
        }
        let (was, is) = (Shape::of(self.before, before), Shape::of(self.now, now));
        let shown = if place.is_empty() { "the payload" } else { place };
        if was.types != is.types || was.forms != is.forms {
            found.push(format!("{shown} is of another type"));
            return;
        }
        match (&was.words, &is.words) {
            (Some(before), Some(now)) => {
                found.extend(before.difference(now).map(|word| format!("{shown} is never {word} any more")));
            }
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => found.push(format!("{shown} is of another type")),
        }
        for (name, member) in &was.members {
            let place = format!("{place}/{name}");
            match is.members.get(name) {
                None => found.push(format!("{place} was removed")),
                Some(member_now) => self.look(&place, member, member_now, depth + 1, found),
            }
        }
        let gone = |name: &&&str| is.members.contains_key(**name);
        found.extend(
            was.needed
                .difference(&is.needed)
                .filter(gone)
                .map(|name| format!("{place}/{name} may be missing now")),
        );
        found.extend(
            is.needed
                .difference(&was.needed)
                .map(|name| format!("{place}/{name} must be there now, and events from before lack it")),
        );
        match (was.items, is.items) {
            (Some(before), Some(now)) => self.look(&format!("{place}/*"), before, now, depth + 1, found),
            (None, None) => {}
            (Some(_), None) | (None, Some(_)) => found.push(format!("{shown} is of another type")),
        }
        self.look_at_choices(shown, &was, &is, depth, found);
    }

    /// Each of the ways it could look must be one of the ways it can.
    fn look_at_choices(
        &self,
        place: &str,
        was: &Shape<'_>,
        is: &Shape<'_>,
        depth: usize,
        found: &mut Vec<String>,
    ) {
        if was.one_of.is_empty() != is.one_of.is_empty() {
            found.push(format!("{place} is of another type"));
        }
        for (number, before) in was.one_of.iter().enumerate() {
            let same = is.one_of.iter().any(|now| {
                let mut differs = Vec::new();
                self.look(place, before, now, depth + 1, &mut differs);
                differs.is_empty()
            });
            if !same {
                found.push(format!("{place} has no form like the former {}. any more", number + 1));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["id", "price", "status"],
            "properties": {
                "id": { "type": "string", "pattern": "^sub_[0-9a-f]{32}$" },
                "price": { "$ref": "#/$defs/Money" },
                "on": { "type": ["string", "null"], "format": "date" },
                "status": { "type": "string", "enum": ["due", "paid"] },
                "days": { "type": "array", "items": { "type": "integer" } },
                "cycle": { "oneOf": [{ "type": "null" }, { "$ref": "#/$defs/Cycle" }] },
            },
            "$defs": {
                "Money": {
                    "type": "object",
                    "required": ["amount"],
                    "properties": { "amount": { "type": "string" } },
                },
                "Cycle": {
                    "type": "object",
                    "required": ["every"],
                    "properties": { "every": { "type": "integer" } },
                },
            },
        })
    }

    /// What breaks when one thing of it is set, or taken away.
    fn after(pointer: &str, value: Option<Value>) -> Vec<String> {
        let (mut now, (parent, name)) = (schema(), pointer.rsplit_once('/').unwrap());
        match (now.pointer_mut(parent).unwrap(), value) {
            (Value::Object(members), Some(value)) => {
                members.insert(name.into(), value);
            }
            (Value::Object(members), None) => {
                members.remove(name).unwrap();
            }
            (Value::Array(all), Some(value)) => all[name.parse::<usize>().unwrap()] = value,
            (other, _) => panic!("{other}"),
        }
        breaks(&schema(), &now)
    }

    #[test]
    fn what_is_added_and_may_be_missing_breaks_nobody() {
        assert_eq!(breaks(&schema(), &schema()), Vec::<String>::new());
        let text = json!({ "type": "string" });
        for place in ["/properties/plan", "/$defs/Money/properties/currency", "/$defs/Cycle/properties/unit"]
        {
            assert_eq!(after(place, Some(text.clone())), Vec::<String>::new(), "{place}");
        }
        let words = json!(["due", "paid", "failed"]);
        assert_eq!(after("/properties/status/enum", Some(words)), Vec::<String>::new());
        // The same in other words.
        let money = json!({ "allOf": [{ "$ref": "#/$defs/Money" }] });
        assert_eq!(after("/properties/price", Some(money)), Vec::<String>::new());
        assert_eq!(after("/description", Some(json!("other words"))), Vec::<String>::new());
    }

    #[test]
    fn what_is_gone_or_something_else_is_named() {
        for (place, value, said) in [
            ("/properties/on", None, "/on was removed"),
            ("/$defs/Money/properties/amount", None, "/price/amount was removed"),
            ("/properties/on", Some(json!({ "type": "string", "format": "date" })), "/on is of another type"),
            ("/properties/on/format", Some(json!("date-time")), "/on is of another type"),
            ("/properties/id/pattern", Some(json!("^pay_[0-9a-f]{32}$")), "/id is of another type"),
            (
                "/$defs/Money/properties/amount/type",
                Some(json!("number")),
                "/price/amount is of another type",
            ),
            ("/properties/days/items/type", Some(json!("string")), "/days/* is of another type"),
            ("/properties/status/enum", Some(json!(["due"])), "/status is never \"paid\" any more"),
            ("/required", Some(json!(["id", "price"])), "/status may be missing now"),
            (
                "/required",
                Some(json!(["id", "price", "status", "on"])),
                "/on must be there now, and events from before lack it",
            ),
            (
                "/$defs/Cycle/properties/every/type",
                Some(json!("string")),
                "/cycle has no form like the former 2. any more",
            ),
            ("/type", Some(json!("array")), "the payload is of another type"),
        ] {
            assert_eq!(after(place, value), [said], "{place}");
        }
    }
}

//! What is refused of a tree, and where it is said to be.

use crate::domain::{Forest, Source};

const GOOD: &str = r#"id = "small"
start = "ask"
title = { en = "A", de = "A", hi = "A" }

[[nodes]]
id = "ask"
kind = "question"
text = { en = "A", de = "A", hi = "A" }

[[nodes.options]]
id = "mend"
next = "mend"
label = { en = "A", de = "A", hi = "A" }

[[nodes]]
id = "mend"
kind = "action"
do = "mark_paid"
ways = { done = "end", refused = "end", away = "person" }
text = { en = "A", de = "A", hi = "A" }

[[nodes]]
id = "end"
kind = "answer"
link = "/payments"
text = { en = "A", de = "A", hi = "A" }

[[nodes]]
id = "person"
kind = "escalation"
text = { en = "A", de = "A", hi = "A" }
"#;

/// What is said of a file.
fn said(text: &str) -> Vec<String> {
    let source = Source { file: "own.toml".into(), text: text.into() };
    let mistakes = Forest::read(&[source]).err().unwrap_or_default();
    mistakes.iter().map(ToString::to_string).collect()
}

/// What is said when `from` is written as `to`.
fn changed(from: &str, to: &str) -> Vec<String> {
    assert!(GOOD.contains(from), "{from}");
    said(&GOOD.replacen(from, to, 1))
}

fn node(id: &str, next: &str) -> String {
    let text = r#"{ en = "A", de = "A", hi = "A" }"#;
    format!(
        "[[nodes]]\nid = \"{id}\"\nkind = \"question\"\ntext = {text}\n[[nodes.options]]\nid = \"a\"\nnext = \"{next}\"\nlabel = {text}\n"
    )
}

#[test]
fn an_option_is_no_word_of_helps_own() {
    let wrong = changed("id = \"mend\"\nnext", "id = \"@left\"\nnext");
    assert_eq!(wrong, ["own.toml:10: the option \"@left\" begins like words of help's own"]);
}

#[test]
fn a_right_one_is_taken() {
    assert_eq!(said(GOOD), [""; 0]);
}

#[test]
fn the_trees_of_the_binary_are_right() {
    let trees = crate::trees::Trees::new(std::path::Path::new(""));
    let forest = trees.forest();
    for (tree, screen) in [
        ("cannot_add", "add"),
        ("date_wrong", "subscription"),
        ("payment_failed", "payment"),
        ("price_wrong", "rates"),
        ("dashboard_stale", "dashboard"),
        ("delete_account", "settings"),
        ("importing", "import"),
        ("cannot_log_in", "security"),
        ("sharing", "household"),
        ("keep_or_cancel", "cancel"),
        ("reminder_missing", "notifications"),
    ] {
        assert_eq!(forest.for_screen(screen).first().map(|tree| tree.id.as_str()), Some(tree));
    }
}

#[test]
fn a_node_that_cannot_be_reached_is_named() {
    let text = format!("{GOOD}\n{}", node("lost", "end"));
    assert_eq!(said(&text), ["own.toml:33: the node \"lost\" can not be reached"]);
}

#[test]
fn a_circle_is_named() {
    let mistakes = changed("done = \"end\"", "done = \"ask\"");
    assert!(
        mistakes.contains(&"own.toml:5: the node \"ask\" is in a circle: ask → mend → ask".into()),
        "{mistakes:?}"
    );
}

#[test]
fn five_levels_are_enough_and_six_are_too_many() {
    let chain = |last: usize| {
        let nodes: String = (3..=last)
            .map(|level| {
                let next = if level == last { "end".to_owned() } else { format!("n{}", level + 1) };
                node(&format!("n{level}"), &next)
            })
            .collect();
        GOOD.replacen("done = \"end\"", "done = \"n3\"", 1) + &nodes
    };
    assert_eq!(said(&chain(4)), [""; 0]);
    let mistakes = said(&chain(5));
    assert_eq!(mistakes, ["own.toml:22: ask → mend → n3 → n4 → n5 → end is more than 5 levels"]);
}

#[test]
fn an_exit_that_is_missing_is_named() {
    assert_eq!(
        changed("refused = \"end\", ", ""),
        ["own.toml:15: the node \"mend\" has no exit for \"refused\""]
    );
    let without = said(&GOOD.replace(
        "[[nodes.options]]\nid = \"mend\"\nnext = \"mend\"\nlabel = { en = \"A\", de = \"A\", hi = \"A\" }\n",
        "",
    ));
    assert!(
        without.contains(&"own.toml:5: the node \"ask\" has no exit: a question needs options".into()),
        "{without:?}"
    );
    let nowhere = changed("away = \"person\"", "away = \"nowhere\"");
    assert!(
        nowhere.contains(&"own.toml:15: it leads to \"nowhere\", which is no node".into()),
        "{nowhere:?}"
    );
}

#[test]
fn what_is_unknown_is_named() {
    assert_eq!(
        changed("\"mark_paid\"", "\"mark_payed\""),
        ["own.toml:18: there is no action named \"mark_payed\""]
    );
    assert_eq!(
        changed("away = \"person\"", "away = \"person\", else = \"end\""),
        ["own.toml:19: the node \"mend\" can never turn out \"else\""]
    );
    let misspelt = changed("link = \"/payments\"", "lnik = \"/payments\"");
    assert!(misspelt.len() == 1 && misspelt[0].starts_with("own.toml:25: unknown field"), "{misspelt:?}");
    assert_eq!(
        changed("/payments", "//elsewhere.example"),
        ["own.toml:22: the link of \"end\" is no page of the product"]
    );
}

#[test]
fn a_text_that_is_not_translated_is_named() {
    assert_eq!(changed("hi = \"A\" }\n\n[[nodes]]", "}\n\n[[nodes]]").len(), 1);
    let mistakes = changed(
        "label = { en = \"A\", de = \"A\", hi = \"A\" }",
        "label = { en = \"A\", de = \"\", hi = \"A\" }",
    );
    assert_eq!(mistakes, ["own.toml:13: the option \"mend\" has no translation \"de\""]);
}

#[test]
fn a_text_tells_only_what_is_known_on_every_way() {
    let mistakes = changed("link = \"/payments\"", "link = \"/payments/{payment}\"");
    assert_eq!(mistakes, ["own.toml:22: {payment} in the node \"end\" is not known on every way there"]);
}

#[test]
fn nothing_is_changed_unasked() {
    let mistakes = said(&GOOD.replacen("start = \"ask\"", "start = \"mend\"", 1));
    let unasked = "own.toml:15: the action \"mend\" does not follow a question: nothing is changed unasked";
    assert!(mistakes.contains(&unasked.into()), "{mistakes:?}");
}

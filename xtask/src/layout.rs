//! What must stay true of the workspace's folders, where no other check holds it.

use std::fs;

use crate::cargo::root;

#[test]
fn no_module_may_depend_on_another() {
    let rules = fs::read_to_string(root().join("deny.toml")).unwrap();
    let modules = fs::read_dir(root().join("modules")).unwrap();
    for module in modules.map(|module| module.unwrap().file_name().into_string().unwrap()) {
        let rule = format!("{{ crate = \"{module}\", wrappers = [\"perennial\"] }}");
        assert!(rules.contains(&rule), "deny.toml lacks {rule}");
    }
}

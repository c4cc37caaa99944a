//! The data, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::service::{Facts, Service};

macro_rules! files {
    ($($category:literal)*) => {
        [$(($category, include_str!(concat!("../data/", $category, ".toml"))),)*]
    };
}

const FILES: [(&str, &str); 19] = files![
    "entertainment" "music" "news" "software" "cloud" "gaming" "fitness" "education" "utilities" "internet" "phone"
    "insurance" "housing" "transport" "food" "shopping" "finance" "health" "charity"
];

static SERVICES: LazyLock<Vec<Service>> =
    LazyLock::new(|| FILES.into_iter().flat_map(|(category, file)| read(category, file)).collect());

fn read(category: &'static str, file: &str) -> Vec<Service> {
    match toml::from_str::<BTreeMap<String, Facts>>(file) {
        Ok(tables) => tables.into_iter().map(|(slug, facts)| Service { slug, category, facts }).collect(),
        Err(error) => panic!("data/{category}.toml: {error}"),
    }
}

/// Every service that is known, by category and in it by slug.
pub fn services() -> &'static [Service] {
    &SERVICES
}

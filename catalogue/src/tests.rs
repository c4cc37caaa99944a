//! What holds for all of the data, and what people look for.

use std::collections::{HashMap, HashSet};

use crate::{
    CATEGORIES, Match, by_slug, find,
    fold::{fold, together},
    mark, on_statement, search, services,
};

fn slug_of(name: &str) -> Option<&'static str> {
    find(name).map(|service| service.slug())
}

#[test]
fn there_are_many_and_each_slug_is_one_service() {
    let mut slugs = HashSet::new();
    for service in services() {
        assert!(slugs.insert(service.slug()), "{}", service.slug());
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(service.slug().chars().all(sound), "{}", service.slug());
        assert!(CATEGORIES.contains(&service.category()), "{}", service.slug());
    }
    assert!(slugs.len() >= 280, "{}", slugs.len());
}

#[test]
fn no_name_is_of_two_services() {
    let mut names: HashMap<String, &str> = HashMap::new();
    for service in services() {
        for name in service.names() {
            let letters = together(&fold(name));
            assert!(!letters.is_empty(), "{name}");
            let other = names.insert(letters, service.slug());
            assert!(other.is_none_or(|other| other == service.slug()), "{name}: {other:?}");
        }
        for everyday in service.everyday() {
            assert!(service.names().any(|name| name == everyday), "{everyday}");
        }
    }
}

#[test]
fn marks_exist_and_all_that_are_listed_are_used() {
    let mut used = HashSet::new();
    for service in services() {
        if let Some(slug) = &service.facts.mark {
            used.insert(slug.as_str());
            let path = service.mark().unwrap_or_else(|| panic!("{}: no mark {slug}", service.slug()));
            // Only what a path consists of: it is written into pages as it is.
            let sound = |c: char| c.is_ascii_alphanumeric() || " .,-".contains(c);
            assert!(path.len() > 20 && path.chars().all(sound), "{slug}: {path}");
            assert!(service.facts.colour.is_none(), "{}: the mark has a colour", service.slug());
        }
    }
    let listed: HashSet<&str> = mark::SLUGS.iter().copied().collect();
    assert_eq!(listed, used);
    assert!(used.len() >= 200, "{}", used.len());
}

#[test]
fn each_has_a_colour_on_which_its_initial_can_be_read() {
    for service in services() {
        let colour = service.colour().unwrap_or_else(|| panic!("{}: no colour", service.slug()));
        assert!(colour.contrast(colour.ink()) >= 3.0, "{}: {colour}", service.slug());
    }
}

#[test]
fn links_are_https_and_name_a_host() {
    let mut linked = 0;
    for service in services() {
        let Some(url) = service.cancel_url() else { continue };
        linked += 1;
        let rest = url.strip_prefix("https://").unwrap_or_else(|| panic!("{url}"));
        let (host, _) = rest.split_once('/').unwrap_or_else(|| panic!("{url} has no path"));
        let sound = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '.';
        assert!(host.contains('.') && host.chars().all(sound), "{url}");
        assert!(!url.contains(char::is_whitespace) && !url.contains(['"', '<', '>']), "{url}");
    }
    assert!(linked >= 280, "{linked}");
}

#[test]
fn every_pattern_of_a_statement_leads_to_its_service() {
    let mut patterns = 0;
    for service in services() {
        for pattern in service.statement() {
            patterns += 1;
            assert_eq!(pattern, &pattern.to_uppercase(), "{pattern}");
            let found = on_statement(pattern).map(|found| found.slug());
            assert_eq!(found, Some(service.slug()), "{pattern}");
        }
    }
    assert!(patterns >= 280, "{patterns}");
}

#[test]
fn statements_are_understood_as_banks_write_them() {
    for (line, expected) in [
        ("NETFLIX.COM 866-579-7172 CA", Some("netflix")),
        ("POS 4512XX Spotify  P2E4F8A9B1 Stockholm SE", Some("spotify")),
        ("GOOGLE *YouTubePremium g.co/helppay#", Some("youtube-premium")),
        ("APPLE.COM/BILL CUPERTINO", Some("apple")),
        ("SQSP* INV128374", Some("squarespace")),
        ("UPI/412233/SWIGGY/swiggy@icici", Some("swiggy-one")),
        ("ADOBE *PHOTOGPHY PLAN", Some("adobe-photoshop")),
        ("SOCIETY MAINTENANCE MAY", None),
        ("BROADWAY CINEMA", None),
        ("", None),
    ] {
        assert_eq!(on_statement(line).map(|found| found.slug()), expected, "{line}");
    }
}

#[test]
fn a_name_tells_its_service_and_a_part_of_another_name_does_not() {
    for (name, expected) in [
        ("Netflix", Some("netflix")),
        ("  netFLIX ", Some("netflix")),
        ("Netflix Premium", Some("netflix")),
        ("Disney Plus", Some("disney-plus")),
        ("Spotify Family Plan", Some("spotify")),
        ("नेटफ्लिक्स", Some("netflix")),
        ("नेटफ़्लिक्स", Some("netflix")),
        ("Sky Diving Club", None),
        ("Premium", None),
        ("My Netflix", None),
        ("", None),
    ] {
        assert_eq!(slug_of(name), expected, "{name}");
    }
}

#[test]
fn what_people_type_is_found() {
    let first = |text: &str| search(text).first().map(|hit| (hit.service.slug(), hit.by));
    for (text, expected) in [
        ("netf", ("netflix", Match::NameBegins)),
        ("Netflix", ("netflix", Match::Name)),
        ("netflx", ("netflix", Match::Misspelt)),
        ("sptofiy premium", ("spotify", Match::Misspelt)),
        ("office 365", ("microsoft-365", Match::Name)),
        ("hotstar", ("jiohotstar", Match::Name)),
        ("game pass", ("xbox-game-pass", Match::Name)),
        ("नेटफ", ("netflix", Match::AliasBegins)),
        ("PAYPAL *SPOTIFY 4029357733", ("spotify", Match::Statement)),
    ] {
        assert_eq!(first(text), Some(expected), "{text}");
    }
    for nothing in ["zorblax", "rent of the flat", "🎉"] {
        assert_eq!(first(nothing), None, "{nothing}");
    }
}

#[test]
fn an_empty_search_lists_all_by_name_and_each_once() {
    let all = search("");
    assert_eq!(all.len(), services().len());
    assert!(all.windows(2).all(|pair| pair[0].place() < pair[1].place()));
}

#[test]
fn slugs_lead_back() {
    for service in services() {
        assert_eq!(by_slug(service.slug()), Some(service));
    }
    assert_eq!(by_slug("no-such-service"), None);
}

#[test]
fn forty_of_the_most_used_are_known_in_devanagari() {
    let hindi = |name: &str| name.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
    let known = services().iter().filter(|service| service.names().any(hindi)).count();
    assert!(known >= 40, "{known}");
}

#[test]
fn what_comes_with_a_service_is_known_and_is_another() {
    let mut bundles = 0;
    for service in services() {
        for slug in service.includes() {
            let part = by_slug(slug)
                .unwrap_or_else(|| panic!("{} includes {slug}, which is unknown", service.slug()));
            assert_ne!(part.slug(), service.slug());
            bundles += 1;
        }
    }
    assert!(bundles >= 10);
    assert!(by_slug("youtube-premium").unwrap().includes().contains(&"youtube-music".to_owned()));
}

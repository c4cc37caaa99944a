//! The built-in categories and the nouns that tell them.

/// Earlier rows win: "car insurance" is insurance, "phone insurance" too.
const NOUNS: &[(&str, &str)] = &[
    (
        "insurance",
        "insurance|premium policy|policy|versicherung|assurance|seguro|bima|mediclaim|cover|warranty",
    ),
    (
        "charity",
        "charity|donation|donations|oxfam|unicef|red cross|church|temple|mosque|sponsor|wikipedia|spende",
    ),
    (
        "fitness",
        "gym|yoga|pilates|fitness|crossfit|zumba|swimming|swim|gimnasio|fitnessstudio|climbing|martial arts|\
        personal trainer|trainer|workout|boxing",
    ),
    (
        "education",
        "tuition|tuitions|school|lessons|lesson|course|classes|class|college|university|coaching|kindergarten|\
        nursery|daycare|creche|tutor|tutoring|academy|kita",
    ),
    ("internet", "internet|broadband|wifi|wi - fi|fiber|fibre|dsl|hotspot|router"),
    ("phone", "phone|mobile|sim|cell|cellphone|handy|postpaid|prepaid|landline|telefon"),
    (
        "utilities",
        "electricity|power|water|gas bill|energy|heating|sewage|garbage|trash|bijli|strom|electric|\
        waste collection|dth|cylinder",
    ),
    (
        "housing",
        "rent|miete|loyer|mortgage|maintenance|society|hoa|council tax|apartment|flat rent|kiraya|alquiler|\
        renta|lease|hostel|pg rent|housing|property tax",
    ),
    ("news", "newspaper|newspapers|magazine|news|akhbar|newsletter|journal|zeitung"),
    ("music", "music|radio"),
    ("gaming", "gaming|game|games"),
    (
        "health",
        "therapy|therapist|dentist|doctor|meditation|medicine box|vitamins|dental|dentist plan|doctor plan|mental health|health",
    ),
    (
        "food",
        "milk|meal|meals|meal kit|tiffin|dabba|doodh|veg box|vegetable box|wine club|coffee club|water can|groceries box|milkman",
    ),
    ("transport", "metro|bus|train|parking space|toll tag|commuter|transit|car lease|bike rental|scooter"),
    ("cloud", "storage plan|hosting|vps|server|backup|domain|web hosting|cloud"),
    ("finance", "sip|emi|loan|mutual fund|investment|savings|bank fee|credit card fee|ppf|brokerage"),
    ("entertainment", "tv|cable|streaming|cinema pass|movie pass|cable tv|satellite tv"),
    ("software", "vpn|antivirus|app|software|saas|password manager|crm"),
    ("shopping", "box|razor|diapers|pet food|dog food|cat food"),
];

/// The category a name tells by its nouns.
pub(in crate::domain) fn category_of(name: &str) -> Option<&'static str> {
    let padded = format!(" {} ", name.to_lowercase());
    NOUNS.iter().find_map(|(category, nouns)| {
        let told = nouns.split('|').any(|noun| {
            let noun = noun.trim();
            padded
                .match_indices(noun)
                .any(|(at, _)| padded[..at].ends_with(' ') && padded[at + noun.len()..].starts_with(' '))
        });
        told.then_some(*category)
    })
}

#[cfg(test)]
mod tests {
    use super::{NOUNS, category_of};

    #[test]
    fn only_built_in_categories_are_told() {
        for (category, _) in NOUNS {
            assert!(catalogue::CATEGORIES.contains(category), "{category}");
        }
    }

    #[test]
    fn nouns_tell() {
        for (name, expected) in [
            ("Gym", Some("fitness")),
            ("Health Insurance", Some("insurance")),
            ("Piano lessons", Some("education")),
            ("Wifi", Some("internet")),
            ("Zorblax", None),
        ] {
            assert_eq!(category_of(name), expected, "{name}");
        }
    }
}

//! What one can choose from. What somebody has chosen before is always among it.

use jiff::{Timestamp, civil::Date, tz};
use kernel::{Currency, Locale, Money, Zone};
use web::{Manner, view::Select};

/// What many people read and write, by the name of the language and the region.
const LOCALES: [(&str, &str); 28] = [
    ("ar-AE", "Arabic, Emirates"),
    ("zh-CN", "Chinese, mainland"),
    ("zh-Hant-TW", "Chinese, Taiwan"),
    ("da-DK", "Danish, Denmark"),
    ("nl-NL", "Dutch, Netherlands"),
    ("en-AU", "English, Australia"),
    ("en-CA", "English, Canada"),
    ("en-IN", "English, India"),
    ("en-IE", "English, Ireland"),
    ("en-GB", "English, United Kingdom"),
    ("en-US", "English, United States"),
    ("fi-FI", "Finnish, Finland"),
    ("fr-CA", "French, Canada"),
    ("fr-FR", "French, France"),
    ("de-AT", "German, Austria"),
    ("de-DE", "German, Germany"),
    ("de-CH", "German, Switzerland"),
    ("hi-IN", "Hindi, India"),
    ("it-IT", "Italian, Italy"),
    ("ja-JP", "Japanese, Japan"),
    ("ko-KR", "Korean, South Korea"),
    ("nb-NO", "Norwegian, Norway"),
    ("pl-PL", "Polish, Poland"),
    ("pt-BR", "Portuguese, Brazil"),
    ("es-MX", "Spanish, Mexico"),
    ("es-ES", "Spanish, Spain"),
    ("sv-SE", "Swedish, Sweden"),
    ("tr-TR", "Turkish, Turkey"),
];

/// How dates and amounts are written: each choice shows it.
pub(super) fn locale(chosen: &str, today: Date, currency: Currency) -> Select {
    let shown = |(tag, name): (&str, &str)| {
        let sample = tag.parse().map(|locale| sample(locale, today, currency)).unwrap_or_default();
        (tag.to_owned(), format!("{name} · {sample}"))
    };
    let select =
        Select::new("locale", "Dates and amounts").hint("How they are written for you.").value(chosen);
    let known = LOCALES.iter().any(|(tag, _)| *tag == chosen);
    let select = if known { select } else { select.choices([shown((chosen, chosen))]) };
    select.choices(LOCALES.map(shown))
}

fn sample(locale: Locale, today: Date, currency: Currency) -> String {
    let manner = Manner::new(locale, today);
    let amount = Money::from_minor(1_234_567 * currency.minor_per_unit(), currency);
    format!("{}, {}", manner.date(&today), manner.money(&amount))
}

/// The parts of the world in which people have clocks, as the IANA database names them.
const REGIONS: [&str; 9] =
    ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

/// Names that browsers still give to zones which have another one today.
const FORMER_NAMES: [(&str, &str); 18] = [
    ("Africa/Asmera", "Africa/Asmara"),
    ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ("America/Catamarca", "America/Argentina/Catamarca"),
    ("America/Cordoba", "America/Argentina/Cordoba"),
    ("America/Godthab", "America/Nuuk"),
    ("America/Indianapolis", "America/Indiana/Indianapolis"),
    ("America/Jujuy", "America/Argentina/Jujuy"),
    ("America/Louisville", "America/Kentucky/Louisville"),
    ("America/Mendoza", "America/Argentina/Mendoza"),
    ("Asia/Calcutta", "Asia/Kolkata"),
    ("Asia/Katmandu", "Asia/Kathmandu"),
    ("Asia/Rangoon", "Asia/Yangon"),
    ("Asia/Saigon", "Asia/Ho_Chi_Minh"),
    ("Atlantic/Faeroe", "Atlantic/Faroe"),
    ("Europe/Kiev", "Europe/Kyiv"),
    ("Pacific/Enderbury", "Pacific/Kanton"),
    ("Pacific/Ponape", "Pacific/Pohnpei"),
    ("Pacific/Truk", "Pacific/Chuuk"),
];

fn todays_name(zone: &str) -> &str {
    FORMER_NAMES.iter().find(|(former, _)| *former == zone).map_or(zone, |(_, name)| name)
}

/// Where days begin, by region, each place with what its clocks show now.
pub(super) fn time_zone(chosen: &str, now: Timestamp) -> Select {
    let chosen = todays_name(chosen);
    let names: Vec<String> = tz::db().available().map(|name| name.as_str().to_owned()).collect();
    let listed = |name: &str| {
        let region = name.split('/').next().unwrap_or_default();
        name.contains('/') && REGIONS.contains(&region) && todays_name(name) == name
    };
    let mut select = Select::new("time_zone", "Time zone")
        .hint("Your days begin and end here. Every charge to come moves with it.")
        .value(chosen);
    if chosen != "UTC" && !(listed(chosen) && names.iter().any(|name| name == chosen)) {
        select = select.choices([place(chosen, now)]);
    }
    select = select.choices([("UTC", "Coordinated Universal Time")]);
    for region in REGIONS {
        let of_region = |name: &&String| listed(name) && name.split('/').next() == Some(region);
        select = select.group(region, names.iter().filter(of_region).map(|name| place(name, now)));
    }
    select
}

/// A zone's name, and the place with what its clocks show: `Kolkata · 12:00`.
fn place(name: &str, now: Timestamp) -> (String, String) {
    let place = name.split_once('/').map_or(name, |(_, place)| place).replace('_', " ").replace('/', ", ");
    let clock = name.parse::<Zone>().map(|zone| zone.datetime_at(now).strftime("%H:%M").to_string());
    let text = clock.map_or_else(|_| place.clone(), |clock| format!("{place} · {clock}"));
    (name.to_owned(), text)
}

/// The currencies most subscriptions of the world are in.
const COMMON: [&str; 8] = ["USD", "EUR", "GBP", "INR", "JPY", "AUD", "CAD", "CHF"];

/// What totals are shown in.
pub(super) fn currency(chosen: &str) -> Select {
    let all = Currency::all();
    let named = |currency: &Currency| (currency.code(), format!("{} · {}", currency.code(), currency.name()));
    let common = |currency: &&Currency| COMMON.contains(&currency.code());
    Select::new("currency", "Currency")
        .hint("What totals are shown in, and what an amount without a mark is in.")
        .group("Common", all.iter().filter(common).map(named))
        .group("All others", all.iter().filter(|currency| !common(currency)).map(named))
        .value(chosen)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(select: &Select) -> Vec<&str> {
        select.groups.iter().flat_map(|(_, choices)| choices).map(|choice| choice.value.as_str()).collect()
    }

    fn once(select: &Select) {
        let chosen = values(select).into_iter().filter(|value| *value == select.value).count();
        assert_eq!(chosen, 1, "{}", select.value);
    }

    #[test]
    fn what_is_chosen_is_there_exactly_once() {
        let now = "2026-05-05T06:30:00Z".parse().unwrap();
        for zone in ["UTC", "Asia/Kolkata", "Asia/Calcutta", "US/Pacific", "Europe/Kiev", "Etc/GMT+5"] {
            once(&time_zone(zone, now));
        }
        for tag in ["en-IN", "de", "sr-Cyrl-RS"] {
            once(&locale(tag, Date::ZERO, Currency::INR));
        }
        for code in ["INR", "KWD"] {
            once(&currency(code));
        }
    }

    #[test]
    fn every_choice_is_one_that_is_taken() {
        let now = "2026-05-05T06:30:00Z".parse().unwrap();
        for (former, name) in FORMER_NAMES {
            assert!(name.parse::<Zone>().is_ok() && former.parse::<Zone>().is_ok(), "{former}");
        }
        assert!(values(&time_zone("UTC", now)).into_iter().all(|name| name.parse::<Zone>().is_ok()));
        assert!(LOCALES.iter().all(|(tag, _)| tag.parse::<Locale>().is_ok()));
    }

    #[test]
    fn a_place_tells_what_its_clocks_show() {
        let now = "2026-05-05T06:30:00Z".parse().unwrap();
        let (name, text) = place("America/Argentina/Buenos_Aires", now);
        assert_eq!(name, "America/Argentina/Buenos_Aires");
        assert_eq!(text, "Argentina, Buenos Aires · 03:30");
    }
}

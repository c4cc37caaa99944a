//! German.

use super::{Catalogue, Pair};

pub(super) static TEXTS: Catalogue = Catalogue {
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    date: "{day}. {month} {year}",
    today: "heute",
    tomorrow: "morgen",
    yesterday: "gestern",
    in_days: "in {count} Tagen",
    days_ago: "vor {count} Tagen",
    renewal_near: Pair("{name} verlängert sich {when}", "Am {date} werden {amount} abgebucht."),
    trial_ends: Pair("Der Probezeitraum von {name} endet {when}", "Ab dem {date} kostet es {amount}."),
    promotion_ends: Pair("Das Angebot für {name} endet {when}", "Ab dem {date} kostet es {amount}."),
    price_rises: Pair("Der Preis von {name} steigt {when}", "Ab dem {date} kostet es {amount}."),
    cancel_by_near: Pair(
        "Letzte Gelegenheit, {name} zu kündigen: {when}",
        "Nach dem {date} läuft es eine weitere Laufzeit lang, für {amount}.",
    ),
    payment_due: Pair("{name} ist {when} zu bezahlen", "{amount} sind am {date} fällig."),
    payment_overdue: Pair("{name} ist noch nicht bezahlt", "{amount} waren am {date} fällig."),
    payment_failed: Pair(
        "Eine Zahlung für {name} ist fehlgeschlagen",
        "{amount}, fällig am {date}, wurden nicht abgebucht.",
    ),
    budget_passed: Pair(
        "Ein Budget ist überschritten",
        "Vom {from} bis zum {to} wurden {spent} ausgegeben; vorgesehen waren {limit}.",
    ),
    ticket_answered: Pair("Der Support hat geantwortet", "{said}"),
    channel_broken: Pair(
        "{name} erreicht Sie nicht mehr",
        "Dorthin wird nichts mehr gesendet, bis Sie es neu einrichten. Die Antwort war: {said}",
    ),
    webhook_broken: Pair(
        "{name} erfährt nichts mehr",
        "Es nahm keine Ereignisse mehr an und wurde abgeschaltet. Beheben Sie die Ursache, schalten Sie es ein und senden Sie nach, was es verpasst hat. Die Antwort war: {said}",
    ),
    test: Pair(
        "Das ist ein Test",
        "{name} funktioniert. Alles Weitere kommt ab jetzt auf genau demselben Weg.",
    ),
    digest: "{count} Neuigkeiten",
    open: "In Perennial öffnen",
    why: "Sie haben gewählt, darüber benachrichtigt zu werden.",
    choose: "Benachrichtigungen wählen",
    stop: "Keine E-Mails mehr",
};

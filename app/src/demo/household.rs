//! What a family in Pune might pay for: 30 subscriptions in four currencies, two years back.

use kernel::Unit;

/// One of them.
pub(super) struct Sample {
    pub(super) name: &'static str,
    pub(super) plan: Option<&'static str>,
    pub(super) service: Option<&'static str>,
    pub(super) price: &'static str,
    pub(super) currency: &'static str,
    pub(super) cycle: Option<(i64, Unit)>,
    pub(super) days_ago: u16,
    pub(super) category: &'static str,
    pub(super) fate: Fate,
}

/// What became of it.
pub(super) enum Fate {
    Runs,
    InTrial,
    Rises { to: &'static str, in_days: i16 },
    Paused,
    Cancelled,
    Ended,
}

const MONTHLY: Option<(i64, Unit)> = Some((1, Unit::Month));
const YEARLY: Option<(i64, Unit)> = Some((1, Unit::Year));

macro_rules! samples {
    ($($name:literal $plan:expr, $service:expr, $currency:literal $price:literal $cycle:expr, $days:literal $category:literal $fate:expr;)*) => {
        &[$(Sample {
            name: $name,
            plan: $plan,
            service: $service,
            price: $price,
            currency: $currency,
            cycle: $cycle,
            days_ago: $days,
            category: $category,
            fate: $fate,
        }),*]
    };
}

use Fate::{Cancelled, Ended, InTrial, Paused, Rises, Runs};

#[rustfmt::skip]
pub(super) const HOUSEHOLD: &[Sample] = samples! {
    "Netflix"             Some("Standard"), Some("netflix"),   "INR" "499.00"   MONTHLY,               728 "entertainment" Rises { to: "649.00", in_days: -120 };
    "Spotify"             Some("Family"),   Some("spotify"),   "INR" "179.00"   MONTHLY,               713 "music"         Rises { to: "229.00", in_days: 24 };
    "YouTube Premium"     Some("Family"),   Some("youtube-premium"), "INR" "299.00" MONTHLY,           402 "entertainment" Runs;
    "Amazon Prime"        None,             Some("amazon-prime"), "INR" "1499.00" YEARLY,              655 "shopping"      Runs;
    "JioFiber"            Some("100 Mbps"), None,              "INR" "706.82"   MONTHLY,               700 "internet"      Runs;
    "Airtel Postpaid"     None,             None,              "INR" "549.00"   MONTHLY,               690 "phone"         Runs;
    "Airtel, Baba"        None,             None,              "INR" "299.00"   Some((28, Unit::Day)), 336 "phone"         Runs;
    "Electricity, MSEDCL" None,             None,              "INR" "2150.00"  MONTHLY,               730 "utilities"     Runs;
    "Piped gas"           None,             None,              "INR" "1240.00"  Some((2, Unit::Month)), 640 "utilities"    Runs;
    "Society maintenance" None,             None,              "INR" "10500.00" Some((3, Unit::Month)), 720 "housing"      Runs;
    "House help"          None,             None,              "INR" "4500.00"  MONTHLY,               726 "housing"       Runs;
    "Milk"                None,             None,              "INR" "616.00"   Some((1, Unit::Week)), 365 "food"          Runs;
    "Newspaper"           None,             None,              "INR" "270.00"   MONTHLY,               729 "news"          Runs;
    "Term insurance"      None,             None,              "INR" "18642.00" YEARLY,                610 "insurance"     Runs;
    "Health insurance"    Some("Floater"),  None,              "INR" "27350.00" YEARLY,                470 "insurance"     Runs;
    "Car insurance"       None,             None,              "INR" "9820.00"  YEARLY,                351 "insurance"     Runs;
    "Cult gym"            None,             None,              "INR" "9990.00"  Some((6, Unit::Month)), 400 "fitness"      Paused;
    "Piano lessons"       None,             None,              "INR" "3200.00"  MONTHLY,               290 "education"     Runs;
    "iCloud+"             Some("200 GB"),   Some("icloud"),    "INR" "219.00"   MONTHLY,               611 "cloud"         Runs;
    "Google One"          Some("100 GB"),   Some("google-one"), "INR" "1300.00" YEARLY,                580 "cloud"         Cancelled;
    "ChatGPT"             Some("Plus"),     Some("chatgpt"),   "USD" "20.00"    MONTHLY,               412 "software"      Runs;
    "GitHub Copilot"      None,             None,              "USD" "100.00"   YEARLY,                295 "software"      Runs;
    "1Password"           Some("Families"), Some("1password"), "USD" "59.88"    YEARLY,                520 "software"      Runs;
    "Domain, kulkarni.in" None,             None,              "USD" "12.00"    YEARLY,                699 "cloud"         Runs;
    "Hetzner"             Some("CX22"),     None,              "EUR" "4.51"     MONTHLY,               330 "cloud"         Runs;
    "Fastmail"            None,             Some("fastmail"),  "EUR" "50.00"    YEARLY,                610 "software"      Runs;
    "The Guardian"        None,             None,              "GBP" "5.00"     MONTHLY,               365 "news"          Ended;
    "Duolingo"            Some("Super"),    Some("duolingo"),  "INR" "2999.00"  YEARLY,                  1 "education"     InTrial;
    "Disney+ Hotstar"     None,             Some("disney-plus"), "INR" "1499.00" YEARLY,               500 "entertainment" Cancelled;
    "Affinity Designer"   None,             None,              "GBP" "67.99"    None,                  600 "software"      Runs;
};

//! Notifications in words: in their reader's language, with their reader's formats.
//!
//! A catalogue is a struct of texts with `{places}`. A language that lacks a text does not compile; a test sees to it
//! that every text of every language has the same places.

mod de;
mod en;
mod hi;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use kernel::{Locale, Money};

use super::{Facts, Kind, Language};

/// Every text in one language.
#[derive(Debug)]
pub(crate) struct Catalogue {
    /// The months, as they stand in a date.
    months: [&'static str; 12],
    /// A date: `{day} {month} {year}`.
    date: &'static str,
    today: &'static str,
    tomorrow: &'static str,
    yesterday: &'static str,
    in_days: &'static str,
    days_ago: &'static str,
    renewal_near: Pair,
    trial_ends: Pair,
    promotion_ends: Pair,
    price_rises: Pair,
    cancel_by_near: Pair,
    payment_due: Pair,
    payment_overdue: Pair,
    payment_failed: Pair,
    budget_passed: Pair,
    ticket_answered: Pair,
    channel_broken: Pair,
    webhook_broken: Pair,
    test: Pair,
    /// Above several notifications in one message.
    digest: &'static str,
    /// What leads to the thing itself.
    pub(crate) open: &'static str,
    /// Why somebody gets this, and where that is chosen.
    pub(crate) why: &'static str,
    /// What leads to the preferences.
    pub(crate) choose: &'static str,
    /// What stops messages by this channel.
    pub(crate) stop: &'static str,
}

/// A title and what stands below it.
#[derive(Debug)]
struct Pair(&'static str, &'static str);

/// The texts of a language.
pub(crate) const fn texts(language: Language) -> &'static Catalogue {
    match language {
        Language::En => &en::TEXTS,
        Language::De => &de::TEXTS,
        Language::Hi => &hi::TEXTS,
    }
}

/// A notification in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// In a line.
    pub title: String,
    /// In a sentence or two.
    pub body: String,
}

/// How a reader reads.
#[derive(Debug, Clone)]
pub struct Reading {
    /// In which language.
    pub language: Language,
    /// With whose formats.
    pub locale: Locale,
    /// On which day.
    pub today: Date,
}

/// The longest that a name or a provider's words may be within a text, in characters.
const LONGEST: usize = 160;

impl Reading {
    /// Puts facts into words.
    pub fn words(&self, kind: Kind, facts: &Facts) -> Words {
        let texts = texts(self.language);
        let Pair(title, body) = texts.of(kind);
        let places = self.places(facts);
        Words { title: fill(title, &places), body: fill(body, &places) }
    }

    /// The head of several in one message.
    pub fn digest_title(&self, count: usize) -> String {
        fill(texts(self.language).digest, &[("count", count.to_string())])
    }

    fn places(&self, facts: &Facts) -> Vec<(&'static str, String)> {
        match facts {
            Facts::Subscription { name, about_on, amount, .. } => vec![
                ("name", isolated(&one_line(name))),
                ("when", self.when(*about_on)),
                ("date", self.date(*about_on)),
                ("amount", self.money(*amount)),
            ],
            Facts::Budget { from, to, limit, spent } => vec![
                ("from", self.date(*from)),
                ("to", self.date(*to)),
                ("limit", self.money(*limit)),
                ("spent", self.money(*spent)),
            ],
            Facts::Channel { name, said, .. } | Facts::Webhook { name, said, .. } => {
                vec![("name", isolated(&one_line(name))), ("said", isolated(&one_line(said)))]
            }
            Facts::Ticket { said, .. } => vec![("said", isolated(&one_line(said)))],
        }
    }

    fn money(&self, money: Money) -> String {
        web::format::money(money, &self.locale)
    }

    fn date(&self, date: Date) -> String {
        let texts = texts(self.language);
        if self.language == Language::En {
            return web::format::date(date, &self.locale);
        }
        let month = usize::try_from(date.month() - 1).ok().and_then(|at| texts.months.get(at)).copied();
        let places = [
            ("day", date.day().to_string()),
            ("month", month.unwrap_or_default().to_owned()),
            ("year", date.year().to_string()),
        ];
        fill(texts.date, &places)
    }

    fn when(&self, date: Date) -> String {
        let texts = texts(self.language);
        let days = self.today.until(date).map_or(0, |span| i64::from(span.get_days()));
        let count = [("count", days.unsigned_abs().to_string())];
        match days {
            0 => texts.today.to_owned(),
            1 => texts.tomorrow.to_owned(),
            -1 => texts.yesterday.to_owned(),
            2.. => fill(texts.in_days, &count),
            _ => fill(texts.days_ago, &count),
        }
    }
}

impl Catalogue {
    const fn of(&self, kind: Kind) -> &Pair {
        match kind {
            Kind::RenewalNear => &self.renewal_near,
            Kind::TrialEnds => &self.trial_ends,
            Kind::PromotionEnds => &self.promotion_ends,
            Kind::PriceRises => &self.price_rises,
            Kind::CancelByNear => &self.cancel_by_near,
            Kind::PaymentDue => &self.payment_due,
            Kind::PaymentOverdue => &self.payment_overdue,
            Kind::PaymentFailed => &self.payment_failed,
            Kind::BudgetPassed => &self.budget_passed,
            Kind::TicketAnswered => &self.ticket_answered,
            Kind::ChannelBroken => &self.channel_broken,
            Kind::WebhookBroken => &self.webhook_broken,
            Kind::Test => &self.test,
        }
    }
}

/// Puts values in their places, in one pass: a value that looks like a place stays what it is.
fn fill(text: &str, places: &[(&'static str, String)]) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, onward)) = after.split_once('}') else {
            rest = after;
            break;
        };
        if let Some((_, value)) = places.iter().find(|(place, _)| *place == name) {
            filled.push_str(value);
        }
        rest = onward;
    }
    filled.push_str(rest);
    filled
}

/// A person's or a provider's text as part of a line: nothing that ends a line or moves a cursor, and not too long.
/// What goes into a header is made of such lines.
pub fn one_line(text: &str) -> String {
    let harmless =
        text.chars().map(|letter| if letter.is_control() || breaks(letter) { ' ' } else { letter });
    let words: Vec<String> = harmless.collect::<String>().split_whitespace().map(str::to_owned).collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST {
        return line;
    }
    let short: String = line.chars().take(LONGEST - 1).collect();
    format!("{}…", short.trim_end())
}

/// Line and paragraph separators, and the marks that turn the direction of everything after them.
const fn breaks(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text from right to left keeps its direction to itself, as `bdi` does on pages.
fn isolated(text: &str) -> String {
    let right_to_left = |letter: char| matches!(letter, '\u{0590}'..='\u{08FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}');
    if text.chars().any(right_to_left) { format!("\u{2068}{text}\u{2069}") } else { text.to_owned() }
}

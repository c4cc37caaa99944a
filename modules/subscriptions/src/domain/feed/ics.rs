//! The text of a calendar (RFC 5545): only what is needed, in the form that calendars agree on.

use std::fmt;

use jiff::{Timestamp, civil::Date};
use kernel::Unit;

use super::run::{Rule, Run};

/// A calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// What it is called.
    pub name: String,
    /// What is in it.
    pub events: Vec<Event>,
}

/// An event of whole days.
#[derive(Debug, Clone)]
pub struct Event {
    /// What it is known by.
    pub uid: String,
    /// When.
    pub run: Run,
    /// Its line in the calendar.
    pub summary: String,
    /// What else there is to say.
    pub description: String,
    /// When it was last another.
    pub revised_at: Timestamp,
    /// Grows when it changes.
    pub sequence: i64,
}

/// Longer lines are folded; in bytes, without the line break.
const LINE: usize = 75;

impl fmt::Display for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "BEGIN:VCALENDAR")?;
        line(f, "VERSION:2.0")?;
        line(f, "PRODID:-//Perennial//Calendar feed//EN")?;
        line(f, "CALSCALE:GREGORIAN")?;
        line(f, "METHOD:PUBLISH")?;
        text(f, "NAME", &self.name)?;
        text(f, "X-WR-CALNAME", &self.name)?;
        line(f, "REFRESH-INTERVAL;VALUE=DURATION:PT6H")?;
        line(f, "X-PUBLISHED-TTL:PT6H")?;
        for event in &self.events {
            event.write(f)?;
        }
        line(f, "END:VCALENDAR")
    }
}

impl Event {
    fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        line(f, "BEGIN:VEVENT")?;
        line(f, &format!("UID:{}", self.uid))?;
        line(f, &format!("DTSTAMP:{}", self.revised_at.strftime("%Y%m%dT%H%M%SZ")))?;
        line(f, &format!("SEQUENCE:{}", self.sequence))?;
        line(f, &format!("DTSTART;VALUE=DATE:{}", day(self.run.first)))?;
        line(f, &format!("DTEND;VALUE=DATE:{}", day(self.run.first.tomorrow().unwrap_or(Date::MAX))))?;
        if let Some(rule) = self.run.rule {
            line(f, &format!("RRULE:{}", rule_text(rule)))?;
        }
        text(f, "SUMMARY", &self.summary)?;
        if !self.description.is_empty() {
            text(f, "DESCRIPTION", &self.description)?;
        }
        // Nobody is busy because something is charged.
        line(f, "TRANSP:TRANSPARENT")?;
        line(f, "END:VEVENT")
    }
}

fn day(date: Date) -> impl fmt::Display {
    date.strftime("%Y%m%d")
}

fn rule_text(rule: Rule) -> String {
    let frequency = match rule.unit {
        Unit::Day => "DAILY",
        Unit::Week => "WEEKLY",
        Unit::Month => "MONTHLY",
        Unit::Year => "YEARLY",
    };
    format!("FREQ={frequency};INTERVAL={};COUNT={}", rule.every, rule.count)
}

fn text(f: &mut fmt::Formatter<'_>, name: &str, value: &str) -> fmt::Result {
    line(f, &format!("{name}:{}", escaped(value)))
}

/// A text as RFC 5545 wants it: its own signs escaped, line breaks spelt, other controls gone.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => {
                escaped.push('\\');
                escaped.push(c);
            }
            '\n' => escaped.push_str("\\n"),
            _ if c.is_control() => {}
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A line, folded where it is too long, never inside a character.
fn line(f: &mut fmt::Formatter<'_>, content: &str) -> fmt::Result {
    let mut length = 0;
    for c in content.chars() {
        if length + c.len_utf8() > LINE {
            f.write_str("\r\n ")?;
            length = 1;
        }
        length += c.len_utf8();
        write!(f, "{c}")?;
    }
    f.write_str("\r\n")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn event(summary: &str) -> Event {
        Event {
            uid: "sub_1-20260131-charge@perennial".into(),
            run: Run::once(date(2026, 1, 31)),
            summary: summary.into(),
            description: String::new(),
            revised_at: "2026-01-05T06:30:00Z".parse().unwrap(),
            sequence: 3,
        }
    }

    fn written(event: Event) -> String {
        Calendar { name: "Perennial".into(), events: vec![event] }.to_string()
    }

    #[test]
    fn an_event_says_when_and_what() {
        let rule = Rule { unit: Unit::Month, every: 3, count: 40 };
        let run = Run { first: date(2026, 12, 31), rule: Some(rule) };
        let text = written(Event { run, ..event("Netflix") });
        for expected in [
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n",
            "DTSTAMP:20260105T063000Z\r\nSEQUENCE:3\r\n",
            "DTSTART;VALUE=DATE:20261231\r\nDTEND;VALUE=DATE:20270101\r\n",
            "RRULE:FREQ=MONTHLY;INTERVAL=3;COUNT=40\r\nSUMMARY:Netflix\r\n",
            "END:VEVENT\r\nEND:VCALENDAR\r\n",
        ] {
            assert!(text.contains(expected), "{expected}: {text}");
        }
    }

    #[test]
    fn what_people_typed_cannot_become_a_line_of_its_own() {
        let text = written(event("a,b;c\\d\r\nATTENDEE:mailto:x@example.org\u{7}"));
        assert!(text.contains("SUMMARY:a\\,b\\;c\\\\d\\nATTENDEE:mailto:x@example.org\r\n"), "{text}");
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_no_character_is_cut() {
        let summary = "नेटफ्लिक्स 🎬 ".repeat(20);
        let text = written(event(&summary));
        assert!(text.split("\r\n").all(|line| line.len() <= LINE));
        assert!(text.replace("\r\n ", "").contains(&format!("SUMMARY:{summary}\r\n")));
    }
}

//! Pages and their sections.

use pulldown_cmark::{Event, Parser, TagEnd};

use super::shown;

macro_rules! pages {
    ($($slug:literal)*) => {
        [$(($slug, include_str!(concat!("../../../../docs/manual/", $slug, ".md")))),*]
    };
}

/// The pages in the order of the manual, with their text.
pub(super) const PAGES: [(&str, &str); 17] = pages! {
    "getting-started" "adding-in-words" "subscriptions" "payments-and-renewals" "reminders" "notifications" "dashboard"
    "figures" "sharing" "currencies" "in-your-calendar" "dates-and-time-zones" "importing-and-exporting" "your-profile"
    "keyboard-and-accessibility" "privacy-and-your-data" "help"
};

/// What begins the line under a heading that says what people ask.
const ASKED: &str = "<!-- asked:";

/// One page.
#[derive(Debug)]
pub(crate) struct Page {
    /// What it is called in addresses.
    pub(crate) slug: &'static str,
    pub(crate) title: String,
    /// In their order. The first one is what stands before any heading, and bears the page's title.
    pub(crate) sections: Vec<Section>,
}

/// What stands under one heading, up to the next.
#[derive(Debug)]
pub(crate) struct Section {
    /// What its heading is called in addresses; empty for the first one.
    pub(crate) anchor: String,
    pub(crate) title: String,
    /// 1 for what stands before any heading, else 2 or 3.
    pub(crate) level: u8,
    /// The headings above it, without the page's.
    pub(crate) above: Vec<String>,
    /// Words that people ask for it with, as its author thinks: `<!-- asked: … -->` under the heading.
    pub(crate) asked: String,
    /// Its words, without marks.
    pub(crate) text: String,
    /// The same without addresses of the API, which nobody asks with.
    pub(crate) words: String,
    /// The same as HTML, without its heading.
    pub(crate) html: String,
}

/// Every page.
pub(super) fn read() -> Vec<Page> {
    PAGES.iter().map(|(slug, text)| page(slug, text)).collect()
}

fn page(slug: &'static str, text: &str) -> Page {
    let mut title = slug.to_owned();
    let mut sections: Vec<Section> = Vec::new();
    let mut body = String::new();
    let mut open: Option<(u8, String)> = None;
    let mut above: Vec<(u8, String)> = Vec::new();
    let asked = std::cell::RefCell::new(String::new());
    let mut close = |open: &Option<(u8, String)>, above: &[(u8, String)], body: &mut String, page: &str| {
        let (level, heading) = open.clone().unwrap_or((1, page.to_owned()));
        let markdown = std::mem::take(body);
        if level > 1 || !markdown.trim().is_empty() {
            sections.push(Section {
                anchor: if level == 1 { String::new() } else { anchor(&heading) },
                above: above.iter().filter(|(of, _)| *of < level).map(|(_, title)| title.clone()).collect(),
                title: heading,
                asked: std::mem::take(&mut *asked.borrow_mut()),
                level,
                text: plain(&markdown),
                words: without_addresses(&markdown),
                html: shown::html(&markdown),
            });
        }
    };
    for line in text.lines() {
        let marks = line.bytes().take_while(|byte| *byte == b'#').count();
        let heading =
            line.get(marks..).and_then(|rest| rest.strip_prefix(' ')).filter(|_| (1..=3).contains(&marks));
        match (marks, heading) {
            (1, Some(heading)) => title = heading.trim().to_owned(),
            (marks, Some(heading)) => {
                close(&open, &above, &mut body, &title);
                let level = u8::try_from(marks).unwrap_or(3);
                above.retain(|(of, _)| *of < level);
                let heading = plain(heading);
                above.push((level, heading.clone()));
                open = Some((level, heading));
            }
            (_, None) => match line.strip_prefix(ASKED).and_then(|rest| rest.strip_suffix("-->")) {
                Some(words) => words.trim().clone_into(&mut asked.borrow_mut()),
                None => {
                    body.push_str(line);
                    body.push('\n');
                }
            },
        }
    }
    close(&open, &above, &mut body, &title);
    Page { slug, title, sections }
}

/// As GitHub names a heading, so that links of the manual lead to the same place here.
pub(super) fn anchor(title: &str) -> String {
    let mut anchor = String::with_capacity(title.len());
    for c in title.to_lowercase().chars() {
        if c.is_alphanumeric() || c == '-' {
            anchor.push(c);
        } else if c == ' ' {
            anchor.push('-');
        }
    }
    anchor
}

/// The words of Markdown.
fn plain(markdown: &str) -> String {
    said(markdown, |_| true)
}

/// The words of Markdown, without what stands as code and is an address.
fn without_addresses(markdown: &str) -> String {
    said(markdown, |code| !code.contains('/'))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "of the many marks of Markdown these say words")]
fn said(markdown: &str, counts: impl Fn(&str) -> bool) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, shown::OPTIONS) {
        match event {
            Event::Text(words) => text.push_str(&words),
            Event::Code(words) if counts(&words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::TableCell | TagEnd::Heading(_)) => {
                text.push('\n');
            }
            _ => {}
        }
    }
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_of_the_folder_is_a_page_here_and_in_the_list_of_contents() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/manual");
        let mut there: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
            .filter(|name| name != "README")
            .collect();
        there.sort();
        let mut here: Vec<String> = PAGES.iter().map(|(slug, _)| (*slug).to_owned()).collect();
        here.sort();
        assert_eq!(here, there);
        let contents = std::fs::read_to_string(folder.join("README.md")).unwrap();
        let listed: Vec<_> =
            contents.split("](").skip(1).filter_map(|rest| rest.split_once(".md)")).collect();
        let listed: Vec<_> =
            listed.iter().map(|(slug, _)| *slug).filter(|slug| !slug.contains('/')).collect();
        assert_eq!(listed, PAGES.map(|(slug, _)| slug));
    }

    #[test]
    fn a_page_is_cut_at_its_headings_and_nothing_is_lost() {
        let text = "# A page\n\nBefore.\n\n## One\n<!-- asked: uno -->\n\nFirst [link](subscriptions.md#month-ends).\n\n### Deeper `x`\n\nMore.\n\n## Two\n\nLast.\n";
        let page = page("a-page", text);
        let told: Vec<_> = page
            .sections
            .iter()
            .map(|it| {
                (it.level, it.title.as_str(), it.anchor.as_str(), it.above.join(" › "), it.text.as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                (1, "A page", "", String::new(), "Before."),
                (2, "One", "one", String::new(), "First link."),
                (3, "Deeper x", "deeper-x", "One".into(), "More."),
                (2, "Two", "two", String::new(), "Last."),
            ]
        );
        assert_eq!(page.sections[1].asked, "uno");
        assert!(page.sections[1].html.contains("href=\"/help/manual/subscriptions#month-ends\""));
    }

    #[test]
    fn links_between_pages_lead_somewhere() {
        let pages = read();
        for page in &pages {
            for section in &page.sections {
                for link in section.html.split("href=\"/help/manual/").skip(1) {
                    let target = link.split('"').next().unwrap();
                    let (slug, anchor) = target.split_once('#').unwrap_or((target, ""));
                    let found = pages.iter().find(|page| page.slug == slug);
                    let found = found.unwrap_or_else(|| panic!("{} links to {target}", page.slug));
                    assert!(
                        anchor.is_empty() || found.sections.iter().any(|section| section.anchor == anchor),
                        "{} links to {target}",
                        page.slug
                    );
                }
            }
        }
    }
}

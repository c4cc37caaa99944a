//! Sections as HTML.

use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, TagEnd, html::push_html};

/// What the manual is written with beside plain Markdown.
pub(super) const OPTIONS: Options = Options::ENABLE_TABLES;

/// Markdown as HTML. Links to pages of the manual lead to them here, those to other files of the repository to nowhere,
/// and HTML in it is shown as the text it is.
#[expect(clippy::wildcard_enum_match_arm, reason = "of the many marks of Markdown these are changed")]
pub(super) fn html(markdown: &str) -> String {
    let mut dropped = 0_u32;
    let events = Parser::new_ext(markdown, OPTIONS).filter_map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => match target(&dest_url) {
            Some(dest_url) => Some(Event::Start(Tag::Link { link_type, dest_url, title, id })),
            None => {
                dropped += 1;
                None
            }
        },
        Event::End(TagEnd::Link) if dropped > 0 => {
            dropped -= 1;
            None
        }
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        other => Some(other),
    });
    let mut html = String::with_capacity(markdown.len() * 2);
    push_html(&mut html, events);
    html
}

fn target<'a>(written: &str) -> Option<CowStr<'a>> {
    if written.starts_with("https://") || written.starts_with('#') {
        return Some(written.to_owned().into());
    }
    let (file, anchor) = written.split_once('#').unwrap_or((written, ""));
    let slug = file.strip_suffix(".md").filter(|slug| !slug.contains('/'))?;
    let hash = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    Some(format!("/help/manual/{slug}{hash}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_written_becomes_markup_of_another_kind() {
        let shown = html(
            "a <script>alert(1)</script> [out](../operations/README.md) [in](help.md) <b>x</b> ![i](x.png)",
        );
        assert_eq!(
            shown,
            "<p>a &lt;script&gt;alert(1)&lt;/script&gt; out <a href=\"/help/manual/help\">in</a> &lt;b&gt;x&lt;/b&gt; i</p>\n"
        );
    }

    #[test]
    fn a_table_is_one() {
        assert!(html("| a | b |\n| --- | --- |\n| 1 | 2 |\n").contains("<td>1</td>"));
    }
}

//! Forms as a browser without JavaScript sees them: read from the HTML, never assumed.

/// A form of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// Where it is sent to; empty is the page itself.
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// What is sent, in order.
    pub fields: Vec<Field>,
    /// The buttons' words.
    pub buttons: Vec<String>,
}

/// A named control.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// `text`, `email`, `hidden`, `select`, `textarea`, `submit` …
    pub kind: String,
    /// What is sent, filled in or not.
    pub value: String,
    /// Whether it is sent: a box that is not ticked and a button that is not pressed are not.
    pub on: bool,
    /// What a select offers.
    pub options: Vec<String>,
}

impl Form {
    /// The only field of a kind.
    ///
    /// # Panics
    /// When there is none, or more.
    #[track_caller]
    pub fn fill_kind(&mut self, kind: &str, value: &str) -> &mut Self {
        let mut of_kind = self.fields.iter_mut().filter(|field| field.kind == kind);
        let (Some(field), None) = (of_kind.next(), of_kind.next()) else {
            panic!("not exactly one field of type {kind}: {self:?}");
        };
        field.value = value.to_owned();
        self
    }

    /// The field of a name.
    ///
    /// # Panics
    /// When there is none.
    #[track_caller]
    pub fn fill(&mut self, name: &str, value: &str) -> &mut Self {
        match self.fields.iter_mut().find(|field| field.name == name) {
            Some(field) => value.clone_into(&mut field.value),
            None => panic!("no field {name}: {self:?}"),
        }
        self
    }

    /// The value of a field.
    pub fn value(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|field| field.name == name).map(|field| field.value.as_str())
    }

    /// Whether it has a field of that kind.
    pub fn has_kind(&self, kind: &str) -> bool {
        self.fields.iter().any(|field| field.kind == kind)
    }

    /// Presses a button that says more than "send".
    #[track_caller]
    pub fn press(&mut self, name: &str, value: &str) -> &mut Self {
        let pressed =
            |field: &&mut Field| field.kind == "submit" && field.name == name && field.value == value;
        match self.fields.iter_mut().find(pressed) {
            Some(button) => button.on = true,
            None => panic!("no button {name}={value}: {self:?}"),
        }
        self
    }

    /// Presses a button that belongs to the form and stands elsewhere on the page.
    pub fn press_outside(&mut self, name: &str, value: &str) -> &mut Self {
        let (name, kind, value) = (name.to_owned(), "submit".to_owned(), value.to_owned());
        self.fields.push(Field { name, kind, value, on: true, options: Vec::new() });
        self
    }

    /// What is sent.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let sent = self.fields.iter().filter(|field| field.on);
        sent.map(|field| (field.name.as_str(), field.value.as_str())).collect()
    }
}

/// A piece of HTML.
#[derive(Debug)]
enum Piece<'h> {
    Open(&'h str, Vec<(String, String)>),
    Close(&'h str),
    Text(&'h str),
}

/// All forms of a page.
pub fn forms(html: &str) -> Vec<Form> {
    let mut reader = FormReader::default();
    for piece in pieces(html) {
        reader.take(piece);
    }
    reader.forms
}

/// What a person reads on a page, its whitespace squeezed.
pub fn text(html: &str) -> String {
    let words = pieces(html).into_iter().filter_map(|piece| match piece {
        Piece::Text(text) => Some(decode(text)),
        Piece::Open(..) | Piece::Close(_) => None,
    });
    let text: Vec<String> =
        words.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
    text.join(" ")
}

#[derive(Default)]
struct FormReader {
    forms: Vec<Form>,
    inside: bool,
    within: Within,
}

/// The element whose text means something.
#[derive(Default, PartialEq, Eq)]
enum Within {
    #[default]
    Nothing,
    Textarea,
    Button,
    Datalist,
}

impl FormReader {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Open("form", attributes) => self.open_form(&attributes),
            Piece::Close("form") => self.inside = false,
            Piece::Open(name, attributes) if self.inside => self.open_control(name, &attributes),
            Piece::Close("textarea" | "button" | "datalist") => self.within = Within::Nothing,
            Piece::Text(text) if self.inside => self.take_text(&decode(text)),
            Piece::Open(..) | Piece::Close(_) | Piece::Text(_) => {}
        }
    }

    fn open_form(&mut self, attributes: &[(String, String)]) {
        let method = attribute(attributes, "method").unwrap_or("get").to_lowercase();
        let action = attribute(attributes, "action").unwrap_or_default().to_owned();
        self.forms.push(Form { action, method, fields: Vec::new(), buttons: Vec::new() });
        self.inside = true;
    }

    fn open_control(&mut self, name: &str, attributes: &[(String, String)]) {
        match name {
            "input" => {
                let kind = attribute(attributes, "type").unwrap_or("text").to_lowercase();
                self.control(&kind, attributes);
            }
            "select" => self.control("select", attributes),
            // What a field offers is not what is in it.
            "datalist" => self.within = Within::Datalist,
            "option" if self.within != Within::Datalist => self.option(attributes),
            "textarea" => {
                self.control("textarea", attributes);
                self.within = Within::Textarea;
            }
            "button" => {
                self.control(attribute(attributes, "type").unwrap_or("submit"), attributes);
                self.form().buttons.push(String::new());
                self.within = Within::Button;
            }
            _ => {}
        }
    }

    fn control(&mut self, kind: &str, attributes: &[(String, String)]) {
        let (Some(name), None) = (attribute(attributes, "name"), attribute(attributes, "disabled")) else {
            return;
        };
        let ticked = attribute(attributes, "checked").is_some();
        let unticked = if ticked || matches!(kind, "checkbox" | "radio") { "on" } else { "" };
        let field = Field {
            name: name.to_owned(),
            kind: kind.to_owned(),
            value: attribute(attributes, "value").unwrap_or(unticked).to_owned(),
            on: ticked || !matches!(kind, "checkbox" | "radio" | "submit" | "button"),
            options: Vec::new(),
        };
        self.form().fields.push(field);
    }

    /// The first option is the one that is sent unless another is selected.
    fn option(&mut self, attributes: &[(String, String)]) {
        let value = attribute(attributes, "value").unwrap_or_default().to_owned();
        let selected = attribute(attributes, "selected").is_some();
        if let Some(select) = self.form().fields.last_mut() {
            if selected || select.options.is_empty() {
                select.value.clone_from(&value);
            }
            select.options.push(value);
        }
    }

    fn take_text(&mut self, text: &str) {
        match self.within {
            Within::Nothing | Within::Datalist => {}
            Within::Textarea => {
                if let Some(field) = self.form().fields.last_mut() {
                    field.value.push_str(text);
                }
            }
            Within::Button => {
                if let Some(button) = self.form().buttons.last_mut() {
                    *button = format!("{button} {}", text.trim()).trim().to_owned();
                }
            }
        }
    }

    fn form(&mut self) -> &mut Form {
        self.forms.last_mut().unwrap()
    }
}

fn attribute<'a>(attributes: &'a [(String, String)], name: &str) -> Option<&'a str> {
    attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// Elements whose content is not HTML.
const RAW: [&str; 2] = ["script", "style"];

fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        pieces.push(Piece::Text(&rest[..at]));
        rest = &rest[at..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let (inside, after) = split_tag(rest);
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            pieces.push(Piece::Close(name.trim()));
        } else if !inside.starts_with('!') {
            let end = inside.find(|c: char| c.is_whitespace() || c == '/').unwrap_or(inside.len());
            let name = &inside[..end];
            pieces.push(Piece::Open(name, attributes(&inside[end..])));
            if RAW.contains(&name) {
                rest = rest.find(&format!("</{name}")).map_or("", |end| &rest[end..]);
            }
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// The inside of the tag that `html` begins with, and what follows it. A `>` in quotes ends no tag.
fn split_tag(html: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, letter) in html.char_indices() {
        match (quote, letter) {
            (None, '>') => return (&html[1..at], &html[at + 1..]),
            (None, '"' | '\'') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None | Some(_), _) => {}
        }
    }
    (&html[1..], "")
}

fn attributes(mut text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        if text.is_empty() {
            return found;
        }
        let end = text.find(|c: char| c.is_whitespace() || c == '=' || c == '/').unwrap_or(text.len()).max(1);
        let name = text[..end].to_lowercase();
        text = text[end..].trim_start();
        let value = match text.strip_prefix('=') {
            None => "",
            Some(after) => {
                let (value, rest) = attribute_value(after.trim_start());
                text = rest;
                value
            }
        };
        found.push((name, decode(value)));
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(quoted) = text.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Text with its character references resolved.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let reference = rest.find(';').and_then(|end| Some((character(&rest[1..end])?, end)));
        let (letter, end) = reference.unwrap_or(('&', 0));
        decoded.push(letter);
        rest = &rest[end + 1..];
    }
    decoded.push_str(rest);
    decoded
}

fn character(reference: &str) -> Option<char> {
    if let Some(number) = reference.strip_prefix("#x").or_else(|| reference.strip_prefix("#X")) {
        return char::from_u32(u32::from_str_radix(number, 16).ok()?);
    }
    if let Some(number) = reference.strip_prefix('#') {
        return char::from_u32(number.parse().ok()?);
    }
    let known = [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("nbsp", '\u{a0}')];
    known.iter().find(|(name, _)| *name == reference).map(|(_, letter)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<!doctype html><title>a &lt; b</title><script>if (1 < 2) "<form>"</script>
        <!-- <form action="/no"> --><input name="outside">
        <form method=post action='/x?a=1&amp;b="2"'><input type="hidden" name="key" value="a>b&#39;&#x20B9;">
        <input name=word required><input type="checkbox" name="t1" checked><input type=checkbox name=t2 value=y>
        <input name="off" disabled><select name="unit"><option value="day">d<option value="month" selected>m</select>
        <textarea name="notes">one &amp; two</textarea><button name="act" value="save"><b>Save</b> it</button></form>
        <form><input type="search" name="q"/></form>"#;

    #[test]
    fn forms_are_read_as_a_browser_reads_them() {
        let forms = forms(PAGE);
        assert_eq!(forms.len(), 2);
        assert_eq!((forms[0].method.as_str(), forms[0].action.as_str()), ("post", r#"/x?a=1&b="2""#));
        assert_eq!(forms[0].buttons, ["Save it"]);
        let sent = [("key", "a>b'₹"), ("word", ""), ("t1", "on"), ("unit", "month"), ("notes", "one & two")];
        assert_eq!(forms[0].pairs(), sent);
        assert_eq!((forms[1].method.as_str(), forms[1].pairs()), ("get", vec![("q", "")]));
    }

    #[test]
    fn a_form_is_filled_in_and_a_button_pressed() {
        let mut form = forms(PAGE).remove(0);
        form.fill("word", "w").fill_kind("textarea", "n").press("act", "save");
        let pairs = form.pairs();
        assert!(
            pairs.contains(&("word", "w"))
                && pairs.contains(&("notes", "n"))
                && pairs.contains(&("act", "save"))
        );
    }

    #[test]
    fn the_text_is_what_a_person_reads() {
        assert_eq!(text("<p>a  &amp;\n<b>b</b></p><style>p {}</style>"), "a & b");
        assert_eq!(text("1 &unknown; 2 & 3"), "1 &unknown; 2 & 3");
    }
}

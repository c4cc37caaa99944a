//! Forms: what is asked, what was answered, what is wrong with it.

use kernel::Invalid;

/// Something in a form that can be wrong.
pub trait Control {
    /// The id of its element.
    fn id(&self) -> &str;
    /// What is asked.
    fn label(&self) -> &str;
    /// What is wrong with the answer.
    fn error(&self) -> Option<&str>;
}

/// One line of the summary above a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The id of the element to mend.
    pub id: String,
    /// Its label.
    pub label: String,
    /// What is wrong.
    pub error: String,
}

/// What is wrong in a form, in the order of its controls.
pub fn problems<'a>(controls: impl IntoIterator<Item = &'a dyn Control>) -> Vec<Problem> {
    controls
        .into_iter()
        .filter_map(|control| {
            Some(Problem {
                id: control.id().to_owned(),
                // A colon follows it.
                label: control.label().trim_end_matches('?').to_owned(),
                error: control.error()?.to_owned(),
            })
        })
        .collect()
}

/// The errors at `pointer` or below it, as a sentence. Errors of the domain begin in lower case, because they
/// follow a field's name there.
fn sentence(invalid: &Invalid, pointer: &str) -> Option<String> {
    let at = |place: &str| {
        place.strip_prefix(pointer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let details: Vec<_> = invalid
        .errors()
        .iter()
        .filter(|error| at(&error.pointer))
        .map(|error| error.detail.as_str())
        .collect();
    let text = details.join("; ");
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(first.to_uppercase().chain(letters).collect())
}

macro_rules! control {
    ($control:ty) => {
        impl $control {
            /// A line below the label that helps to answer.
            #[must_use]
            pub fn hint(mut self, hint: impl Into<String>) -> Self {
                self.hint = Some(hint.into());
                self
            }

            /// What is wrong with the answer.
            #[must_use]
            pub fn error(mut self, error: impl Into<String>) -> Self {
                self.error = Some(error.into());
                self
            }

            /// Takes from `invalid` what is wrong at `pointer` or below it.
            #[must_use]
            pub fn check(mut self, invalid: &Invalid, pointer: &str) -> Self {
                self.error = sentence(invalid, pointer).or(self.error);
                self
            }

            /// Another id, where two forms on a page ask for the same name.
            #[must_use]
            pub fn id(mut self, id: impl Into<String>) -> Self {
                self.id = id.into();
                self
            }

            /// What `aria-describedby` names: the hint, then the error.
            pub fn described_by(&self) -> Option<String> {
                let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
                let error = self.error.as_ref().map(|_| format!("{}-error", self.id));
                match (hint, error) {
                    (Some(hint), Some(error)) => Some(format!("{hint} {error}")),
                    (hint, error) => hint.or(error),
                }
            }
        }

        impl Control for $control {
            fn id(&self) -> &str {
                &self.id
            }

            fn label(&self) -> &str {
                &self.label
            }

            fn error(&self) -> Option<&str> {
                self.error.as_deref()
            }
        }
    };
}

/// A question with an answer of one line, or of several.
#[derive(Debug, Clone)]
pub struct Field {
    /// The element's id.
    pub id: String,
    /// The name it is sent under.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// The `type` of the input; `area` for several lines.
    pub kind: &'static str,
    /// What was answered.
    pub value: String,
    /// A line that helps to answer.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
    /// What browsers and password managers should fill in.
    pub autocomplete: Option<&'static str>,
    /// Which keyboard a phone shows.
    pub inputmode: Option<&'static str>,
    /// An example, in grey; never the only place where something is said.
    pub placeholder: Option<String>,
    /// The longest answer, in characters.
    pub max_length: Option<u32>,
    /// The shortest answer, in characters.
    pub min_length: Option<u32>,
    /// Answers that are offered while one types; any other may be given.
    pub suggestions: Vec<&'static str>,
    /// Whether it may stay empty; then its label says so.
    pub optional: bool,
}

control!(Field);

impl Field {
    fn new(kind: &'static str, name: &'static str, label: impl Into<String>) -> Self {
        Self {
            id: format!("field-{name}"),
            name,
            label: label.into(),
            kind,
            value: String::new(),
            hint: None,
            error: None,
            autocomplete: None,
            inputmode: None,
            placeholder: None,
            max_length: None,
            min_length: None,
            suggestions: Vec::new(),
            optional: false,
        }
    }

    /// One line of text.
    pub fn text(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("text", name, label)
    }

    /// Several lines of text.
    pub fn area(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("area", name, label)
    }

    /// An address for mail.
    pub fn email(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("email", name, label).autocomplete("email")
    }

    /// A password; `autocomplete` is `current-password` or `new-password`. Its value is never sent back.
    pub fn password(name: &'static str, label: impl Into<String>, autocomplete: &'static str) -> Self {
        Self::new("password", name, label).autocomplete(autocomplete)
    }

    /// A calendar date; the value is `YYYY-MM-DD`.
    pub fn date(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("date", name, label)
    }

    /// A time of day; the value is `HH:MM`.
    pub fn time(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("time", name, label)
    }

    /// A link.
    pub fn url(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("url", name, label).inputmode("url").autocomplete("off")
    }

    /// An amount, as text: a number input would round, and spin under a scrolling finger.
    pub fn amount(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("text", name, label).inputmode("decimal").autocomplete("off").max_length(20)
    }

    /// A small whole number.
    pub fn count(name: &'static str, label: impl Into<String>) -> Self {
        Self::new("text", name, label).inputmode("numeric").autocomplete("off").max_length(3)
    }

    /// What was answered.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// What browsers and password managers should fill in.
    #[must_use]
    pub const fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = Some(autocomplete);
        self
    }

    /// Which keyboard a phone shows.
    #[must_use]
    pub const fn inputmode(mut self, inputmode: &'static str) -> Self {
        self.inputmode = Some(inputmode);
        self
    }

    /// An example, in grey.
    #[must_use]
    pub fn placeholder(mut self, placeholder: impl Into<String>) -> Self {
        self.placeholder = Some(placeholder.into());
        self
    }

    /// Answers to offer while one types.
    #[must_use]
    pub fn suggestions(mut self, suggestions: Vec<&'static str>) -> Self {
        self.suggestions = suggestions;
        self
    }

    /// The longest answer, in characters.
    #[must_use]
    pub const fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// The shortest answer, in characters.
    #[must_use]
    pub const fn min_length(mut self, characters: u32) -> Self {
        self.min_length = Some(characters);
        self
    }

    /// May stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// One of the answers of a [`Select`].
#[derive(Debug, Clone)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub text: String,
}

/// A question with one answer out of many.
#[derive(Debug, Clone)]
pub struct Select {
    /// The element's id.
    pub id: String,
    /// The name it is sent under.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// The answers under their headings; an empty heading is none.
    pub groups: Vec<(String, Vec<Choice>)>,
    /// The value that is chosen.
    pub value: String,
    /// A line that helps to answer.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
}

control!(Select);

impl Select {
    /// A question without answers yet.
    pub fn new(name: &'static str, label: impl Into<String>) -> Self {
        Self {
            id: format!("field-{name}"),
            name,
            label: label.into(),
            groups: Vec::new(),
            value: String::new(),
            hint: None,
            error: None,
        }
    }

    /// Adds answers: what is sent, and what is read.
    #[must_use]
    pub fn choices<V: Into<String>, T: Into<String>>(
        self,
        choices: impl IntoIterator<Item = (V, T)>,
    ) -> Self {
        self.group("", choices)
    }

    /// Adds answers under a heading.
    #[must_use]
    pub fn group<V: Into<String>, T: Into<String>>(
        mut self,
        heading: impl Into<String>,
        choices: impl IntoIterator<Item = (V, T)>,
    ) -> Self {
        let choices =
            choices.into_iter().map(|(value, text)| Choice { value: value.into(), text: text.into() });
        self.groups.push((heading.into(), choices.collect()));
        self
    }

    /// Which answer is chosen.
    #[must_use]
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
}

/// A question with the answers yes and no.
#[derive(Debug, Clone)]
pub struct Checkbox {
    /// The element's id.
    pub id: String,
    /// The name it is sent under, with the value `true`, when ticked.
    pub name: &'static str,
    /// What is asked.
    pub label: String,
    /// Whether it is ticked.
    pub checked: bool,
    /// A line that helps to answer.
    pub hint: Option<String>,
    /// What is wrong with the answer.
    pub error: Option<String>,
}

control!(Checkbox);

impl Checkbox {
    /// A question that is ticked or not.
    pub fn new(name: &'static str, label: impl Into<String>, checked: bool) -> Self {
        Self { id: format!("field-{name}"), name, label: label.into(), checked, hint: None, error: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invalid() -> Invalid {
        let mut invalid = Invalid::new();
        invalid.add("/price/amount", "too many decimals: INR has 2");
        invalid.add("/price/currency", "unknown currency");
        invalid.add("/pricey", "is not this field's");
        invalid
    }

    #[test]
    fn a_field_shows_what_is_wrong_at_its_place_and_below() {
        let amount = Field::amount("amount", "Price").check(&invalid(), "/price/amount");
        assert_eq!(amount.error.as_deref(), Some("Too many decimals: INR has 2"));
        let price = Field::amount("amount", "Price").check(&invalid(), "/price");
        assert_eq!(price.error.as_deref(), Some("Too many decimals: INR has 2; unknown currency"));
        assert_eq!(Field::text("name", "Name").check(&invalid(), "/name").error, None);
    }

    #[test]
    fn hint_and_error_are_read_in_that_order() {
        let field = Field::text("name", "Name");
        assert_eq!(field.described_by(), None);
        let field = field.hint("As you call it.").error("Say a name.");
        assert_eq!(field.described_by().as_deref(), Some("field-name-hint field-name-error"));
    }

    #[test]
    fn the_summary_keeps_the_order_of_the_form() {
        let (name, price) =
            (Field::text("name", "Name").error("Say a name."), Field::amount("amount", "Price"));
        let yes = Checkbox::new("agree", "Agree", false).error("Needed.");
        let found = problems([&name as &dyn Control, &price, &yes]);
        assert_eq!(
            found.iter().map(|problem| problem.id.as_str()).collect::<Vec<_>>(),
            ["field-name", "field-agree"]
        );
    }
}

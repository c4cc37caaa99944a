//! What a household sorts its subscriptions by: categories of its own, tags, and what it pays with.

use std::{fmt, str::FromStr};

use kernel::{CategoryId, HouseholdId, Invalid, PaymentMethodId, TagId};

use super::{Category, CategoryError, choice::choices, text::LabelName};

/// What kind of thing one is: a built-in category, or one of the household's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CategoryChoice {
    /// Known to everybody, by its slug.
    BuiltIn(Category),
    /// The household's own, by its id.
    Own(CategoryId),
}

impl CategoryChoice {
    /// What holds where nothing was chosen.
    pub const OTHER: Self = Self::BuiltIn(Category::Other);
}

impl fmt::Display for CategoryChoice {
    /// The word on the wire and in the database.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(category) => f.write_str(category.slug()),
            Self::Own(id) => id.fmt(f),
        }
    }
}

impl FromStr for CategoryChoice {
    type Err = CategoryError;

    fn from_str(text: &str) -> Result<Self, CategoryError> {
        match text.parse() {
            Ok(category) => Ok(Self::BuiltIn(category)),
            Err(error) => text.parse().map(Self::Own).map_err(|_| error),
        }
    }
}

choices! {
    /// By what a household sorts.
    LabelKind, "category, tag, payment_method" {
        /// What kind of thing it is, one each.
        Category "category" "Categories"
        /// Words of one's own, any number each.
        Tag "tag" "Tags"
        /// What it is paid with.
        PaymentMethod "payment_method" "Payment methods"
    }
}

choices! {
    /// What kind of thing one pays with.
    MethodKind, "card, bank, upi, wallet, cash, other" {
        /// A credit or debit card.
        Card "card" "Card"
        /// An account at a bank.
        Bank "bank" "Bank account"
        /// UPI.
        Upi "upi" "UPI"
        /// A wallet or payment service.
        Wallet "wallet" "Wallet"
        /// Notes and coins.
        Cash "cash" "Cash"
        /// Something else.
        Other "other" "Other"
    }
}

/// What else is known of something one pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Method {
    /// What kind of thing it is.
    pub kind: MethodKind,
    /// Its last four digits.
    pub last4: Option<Last4>,
    /// Whether it is out of use: kept for what was paid with it, no longer offered.
    pub archived: bool,
}

/// The last four digits of a card or an account. Never more of it than that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Last4(String);

impl Last4 {
    /// Four digits.
    ///
    /// # Errors
    /// [`Last4Error`] when it is anything else.
    pub fn parse(text: &str) -> Result<Self, Last4Error> {
        let text = text.trim();
        let right = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        if right { Ok(Self(text.to_owned())) } else { Err(Last4Error) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// No four digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be the last four digits, and nothing else")]
pub struct Last4Error;

/// A category, a tag or a payment method of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// Its id, of the kind that it is.
    pub id: uuid::Uuid,
    /// Whose.
    pub household: HouseholdId,
    /// What it is.
    pub kind: LabelKind,
    /// What it is called.
    pub name: LabelName,
    /// What else is known of it, when it is a payment method.
    pub method: Option<Method>,
    /// Grows by one with every change that is stored.
    pub version: i64,
}

/// A label as it was asked for: what is `None` stays, or is as it begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LabelInput {
    /// What it is called.
    pub name: Option<String>,
    /// What kind of payment method it is.
    pub method: Option<String>,
    /// Its last four digits.
    pub last4: Option<Option<String>>,
    /// Whether it is out of use.
    pub archived: Option<bool>,
}

impl Label {
    /// The most labels of a kind that a household has.
    pub const MOST: usize = 200;

    /// A new one.
    ///
    /// # Errors
    /// [`Invalid`], with a pointer a field.
    pub fn create(
        id: uuid::Uuid,
        household: HouseholdId,
        kind: LabelKind,
        input: &LabelInput,
    ) -> Result<Self, Invalid> {
        let method = (kind == LabelKind::PaymentMethod).then_some(Method {
            kind: MethodKind::Card,
            last4: None,
            archived: false,
        });
        let mut invalid = Invalid::new();
        if input.name.is_none() {
            invalid.add("/name", "must not be empty");
        }
        let name = LabelName::stored(String::new());
        let mut label = Self { id, household, kind, name, method, version: 1 };
        label.read(input, &mut invalid);
        invalid.into_result().map(|()| label)
    }

    /// Changes all that `input` names, or nothing when any of it is wrong.
    ///
    /// # Errors
    /// [`Invalid`], with a pointer a field.
    pub fn edit(&mut self, input: &LabelInput) -> Result<(), Invalid> {
        let mut invalid = Invalid::new();
        let mut next = self.clone();
        next.read(input, &mut invalid);
        invalid.into_result()?;
        *self = next;
        Ok(())
    }

    fn read(&mut self, input: &LabelInput, invalid: &mut Invalid) {
        if let Some(name) =
            input.name.as_deref().and_then(|name| invalid.check("/name", LabelName::parse(name)))
        {
            self.name = name;
        }
        let Some(method) = &mut self.method else { return };
        if let Some(kind) = input.method.as_deref().and_then(|kind| invalid.check("/kind", kind.parse())) {
            method.kind = kind;
        }
        if let Some(last4) = &input.last4 {
            method.last4 = match last4.as_deref().map(str::trim).filter(|digits| !digits.is_empty()) {
                Some(digits) => invalid.check("/last4", Last4::parse(digits)),
                None => None,
            };
        }
        method.archived = input.archived.unwrap_or(method.archived);
    }

    /// The name as two that differ in casing alone share it.
    pub fn folded(&self) -> String {
        self.name.as_str().to_lowercase()
    }

    /// What people read: a card with its last digits.
    pub fn text(&self) -> String {
        match self.method.as_ref().and_then(|method| method.last4.as_ref()) {
            Some(digits) => format!("{} ··{}", self.name, digits.as_str()),
            None => self.name.to_string(),
        }
    }

    /// Whether it is offered where one chooses.
    pub fn offered(&self) -> bool {
        self.method.as_ref().is_none_or(|method| !method.archived)
    }
}

/// All that a household sorts by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sorting(Vec<Label>);

impl Sorting {
    /// Of these labels, by name.
    pub fn new(mut labels: Vec<Label>) -> Self {
        labels.sort_by_cached_key(|label| (label.kind, label.folded(), label.id));
        Self(labels)
    }

    /// Those of a kind, by name.
    pub fn of(&self, kind: LabelKind) -> impl Iterator<Item = &Label> {
        self.0.iter().filter(move |label| label.kind == kind)
    }

    /// The one of a kind and id.
    pub fn find<K>(&self, kind: LabelKind, id: kernel::Id<K>) -> Option<&Label> {
        self.0.iter().find(|label| label.kind == kind && label.id == id.uuid())
    }

    /// What a category is called; one that is gone is as if it had never been chosen.
    pub fn category(&self, category: CategoryChoice) -> &str {
        match category {
            CategoryChoice::BuiltIn(category) => category.label(),
            CategoryChoice::Own(id) => self
                .find(LabelKind::Category, id)
                .map_or(Category::Other.label(), |label| label.name.as_str()),
        }
    }
}

/// Where what is sorted by a label goes when that is taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewPlace {
    /// To a built-in category.
    BuiltIn(Category),
    /// To another label of the same kind.
    Own(uuid::Uuid),
    /// To none: the category *other*, no tag, no payment method.
    Nowhere,
}

impl NewPlace {
    /// Reads the id of a label of `kind`, a built-in category's slug, or `none`.
    ///
    /// # Errors
    /// [`Invalid`] at `/move_to`.
    pub fn read(kind: LabelKind, text: &str) -> Result<Self, Invalid> {
        let own = match kind {
            LabelKind::Category => match text.parse() {
                Ok(CategoryChoice::BuiltIn(category)) => return Ok(Self::BuiltIn(category)),
                Ok(CategoryChoice::Own(id)) => Some(id.uuid()),
                Err(_) => None,
            },
            LabelKind::Tag => text.parse::<TagId>().ok().map(TagId::uuid),
            LabelKind::PaymentMethod => text.parse::<PaymentMethodId>().ok().map(PaymentMethodId::uuid),
        };
        match own {
            Some(id) => Ok(Self::Own(id)),
            None if text == "none" => Ok(Self::Nowhere),
            None => Err(Invalid::field("/move_to", "must be the id of another one, or none")),
        }
    }

    /// The label, where it is one.
    pub const fn own(self) -> Option<uuid::Uuid> {
        match self {
            Self::Own(id) => Some(id),
            Self::BuiltIn(_) | Self::Nowhere => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::id;

    fn label(kind: LabelKind, input: &LabelInput) -> Result<Label, Invalid> {
        Label::create(uuid::Uuid::nil(), id(1), kind, input)
    }

    fn named(name: &str) -> LabelInput {
        LabelInput { name: Some(name.into()), ..LabelInput::default() }
    }

    fn pointers(invalid: &Invalid) -> Vec<&str> {
        invalid.errors().iter().map(|error| error.pointer.as_str()).collect()
    }

    #[test]
    fn a_category_is_a_slug_or_an_id_of_ones_own() {
        let own = "cat_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f";
        for text in ["music", own] {
            assert_eq!(text.parse::<CategoryChoice>().unwrap().to_string(), text);
        }
        assert!("tag_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".parse::<CategoryChoice>().is_err());
        let gone = Sorting::default();
        assert_eq!(gone.category(own.parse().unwrap()), "Other");
        assert_eq!(gone.category("music".parse().unwrap()), "Music");
    }

    #[test]
    fn a_payment_method_keeps_four_digits_and_no_more() {
        let card = LabelInput { last4: Some(Some("4242424242424242".into())), ..named("Visa") };
        assert_eq!(pointers(&label(LabelKind::PaymentMethod, &card).unwrap_err()), ["/last4"]);
        let card =
            LabelInput { last4: Some(Some(" 4242 ".into())), method: Some("card".into()), ..named("Visa") };
        let mut made = label(LabelKind::PaymentMethod, &card).unwrap();
        assert_eq!(made.text(), "Visa ··4242");
        made.edit(&LabelInput { archived: Some(true), last4: Some(None), ..LabelInput::default() }).unwrap();
        assert_eq!((made.text().as_str(), made.offered()), ("Visa", false));
    }

    #[test]
    fn everything_wrong_with_a_label_is_named_and_changes_nothing() {
        let wrong =
            LabelInput { name: Some(" ".into()), method: Some("gold".into()), ..LabelInput::default() };
        assert_eq!(pointers(&label(LabelKind::PaymentMethod, &wrong).unwrap_err()), ["/name", "/kind"]);
        assert_eq!(pointers(&label(LabelKind::Tag, &LabelInput::default()).unwrap_err()), ["/name"]);
        let mut tag = label(LabelKind::Tag, &named("Work")).unwrap();
        let before = tag.clone();
        tag.edit(&named("\u{202e}")).unwrap_err();
        assert_eq!(tag, before);
    }
}

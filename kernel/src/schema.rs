//! How the words look in the OpenAPI document.

use std::borrow::Cow;

use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Object, ObjectBuilder, RefOr, Schema,
        schema::{KnownFormat, SchemaFormat, Type},
    },
};

use crate::{Currency, Id, Kind, Locale, Money, Zone};

fn text() -> ObjectBuilder {
    Object::builder().schema_type(Type::String)
}

impl<K: Kind> PartialSchema for Id<K> {
    fn schema() -> RefOr<Schema> {
        text()
            .pattern(Some(format!("^{}_[0-9a-f]{{32}}$", K::PREFIX)))
            .examples([format!("{}_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f", K::PREFIX)])
            .into()
    }
}

impl<K: Kind> ToSchema for Id<K> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}_id", K::PREFIX))
    }
}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        text().pattern(Some("^[A-Z]{3}$")).description(Some("A code of ISO 4217.")).examples(["INR"]).into()
    }
}

impl ToSchema for Currency {
    fn name() -> Cow<'static, str> {
        "Currency".into()
    }
}

impl PartialSchema for Money {
    fn schema() -> RefOr<Schema> {
        Object::builder()
            .schema_type(Type::Object)
            .description(Some("A decimal with exactly the currency's digits, and the currency."))
            .property("amount", text().pattern(Some(r"^-?[0-9]+(\.[0-9]+)?$")).examples(["499.00"]))
            .required("amount")
            .property("currency", Currency::schema())
            .required("currency")
            .into()
    }
}

impl ToSchema for Money {
    fn name() -> Cow<'static, str> {
        "Money".into()
    }
}

impl PartialSchema for Zone {
    fn schema() -> RefOr<Schema> {
        text().description(Some("A name of the IANA time zone database.")).examples(["Asia/Kolkata"]).into()
    }
}

impl ToSchema for Zone {
    fn name() -> Cow<'static, str> {
        "TimeZone".into()
    }
}

impl PartialSchema for Locale {
    fn schema() -> RefOr<Schema> {
        text()
            .pattern(Some("^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$"))
            .description(Some("A language tag of BCP 47."))
            .examples(["en-IN"])
            .into()
    }
}

impl ToSchema for Locale {
    fn name() -> Cow<'static, str> {
        "Locale".into()
    }
}

/// A calendar date on the wire; for `#[schema(schema_with = …)]` where a field is a `jiff` date.
pub fn date() -> Object {
    text().format(Some(SchemaFormat::KnownFormat(KnownFormat::Date))).examples(["2026-05-31"]).build()
}

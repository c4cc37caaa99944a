//! The few types that go into a statement.

use jiff::{Timestamp, civil::Date};
use kernel::Id;
use uuid::Uuid;

/// A value bound to `$n`.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL's `NULL`.
    Null,
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A text.
    Text(String),
    /// An id.
    Uuid(Uuid),
    /// A point in time, in microseconds.
    Instant(Timestamp),
    /// A civil date.
    Date(Date),
    /// A JSON document, as its text.
    Json(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Whole numbers for `= ANY($n)`.
    Integers(Vec<i64>),
}

impl Value {
    /// A value kept as JSON.
    ///
    /// Types of ours always have a JSON form; one that had none would be kept as `null`, which no reader takes.
    pub fn json<T: serde::Serialize>(value: &T) -> Self {
        Self::Json(serde_json::to_string(value).unwrap_or_else(|_| "null".into()))
    }
}

macro_rules! from {
    ($($of:ty => $make:expr;)*) => {$(
        impl From<$of> for Value {
            fn from(value: $of) -> Self {
                let make: fn($of) -> Self = $make;
                make(value)
            }
        }
    )*};
}

from! {
    bool => Value::Boolean;
    i64 => Value::Integer;
    i32 => |n| Value::Integer(n.into());
    u32 => |n| Value::Integer(n.into());
    u16 => |n| Value::Integer(n.into());
    String => Value::Text;
    &str => |text| Value::Text(text.to_owned());
    &String => |text| Value::Text(text.clone());
    Uuid => Value::Uuid;
    Timestamp => Value::Instant;
    Date => Value::Date;
    Vec<u8> => Value::Bytes;
    Vec<i64> => Value::Integers;
}

impl<K> From<Id<K>> for Value {
    fn from(id: Id<K>) -> Self {
        Self::Uuid(id.uuid())
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

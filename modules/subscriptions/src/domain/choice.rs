//! Choices out of a few words.

/// A text that is none of the words that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct ChoiceError(pub(in crate::domain) &'static str);

/// An enum whose variants are words on the wire and in the database, each with what people read.
macro_rules! choices {
    ($(#[$doc:meta])* $name:ident, $all:literal { $($(#[$variant_doc:meta])* $variant:ident $word:literal $label:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one, in the order in which people are shown them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// What people read.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::ChoiceError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::ALL.into_iter().find(|each| each.as_str() == text).ok_or($crate::domain::choice::ChoiceError($all))
            }
        }
    };
}

pub(in crate::domain) use choices;

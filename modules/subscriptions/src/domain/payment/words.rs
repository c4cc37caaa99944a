//! The words of a payment.

use std::str::FromStr;

/// A text that is none of the words of a payment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct PaymentWordError(&'static str);

macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $all:literal { $($(#[$variant_doc:meta])* $variant:ident $word:literal)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$variant),*];

            /// The word on the wire and in the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl FromStr for $name {
            type Err = PaymentWordError;

            fn from_str(text: &str) -> Result<Self, PaymentWordError> {
                Self::ALL.into_iter().find(|each| each.as_str() == text).ok_or(PaymentWordError($all))
            }
        }
    };
}

words! {
    /// What became of a charge, in a word.
    PaymentStatus, "due, paid, failed, skipped, refunded" {
        /// To be paid by hand.
        Due "due"
        /// The money has moved.
        Paid "paid"
        /// It was tried, and did not go through.
        Failed "failed"
        /// It will not be paid.
        Skipped "skipped"
        /// The money came back.
        Refunded "refunded"
    }
}

words! {
    /// How we know of a charge.
    PaymentSource, "renewal, manual, assumed, message, statement" {
        /// Its charge date arrived.
        Renewal "renewal"
        /// Somebody entered it.
        Manual "manual"
        /// It fell due before the subscription was tracked, and will have been paid.
        Assumed "assumed"
        /// Words told of it.
        Message "message"
        /// A bank statement told of it.
        Statement "statement"
    }
}

words! {
    /// What a change of a payment was.
    ChangeKind, "changed, confirmed, undone" {
        /// Somebody changed it.
        Changed "changed"
        /// A message or a statement told of it.
        Confirmed "confirmed"
        /// The change before it was taken back.
        Undone "undone"
    }
}

impl PaymentStatus {
    /// Where the money has yet to move.
    pub const OPEN: [Self; 2] = [Self::Due, Self::Failed];
}

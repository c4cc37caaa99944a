//! What kind of thing is paid for.

use std::str::FromStr;

/// A text that names no category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown category: give one of {}", Category::ALL.map(Category::slug).join(", "))]
pub struct CategoryError;

macro_rules! categories {
    ($($name:ident $slug:literal $label:literal)*) => {
        /// One of the built-in categories.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Category {
            $(#[doc = $label] $name,)*
        }

        impl Category {
            /// Every one, in the order in which people are shown them.
            pub const ALL: [Self; [$($slug),*].len()] = [$(Self::$name),*];

            /// The word on the wire and in the database.
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)* }
            }

            /// What it is called in English.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }
        }
    };
}

categories! {
    Entertainment "entertainment" "Entertainment"
    Music "music" "Music"
    News "news" "News and magazines"
    Software "software" "Software"
    Cloud "cloud" "Cloud and storage"
    Gaming "gaming" "Gaming"
    Fitness "fitness" "Fitness"
    Education "education" "Education"
    Utilities "utilities" "Utilities"
    Internet "internet" "Internet"
    Phone "phone" "Phone"
    Insurance "insurance" "Insurance"
    Housing "housing" "Housing"
    Transport "transport" "Transport"
    Food "food" "Food and drink"
    Shopping "shopping" "Shopping"
    Finance "finance" "Finance"
    Health "health" "Health"
    Charity "charity" "Charity"
    Other "other" "Other"
}

impl FromStr for Category {
    type Err = CategoryError;

    fn from_str(text: &str) -> Result<Self, CategoryError> {
        Self::ALL.into_iter().find(|category| category.slug() == text).ok_or(CategoryError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_read_back_and_nothing_else_does() {
        assert_eq!(Category::ALL.len(), 20);
        for category in Category::ALL {
            assert_eq!(category.slug().parse(), Ok(category));
        }
        for wrong in ["", "Music", "streaming", "music "] {
            assert_eq!(wrong.parse::<Category>(), Err(CategoryError), "{wrong:?}");
        }
    }

    #[test]
    fn the_mistake_names_what_can_be_chosen() {
        assert!(
            CategoryError.to_string().starts_with("unknown category: give one of entertainment, music, ")
        );
    }
}

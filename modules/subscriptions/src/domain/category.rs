//! What kind of thing is paid for.

use std::str::FromStr;

use super::Service;

/// A text that names no category.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown category: give one of {}", Category::ALL.map(Category::slug).join(", "))]
pub struct CategoryError;

impl Category {
    /// What kind of thing a service is, as the catalogue says.
    pub fn of(service: &Service) -> Self {
        let known = catalogue::by_slug(service.as_str()).and_then(|known| known.category().parse().ok());
        known.unwrap_or(Self::Other)
    }
}

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
    fn the_catalogue_knows_the_same_ones() {
        assert_eq!(Category::ALL.map(Category::slug), catalogue::CATEGORIES);
        assert_eq!(Category::of(&Service::parse("spotify").unwrap()), Category::Music);
        assert_eq!(Category::of(&Service::parse("somebody-unknown").unwrap()), Category::Other);
    }

    #[test]
    fn the_mistake_names_what_can_be_chosen() {
        assert!(
            CategoryError.to_string().starts_with("unknown category: give one of entertainment, music, ")
        );
    }
}

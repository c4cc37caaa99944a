//! How typed words were understood, before anything is saved.

/// The line in which one types a subscription.
#[derive(Debug, Clone)]
pub struct QuickAdd {
    /// Where the form is posted to, with the words as `text`.
    pub action: String,
    /// Where a script asks for a reading while one types.
    pub reading_url: String,
    /// Where a script sends a list that is pasted into the line, as `text`: a line a thing.
    pub list_url: String,
    /// What was typed.
    pub text: String,
    /// How it was understood.
    pub reading: Option<Reading>,
    /// Whether the page is there for this line, so that one can type at once.
    pub autofocus: bool,
}

impl Default for QuickAdd {
    fn default() -> Self {
        Self {
            action: "/add".into(),
            reading_url: "/add/reading".into(),
            list_url: "/add/list".into(),
            text: String::new(),
            reading: None,
            autofocus: false,
        }
    }
}

/// What will come of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Saving does what the chips say.
    Ready,
    /// What the chips say has been done.
    Done,
    /// Something is missing or doubtful: saving asks first.
    Unsure,
    /// Not about a subscription: saving does nothing.
    Refused,
}

impl Standing {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Done => "done",
            Self::Unsure => "unsure",
            Self::Refused => "refused",
        }
    }

    /// Its symbol in the sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Ready | Self::Done => "check",
            Self::Unsure => "question",
            Self::Refused => "info",
        }
    }
}

/// How words were understood.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What will come of them.
    pub standing: Standing,
    /// What will be done, in a few words: `Adds a subscription`.
    pub lead: String,
    /// Each thing that was found, or that is missing.
    pub chips: Vec<Chip>,
    /// What else is to be said: a duplicate, a reason.
    pub note: Option<String>,
}

impl Reading {
    /// A reading without chips yet.
    pub fn new(standing: Standing, lead: impl Into<String>) -> Self {
        Self { standing, lead: lead.into(), chips: Vec::new(), note: None }
    }

    /// Adds something that was found in the words.
    #[must_use]
    pub fn read(self, found: Found, value: impl Into<String>) -> Self {
        self.chip(found, value, Certainty::Read)
    }

    /// Adds something that the words left open and that was taken for granted.
    #[must_use]
    pub fn assumed(self, found: Found, value: impl Into<String>) -> Self {
        self.chip(found, value, Certainty::Assumed)
    }

    /// Adds something that is needed and was not found.
    #[must_use]
    pub fn missing(self, found: Found, question: impl Into<String>) -> Self {
        self.chip(found, question, Certainty::Missing)
    }

    /// Says something below the chips.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    fn chip(mut self, found: Found, value: impl Into<String>, certainty: Certainty) -> Self {
        self.chips.push(Chip { found, value: value.into(), certainty });
        self
    }
}

/// One thing in a reading.
#[derive(Debug, Clone)]
pub struct Chip {
    /// What kind of thing.
    pub found: Found,
    /// As the reader would write it.
    pub value: String,
    /// How it came about.
    pub certainty: Certainty,
}

/// How a thing in a reading came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The words say it.
    Read,
    /// The words leave it open; this is what is usual.
    Assumed,
    /// It is needed, and the words do not say it.
    Missing,
}

impl Certainty {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Assumed => "assumed",
            Self::Missing => "missing",
        }
    }

    /// What a screen reader adds, as colour and dashes say nothing to it.
    pub const fn spoken(self) -> &'static str {
        match self {
            Self::Read => "",
            Self::Assumed => "assumed",
            Self::Missing => "missing",
        }
    }
}

/// What kind of thing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Which service.
    Name,
    /// How much.
    Price,
    /// How often.
    Cycle,
    /// When next.
    Next,
    /// Free until when.
    Trial,
    /// Over when.
    End,
    /// What kind of service.
    Category,
}

impl Found {
    /// What a screen reader says before the value.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Price => "Price",
            Self::Cycle => "Cycle",
            Self::Next => "Next charge",
            Self::Trial => "Trial",
            Self::End => "Ends",
            Self::Category => "Category",
        }
    }

    /// Its symbol in the sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Name => "tag",
            Self::Price => "coin",
            Self::Cycle => "repeat",
            Self::Next => "calendar",
            Self::Trial => "gift",
            Self::End => "stop",
            Self::Category => "folder",
        }
    }
}

//! What a layout needs around the content.

use crate::Manner;

/// Everything that surrounds a page's content. Each page struct has one, in a field named `shell`.
#[derive(Debug, Clone)]
pub struct Shell {
    /// What the browser's tab says, without the product's name.
    pub title: String,
    /// How its reader reads money and dates.
    pub manner: Manner,
    /// Who is signed in; nobody on the pages of `entry.html`.
    pub person: Option<Person>,
    /// The households they belong to; nothing is said of them where there are none.
    pub homes: Vec<Home>,
    /// Where in the product the page is.
    pub tab: Option<Tab>,
    /// What the last act led to, told once.
    pub notice: Option<Notice>,
    /// What the person chose over the device's own choice.
    pub theme: Option<Theme>,
    /// How many notifications they have not read, where the page knows; else the bell finds out by itself.
    pub unread: Option<u32>,
    /// What is looked at, where the tab does not say it: its screen, and its id where it is one thing, so that help begins
    /// with it.
    pub help: Option<(&'static str, String)>,
}

impl Shell {
    /// A page called `title`, for a reader of some manner.
    pub fn new(title: impl Into<String>, manner: Manner) -> Self {
        Self {
            title: title.into(),
            manner,
            person: None,
            homes: Vec::new(),
            tab: None,
            notice: None,
            theme: None,
            unread: None,
            help: None,
        }
    }

    /// Where help is asked for from here: with what is looked at, else with the place.
    pub fn help_href(&self) -> String {
        match (&self.help, self.tab) {
            (Some((screen, id)), _) if id.is_empty() => format!("/help?screen={screen}"),
            (Some((screen, id)), _) => format!("/help?screen={screen}&object={id}"),
            (None, Some(tab)) => format!("/help?screen={}", tab.href().trim_start_matches('/')),
            (None, None) => "/help".into(),
        }
    }

    /// What is looked at, for help that is asked for here: the screen, and the id of what it shows, if it is one thing.
    #[must_use]
    pub fn about(mut self, screen: &'static str, id: impl Into<String>) -> Self {
        self.help = Some((screen, id.into()));
        self
    }

    /// Who is signed in.
    #[must_use]
    pub fn signed_in(mut self, person: Person) -> Self {
        self.person = Some(person);
        self
    }

    /// Which households the person can look at.
    #[must_use]
    pub fn among(mut self, homes: Vec<Home>) -> Self {
        self.homes = homes;
        self
    }

    /// The household that is looked at.
    pub fn home(&self) -> Option<&Home> {
        self.homes.iter().find(|home| home.current)
    }

    /// Whether what adds and changes things is offered: not to those who may only look at this household.
    pub fn may_change(&self) -> bool {
        self.home().is_none_or(|home| home.may_change)
    }

    /// The places that are offered.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + use<> {
        let may_change = self.may_change();
        Tab::ALL.into_iter().filter(move |tab| may_change || *tab != Tab::Add)
    }

    /// What the bell says: a number, or nothing where there is nothing new or the page does not know.
    pub fn bell(&self) -> String {
        match self.unread {
            None | Some(0) => String::new(),
            Some(100..) => "99+".into(),
            Some(count) => count.to_string(),
        }
    }

    /// Which tab is the current one.
    #[must_use]
    pub const fn on(mut self, tab: Tab) -> Self {
        self.tab = Some(tab);
        self
    }

    /// What to tell at the top of the page.
    #[must_use]
    pub fn with_notice(mut self, notice: Notice) -> Self {
        self.notice = Some(notice);
        self
    }

    /// Light or dark, whatever the device prefers.
    #[must_use]
    pub const fn with_theme(mut self, theme: Theme) -> Self {
        self.theme = Some(theme);
        self
    }
}

/// The person who is signed in, as the shell shows them.
#[derive(Debug, Clone)]
pub struct Person {
    /// How they want to be called; may be empty.
    pub name: String,
    /// What they signed in with.
    pub email: String,
}

impl Person {
    /// What to call them: the name, or the address where they gave none.
    pub fn called(&self) -> &str {
        if self.name.trim().is_empty() { &self.email } else { &self.name }
    }
}

/// A household that the person belongs to, as the shell shows it.
#[derive(Debug, Clone)]
pub struct Home {
    /// What a switch to it sends.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whether it is the one that is looked at.
    pub current: bool,
    /// Whether the person may add and change things there.
    pub may_change: bool,
}

/// The places of the product.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What is to come and what it costs.
    Dashboard,
    /// Everything that is tracked.
    Subscriptions,
    /// Adding one.
    Add,
    /// What was spent and what is to come, day by day and month by month.
    Figures,
    /// The person's own.
    Settings,
}

impl Tab {
    /// In the order they are shown.
    pub const ALL: [Self; 5] =
        [Self::Dashboard, Self::Subscriptions, Self::Add, Self::Figures, Self::Settings];

    /// Its name.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Dashboard => "Dashboard",
            Self::Subscriptions => "Subscriptions",
            Self::Add => "Add",
            Self::Figures => "Figures",
            Self::Settings => "Settings",
        }
    }

    /// Where it is served.
    pub const fn href(self) -> &'static str {
        match self {
            Self::Dashboard => "/dashboard",
            Self::Subscriptions => "/subscriptions",
            Self::Add => "/add",
            Self::Figures => "/figures",
            Self::Settings => "/settings",
        }
    }

    /// Its symbol in the sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Dashboard => "home",
            Self::Subscriptions => "list",
            Self::Add => "plus",
            Self::Figures => "chart",
            Self::Settings => "settings",
        }
    }
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Theme {
    /// The value of `data-theme`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// How something should be taken. Never told by colour alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// For information.
    Calm,
    /// It went well.
    Good,
    /// It wants a look.
    Careful,
    /// It went wrong, or cannot be taken back.
    Bad,
}

impl Tone {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Calm => "calm",
            Self::Good => "good",
            Self::Careful => "careful",
            Self::Bad => "bad",
        }
    }

    /// Its symbol in the sprite.
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Calm => "info",
            Self::Good => "check",
            Self::Careful => "clock",
            Self::Bad => "alert",
        }
    }
}

/// Something to tell, with at most one thing to do about it.
#[derive(Debug, Clone)]
pub struct Notice {
    /// How to take it.
    pub tone: Tone,
    /// What it says.
    pub text: String,
    /// What one can do: the words and where they lead.
    pub action: Option<(String, String)>,
    /// What one can do at once, with a button.
    pub button: Option<NoticeButton>,
}

/// A button in a notice: a form that is sent as it is.
#[derive(Debug, Clone)]
pub struct NoticeButton {
    /// What it does.
    pub words: String,
    /// Where the form is posted to.
    pub action: String,
    /// What is sent with it: names and values.
    pub hidden: Vec<(&'static str, String)>,
}

impl Notice {
    /// Tells `text`.
    pub fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into(), action: None, button: None }
    }

    /// Offers a way on.
    #[must_use]
    pub fn with_action(mut self, words: impl Into<String>, href: impl Into<String>) -> Self {
        self.action = Some((words.into(), href.into()));
        self
    }

    /// Offers to do something at once, such as taking back what was just done.
    #[must_use]
    pub fn with_button(
        mut self,
        words: impl Into<String>,
        action: impl Into<String>,
        hidden: Vec<(&'static str, String)>,
    ) -> Self {
        self.button = Some(NoticeButton { words: words.into(), action: action.into(), hidden });
        self
    }
}

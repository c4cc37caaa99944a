//! The ways by which people can be told, the inbox apart.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident = $word:literal, $label:literal;)*) => {
        /// Which provider a channel goes by.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
            utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum ChannelKind { $($(#[$doc])* $kind,)* }

        impl ChannelKind {
            /// Every one, in the order in which they are offered.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// The word on the wire and in databases.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word,)* }
            }

            /// What it calls itself.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$kind => $label,)* }
            }
        }
    };
}

kinds! {
    /// Mail to the account's own address.
    Email = "email", "E-mail";
    /// A browser that its owner lets tell them things.
    WebPush = "web_push", "This browser";
    /// ntfy.sh, or a server of one's own.
    Ntfy = "ntfy", "ntfy";
    /// A bot of Telegram.
    Telegram = "telegram", "Telegram";
    /// A webhook of Discord.
    Discord = "discord", "Discord";
    /// An incoming webhook of Slack.
    Slack = "slack", "Slack";
    /// An incoming webhook of Mattermost.
    Mattermost = "mattermost", "Mattermost";
    /// A Gotify server.
    Gotify = "gotify", "Gotify";
    /// Pushover.
    Pushover = "pushover", "Pushover";
    /// A room of Matrix.
    Matrix = "matrix", "Matrix";
    /// Pushbullet.
    Pushbullet = "pushbullet", "Pushbullet";
    /// Bark on an iPhone.
    Bark = "bark", "Bark";
    /// PushPlus.
    PushPlus = "push_plus", "PushPlus";
    /// `ServerChan`.
    ServerChan = "server_chan", "ServerChan";
    /// A workflow of Microsoft Teams.
    Teams = "teams", "Microsoft Teams";
    /// A webhook, signed as Standard Webhooks.
    Webhook = "webhook", "Webhook";
    /// An Apprise API server, for whatever else there is.
    Apprise = "apprise", "Apprise";
}

/// A text that names no kind of channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is no kind of channel")]
pub struct ChannelKindError;

impl std::str::FromStr for ChannelKind {
    type Err = ChannelKindError;

    fn from_str(text: &str) -> Result<Self, ChannelKindError> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text).ok_or(ChannelKindError)
    }
}

/// Whether a channel is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChannelState {
    /// It is.
    On,
    /// Its owner turned it off.
    Off,
    /// Its provider said that it works no more.
    Broken,
}

impl ChannelState {
    /// The word on the wire and in databases.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::On => "on",
            Self::Off => "off",
            Self::Broken => "broken",
        }
    }
}

/// A text that names no state of a channel.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of on, off, broken")]
pub struct ChannelStateError;

impl std::str::FromStr for ChannelState {
    type Err = ChannelStateError;

    fn from_str(text: &str) -> Result<Self, ChannelStateError> {
        let all = [Self::On, Self::Off, Self::Broken];
        all.into_iter().find(|state| state.as_str() == text).ok_or(ChannelStateError)
    }
}

//! How people outside are told.

use platform::{
    outbound::Reach,
    settings::{Secret, Span},
};

platform::settings! {
    "notifications",
    /// How people outside are told.
    pub struct NotificationSettings {
        /// What people's tokens and addresses are sealed with. Empty: a key that is made in the data folder. Where several machines share a database, give them the same.
        key: Secret = "",
        /// Whether channels may lead to this machine and to private networks. Leave it off where strangers have accounts.
        private_addresses: bool = "false",
        /// How long a provider may take to answer.
        timeout: Span = "10s",
        /// The mail server: smtps://user:password@host, or smtp://user:password@host:587?tls=required. Empty: nobody is told by mail.
        smtp: Secret = "",
        /// A PEM file of authorities that vouch for the mail server's certificate, beside those that browsers trust. Empty: none but those.
        smtp_authorities: String = "",
        /// From whom mail comes, such as Perennial <perennial@example.org>.
        mail_from: String = "",
    }
}

impl NotificationSettings {
    /// Where channels may lead.
    pub(crate) const fn reach(&self) -> Reach {
        if self.private_addresses { Reach::Anywhere } else { Reach::Public }
    }
}

//! Where mail comes in.

use platform::settings::Span;

platform::settings! {
    "mail_in",
    /// Mail that people forward, such as receipts. Off unless there is an address to listen on.
    pub struct MailInSettings {
        /// The address and port to listen on for mail (SMTP), such as 0.0.0.0:25. Empty: no mail comes in.
        listen: String = "",
        /// What stands behind the @ of people's addresses, such as in.example.org; its mail has to be brought here (MX).
        domain: String = "",
        /// The longest mail, in bytes.
        size_limit: u32 = "1048576",
        /// How long whoever brings mail may be silent, and ten times as long a session may last.
        timeout: Span = "30s",
        /// Connections at once; more are turned away.
        connections: u32 = "20",
        /// Mails for one address in an hour; more are to come later.
        hourly: u32 = "60",
    }
}

impl MailInSettings {
    /// Whether mail comes in.
    pub const fn is_on(&self) -> bool {
        !self.listen.is_empty()
    }

    /// What is wrong with these settings together, and which one it is.
    pub fn mistake(&self) -> Option<(&'static str, &'static str)> {
        if !self.is_on() {
            return None;
        }
        let labels = self.domain.split('.');
        let label = |label: &str| {
            (1..=63).contains(&label.len())
                && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        if self.listen.parse::<std::net::SocketAddr>().is_err() {
            return Some(("mail_in.listen", "must be an address and a port, such as 0.0.0.0:25"));
        }
        if self.domain.len() > 200 || !labels.into_iter().all(label) {
            return Some(("mail_in.domain", "must be the domain of the addresses, such as in.example.org"));
        }
        if self.size_limit < 1_024 {
            return Some(("mail_in.size_limit", "must be at least 1024"));
        }
        None
    }
}

//! The providers that an operator lists.

use platform::settings::{Setting, TomlValue};

/// One that may say who somebody is.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// What it is called in addresses: small letters, digits and hyphens.
    pub key: String,
    /// What people know it by.
    pub name: String,
    /// Who signs, exactly as it says itself: `https://accounts.example.org`.
    pub issuer: String,
    /// As whom we ask.
    pub client_id: String,
    /// By what we show that it is us. Empty for a public client.
    pub client_secret: String,
    /// Hosts that it may send us to beside its own, to ask for tokens and keys.
    pub hosts: Vec<String>,
}

impl std::fmt::Debug for Provider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Provider")
            .field("key", &self.key)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Providers(Vec<Provider>);

const MEMBERS: &str = "key, name, issuer, client_id, client_secret and hosts";

impl Providers {
    /// One by its key.
    pub(crate) fn find(&self, key: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.key == key)
    }

    pub(crate) fn all(&self) -> &[Provider] {
        &self.0
    }
}

impl Provider {
    fn read(value: &TomlValue) -> Result<Self, String> {
        let table = value.as_table().ok_or_else(|| format!("each must be a table of {MEMBERS}"))?;
        if let Some(odd) = table.keys().find(|key| {
            !["key", "name", "issuer", "client_id", "client_secret", "hosts"].contains(&key.as_str())
        }) {
            return Err(format!("has no {odd}: there are {MEMBERS}"));
        }
        let text = |name: &str| match table.get(name) {
            None => Ok(String::new()),
            Some(value) => value.as_str().map(str::to_owned).ok_or_else(|| format!("{name} must be a text")),
        };
        let hosts = table.get("hosts").map_or(Ok(Vec::new()), |hosts| {
            let hosts = hosts.as_array().ok_or("hosts must be a list of names")?;
            let read = hosts.iter().map(|host| host.as_str().map(str::to_owned).ok_or("hosts must be names"));
            read.collect::<Result<_, _>>()
        })?;
        let (key, name, issuer) = (text("key")?, text("name")?, text("issuer")?);
        let (client_id, client_secret) = (text("client_id")?, text("client_secret")?);
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if key.is_empty() || !key.bytes().all(plain) {
            return Err("each needs a key of small letters, digits and hyphens".into());
        }
        if !issuer.starts_with("https://") && !issuer.starts_with("http://") {
            return Err(format!("{key} needs an issuer such as https://accounts.example.org"));
        }
        if client_id.is_empty() {
            return Err(format!("{key} needs the client_id under which it knows this Perennial"));
        }
        let name = if name.is_empty() { key.clone() } else { name };
        Ok(Self { key, name, issuer, client_id, client_secret, hosts })
    }
}

impl Setting for Providers {
    /// A list of tables; from the environment the same as a text of TOML: `[{ key = "example", … }]`.
    fn read(value: &TomlValue) -> Result<Self, String> {
        let parsed = match value.as_str() {
            Some("") => return Ok(Self::default()),
            Some(text) => Some(text.parse::<TomlValue>().map_err(|_| "must be a list of tables in TOML")?),
            None => None,
        };
        let list = parsed.as_ref().unwrap_or(value).as_array().ok_or("must be a list of tables")?;
        let read: Vec<Provider> = list.iter().map(Provider::read).collect::<Result<_, _>>()?;
        for (at, provider) in read.iter().enumerate() {
            if read
                .iter()
                .take(at)
                .any(|before| before.key == provider.key || before.issuer == provider.issuer)
            {
                return Err(format!("{} is there twice, by its key or its issuer", provider.key));
            }
        }
        Ok(Self(read))
    }

    fn show(&self) -> String {
        let shown = self.0.iter().map(|each| {
            let text = |text: &str| TomlValue::String(text.to_owned()).to_string();
            format!(
                "{{ key = {}, issuer = {}, client_secret = \"(hidden)\" }}",
                text(&each.key),
                text(&each.issuer)
            )
        });
        format!("[{}]", shown.collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Providers, String> {
        Providers::read(&TomlValue::String(text.into()))
    }

    #[test]
    fn providers_are_read_and_their_secrets_not_shown() {
        let one = r#"[{ key = "a-1", issuer = "https://a.example", client_id = "us", client_secret = "s3cret", hosts = ["b.example"] }]"#;
        let read = read(one).unwrap();
        let provider = read.find("a-1").unwrap();
        assert_eq!((provider.name.as_str(), provider.hosts.len()), ("a-1", 1));
        assert!(!read.show().contains("s3cret") && !format!("{read:?}").contains("s3cret"));
        assert_eq!(Providers::default().show(), "[]");
    }

    #[test]
    fn what_is_wrong_with_one_is_said() {
        for (wrong, said) in [
            ("x", "TOML"),
            ("{ }", "list"),
            ("[1]", "table"),
            (r#"[{ key = "A" }]"#, "small letters"),
            (r#"[{ key = "a" }]"#, "issuer"),
            (r#"[{ key = "a", issuer = "https://a" }]"#, "client_id"),
            (r#"[{ key = "a", secret = "x" }]"#, "no secret"),
            (
                r#"[{ key = "a", issuer = "https://a", client_id = "x" }, { key = "a", issuer = "https://b", client_id = "x" }]"#,
                "twice",
            ),
        ] {
            let told = read(wrong).unwrap_err();
            assert!(told.contains(said), "{wrong}: {told}");
        }
    }
}

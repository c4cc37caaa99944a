//! Mail about accounts: written down with what it is about, sent later, by whichever process looks first.

use askama::Template;
use jiff::Timestamp;
use kernel::UserId;
use platform::{
    db::Batch,
    http::Origin,
    mail::{Handed, Letter},
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    domain::{Act, LetterKind, letter},
    store::{self, Credentials, KeptLetter},
    tokens::{hash_of, new_secret},
};

/// How many letters are taken at once.
const AT_ONCE: i64 = 8;
/// How long whoever took one may be at it before another process takes it.
const TAKEN_FOR: std::time::Duration = std::time::Duration::from_secs(300);

#[derive(Template)]
#[template(path = "letter.html")]
struct Html<'l> {
    subject: &'l str,
    lines: &'l [&'l str],
    button: &'l str,
    link: &'l str,
}

impl Auth {
    /// Whether this installation sends mail.
    pub(crate) fn mails(&self) -> bool {
        self.mailer.is_some()
    }

    /// Writes down that a letter is to be sent, in the batch of what it is about.
    pub(super) fn post(&self, batch: &mut Batch, user: UserId, kind: LetterKind, origin: &Origin) {
        if !self.mails() {
            return;
        }
        let letter = KeptLetter {
            id: self.ids.next(),
            user,
            kind,
            address: origin.address_text(),
            device: origin.device.clone(),
            tries: 0,
        };
        store::insert_letter(batch, &letter, self.now());
    }

    /// Sends what is due; whether there may be more.
    pub(crate) async fn send_letters(&self) -> Result<bool, AuthError> {
        let now = self.now();
        let due = store::claim_letters(&self.database, now, now + TAKEN_FOR, AT_ONCE).await?;
        let full = i64::try_from(due.len()).unwrap_or(AT_ONCE) == AT_ONCE;
        for kept in due {
            let mut batch = Batch::new();
            match self.send(&kept).await? {
                Handed::Later(said) if kept.tries < letter::TRIES => {
                    tracing::warn!(letter = %kept.id, said, "a letter is tried again later");
                    store::delay_letter(&mut batch, kept.id, now + letter::pause(kept.tries));
                }
                Handed::Later(said) | Handed::Refused(said) | Handed::Gone(said) => {
                    tracing::warn!(letter = %kept.id, said, "a letter could not be sent");
                    store::delete_letter(&mut batch, kept.id);
                }
                Handed::Taken(_) => store::delete_letter(&mut batch, kept.id),
            }
            self.database.apply(batch).await?;
        }
        Ok(full)
    }

    async fn send(&self, kept: &KeptLetter) -> Result<Handed, AuthError> {
        let Some(mailer) = &self.mailer else {
            return Ok(Handed::Later("this installation sends no mail at the moment".into()));
        };
        let Some(account) = store::account_by_id(&self.database, kept.user).await? else {
            // It was asked for by an address that nobody has an account with.
            return Ok(Handed::Taken(String::new()));
        };
        if account.suspended {
            return Ok(Handed::Taken(String::new()));
        }
        let secret = self.prepare(kept, &account).await?;
        Ok(mailer.send(&self.written(kept, &account, &secret)?).await)
    }

    /// Makes the secret of a letter that carries one, and notes what was asked for.
    async fn prepare(&self, kept: &KeptLetter, account: &Credentials) -> Result<String, AuthError> {
        let mut batch = Batch::new();
        let mut secret = String::new();
        if let Some(lasts) = kept.kind.secret_for() {
            secret = new_secret("pml")?;
            let until: Timestamp = self.now() + lasts;
            store::insert_proof(&mut batch, account.user, kept.kind, hash_of(&secret), until);
        }
        if kept.kind == LetterKind::Reset && kept.tries == 1 {
            let origin = Origin { address: kept.address.parse().ok(), device: kept.device.clone() };
            self.note(&mut batch, account.user, Act::ResetAsked, "", &Doer::nobody(origin));
        }
        self.database.apply(batch).await?;
        Ok(secret)
    }

    fn written(&self, kept: &KeptLetter, account: &Credentials, secret: &str) -> Result<Letter, AuthError> {
        let words = kept.kind.words();
        let link = format!("{}{}{secret}", self.public_url, words.path);
        let html = Html { subject: words.subject, lines: words.lines, button: words.button, link: &link };
        let lines = words.lines.join("\n\n");
        Ok(Letter {
            id: kept.id.to_string(),
            to: account.email.clone(),
            subject: words.subject.into(),
            text: format!(
                "{}\n\n{lines}\n\n{}:\n{link}\n\n-- \nPerennial, {}\n",
                words.subject, words.button, self.public_url
            ),
            html: html.render().map_err(AuthError::internal)?,
            headers: Vec::new(),
        })
    }
}

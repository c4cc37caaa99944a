//! Addresses to which somebody forwards mail for a household: made, taken back, and looked up when mail comes.

use contracts::auth::Deed;
use jiff::Timestamp;
use kernel::{Actor, HouseholdId, UserId};
use platform::{
    db::Batch,
    http::{Origin, Problem},
    system::random_bytes,
};
use sha2::{Digest, Sha256};

use crate::{
    Reader,
    forwarding::{Became, Forwarded},
    service::{Channel, Incoming, patiently},
    store::{self, ByMail},
};

/// What every address begins with, so that one that was left lying about is recognised as what it is.
const PREFIX: &str = "add-";
/// So many of the mails that came are shown.
const SHOWN: u16 = 20;
/// How old a mail may be for its own date to count.
const OLDEST: jiff::SignedDuration = jiff::SignedDuration::from_hours(24 * 400);

/// For whom a mail is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Addressee {
    pub(crate) user: UserId,
    pub(crate) household: HouseholdId,
}

/// What becomes of a mail for one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivered {
    /// It was read, whatever came of it.
    Taken,
    /// It is to come again later.
    Later,
    /// The address was taken back, or its owner is suspended or may not change anything there any more.
    Gone,
    /// It cannot be read as it is.
    Wrong,
}

impl Reader {
    /// Whether mail comes in here at all.
    pub(crate) fn takes_mail(&self) -> bool {
        self.mail_in.is_on()
    }

    /// When the actor's address for their household was made, where they have one.
    pub(crate) async fn mail_address(&self, actor: &Actor) -> Result<Option<Timestamp>, Problem> {
        Ok(store::mail_address(self.database(), actor.household, actor.user).await?)
    }

    /// Makes an address in place of the one there may be: shown this once, as only its hash is kept.
    pub(crate) async fn make_mail_address(&self, actor: &Actor, origin: &Origin) -> Result<String, Problem> {
        if !self.takes_mail() {
            return Err(Problem::conflict(
                "No mail comes in here. Whoever runs this Perennial can set it up.",
            ));
        }
        let secret = random_bytes::<16>().map_err(|error| {
            tracing::error!(%error, "there is no chance to be had");
            Problem::internal("It has been noted. Nothing was changed; try again.")
        })?;
        let local = format!("{PREFIX}{}", letters(secret));
        self.write_down(actor, origin, Deed::MailAddressMade).await?;
        let mut batch = Batch::new();
        store::put_mail_address(&mut batch, actor.household, actor.user, &hash(&local), self.now());
        self.database().apply(batch).await?;
        Ok(format!("{local}@{}", self.mail_in.domain))
    }

    /// Takes back the address: what is sent there is refused from now on.
    pub(crate) async fn revoke_mail_address(&self, actor: &Actor, origin: &Origin) -> Result<(), Problem> {
        if self.mail_address(actor).await?.is_none() {
            return Ok(());
        }
        self.write_down(actor, origin, Deed::MailAddressRevoked).await?;
        let mut batch = Batch::new();
        store::delete_mail_address(&mut batch, actor.household, actor.user);
        self.database().apply(batch).await?;
        Ok(())
    }

    /// An address is as good as a key: what is done with it stands in the log of whose it is, before it is done.
    async fn write_down(&self, actor: &Actor, origin: &Origin, deed: Deed) -> Result<(), Problem> {
        let whence = (origin.address, origin.device.as_str());
        let written = patiently(self.audit.write_down(actor, deed, "", whence)).await;
        written.map_err(|error| {
            tracing::error!(%error, "what is done with an address for mail cannot be written down");
            Problem::unavailable("That is written down, which is not possible right now. Nothing was done.")
                .retry_after(1)
        })
    }

    /// What came by mail, the newest first.
    pub(crate) async fn by_mail(&self, actor: &Actor) -> Result<Vec<ByMail>, Problem> {
        let (channel, limit) = (Channel::Email.as_str(), SHOWN);
        Ok(store::by_channel(self.database(), actor.household, actor.user, channel, limit).await?)
    }

    /// Whether there is such an address.
    pub(crate) async fn is_mail_address(&self, local: &str) -> Result<bool, Problem> {
        Ok(store::mail_addressee(self.database(), &hash(local)).await?.is_some())
    }

    /// Reads a mail as its addressee would have it forwarded: once, and what is unsure is asked.
    pub(crate) async fn deliver(
        &self,
        local: &str,
        words: &str,
        id: Option<&str>,
        sent_at: Option<Timestamp>,
    ) -> Result<Delivered, Problem> {
        let (hash, now) = (hash(local), self.now());
        let Some(addressee) = store::mail_addressee(self.database(), &hash).await? else {
            return Ok(Delivered::Gone);
        };
        let hour = now.as_second().div_euclid(3_600);
        if !store::count_mail(self.database(), &hash, hour, i64::from(self.mail_in.hourly)).await? {
            return Ok(Delivered::Later);
        }
        let message = self.new_message();
        let Some(actor) = self.acting(addressee.user, addressee.household, message).await? else {
            return Ok(Delivered::Gone);
        };
        // Anybody can write any date into a mail; one that is unlikely is not believed.
        let sent_at = sent_at.filter(|at| *at <= now && now.duration_since(*at) <= OLDEST);
        let incoming = Incoming { text: words.to_owned(), channel: Channel::Email, sent_at };
        let forwarded = Forwarded { key: id.map(|id| format!("mail {id}")), incoming };
        let became = self.forward(&actor, std::slice::from_ref(&forwarded)).await;
        Ok(match became.as_slice() {
            [Became::Read(_) | Became::Known(_)] => Delivered::Taken,
            [Became::Wrong(_)] => Delivered::Wrong,
            _ => Delivered::Later,
        })
    }
}

fn hash(local: &str) -> Vec<u8> {
    Sha256::digest(local.as_bytes()).to_vec()
}

/// Bits as letters that mail programs do not change: no capitals, and none that look alike.
fn letters(bytes: [u8; 16]) -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bits = u128::from_be_bytes(bytes);
    let mut text = String::new();
    for _ in 0..26 {
        let at = usize::try_from(bits & 31).unwrap_or_default();
        text.push(char::from(LETTERS[at]));
        bits >>= 5;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_of_the_secret_is_in_the_address() {
        let mut seen = std::collections::BTreeSet::new();
        for bit in 0..128_u32 {
            seen.insert(letters((1_u128 << bit).to_be_bytes()));
        }
        assert_eq!(seen.len(), 128);
        assert!(
            seen.iter().all(|text| text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()))
        );
    }
}

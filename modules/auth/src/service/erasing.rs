//! Accounts that their owners have erased: kept out at once, and seen through until nothing of them is left anywhere.

use std::time::Duration;

use contracts::{
    CallError,
    erasure::{AccountClosing, AccountErasing, AccountPartErased, AccountParted, LAST_ROUND, MODULES},
};
use kernel::{Access, Actor, Event, EventPayload, Invalid, Role, UserId};
use platform::{
    db::{Batch, DbError},
    events::Traces,
    http::Origin,
};

use super::{Auth, Doer};
use crate::{
    AuthError,
    store::{self, Erasure},
};

/// How many are seen to in one pass.
const PASS: i64 = 100;
/// How long a module may be silent before it is asked again.
const PATIENCE: Duration = Duration::from_secs(60);

/// What somebody sends to have their account erased.
#[derive(Debug, Clone, Default)]
pub(crate) struct Farewell {
    pub(crate) password: String,
    /// A code, where the account asks for one.
    pub(crate) code: String,
    /// Whether the household of their own ends for the others in it, too.
    pub(crate) ends_home: bool,
}

/// A household that somebody belongs to, as it is without them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeftBehind {
    pub(crate) name: String,
    /// How many others with a log-in belong to it.
    pub(crate) others: usize,
    pub(crate) fate: Fate,
}

/// What becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Nobody is left in it.
    Ends,
    /// The others have it.
    GoesOn,
    /// The others are left without an owner: it is to be said.
    Undecided,
}

impl Auth {
    /// The households of the actor, and what becomes of each without them.
    pub(crate) async fn left_behind(&self, actor: &Actor) -> Result<Vec<LeftBehind>, AuthError> {
        self.left_behind_by(actor.user).await
    }

    async fn left_behind_by(&self, user: UserId) -> Result<Vec<LeftBehind>, AuthError> {
        let away = |error: CallError| AuthError::Away(error.to_string());
        let mut all = Vec::new();
        for home in self.users.households(user).await.map_err(away)? {
            let members = self.users.members(home.household).await.map_err(away)?;
            let here = members.iter().filter(|member| member.left_at.is_none());
            let others: Vec<_> =
                here.filter(|member| member.user.is_some_and(|other| other != user)).collect();
            let owned = others.iter().any(|member| member.access == Access::Owner);
            let fate = match others.len() {
                0 => Fate::Ends,
                _ if owned || home.household != user.own_household() => Fate::GoesOn,
                _ => Fate::Undecided,
            };
            all.push(LeftBehind { name: home.name, others: others.len(), fate });
        }
        Ok(all)
    }

    /// Begins to erase the actor's account, which nobody uses from then on. It is not taken back.
    pub(crate) async fn erase_account(
        &self,
        actor: &Actor,
        farewell: &Farewell,
        origin: Origin,
    ) -> Result<(), AuthError> {
        let account = self.own_account(actor, &farewell.password, origin.clone()).await?;
        let mut batch = Batch::new();
        if self.has_second_factor(actor.user).await? {
            let doer = Doer::of(actor, origin);
            let checked = self.check_factor(&mut batch, actor.user, &farewell.code, &doer).await;
            checked.map_err(|error| {
                let wrong = matches!(error, AuthError::WrongCode);
                if wrong { Invalid::field("/code", error.to_string()).into() } else { error }
            })?;
        }
        let undecided = self.left_behind(actor).await?.into_iter().find(|left| left.fate == Fate::Undecided);
        if let Some(left) = undecided.filter(|_| !farewell.ends_home) {
            return Err(AuthError::HouseholdUndecided(left.name));
        }
        self.begin_erasure(batch, actor.user, account.role, farewell.ends_home, "owner").await
    }

    /// Begins to erase somebody's account for them. A household of theirs that others belong to goes on.
    ///
    /// # Errors
    /// [`AuthError::NoAccount`], [`AuthError::LastAdministrator`] or a failing database.
    pub async fn erase_by_operator(&self, email: &str) -> Result<(), AuthError> {
        let (account, _) = self.account_of(email).await?;
        self.begin_erasure(Batch::new(), account.user, account.role, false, "operator").await
    }

    async fn begin_erasure(
        &self,
        mut batch: Batch,
        user: UserId,
        role: Role,
        ends_home: bool,
        begun_by: &str,
    ) -> Result<(), AuthError> {
        if role == Role::Administrator && store::other_administrators(&self.database, user).await? == 0 {
            return Err(AuthError::LastAdministrator);
        }
        let known = store::person(&self.database, user).await?.ok_or(AuthError::NoAccount)?;
        let now = self.now();
        let erasure =
            Erasure { id: self.ids.next(), user, ends_home, households: None, round: 0, asked_at: now };
        store::set_standing(&mut batch, &known, known.role, Some(known.suspended_at.unwrap_or(now)));
        store::revoke_sessions(&mut batch, user, None, now);
        store::insert_erasure(&mut batch, &erasure, begun_by);
        batch.tell(&self.closing(&erasure));
        match self.end_all(batch).await {
            // It has begun already.
            Err(error) if error.violates("erasures_one_per_user") => Ok(()),
            Err(DbError::Conflict) => Err(AuthError::Overtaken),
            other => Ok(other?),
        }
    }

    /// Notes what users or a module has done.
    pub(crate) async fn follow_erasure(&self, event: &Event) -> Result<Batch, FollowError> {
        let mut batch = Batch::new();
        if let Some(parted) = event.payload::<AccountParted>()? {
            let found = store::erasure(&self.database, parted.erasure).await?;
            if let Some(erasure) = found.filter(|erasure| erasure.households.is_none()) {
                let asked = Erasure { households: Some(parted.households), ..erasure };
                self.ask(&mut batch, &erasure, &asked, 1);
            }
        }
        if let Some(AccountPartErased { erasure, module, round }) = event.payload()? {
            store::confirm_part(&mut batch, erasure, &module, round, self.now());
            self.confirmed.notify_one();
        }
        Ok(batch)
    }

    /// Sees to the erasures that are under way: whoever is silent is asked again, those that are done go on. Whether there
    /// may be more.
    pub(crate) async fn see_erasures_through(&self) -> Result<bool, AuthError> {
        let under_way = store::erasures_under_way(&self.database, PASS).await?;
        let full = i64::try_from(under_way.len()) == Ok(PASS);
        let mut moved = false;
        for erasure in under_way {
            match self.see_through(&erasure).await {
                Ok(did) => moved |= did,
                // Another process was first.
                Err(AuthError::Database(DbError::Conflict)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(full && moved)
    }

    async fn see_through(&self, erasure: &Erasure) -> Result<bool, AuthError> {
        let waited = self.now().duration_since(erasure.asked_at).unsigned_abs();
        let mut batch = Batch::new();
        let done = store::confirmed(&self.database, erasure.id, erasure.round).await?;
        let all = erasure.households.is_some()
            && MODULES.iter().all(|module| done.iter().any(|known| known == module));
        match (all, erasure.round) {
            (true, LAST_ROUND..) => self.finish(&mut batch, erasure).await?,
            (true, _) if waited >= self.settings.erasure_settles.duration() => {
                self.ask(&mut batch, erasure, erasure, LAST_ROUND);
            }
            (false, round) if waited >= PATIENCE => {
                tracing::warn!(erasure = %erasure.id, round, ?done, "an account is not erased everywhere yet");
                self.ask(&mut batch, erasure, erasure, round);
            }
            (true | false, _) => return Ok(false),
        }
        self.database.apply(batch).await?;
        Ok(true)
    }

    /// Asks users, before it has answered, or else every module.
    fn ask(&self, batch: &mut Batch, found: &Erasure, asked: &Erasure, round: i64) {
        store::ask(batch, found, round, asked.households.as_ref(), self.now());
        match &asked.households {
            None => batch.tell(&self.closing(asked)),
            Some(households) => {
                let (erasure, user, households) = (asked.id, asked.user, households.clone());
                batch.tell(&self.said_of(asked, &AccountErasing { erasure, user, round, households }));
            }
        }
    }

    /// Erases what auth has, when everybody else is done.
    async fn finish(&self, batch: &mut Batch, erasure: &Erasure) -> Result<(), AuthError> {
        let account = store::account_by_id(&self.database, erasure.user).await?;
        store::finish(batch, erasure, account.as_ref().map_or("", |account| &account.email), self.now());
        let ended = erasure.households.iter().flatten().filter(|parting| parting.heir.is_none());
        let traces = Traces::new(erasure.user, ended.map(|parting| parting.household), true);
        batch.extend(traces.removing(&self.database).await?);
        Ok(())
    }

    fn closing(&self, erasure: &Erasure) -> Event {
        let Erasure { id, user, ends_home, .. } = *erasure;
        self.said_of(erasure, &AccountClosing { erasure: id, user, ends_home })
    }

    fn said_of<P: EventPayload>(&self, erasure: &Erasure, payload: &P) -> Event {
        Event::new(self.ids.next(), erasure.id.to_string(), self.now(), payload)
    }
}

/// Why what was said of an erasure could not be followed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FollowError {
    /// It is none of ours.
    #[error(transparent)]
    Payload(#[from] serde_json::Error),
    /// The database.
    #[error(transparent)]
    Database(#[from] DbError),
}

//! Everybody whom help asks, as it knows them.

use std::{net::IpAddr, sync::Mutex};

use async_trait::async_trait;
use contracts::{
    CallError,
    auth::{AuditLog, Deed},
    help::{
        Came, Charge, ChargeState, Charges, Deliveries, Fresh, Freshness, ImportState, Imported, Importing,
        Keeping, LogIns, Priced, Pricing, ReadWords, Readings, Reckoning, Reminded, RemindedOf, Reminding,
        Shared, Sharing, Shown, Tested, Totalled, Trace, Usage, WaysIn, Weighed,
    },
    subscriptions::{ReminderKind, Status},
    users::{Account, Home, Household, Member, Membership, Profile, Users},
};
use jiff::civil::{date, datetime, time};
use kernel::{
    Actor, ChannelId, Currency, Cycle, HouseholdId, ImportId, MessageId, Money, NotificationId, PaymentId,
    ReminderId, SubscriptionId, UserId,
};

use super::id;

/// The other modules: everybody reads `locale`, payment 5 of the first household has failed, and what it tracks is paused.
/// Where they are `away`, a charge gets no answer at all, and everything else that it cannot be had.
pub(super) struct Neighbours {
    pub(super) locale: &'static str,
    pub(super) away: bool,
    /// What was written down: of whom, and what.
    pub(super) written: Mutex<Vec<(UserId, Deed, String)>>,
}

#[async_trait]
impl AuditLog for Neighbours {
    async fn write_down(
        &self,
        actor: &Actor,
        deed: Deed,
        detail: &str,
        _: (Option<IpAddr>, &str),
    ) -> Result<(), CallError> {
        if self.away {
            return Err(CallError::Unavailable("down".into()));
        }
        self.written.lock().unwrap().push((actor.user, deed, detail.to_owned()));
        Ok(())
    }
}

#[async_trait]
impl Users for Neighbours {
    async fn open_account(&self, _: &Account) -> Result<(), CallError> {
        Ok(())
    }

    async fn household(&self, _: HouseholdId) -> Result<Option<Household>, CallError> {
        Ok(None)
    }

    async fn account(&self, user: UserId) -> Result<Option<Account>, CallError> {
        let profile = Profile {
            name: "Asha".into(),
            locale: self.locale.parse().unwrap(),
            time_zone: "Asia/Kolkata".parse().unwrap(),
            currency: Currency::INR,
            reminders: contracts::users::Reminders::default(),
        };
        Ok(Some(Account { user, email: "asha@example.org".into(), profile }))
    }

    async fn membership(&self, _: UserId, _: HouseholdId) -> Result<Option<Membership>, CallError> {
        Ok(None)
    }

    async fn members(&self, _: HouseholdId) -> Result<Vec<Member>, CallError> {
        if self.away { Err(CallError::Unavailable("down".into())) } else { Ok(Vec::new()) }
    }

    async fn households(&self, _: UserId) -> Result<Vec<Home>, CallError> {
        Ok(Vec::new())
    }
}

#[async_trait]
impl Charges for Neighbours {
    async fn charge(&self, actor: &Actor, asked: PaymentId) -> Result<Charge, CallError> {
        if self.away {
            std::future::pending::<()>().await;
        }
        if actor.household != id(1) || asked != id(5) {
            return Err(CallError::NotFound);
        }
        Ok(Charge {
            payment: asked,
            subscription: id(7),
            name: "<b>Netflix</b> {due}".into(),
            due_on: date(2026, 6, 5),
            amount: Money::from_minor(49_900, Currency::INR),
            state: ChargeState::Failed,
        })
    }

    async fn newest_failure(&self, _: &Actor) -> Result<Option<Charge>, CallError> {
        Ok(None)
    }

    async fn mark_paid(&self, actor: &Actor, asked: PaymentId) -> Result<Charge, CallError> {
        self.charge(actor, asked).await
    }

    async fn reckoning(&self, _: &Actor, _: SubscriptionId) -> Result<Reckoning, CallError> {
        Err(CallError::Unavailable("down".into()))
    }
}

impl Neighbours {
    /// For what is not of the first household there is nothing.
    fn of_first<T>(&self, actor: &Actor, answer: T) -> Result<T, CallError> {
        if self.away {
            return Err(CallError::Unavailable("down".into()));
        }
        if actor.household == id(1) { Ok(answer) } else { Err(CallError::NotFound) }
    }
}

#[async_trait]
impl Reminding for Neighbours {
    async fn reminded(&self, actor: &Actor, asked: Option<SubscriptionId>) -> Result<Reminded, CallError> {
        let of = asked.map(|subscription| RemindedOf {
            subscription,
            name: "Netflix".into(),
            status: Status::Paused,
            is_told_to_actor: true,
            has_own_days: false,
        });
        self.of_first(actor, Reminded { of, never: false, time: time(9, 0, 0, 0), newest: None, next: None })
    }

    async fn resume(&self, actor: &Actor, _: SubscriptionId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }
}

#[async_trait]
impl Deliveries for Neighbours {
    async fn trace(&self, actor: &Actor, _: ReminderId, _: ReminderKind) -> Result<Option<Trace>, CallError> {
        self.of_first(actor, None)
    }

    async fn unmute(&self, actor: &Actor, _: SubscriptionId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }

    async fn tell_kind(&self, actor: &Actor, _: ReminderKind, _: ChannelId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }

    async fn end_quiet_hours(&self, actor: &Actor) -> Result<(), CallError> {
        self.of_first(actor, ())
    }

    async fn send_again(&self, actor: &Actor, _: NotificationId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }

    async fn try_channel(&self, actor: &Actor, _: ChannelId) -> Result<Tested, CallError> {
        self.of_first(actor, Tested::Sent)
    }
}

#[async_trait]
impl Pricing for Neighbours {
    async fn priced(&self, actor: &Actor, subscription: SubscriptionId) -> Result<Priced, CallError> {
        let price = Money::from_minor(2_000, Currency::USD);
        let priced = Priced {
            subscription,
            name: "Netflix".into(),
            price,
            free_until: None,
            cycle: Some(Cycle::MONTHLY),
            equivalents: Some((price, Money::from_minor(24_000, Currency::USD))),
            next_charge_on: Some(date(2026, 7, 5)),
            home: Currency::INR,
            shown: Shown::Unconverted,
        };
        self.of_first(actor, priced)
    }

    async fn totalled(&self, actor: &Actor) -> Result<Totalled, CallError> {
        let per_month = Money::zero(Currency::INR);
        let totalled =
            Totalled { per_month, converted: false, rates: None, unconverted: Vec::new(), left_out: 0 };
        self.of_first(actor, totalled)
    }

    async fn charge_every(
        &self,
        actor: &Actor,
        id: SubscriptionId,
        cycle: Cycle,
    ) -> Result<Priced, CallError> {
        Ok(Priced { cycle: Some(cycle), ..self.priced(actor, id).await? })
    }
}

#[async_trait]
impl Freshness for Neighbours {
    async fn freshness(&self, actor: &Actor) -> Result<Fresh, CallError> {
        let fresh = Fresh {
            now: datetime(2026, 6, 6, 12, 0, 0, 0),
            zone: "Asia/Kolkata".into(),
            stale: true,
            overdue: 0,
            per_month: Money::from_minor(49_900, Currency::INR),
        };
        self.of_first(actor, fresh)
    }

    async fn refresh(&self, actor: &Actor) -> Result<(), CallError> {
        self.of_first(actor, ())
    }
}

#[async_trait]
impl Sharing for Neighbours {
    async fn shared(&self, actor: &Actor, subscription: SubscriptionId) -> Result<Shared, CallError> {
        let price = Money::from_minor(49_900, Currency::INR);
        let shared = Shared {
            subscription,
            name: "Netflix".into(),
            price,
            private: true,
            members: 2,
            payer: None,
            among: 1,
            mine: price,
        };
        self.of_first(actor, shared)
    }

    async fn show_to_household(&self, actor: &Actor, _: SubscriptionId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }
}

#[async_trait]
impl Importing for Neighbours {
    async fn imported(&self, actor: &Actor, _: Option<ImportId>) -> Result<Option<Imported>, CallError> {
        let imported = Imported {
            import: id(9),
            file: "bank.csv".into(),
            state: ImportState::Ready,
            chosen: 2,
            doubled: 1,
            wrong: 1,
            first_wrong: Some("line 3 has no date".into()),
            made: 0,
            kept: 0,
        };
        self.of_first(actor, Some(imported))
    }

    async fn apply_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError> {
        self.imported(actor, Some(id)).await?.ok_or(CallError::NotFound)
    }

    async fn undo_import(&self, actor: &Actor, id: ImportId) -> Result<Imported, CallError> {
        self.imported(actor, Some(id)).await?.ok_or(CallError::NotFound)
    }
}

#[async_trait]
impl Keeping for Neighbours {
    async fn weighed(&self, actor: &Actor, subscription: SubscriptionId) -> Result<Weighed, CallError> {
        let price = Money::from_minor(49_900, Currency::INR);
        let weighed = Weighed {
            subscription,
            name: "Netflix".into(),
            status: Status::Active,
            price,
            cycle: Some(Cycle::MONTHLY),
            a_year: Some(Money::from_minor(598_800, Currency::INR)),
            paid: price,
            usage: Usage::Rarely,
            bound: None,
            free_until: None,
            next_charge_on: Some(date(2026, 7, 5)),
            ends_on: Some(date(2026, 7, 5)),
            cancelled_at: None,
            alternative: None,
        };
        self.of_first(actor, weighed)
    }

    async fn cancel(&self, actor: &Actor, id: SubscriptionId) -> Result<Weighed, CallError> {
        self.weighed(actor, id).await
    }

    async fn pause(&self, actor: &Actor, _: SubscriptionId) -> Result<(), CallError> {
        self.of_first(actor, ())
    }

    async fn came_from(&self, actor: &Actor, _: SubscriptionId) -> Result<Option<MessageId>, CallError> {
        self.of_first(actor, Some(id(11)))
    }
}

#[async_trait]
impl Readings for Neighbours {
    async fn read(&self, actor: &Actor, _: Option<MessageId>) -> Result<Option<ReadWords>, CallError> {
        let came = Came::Asked("How much is it?".into());
        self.of_first(actor, Some(ReadWords { message: id(11), words: "Netflix monthly".into(), came }))
    }
}

#[async_trait]
impl LogIns for Neighbours {
    async fn ways_in(&self, actor: &Actor) -> Result<WaysIn, CallError> {
        let ways =
            WaysIn { app: true, recovery_codes: 0, passkeys: 0, providers: 0, mails: false, others: 1 };
        self.of_first(actor, ways)
    }

    async fn end_others(&self, actor: &Actor) -> Result<(), CallError> {
        self.of_first(actor, ())
    }
}

//! Who sees something, pays it and shares it.

use async_trait::async_trait;
use contracts::{
    CallError,
    help::{Shared, Sharing},
};
use kernel::{Actor, SubscriptionId};
use platform::http::IfMatch;

use crate::{Tracker, domain::SharingChange, error::TrackerError};

impl Tracker {
    async fn how_shared(&self, actor: &Actor, id: SubscriptionId) -> Result<Shared, TrackerError> {
        let (subscription, today) = self.read(actor, id).await?;
        let members = self.members(actor).await?;
        let here: Vec<_> =
            members.iter().filter(|member| member.left_at.is_none()).map(|member| member.id).collect();
        let price = subscription.forecast_on(today);
        let payer = subscription.sharing.payer.map(|payer| {
            let known = members.iter().find(|member| member.id == payer);
            known.map_or_else(String::new, |member| member.name.clone())
        });
        let among = here.iter().filter(|member| subscription.is_shared_with(**member, &here)).count();
        Ok(Shared {
            subscription: id,
            name: subscription.name.to_string(),
            price,
            private: subscription.sharing.private,
            members: here.len(),
            payer,
            among,
            mine: subscription.part_of(actor.member, price, &here),
        })
    }
}

#[async_trait]
impl Sharing for Tracker {
    async fn shared(&self, actor: &Actor, id: SubscriptionId) -> Result<Shared, CallError> {
        Ok(self.how_shared(actor, id).await?)
    }

    async fn show_to_household(&self, actor: &Actor, id: SubscriptionId) -> Result<(), CallError> {
        let change = SharingChange { private: Some(false), ..SharingChange::default() };
        self.reshare(actor, id, &IfMatch::default(), &change).await?;
        Ok(())
    }
}

//! Categories, tags and payment methods of a household.

use kernel::{Actor, Invalid, TagId};
use platform::{
    db::{Batch, DbError},
    http::{ETag, IfMatch},
};
use uuid::Uuid;

use super::{TRIES, Tracker};
use crate::{
    domain::{Label, LabelInput, LabelKind, NewPlace, Particulars, Sorting, Subscription},
    error::TrackerError,
    store,
};

/// Changes with every stored change.
pub(crate) fn label_etag(label: &Label) -> ETag {
    ETag::of(&[&label.version])
}

fn check_seen(seen: &IfMatch, found: &Label) -> Result<(), TrackerError> {
    seen.check(&label_etag(found)).map_err(|_| TrackerError::Changed)
}

/// A name that is taken is the only rule that the table itself keeps.
fn named(error: DbError) -> TrackerError {
    if error.violates("labels_one_a_name") {
        Invalid::field("/name", "is the name of another one already").into()
    } else {
        error.into()
    }
}

impl Tracker {
    /// All that the actor's household sorts by.
    pub(crate) async fn sorting(&self, actor: &Actor) -> Result<Sorting, TrackerError> {
        Ok(store::sorting(&self.database, actor.household).await?)
    }

    /// The same, with the subscriptions that it sorts.
    pub(crate) async fn sorted(&self, actor: &Actor) -> Result<(Sorting, Vec<Subscription>), TrackerError> {
        Ok((self.sorting(actor).await?, store::all(&self.database, actor).await?))
    }

    pub(crate) async fn label(
        &self,
        actor: &Actor,
        kind: LabelKind,
        id: Uuid,
    ) -> Result<Label, TrackerError> {
        let found = store::label(&self.database, actor.household, kind, id).await?;
        found.ok_or(TrackerError::NotFound)
    }

    pub(crate) async fn create_label(
        &self,
        actor: &Actor,
        kind: LabelKind,
        input: &LabelInput,
    ) -> Result<Label, TrackerError> {
        let label = Label::create(self.ids.uuid(), actor.household, kind, input)?;
        if self.sorting(actor).await?.of(kind).count() >= Label::MOST {
            return Err(Invalid::field(
                "",
                format!("there are {} already, and no more can be kept", Label::MOST),
            )
            .into());
        }
        let mut batch = Batch::of(actor.household);
        store::insert_label(&mut batch, &label);
        self.database.apply(batch).await.map_err(named)?;
        Ok(label)
    }

    /// The tags of these names; those that are not there yet are made.
    pub(crate) async fn tags_named(
        &self,
        actor: &Actor,
        names: &[String],
    ) -> Result<Vec<TagId>, TrackerError> {
        if names.is_empty() {
            return Ok(Vec::new());
        }
        // Before any is made.
        if names.len() > Particulars::MOST_TAGS {
            return Err(
                Invalid::field("/tags", format!("must be at most {} tags", Particulars::MOST_TAGS)).into()
            );
        }
        let sorting = self.sorting(actor).await?;
        let mut tags = Vec::new();
        for name in names {
            let folded = name.to_lowercase();
            let known = sorting.of(LabelKind::Tag).find(|tag| tag.folded() == folded);
            let id = match known {
                Some(tag) => tag.id,
                None => self.tag_of_new_name(actor, name).await?,
            };
            tags.push(TagId::from_uuid(id));
        }
        Ok(tags)
    }

    /// Typed twice in one line, or made by somebody else meanwhile, it is there already.
    async fn tag_of_new_name(&self, actor: &Actor, name: &str) -> Result<Uuid, TrackerError> {
        let input = LabelInput { name: Some(name.to_owned()), ..LabelInput::default() };
        let wrong = match self.create_label(actor, LabelKind::Tag, &input).await {
            Ok(tag) => return Ok(tag.id),
            Err(TrackerError::Invalid(wrong)) => wrong,
            Err(other) => return Err(other),
        };
        let folded = name.to_lowercase();
        let there = self
            .sorting(actor)
            .await?
            .of(LabelKind::Tag)
            .find(|tag| tag.folded() == folded)
            .map(|tag| tag.id);
        let said = || wrong.errors().first().map_or_else(String::new, |error| error.detail.clone());
        there.ok_or_else(|| Invalid::field("/tags", format!("{name}: {}", said())).into())
    }

    pub(crate) async fn change_label(
        &self,
        actor: &Actor,
        (kind, id): (LabelKind, Uuid),
        seen: &IfMatch,
        input: &LabelInput,
    ) -> Result<Label, TrackerError> {
        for _ in 0..TRIES {
            let before = self.label(actor, kind, id).await?;
            check_seen(seen, &before)?;
            let mut label = before.clone();
            label.edit(input)?;
            if label == before {
                return Ok(label);
            }
            label.version += 1;
            let mut batch = Batch::of(actor.household);
            store::update_label(&mut batch, &label, before.version);
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => {}
                other => return other.map(|()| label).map_err(named),
            }
        }
        Err(TrackerError::Contended)
    }

    /// Takes one away. What is sorted by it goes to `place`; without one, one that is in use stays.
    pub(crate) async fn delete_label(
        &self,
        actor: &Actor,
        (kind, id): (LabelKind, Uuid),
        seen: &IfMatch,
        place: Option<NewPlace>,
    ) -> Result<(), TrackerError> {
        for _ in 0..TRIES {
            let label = self.label(actor, kind, id).await?;
            check_seen(seen, &label)?;
            // What others keep to themselves is sorted by it too.
            let mut users = store::everything(&self.database, actor.household).await?;
            users.retain(|each| each.is_sorted_by(&label));
            let place = match place {
                None if !users.is_empty() => return Err(TrackerError::InUse(users.len())),
                None => NewPlace::Nowhere,
                Some(place) => self.check_place(actor, &label, place).await?,
            };
            let mut batch = Batch::of(actor.household);
            store::delete_label(&mut batch, actor.household, id, label.version);
            self.move_users(actor, &mut batch, users, (&label, place)).await?;
            match self.database.apply(batch).await {
                Err(DbError::Conflict) => self.forget_household(actor.household),
                other => return Ok(other?),
            }
        }
        Err(TrackerError::Contended)
    }

    async fn check_place(
        &self,
        actor: &Actor,
        label: &Label,
        place: NewPlace,
    ) -> Result<NewPlace, TrackerError> {
        let there = match place.own() {
            Some(id) => id != label.id && self.sorting(actor).await?.of(label.kind).any(|each| each.id == id),
            None => true,
        };
        if there { Ok(place) } else { Err(Invalid::field("/move_to", "must be another one of yours").into()) }
    }

    async fn move_users(
        &self,
        actor: &Actor,
        batch: &mut Batch,
        users: Vec<Subscription>,
        (label, place): (&Label, NewPlace),
    ) -> Result<(), TrackerError> {
        let household = self.household(actor.household).await?;
        for mut user in users {
            let facts = user.sort_anew(label, place);
            let found = user.revise(self.clock.now());
            store::update(batch, &user, found, &household.time_zone);
            self.tell(batch, &user, Some(actor), &facts);
        }
        Ok(())
    }
}

//! Files that are kept with a payment.

use kernel::{Actor, DocumentId, Invalid, PaymentId};
use platform::db::{Batch, DbError};

use crate::{
    domain::{DocumentError, DocumentKind, FileName, MOST_OF_PAYMENT},
    error::TrackerError,
    service::Tracker,
    store::{self, Document, Kept},
};

impl Tracker {
    /// Keeps a file with a payment. What it is, its content says; what it is called is only a name.
    pub(crate) async fn attach(
        &self,
        actor: &Actor,
        payment: PaymentId,
        name: &str,
        content: Vec<u8>,
    ) -> Result<Document, TrackerError> {
        self.entry(actor, payment).await?;
        let kind = DocumentKind::of(&content).map_err(|error| match error {
            DocumentError::TooLong => TrackerError::TooLarge,
            DocumentError::Empty | DocumentError::Kind => Invalid::field("/file", error.to_string()).into(),
        })?;
        let document = Document {
            id: self.ids.next(),
            payment,
            household: actor.household,
            name: FileName::of(name, kind),
            kind,
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            added_by: actor.user,
            added_at: self.clock.now(),
        };
        let mut batch = Batch::of(actor.household);
        store::insert_document(&mut batch, &document, content);
        match self.database.apply(batch).await {
            Ok(()) => Ok(document),
            Err(DbError::Conflict) => Err(self.no_room(actor, payment).await),
            Err(error) => Err(error.into()),
        }
    }

    async fn no_room(&self, actor: &Actor, payment: PaymentId) -> TrackerError {
        let here = match self.documents(actor, payment).await {
            Ok(documents) => i64::try_from(documents.len()).unwrap_or(i64::MAX),
            Err(error) => return error,
        };
        TrackerError::Full(if here >= MOST_OF_PAYMENT {
            format!("A payment keeps at most {MOST_OF_PAYMENT} documents. Take one away first.")
        } else {
            "Your documents take up the 500 MB that there are. Take some away first.".to_owned()
        })
    }

    /// The files of a payment, without their content.
    pub(crate) async fn documents(
        &self,
        actor: &Actor,
        payment: PaymentId,
    ) -> Result<Vec<Document>, TrackerError> {
        self.entry(actor, payment).await?;
        Ok(store::documents_of(&self.database, actor.household, payment).await?)
    }

    /// One file, with its content.
    pub(crate) async fn document(
        &self,
        actor: &Actor,
        payment: PaymentId,
        id: DocumentId,
    ) -> Result<Kept, TrackerError> {
        self.entry(actor, payment).await?;
        let found = store::kept_document(&self.database, actor.household, payment, id).await?;
        found.ok_or(TrackerError::NoDocument)
    }

    /// Takes a file away.
    pub(crate) async fn detach(
        &self,
        actor: &Actor,
        payment: PaymentId,
        id: DocumentId,
    ) -> Result<(), TrackerError> {
        self.entry(actor, payment).await?;
        let mut batch = Batch::of(actor.household);
        store::delete_document(&mut batch, actor.household, payment, id);
        match self.database.apply(batch).await {
            Err(DbError::Conflict) => Err(TrackerError::NoDocument),
            other => Ok(other?),
        }
    }
}

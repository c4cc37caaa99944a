//! The words everything is said in: ids, money, cycles, time, the actor, the event, and what is wrong with an
//! input.
//!
//! Nothing here does IO, asks the clock or rolls dice: [`Clock`] and [`Ids`] are traits whose real
//! implementations live in `platform::system`.

mod actor;
mod cycle;
mod event;
mod id;
mod invalid;
mod language;
mod locale;
mod money;
pub mod schema;
mod time;

pub use actor::{Access, AccessError, Actor, Role, RoleError, Scope, ScopeError};
pub use cycle::{Cycle, CycleError, CycleText, Unit};
pub use event::{Event, EventPayload};
pub use id::{
    AnswerTemplateId, ApiKeyId, AuditEntryId, BudgetId, CalendarFeedId, CategoryId, ChannelId, DeadLetterId,
    DeliveryId, DocumentId, ErasureId, EventId, HelpSessionId, HouseholdId, Id, IdError, Ids, ImportId,
    InvitationId, Kind, LetterId, MemberId, MessageId, NotificationId, PasskeyId, PaymentId, PaymentMethodId,
    ReminderId, SessionId, SettlementId, SigningKeyId, SubscriptionId, TagId, TicketId, TicketMessageId,
    UserId, WebhookId, WebhookMessageId, kinds,
};
pub use invalid::{FieldError, Invalid};
pub use language::Language;
pub use locale::{Locale, LocaleError};
pub use money::{Currency, CurrencyError, Money, MoneyError, MoneyText};
pub use time::{Clock, DateError, TimeError, Zone, ZoneError, parse_date, parse_time, time_text};

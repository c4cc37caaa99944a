//! This module's tables. What is in them is a person's own, so the first argument after the database or the batch is
//! whose it is; what is forgotten is asked for by time instead, and what waits for an answer by whoever answers.

mod sessions;
mod tickets;

pub(crate) use sessions::{expired, forget_sessions, insert_session, insert_step, session, update_session};
pub(crate) use tickets::{
    Message, Ticket, insert_message, insert_ticket, messages, ticket, ticket_for_support, tickets,
    tickets_for_support, touch_ticket,
};

//! This module's tables. What is in them is a person's own, so the first argument after the database or the batch is
//! whose it is; what is forgotten is asked for by time instead, and what waits for an answer by whoever answers.

mod answers;
mod desk;
mod erasing;
mod funnel;
mod sessions;
mod tickets;

pub(crate) use answers::{
    AskedShort, KeptShort, ask_short, claim_short, forget_short, settle_short, short_answer,
};
pub(crate) use desk::{
    Template, Waits, change_template, delete_template, insert_template, note_opening, opened_at, template,
    templates, waiting, waits,
};
pub(crate) use erasing::erase;
pub(crate) use funnel::{
    Unanswered, Walked, counted, days, forget_steps, forget_unanswered, keep_unanswered, open_by_tree,
    open_sessions, outcomes, unanswered, versions,
};
pub(crate) use sessions::{expired, forget_sessions, insert_session, insert_step, session, update_session};
pub(crate) use tickets::{
    Message, Ticket, answer_ticket, await_answer, claim_ticket, close_ticket, insert_message, insert_ticket,
    messages, release_ticket, ticket, ticket_for_support, tickets, tickets_for_support, tickets_of_agent,
};

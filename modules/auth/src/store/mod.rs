//! This module's tables. Every function's first argument after the database or the batch is whose data it is.

mod accounts;
mod api_keys;
mod audit;
mod erasures;
mod factors;
mod identities;
mod keys;
mod letters;
mod passkeys;
mod people;
mod service_tokens;
mod sessions;
mod tries;

pub(crate) use accounts::{
    Credentials, account_by_email, account_by_id, admit, insert_account, set_password,
};
pub(crate) use api_keys::{
    KeptApiKey, Trace, api_key, api_key_by_hash, api_keys, delete_api_key, insert_api_key, rotate_api_key,
    see_api_key,
};
pub(crate) use audit::{Entry, entries, forget_entries, insert_entry};
pub(crate) use erasures::{
    Erasure, ask, confirm_part, confirmed, erasure, erasures_under_way, finish, insert_erasure,
    is_being_erased, other_administrators,
};
pub(crate) use factors::{
    KeptTotp, PendingLogIn, begin_totp, confirm_totp, delete_pending_log_ins, delete_totp,
    forget_pending_log_ins, has_recovery_code, insert_pending_log_in, pending_log_in, recovery_codes_left,
    replace_recovery_codes, totp, use_pending_log_in, use_recovery_code, use_totp_step,
};
pub(crate) use identities::{
    Trip, delete_identity, end_trip, forget_trips, identities, insert_identity, insert_trip, user_of_identity,
};
pub(crate) use keys::{KeptKey, delete_signing_key, insert_signing_key, signing_keys};
pub(crate) use letters::{
    KeptLetter, claim_letters, delay_letter, delete_letter, delete_proofs, forget_proofs, insert_letter,
    insert_proof, proof_by_hash, use_proof,
};
pub(crate) use passkeys::{
    KeptPasskey, credentials, delete_passkey, end_challenge, forget_challenges, insert_challenge,
    insert_passkey, passkey_by_credential, passkeys, use_passkey,
};
pub(crate) use people::{Known, people, person, set_standing};
pub(crate) use service_tokens::{forget_service_tokens, insert_service_token, service_token};
pub(crate) use sessions::{
    Found, NewSession, OpenSession, SessionKind, extend_session, insert_session, insert_token, open_sessions,
    revoke_session, revoke_sessions, role_of_session, see_session, session_by_token, use_token,
};
pub(crate) use tries::{count_try, forget_old_tries, forget_tries};

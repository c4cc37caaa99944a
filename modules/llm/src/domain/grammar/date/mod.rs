//! Dates: written, named, relative, by weekday, by day of the month.

mod calendar;
mod relative;
mod when;

use super::{
    super::{
        Context,
        token::{Tokens, is_unspaced},
    },
    Phrase, Proposals,
};
pub(super) use calendar::month_day;
pub(in crate::domain) use when::{Toward, When};

pub(super) fn propose(tokens: &Tokens<'_>, from: usize, context: &Context, proposals: &mut Proposals) {
    let stuck = tokens.glued(from)
        && from > 0
        && tokens.is_word(from - 1)
        && !tokens.written(from - 1, from).starts_with(is_unspaced);
    if stuck && tokens.numeral(from).is_some() {
        return;
    }
    calendar::propose(tokens, from, context, proposals);
    relative::propose(tokens, from, context, proposals);
}

fn add(proposals: &mut Proposals, from: usize, found: Option<(When, usize)>, telling: i32) {
    if let Some((when, to)) = found {
        proposals.add(from, to, Phrase::Date(when), telling);
    }
}

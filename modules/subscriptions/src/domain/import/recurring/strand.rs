//! The charges of one merchant, taken apart by amount: one merchant may charge for two things.

use super::{Rhythm, StatementLine, merchant::close, service};

/// Charges that may be one subscription's, in order of time.
#[derive(Debug, Clone)]
pub(super) struct Strand<'l> {
    pub(super) lines: Vec<&'l StatementLine>,
    pub(super) rhythm: Option<Rhythm>,
}

impl<'l> Strand<'l> {
    fn of(lines: Vec<&'l StatementLine>) -> Self {
        let dates: Vec<_> = lines.iter().map(|line| line.booked_on).collect();
        // Only where it could make a difference: the catalogue is searched for every line.
        let known = dates.len() == 2 && lines.iter().all(|line| service(line).is_some());
        let rhythm = Rhythm::of(&dates, known);
        Self { lines, rhythm }
    }
}

/// Takes charges apart: each goes to those whose last amount is nearest and within five in a hundred; then strands
/// that follow one another are joined where the price was raised between them.
pub(super) fn strands<'l>(charges: &[&'l StatementLine]) -> Vec<Strand<'l>> {
    let mut charges = charges.to_vec();
    charges.sort_by_key(|line| (line.booked_on, line.line));
    let mut apart: Vec<Vec<&StatementLine>> = Vec::new();
    for line in charges {
        let last = |strand: &Vec<&StatementLine>| strand.last().map_or(0, |last| last.minor.abs());
        let near = apart
            .iter_mut()
            .filter(|strand| close(last(strand), line.minor.abs()))
            .min_by_key(|strand| last(strand).abs_diff(line.minor.abs()));
        match near {
            Some(strand) => strand.push(line),
            None => apart.push(vec![line]),
        }
    }
    joined(apart.into_iter().map(Strand::of).collect())
}

/// Joins a strand with the one that takes up its rhythm where it ends, at a price up to half as much again.
fn joined(mut strands: Vec<Strand<'_>>) -> Vec<Strand<'_>> {
    let mut at = 0;
    while at < strands.len() {
        let follower = (0..strands.len()).filter(|next| *next != at).find_map(|next| {
            let together = follows(&strands[at], &strands[next])?;
            Some((next, together))
        });
        match follower {
            Some((next, together)) => {
                strands[at] = together;
                strands.remove(next);
                if next < at {
                    at -= 1;
                }
            }
            None => at += 1,
        }
        // A merchant with very many different amounts is no subscription; looking at all pairs would take long.
        if strands.len() > 64 {
            break;
        }
    }
    strands
}

fn follows<'l>(first: &Strand<'l>, next: &Strand<'l>) -> Option<Strand<'l>> {
    let (last, begins) = (first.lines.last()?, next.lines.first()?);
    let (before, after) = (last.minor.abs(), begins.minor.abs());
    let raised = after.max(before) * 2 <= after.min(before) * 3;
    if last.booked_on >= begins.booked_on || !raised || first.lines.len() < 2 {
        return None;
    }
    let together = Strand::of(first.lines.iter().chain(&next.lines).copied().collect());
    let same = |strand: &Strand<'_>| {
        strand
            .rhythm
            .as_ref()
            .is_none_or(|rhythm| together.rhythm.as_ref().is_some_and(|both| both.cycle == rhythm.cycle))
    };
    let holds = together.rhythm.as_ref().is_some_and(|rhythm| rhythm.missing == 0);
    (holds && same(first) && same(next)).then_some(together)
}

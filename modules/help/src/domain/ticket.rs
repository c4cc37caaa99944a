//! How it stands with what was handed over.

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketStatus {
    /// Somebody waits for an answer.
    Open,
    /// It was answered. Whoever asked may say more, and waits again.
    Answered,
    /// It is done with, unless whoever asked says more.
    Closed,
}

impl TicketStatus {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::Open, Self::Answered, Self::Closed];

    /// The word on the wire and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

/// A text that names none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be open, answered or closed")]
pub struct TicketStatusError;

impl std::str::FromStr for TicketStatus {
    type Err = TicketStatusError;

    fn from_str(text: &str) -> Result<Self, TicketStatusError> {
        Self::ALL.into_iter().find(|status| status.as_str() == text).ok_or(TicketStatusError)
    }
}

/// How a number of waits spread, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spread {
    /// How many there were.
    pub(crate) count: usize,
    /// Half of them were no longer.
    pub(crate) median: i64,
    /// Nine in ten of them were no longer.
    pub(crate) ninety: i64,
}

impl Spread {
    /// `None` where there was none.
    pub(crate) fn of(mut seconds: Vec<i64>) -> Option<Self> {
        seconds.sort_unstable();
        // The smallest that so many percent do not exceed.
        let rank = |percent: usize| (seconds.len() * percent).div_ceil(100).saturating_sub(1);
        let at = |percent| seconds.get(rank(percent)).copied();
        Some(Self { count: seconds.len(), median: at(50)?, ninety: at(90)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_told_by_their_median_and_by_what_nine_in_ten_do_not_exceed() {
        let spread =
            |seconds: &[i64]| Spread::of(seconds.to_vec()).map(|it| (it.count, it.median, it.ninety));
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[7]), Some((1, 7, 7)));
        assert_eq!(spread(&[30, 10]), Some((2, 10, 30)));
        assert_eq!(spread(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), Some((10, 5, 9)));
    }
}

//! What a tree can mend, and how that can turn out.

use super::{known::APPLIED, named};

named! {
    /// Something to mend. `refused`: the state of the thing, or what the person may do, does not allow it.
    Mend {
        /// The charge that was looked at becomes paid.
        MarkPaid = "mark_paid", ways MENDED;
        /// The subscription that was looked at renews again.
        Resume = "resume", ways MENDED;
        /// The person is told again of the subscription that was looked at, and of its household.
        Unmute = "unmute", ways MENDED;
        /// The kind of the reminder that was looked at is told again by the channel that was.
        TellKind = "tell_kind", ways MENDED;
        /// No hours are quiet any more.
        EndQuietHours = "end_quiet_hours", ways MENDED;
        /// The notification that was looked at is sent again, at once.
        SendAgain = "send_again", ways MENDED;
        /// What is overdue is entered, and figures are computed anew.
        Refresh = "refresh", ways MENDED;
        /// What the import that was looked at proposes is made.
        ApplyImport = "apply_import", ways &[("done", APPLIED), ("refused", &[]), ("away", &[])];
        /// What the import that was looked at made is taken back.
        UndoImport = "undo_import", ways &[("done", APPLIED), ("refused", &[]), ("away", &[])];
        /// The household sees the subscription that was looked at.
        ShowToHousehold = "show_to_household", ways MENDED;
        /// The subscription that was looked at does not renew any more.
        Cancel = "cancel", ways &[("done", &["ends"]), ("refused", &[]), ("away", &[])];
        /// The subscription that was looked at rests.
        Pause = "pause", ways MENDED;
        /// Every other log-in of the person's is over.
        EndOtherLogIns = "end_other_log_ins", ways MENDED;
        /// The subscription that was looked at is charged every month; its price stays that of a charge.
        ChargeMonthly = "charge_monthly", ways RESPANNED;
        /// The same, every year.
        ChargeYearly = "charge_yearly", ways RESPANNED;
        /// The channel that was looked at is on, and a real test is sent by it. `waiting`: nothing was said to it yet.
        TryChannel = "try_channel", ways &[
            ("sent", &[]),
            ("failed", &["said"]),
            ("waiting", &[]),
            ("refused", &[]),
            ("away", &[]),
        ];
    }
}

/// How most of what is mended can turn out.
const MENDED: &[(&str, &[&str])] = &[("done", &[]), ("refused", &[]), ("away", &[])];

/// How it can turn out that one is charged at another rhythm: what it comes to is known anew.
const RESPANNED: &[(&str, &[&str])] =
    &[("done", &["cycle", "month", "year"]), ("refused", &[]), ("away", &[])];

impl Mend {
    /// Whether it changes what is the household's, so that whoever may only look there may not; else it changes what is
    /// the person's own.
    pub const fn changes_household(self) -> bool {
        match self {
            Self::MarkPaid
            | Self::Resume
            | Self::ChargeMonthly
            | Self::ChargeYearly
            | Self::Refresh
            | Self::ApplyImport
            | Self::UndoImport
            | Self::ShowToHousehold
            | Self::Cancel
            | Self::Pause => true,
            Self::Unmute
            | Self::TellKind
            | Self::EndQuietHours
            | Self::SendAgain
            | Self::TryChannel
            | Self::EndOtherLogIns => false,
        }
    }
}

//! `perennial user …`: accounts by hand.
#![expect(clippy::print_stdout, reason = "it asks for a password at its terminal")]

use std::{
    io::{BufRead, IsTerminal, Write},
    sync::Arc,
};

use auth::Registration;
use clap::Subcommand;
use contracts::users::{Profile, Reminders};
use kernel::{Clock, Currency, Locale, Role, Zone};

use crate::{cli::Failure, output::say, settings::Settings, wiring};

#[derive(Debug, Subcommand)]
pub(crate) enum UserCommand {
    /// Make an account; its password is read from standard input
    Create {
        /// The e-mail address
        email: String,
        /// How they want to be called
        #[arg(long, default_value = "")]
        name: String,
        /// How they read and write
        #[arg(long, default_value = "en-US")]
        locale: Locale,
        /// Where their days begin
        #[arg(long, default_value = "UTC")]
        time_zone: Zone,
        /// What their totals are in; that of the locale's region when left out
        #[arg(long)]
        currency: Option<Currency>,
        /// What they may do: user, agent or administrator
        #[arg(long, default_value = "user")]
        role: Role,
    },
    /// Set a new password, read from standard input, and log them out everywhere
    ResetPassword {
        /// The e-mail address
        email: String,
    },
    /// Turn the authenticator app off for somebody who has lost it and the recovery codes
    DisableApp {
        /// The e-mail address
        email: String,
    },
    /// Keep somebody out: log them out everywhere, and let them in no more
    Suspend {
        /// The e-mail address
        email: String,
    },
    /// Let somebody in again who was suspended
    Restore {
        /// The e-mail address
        email: String,
    },
    /// Delete somebody's account with all that is theirs, while the program serves; it cannot be taken back
    Delete {
        /// The e-mail address
        email: String,
    },
    /// Say what somebody may do
    Role {
        /// The e-mail address
        email: String,
        /// user, agent or administrator
        role: Role,
    },
}

pub(crate) async fn run(
    command: UserCommand,
    settings: Settings,
    clock: Arc<dyn Clock>,
) -> Result<(), Failure> {
    match command {
        UserCommand::Create { email, name, locale, time_zone, currency, role } => {
            let password = read_password()?;
            let currency = currency.unwrap_or_else(|| locale.currency());
            let profile = Profile { name, locale, time_zone, currency, reminders: Reminders::default() };
            let wired = wiring::wire(&settings, clock, None).await?;
            let (id, email) = wired.auth.register(Registration { email, password, profile, role }).await?;
            say(format!("{id} {email}"))?;
        }
        UserCommand::ResetPassword { email } => {
            let password = read_password()?;
            wiring::wire(&settings, clock, None).await?.auth.reset_by_operator(&email, &password).await?;
            say(format!("{email} has a new password, and is logged out everywhere within ten seconds"))?;
        }
        UserCommand::DisableApp { email } => {
            wiring::wire(&settings, clock, None).await?.auth.end_totp_by_operator(&email).await?;
            println!("{email} logs in without an app from now on");
        }
        UserCommand::Suspend { email } => {
            wiring::wire(&settings, clock, None).await?.auth.suspend(&email).await?;
            say(format!("{email} is logged out everywhere within ten seconds, and not let in any more"))?;
        }
        UserCommand::Restore { email } => {
            wiring::wire(&settings, clock, None).await?.auth.restore(&email).await?;
            say(format!("{email} may log in again"))?;
        }
        UserCommand::Delete { email } => {
            wiring::wire(&settings, clock, None).await?.auth.erase_by_operator(&email).await?;
            say(format!(
                "{email} is logged out everywhere within ten seconds; what is theirs is erased by the serving program"
            ))?;
        }
        UserCommand::Role { email, role } => {
            wiring::wire(&settings, clock, None).await?.auth.give_role(&email, role).await?;
            say(format!("{email} is {} within ten seconds", role.as_str()))?;
        }
    }
    Ok(())
}

/// A line of standard input: from a pipe as it is, from a terminal after asking for it.
fn read_password() -> Result<String, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        print!("Password (it is shown as you type): ");
        std::io::stdout().flush()?;
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

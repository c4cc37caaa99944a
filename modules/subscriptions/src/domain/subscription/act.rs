//! What the contract lets others do to one.

use contracts::subscriptions::Act;
use jiff::civil::Date;
use kernel::Invalid;

use super::Subscription;
use crate::domain::{Amendment, DecisionError, Fact, read_date};

impl Subscription {
    /// Does what its owner could do by hand.
    ///
    /// # Errors
    /// [`DecisionError::Invalid`] when a rule forbids the input, [`DecisionError::Refused`] when its state does.
    pub fn act(&mut self, act: &Act, today: Date) -> Result<Vec<Fact>, DecisionError> {
        match *act {
            Act::Pause => Ok(self.pause()?),
            Act::Resume => Ok(self.resume(today)?),
            Act::Cancel { ends_on } => {
                let mut invalid = Invalid::new();
                let ends_on = ends_on.and_then(|date| read_date(date, "/ends_on", &mut invalid));
                invalid.into_result()?;
                Ok(self.cancel(ends_on, today)?)
            }
            Act::Reactivate => Ok(self.reactivate(today)?),
            Act::ChangePrice { price, from } => {
                let amendment = Amendment { price: Some(price), price_from: from, ..Amendment::default() };
                self.edit(amendment.check()?, today)
            }
        }
    }
}

//! `perennial demo`: a believable household, filled through the same doors as anybody's, and served.

mod household;

use std::sync::Arc;

use auth::Registration;
use contracts::{
    subscriptions::{Act, NewSubscription, Source, Subscriptions},
    users::{Profile, Reminders},
};
use jiff::{ToSpan, civil::Date};
use kernel::{Actor, Clock, Currency, Cycle, Money, Role, SessionId, UserId, Zone};
use platform::{settings::Secret, system::SystemIds};

use crate::{
    cli::{self, Failure, Options},
    output::say,
    serve,
    settings::Settings,
    wiring,
};
use household::{Fate, HOUSEHOLD, Sample};

const EMAIL: &str = "demo@perennial.local";
const PASSWORD: &str = "perennial demo";

/// Fills the demo's folder, unless it is filled already, and serves it.
pub(crate) async fn run(mut options: Options) -> Result<(), Failure> {
    options.data.get_or_insert_with(|| "./demo-data".into());
    let mut settings = cli::load(&options)?;
    if settings.general.environment.is_production() {
        return Err(
            "the demo has a password that everybody knows: it is refused where environment is production"
                .into(),
        );
    }
    // Its own folder, whatever database the settings name.
    settings.database.url = Secret::default();
    let clock = cli::clock(&options, &settings)?;
    fill(&settings, Arc::clone(&clock)).await?;
    say(format!("sign in as {EMAIL} with the password: {PASSWORD}"))?;
    serve::serve(settings, clock, cli::announce).await
}

async fn fill(settings: &Settings, clock: Arc<dyn Clock>) -> Result<(), Failure> {
    let wired = wiring::wire(settings, Arc::clone(&clock), None).await?;
    let filled = settings.folder().join("demo-filled");
    let zone: Zone = "Asia/Kolkata".parse()?;
    let registered = wired.auth.register(registration(&zone)?).await;
    let user = match registered {
        Ok((user, _)) => user,
        Err(auth::AuthError::AddressTaken) if filled.exists() => return Ok(()),
        Err(auth::AuthError::AddressTaken) => {
            let folder = settings.folder().display();
            return Err(
                format!("filling {folder} was interrupted: remove it, and start the demo again").into()
            );
        }
        Err(error) => return Err(error.into()),
    };
    let actor = actor(user, Arc::clone(&clock));
    let today = zone.date_at(clock.now());
    for sample in HOUSEHOLD {
        track(&*wired.tracker, &actor, sample, today).await?;
    }
    Ok(std::fs::write(filled, "")?)
}

fn registration(zone: &Zone) -> Result<Registration, Failure> {
    let profile = Profile {
        name: "Asha".into(),
        locale: "en-IN".parse()?,
        time_zone: zone.clone(),
        currency: Currency::INR,
        reminders: Reminders::default(),
    };
    Ok(Registration { email: EMAIL.into(), password: PASSWORD.into(), profile, role: Role::User })
}

/// The one who fills: nobody logged in, so the session is one that never existed.
fn actor(user: UserId, clock: Arc<dyn Clock>) -> Actor {
    let ids: Arc<dyn kernel::Ids> = Arc::new(SystemIds::new(clock));
    let session: SessionId = ids.next();
    Actor::at_home(user, Role::User, session)
}

async fn track(
    tracker: &dyn Subscriptions,
    actor: &Actor,
    sample: &Sample,
    today: Date,
) -> Result<(), Failure> {
    let currency: Currency = sample.currency.parse()?;
    let price = Money::parse(sample.price, currency)?;
    let began_on = today.checked_sub(i64::from(sample.days_ago).days())?;
    let in_trial = matches!(sample.fate, Fate::InTrial);
    let new = NewSubscription {
        name: sample.name.into(),
        plan: sample.plan.map(Into::into),
        service: sample.service.map(Into::into),
        price,
        cycle: sample.cycle.map(|(every, unit)| Cycle::new(every, unit)).transpose()?,
        first_charge_on: (!in_trial).then_some(began_on),
        trial_ends_on: if in_trial { Some(today.checked_add(6.days())?) } else { None },
        ends_on: None,
        backfill: true,
        category: Some(sample.category.into()),
        source: Source::Manual,
    };
    let made = tracker.create(actor, new).await?;
    for act in acts(sample, currency, today)? {
        tracker.act(actor, made.id, act).await?;
    }
    Ok(())
}

/// What its owner did with it since.
fn acts(sample: &Sample, currency: Currency, today: Date) -> Result<Vec<Act>, Failure> {
    Ok(match sample.fate {
        Fate::Runs | Fate::InTrial => vec![],
        Fate::Rises { to, in_days } => {
            let from = today.checked_add(i64::from(in_days).days())?;
            vec![Act::ChangePrice { price: Money::parse(to, currency)?, from: Some(from) }]
        }
        Fate::Paused => vec![Act::Pause],
        Fate::Cancelled => vec![Act::Cancel { ends_on: None }],
        Fate::Ended => vec![Act::Cancel { ends_on: Some(today) }],
    })
}

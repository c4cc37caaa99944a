//! Whole files, from their bytes to what would be done with them.

use contracts::subscriptions::Status;
use jiff::civil::Date;
use kernel::{Currency, Cycle, Unit};
use proptest::prelude::*;

use super::*;
use crate::domain::{
    Birth, PaymentSource, PaymentState, Subscription,
    testing::{birth, cycle, day, id, made, money, netflix},
};

const TODAY: Date = jiff::civil::date(2026, 5, 5);

fn around() -> Surroundings {
    Surroundings { today: TODAY, currency: Currency::INR }
}

fn file(bytes: impl AsRef<[u8]>) -> Result<Reading, Unreadable> {
    Incoming::is_database(bytes.as_ref())?;
    read(&Incoming::Bytes(bytes.as_ref()), &Options::default(), around())
}

fn refused(bytes: impl AsRef<[u8]>) -> String {
    file(bytes).unwrap_err().to_string()
}

fn entries(reading: Reading) -> Vec<Entry> {
    let Contents::Subscriptions(entries) = reading.contents else { panic!("{:?}", reading.contents) };
    entries
}

fn adopted(entry: &Entry) -> Adopted {
    let (draft, life) = entry.found.clone().unwrap();
    Adopted::entry(draft, life, birth(1, TODAY))
}

/// A ZIP archive of a few dozen bytes that says it unpacks to 4 GB, as `statement.csv`.
#[test]
fn a_file_that_claims_to_be_a_statement_and_is_a_zip_bomb() {
    let mut bomb =
        b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0\x20\0\0\0\xff\xff\xff\xff\x0d\0\0\0statement.csv"
            .to_vec();
    bomb.extend([0; 32]);
    assert!(refused(&bomb).starts_with("This is a ZIP archive"));
    assert!(refused(b"\x1f\x8b\x08\0\0\0\0\0\0\x03").starts_with("This is packed with gzip"));
    let entities = "<?xml version=\"1.0\"?><!DOCTYPE Document [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\">]>\
                    <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>";
    assert!(refused(entities).contains("document type"));
}

#[test]
fn a_file_that_claims_to_be_a_statement_and_is_200_mb() {
    let refusal = refused(vec![b'a'; 200 * 1024 * 1024]);
    assert_eq!(refusal, "The file is longer than 20 MB.");
    let rows = format!("Date,Description,Amount\n{}", "2026-01-05,A,-1.00\n".repeat(MAX_LINES + 1));
    assert!(refused(rows).contains("more than 200000 rows"));
}

#[test]
fn a_file_that_claims_to_be_a_statement_and_is_not_utf_8() {
    let guessed = file(b"Date;Description;Amount\n2026-01-05;Caf\xe9 Z\xfcrich;-1,00\n").unwrap();
    assert!(guessed.remarks[0].text.contains("Windows-1252"));
    let Contents::Statement(lines) = guessed.contents else { panic!() };
    assert_eq!(lines[0].text, "Café Zürich");
    assert!(refused(b"Date;Amount\n\0\x01\x02\x03").contains("not a text file"));
    assert!(refused(b"\xef\xbb\xbfDate;Amount\n\xff\xff").contains("UTF-8"));
}

#[test]
fn a_statement_as_a_table_becomes_lines() {
    let reading = file("Datum;Tekst;Bedrag\n13.01.2026;NETFLIX;-9,99\n").unwrap();
    assert_eq!(reading.kind, Kind::Csv);
    // `Tekst` is no heading that is known.
    assert_eq!(reading.contents, Contents::Unanswered);
    assert_eq!(reading.questions[0].pointer, "/columns");
    let options = Options {
        columns: Some(vec![Some(Role::Date), Some(Role::Text), Some(Role::Amount)]),
        ..Options::default()
    };
    let bytes = b"Datum;Tekst;Bedrag\n13.01.2026;NETFLIX;-9,99\n";
    let read = read(&Incoming::Bytes(bytes), &options, around()).unwrap();
    let Contents::Statement(lines) = read.contents else { panic!() };
    assert_eq!((lines[0].booked_on, lines[0].minor), (day("2026-01-13"), -999));
}

#[test]
fn what_cannot_be_known_is_asked_and_the_answer_is_taken() {
    let text = "Date,Description,Amount\n01/02/2026,A,-5.00\n03/04/2026,B,-5.00\n";
    let asked = file(text).unwrap();
    assert_eq!(asked.questions.iter().map(|it| it.pointer.as_str()).collect::<Vec<_>>(), ["/date_order"]);
    let options = Options { date_order: Some(DateOrder::MonthFirst), ..Options::default() };
    let Contents::Statement(lines) =
        read(&Incoming::Bytes(text.as_bytes()), &options, around()).unwrap().contents
    else {
        panic!()
    };
    assert_eq!(lines[1].booked_on, day("2026-03-04"));
    let thousand = file("Name,Price\nA,\"1,234\"\n").unwrap();
    assert_eq!(thousand.questions[0].pointer, "/decimal_mark");
}

#[test]
fn a_column_chosen_twice_or_for_another_table_is_refused() {
    let read = |columns: Vec<Option<Role>>| {
        let options = Options { columns: Some(columns), ..Options::default() };
        read(&Incoming::Bytes(b"Name,Price\nA,1\n"), &options, around()).unwrap_err().to_string()
    };
    assert!(read(vec![Some(Role::Name), Some(Role::Name)]).contains("cannot both"));
    assert!(read(vec![Some(Role::Name)]).contains("2 columns"));
}

const WALLOS_EXPORT: &str = r#"{"success":true,"subscriptions":[
    {"Name":"Netflix","Payment Cycle":"Monthly","Next Payment":"2026-05-15","Renewal":"Automatic","Category":"Entertainment",
     "Payment Method":"Visa","Paid By":"Asha","Price":"€15.99","Notes":"Family","URL":"https://netflix.com","State":"Enabled",
     "Notifications":"Enabled","Cancellation Date":"","Active":"Yes"},
    {"Name":"Adobe","Payment Cycle":"Yearly","Next Payment":"2026-06-01","Renewal":"Manual","Category":"Productivity","Price":"$59.99",
     "Cancellation Date":"2026-05-20","Active":"No"},
    {"Name":"Gym","Payment Cycle":"Every 3 Months","Next Payment":"2026-06-30","Price":"₹3000","Active":"No"},
    {"Name":"","Payment Cycle":"Monthly","Next Payment":"2026-06-01","Price":"$1","Active":"Yes"}]}"#;

#[test]
fn wallos_as_its_export() {
    let reading = file(WALLOS_EXPORT).unwrap();
    assert_eq!(reading.kind, Kind::Wallos);
    let found = entries(reading);
    let netflix = adopted(&found[0]).subscription;
    assert_eq!((netflix.price_on(TODAY), netflix.cycle), (money("EUR 15.99"), Some(Cycle::MONTHLY)));
    assert_eq!((netflix.next_charge_on(), netflix.auto_renew), (Some(day("2026-05-15")), true));
    assert_eq!(netflix.notes.as_str(), "Family\nPaid by: Asha");
    assert_eq!(found[0].wanted.payment_method.as_deref(), Some("Visa"));
    assert_eq!(netflix.category.to_string(), "entertainment");
    // Cancelled before the charge that the file names next: it is charged no more, and ends on its day.
    let adobe = adopted(&found[1]).subscription;
    assert_eq!(
        (adobe.status, adobe.ends_on, adobe.next_charge_on()),
        (Status::Cancelled, Some(day("2026-05-20")), None)
    );
    assert_eq!((adobe.auto_renew, adobe.first_charge_on), (false, day("2025-06-01")));
    let gym = adopted(&found[2]).subscription;
    assert_eq!((gym.status, gym.cycle), (Status::Paused, Some(cycle(3, Unit::Month))));
    assert_eq!(found[3].found.as_ref().unwrap_err(), &["name: must not be empty"]);
}

#[test]
fn wallos_as_its_csv_whose_cells_are_not_quoted() {
    let text = "Name,Payment Cycle,Next Payment,Renewal,Category,Payment Method,Paid By,Price,Notes,URL,State,Notifications,Cancellation Date,Active\n\
                Netflix,Monthly,2026-05-15,Automatic,Entertainment,Visa,Asha,€15.99,,https://netflix.com,Enabled,Enabled,,Yes\n\
                Gym,Every 3 Months,2026-06-30,Automatic,Sport,,,₹3000,,,Disabled,Enabled,,No\n";
    let found = entries(file(text).unwrap());
    let netflix = adopted(&found[0]).subscription;
    assert_eq!(
        (netflix.price_on(TODAY), netflix.next_charge_on()),
        (money("EUR 15.99"), Some(day("2026-05-15")))
    );
    let gym = adopted(&found[1]).subscription;
    assert_eq!(
        (gym.status, gym.category.to_string().as_str(), gym.cycle),
        (Status::Paused, "fitness", Some(cycle(3, Unit::Month)))
    );
}

#[test]
fn wallos_as_the_answer_of_its_api() {
    let text = r#"{"success":true,"title":"subscriptions","subscriptions":[{"id":1,"name":"Example","logo":"","price":10.00,
        "currency_id":1,"start_date":"2026-01-31","next_payment":"2026-05-31","cycle":3,"frequency":1,"auto_renew":1,"notes":"n",
        "payment_method_id":1,"payer_user_id":1,"category_id":1,"notify":1,"url":"https://example.com","inactive":0,
        "notify_days_before":1,"cancellation_date":"","category_name":"Music","payer_user_name":"Jo","payment_method_name":"PayPal"},
        {"id":2,"name":"Once","price":5.5,"currency_id":1,"next_payment":"2026-05-01","cycle":5,"frequency":1,"inactive":0},
        {"id":3,"name":"Odd","price":5.5,"currency_id":1,"next_payment":"2026-05-01","cycle":9,"frequency":1,"inactive":0}],"notes":[]}"#;
    let found = entries(file(text).unwrap());
    let example = adopted(&found[0]);
    assert!(found[0].remarks[0].contains("number 1; INR was taken"));
    assert_eq!(example.subscription.first_charge_on, day("2026-01-31"));
    assert_eq!(example.subscription.next_charge_on(), Some(day("2026-05-31")));
    // January to April were paid before it was tracked here.
    assert_eq!(example.charges.len(), 4);
    assert!(example.charges.iter().all(|charge| charge.source == PaymentSource::Assumed));
    assert_eq!(adopted(&found[1]).subscription.cycle, None);
    assert!(found[2].found.is_err());
}

#[test]
fn wallos_as_its_database() {
    let row = |cells: &[(&str, &str)]| {
        let cell = |value: &str| if value.is_empty() { Cell::Null } else { Cell::Text(value.into()) };
        cells.iter().map(|(name, value)| ((*name).to_owned(), cell(value))).collect()
    };
    let rows = DatabaseRows::from([
        ("currencies".to_owned(), vec![row(&[("id", "7"), ("code", "USD")])]),
        ("categories".to_owned(), vec![row(&[("id", "3"), ("name", "Music")])]),
        (
            "subscriptions".to_owned(),
            vec![row(&[
                ("name", "Spotify"),
                ("price", "9.99"),
                ("currency_id", "7"),
                ("next_payment", "2026-05-20"),
                ("cycle", "3"),
                ("frequency", "2"),
                ("category_id", "3"),
                ("start_date", ""),
                ("inactive", "0"),
            ])],
        ),
    ]);
    let reading = read(&Incoming::Database(&rows), &Options::default(), around()).unwrap();
    let spotify = adopted(&entries(reading)[0]).subscription;
    assert_eq!((spotify.price_on(TODAY), spotify.cycle), (money("USD 9.99"), Some(cycle(2, Unit::Month))));
    assert_eq!(spotify.category.to_string(), "music");
    let other = DatabaseRows::from([("subscriptions".to_owned(), vec![row(&[("title", "x")])])]);
    assert!(read(&Incoming::Database(&other), &Options::default(), around()).is_err());
}

#[test]
fn subtrackr_as_its_export() {
    let text = r#"{"exported_at":"2026-05-05T00:00:00Z","subscriptions":[
        {"id":1,"name":"GitHub","cost":4,"original_currency":"USD","schedule":"Monthly","schedule_interval":1,"status":"Active",
         "category_id":1,"category":{"id":1,"name":"Software"},"payment_method":"Card","account":"me@example.org",
         "start_date":"2026-01-31T00:00:00Z","renewal_date":"2026-05-31T00:00:00Z","url":"","notes":"","usage":"High"},
        {"id":2,"name":"VPN","cost":9.999,"original_currency":"EUR","schedule":"Quarterly","schedule_interval":2,"status":"Cancelled",
         "start_date":"2025-01-01T00:00:00Z","cancellation_date":"2026-01-01T00:00:00Z"},
        {"id":3,"name":"Try","cost":5,"original_currency":"EUR","schedule":"Annual","status":"Trial","renewal_date":"2026-05-20T00:00:00Z"},
        {"id":4,"name":"Odd","cost":"x","original_currency":"???","schedule":"Sometimes","status":"Active"}]}"#;
    let reading = file(text).unwrap();
    assert_eq!(reading.kind, Kind::Subtrackr);
    let found = entries(reading);
    let github = adopted(&found[0]).subscription;
    assert_eq!(
        (github.price_on(TODAY), github.next_charge_on()),
        (money("USD 4.00"), Some(day("2026-05-31")))
    );
    let vpn = adopted(&found[1]);
    assert!(found[1].remarks[0].contains("rounded to EUR 10.00"));
    assert_eq!(
        (vpn.subscription.status, vpn.subscription.cycle),
        (Status::Ended, Some(cycle(6, Unit::Month)))
    );
    assert_eq!(vpn.charges.len(), 2);
    let trial = adopted(&found[2]).subscription;
    assert_eq!((trial.status, trial.trial_ends_on), (Status::Trial, Some(day("2026-05-20"))));
    assert_eq!(found[3].found.as_ref().unwrap_err().len(), 3);
}

#[test]
fn json_that_is_nobodys_is_refused_in_words() {
    for text in [
        "{}",
        "[]",
        "[1]",
        "{\"subscriptions\":[]}",
        "{\"subscriptions\":[{\"a\":1}]}",
        "{",
        "{\"format\":\"perennial\",\"version\":9}",
    ] {
        assert!(refused(text).ends_with('.'), "{text}");
    }
}

fn tracked(names: &[(&str, &str)]) -> Vec<Tracked> {
    (1..)
        .zip(names)
        .map(|(number, (name, price))| {
            let mut proposal = netflix();
            proposal.name = (*name).into();
            proposal.service = None;
            proposal.price = money(price);
            proposal.first_charge_on = Some(day("2026-01-05"));
            proposal.auto_renew = false;
            let birth = Birth { id: id(number), ..birth(number, TODAY) };
            let (subscription, advance) = Subscription::create(proposal.check(TODAY).unwrap(), birth, 100);
            let payments = (number * 100..)
                .zip(&advance.charges)
                .map(|(at, charge)| charge.payment(id(at), &subscription))
                .collect();
            Tracked { subscription, payments }
        })
        .collect()
}

fn plan(text: &str, tracked: &[Tracked]) -> Plan {
    Plan::of(&file(text).unwrap(), tracked, TODAY)
}

#[test]
fn a_line_that_pays_what_is_tracked_confirms_it_and_adds_nothing() {
    let text = "Date,Description,Amount\n2026-02-07,UPI-NETFLIX COM-1234,-499.00\n2026-03-05,POS NETFLIX.COM,-510.00\n\
                2026-04-20,NETFLIX.COM,-499.00\n2026-05-05,NETFLIX.COM,-640.00\n2026-05-05,BAKERY,-499.00\n";
    let plan = plan(text, &tracked(&[("Netflix", "INR 499.00")]));
    let confirmed: Vec<_> =
        plan.items.iter().map(|item| (item.action, item.line, item.first_charge_on)).collect();
    // Two days late and 2 % more are its charges; 15 days late and 28 % more are not.
    assert_eq!(
        confirmed,
        [(Action::Confirm, 2, Some(day("2026-02-05"))), (Action::Confirm, 3, Some(day("2026-03-05"))),]
    );
}

#[test]
fn what_a_statement_shows_again_and_again_is_offered_with_its_lines() {
    let text = "Date,Description,Amount\n2026-01-31,SPOTIFY P1A2,-119.00\n2026-02-28,SPOTIFY P1B3,-119.00\n2026-03-31,SPOTIFY P9,-119.00\n\
                2026-04-30,SPOTIFY P7,-119.00\n2026-04-15,SALARY,90000.00\n";
    let plan = plan(text, &[]);
    assert_eq!(plan.items.len(), 1);
    let item = &plan.items[0];
    assert_eq!((item.action, item.chosen, item.lines.len()), (Action::Create, true, 4));
    let offer = item.offer.as_ref().unwrap();
    let adopted =
        Adopted::offer(offer, contracts::subscriptions::Source::Manual, true, birth(1, TODAY)).unwrap();
    assert_eq!(adopted.subscription.next_charge_on(), Some(day("2026-05-31")));
    assert_eq!(adopted.charges.len(), 4);
    assert!(adopted.charges.iter().all(|charge| charge.source == PaymentSource::Statement));
    assert_eq!(adopted.charges[3].state, PaymentState::Paid { on: day("2026-04-30") });
}

#[test]
fn what_fell_due_since_an_old_statement_is_assumed_or_left_out_as_asked() {
    let text =
        "Date,Description,Amount\n2025-10-05,GYM,-10.00\n2025-11-05,GYM,-10.00\n2025-12-05,GYM,-10.00\n";
    let offer = plan(text, &[]).items[0].offer.clone().unwrap();
    let source = contracts::subscriptions::Source::Manual;
    let charges =
        |backfill| Adopted::offer(&offer, source.clone(), backfill, birth(1, TODAY)).unwrap().charges;
    // January to April are assumed; that of today is a renewal.
    assert_eq!(charges(true).len(), 3 + 5);
    assert_eq!(charges(false).len(), 3 + 1);
}

#[test]
fn what_is_tracked_already_is_not_made_again_unless_chosen() {
    let text = "Name,Price,Currency,Cycle\nnetflix,499,INR,Monthly\nNetflix Premium,505,INR,Monthly\nNetflix Games,99,INR,Monthly\n\
                Hulu,5,USD,Monthly\nHulu,5,USD,Monthly\n";
    let plan = plan(text, &tracked(&[("Netflix", "INR 499.00")]));
    let found: Vec<_> = plan.items.iter().map(|item| (item.action, item.chosen)).collect();
    assert_eq!(
        found,
        [
            (Action::Duplicate, false),
            (Action::Duplicate, false),
            (Action::Create, true),
            (Action::Create, true),
            (Action::Duplicate, false),
        ]
    );
    assert_eq!(plan.counts()["create"], 2);
}

#[test]
fn the_csv_that_goes_out_comes_back() {
    let (mut first, _) = made(netflix(), "2026-05-05");
    first.pause().unwrap();
    let mut once = netflix();
    once.name = "=Lifetime, really".into();
    once.cycle = None;
    let (once, _) = made(once, "2026-05-05");
    let table = crate::domain::export::csv(&[first, once], &crate::domain::Sorting::default(), TODAY);
    let found = entries(file(table).unwrap());
    let netflix = adopted(&found[0]).subscription;
    assert_eq!(
        (netflix.status, netflix.first_charge_on, netflix.category.to_string().as_str()),
        (Status::Paused, TODAY, "entertainment")
    );
    let once = adopted(&found[1]).subscription;
    assert_eq!(
        (once.name.as_str(), once.cycle, once.price_on(TODAY)),
        ("=Lifetime, really", None, money("INR 499.00"))
    );
}

#[test]
fn numbers_of_items_are_those_of_the_file_whatever_is_tracked() {
    let text = "Date,Description,Amount\n2026-02-05,HULU,-5.00\n2026-03-05,HULU,-5.00\n2026-04-05,HULU,-5.00\n2026-03-06,NETFLIX,-499.00\n";
    let alone = plan(text, &[]);
    let beside = plan(text, &tracked(&[("Netflix", "INR 499.00")]));
    assert_eq!(alone.items[0].number, beside.items[0].number);
    assert_eq!((beside.items[1].number, beside.items[1].action), (2, Action::Confirm));
}

proptest! {
    /// Whatever the bytes are, there is an answer.
    #[test]
    fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = file(&bytes);
    }

    #[test]
    fn no_table_makes_it_panic(rows in proptest::collection::vec("[0-9/.,;a-z\" -]{0,40}", 0..12)) {
        let text = format!("Date;Amount;Description;Name;Price\n{}", rows.join("\n"));
        if let Ok(reading) = file(text) {
            let _ = Plan::of(&reading, &[], TODAY);
        }
    }
}

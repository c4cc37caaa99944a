//! The pages of importing and exporting, with awkward files.

use askama::Template;
use contracts::users::{Account, Profile};
use jiff::{
    Timestamp,
    civil::{Date, date, time},
};
use kernel::Currency;

use super::{super::frame::Frame, export::ExportPage, one::One, start::Start};
use crate::{
    domain::{
        import::{
            self, Done, FileNotes, Import, ImportStatus, Incoming, Made, Options, Outcome, Plan, Surroundings,
        },
        testing::id,
    },
    store::ImportRow,
};

const TODAY: Date = date(2026, 5, 5);

fn frame() -> Frame {
    let profile = Profile {
        name: "Asha".into(),
        locale: "en-IN".parse().unwrap(),
        time_zone: "Asia/Kolkata".parse().unwrap(),
        currency: Currency::INR,
        reminders: contracts::users::Reminders::default(),
    };
    let account = Account { user: id(1), email: "asha@example.org".into(), profile };
    Frame { account, homes: Vec::new(), currency: Currency::INR, today: TODAY, time: time(8, 30, 0, 0) }
}

fn imported(text: &str) -> Import {
    let around = Surroundings { today: TODAY, currency: Currency::INR };
    let reading = import::read(&Incoming::Bytes(text.as_bytes()), &Options::default(), around).unwrap();
    let now: Timestamp = "2026-05-05T06:30:00Z".parse().unwrap();
    Import {
        id: id(1),
        household: id(1),
        created_by: id(1),
        status: FileNotes::of(&reading).status(),
        kind: reading.kind,
        file_name: "<script>alert(1)</script>.csv".into(),
        size: 1,
        options: Options::default(),
        notes: FileNotes::of(&reading),
        plan: Plan::of(&reading, &[], TODAY),
        outcome: Outcome::default(),
        read_on: TODAY,
        created_at: now,
        updated_at: now,
        expires_at: now,
        version: 1,
    }
}

fn html(page: &impl Template) -> String {
    let html = page.render().unwrap();
    assert!(!html.contains("<script>alert"), "markup was obeyed: {html}");
    for never in [" style=", "<style", " onclick="] {
        assert!(!html.contains(never), "{never}");
    }
    assert_eq!(html.matches("<h1").count(), 1, "one heading");
    html
}

const TABLE: &str = "Name,Price,Currency,Cycle\n<script>alert(1)</script>,499,INR,Monthly\nشاهد VIP,5,USD,Yearly\n,1,INR,Monthly\n";

#[test]
fn a_preview_offers_what_is_new_and_says_what_cannot_be() {
    let page = html(&One::new(&frame(), &imported(TABLE), None));
    assert!(page.contains("name=\"item\" value=\"1\" checked"));
    assert!(page.contains("Cannot be imported") && !page.contains("value=\"3\" checked"));
    assert!(page.contains("action=\"/import/imp_") && page.contains("Import what is ticked"));
}

#[test]
fn a_question_comes_before_the_import() {
    let import = imported("Date,Description,Amount\n01/02/2026,A,-5.00\n03/04/2026,B,-5.00\n");
    assert_eq!(import.status, ImportStatus::Asking);
    let page = html(&One::new(&frame(), &import, Some("Two columns cannot both be “Date”.".into())));
    assert!(page.contains("the day or the month?") && page.contains("<details open>"));
    assert!(!page.contains("Import what is ticked"));
}

#[test]
fn findings_stand_beside_their_lines_and_what_came_of_them() {
    let mut import = imported(
        "Date,Description,Amount\n2026-01-31,GYM <b>,-119.00\n2026-02-28,GYM <b>,-119.00\n2026-03-31,GYM <b>,-119.00\n",
    );
    let before = html(&One::new(&frame(), &import, None));
    assert!(before.contains("The 3 lines that show it") && before.contains("Line 2"));
    import.status = ImportStatus::Applied;
    let made = Made::Subscription { id: id(5), print: String::new() };
    import.outcome.done = vec![Done { number: 1, made, kept: None }];
    let applied = html(&One::new(&frame(), &import, None));
    assert!(
        applied.contains("Added") && applied.contains("/undo") && applied.contains("/subscriptions/sub_")
    );
    import.status = ImportStatus::Undone;
    import.outcome.done[0].kept = Some("It was changed since it was imported, and stays.".into());
    let undone = html(&One::new(&frame(), &import, None));
    assert!(undone.contains("Kept") && undone.contains("and stays.") && !undone.contains("/undo\""));
}

#[test]
fn the_ways_in_and_out() {
    let row = ImportRow {
        id: id(1),
        status: ImportStatus::Undone,
        kind: import::Kind::Wallos,
        file_name: String::new(),
        size: 1,
        created_at: "2026-05-05T06:30:00Z".parse().unwrap(),
        expires_at: "2026-06-05T06:30:00Z".parse().unwrap(),
    };
    let start = html(&Start::new(&frame(), Some("This is a ZIP archive.".into()), &[row]));
    assert!(start.contains("enctype=\"multipart/form-data\"") && start.contains("aria-invalid"));
    assert!(start.contains("Undone") && start.contains("Wallos"));
    assert!(html(&ExportPage::new(&frame())).contains("/export/perennial.json"));
}

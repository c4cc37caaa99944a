//! What goes out comes back.

use contracts::subscriptions::Source;
use kernel::{PaymentId, Unit};

use super::*;
use crate::domain::{
    Label, LabelInput, LabelKind, ParticularsInput, Sorting, Term,
    testing::{cycle, day, id, made, money, netflix},
};

const CATEGORY: uuid::Uuid = uuid::Uuid::from_u128(11);
const METHOD: uuid::Uuid = uuid::Uuid::from_u128(12);
const TAGS: [uuid::Uuid; 2] = [uuid::Uuid::from_u128(14), uuid::Uuid::from_u128(13)];
const LABELS: [(LabelKind, uuid::Uuid); 4] = [
    (LabelKind::Category, CATEGORY),
    (LabelKind::Tag, TAGS[0]),
    (LabelKind::Tag, TAGS[1]),
    (LabelKind::PaymentMethod, METHOD),
];

/// One of each kind, and two tags whose names and ids are in different orders.
fn sorting() -> Sorting {
    let names = ["Streaming", "a", "b", "Visa"];
    let label = |((kind, id), name): ((LabelKind, uuid::Uuid), &str)| {
        let input =
            LabelInput { name: Some(name.into()), last4: Some(Some("4242".into())), ..LabelInput::default() };
        Label::create(id, crate::domain::testing::id(2), kind, &input).unwrap()
    };
    Sorting::new(LABELS.into_iter().zip(names).map(label).collect())
}

fn awkward() -> Whole {
    let mut proposal = netflix();
    proposal.name = "नेटफ्लिक्स, \"Ünïted\" 🎬".into();
    proposal.plan = Some("4 × 4K".into());
    proposal.url = Some("https://example.org/a?b=%20".into());
    proposal.notes = "one\ntwo".into();
    proposal.price = money("KWD 1.250");
    proposal.first_charge_on = Some(day("2026-01-31"));
    proposal.ends_on = Some(day("2199-12-31"));
    proposal.source = Source::Text { message_id: id(9) };
    proposal.category = Some(kernel::CategoryId::from_uuid(CATEGORY).to_string());
    proposal.price_varies = true;
    proposal.weekend = "after".parse().unwrap();
    proposal.charges_left = Some(100);
    proposal.term = Some(Term {
        length: cycle(1, Unit::Year),
        renews_for: Some(cycle(1, Unit::Year)),
        notice: None,
        from: None,
    });
    proposal.particulars = ParticularsInput {
        payment_method: Some(Some(kernel::PaymentMethodId::from_uuid(METHOD))),
        tags: Some(TAGS.map(kernel::TagId::from_uuid).to_vec()),
        links: Some(vec![("Manage".into(), "https://example.org/m".into())]),
        account: Some(Some("asha@example.org".into())),
        usage: Some("rarely".parse().ok()),
        replaced_by: Some(Some(id(100))),
        reminder_days: Some(Some(vec![3, 1])),
    };
    let (subscription, advance) = made(proposal, "2026-05-05");
    let payments = (1..)
        .zip(&advance.charges)
        .map(|(number, charge)| Held::new(charge.payment(id(number), &subscription), subscription.created_at))
        .collect();
    Whole { subscription, payments }
}

fn everything(subscriptions: Vec<Whole>) -> Everything {
    Everything { sorting: sorting(), subscriptions, ..Everything::default() }
}

fn restored(document: &Document) -> Vec<Whole> {
    let ids: Vec<_> = (100..).take(document.subscriptions.len()).map(|number| Some(id(number))).collect();
    let mut next = 500_u32;
    let mut fresh = || -> PaymentId {
        next += 1;
        id(next)
    };
    document
        .subscriptions
        .iter()
        .zip(100..)
        .map(|(exported, number)| {
            let owner = owner(id(number), &ids);
            let subscription = exported.restore(owner).unwrap();
            let payments = exported.restore_payments(&subscription, owner, &mut fresh).unwrap();
            Whole { subscription, payments }
        })
        .collect()
}

fn owner(id: kernel::SubscriptionId, subscriptions: &[Option<kernel::SubscriptionId>]) -> Restored<'_> {
    let household = crate::domain::testing::id(2);
    let created_by = crate::domain::testing::id(2);
    Restored { id, household, created_by, labels: &LABELS, members: &[], subscriptions }
}

#[test]
fn everything_goes_out_and_comes_back_byte_for_byte() {
    let (mut paused, payments) = made(netflix(), "2026-05-05");
    paused.pause().unwrap();
    let mut trial = netflix();
    trial.trial_ends_on = Some(day("2026-06-01"));
    trial.cycle = Some(cycle(45, Unit::Day));
    let (trial, _) = made(trial, "2026-05-05");
    let paid = payments
        .charges
        .iter()
        .map(|charge| Held::new(charge.payment(id(77), &paused), paused.created_at))
        .collect();
    let paused = Whole { subscription: paused, payments: paid };
    let trial = Whole { subscription: trial, payments: vec![] };
    let first = Document::of(&everything(vec![awkward(), paused, trial]));
    let bytes = serde_json::to_string(&first).unwrap();
    let read: Document = serde_json::from_str(&bytes).unwrap();
    let again = Document::of(&everything(restored(&read)));
    assert_eq!(serde_json::to_string(&again).unwrap(), bytes);
}

#[test]
fn a_file_of_before_there_were_members_and_histories_is_still_read() {
    let document = Document::of(&everything(vec![awkward()]));
    let mut value = serde_json::to_value(&document).unwrap();
    let top = value.as_object_mut().unwrap();
    for newer in ["members", "rates", "budgets", "settlements"] {
        top.remove(newer).unwrap();
    }
    for payment in value["subscriptions"][0]["payments"].as_array_mut().unwrap() {
        let payment = payment.as_object_mut().unwrap();
        for newer in ["entered", "version"] {
            payment.remove(newer).unwrap();
        }
    }
    assert_eq!(serde_json::from_value::<Document>(value).unwrap(), document);
}

#[test]
fn nothing_in_it_is_an_id_of_this_installation() {
    let bytes = serde_json::to_string(&Document::of(&everything(vec![awkward()]))).unwrap();
    for prefix in ["sub_", "pay_", "usr_", "hou_"] {
        assert!(!bytes.contains(prefix), "{bytes}");
    }
}

#[test]
fn what_breaks_a_rule_is_named_and_nothing_is_made_of_it() {
    let document = Document::of(&everything(vec![awkward()]));
    let owner = owner(id(1), &[]);
    let wrong = |change: fn(&mut Exported)| {
        let mut exported = document.subscriptions[0].clone();
        change(&mut exported);
        let invalid = exported
            .restore(owner)
            .and_then(|subscription| exported.restore_payments(&subscription, owner, || id(3)))
            .unwrap_err();
        invalid.errors()[0].pointer.clone()
    };
    assert_eq!(wrong(|it| it.name = "\u{202e}".into()), "/name");
    assert_eq!(wrong(|it| it.url = Some("javascript:alert(1)".into())), "/url");
    assert_eq!(wrong(|it| it.prices.clear()), "/prices");
    assert_eq!(wrong(|it| it.prices[0].amount = "-1".into()), "/prices/0/amount");
    assert_eq!(wrong(|it| it.tags.push(99)), "/tags");
    assert_eq!(wrong(|it| it.replaced_by = Some(9)), "/replaced_by");
    assert_eq!(wrong(|it| it.category = Some("music".into())), "/category");
    assert_eq!(wrong(|it| it.cycle.as_mut().unwrap().every = 0), "/cycle/every");
    assert_eq!(wrong(|it| it.first_charge_on = day("1066-10-14")), "/first_charge_on");
    assert_eq!(
        wrong(|it| {
            it.status = contracts::subscriptions::Status::Ended;
            it.ends_on = None;
        }),
        "/status"
    );
    assert_eq!(wrong(|it| it.payments[1].due_on = it.payments[0].due_on), "/payments/1/due_on");
    assert_eq!(wrong(|it| it.payments[0].paid_on = None), "/payments/0/paid_on");
    assert_eq!(wrong(|it| it.payments[0].status = "lost".into()), "/payments/0/status");
    assert_eq!(
        wrong(|it| it.sharing = Some(ExportedSharing { payer: Some(7), weights: None, amounts: None })),
        "/sharing/payer"
    );
    assert_eq!(
        wrong(|it| {
            let shared = ExportedDocument {
                name: "x.pdf".into(),
                added_at: it.created_at,
                content: Some("PHNjcmlwdD4=".into()),
            };
            it.payments[0].documents.push(shared);
        }),
        "/payments/0/documents/0/content"
    );
}

#[test]
fn a_spreadsheet_gets_no_formulas_and_loses_no_commas() {
    let mut proposal = netflix();
    proposal.name = "=HYPERLINK(\"https://evil.example\")".into();
    proposal.notes = "a, b\nc".into();
    let (subscription, _) = made(proposal, "2026-05-05");
    let table = csv(&[subscription], &sorting(), day("2026-05-05"));
    let lines: Vec<_> = table.split("\r\n").collect();
    assert!(lines[0].starts_with("name,plan,status,price,currency,every,unit,first_charge_on"));
    assert!(lines[1].starts_with(
        "\"'=HYPERLINK(\"\"https://evil.example\"\")\",,active,499.00,INR,1,month,2026-05-05,2026-06-05"
    ));
    assert!(lines[1].ends_with("\"a, b\nc\""));
}

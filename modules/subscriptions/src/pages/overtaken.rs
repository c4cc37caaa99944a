//! A button that was pressed on an older state: what it is now, and whether it is still meant.

use askama::Template;
use kernel::{Cycle, Money};
use web::{
    Shell, Tab,
    view::{Brand, Confirm, Status, SubscriptionRow},
};

use super::{
    frame::{self, Frame, href},
    list,
};
use crate::domain::Subscription;

#[derive(Template)]
#[template(path = "overtaken.html")]
pub(super) struct Overtaken {
    shell: Shell,
    name: String,
    brand: Option<Brand>,
    back: String,
    status: Status,
    price: Money,
    cycle: Option<Cycle>,
    outlook: String,
    /// The button once more, for the state that is shown.
    again: Confirm,
}

impl Overtaken {
    /// `path` is the button's, `verb` what it says.
    pub(super) fn by_others(frame: &Frame, current: &Subscription, path: &str, verb: &str) -> Self {
        let row: SubscriptionRow = list::row(current, frame.today);
        let again = Confirm {
            id: "again".into(),
            title: "It was changed meanwhile".into(),
            text: "Perhaps by somebody in your household, perhaps because a charge date arrived. Nothing of yours \
                   was done. This is what it is now."
                .into(),
            action: format!("{}/{path}", href(current.id)),
            verb: verb.into(),
            keep: "Leave it as it is".into(),
            back: href(current.id),
            danger: path == "delete",
            hidden: vec![("version", current.version.to_string())],
        };
        Self {
            shell: frame.shell("Changed meanwhile", Tab::Subscriptions),
            name: current.name.to_string(),
            brand: row.brand.clone(),
            back: href(current.id),
            status: frame::badge(current.status),
            price: row.price,
            cycle: row.cycle,
            outlook: row.outlook(&frame.manner()),
            again,
        }
    }
}

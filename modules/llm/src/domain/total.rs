//! Receipts of several amounts: what was paid is the total, and not what it is made of.

use kernel::Money;

use super::{
    grammar::{Item, Phrase},
    token::Tokens,
};

/// How far before an amount the word for it stands.
const NEAR: usize = 6;

/// What the words before an amount call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Part,
    Total,
}

/// "Subtotal $10.00, tax $0.80, total $10.80": where a total is told, its parts are set aside. The one thing that was
/// bought is a part without a word for it, where all parts together make the total.
pub(super) fn set_parts_aside(tokens: &Tokens<'_>, items: &mut [Item]) {
    let labelled: Vec<(usize, Money, Option<Label>)> = items
        .iter()
        .enumerate()
        .filter_map(|(place, item)| Some((place, item.money()?, label(tokens, item.from))))
        .collect();
    let Some(total) = labelled.iter().find(|(_, _, label)| *label == Some(Label::Total)) else { return };
    let parts = |label: Option<Label>| move |entry: &&(usize, Money, Option<Label>)| entry.2 == label;
    let mut set_aside: Vec<usize> =
        labelled.iter().filter(parts(Some(Label::Part))).map(|(place, _, _)| *place).collect();
    let bought: Vec<_> = labelled.iter().filter(parts(None)).collect();
    if let [(place, money, _)] = bought.as_slice()
        && money.currency() == total.1.currency()
        && labelled.iter().filter(parts(Some(Label::Part))).any(|(_, part, _)| {
            let (money, part, total) = (money.minor(), part.minor(), total.1.minor());
            money.saturating_add(part) == total || money.saturating_sub(part) == total
        })
    {
        set_aside.push(*place);
    }
    for place in set_aside {
        if let Some(item) = items.get_mut(place) {
            item.phrase = Phrase::Aside;
        }
    }
}

/// The nearest word on the same line that says which of the amounts of a receipt follows.
fn label(tokens: &Tokens<'_>, amount: usize) -> Option<Label> {
    let line = (amount.saturating_sub(NEAR)..amount).rev().take_while(|at| {
        let text = tokens.text(*at);
        !matches!(text, "\n" | "," | ";") && (tokens.numeral(*at).is_none() || tokens.text(at + 1) == "%")
    });
    let mut nearest = None;
    for at in line {
        match tokens.text(at) {
            "subtotal" | "sous" | "zwischensumme" | "subtotale" => return Some(Label::Part),
            "total" | "gesamt" | "gesamtbetrag" | "summe" | "totale" | "totaal" | "razem" => {
                let before = at.checked_sub(1).map_or("", |at| tokens.text(at));
                let below = before == "sub" || (before == "-" && at > 1 && tokens.text(at - 2) == "sub");
                // "Total tax" is a part, "total incl. tax" is not.
                let with = (at..amount)
                    .any(|at| tokens.text(at).starts_with("inc") || tokens.text(at).starts_with("ink"));
                let part = below || (nearest.is_some() && !with);
                return Some(if part { Label::Part } else { Label::Total });
            }
            "tax" | "taxes" | "vat" | "gst" | "cgst" | "sgst" | "igst" | "hst" | "mwst" | "ust" | "iva"
            | "tva" | "btw" | "discount" | "rabatt" | "shipping" | "delivery" | "tip" => {
                nearest = Some(Label::Part);
            }
            _ => {}
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::super::{Context, Outcome, read};

    #[test]
    fn what_was_paid_is_the_total() {
        let context = Context {
            today: jiff::civil::date(2026, 5, 5),
            locale: "en-US".parse().unwrap(),
            currency: "USD".parse().unwrap(),
        };
        for (text, minor) in [
            ("Receipt from Canva\nSubtotal $10.00\nTax (8%) $0.80\nTotal $10.80", 1080),
            ("Your receipt\nCanva Pro $10.00\nSales tax $0.80\nTotal: $10.80", 1080),
            ("Receipt from Canva\nCanva Pro $10.00\nDiscount $2.00\nTotal $8.00", 800),
            ("Receipt from Canva\nTotal tax $0.80\nTotal incl. tax $10.80", 1080),
        ] {
            let Outcome::Readings(readings) = read(text, &context) else { panic!("{text}: refused") };
            let read: Vec<_> =
                readings.iter().map(|it| (it.service, it.price.map(|price| price.minor()))).collect();
            assert_eq!(read, [(Some("canva"), Some(minor))], "{text}");
        }
    }
}

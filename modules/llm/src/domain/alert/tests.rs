use super::{
    super::{Context, grammar, phrasebook, token::Tokens},
    Alert, Direction, find,
};

fn alert(text: &str, locale: &str, currency: &str) -> Option<Alert> {
    let context = Context {
        today: jiff::civil::date(2026, 5, 5),
        locale: locale.parse().unwrap(),
        currency: currency.parse().unwrap(),
    };
    let tokens = Tokens::cut(text).unwrap();
    let signals = phrasebook::find(&tokens);
    let items = grammar::parse(&tokens, &signals, &context);
    find(&tokens, &items, &context)
}

#[test]
fn the_parts_of_an_alert_are_told_apart() {
    let text =
        "INR 649.00 spent on ICICI Bank Card XX9001 on 04-May-26 at NETFLIX. Avl Lmt: INR 1,23,456.78.";
    let found = alert(text, "en-IN", "INR").unwrap();
    assert_eq!(found.direction, Direction::Debit);
    assert_eq!(found.amount.unwrap().to_string(), "INR 649.00");
    assert_eq!((found.payee.as_deref(), found.service), (Some("Netflix"), Some("netflix")));
    assert_eq!(found.on.unwrap().to_string(), "2026-05-04");
    assert_eq!(found.account.as_deref(), Some("9001"));
    assert_eq!(found.balance.unwrap().to_string(), "INR 123456.78");
}

#[test]
fn which_way_money_went_is_read_in_several_languages() {
    for (text, direction) in [
        ("Rs 500 debited from a/c XX12 and credited to RAVI", Direction::Debit),
        ("Rs 500 credited to your a/c XX1234", Direction::Credit),
        ("Votre carte **1234 a été débitée de 13,49 EUR chez NETFLIX", Direction::Debit),
        ("Compra aprovada no seu cartao final 1234: NETFLIX.COM R$ 55,90", Direction::Debit),
        ("Lastschrift: 12,99 EUR SPOTIFY AB von Ihrem Konto XX1234 abgebucht", Direction::Debit),
        ("Your card ending 1234 was declined for $11.99 at Dropbox", Direction::Failed),
        ("Refund of Rs 649.00 from NETFLIX has been credited to your card ending 9001", Direction::Refund),
        ("Rs.649 will be debited from your card ending 1111 for NETFLIX on 08/05/2026", Direction::Upcoming),
        ("UPI mandate for Spotify of Rs 119 revoked successfully.", Direction::MandateRevoked),
        ("Your e-mandate of Rs 149.00 for HOTSTAR has been created on a/c XX12", Direction::MandateMade),
    ] {
        assert_eq!(alert(text, "en-IN", "INR").map(|found| found.direction), Some(direction), "{text}");
    }
}

#[test]
fn what_people_say_of_themselves_is_no_alert() {
    for text in [
        "my card was charged 499 for netflix",
        "netflix 499 monthly on my hdfc card",
        "Netflix ₹499 monthly charged to card ending 1234",
        "cancel spotify",
        "paid 499 for netflix",
    ] {
        assert_eq!(alert(text, "en-IN", "INR"), None, "{text}");
    }
}

#[test]
fn the_number_of_a_customer_is_not_who_was_paid() {
    for (text, payee) in [
        (
            "Rs 1,820.00 debited from A/c XX1234 towards electricity bill CA 10023 on 05-05-26",
            "electricity bill",
        ),
        ("Rs 940 debited from A/c XX1234 towards JVVNL K No 21044551 on 05-05-26", "Jvvnl"),
        ("Rs 5,000 debited from A/c XX1234 towards ACME LIFE Policy No. 88120034", "Acme Life"),
        ("Rs 120 spent at KFC 1182 with card ending 1234", "Kfc 1182"),
    ] {
        assert_eq!(
            alert(text, "en-IN", "INR").and_then(|found| found.payee).as_deref(),
            Some(payee),
            "{text}"
        );
    }
    let nobody = alert("Rs 1,820.00 debited from A/c XX1234 for CA 10023", "en-IN", "INR").unwrap();
    assert_eq!(nobody.payee, None);
}

#[test]
fn a_warning_about_codes_makes_no_code_of_a_payment() {
    let text =
        "Rs 499 debited from A/c XX1234 to NETFLIX on 05-05-26. Never share your OTP or PIN with anyone.";
    assert!(
        super::super::filter::refuse_outright(
            &Tokens::cut(text).unwrap(),
            &phrasebook::find(&Tokens::cut(text).unwrap())
        )
        .is_none()
    );
    for text in [
        "Your OTP is 482913. Do not share your OTP",
        "Card 12345: never share your OTP. 482913 is your OTP for Rs 499 at NETFLIX",
    ] {
        let tokens = Tokens::cut(text).unwrap();
        assert!(
            super::super::filter::refuse_outright(&tokens, &phrasebook::find(&tokens)).is_some(),
            "{text}"
        );
    }
}

#[test]
fn of_several_amounts_the_one_that_moved_is_read() {
    for (text, currency, amount) in [
        ("Your card XX3312 was used for USD 20.00 (AED 73.46) at OPENAI on 03/05/2026", "AED", "AED 73.46"),
        ("You paid €17.99 ($20.00) to ChatGPT with card ending 1234", "EUR", "EUR 17.99"),
        ("Card transaction over $50: $74.12 at SHELL 05/04/26 card ending 1190", "USD", "USD 74.12"),
        ("You have paid P1,699.00 to PLDT. Fee P0.00. Balance P310.00", "PHP", "PHP 1699.00"),
        ("カード ご利用金額:1,590円 ご利用先 NETFLIX", "JPY", "JPY 1590"),
    ] {
        let found = alert(text, "en-GB", currency).and_then(|found| found.amount);
        assert_eq!(found.map(|money| money.to_string()).as_deref(), Some(amount), "{text}");
    }
}

#[test]
fn whoever_was_paid_is_found_where_no_word_leads_to_them() {
    for (text, payee) in [
        (
            "Spent Rs 299\nCard no. XX8811\n05-05-26 13:22:10\nSHRI FOODS\nAvl Limit: Rs 112344.9",
            "Shri Foods",
        ),
        ("Purchase -Rs 85.50 Corner Sea Point 04/05/2026 Card *3312", "Corner Sea Point"),
        ("Rs.799 paid with Card X5512 @CORNER MART 04-05-2026 08:12:11 pm", "Corner Mart"),
        ("Rs.12 debited from a/c XX12 to VPA anita.desai@okicici ANITA DESAI (UPI 6124)", "Anita Desai"),
        ("You spent Rs 5.40 at Pret A Porter with your card ending 1234", "Pret A Porter"),
        ("Direct Debit: Thames Water took Rs 65.00 from account ending 1234", "Thames Water"),
    ] {
        let found = alert(text, "en-IN", "INR").and_then(|found| found.payee);
        assert_eq!(found.as_deref(), Some(payee), "{text}");
    }
}

#[test]
fn what_became_of_the_money_is_told_from_what_was_tried_or_is_to_come() {
    for (text, direction) in [
        ("Your failed recharge of Rs 239 for JIO has been refunded to a/c XX1234", Direction::Refund),
        ("Payment of Rs 239 failed. If debited, it will be refunded to a/c XX1234", Direction::Failed),
        ("Netflix is due to take Rs 649 from your account ending 1234", Direction::Upcoming),
        ("Your recurring charge of Rs 649 from NETFLIX is expected on card ending 1234", Direction::Upcoming),
        ("You've been paid Rs 1,850 by NORTHWIND into account ending 1234", Direction::Credit),
        ("Bank: £12.99 at Netflix. Balance £301.22", Direction::Debit),
    ] {
        assert_eq!(alert(text, "en-IN", "INR").map(|found| found.direction), Some(direction), "{text}");
    }
}

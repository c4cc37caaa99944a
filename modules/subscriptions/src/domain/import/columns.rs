//! What the columns of a table hold, told by their headings in the languages of those who export them.

macro_rules! roles {
    ($($(#[$doc:meta])* $name:ident $word:literal $label:literal [$($heading:literal),* $(,)?])*) => {
        /// What a column of a table holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
                 utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        #[schema(as = ImportColumn)]
        pub enum Role { $($(#[$doc])* $name,)* }

        impl Role {
            /// Every one, in the order in which people choose from them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$name),*];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }

            /// What it is called.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            const fn headings(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($heading),*],)* }
            }
        }

        impl std::str::FromStr for Role {
            type Err = RoleError;

            fn from_str(text: &str) -> Result<Self, RoleError> {
                Self::ALL.into_iter().find(|role| role.as_str() == text).ok_or(RoleError)
            }
        }
    };
}

/// A text that names nothing a column can hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", Role::ALL.map(Role::as_str).join(", "))]
pub struct RoleError;

roles! {
    /// What the subscription is called.
    Name "name" "Name" [
        "name", "subscription", "subscription name", "service", "service name", "title", "abo", "abonnement", "nom",
        "nombre", "nome", "naam", "bezeichnung", "suscripcion", "assinatura",
    ]
    /// Which of its plans.
    Plan "plan" "Plan" ["plan", "tier", "tarif", "package", "label"]
    /// What one charge costs.
    Price "price" "Price" [
        "price", "cost", "fee", "preis", "kosten", "prix", "precio", "prezzo", "preco", "prijs", "price amount",
    ]
    /// How often: a word, or words such as `Every 3 Months`.
    Cycle "cycle" "How often" [
        "cycle", "billing cycle", "payment cycle", "frequency", "billing frequency", "schedule", "interval", "period",
        "billing period", "recurrence", "zyklus", "intervall", "rhythmus", "turnus", "frequence", "frecuencia",
        "frequenza", "frequencia", "periode",
    ]
    /// How many units one cycle has.
    Every "every" "Every … units" ["every", "cycle every", "schedule interval", "interval count"]
    /// The unit of a cycle.
    Unit "unit" "Unit of the cycle" ["unit", "cycle unit", "interval unit"]
    /// The first charge.
    FirstCharge "first_charge_on" "First charge" [
        "first charge on", "first charge", "start", "start date", "started", "since", "first payment", "beginn",
        "startdatum", "debut", "date de debut", "inicio", "fecha de inicio", "inizio", "data inicio",
    ]
    /// A charge that is still to come.
    NextCharge "next_charge_on" "Next charge" [
        "next charge on", "next charge", "next payment", "next payment date", "next billing date", "next bill",
        "renewal date", "renews on", "next renewal", "due date", "naechste zahlung", "nachste zahlung",
        "prochain paiement", "proximo pago", "prossimo pagamento", "proximo pagamento", "volgende betaling",
    ]
    /// The first day that is not free.
    TrialEnds "trial_ends_on" "Trial ends" ["trial ends on", "trial ends", "trial end", "trial end date", "free until"]
    /// The first day on which it can no longer be used.
    Ends "ends_on" "Ends" [
        "ends on", "end", "end date", "cancellation date", "cancelled on", "expires", "expiry", "kuendigung", "ende",
    ]
    /// Where it is in its life.
    Status "status" "Status" ["status", "state", "active", "aktiv"]
    /// Whether it renews by itself.
    AutoRenew "auto_renew" "Renews by itself" ["auto renew", "renewal", "autorenew"]
    /// What kind of thing it is.
    Category "category" "Category" [
        "category", "categpry", "categories", "kategorie", "categorie", "categoria", "group",
    ]
    /// What it is paid with.
    PaymentMethod "payment_method" "Payment method" [
        "payment method", "paid with", "method", "zahlungsart", "zahlungsmethode", "moyen de paiement",
        "metodo de pago", "betaalmethode",
    ]
    /// Words to sort by.
    Tags "tags" "Tags" ["tags", "tag"]
    /// The log-in used for it.
    Account "account" "Account used" ["account used", "login", "account"]
    /// Where it lives on the web.
    Url "url" "Link" ["url", "link", "website", "webseite", "site"]
    /// Anything to keep with it.
    Notes "notes" "Notes" ["notes", "note", "comment", "comments", "notizen", "notiz", "notas", "remarques"]
    /// The day on which the bank booked it.
    Date "date" "Date" [
        "date", "booking date", "transaction date", "txn date", "tran date", "posting date", "posted date", "post date",
        "posted", "completed date", "date posted", "buchungstag", "buchungsdatum", "buchung", "datum", "date operation",
        "date de l operation", "date d operation", "date comptable", "fecha", "fecha operacion", "data",
        "data contabile", "data operazione", "data lancamento", "boekdatum", "bokforingsdag", "data operacji",
        "data ksiegowania",
    ]
    /// How much: less than nothing is what was paid.
    Amount "amount" "Amount (minus is paid)" [
        "amount", "transaction amount", "amount inr", "amount gbp", "amount usd", "amount eur", "betrag", "umsatz",
        "betrag eur", "umsatz in eur", "montant", "importe", "importo", "valor", "bedrag", "bedrag eur", "belopp",
        "kwota", "kwota operacji",
    ]
    /// How much was paid, where that has a column of its own.
    Debit "debit" "Paid out" [
        "debit", "debit amount", "withdrawal", "withdrawals", "withdrawal amt", "withdrawal amount",
        "withdrawal amount inr", "paid out", "money out", "soll", "belastung", "cargo", "cargos", "dare", "uscite",
        "debito", "af", "obciazenia", "withdrawal dr", "debit inr",
    ]
    /// How much came in, where that has a column of its own.
    Credit "credit" "Paid in" [
        "credit", "credit amount", "deposit", "deposits", "deposit amt", "deposit amount", "paid in", "money in",
        "haben", "gutschrift", "abono", "abonos", "avere", "entrate", "credito", "bij", "uznania", "deposit amount inr",
        "credit inr",
    ]
    /// Whether an amount was paid or came in, where the amount itself does not say.
    Direction "direction" "Paid or received" [
        "debit credit", "dr cr", "cr dr", "type debit credit", "af bij", "credit debit indicator", "soll haben",
        "indicator",
    ]
    /// What the bank says it was for.
    Text "text" "What it was for" [
        "description", "narration", "details", "transaction details", "particulars", "transaction remarks", "remarks",
        "memo", "reference", "transaction description", "verwendungszweck", "buchungstext", "libelle", "concepto",
        "descripcion", "descrizione", "causale", "descricao", "historico", "omschrijving", "mededelingen", "tytul",
        "opis operacji", "text",
    ]
    /// To whom it was paid.
    Counterparty "counterparty" "To whom" [
        "payee", "merchant", "counterparty", "counter party", "name of counterparty", "beneficiary", "recipient",
        "empfaenger", "empfanger", "beguenstigter zahlungspflichtiger", "beguenstigter", "auftraggeber empfaenger",
        "auftraggeber empfanger", "name zahlungsbeteiligter", "beneficiaire", "beneficiario", "naam omschrijving",
        "naam tegenpartij", "merchant name", "odbiorca", "zahlungsempfanger in", "zahlungsempfaenger in",
    ]
    /// The currency of an amount.
    Currency "currency" "Currency" [
        "currency", "ccy", "waehrung", "wahrung", "devise", "moneda", "valuta", "moeda", "original currency", "waluta",
    ]
}

/// What a table tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportPurpose)]
pub enum Purpose {
    /// A subscription a row.
    Subscriptions,
    /// A movement of an account a row.
    Statement,
}

impl Purpose {
    /// Whether a column of a table of this purpose can hold it.
    pub const fn knows(self, role: Role) -> bool {
        match role {
            Role::Currency => true,
            Role::Date
            | Role::Amount
            | Role::Debit
            | Role::Credit
            | Role::Direction
            | Role::Text
            | Role::Counterparty => matches!(self, Self::Statement),
            Role::Name
            | Role::Plan
            | Role::Price
            | Role::Cycle
            | Role::Every
            | Role::Unit
            | Role::FirstCharge
            | Role::NextCharge
            | Role::TrialEnds
            | Role::Ends
            | Role::Status
            | Role::AutoRenew
            | Role::Category
            | Role::PaymentMethod
            | Role::Tags
            | Role::Account
            | Role::Url
            | Role::Notes => matches!(self, Self::Subscriptions),
        }
    }
}

/// A heading as it is compared: lower case, without accents and punctuation.
pub(super) fn folded(heading: &str) -> String {
    let plain = |c: char| match c {
        'à'..='å' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ę' | 'ė' => 'e',
        'ì'..='ï' => 'i',
        'ñ' | 'ń' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' | 'ű' => 'u',
        'ł' => 'l',
        'ś' | 'š' => 's',
        'ż' | 'ź' | 'ž' => 'z',
        c if c.is_alphanumeric() => c,
        _ => ' ',
    };
    let letters: String = heading.to_lowercase().chars().map(plain).collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What a heading names for tables of that purpose.
pub(super) fn role_of(heading: &str, purpose: Purpose) -> Option<Role> {
    let heading = folded(heading);
    Role::ALL
        .into_iter()
        .filter(|role| purpose.knows(*role))
        .find(|role| role.headings().contains(&heading.as_str()))
}

/// What each column holds, by its heading: nothing twice, but for what it was for, whose columns are joined.
pub(super) fn guess(header: &[String], purpose: Purpose) -> Vec<Option<Role>> {
    let mut taken = Vec::new();
    header
        .iter()
        .map(|heading| {
            let role = role_of(heading, purpose)?;
            let again = taken.contains(&role) && role != Role::Text;
            taken.push(role);
            (!again).then_some(role)
        })
        .collect()
}

/// Whether columns that hold this make a table of that purpose.
pub(super) fn suffices(columns: &[Option<Role>], purpose: Purpose) -> bool {
    missing(columns, purpose).is_empty()
}

/// What is still to be named before a table of that purpose can be read.
pub(super) fn missing(columns: &[Option<Role>], purpose: Purpose) -> Vec<Role> {
    let has = |role| columns.contains(&Some(role));
    let mut missing = Vec::new();
    let mut need = |there: bool, role| {
        if !there {
            missing.push(role);
        }
    };
    match purpose {
        Purpose::Subscriptions => {
            need(has(Role::Name), Role::Name);
            need(has(Role::Price), Role::Price);
        }
        Purpose::Statement => {
            need(has(Role::Date), Role::Date);
            need(has(Role::Amount) || has(Role::Debit), Role::Amount);
            need(has(Role::Text) || has(Role::Counterparty), Role::Text);
        }
    }
    missing
}

/// What a table with these headings tells of, as far as they say.
pub(super) fn purpose(header: &[String]) -> Purpose {
    let count =
        |purpose| guess(header, purpose).iter().flatten().filter(|role| **role != Role::Currency).count();
    let subscriptions = guess(header, Purpose::Subscriptions);
    let statement = guess(header, Purpose::Statement);
    let as_subscriptions = suffices(&subscriptions, Purpose::Subscriptions);
    match (as_subscriptions, suffices(&statement, Purpose::Statement)) {
        (true, false) => Purpose::Subscriptions,
        (false, true) => Purpose::Statement,
        _ if count(Purpose::Subscriptions) > count(Purpose::Statement) => Purpose::Subscriptions,
        _ => Purpose::Statement,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> Vec<String> {
        text.split(';').map(str::to_owned).collect()
    }

    #[test]
    fn no_heading_means_two_things_in_one_table() {
        for purpose in [Purpose::Subscriptions, Purpose::Statement] {
            let mut seen = std::collections::HashMap::new();
            for role in Role::ALL.into_iter().filter(|role| purpose.knows(*role)) {
                assert_eq!(role.as_str().parse(), Ok(role));
                for heading in role.headings() {
                    assert_eq!(folded(heading), *heading, "written as it is compared");
                    assert_eq!(seen.insert(*heading, role), None, "{heading}");
                }
            }
        }
    }

    #[test]
    fn banks_of_several_countries_are_known_by_their_headings() {
        use Role::{Amount, Counterparty, Credit, Currency, Date, Debit, Direction, Text};
        for (text, expected) in [
            (
                "Date;Narration;Chq./Ref.No.;Value Dt;Withdrawal Amt.;Deposit Amt.;Closing Balance",
                vec![Some(Date), Some(Text), None, None, Some(Debit), Some(Credit), None],
            ),
            (
                "Buchungstag;Wertstellung;Buchungstext;Auftraggeber/Empfänger;Verwendungszweck;Betrag;Währung",
                vec![
                    Some(Date),
                    None,
                    Some(Text),
                    Some(Counterparty),
                    Some(Text),
                    Some(Amount),
                    Some(Currency),
                ],
            ),
            (
                "Datum;Naam / Omschrijving;Rekening;Tegenrekening;Code;Af Bij;Bedrag (EUR);Mededelingen",
                vec![
                    Some(Date),
                    Some(Counterparty),
                    None,
                    None,
                    None,
                    Some(Direction),
                    Some(Amount),
                    Some(Text),
                ],
            ),
            ("Fecha;Concepto;Importe;Saldo", vec![Some(Date), Some(Text), Some(Amount), None]),
            ("Posted Date;Payee;Amount", vec![Some(Date), Some(Counterparty), Some(Amount)]),
        ] {
            let header = header(text);
            assert_eq!(purpose(&header), Purpose::Statement, "{text}");
            assert_eq!(guess(&header, Purpose::Statement), expected, "{text}");
        }
    }

    #[test]
    fn trackers_are_known_by_their_headings() {
        let wallos =
            header("Name;Payment Cycle;Next Payment;Renewal;Category;Payment Method;Paid By;Price;Notes;URL");
        assert_eq!(purpose(&wallos), Purpose::Subscriptions);
        let guessed = guess(&wallos, Purpose::Subscriptions);
        assert_eq!(
            guessed[..4],
            [Some(Role::Name), Some(Role::Cycle), Some(Role::NextCharge), Some(Role::AutoRenew)]
        );
        assert_eq!(
            missing(&guess(&header("Name;Notes"), Purpose::Subscriptions), Purpose::Subscriptions),
            [Role::Price]
        );
    }
}

//! What banks, cards and wallets say, in words: rows of one sense, alternatives parted by `|`, as they look when folded.
//! Eleven languages share a table: none of these words means another thing in another of them beside an account.

/// What a word of an alert says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// An account, a card, a wallet, a reference of a payment: what makes a message an alert.
    Account,
    /// Money went out.
    Debit,
    /// Money came in.
    Credit,
    /// Money came back.
    Refund,
    /// Money did not move.
    Failed,
    /// An order to pay again and again.
    Mandate,
    /// It holds from now on.
    Made,
    /// It holds no more.
    Revoked,
    /// Money is to go out.
    Upcoming,
    /// What stands beside it is what an account holds, or may spend.
    Holds,
    /// It went through.
    Done,
    /// Somebody asks for money.
    Asked,
    /// Somebody speaks of themselves: no bank does.
    Myself,
}

pub(super) const SENSES: &[(Sense, &str)] = &[
    (
        Sense::Account,
        "a / c|ac|acct|account|accnt|acc|card|cc|debit card|credit card|wallet|vpa|upi|upi ref|upi txn|rrn|utr|imps|neft|\
         nach|ecs|iban|m - pesa|mpesa|momo|paytm|phonepe|gpay|google pay|apple pay|bhim|pos|umn|umrn|sepa|карта|карты|карте|счет|счёт|картка|рахунок|खाते|खाता|कार्ड|カード|口座|بطاقة|حساب|καρτα|kortti|kortilla|tili|tililta|ucet|uctu|cont|szamla|kartya|savings|checking|lazypay|simpl|amazon pay|mobikwik|freecharge|zelle|venmo|ach|giro|pix|ewallet|direct debit|\
         konto|kontonummer|karte|girocard|kreditkarte|bankkarte|tarjeta|cuenta|tarj|cartao|conta|carte|cb|compte|carta|\
         conto|kartu|rekening|rek|no rek|kort|karta|karty|rachunek|hesap|kart|kartiniz|kartinizla|kartinizdan|kaart",
    ),
    (
        Sense::Debit,
        "debited|debit of|direct debit of|was taken|thank you for using|thanks for using|is debited|was debited|has been debited|spent|charged|deducted|purchase|transaction|txn|trxn|\
         txn of|tran|trf|paid|payment of|payment to|payment at|you paid|sent|used for|used at|swiped|withdrawn|withdrawal|\
         a charge of|charge of|new charge|charge|bill payment|pos purchase|online purchase|billed|auto - debited|\
         abgebucht|abbuchung|belastet|belastung|lastschrift|kartenzahlung|zahlung|bezahlt|umsatz|cargo|cargado|compra|\
         pago|pagaste|debitado|debitada|pagamento|pagou|gasto|debite|debitee|prelevement|preleve|achat|paiement|pagato|\
         addebito|addebitato|addebitata|acquisto|transaksi|pembayaran|pembelian|didebet|afgeschreven|betaling|betaald|\
         betalt|trukket|kob|kortkop|kop|platnosc|transakcja|obciazenie|odeme|harcama|harcamaniz|cekildi|authorised|authorized|\
         approved|purchased|dr|debit|was sent|has been sent|was paid|has been paid|was made|has been made|received your payment|\
         received a payment from you|compraste|consumo|consumiste|gastaste|enviaste|transferiste|retiraste|cobro|cobrado|\
         debito de|debito automatico de|comprou|gastou|enviou|transferiu|cobranca|hai pagato|hai speso|spesa|prelievo|\
         paye|depense|debit de|retrait|ausgegeben|eingezogen|incasso|uitgegeven|zakup|pobrano|zaplacono|varekjop|kjop|\
         betalat|belastad|odendi|alisveris|belanja|pagado|has pagado|gastado|has gastado|hai inviato|lastschrifteinzug|bankeinzug|\
         kartenumsatz|kartenverfugung|sepa - lastschrift|korttiosto|osto|veloitus|veloitettu|maksu|maksettu|platba|\
         platba kartou|uhrada|transakce|tranzactie|plata|vasarlas|terheles|fizetes|drew|tapped|recharge of|you bought|auszahlung|geldautomat|retirada|reintegro|saque|geldopname|\
         opname|wyplata|uttag|minibankuttak|para cekme|penarikan|tarik tunai|neft of|imps of|rtgs of|neft to|imps to|rtgs to|ausgefuhrt|ejecutado|ejecutada|execute|executee|\
         eseguito|eseguita|uitgevoerd|zrealizowano|pix enviado|transferencia enviada|transferencia realizada|transfer to|покупка|оплата|списание|списано|платеж|платіж|डेबिट|消费|支出|扣款|利用|お支払い|\
         شراء|خصم|αγορα|πληρωμη|cekilmistir|tahsil edilmistir|yapilmistir|odenmistir|took|has taken|charged you|billed you|gezahlt|money transfer|money sent|money paid|uberwiesen|uberweisung|virement emis|collected|was collected|\
         has been collected|direct debit to|direct debit payment|taken|has left your account|operazione|autorizzata|\
         autorizzato|transazione|transaccion|operacion|transacao|transaktion|betalning|membayar|dibayar|bayar|left your account|out of your account|you used|used to pay|was used to pay|debit alert|\
         debit transaction|fez um pix|realizou um pix|pix realizado|pix de",
    ),
    (
        Sense::Credit,
        "credited|is credited|received|recd|deposited|deposit|has been added|salary|gutgeschrieben|gutschrift|eingegangen|\
         geldeingang|zahlungseingang|abono|abonado|recibido|has recibido|recibiste|recebeu|recebido|creditado|credite|\
         creditee|recu|virement recu|accreditato|accredito|diterima|bijgeschreven|ontvangen|modtaget|wplyw|yatirildi|\
         cr|cashback|added to your|eingang|ingreso|transferencia recibida|bonifico ricevuto|bijschrijving|przelew przychodzacy|\
         gelen havale|transfer from|pix recebido|transferencia recebida|зачисление|зачислено|поступление|пополнение|зарахування|надходження|जमा|入账|入金|\
         ايداع|καταθεση|paid into|was paid into|has been paid into|paid in|paid you|sent you|transferred you|credit to your|credit of|te envio|te transfirio|enviou para voce|\
         te mando|youve been paid|you have been paid|you were paid|you got paid|incoming transfer|incoming payment|\
         incoming|inward remittance|credit alert|credit transaction|mottagit|mottatt|insattning|otrzymales|erhalten|har fatt|har mottatt|har modtaget",
    ),
    (
        Sense::Refund,
        "refund|refunded|refund of|reversed|reversal|chargeback|money back|erstattung|ruckerstattung|erstattet|\
         ruckbuchung|reembolso|reembolsado|devolucion|estorno|estornado|estornada|remboursement|rembourse|remboursee|\
         for a return|for your return|statement credit|rimborso|rimborsato|terugbetaling|teruggestort|pengembalian|zwrot|iade",
    ),
    (
        Sense::Failed,
        "failed|has failed|declined|was declined|unsuccessful|not successful|could not be processed|couldnt be processed|\
         could not be completed|was not processed|not processed|unable to process|insufficient funds|\
         insufficient balance|insufficient fund|rejected|bounced|dishonoured|returned unpaid|denied|did not go through|\
         didnt go through|fehlgeschlagen|abgelehnt|nicht durchgefuhrt|konnte nicht|geplatzt|rechazado|rechazada|\
         denegada|denegado|fallido|recusada|recusado|nao autorizada|nao aprovada|refuse|refusee|echoue|rifiutato|\
         rifiutata|gagal|ditolak|mislukt|geweigerd|afvist|odrzucona|reddedildi|basarisiz|отказ|отклонена|отклонено|недостаточно средств|відмова|відхилено|недостатньо коштів|विफल|असफल|失败|失敗|拒绝|\
         مرفوضة|απορριφθηκε|rucklastschrift|nicht eingelost|mangels deckung|nicht ausgefuhrt|not paid|was not paid|wasnt paid|unable to|could not|couldnt|not approved|\
         not authorised|not authorized|was not approved|nao foi possivel|no hemos podido|no se pudo|no pudimos|\
         non e andato a buon fine|konnten nicht|na pas pu|na pas abouti|rejete|rejetee|impaye|kon niet|niet gelukt|\
         tidak berhasil|tidak dapat|not able to|no pudo|no se ha podido|no ha podido|nsf|returned nsf|been returned|returned due|negada|negado|declinada|declinado|no autorizada|no autorizado|\
         non autorizzata|non autorizzato|nicht autorisiert|niet geautoriseerd|misslyckades|mislyktes|mislykkedes|hylatty|epaonnistui|zamitnuta|zamitnuto|nie powiodla",
    ),
    (
        Sense::Mandate,
        "mandate|new direct debit|direct debit instruction|e - mandate|emandate|autopay|auto pay|auto - pay|autodebit|auto debit|auto - debit|standing instruction|\
         standing order|direct debit mandate|recurring payment|recurring payments|recurring|recurring transaction|\
         dauerauftrag|lastschriftmandat|sepa - lastschriftmandat|domiciliacion|debito automatico|mandat de prelevement",
    ),
    (
        Sense::Made,
        "created|registered|set up|setup|activated|approved|enabled|accepted|successfully set|eingerichtet|erteilt|creado|\
         registrado|activado|is active|is now active|now active|enrolled|turned on|cadastrado|ativado|mis en place|enregistre",
    ),
    (
        Sense::Revoked,
        "revoked|turned off|unenrolled|cancelled|canceled|deactivated|deregistered|de - registered|removed|stopped|terminated|widerrufen|\
         geloscht|cancelado|revocado|cancelada|annule|revoque",
    ),
    (
        Sense::Upcoming,
        "will be debited|will be auto - debited|will be auto debited|will be charged|will be deducted|would be debited|\
         to be debited|shall be debited|reminder|leaves your account|will leave|will take|will collect|will charge|will be taken|will be collected|is due on|due on|\
         falls due|zieht|wird eingezogen|werden eingezogen|buchen wir|ziehen wir|wir buchen|wir ziehen|is scheduled|scheduled|scheduled for|upcoming|is due for|due for renewal|\
         wird abgebucht|werden abgebucht|wird am|werden am|se cobrara|se cargara|sera cobrado|sera debitado|sera debite|\
         sera preleve|verra addebitato|akan didebet|wordt afgeschreven|is expected|is expected on|expected on|will go out|\
         will come out|will run|will be processed|will be paid|will be sent|will be made|will be executed|\
         will be withdrawn|will be transferred|will be presented|is coming up|is due to|due to take|is going to|is set to|agendado|agendada|geplant|ingepland|\
         cobraran|cobrara|cobraremos|cargaremos|cargaran|adeudaremos|debitaremos|prelevera|preleveremo|addebiteremo|\
         abgebucht werden|eingezogen werden|pobierzemy|vorgemerkt|programado|programada|prevu|prevue|prevista|gepland",
    ),
    (
        Sense::Holds,
        "avl bal|avl . bal|avl balance|avail bal|avail . bal|available balance|avbl bal|aval bal|bal|balance|avl lmt|\
         avl . lmt|avl limit|available limit|available credit|avail limit|avail . limit|avlbl limit|limit|lmt|credit limit|\
         outstanding|total due|min due|minimum due|total outstanding|closing balance|new balance|updated balance|\
         remaining|remaining balance|доступно|баланс|остаток|शेष|余额|残高|الرصيد|υπολοιπο|fee|fees|cost|kontostand|saldo|verfugbar|verfugbarer betrag|disponible|disponivel|\
         limite|solde|disponibile|sisa saldo|tersedia|beschikbaar|dostepne|bakiye|limitiniz|left to spend|spent today|\
         this month|cashback of|earned|reward",
    ),
    (
        Sense::Asked,
        "has requested|requested $|requested rs|requested inr|requested £|requested €|collect request|payment request from|\
         money request|on approving",
    ),
    (
        Sense::Myself,
        "i|im|ive|my|me|mera|meri|mere|maine|mujhe|we pay|we paid|our|ich|mein|meine|mi|meu|minha|mon|ma",
    ),
    (
        Sense::Done,
        "successful|is successful|was successful|successfully|completed|is complete|was processed|has been processed|\
         erfolgreich|exitoso|exitosa|con exito|realizado com sucesso|berhasil|reussi|riuscito|geslaagd",
    ),
];

/// The same in scripts that put no space between words: looked for inside of a run, the first row first.
pub(super) const WITHIN: &[(Sense, &str)] = &[
    (Sense::Failed, "失败|失敗|拒绝|拒否|不足|거절|실패"),
    (Sense::Refund, "退款|返金|환불|취소"),
    (Sense::Holds, "余额|残高|可用|利用可能|利用枠|잔액|누적|한도"),
    (Sense::Upcoming, "予定|예정"),
    (Sense::Credit, "入账|入金|振込|收款|转入|存入|입금"),
    (Sense::Debit, "消费|支出|扣款|支付|付款|转出|利用|支払|引落|決済|購入|승인|결제|출금"),
    (Sense::Account, "信用卡|储蓄卡|账户|尾号|カード|口座|카드|계좌"),
];

/// Words before a merchant, and how telling each is.
pub(super) const CUES: &[(u8, &str)] = &[
    (
        9,
        "merchant|merchant name|payee|in favour of|in favor of|a favore di|a favor de|en faveur de|au profit de|zugunsten|\
         zu gunsten|ten gunste van|na rzecz|info|info :|towards|toward|beneficiary|biller|handler|ご利用先|利用先|ご利用店舗|商户|商户名称|가맹점|사용처",
    ),
    (8, "at|bei|chez|presso|bij|hos|aupres de|w|sklep|you paid|pagaste a|pagou a"),
    (6, "to vpa|to|an|en|em|a|di|til|ke|do|on vpa"),
    (5, "for|fur|por|para|pour|par|per|voor|for your"),
    (4, "by|with|from|from vpa|von|de|da|na|fran|fra|van|od"),
    (3, "via"),
];

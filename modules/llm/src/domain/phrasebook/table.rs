//! The set phrases. Words of one meaning in a row, alternatives parted by `|`, as they look when folded.

use super::{
    Cue,
    Meaning::{self, Act},
};
use crate::domain::reading::EventKind::{
    PaymentFailed, PaymentRecorded, PaymentRefunded, SubscriptionCancelled, SubscriptionCreated,
    SubscriptionPaused, SubscriptionPriceChanged, SubscriptionResumed,
};

pub(super) const PHRASES: &[(Meaning, &str)] = &[
    (Act(SubscriptionCreated), CREATED),
    (Act(SubscriptionCancelled), CANCELLED),
    (Act(SubscriptionPaused), PAUSED),
    (Act(SubscriptionResumed), RESUMED),
    (Act(SubscriptionPriceChanged), PRICE_CHANGED),
    (Act(PaymentRecorded), RECORDED),
    (Act(PaymentFailed), FAILED),
    (Act(PaymentRefunded), REFUNDED),
    (Meaning::Cue(Cue::First), FIRST),
    (Meaning::Cue(Cue::Since), SINCE),
    (Meaning::Cue(Cue::Next), NEXT),
    (Meaning::Cue(Cue::Ends), ENDS),
    (Meaning::Cue(Cue::Effective), EFFECTIVE),
    (Meaning::Subscribing, SUBSCRIBING),
    (Meaning::Then, THEN),
    (Meaning::Plan, PLANS),
    (Meaning::Filler, FILLERS),
    (Meaning::BuyingOnce, BUYING_ONCE),
    (Meaning::BoughtOnce, BOUGHT_ONCE),
    (Meaning::Not, NOT),
    (Meaning::Maybe, MAYBE),
    (Meaning::Conditional, CONDITIONAL),
    (Meaning::Question, QUESTIONS),
    (Meaning::Request, REQUESTS),
    (Meaning::Chat, CHAT),
    (Meaning::Code, CODES),
    (Meaning::Balance, BALANCES),
    (Meaning::Credit, CREDITS),
    (Meaning::Spam, SPAM),
    (Meaning::Injection, INJECTIONS),
];

const CONDITIONAL: &str = "cancel anytime|cancel any time|cancel at any time|cancel whenever|cancel before|cancel online|\
    cancel within|cancel here|cancel in settings|cancel in the app|cancel by|unless you cancel|unless cancelled|\
    unless canceled|unless you have cancelled|unless i cancel|until you cancel|until cancelled|until canceled|\
    until i cancel|you can cancel|you may cancel|if you cancel|if not cancelled|if not canceled|if you dont cancel|\
    if you do not cancel|dont forget to cancel|remember to cancel|remind me to cancel|cancelling is easy|\
    you can pause|pause anytime|pause any time|pause or cancel|pause or cancel anytime|skip or cancel anytime|\
    until you resume|resume anytime|resume any time|you can resume|to resume|to continue|to reactivate|to restart|\
    if debited|if charged|if deducted|will be refunded|will be reversed|will be credited back|will be returned|\
    reply yes or no|reply yes if|to stop|reply stop|send stop|text stop|sms stop|to unsubscribe|unsubscribe here|click to unsubscribe";

const CREATED: &str = "subscribed|subscribe|subscribing|sign up|signed up|signing up|sign me up|enrolled|enrol|\
    enroll|joined|join|joining|just got|i got|add|added|adding|track|new subscription|got a subscription|\
    took a subscription|took|taken|purchased a subscription|activated|activate|subscription liya|\
    subscription le liya|liya|le liya|abonniert|signed up for|set up|switched to|upgraded to|begin|\
    started using|opted for|registered for";

const CANCELLED: &str = "chhod diya|chhod di|chhod do|chod diya|hatao|hata diya|nikal do|no more|pull the plug on|\
    pulled the plug on|cut the cord on|walked away from|nix|nixed|unsub|unsubbed|unsub from|scrap|scrapped|binned|chucked|cancel|cancelled|canceled|cancelling|canceling|cancellation|cancels|unsubscribe|\
    unsubscribed|unsubscribing|stop|stopped|stopping|terminate|terminated|terminating|quit|quitting|drop|\
    dropped|dropping|get rid of|got rid of|getting rid of|ended|end my|end the|no longer using|no longer use|\
    no longer paying|no longer pay|no longer subscribed|not using|dont want|do not want|remove|removed|delete|\
    deleted|band karo|band kar do|band kar diya|band kara diya|band karwa diya|band ho gaya|band|bandh karo|\
    bandh|cancel karo|cancel kar do|cancel kar diya|cancel kara diya|hata do|done with|am done with|\
    im done with|ditch|ditched|ditching|axed|axe|kill|killed|opt out of|opted out of|discontinue|discontinued|\
    not renewing|wont renew|will not renew|turn off auto renew|turned off auto renew|stop paying for|\
    stopped paying for|dont need|do not need|close my|closed my|gekundigt|kundigen|gekuendigt|beendet|nahi chahiye|\
    nahin chahiye|no longer want|resilie|resilier|resiliee|annule|annulee|annuler|cancelado|cancelada|cancelar|he cancelado|\
    cancele|cancelei|disdetto|disdetta|disdire|annullato|opgezegd|opzeggen|sagt upp|uppsagt|opsagt|oppsagt|revoked|mandate revoked|left";

const PAUSED: &str = "pause|paused|pausing|on hold|put on hold|hold pe daal do|hold pe dalo|hold par daal do|\
    hold karo|put a hold on|put a pause on|suspend|suspended|suspending|freeze|froze|frozen|freezing|snooze|\
    snoozed|snoozing|rok do|roko|take a break from|taking a break from|took a break from|temporarily stop|\
    temporarily stopped|pause karo|pause kar do|pause kar diya|skip|pausiert|pausieren|en pause|pausado|pausada|pausar|en pausa|in pausa|gepauzeerd|pausad|pauset";

const RESUMED: &str = "resume|resumed|resuming|unpause|unpaused|unpausing|restart|restarted|restarting|\
    reactivate|reactivated|reactivating|unfreeze|unfroze|unfrozen|back on|turn back on|turned back on|\
    start again|started again|chalu karo|chalu kar do|chalu kar diya|shuru karo|phir se shuru|wapas shuru|\
    resubscribe|resubscribed|resubscribing|rejoin|rejoined|reinstate|reinstated|continue|continued|\
    re - activate|re - activated|re - subscribed|took back|picked back up|off hold|uncancel|uncancelled|\
    renew my|reenabled|re - enabled|resume karo|resume kar do|is active again|active again|is running again|running again|phir se chalu|phir se chalu kar diya|\
    wieder aktiviert|reactive|repris|reanudado|reanudada|reactivado|reativado|reativada|riattivato|hervat";

const PRICE_CHANGED: &str = "preisanderung|preiserhohung|changement de prix|nouveau tarif|cambio de precio|\
    aumento de precio|nuevo precio|novo preco|nuovo prezzo|aumento di prezzo|prijswijziging|prisandring|kostet jetzt|kostet nun|kostet ab jetzt|coute maintenant|coute desormais|ahora cuesta|\
    cuesta ahora|agora custa|custa agora|ora costa|costa ora|kost nu|kostar nu|koster nu|went up|goes up|go up|going up|gone up|went up to|goes up to|going up to|\
    gone up to|went up from|going up from|goes up from|has gone up|going from|goes from|went from|increase|\
    increases|increased|increasing|increased to|increase to|price increase|price increased|raise|raised|raises|\
    raising|raised its price|raised the price|raised their price|raised prices|raised their prices|hike|hiked|\
    price hike|hiked to|hiked its price|price change|price changed|price is changing|prices are changing|price changes|changed to|changes to|\
    price changed to|now costs|now cost|is now|are now|costs now|new price|new rate|price is now|price went up|\
    price went up to|price goes up|price rise|price rose|rose to|rises to|rising to|jumped|jumped to|bumped|\
    bumped to|bumped up|bumped up to|price drop|price dropped|dropped to|drops to|dropping to|went down|\
    goes down|going down|gone down|went down to|goes down to|gone down to|come down to|came down to|reduced|\
    reduced to|lowered|lowered to|cheaper|more expensive|will cost|will now cost|will be|badh gaya|badh gayi|\
    badh gaya hai|price badh gaya|mehnga ho gaya|mehenga ho gaya|kam ho gaya|sasta ho gaya|ka ho gaya|ka ho gya|ki ho gayi|update price|\
    price update|update the price|change the price|change price|updated to|up to|went to";

const RECORDED: &str = "diye|bhar di|bhar diye|jama kiya|jama kar diya|chuka diya|chukaya|receipt|dank fur ihre zahlung|danke fur ihre zahlung|zahlung erhalten|recu votre paiement|\
    merci pour votre paiement|recibido tu pago|recibido su pago|gracias por tu pago|gracias por su pago|recebemos seu pagamento|\
    recebemos o seu pagamento|obrigado pelo pagamento|ricevuto il tuo pagamento|grazie per il pagamento|\
    betaling ontvangen|bedankt voor je betaling|tack for din betalning|was received|bezahlt|wurde bezahlt|wurden bezahlt|abgebucht|wurde abgebucht|wurden abgebucht|pagado|pague|pagato|paguei|betaald|paid|payment made|payment successful|payment received|thanks for your payment|thank you for your payment|\
    thanks for paying|thank you for paying|your receipt|payment receipt|receipt from|receipt for|order id|order number|order date|amount paid|date paid|\
    we received payment|received payment|received a payment|have received your payment|charged|charged me|debited|\
    deducted|withdrawn|billed me|renewed|was renewed|has been renewed|got renewed|renewed today|paid for|\
    paid the|auto debited|auto renewed|went through|has been debited|has been charged|was charged|was debited|\
    de diya|diya|bhara|bhari|bhare|pay kar diya|pay kiya|bhar diya|kat gaya|kat gaye|kat gya|payment done|payment ho gaya|\
    recharge kiya|recharged|made a payment|made the payment|just paid|took out|came out|spent on|was successful|\
    is successful|successful|has been received|received your payment";

const FAILED: &str = "there was a problem with|was a problem with|could not be completed|couldnt be completed|\
    nao foi possivel|no hemos podido|no se pudo|no pudimos|non e andato a buon fine|na pas abouti|na pas pu|konnte nicht|\
    konnten nicht|niet gelukt|kon niet|fehlgeschlagen|abgelehnt|rechazado|rechazada|recusado|recusada|rifiutato|rifiutata|mislukt|echoue|echouee|failed|fail|fails|failing|declined|decline|bounced|bounce|unsuccessful|rejected|\
    didnt go through|did not go through|couldnt go through|could not be processed|couldnt be processed|\
    couldnt process|could not process|unable to process|were unable to process|couldnt charge|could not charge|\
    unable to charge|payment failed|payment failure|failed payment|not successful|was unsuccessful|\
    insufficient funds|insufficient balance|fail ho gaya|fail hua|fail ho gayi|nahi hua|returned unpaid|\
    card declined|got declined|was declined|has failed|was rejected|could not be collected|couldnt be collected|\
    past due|payment issue|problem with your payment";

const REFUNDED: &str = "erstattet|ruckerstattung|rembourse|remboursement|reembolso|reembolsado|rimborso|rimborsato|terugbetaald|refund|refunded|refunds|refunding|refund of|got a refund|got refunded|money back|\
    gave back|gave me back|gave us back|paid me back|paid us back|reimbursed|reimburse|reversed|reversal|chargeback|charged back|credited back|refund mila|\
    refund aaya|wapas mila|paise wapas|paisa wapas|returned my money|was refunded|has been refunded|a refund";

const FIRST: &str = "starting|starts|start|starting on|starts on|starting from|starts from|start from|start on|\
    from|started|started on|beginning|begins|begins on|beginning on|commencing|commences|first charge|\
    first payment|first bill|first charge on|first payment on|first billed|ab|ab dem|se shuru|a partir de|a partir del|a partire dal|vanaf|\
    a partir du|took effect|kicks in|kicks off|activated on|bought on|purchased on|subscribed on|\
    joined on|joined in|signed up on|started in|begun|began|began on|began in";

const SINCE: &str = "since|ever since|liya tha|li thi|le liya tha|kiya tha|seit|seit dem|depuis|depuis le|desde|desde el|dal|dallo|sinds|sedan|siden";

const NEXT: &str = "renews|renew|renewing|renews on|renewal|renewal on|renewal date|next renewal|\
    next renewal on|due|due on|due by|due date|is due|is due on|falls due|next payment|next payment on|\
    next charge|next charge on|next bill|next bill on|next billing|next billing date|next billing on|next due|\
    next due on|billing date|bill date|billed on|charged on|paid on|payable on|payment on|payment date|bills on|\
    billing on|debited on|debits on|auto renews|auto renews on|auto - renews|auto - renews on|comes out on|\
    comes out|goes out on|goes out|goes off on|is charged on|charges on|charged every|charges me on|charges me|\
    bills me on|recurring on|renouvellement|verlangert|next invoice|invoice on|auto renew on|taken on|\
    will be renewed automatically|will be auto - renewed|will be auto - renewed on|\
    will be auto renewed|will be auto renewed on|will be automatically renewed|will be automatically renewed on|\
    automatically renews|automatically renews on|renews automatically|renews automatically on|will automatically renew|\
    will automatically renew on|will auto - renew|will auto - renew on|is set to renew|is set to renew on|\
    set to auto - renew|is due for renewal|due for renewal|due for renewal on|due to renew|due to renew on|is renewing|\
    is renewing on|verlangert sich|verlangert sich am|wird verlangert|sera renouvele|sera renouvelee|sera renouvele le|\
    se renouvelle|se renouvelle le|se renovara|se renovara el|se renueva|se renueva el|sera renovada|sera renovada em|\
    sera renovado|sera renovado em|renova|si rinnova|si rinnova il|si rinnovera|sara rinnovato|wordt verlengd|\
    verlangs|fornyes|prochain paiement|proximo pago|proxima cobranca|will be charged|you will be charged|youll be charged|will be billed|will be debited|will renew|\
    will renew on|will auto renew|will be renewed|will be renewed on|is due by|gets charged|will be charged on|\
    will be debited on|nachste zahlung|nachste abbuchung|fallig|fallig am";

const ENDS: &str = "ends|ends on|end on|ending|ending on|expires|expires on|expire|expire on|expiring|\
    expiring on|until|till|til|through|trial ends|trial ends on|trial ending|trial ending on|trial expires|\
    trial expires on|trial until|trial till|free until|free till|trial period ends|trial period ends on|\
    trial is over on|runs out|runs out on|tak|up until|bis|bis zum|hasta|jusquau|before";

const EFFECTIVE: &str = "effective|effective from|effective on|with effect from|as of|as from|wef|w.e.f|\
    with immediate effect";

const SUBSCRIBING: &str = "we rent|i rent|renting|we lease|i lease|subscription|subscriptions|membership|memberships|plan|plans|sub|subs|subscribtion|\
    subscripton|package|pack|pay|pays|paying|i pay|we pay|i am paying|im paying|costs|cost|cost me|costs me|\
    costing|is costing|billing|billed|bill|bills|auto pay|autopay|auto - pay|auto renew|auto renewal|\
    auto - renew|autorenew|auto - renewal|recharge|standing order|direct debit|mandate|contract|abo|abonnement|\
    suscripcion|assinatura|mitgliedschaft|abonnement a|account|payment|payments|charge|charges|monthly fee|fee|\
    recurring|recurring payment|goes to|sip of|emi of|runs|runs me|sets me back|subscriber|ka bill|kharcha|dues|\
    invoice|price|priced|priced at|rate|licence fee|payment of";

const THEN: &str = "then|after that|afterwards|after which|thereafter|followed by|and then|later|subsequently|\
    phir|uske baad|danach|after trial|after the trial|after|post trial|before it becomes|going to|\
    and after that|rising to after";

const PLANS: &str = "premium|basic|standard|family|student|individual|duo|ultimate|pro|business|personal|\
    mobile plan|starter|essential|essentials|professional|enterprise|team|lite|ad - free|ad free|no ads|\
    with ads|premium plan|basic plan|standard plan|family plan|student plan|individual plan|duo plan|\
    mobile only|super|unlimited|sim only|plus|protect plus|protect|gold|platinum|silver|hd|ultra hd|uhd|\
    annual plan|monthly plan|yearly plan|solo";

const FILLERS: &str = "a|an|the|i|im|ive|we|were|my|our|me|us|you|your|his|her|their|its|it|this|that|there|\
    these|those|is|are|was|am|be|been|being|has|have|had|having|get|gets|getting|got|do|does|did|will|would|ill|\
    for|of|on|at|to|in|into|by|with|as|and|or|but|so|just|only|also|too|please|pls|plz|kindly|now|about|around|\
    roughly|approx|approximately|almost|nearly|some|every|each|per|all|both|total|amount|amount of|worth|\
    worth of|want|want to|would like|like to|need to|id like to|lets|let|hey there|ka|ki|ke|ko|ne|hai|hain|ho|\
    gaya|gayi|raha|rahi|mera|meri|mere|hamara|humara|wala|wali|wale|aur|bhi|abhi|mein|main|par|pe|se|karo|kar|\
    kiya|karna|hua|hui|lag|lagta|lagte|lagega|rakha|chahiye|yeh|ye|woh|wo|und|der|die|das|fur|le|la|les|de|des|\
    el|los|pour|para|o|os|e|et|y|going|using|use|via|through my|off|out|up|here|service|services|\
    app subscription|online|sir|madam|dear|customer|user|towards|toward|against|per head|each of them|\
    respectively|made|make|making|taking|take|record|log|note|put|set|it is|thats|while|again|currently|already|\
    apparently|actually|basically|btw|fyi|ago|monthly fee of|once|price of|cost of|the price of|a price of|\
    charge of|a charge of|rs|inr|called|named|my subscriptions|subscriptions list|credit card|debit card|visa|\
    mastercard|upi|paypal|gpay|google pay|phonepe|paytm|wallet|bank|through paypal|from my account|from my card|\
    from your account|from your|from my|from a / c|from ac|a / c|ac|acct|account no|ref|ref no|txn|transaction|\
    info|has now|now has|says|said|tells me|effectively|still|since then|dollar price|more|both of them|ek|\
    wali subscription|automatically|recurringly|plus tax|plus taxes|plus gst|incl gst|incl|including|inclusive|\
    extra|household|whole household|us all|myself|wife|husband|kids|month fee|i think|if i remember|\
    subscription for|someone|something|our family|we have|i have|weve|weve got|ive got|i ve got|went for|\
    decided to|decided|finally|my card|your card|which|who|when";

const BUYING_ONCE: &str = "bought|buy|buying|purchased|purchase|purchasing|ordered|order|spent|tipped|tip|\
    one time|one - time|one off|one - off|onetime|single payment|lifetime|life time|kharida|khareeda|kharidi|\
    mangwaya|bharwaya|bharwaya aaj|shopping|checkout|picked up|grabbed|paid cash|sent|transferred|lent|borrowed|\
    owe|owes|delivered|shipped|split the bill";

const BOUGHT_ONCE: &str = "prescription|takeaway|takeout|take - away|saman|samaan|khana|sabzi|kapde|joote|dawai|ration|coffee|tea|pizza|lunch|dinner|breakfast|brunch|snacks|shoes|shirt|jeans|dress|\
    clothes|groceries|grocery|petrol|diesel|fuel|gasoline|gas for the car|gas|taxi|cab|uber ride|uber|ola ride|\
    ola cab|lyft|ride|ticket|tickets|movie tickets|flight|flights|hotel|laptop|headphones|haircut|gift|burger|\
    biryani|beer|drinks|ice cream|samosa|chai|sandwich|flowers|toy|toys|book|books|furniture|sofa|table|chair|\
    iphone|tv set|television|watch|waiter|parking|toll|medicine|medicines|vegetables|fruits|bike|car wash|\
    zomato|swiggy|zomato order|swiggy order|amazon order|flipkart|flipkart order|walmart|target|starbucks|\
    mcdonalds|restaurant|atm|atm withdrawal|cash withdrawal|ebay|etsy|doordash|grubhub|uber eats|deliveroo|\
    just eat|ikea|costco gas|aldi|tesco|sainsburys|asda|lidl|rewe|edeka|dmart|bigbasket|blinkit|zepto|myntra|\
    ajio|meesho|amazon pay|cinema|concert|museum|sweater|jacket|phone case|charger|cable|keyboard|mouse|monitor|\
    bag|backpack|perfume|makeup|lipstick|cake|donut|donuts|bagel|sushi|tacos|noodles|dosa|paneer|thali|momos";

const NOT: &str = "dont|do not|didnt|did not|never|wont|not|havent|have not|hasnt|isnt|is not|wasnt|mat karo|\
    mat|nahi|without|instead of|shouldnt|should not|cant|cannot";

const MAYBE: &str = "thinking about|thinking of|considering|might|maybe|perhaps|wondering|not sure|planning to|\
    plan to|if|unless|remind me to|remind me|remember to|i should|we should|i could|could have|would have|\
    used to|someday|eventually|shayad|soch raha|sochte|forgot to|forgot|tried to|trying to|failed to cancel|\
    want to know";

const QUESTIONS: &str = "how|what|whats|when does|when do|when is|when did|why|where|whose|should|did you|do i|\
    do you|am i|can i|could i|will my|will i|was my|how much|how many|kya|kitna|kab|kaise|kyun|show me|list my|\
    tell me|find me|search|help|explain|what if|has my|have i";

const REQUESTS: &str = "can you|could you|would you|will you|can u|could u|would you please|can we|\
    is it possible to";

const CHAT: &str = "hello|hi|hey|hii|hiya|yo|thanks|thank you|thankyou|thx|ok|okay|lol|lmao|haha|hahaha|bye|\
    goodbye|good morning|good night|good evening|good afternoon|see you|see ya|call|call me|meet|meet me|\
    meeting|love|weather|birthday|happy birthday|congrats|congratulations|sorry|welcome|namaste|kal milte hain|\
    milte|milte hain|kaise ho|recommend|watching|watched|watch it|talk|talk later|ttyl|brb|omg|wow|mom|dad|bro|\
    dude|miss you|dinner with|lunch with|remember when|good luck|yes|no|yeah|nope|nice|cool|great|awesome|\
    amazing|tomorrow at|see|come|coming|going home|im home|running late|on my way|feeling|hungry|tired|joke|\
    poem|story|episode|season|movie|movies|film|song|songs|playlist|listening|listened|funny|boring|score|\
    game night|homework|standup|appointment|doctor|dentist";

const CODES: &str = "otp|one time password|one - time password|verification code|security code|passcode|\
    one time passcode|one - time passcode|login code|sign in code|sign - in code|auth code|authentication code|confirmation code|\
    one time code|one - time code|2fa code|access code|verification pin|tan code";

const BALANCES: &str = "overdrawn|is overdrawn|new balance|minimum payment|statement balance|total amount due|sua fatura|\
    fatura de|saldo de|solde de|avl bal|avail bal|available balance|avbl bal|available bal|account balance|\
    balance in your|balance is|bal is|closing balance|current balance|your balance|a / c balance|total balance|\
    wallet balance|outstanding balance|available limit|credit limit|avl limit|minimum due|total due|min due|\
    balance in|main balance|data balance|kontostand";

const CREDITS: &str = "credited|credited to|has been credited|was credited|is credited|deposited|\
    salary credited|received from|you received|you have received|salary received|cashback received|cashback of|\
    cashback|interest credited|deposit of|you got paid|paid you|sent you|earned|dividend|sold";

const SPAM: &str = "has won|been chosen|been selected|win cash|join our telegram|join our whatsapp|\
    update your payment at|verify your identity at|confirm your details at|confirm your identity at|earn $|earn up to|earn rs|earn extra|working from home|text yes|text win|text claim|reply claim|\
    last chance|offer ends|offer expires|ends tonight|final hours|redelivery fee|package is on hold|parcel is on hold|re - delivery fee|verify your account now|\
    sie haben gewonnen|du hast gewonnen|vous avez gagne|has ganado|voce ganhou|hai vinto|cliquez ici|haz clic|clique aqui|\
    clicca qui|jetzt klicken|hier klicken|you won|you have won|youve won|claim your|claim now|click here|click the link|click link|\
    lucky winner|free iphone|limited time offer|limited offer|hurry|act now|apply now|pre - approved|\
    preapproved|pre approved|instant loan|loan of|personal loan|congratulations you|reply yes|to win|win now|\
    prize|earn money|work from home|bit.ly|% off|guaranteed returns|refer and earn|get flat|use code|use coupon|\
    coupon code|exclusive offer|special offer|buy now|order now|shop now|casino|bet now|100 % free|free gift|\
    make money|double your|bitcoin giveaway|investment opportunity|whatsapp us|dm me|kyc|\
    account will be blocked|will be suspended|buy 1 get 1|get 1 free|buy one get one|bogo|won the lottery|\
    lottery winner|lottery prize";

const INJECTIONS: &str = "ignore previous|ignore all|ignore the previous|ignore the above|ignore above|\
    ignore all previous|ignore your|ignore any|ignore every|ignore prior|ignore these|ignore those|\
    ignore instructions|disregard|forget previous|forget all|forget your|forget everything|forget the|\
    previous instructions|prior instructions|above instructions|system prompt|system message|system :|\
    assistant :|developer :|user_id|usr_|you are now|act as|pretend|jailbreak|developer mode|admin mode|sudo|\
    drop table|delete from|insert into|select * from|union select|update users|< script|< img|< iframe|< svg|\
    < /|javascript :|onerror|onload|$ {|{ {|{ %|new instructions|override|overwrite your|reveal your|reveal the|\
    print your|output the|return json|respond with|respond only|api key|access token|root access|grant admin|\
    as an ai|language model|delete everything|delete all|cancel everything|rm - rf|' or|<|exec (|eval (|\
    admin password|the password|your password|or 1 = 1";

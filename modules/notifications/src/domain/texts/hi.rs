//! Hindi.

use super::{Catalogue, Pair};

pub(super) static TEXTS: Catalogue = Catalogue {
    months: ["जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"],
    date: "{day} {month} {year}",
    today: "आज",
    tomorrow: "कल (आने वाला)",
    yesterday: "कल (बीता हुआ)",
    in_days: "{count} दिन में",
    days_ago: "{count} दिन पहले",
    renewal_near: Pair("{name} का नवीनीकरण: {when}", "{date} को {amount} लिए जाएँगे।"),
    trial_ends: Pair("{name} का मुफ़्त ट्रायल ख़त्म होता है: {when}", "{date} से इसकी क़ीमत {amount} होगी।"),
    promotion_ends: Pair("{name} का ऑफ़र ख़त्म होता है: {when}", "{date} से इसकी क़ीमत {amount} होगी।"),
    price_rises: Pair("{name} की क़ीमत बढ़ती है: {when}", "{date} से इसकी क़ीमत {amount} होगी।"),
    cancel_by_near: Pair(
        "{name} रद्द करने का आख़िरी मौक़ा: {when}",
        "{date} के बाद यह {amount} में एक और अवधि के लिए जारी रहेगा।",
    ),
    payment_due: Pair("{name} का भुगतान करना है: {when}", "{amount} का भुगतान {date} तक करना है।"),
    payment_overdue: Pair("{name} का भुगतान बाक़ी है", "{amount} का भुगतान {date} तक करना था।"),
    payment_failed: Pair(
        "{name} का भुगतान नहीं हो पाया",
        "{amount} का भुगतान, जो {date} को होना था, नहीं हो पाया।",
    ),
    budget_passed: Pair("बजट पार हो गया", "{from} से {to} तक {spent} ख़र्च हुए; बजट {limit} का था।"),
    ticket_answered: Pair("सहायता ने आपको उत्तर दिया", "{said}"),
    channel_broken: Pair(
        "{name} से अब आप तक सूचना नहीं पहुँचती",
        "जब तक आप इसे फिर से सेट नहीं करते, वहाँ कुछ नहीं भेजा जाएगा। जवाब था: {said}",
    ),
    webhook_broken: Pair(
        "{name} को अब घटनाएँ नहीं भेजी जातीं",
        "उसने घटनाएँ नहीं लीं, इसलिए उसे बंद कर दिया गया। उसे ठीक करें, चालू करें और छूटी हुई घटनाएँ फिर भेजें। जवाब था: {said}",
    ),
    test: Pair("यह एक जाँच है", "{name} काम कर रहा है। आगे की सूचनाएँ ठीक इसी रास्ते से आएँगी।"),
    digest: "{count} सूचनाएँ",
    open: "Perennial में खोलें",
    why: "आपने यह सूचना पाना चुना है।",
    choose: "सूचनाएँ चुनें",
    stop: "सभी ई-मेल बंद करें",
};

//! What stands on the pages of the desk, in every language that help speaks.

use crate::domain::{Language, NodeKind};

macro_rules! words {
    ($($name:ident: $en:literal, $de:literal, $hi:literal;)*) => {
        /// The texts of the desk in one language.
        #[derive(Debug)]
        pub(in crate::pages) struct DeskWords { $(pub(in crate::pages) $name: &'static str,)* }

        static EN: DeskWords = DeskWords { $($name: $en,)* };
        static DE: DeskWords = DeskWords { $($name: $de,)* };
        static HI: DeskWords = DeskWords { $($name: $hi,)* };
    };
}

words! {
    desk: "Desk", "Pult", "डेस्क";
    desk_text: "What people handed over, the oldest first. What you open stands in your log and in theirs.",
        "Was übergeben wurde, das Älteste zuerst. Was Sie öffnen, steht in Ihrem Protokoll und in dem der Person.",
        "लोगों ने जो सौंपा, सबसे पुराना पहले। जो आप खोलते हैं वह आपके और उनके लॉग में लिखा जाता है।";
    which: "Which", "Welche", "कौन-से";
    open: "Waiting", "Wartend", "प्रतीक्षा में";
    mine: "Mine", "Meine", "मेरे";
    answered: "Answered", "Beantwortet", "उत्तर दिया";
    closed: "Closed", "Geschlossen", "बंद";
    nothing: "Nothing here", "Hier ist nichts", "यहाँ कुछ नहीं";
    nothing_text: "Nobody waits in this list.", "In dieser Liste wartet niemand.", "इस सूची में कोई प्रतीक्षा में नहीं है।";
    since: "handed over {when}", "übergeben {when}", "{when} को सौंपा";
    taken_by: "taken on by {name}", "übernommen von {name}", "{name} ने लिया";
    taken_by_you: "taken on by you", "von Ihnen übernommen", "आपने लिया";
    a_colleague: "a colleague", "jemand anderem", "किसी सहकर्मी";
    waiting: "Waiting", "Wartend", "प्रतीक्षा में";
    oldest: "oldest: {when}", "das älteste: {when}", "सबसे पुराना: {when}";
    first_answer: "First answer", "Erste Antwort", "पहला उत्तर";
    resolution: "Until closed", "Bis geschlossen", "बंद होने तक";
    half: "half within this, nine in ten within {long}; {count} in 30 days",
        "die Hälfte bis dahin, neun von zehn in {long}; {count} in 30 Tagen",
        "आधे इतने में, दस में से नौ {long} में; 30 दिनों में {count}";
    none_yet: "none in 30 days", "keine in 30 Tagen", "30 दिनों में कोई नहीं";
    days: "{n} d", "{n} T", "{n} दिन";
    hours: "{n} h", "{n} Std.", "{n} घं";
    minutes: "{n} min", "{n} Min.", "{n} मि";
    conversation: "Conversation", "Gespräch", "बातचीत";
    them: "They", "Die Person", "वे";
    us: "Support", "Support", "सहायता";
    take: "Take it on", "Übernehmen", "ले लें";
    give_back: "Give it back", "Zurückgeben", "वापस करें";
    close: "Close", "Schließen", "बंद करें";
    answer: "Your answer", "Ihre Antwort", "आपका उत्तर";
    send: "Send the answer", "Antwort senden", "उत्तर भेजें";
    told: "They are told, and read it in the conversation.", "Die Person erfährt davon und liest sie im Gespräch.",
        "उन्हें बताया जाता है और वे इसे बातचीत में पढ़ते हैं।";
    template: "Begin with a template", "Mit einer Vorlage beginnen", "टेम्पलेट से शुरू करें";
    insert: "Put it in", "Einsetzen", "डालें";
    steps: "What they saw", "Was die Person sah", "उन्होंने क्या देखा";
    carries: "What it carries", "Was es mit sich führt", "साथ क्या है";
    no_topic: "A question of their own", "Eine eigene Frage", "उनका अपना प्रश्न";
    reads: "They read", "Die Person liest", "वे पढ़ते हैं";
    person: "Person", "Person", "व्यक्ति";
    household: "Household", "Haushalt", "परिवार";
    object: "About", "Betrifft", "किस बारे में";
    version: "Topic and version", "Thema und Fassung", "विषय और संस्करण";
    ticket: "Ticket", "Ticket", "टिकट";
    templates: "Templates", "Vorlagen", "टेम्पलेट";
    templates_text: "Answers that are given again and again. Everybody at the desk uses and changes them.",
        "Antworten, die immer wieder gegeben werden. Alle am Pult nutzen und ändern sie.",
        "बार-बार दिए जाने वाले उत्तर। डेस्क पर सभी इन्हें इस्तेमाल करते और बदलते हैं।";
    no_templates: "No template yet", "Noch keine Vorlage", "अभी कोई टेम्पलेट नहीं";
    no_templates_text: "Keep the answer that you gave twice.", "Heben Sie die Antwort auf, die Sie zweimal gegeben haben.",
        "जो उत्तर आपने दो बार दिया उसे रखें।";
    new_template: "Keep another", "Noch eine aufheben", "एक और रखें";
    name: "Name", "Name", "नाम";
    text: "Text", "Text", "पाठ";
    keep: "Keep it", "Aufheben", "रखें";
    save: "Save", "Speichern", "सहेजें";
    delete: "Delete", "Löschen", "हटाएँ";
    trees: "What to improve", "Was zu verbessern ist", "क्या सुधारें";
    trees_text: "What became of those who came to a topic. Nobody is named.",
        "Was aus denen wurde, die zu einem Thema kamen. Niemand wird genannt.",
        "किसी विषय पर आए लोगों का क्या हुआ। किसी का नाम नहीं है।";
    tree_text: "Every node with how many reached it, and what became of them there. Days are those of UTC.",
        "Jeder Knoten mit der Zahl derer, die ihn erreichten, und was dort aus ihnen wurde. Tage sind die von UTC.",
        "हर चरण पर कितने पहुँचे और वहाँ उनका क्या हुआ। दिन UTC के हैं।";
    last_days: "{n} days", "{n} Tage", "{n} दिन";
    came: "{n} came", "{n} kamen", "{n} आए";
    resolved: "{n} solved", "{n} gelöst", "{n} हल";
    escalated: "{n} handed over", "{n} übergeben", "{n} सौंपे";
    left: "{n} left", "{n} gegangen", "{n} चले गए";
    under_way: "{n} on their way", "{n} unterwegs", "{n} रास्ते में";
    they_came: "Came", "Gekommen", "आए";
    was_resolved: "Solved", "Gelöst", "हल हुए";
    was_escalated: "Handed over", "Übergeben", "सौंपे गए";
    they_left: "Left", "Gegangen", "चले गए";
    versions: "Version", "Fassung", "संस्करण";
    beside: "Beside it", "Daneben", "साथ में";
    of_version: "Version {version}", "Fassung {version}", "संस्करण {version}";
    from_to: "{version}: {from} – {to}", "{version}: {from} – {to}", "{version}: {from} – {to}";
    drawn: "The tree", "Der Baum", "वृक्ष";
    again: "as above", "wie oben", "ऊपर की तरह";
    gone: "not in the tree in service", "nicht im jetzigen Baum", "अभी के वृक्ष में नहीं";
    by_day: "By day", "Nach Tagen", "दिन के अनुसार";
    question: "question", "Frage", "प्रश्न";
    check: "check", "Prüfung", "जाँच";
    action: "action", "Handlung", "कार्रवाई";
    an_answer: "answer", "Antwort", "उत्तर";
    escalation: "a person", "ein Mensch", "व्यक्ति";
    questions: "Asked in vain", "Vergeblich gefragt", "जिनका उत्तर नहीं मिला";
    questions_text: "Questions that found neither a topic nor a section, without who asked and without what looks like an address or a number. Kept for 90 days.",
        "Fragen, zu denen sich weder Thema noch Abschnitt fand, ohne wer fragte und ohne was wie eine Adresse oder Nummer aussieht. 90 Tage aufgehoben.",
        "वे प्रश्न जिनके लिए न विषय मिला न अनुभाग; बिना पूछने वाले के, और बिना पते या नंबर जैसी चीज़ों के। 90 दिन रखे जाते हैं।";
    no_questions: "None", "Keine", "कोई नहीं";
    no_questions_text: "Everything that was asked found something.", "Zu allem, was gefragt wurde, fand sich etwas.",
        "जो भी पूछा गया उसका कुछ मिला।";
    asked_times: "{n} × · {language} · last on {when}", "{n} × · {language} · zuletzt am {when}",
        "{n} × · {language} · आख़िरी बार {when}";
    done_taken: "It is yours.", "Es ist Ihres.", "यह आपका है।";
    done_given: "Nobody has it now.", "Niemand hat es jetzt.", "अब यह किसी के पास नहीं।";
    done_answered: "It is answered, and they are told.", "Es ist beantwortet, und die Person erfährt davon.",
        "उत्तर दे दिया गया और उन्हें बताया गया।";
    done_closed: "It is closed. It waits again when they say more.",
        "Es ist geschlossen. Es wartet wieder, wenn die Person noch etwas sagt.",
        "यह बंद है। वे और कुछ कहें तो यह फिर प्रतीक्षा में आएगा।";
    done_kept: "It is kept.", "Es ist aufgehoben.", "रख लिया गया।";
    done_deleted: "It is gone.", "Es ist gelöscht.", "हटा दिया गया।";
}

impl DeskWords {
    pub(in crate::pages) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::De => &DE,
            Language::Hi => &HI,
        }
    }

    /// What a node is.
    pub(in crate::pages) const fn kind(&self, kind: &NodeKind) -> &'static str {
        match kind {
            NodeKind::Question(_) => self.question,
            NodeKind::Check(..) => self.check,
            NodeKind::Action(..) => self.action,
            NodeKind::Answer(_) => self.an_answer,
            NodeKind::Escalation => self.escalation,
        }
    }

    /// A length of time in its largest unit.
    pub(in crate::pages) fn span(&self, seconds: i64) -> String {
        let (text, count) = match seconds {
            ..=7_199 => (self.minutes, seconds.max(0) / 60),
            7_200..=172_799 => (self.hours, seconds / 3_600),
            _ => (self.days, seconds / 86_400),
        };
        text.replace("{n}", &count.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_told_in_its_largest_unit() {
        let words = DeskWords::of(Language::De);
        assert_eq!([59, 60, 7_200, 172_800].map(|it| words.span(it)), ["0 Min.", "1 Min.", "2 Std.", "2 T"]);
    }

    #[test]
    fn every_language_has_the_same_places() {
        let of = |words: &DeskWords| {
            [
                words.since,
                words.taken_by,
                words.oldest,
                words.half,
                words.days,
                words.hours,
                words.minutes,
                words.came,
                words.left,
                words.from_to,
                words.asked_times,
            ]
            .map(|text| {
                text.split('{')
                    .skip(1)
                    .filter_map(|it| it.split_once('}').map(|it| it.0))
                    .collect::<std::collections::BTreeSet<_>>()
            })
        };
        let english = of(&EN);
        assert!([&DE, &HI].iter().all(|words| of(words) == english));
    }
}

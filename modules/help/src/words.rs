//! What stands around the steps, in every language that help speaks. A language that lacks a text does not compile.

use crate::domain::Language;

/// The texts of the pages in one language.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) help: &'static str,
    pub(crate) what: &'static str,
    pub(crate) back: &'static str,
    pub(crate) open_page: &'static str,
    pub(crate) person: &'static str,
    pub(crate) person_text: &'static str,
    pub(crate) message: &'static str,
    pub(crate) send: &'static str,
    pub(crate) resolved: &'static str,
    pub(crate) escalated: &'static str,
    pub(crate) ticket: &'static str,
    pub(crate) tickets: &'static str,
    pub(crate) carries: &'static str,
    pub(crate) said: &'static str,
    pub(crate) you: &'static str,
    pub(crate) support: &'static str,
    pub(crate) search: &'static str,
    pub(crate) solves: &'static str,
    pub(crate) answers: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) manual: &'static str,
    pub(crate) manual_text: &'static str,
    pub(crate) whole_page: &'static str,
}

impl Words {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::De => &DE,
            Language::Hi => &HI,
        }
    }
}

static EN: Words = Words {
    help: "Help",
    what: "What is the matter? Help looks at what is yours, mends what it can, and hands over to a person when it cannot.",
    back: "Back",
    open_page: "Open the page",
    person: "Talk to a person",
    person_text: "The steps you took and what was found out go with it, so that you need not tell them again.",
    message: "What should we know?",
    send: "Send",
    resolved: "Good. This is solved.",
    escalated: "It waits for a person of those who run this site. Their answer will stand in the conversation.",
    ticket: "Open the conversation",
    tickets: "Your conversations",
    carries: "What goes with it",
    said: "Conversation",
    you: "You",
    support: "Support",
    search: "What do you want to know?",
    solves: "Help can solve this",
    answers: "From the manual",
    unknown: "The manual does not know. Ask in other words, look through its pages, or talk to a person.",
    manual: "The manual",
    manual_text: "Everything about using Perennial, a page a subject.",
    whole_page: "The whole page",
};

static DE: Words = Words {
    help: "Hilfe",
    what: "Worum geht es? Die Hilfe sieht sich Ihre Daten an, behebt, was sie kann, und übergibt sonst an einen Menschen.",
    back: "Zurück",
    open_page: "Seite öffnen",
    person: "Mit einem Menschen sprechen",
    person_text: "Ihre Schritte und was dabei herauskam, gehen mit, damit Sie nichts noch einmal erzählen müssen.",
    message: "Was sollten wir wissen?",
    send: "Senden",
    resolved: "Gut. Das ist gelöst.",
    escalated: "Es wartet auf einen Menschen, der diese Seite betreibt. Die Antwort steht dann im Gespräch.",
    ticket: "Gespräch öffnen",
    tickets: "Ihre Gespräche",
    carries: "Was mitgeht",
    said: "Gespräch",
    you: "Sie",
    support: "Support",
    search: "Was möchten Sie wissen?",
    solves: "Das kann die Hilfe lösen",
    answers: "Aus dem Handbuch",
    unknown: "Das weiß das Handbuch nicht. Fragen Sie mit anderen Worten, sehen Sie die Seiten durch oder sprechen Sie mit einem Menschen.",
    manual: "Das Handbuch",
    manual_text: "Alles über den Gebrauch von Perennial, eine Seite je Thema. Auf Englisch.",
    whole_page: "Die ganze Seite",
};

static HI: Words = Words {
    help: "सहायता",
    what: "क्या समस्या है? सहायता आपका डेटा देखती है, जो हो सके ठीक करती है, और नहीं तो किसी व्यक्ति को सौंपती है।",
    back: "पीछे",
    open_page: "पेज खोलें",
    person: "किसी व्यक्ति से बात करें",
    person_text: "आपके कदम और जो पता चला वह साथ जाता है, ताकि आपको दोबारा न बताना पड़े।",
    message: "हमें क्या जानना चाहिए?",
    send: "भेजें",
    resolved: "अच्छा। यह हल हो गया।",
    escalated: "यह इस साइट को चलाने वाले किसी व्यक्ति की प्रतीक्षा में है। उत्तर बातचीत में दिखेगा।",
    ticket: "बातचीत खोलें",
    tickets: "आपकी बातचीत",
    carries: "क्या साथ जाता है",
    said: "बातचीत",
    you: "आप",
    support: "सहायता",
    search: "आप क्या जानना चाहते हैं?",
    solves: "सहायता इसे हल कर सकती है",
    answers: "मैनुअल से",
    unknown: "मैनुअल को यह पता नहीं। दूसरे शब्दों में पूछें, उसके पेज देखें, या किसी व्यक्ति से बात करें।",
    manual: "मैनुअल",
    manual_text: "Perennial के उपयोग के बारे में सब कुछ, हर विषय का एक पेज। अंग्रेज़ी में।",
    whole_page: "पूरा पेज",
};

//! What is said between a mail server that brings a mail and us (RFC 5321), without a connection: a line in, an answer out.

/// After so many lines that are none, or name nobody, whoever says them is left.
const MISTAKES: u32 = 10;
/// So much can be said in one session.
const COMMANDS: u32 = 200;
/// So many addresses a mail can be for.
const RECIPIENTS: usize = 10;

/// What is to be done about a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// This is answered.
    Say(String),
    /// It is looked up whether there is such an address; [`Session::looked_up`] says what is answered.
    LookUp(String),
    /// The mail follows.
    Take,
    /// This is answered, and no more.
    Leave(&'static str),
}

/// One session.
#[derive(Debug)]
pub(super) struct Session {
    domain: String,
    size_limit: usize,
    greeted: bool,
    from: Option<String>,
    recipients: Vec<String>,
    mistakes: u32,
    commands: u32,
}

impl Session {
    pub(super) fn new(domain: &str, size_limit: usize) -> Self {
        Self {
            domain: domain.to_ascii_lowercase(),
            size_limit,
            greeted: false,
            from: None,
            recipients: Vec::new(),
            mistakes: 0,
            commands: 0,
        }
    }

    /// For whom the mail is.
    pub(super) fn recipients(&self) -> &[String] {
        &self.recipients
    }

    /// The mail was taken, or not: another may follow.
    pub(super) fn begin_anew(&mut self) {
        self.from = None;
        self.recipients.clear();
    }

    /// A line of whoever brings mail, without its end.
    pub(super) fn hear(&mut self, line: &[u8]) -> Step {
        self.commands += 1;
        if self.commands > COMMANDS {
            return Step::Leave("421 4.7.0 Too much was said; come again later");
        }
        let Some(line) = std::str::from_utf8(line).ok().filter(|line| line.is_ascii()) else {
            return self.mistaken("500 5.5.2 Only ASCII is understood");
        };
        if line.bytes().any(|byte| byte.is_ascii_control()) {
            return self.mistaken("500 5.5.2 No control characters");
        }
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => self.greet(rest, true),
            "HELO" => self.greet(rest, false),
            "MAIL" => self.mail(rest),
            "RCPT" => self.recipient(rest),
            "DATA" if rest.is_empty() => self.data(),
            "RSET" => {
                self.begin_anew();
                say("250 2.0.0 Forgotten")
            }
            "NOOP" => say("250 2.0.0 Yes"),
            "VRFY" => say("252 2.1.5 Nobody is told of here; bring the mail and see"),
            "QUIT" => Step::Leave("221 2.0.0 Goodbye"),
            _ => self.mistaken("500 5.5.1 That is not understood"),
        }
    }

    /// Whether there is the address that was to be looked up.
    pub(super) fn looked_up(&mut self, local: String, known: bool) -> Step {
        if !known {
            return self.mistaken("550 5.1.1 There is no such address");
        }
        if !self.recipients.contains(&local) {
            self.recipients.push(local);
        }
        say("250 2.1.5 Yes")
    }

    fn greet(&mut self, who: &str, extended: bool) -> Step {
        if who.trim().is_empty() {
            return self.mistaken("501 5.5.4 Say who you are");
        }
        self.greeted = true;
        self.begin_anew();
        let domain = &self.domain;
        if extended {
            Step::Say(format!(
                "250-{domain}\r\n250-SIZE {}\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES",
                self.size_limit
            ))
        } else {
            Step::Say(format!("250 {domain}"))
        }
    }

    fn mail(&mut self, rest: &str) -> Step {
        if !self.greeted {
            return self.mistaken("503 5.5.1 Say EHLO first");
        }
        if self.from.is_some() {
            return self.mistaken("503 5.5.1 A mail has begun already");
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            return self.mistaken("501 5.5.4 That is no address");
        };
        for parameter in parameters.split_ascii_whitespace() {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            match (name.to_ascii_uppercase().as_str(), value.to_ascii_uppercase().as_str()) {
                ("BODY", "7BIT" | "8BITMIME") => {}
                ("SIZE", size) => match size.parse::<u64>() {
                    Ok(size) if usize::try_from(size).is_ok_and(|size| size <= self.size_limit) => {}
                    Ok(_) => return say("552 5.3.4 It is longer than is taken"),
                    Err(_) => return self.mistaken("501 5.5.4 That is no size"),
                },
                _ => return self.mistaken("555 5.5.4 That is not known"),
            }
        }
        self.from = Some(from.to_owned());
        say("250 2.1.0 Yes")
    }

    fn recipient(&mut self, rest: &str) -> Step {
        let Some(from) = &self.from else { return self.mistaken("503 5.5.1 Say MAIL first") };
        if from.is_empty() {
            // What comes from nobody says that a mail could not be delivered; none of ours went out.
            return self.mistaken("550 5.7.1 No notices are taken here");
        }
        if self.recipients.len() >= RECIPIENTS {
            return say("452 4.5.3 Too many addresses for one mail");
        }
        match path(rest, "TO:") {
            Some((_, parameters)) if !parameters.trim().is_empty() => {
                self.mistaken("555 5.5.4 That is not known")
            }
            Some((to, _)) => match to.rsplit_once('@') {
                Some((local, domain)) if domain.eq_ignore_ascii_case(&self.domain) => {
                    Step::LookUp(local.to_ascii_lowercase())
                }
                _ => self.mistaken("550 5.7.1 Nothing is passed on from here"),
            },
            None => self.mistaken("501 5.5.4 That is no address"),
        }
    }

    fn data(&mut self) -> Step {
        if self.recipients.is_empty() {
            self.mistaken("503 5.5.1 Say for whom it is first")
        } else {
            Step::Take
        }
    }

    fn mistaken(&mut self, answer: &'static str) -> Step {
        self.mistakes += 1;
        if self.mistakes >= MISTAKES {
            return Step::Leave("421 4.7.0 Too many mistakes; come again later");
        }
        say(answer)
    }
}

fn say(answer: &str) -> Step {
    Step::Say(answer.to_owned())
}

/// What stands in angle brackets after a word, and what follows it.
fn path<'l>(rest: &'l str, word: &str) -> Option<(&'l str, &'l str)> {
    let start = rest.get(..word.len()).filter(|start| start.eq_ignore_ascii_case(word))?;
    let inside = rest[start.len()..].trim_start().strip_prefix('<')?;
    let (address, parameters) = inside.split_once('>')?;
    let plain = address.len() <= 254 && !address.contains([' ', '<', '"', '\\']);
    let parted = parameters.is_empty() || parameters.starts_with(' ');
    (plain && parted).then_some((address, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new("In.Example.org", 1_000)
    }

    fn code(step: &Step) -> &str {
        match step {
            Step::Say(answer) => &answer[..3],
            Step::Leave(answer) => &answer[..3],
            Step::LookUp(_) => "look",
            Step::Take => "take",
        }
    }

    fn codes(session: &mut Session, lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| code(&session.hear(line.as_bytes())).to_owned()).collect()
    }

    #[test]
    fn a_mail_is_brought_in_order() {
        let mut session = session();
        let said = codes(&mut session, &["EHLO a", "MAIL FROM:<a@b.c> SIZE=900 BODY=8BITMIME"]);
        assert_eq!(said, ["250", "250"]);
        assert_eq!(session.hear(b"rcpt to:<P-1@IN.example.ORG>"), Step::LookUp("p-1".into()));
        assert_eq!(code(&session.looked_up("p-1".into(), true)), "250");
        assert_eq!(session.recipients(), ["p-1"]);
        assert_eq!(session.hear(b"DATA"), Step::Take);
        session.begin_anew();
        assert_eq!(codes(&mut session, &["DATA", "NOOP", "QUIT"]), ["503", "250", "221"]);
    }

    #[test]
    fn nothing_is_taken_out_of_order_or_for_others() {
        let mut session = session();
        assert_eq!(
            codes(&mut session, &["MAIL FROM:<a@b.c>", "HELO a", "RCPT TO:<x@in.example.org>"]),
            ["503", "250", "503"]
        );
        assert_eq!(codes(&mut session, &["MAIL FROM:<a@b.c>", "MAIL FROM:<a@b.c>"]), ["250", "503"]);
        assert_eq!(
            codes(&mut session, &["RCPT TO:<x@elsewhere.example>", "RCPT TO:x@in.example.org"]),
            ["550", "501"]
        );
        assert_eq!(code(&session.looked_up("x".into(), false)), "550");
        assert_eq!(codes(&mut session, &["DATA"]), ["503"]);
    }

    #[test]
    fn what_is_too_long_is_said_before_it_is_sent() {
        let mut session = session();
        let said = codes(
            &mut session,
            &["EHLO a", "MAIL FROM:<a@b.c> SIZE=1001", "MAIL FROM:<a@b.c> SIZE=99999999999999999999"],
        );
        assert_eq!(said, ["250", "552", "501"]);
    }

    #[test]
    fn notices_of_failure_are_not_taken() {
        assert_eq!(
            codes(&mut session(), &["EHLO a", "MAIL FROM:<>", "RCPT TO:<p-1@in.example.org>"]),
            ["250", "250", "550"]
        );
    }

    #[test]
    fn whoever_guesses_or_talks_on_is_left() {
        let mut guessing = session();
        codes(&mut guessing, &["EHLO a", "MAIL FROM:<a@b.c>"]);
        let answers: Vec<_> =
            (0..10).map(|_| code(&guessing.looked_up("x".into(), false)).to_owned()).collect();
        assert_eq!((answers[8].as_str(), answers[9].as_str()), ("550", "421"));
        let mut talking = session();
        let last = (0..201).map(|_| talking.hear(b"NOOP")).last().unwrap();
        assert_eq!(code(&last), "421");
    }

    #[test]
    fn noise_is_a_mistake() {
        for line in [
            &b"\xff\xfe"[..],
            b"",
            b"GET / HTTP/1.1",
            b"MAIL FROM:<a\r@b>",
            b"EHLO",
            b"DATA now",
            b"STARTTLS",
        ] {
            let mut session = session();
            assert!(code(&session.hear(line)).starts_with('5'), "{line:?}");
        }
    }
}

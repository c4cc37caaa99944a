//! A real browser, asked by its own protocol over a pipe: for what only a browser does, such as showing what it was told
//! while no page is open.

use std::{
    io::{BufRead, BufReader, Write},
    path::PathBuf,
    process::{Child, ChildStdin, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tempfile::TempDir;

/// The variable that tells tests where a Chromium is; without it the usual names are looked for.
const VARIABLE: &str = "PERENNIAL_TEST_CHROMIUM";
/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A Chromium without a window, and the page that is open in it.
#[derive(Debug)]
pub struct Chromium {
    child: Child,
    asked: ChildStdin,
    said: Receiver<Value>,
    /// What was said meanwhile that nobody asked for.
    events: Vec<Value>,
    session: Option<String>,
    number: u64,
    _profile: TempDir,
}

impl Chromium {
    /// Opens one; `None`, loudly, where there is none.
    pub fn open() -> Option<Self> {
        let Some(program) = program() else {
            eprintln!("left out: there is no Chromium here, and {VARIABLE} is not set");
            return None;
        };
        let profile = tempfile::tempdir().unwrap();
        // Its pipes are at 3 and 4.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null"])
            .arg(program)
            .args([
                "--headless=new",
                "--remote-debugging-pipe",
                "--no-sandbox",
                "--disable-gpu",
                "--no-first-run",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (asked, answers) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (told, said) = channel();
        std::thread::spawn(move || {
            for message in BufReader::new(answers).split(0) {
                let Ok(message) = message else { break };
                if told.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
            }
        });
        let mut browser =
            Self { child, asked, said, events: Vec::new(), session: None, number: 0, _profile: profile };
        let target = browser.ask("Target.createTarget", &json!({ "url": "about:blank" }));
        let attached = json!({ "targetId": target["targetId"], "flatten": true });
        let session =
            browser.ask("Target.attachToTarget", &attached)["sessionId"].as_str().unwrap().to_owned();
        browser.session = Some(session);
        browser.ask("Page.enable", &json!({}));
        Some(browser)
    }

    /// Asks it something by its protocol.
    ///
    /// # Panics
    /// When it does not answer, or says that it cannot.
    pub fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.number += 1;
        let mut message = json!({ "id": self.number, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.asked.write_all(format!("{message}\0").as_bytes()).unwrap();
        self.asked.flush().unwrap();
        loop {
            let said = self.said.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: {error}"));
            if said["id"] == json!(self.number) {
                assert!(said["error"].is_null(), "{method}: {}", said["error"]);
                return said["result"].clone();
            }
            self.events.push(said);
        }
    }

    /// What it says of something that happened, as soon as `wanted` finds in it what it looks for.
    pub fn event<T>(&mut self, method: &str, wanted: impl Fn(&Value) -> Option<T>) -> T {
        let until = Instant::now() + PATIENCE;
        loop {
            let of = |event: &Value| (event["method"] == method).then(|| wanted(&event["params"])).flatten();
            if let Some(found) = self.events.iter().find_map(of) {
                return found;
            }
            let left = until.saturating_duration_since(Instant::now());
            let said = self.said.recv_timeout(left).unwrap_or_else(|error| panic!("{method}: {error}"));
            self.events.push(said);
        }
    }

    /// What a piece of script comes to on the page.
    pub fn script(&mut self, script: &str) -> Value {
        let parameters = json!({
            "expression": script, "awaitPromise": true, "returnByValue": true, "userGesture": true,
        });
        let result = self.ask("Runtime.evaluate", &parameters);
        assert!(result["exceptionDetails"].is_null(), "{script}: {}", result["exceptionDetails"]);
        result["result"]["value"].clone()
    }

    /// Looks at a page.
    pub fn visit(&mut self, url: &str) {
        self.events.retain(|event| event["method"] != "Page.loadEventFired");
        self.ask("Page.navigate", &json!({ "url": url }));
        self.loaded();
    }

    /// Waits until what was sent off has led to another page.
    pub fn loaded(&mut self) {
        self.event("Page.loadEventFired", |_| Some(()));
        self.events.retain(|event| event["method"] != "Page.loadEventFired");
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        return Some(named.into());
    }
    let folders = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&folders)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|program| program.is_file())
}

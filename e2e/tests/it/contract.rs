//! The API against its own document, by somebody else's program.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test that is left out says so where the runner shows it, and CI allows none"
)]

use std::{
    path::PathBuf,
    process::{Command, Stdio},
};

use e2e::Setup;

/// What it was last seen with.
const PROGRAM: &str = "schemathesis>=4.32,<5";
const CONFIGURATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/schemathesis.toml");

/// Where the program is, made once in the build folder; `None` where that cannot be.
fn schemathesis() -> Option<PathBuf> {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/schemathesis"));
    let program = folder.join("bin/schemathesis");
    let run = |command: &mut Command| {
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let ready = || run(Command::new(&program).arg("--version"));
    let made = ready()
        || (run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))
            && run(Command::new(folder.join("bin/python")).args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                PROGRAM,
            ]))
            && ready());
    if !made {
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "no Python 3 with venv, or no package index: the API cannot be held against its document"
        );
        eprintln!(
            "left out: no Python 3 with venv, or no package index, to hold the API against its document"
        );
    }
    made.then_some(program)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_api_does_is_what_its_document_says() {
    let Some(program) = tokio::task::spawn_blocking(schemathesis).await.unwrap() else { return };
    let mut setup = Setup::sqlite();
    for limit in ["LOG_IN", "SIGN_UP", "RESET", "MESSAGES"] {
        setup = setup.with(&format!("PERENNIAL_LIMITS_{limit}"), "off");
    }
    // Whoever asks as fast as it can is not to be told that others are there as well.
    let setup = setup.with("PERENNIAL_LOAD_IN_FLIGHT", "0");
    let app = setup.start().await;
    app.member("asha").await;
    let done = setup.run_on_data(&["user", "role", "asha@example.org", "administrator"]).await;
    assert!(done.success, "{}", done.errors);
    let asha = app.visitor().log_in("asha@example.org").await;
    let mut command = Command::new(program);
    command
        .current_dir(setup.beside())
        .args(["--config-file", CONFIGURATION, "run"])
        .arg(format!("{}/openapi.json", app.base()))
        .arg("--header")
        .arg(format!("Authorization: Bearer {}", asha.token()))
        .args(["--phases", "examples,coverage,fuzzing", "--checks", "all"])
        .args(["--generation-deterministic", "--max-examples", "10"])
        // One after the other: in some Pythons two threads that parse code at once fail for it (its "AST constructor
        // recursion depth mismatch"), and the same requests come in the same order each time.
        .args(["--continue-on-failure", "--no-color", "--request-timeout", "20", "--workers", "1"]);
    let ended = tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    // Before it is judged: what the server has to say of itself is not to stand behind what was found.
    app.finish().await;
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{}\n{said}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains("passed"), "{said}");
}

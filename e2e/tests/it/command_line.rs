//! The commands beside `serve`.

use e2e::{Client, Setup, on_both};
use serde_json::json;

use crate::monthly;

on_both! {
    async fn a_database_is_made_and_brought_up_to_date_without_serving(setup: Setup) {
        for _ in 0..2 {
            let migrated = setup.run_on_data(&["migrate"]).await;
            assert!(migrated.success, "{migrated:?}");
        }
        setup.start().await.finish().await;
    }

    async fn an_account_made_by_hand_can_log_in(setup: Setup) {
        let create = ["user", "create", "asha@example.org", "--name", "Asha", "--locale", "en-IN"];
        let made = setup.run_on_data_with(&create, &format!("{}\n", Client::PASSWORD)).await;
        assert!(made.success && made.output.starts_with("usr_"), "{made:?}");
        let again = setup.run_on_data_with(&create, "another long password\n").await;
        assert!(!again.success, "{again:?}");
        let app = setup.start().await;
        let asha = app.visitor().log_in("asha@example.org").await;
        let me = asha.get("/v1/me").await.expect(200).value();
        assert_eq!((&me["name"], &me["currency"]), (&json!("Asha"), &json!("INR")));
        asha.create(&monthly("Netflix")).await;
        app.finish().await;
    }

    async fn an_account_that_breaks_a_rule_is_not_made(setup: Setup) {
        for (email, password) in [("asha@example.org", "short\n"), ("asha@example.org", ""), ("nobody", "long enough\n")] {
            let refused = setup.run_on_data_with(&["user", "create", email], password).await;
            assert!(!refused.success && !refused.errors.contains("panicked"), "{refused:?}");
        }
        let app = setup.start().await;
        let body = json!({"email": "asha@example.org", "password": "short"});
        app.visitor().post("/v1/auth/login", &body).await.problem(401);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_command_that_nobody_reads_any_longer_ends_quietly() {
    let setup = Setup::sqlite();
    let commands: [&[&str]; 5] =
        [&["migrate"], &["dead-letters", "list"], &["tickets", "list"], &["check-config"], &["openapi"]];
    for command in commands {
        let ended = setup.run_unread(command).await;
        assert!(ended.success && ended.errors.is_empty(), "{command:?}: {ended:?}");
    }
}

#[tokio::test]
async fn a_folder_is_served_by_one_process_at_a_time() {
    let setup = Setup::sqlite();
    let app = setup.start().await;
    let refused = setup.run_on_data(&["serve", "--listen", "127.0.0.1:0"]).await;
    assert!(!refused.success && refused.errors.contains("another process"), "{refused:?}");
    app.finish().await;
    setup.start().await.finish().await;
}

#[tokio::test]
async fn every_mistake_in_the_settings_is_named_at_once() {
    let setup = Setup::sqlite()
        .with("PERENNIAL_HTTP_LISTEN", "nowhere")
        .with("PERENNIAL_LOG_FORMAT", "xml")
        .with("PERENNIAL_HTTP_BODY_LIMIT", "-1")
        .with("PERENNIAL_COLOUR", "red");
    for command in [&["check-config"][..], &["serve"]] {
        let refused = setup.run(command).await;
        assert!(!refused.success, "{refused:?}");
        let said = format!("{}{}", refused.output, refused.errors);
        for name in
            ["PERENNIAL_HTTP_LISTEN", "PERENNIAL_LOG_FORMAT", "PERENNIAL_HTTP_BODY_LIMIT", "PERENNIAL_COLOUR"]
        {
            assert!(said.contains(name), "{name} is not named by {command:?}: {said}");
        }
    }
}

#[tokio::test]
async fn the_settings_in_force_are_shown_and_secrets_are_not() {
    let setup = Setup::sqlite()
        .with("PERENNIAL_DATABASE_URL", "postgres://somebody:sesame@db.example.org/perennial")
        .with("PERENNIAL_HTTP_BODY_LIMIT", "2048");
    let shown = setup.run(&["check-config"]).await;
    assert!(shown.success, "{shown:?}");
    let said = format!("{}{}", shown.output, shown.errors);
    assert!(said.contains("2048") && said.contains("PERENNIAL_HTTP_BODY_LIMIT"), "{said}");
    assert!(!said.contains("sesame"), "{said}");
}

#[tokio::test]
async fn a_file_of_settings_is_read_and_the_environment_lies_over_it() {
    let setup = Setup::sqlite().with("PERENNIAL_HTTP_BODY_LIMIT", "2048");
    let file = setup.beside().join("perennial.toml");
    std::fs::write(&file, "[http]\nbody_limit = 4096\nrequest_timeout = \"7s\"\n").unwrap();
    let shown = setup.run(&["check-config", "--config", &file.display().to_string()]).await;
    assert!(shown.success, "{shown:?}");
    assert!(shown.output.contains("2048") && !shown.output.contains("4096"), "{}", shown.output);
    assert!(shown.output.contains("\"7s\""), "{}", shown.output);
}

#[tokio::test]
async fn the_body_limit_is_the_one_that_is_set() {
    let app = Setup::sqlite().with("PERENNIAL_HTTP_BODY_LIMIT", "2048").start().await;
    let asha = app.member("asha").await;
    asha.post("/v1/messages", &json!({"text": "x".repeat(3000)})).await.problem(413);
    app.finish().await;
}

#[tokio::test]
async fn a_word_it_does_not_know_is_refused() {
    for arguments in [&["dance"][..], &["serve", "--dance"], &["serve", "--clock", "yesterday"]] {
        let refused = Setup::sqlite().run(arguments).await;
        assert!(!refused.success && !refused.errors.contains("panicked"), "{arguments:?}: {refused:?}");
    }
}

//! Every provider's own answers: taken, a bad token, an unknown chat, too many, an outage, something else's page.

use super::*;

pub(crate) fn message() -> Message {
    Message {
        id: "dlv_0197f3c2a5b07c3e8d1f2a3b4c5d6e7f".into(),
        kind: "renewal_near",
        title: "Netflix & <b>@everyone</b> *x* renews in 3 days".into(),
        body: "₹499.00 will be charged on 5 Jun 2026.".into(),
        link: "https://perennial.example/subscriptions".into(),
        urgent: false,
        at: "2026-06-02T06:30:00Z".parse().unwrap(),
    }
}

/// A configuration with something right for every question.
pub(crate) fn config(kind: ChannelKind, server: &str) -> Config {
    let answer = |question: &Question| match (question.name, question.shape) {
        ("secret", _) => new_secret(&[7; 24]),
        ("template" | "device", _) => String::new(),
        (_, Shape::Address | Shape::SecretAddress) => server.to_owned(),
        (name, Shape::Text | Shape::Secret | Shape::Template) => format!("a {name}/.."),
    };
    adapter(kind).unwrap().questions().iter().map(|each| (each.name.to_owned(), answer(each))).collect()
}

fn reply(status: u16, headers: &[(&str, &str)], body: &str) -> Reply {
    Reply {
        status,
        headers: headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        body: body.as_bytes().to_vec(),
        at: "2026-06-02T06:30:00Z".parse().unwrap(),
    }
}

/// `accepted`, `later`, `later 35`, `refused` or `gone`.
fn meaning(kind: ChannelKind, status: u16, headers: &[(&str, &str)], body: &str) -> String {
    match adapter(kind).unwrap().read(&reply(status, headers, body)) {
        Outcome::Accepted(_) => "accepted".into(),
        Outcome::Later { after: None, .. } => "later".into(),
        Outcome::Later { after: Some(after), .. } => format!("later {}", after.as_secs()),
        Outcome::Refused(_) => "refused".into(),
        Outcome::Gone(_) => "gone".into(),
    }
}

#[test]
fn what_providers_answer_means_what_they_say_it_means() {
    use ChannelKind::*;
    let none: &[(&str, &str)] = &[];
    for (kind, status, headers, body, expected) in [
        (Ntfy, 200, none, r#"{"id":"sPs71M8A2T","time":1,"event":"message","topic":"x"}"#, "accepted"),
        (Ntfy, 401, none, r#"{"code":40101,"http":401,"error":"unauthorized"}"#, "gone"),
        (Ntfy, 403, none, r#"{"code":40301,"http":403,"error":"forbidden"}"#, "gone"),
        (Ntfy, 400, none, r#"{"code":40009,"http":400,"error":"invalid request: topic invalid"}"#, "gone"),
        (Ntfy, 429, none, r#"{"code":42901,"http":429,"error":"limit reached: too many requests"}"#, "later"),
        (
            Ntfy,
            429,
            none,
            r#"{"code":42908,"http":429,"error":"limit reached: daily message quota reached"}"#,
            "later 3600",
        ),
        (Telegram, 200, none, r#"{"ok":true,"result":{"message_id":42}}"#, "accepted"),
        (Telegram, 401, none, r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#, "gone"),
        (Telegram, 404, none, r#"{"ok":false,"error_code":404,"description":"Not Found"}"#, "gone"),
        (
            Telegram,
            400,
            none,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}"#,
            "gone",
        ),
        (
            Telegram,
            403,
            none,
            r#"{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}"#,
            "gone",
        ),
        (
            Telegram,
            400,
            none,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: message is too long"}"#,
            "refused",
        ),
        (
            Telegram,
            429,
            none,
            r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35","parameters":{"retry_after":35}}"#,
            "later 35",
        ),
        (Telegram, 200, none, "<html>captive portal</html>", "later"),
        (Discord, 200, none, r#"{"id":"1099"}"#, "accepted"),
        (Discord, 404, none, r#"{"message":"Unknown Webhook","code":10015}"#, "gone"),
        (Discord, 401, none, r#"{"message":"Invalid Webhook Token","code":50027}"#, "gone"),
        (Discord, 400, none, r#"{"embeds":["0"]}"#, "refused"),
        (
            Discord,
            429,
            &[("retry-after", "1")],
            r#"{"message":"You are being rate limited.","retry_after":64.57,"global":false}"#,
            "later 65",
        ),
        (Slack, 200, none, "ok", "accepted"),
        (Slack, 404, none, "no_service", "gone"),
        (Slack, 403, none, "invalid_token", "gone"),
        (Slack, 410, none, "channel_is_archived", "gone"),
        (Slack, 400, none, "invalid_payload", "refused"),
        (Slack, 429, &[("retry-after", "30")], "", "later 30"),
        (Mattermost, 200, none, "ok", "accepted"),
        (
            Mattermost,
            400,
            none,
            r#"{"id":"web.incoming_webhook.invalid.app_error","message":"Invalid webhook.","status_code":400}"#,
            "gone",
        ),
        (
            Mattermost,
            501,
            none,
            r#"{"id":"web.incoming_webhook.disabled.app_error","message":"Incoming webhooks have been disabled by the system admin."}"#,
            "gone",
        ),
        (Mattermost, 429, &[("retry-after", "2")], "limit exceeded", "later 2"),
        (Gotify, 200, none, r#"{"id":25,"appid":5,"message":"x"}"#, "accepted"),
        (
            Gotify,
            401,
            none,
            r#"{"error":"Unauthorized","errorCode":401,"errorDescription":"you need to provide a valid access token or user credentials to access this api"}"#,
            "gone",
        ),
        (Gotify, 200, none, "<html></html>", "later"),
        (Pushover, 200, none, r#"{"status":1,"request":"647d2300-702c-4b38-8b2f-d56326ae460b"}"#, "accepted"),
        (
            Pushover,
            400,
            none,
            r#"{"user":"invalid","errors":["user identifier is not a valid user, group, or subscribed user key"],"status":0}"#,
            "gone",
        ),
        (
            Pushover,
            400,
            none,
            r#"{"token":"invalid","errors":["application token is invalid"],"status":0}"#,
            "gone",
        ),
        (
            Pushover,
            400,
            none,
            r#"{"message":"cannot be blank","errors":["message cannot be blank"],"status":0}"#,
            "refused",
        ),
        (
            Pushover,
            429,
            &[("x-limit-app-reset", "1780385700")],
            r#"{"errors":["application has exceeded its monthly limit"],"status":0}"#,
            "later 3900",
        ),
        (Matrix, 200, none, r#"{"event_id":"$YUwRidLecu"}"#, "accepted"),
        (
            Matrix,
            401,
            none,
            r#"{"errcode":"M_UNKNOWN_TOKEN","error":"Invalid access token passed."}"#,
            "gone",
        ),
        (Matrix, 403, none, r#"{"errcode":"M_FORBIDDEN","error":"You are not joined to the room"}"#, "gone"),
        (
            Matrix,
            429,
            none,
            r#"{"errcode":"M_LIMIT_EXCEEDED","error":"Too many requests","retry_after_ms":2000}"#,
            "later 2",
        ),
        (Pushbullet, 200, none, r#"{"iden":"ujpah72o0sjAoRtnM0jc","active":true}"#, "accepted"),
        (
            Pushbullet,
            401,
            none,
            r#"{"error":{"code":"invalid_access_token","type":"invalid_request","message":"Access token is missing or invalid."}}"#,
            "gone",
        ),
        (Pushbullet, 429, &[("x-ratelimit-reset", "1780381860")], "{}", "later 60"),
        (Bark, 200, none, r#"{"code":200,"message":"success","timestamp":1}"#, "accepted"),
        (
            Bark,
            400,
            none,
            r#"{"code":400,"message":"failed to get device token: failed to get [x] device token from database"}"#,
            "gone",
        ),
        (PushPlus, 200, none, r#"{"code":200,"msg":"请求成功","data":"f5d2a7"}"#, "accepted"),
        (PushPlus, 200, none, r#"{"code":903,"msg":"无效的用户令牌","data":null}"#, "gone"),
        (PushPlus, 200, none, r#"{"code":900,"msg":"用户账号使用受限","data":null}"#, "later 21600"),
        (PushPlus, 200, none, r#"{"code":999,"msg":"服务器异常","data":null}"#, "later"),
        (PushPlus, 200, none, r#"{"code":600,"msg":"数据异常"}"#, "refused"),
        (ServerChan, 200, none, r#"{"code":0,"message":"","data":{"pushid":"1","errno":0}}"#, "accepted"),
        (ServerChan, 400, none, r#"{"code":40001,"message":"[AUTH]用户不存在或者权限不足"}"#, "gone"),
        (
            ServerChan,
            400,
            none,
            r#"{"code":40001,"message":"[AUTH]超过当天的发送次数限制[5]，请稍后再试"}"#,
            "later 21600",
        ),
        (Teams, 202, none, "", "accepted"),
        (Teams, 200, none, "1", "accepted"),
        (
            Teams,
            200,
            none,
            "Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429",
            "later",
        ),
        (
            Teams,
            400,
            none,
            r#"{"error":{"code":"WorkflowTriggerIsNotEnabled","message":"Could not execute workflow"}}"#,
            "gone",
        ),
        (
            Teams,
            401,
            none,
            r#"{"error":{"code":"DirectApiAuthorizationRequired","message":"The request must be authenticated"}}"#,
            "gone",
        ),
        (Teams, 429, &[("retry-after", "17")], "", "later 17"),
        (Webhook, 204, none, "", "accepted"),
        (Webhook, 410, none, "", "gone"),
        (Webhook, 404, none, "", "later"),
        (Webhook, 429, &[("retry-after", "Tue, 02 Jun 2026 06:32:00 GMT")], "", "later 120"),
        (Apprise, 200, none, r#"{"error":null}"#, "accepted"),
        (Apprise, 204, none, "", "gone"),
        (Apprise, 424, none, r#"{"error":"One or more notification could not be sent."}"#, "later"),
    ] {
        assert_eq!(meaning(kind, status, headers, body), expected, "{kind:?} {status} {body}");
    }
}

#[test]
fn an_outage_is_nobodys_last_word() {
    for kind in ChannelKind::ALL.iter().copied().filter(|kind| adapter(*kind).is_some()) {
        for status in [500, 502, 503, 504] {
            assert_eq!(meaning(kind, status, &[], "<html>Bad Gateway</html>"), "later", "{kind:?} {status}");
        }
        assert_eq!(meaning(kind, 429, &[("retry-after", "7")], "slow down"), "later 7", "{kind:?}");
    }
}

#[test]
fn what_is_sent_says_everything_and_keeps_its_shape() {
    for kind in ChannelKind::ALL.iter().copied().filter(|kind| adapter(*kind).is_some()) {
        let config = config(kind, "https://provider.example/hook");
        let mut invalid = Invalid::new();
        adapter(kind).unwrap().check(&config, &mut invalid);
        assert_eq!(invalid.errors(), [], "{kind:?}");
        let ask = adapter(kind).unwrap().ask(&config, &message()).unwrap();
        assert!(
            ask.url.starts_with("https://") && !ask.url.contains(' ') && !ask.url.contains("/../"),
            "{}",
            ask.url
        );
        let body: serde_json::Value = serde_json::from_slice(&ask.body).unwrap();
        let text = body.to_string();
        for part in ["Netflix", "₹499.00", "https://perennial.example/subscriptions"] {
            assert!(text.contains(part), "{kind:?}: {text}");
        }
        for (_, value) in &ask.headers {
            assert!(value.bytes().all(|byte| (32..127).contains(&byte)), "{kind:?}: {value}");
        }
    }
}

#[test]
fn seconds_are_read_as_servers_write_them() {
    for (text, expected) in
        [("35", Some(35)), ("0.65", Some(1)), ("2.0", Some(2)), ("x", None), ("-1", None), ("1.x", None)]
    {
        assert_eq!(seconds(text).map(|read| read.as_secs()), expected, "{text}");
    }
}

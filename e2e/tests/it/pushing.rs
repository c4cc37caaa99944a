//! A browser is told things: our script and our service worker in a real one, what we encrypt read with its keys. The push
//! service between them is stood in for, and so is the browser's asking it for an address: that would lead outside.
//!
//! It is left out where there is no Chromium.
#![expect(clippy::disallowed_methods, reason = "the push service of a test ends with the test")]

use std::sync::mpsc::{Receiver, channel};

use aes_gcm::{Aes128Gcm, Key, KeyInit, Nonce, aead::Aead};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use e2e::{Chromium, Client, Setup};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman, elliptic_curve::sec1::ToEncodedPoint};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// The half of a browser's key that it keeps to itself, and the secret it shares.
struct Keys {
    own: SecretKey,
    secret: [u8; 16],
}

impl Keys {
    fn point(&self) -> Vec<u8> {
        self.own.public_key().to_encoded_point(false).as_bytes().to_vec()
    }

    /// RFC 8291, from the browser's side.
    fn read(&self, body: &[u8]) -> String {
        let (salt, theirs, sealed) = (&body[..16], &body[21..86], &body[86..]);
        let sender = PublicKey::from_sec1_bytes(theirs).unwrap();
        let shared = diffie_hellman(self.own.to_nonzero_scalar(), sender.as_affine());
        let derive = |salt: &[u8], keying: &[u8], known: &[u8], length: usize| {
            let mut derived = vec![0; length];
            Hkdf::<Sha256>::new(Some(salt), keying).expand(known, &mut derived).unwrap();
            derived
        };
        let known = [b"WebPush: info\0".as_slice(), &self.point(), theirs].concat();
        let keying = derive(&self.secret, shared.raw_secret_bytes(), &known, 32);
        let key = derive(salt, &keying, b"Content-Encoding: aes128gcm\0", 16);
        let nonce = derive(salt, &keying, b"Content-Encoding: nonce\0", 12);
        let cipher = Aes128Gcm::new(Key::<Aes128Gcm>::from_slice(&key));
        let plain = cipher.decrypt(Nonce::from_slice(&nonce), sealed).unwrap();
        String::from_utf8(plain.strip_suffix(&[2]).unwrap().to_vec()).unwrap()
    }
}

/// A push service: takes whatever comes, and hands the bodies on.
async fn service() -> (String, Receiver<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (told, bodies) = channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            let body = loop {
                if stream.read_buf(&mut request).await.unwrap() == 0 {
                    break Vec::new();
                }
                if let Some(body) = whole(&request) {
                    break body;
                }
            };
            let _ = told.send(body);
            let _ = stream
                .write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                .await;
        }
    });
    (address, bodies)
}

/// The body of a request, once all of it is there.
fn whole(request: &[u8]) -> Option<Vec<u8>> {
    let end = request.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
    let length: usize = head.split("content-length: ").nth(1)?.split("\r\n").next()?.parse().ok()?;
    (request.len() >= end + length).then(|| request[end..].to_vec())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_is_added_by_its_page_and_shows_what_it_is_told() {
    let Some(mut browser) = Chromium::open() else { return };
    let setup = Setup::sqlite().with("PERENNIAL_NOTIFICATIONS_PRIVATE_ADDRESSES", "true");
    let app = setup.start().await;
    let asha = app.member("asha").await;
    let (address, bodies) = service().await;
    let keys = Keys { own: SecretKey::from_slice(&[7; 32]).unwrap(), secret: [7; 16] };
    let base = app.base().to_owned();
    let offered = asha.get("/v1/channel-kinds").await.expect(200).value();
    let kinds = offered["data"].as_array().unwrap();
    let ours =
        kinds.iter().find(|kind| kind["kind"] == "web_push").unwrap()["application_server_key"].clone();

    let (point, secret) = (URL_SAFE_NO_PAD.encode(keys.point()), URL_SAFE_NO_PAD.encode(keys.secret));
    let shown = tokio::task::spawn_blocking(move || {
        let permissions = json!({ "origin": base, "permissions": ["notifications"] });
        browser.ask("Browser.grantPermissions", &permissions);
        browser.visit(&format!("{base}/login"));
        browser.script(&format!(
            "document.querySelector('input[type=email]').value = 'asha@example.org';
             document.querySelector('input[type=password]').value = '{}';
             document.querySelector('input[type=password]').form.requestSubmit();",
            Client::PASSWORD
        ));
        browser.loaded();
        browser.visit(&format!("{base}/notifications/channels/new?kind=web_push"));
        // What would lead outside.
        browser.script(&format!(
            "const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer;
             PushManager.prototype.subscribe = async ({{ applicationServerKey }}) => {{
               const key = btoa(String.fromCharCode(...applicationServerKey)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
               if (key !== {ours}) throw new Error(key);
               return {{ endpoint: '{address}/push/1', getKey: (name) => bytes({{ p256dh: '{point}', auth: '{secret}' }}[name]) }};
             }};
             document.querySelector('form[data-push-key]').requestSubmit();"
        ));
        browser.loaded();
        let there = browser.script("location.pathname");
        assert!(there.as_str().unwrap().starts_with("/notifications/deliveries/"), "{there}");
        let body = bodies.recv_timeout(std::time::Duration::from_secs(20)).unwrap();
        let told = keys.read(&body);
        browser.ask("ServiceWorker.enable", &json!({}));
        let registration = browser.event("ServiceWorker.workerRegistrationUpdated", |said| {
            said["registrations"].as_array()?.first()?["registrationId"].as_str().map(str::to_owned)
        });
        let push = json!({ "origin": base, "registrationId": registration, "data": told });
        let mut shown = json!([]);
        for _ in 0..50 {
            // A worker that is still starting hears nothing; what comes again takes the place of the first.
            browser.ask("ServiceWorker.deliverPushMessage", &push);
            shown = browser.script(
                "navigator.serviceWorker.ready.then((worker) => worker.getNotifications())
                     .then((all) => all.map((one) => [one.title, one.body, one.data.link]))",
            );
            if shown != json!([]) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
        (shown, serde_json::from_str::<Value>(&told).unwrap())
    });
    let (shown, told) = shown.await.unwrap();
    assert_eq!(shown, json!([[told["title"], told["body"], told["link"]]]));
    let channels = asha.get("/v1/channels").await.expect(200).value();
    assert_eq!(channels["data"][0]["state"], "on", "{channels}");
    app.finish().await;
}

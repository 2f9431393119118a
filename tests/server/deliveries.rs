//! A delivery that nobody takes is listed, counted, and sent again when somebody asks.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use crate::served::{ACME, PATIENCE, Served, file, write_private};

#[test]
fn a_dead_delivery_is_sent_again() {
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", receiver.local_addr().unwrap());
    std::thread::spawn(move || {
        for mut stream in receiver.incoming().flatten() {
            let _ = stream.read(&mut [0; 16 << 10]);
            let _ = stream.write_all(b"HTTP/1.1 410 Gone\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let webhooks = folder.path().join("webhooks.yaml");
    write_private(&folder.path().join("crm.secret"), "a secret of some length for tests\n");
    let text = format!("webhooks:\n  - name: crm\n    url: {url}\n    secret_file: crm.secret\n    private: true\n");
    write_private(&webhooks, &text);
    let webhooks = webhooks.to_str().unwrap().to_owned();
    let served = Served::start(&file(ACME), folder, &["--webhooks", &webhooks]);
    let event = r#"{"lead": "L1", "event": "record", "lead_source": "web", "consent": true}"#;
    assert_eq!(served.post("/v1/events", "application/json", event).status, 200);
    let dead = || {
        let began = Instant::now();
        loop {
            let items = served.get("/v1/outbox").json()["items"].clone();
            if let Some(item) = items.as_array().unwrap().iter().find(|item| item["attempts"] == 1) {
                return item.clone();
            }
            assert!(began.elapsed() < PATIENCE, "{items}\n{}", served.log());
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let delivery = dead();
    assert_eq!((&delivery["target"], &delivery["state"]), (&"crm".into(), &"dead".into()));
    let resend = format!("/v1/outbox/{}/resend", delivery["id"].as_str().unwrap());
    let again = served.post(&resend, "application/json", "");
    assert_eq!((again.status, &*again.body), (202, ""));
    let figures = served.get("/metrics").body;
    assert!(!figures.contains("leadpact_deliveries_total{outcome=\"refused\"} 0"), "{figures}");
    let log = served.log();
    assert!(log.contains("a delivery is dead") && !log.contains("\"L1\""), "{log}");
}

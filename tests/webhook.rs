//! What goes out, to a receiver on this machine.

#![cfg(feature = "serve")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use leadpact::internals::webhook::{CONTENT_TYPE, EffectTopic, Received, Secret, Sender, Sent, Target, load, verify};

const SECRETS: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\nthe old secret, which is plain text\n";
const BODY: &[u8] = br#"{"specversion":"1.0"}"#;

/// A request as it came in.
struct Request {
    head: Vec<String>,
    body: Vec<u8>,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let named = |line: &&String| line.split_once(':').is_some_and(|(is, _)| is.eq_ignore_ascii_case(name));
        self.head.iter().find(named).and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }
}

/// A receiver that gives every connection this answer: its port, and what comes in. An empty answer is none.
fn receiver(answer: &'static str) -> (u16, Receiver<Option<Request>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, requests) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = sender.send(request(&stream));
            if answer.is_empty() {
                // longer than any attempt takes
                std::thread::sleep(Duration::from_secs(30));
            }
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, requests)
}

fn request(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        // what is no text is no HTTP
        reader.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        head.push(line.to_owned());
    }
    let mut request = Request { head, body: Vec::new() };
    let length = request.header("content-length").parse().ok()?;
    request.body = vec![0; length];
    reader.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn folder(webhooks: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    secret(folder.path(), "webhooks.yaml", webhooks);
    secret(folder.path(), "crm.secret", SECRETS);
    folder
}

fn secret(folder: &Path, name: &str, text: &str) {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

fn target(url: &str, rest: &str) -> Target {
    let folder = folder(&format!("webhooks:\n- {{name: crm, url: \"{url}\", secret_file: crm.secret, {rest}}}\n"));
    let loaded = load(&folder.path().join("webhooks.yaml"));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    loaded.targets.unwrap().remove(0)
}

fn send(target: &Target) -> Sent {
    Sender::new().send(target, "L-1:7", "2026-03-02T06:00:00Z".parse().unwrap(), BODY)
}

fn again(sent: &Sent) -> (&str, Option<Duration>) {
    match sent {
        Sent::Again { why, after } => (why, *after),
        other => panic!("{other:?}"),
    }
}

fn refused(sent: &Sent) -> &str {
    match sent {
        Sent::Refused { why } => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_message_comes_in_as_it_was_signed() {
    let (port, requests) = receiver("HTTP/1.1 204 No Content\r\n\r\n");
    let target = target(&format!("http://127.0.0.1:{port}/hooks?key=abc"), "private: true");
    assert_eq!(send(&target), Sent::Accepted);
    let request = requests.recv().unwrap().unwrap();
    assert_eq!(request.head[0], "POST /hooks?key=abc HTTP/1.1");
    assert_eq!(request.header("content-type"), CONTENT_TYPE);
    assert_eq!(request.body, BODY);
    let headers = Received {
        id: request.header("webhook-id"),
        timestamp: request.header("webhook-timestamp"),
        signature: request.header("webhook-signature"),
    };
    assert_eq!((headers.id, headers.timestamp), ("L-1:7", "1772431200"));
    let now = "2026-03-02T06:00:01Z".parse().unwrap();
    for line in SECRETS.lines() {
        assert_eq!(verify(&[Secret::parse(line).unwrap()], headers, &request.body, now), Ok(()), "{line}");
    }
}

#[test]
fn one_sender_serves_many_messages() {
    let (port, requests) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok");
    let target = target(&format!("http://127.0.0.1:{port}/"), "private: true");
    let sender = Sender::new();
    for n in 0..5 {
        let id = format!("L-{n}");
        assert_eq!(sender.send(&target, &id, "2026-03-02T06:00:00Z".parse().unwrap(), BODY), Sent::Accepted);
        assert_eq!(requests.recv().unwrap().unwrap().header("webhook-id"), id);
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let (elsewhere, requests) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let answer =
        format!("HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1:{elsewhere}/\r\ncontent-length: 0\r\n\r\n");
    let (port, _first) = receiver(answer.leak());
    let sent = send(&target(&format!("http://127.0.0.1:{port}/"), "private: true"));
    assert!(refused(&sent).contains("307"), "{sent:?}");
    assert!(requests.try_recv().is_err());
}

#[test]
fn a_receiver_that_is_busy_says_for_how_long() {
    let (port, _requests) = receiver("HTTP/1.1 503 Busy\r\nretry-after: 120\r\ncontent-length: 4\r\n\r\nAda!");
    let sent = send(&target(&format!("http://127.0.0.1:{port}/"), "private: true"));
    assert_eq!(again(&sent), ("it answered 503 Service Unavailable", Some(Duration::from_secs(120))));
}

#[test]
fn a_receiver_that_says_nothing_is_not_waited_for() {
    let (port, requests) = receiver("");
    let began = Instant::now();
    let sent = send(&target(&format!("http://127.0.0.1:{port}/"), "private: true, timeout: 300ms"));
    assert_eq!(again(&sent), ("no answer within 300ms", None));
    assert!(began.elapsed() < Duration::from_secs(20));
    assert!(requests.recv().unwrap().is_some());
}

#[test]
fn an_answer_that_never_ends_is_not_read_to_its_end() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        request(&stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n").unwrap();
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    assert_eq!(send(&target(&format!("http://127.0.0.1:{port}/"), "private: true")), Sent::Accepted);
}

#[test]
fn ones_own_network_is_not_reached_unasked() {
    let (port, requests) = receiver("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    let mut hosts = vec!["localhost"];
    if cfg!(unix) {
        // other spellings of 127.0.0.1, which only the resolver sees through
        hosts.extend(["127.1", "2130706433", "0x7f000001"]);
    }
    for host in hosts {
        let sent = send(&target(&format!("https://{host}:{port}/hooks?key=abc"), ""));
        let why = refused(&sent);
        assert!(why.contains("a loopback address; that needs `private: true`"), "{host}: {why}");
        assert!(!why.contains("abc"), "{why}");
    }
    assert!(requests.try_recv().is_err(), "no connection came in");
}

#[test]
fn metadata_of_a_cloud_is_never_asked_for() {
    if cfg!(unix) {
        // another spelling of 169.254.169.254, which no file shows
        let sent = send(&target("http://2852039166/latest/meta-data", "private: true"));
        assert!(refused(&sent).contains("no message is sent there"), "{sent:?}");
    }
}

#[test]
fn what_speaks_no_tls_may_do_so_later() {
    let (port, requests) = receiver("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
    let sent = send(&target(&format!("https://127.0.0.1:{port}/"), "private: true"));
    assert!(again(&sent).0.contains("TLS"), "{sent:?}");
    assert!(requests.recv().unwrap().is_none(), "what came in is no HTTP in clear");
}

#[test]
fn where_nobody_listens_somebody_may_later() {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let sent = send(&target(&format!("http://127.0.0.1:{port}/"), "private: true"));
    assert_eq!(again(&sent), ("the connection failed: connection refused", None));
}

#[test]
fn an_id_that_could_forge_is_not_signed() {
    let target = target("http://127.0.0.1:9/", "private: true");
    for id in ["", "a.1772431200", "a b", "a\r\nx: y", "ลีด"] {
        let sent = Sender::new().send(&target, id, "2026-03-02T06:00:00Z".parse().unwrap(), BODY);
        assert!(refused(&sent).starts_with("its id"), "{id}");
    }
}

#[test]
fn a_file_says_who_receives_what() {
    let folder = folder(
        "webhooks:
- name: crm
  url: https://crm.example.com/hooks
  secret_file: crm.secret
  effects: [move, breach]
- name: lake
  url: http://lake:8080/
  secret_file: crm.secret
  private: true
  timeout: 1m
",
    );
    let loaded = load(&folder.path().join("webhooks.yaml"));
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    let [crm, lake] = <[Target; 2]>::try_from(loaded.targets.unwrap()).unwrap();
    assert_eq!((&*crm.name, crm.host(), crm.private), ("crm", "crm.example.com", false));
    assert_eq!(crm.timeout, Duration::from_secs(10));
    assert!(crm.wants(EffectTopic::Breach) && crm.wants(EffectTopic::Move) && !crm.wants(EffectTopic::Alert));
    assert_eq!((lake.host(), lake.private, lake.timeout), ("lake", true, Duration::from_secs(60)));
    assert!(EffectTopic::ALL.into_iter().all(|effect| lake.wants(effect)));
    let shown = format!("{crm:?}");
    assert!(!shown.contains("hooks") && !shown.contains("MfKQ9"), "{shown}");
}

#[test]
fn every_finding_comes_at_once() {
    let folder = folder(
        "
webhooks:
- {name: a, url: 'http://a.example/', secret_file: crm.secret}
- {name: a, url: 'https://me:pass@a.example/', secret_file: crm.secret, effekts: [move]}
- {url: 'https://b.example/', secret_file: none.secret, private: maybe, timeout: 10}
- {name: c, url: 'not a url', secret_file: bad.secret, effects: [moves, notify], timeout: 2h}
- {name: d, url: 'https://[::1]/', secret_file: empty.secret, effects: []}
- just text
targets: []
",
    );
    secret(folder.path(), "bad.secret", "short\nwhsec_!\n");
    secret(folder.path(), "empty.secret", "\n");
    let loaded = load(&folder.path().join("webhooks.yaml"));
    assert!(loaded.targets.is_none());
    let place = format!("{}/", folder.path().display());
    let findings: Vec<_> = loaded.findings.iter().map(|finding| finding.to_string().replace(&place, "")).collect();
    insta::assert_snapshot!(findings.join("\n"));
}

#[test]
fn a_port_that_there_is_not_is_a_finding() {
    for (place, good) in [
        ("a.example:65536", false),
        ("a.example:99999999999", false),
        ("a.example:0", false),
        ("[2606:4700::1]:65536", false),
        ("a.example:65535", true),
        ("a.example", true),
        ("[2606:4700::1]", true),
        ("[2606:4700::1]:8443", true),
    ] {
        let folder = folder(&format!("webhooks:\n- {{name: a, url: 'https://{place}/', secret_file: crm.secret}}\n"));
        let loaded = load(&folder.path().join("webhooks.yaml"));
        let said: Vec<String> = loaded.findings.iter().map(ToString::to_string).collect();
        assert_eq!(
            said.iter().any(|said| said.contains("its url has no port that there is")),
            !good,
            "{place}: {said:?}"
        );
        assert_eq!(loaded.targets.is_some(), good, "{place}: {said:?}");
    }
}

#[test]
fn a_file_that_is_none_is_said() {
    for (text, says) in [("webhooks: [", "not YAML"), ("- a", "no list of webhooks"), ("", "no list of webhooks")] {
        let loaded = load(&folder(text).path().join("webhooks.yaml"));
        assert!(loaded.targets.is_none() && loaded.findings[0].message.contains(says), "{:?}", loaded.findings);
    }
    let loaded = load(Path::new("/nowhere/webhooks.yaml"));
    assert!(loaded.findings[0].message.starts_with("it cannot be read"), "{:?}", loaded.findings);
}

#[cfg(unix)]
#[test]
fn what_others_can_read_or_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    for name in ["webhooks.yaml", "crm.secret"] {
        for mode in [0o644, 0o602, 0o620] {
            let folder = folder("webhooks: [{name: crm, url: 'https://crm.example.com/', secret_file: crm.secret}]");
            std::fs::set_permissions(folder.path().join(name), std::fs::Permissions::from_mode(mode)).unwrap();
            let loaded = load(&folder.path().join("webhooks.yaml"));
            assert!(loaded.targets.is_none(), "{name} {mode:o}");
            let message = &loaded.findings[0].message;
            assert!(message.contains("others can read or write it: take the right from them"), "{message}");
        }
    }
}

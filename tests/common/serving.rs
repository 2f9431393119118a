//! The service as people run it: the program as a process of its own, clients over sockets, and a receiver that fails.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use leadpact::internals::webhook::{Received, Secret, verify};
use serde_json::Value as Json;

const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A number from the environment, for longer runs than are made every day.
pub fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// The program; `LEADPACT_BINARY` names another build of it.
pub fn program() -> PathBuf {
    std::env::var_os("LEADPACT_BINARY").map_or_else(|| env!("CARGO_BIN_EXE_leadpact").into(), PathBuf::from)
}

/// Chance that is the same in every run of a seed.
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound.max(1)
    }
}

/// Waits until something holds.
pub fn until(what: &str, patience: Duration, mut holds: impl FnMut() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < patience, "{what}: not within {patience:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A service that runs. It is killed when it is dropped.
pub struct Serving {
    child: Child,
    /// Where it is.
    pub url: String,
}

impl Serving {
    /// Runs the service with rules in a folder, and waits until it listens.
    pub fn start(rules: &Path, store: &str, webhooks: Option<&Path>) -> Self {
        let mut command = Command::new(program());
        command.arg("serve").arg(rules).args(["--listen", "127.0.0.1:0", "--store", store]);
        if let Some(webhooks) = webhooks {
            command.arg("--webhooks").arg(webhooks);
        }
        let log = std::env::var("LEADPACT_LOG").unwrap_or_else(|_| "off".to_owned());
        let mut child =
            command.env("LEADPACT_LOG", log).stdout(Stdio::piped()).spawn().expect("the program can be started");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output is taken");
        BufReader::new(stdout).read_line(&mut line).expect("it says where it listens");
        let url = line.split_once("http://").map(|(_, address)| format!("http://{}", address.trim()));
        Self { child, url: url.unwrap_or_else(|| panic!("it says `{line}`")) }
    }

    /// As when the power goes.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// As an operator stops it; whether it ended well.
    pub fn stop(&mut self) -> bool {
        let sent = Command::new("kill").arg(self.child.id().to_string()).status();
        assert!(sent.expect("a signal can be sent").success());
        self.child.wait().expect("it ends").success()
    }

    /// How much memory it holds, in KiB; none where the system does not say.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // it may have ended already
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Someone who asks over HTTP.
pub struct Client(ureq::Agent);

impl Client {
    pub fn new() -> Self {
        let config = ureq::Agent::config_builder().http_status_as_error(false);
        Self(config.timeout_global(Some(Duration::from_secs(40))).build().into())
    }

    /// Posts; the status, and the body as JSON where it is that. None where the connection breaks.
    pub fn post(&self, url: &str, body: &str, key: Option<&str>) -> Option<(u16, Json)> {
        let mut request = self.0.post(url).header("content-type", "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let mut answer = request.send(body).ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), serde_json::from_str(&text).unwrap_or_default()))
    }

    /// What is at a path that must be there.
    pub fn get(&self, url: &str) -> Json {
        let mut answer = self.0.get(url).call().unwrap_or_else(|error| panic!("{url}: {error}"));
        let text = answer.body_mut().read_to_string().expect("its body comes whole");
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{url}: {error}: {text}"))
    }
}

/// What came in under one id.
pub struct Message {
    pub body: String,
    /// How often it came.
    pub times: u64,
    /// When it first came.
    pub first: SystemTime,
}

/// A receiver of webhooks that sometimes says it is busy, hangs up before it has taken a message, or after; each once for
/// the messages that it does this to.
#[derive(Clone)]
pub struct Hooks {
    port: u16,
    seen: Arc<Mutex<BTreeMap<String, Message>>>,
    failed: Arc<Mutex<BTreeSet<String>>>,
    /// What must not be, and was.
    wrong: Arc<Mutex<Vec<String>>>,
}

/// How a receiver treats a message.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Busy,
    Gone,
    GoneAfterwards,
    Well,
}

impl Hooks {
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let hooks = Self { port, seen: Arc::default(), failed: Arc::default(), wrong: Arc::default() };
        let all = hooks.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let one = all.clone();
                std::thread::spawn(move || one.answer(&stream));
            }
        });
        hooks
    }

    /// Writes the operator's file that names it.
    pub fn file(&self, folder: &Path) -> PathBuf {
        let file = folder.join("webhooks.yaml");
        let text = format!(
            "webhooks:\n- name: crm\n  url: http://127.0.0.1:{}/\n  secret_file: crm.secret\n  private: true\n  \
             timeout: 1s\n",
            self.port
        );
        std::fs::write(&file, text).expect("it can be written");
        let secret = folder.join("crm.secret");
        std::fs::write(&secret, SECRET).expect("it can be written");
        for file in [&file, &secret] {
            let mine = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(file, mine).expect("it can be kept to oneself");
        }
        file
    }

    /// What came in, by id.
    pub fn seen(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Message>> {
        self.seen.lock().expect("no one panicked")
    }

    /// What must not be, and was.
    pub fn wrong(&self) -> Vec<String> {
        self.wrong.lock().expect("no one panicked").clone()
    }

    /// Answers on a connection until it ends, or the mood is bad.
    fn answer(&self, stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut writer = stream;
        loop {
            let (headers, body) = request(&mut reader)?;
            let header = |name: &str| headers.get(name).map_or("", |value| value);
            let (id, timestamp, signature) =
                (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
            let secret = [Secret::parse(SECRET).expect("a secret")];
            let now = SystemTime::now().into();
            if let Err(error) = verify(&secret, Received { id, timestamp, signature }, body.as_bytes(), now) {
                self.wrong.lock().ok()?.push(format!("{id}: {error}"));
            }
            let mood = self.mood(id);
            if mood == Mood::Well || mood == Mood::GoneAfterwards {
                self.take(id, body);
            }
            match mood {
                Mood::Busy => writer.write_all(b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n").ok()?,
                Mood::Gone | Mood::GoneAfterwards => return None,
                Mood::Well => writer.write_all(b"HTTP/1.1 204 Taken\r\n\r\n").ok()?,
            }
        }
    }

    /// By the id, so that it is the same in every run; and well the second time.
    fn mood(&self, id: &str) -> Mood {
        let mood = match id.as_bytes().last() {
            Some(b'0') => Mood::Busy,
            Some(b'1') => Mood::Gone,
            Some(b'2') => Mood::GoneAfterwards,
            _ => Mood::Well,
        };
        let first = mood != Mood::Well && self.failed.lock().expect("no one panicked").insert(id.to_owned());
        if first { mood } else { Mood::Well }
    }

    fn take(&self, id: &str, body: String) {
        let mut seen = self.seen();
        match seen.get_mut(id) {
            Some(message) if message.body == body => message.times += 1,
            Some(_) => self.wrong.lock().expect("no one panicked").push(format!("{id} came with another body")),
            None => {
                seen.insert(id.to_owned(), Message { body, times: 1, first: SystemTime::now() });
            }
        }
    }
}

/// A request as it came in: its headers by name, and its body.
fn request(reader: &mut impl std::io::BufRead) -> Option<(BTreeMap<String, String>, String)> {
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim_end().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    Some((headers, String::from_utf8(body).ok()?))
}

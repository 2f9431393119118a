//! A service of a test's own, and a client that shows every byte.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long anything may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The worked example.
pub const ACME: &str = "rules/acme";

/// The built program.
const PROGRAM: &str = env!("CARGO_BIN_EXE_leadpact");

/// A file of the project.
pub fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

pub fn text(name: &str) -> String {
    std::fs::read_to_string(file(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Writes a file that nobody else can read.
pub fn write_private(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap();
    let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(file, own).unwrap();
}

/// `leadpact serve`, stopped when it is dropped.
pub struct Served {
    child: Child,
    address: String,
    folder: TempDir,
}

impl Served {
    /// Serves the worked example, where everyone may do everything.
    pub fn open(arguments: &[&str]) -> Self {
        Self::start(&file(ACME), tempfile::tempdir().unwrap(), arguments)
    }

    /// Serves the worked example with a token for each role, and one for all.
    pub fn guarded(arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tokens = folder.path().join("tokens.yaml");
        write_private(&tokens, &tokens_of(&["read", "decide", "write", "admin", "read, decide, write, admin"]));
        let arguments = [arguments, &["--tokens", tokens.to_str().unwrap()]].concat();
        Self::start(&file(ACME), folder, &arguments)
    }

    pub fn start(rules: &Path, folder: TempDir, arguments: &[&str]) -> Self {
        Self::started(rules, folder, arguments).once_ready()
    }

    /// One that a write beyond the size that a file may have does not kill: it is refused, as by a full disk.
    pub fn patient_with_full_disks(rules: &Path, folder: TempDir) -> Self {
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]);
        Self::spawned(command, rules, folder, &[]).once_ready()
    }

    /// Another one with the same store, once this one has stopped.
    pub fn started_anew(mut self) -> Self {
        self.terminate();
        assert!(self.stopped_well(), "{}", self.log());
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::start(&file(ACME), folder, &[])
    }

    fn once_ready(self) -> Self {
        let mut served = self;
        let mut line = String::new();
        BufReader::new(served.child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains(&served.url()), "{line}{}", served.log());
        served
    }

    /// One that listens, and may not be ready yet.
    pub fn started(rules: &Path, folder: TempDir, arguments: &[&str]) -> Self {
        Self::spawned(Command::new(PROGRAM), rules, folder, arguments)
    }

    fn spawned(mut command: Command, rules: &Path, folder: TempDir, arguments: &[&str]) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let child = command
            .arg("serve")
            .arg(rules)
            .args(["--listen", "127.0.0.1:0", "--store"])
            .arg(folder.path().join("leads.db"))
            .args(arguments)
            .env_remove("LEADPACT_LOG")
            .env_remove("LEADPACT_LOG_FORMAT")
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the program starts");
        let mut served = Self { child, address: String::new(), folder };
        let began = Instant::now();
        while served.address.is_empty() {
            assert!(began.elapsed() < PATIENCE && served.child.try_wait().unwrap().is_none(), "{}", served.log());
            std::thread::sleep(Duration::from_millis(5));
            let log = served.log();
            let address = log.split_once("\"address\":\"").and_then(|(_, rest)| rest.split_once('"'));
            served.address = address.map(|(address, _)| address.to_owned()).unwrap_or_default();
        }
        served
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What it has written to its log.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The most memory that it held, in kilobytes; none where the system does not say.
    pub fn most_memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.split_whitespace().next()?.parse().ok()
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Whether it still takes connections.
    pub fn listens(&self) -> bool {
        TcpStream::connect(&self.address).is_ok()
    }

    /// Sends a request such as `GET /v1/status`, and reads the answer.
    pub fn ask(&self, what: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut stream = self.connect();
        // an answer may come before the whole body is read
        let _ = stream.write_all((head(what, headers, body.len()) + body).as_bytes());
        Answer::read(stream)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask(&format!("GET {path}"), &[], "")
    }

    pub fn post(&self, path: &str, kind: &str, body: &str) -> Answer {
        self.ask(&format!("POST {path}"), &[("content-type", kind)], body)
    }

    /// Submits the worked example's events.
    pub fn fed(self, token: &str) -> Self {
        let headers = [("content-type", "application/x-ndjson"), ("authorization", token)];
        let answer = self.ask("POST /v1/events", &headers, &text("rules/acme/events.ndjson"));
        assert_eq!(answer.status, 200, "{}", answer.body);
        self
    }

    /// Asks it to stop, as a system does.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: &str) {
        let killed = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(killed.expect("kill runs").success());
    }

    /// Whether it stopped by itself, and well.
    pub fn stopped_well(&mut self) -> bool {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.success();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something holds.
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let began = Instant::now();
    while !holds() {
        assert!(began.elapsed() < PATIENCE, "{what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The head of a request.
pub fn head(what: &str, headers: &[(&str, &str)], length: usize) -> String {
    let mut head = format!("{what} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n");
    for (name, value) in headers {
        write!(head, "{name}: {value}\r\n").unwrap();
    }
    if length > 0 || what.starts_with("POST") {
        write!(head, "content-length: {length}\r\n").unwrap();
    }
    head + "\r\n"
}

/// The token that has these roles, as in the tokens file.
pub fn bearer(roles: &str) -> String {
    format!("Bearer {}", token(roles))
}

/// What the token that has these roles is called.
fn name(roles: &str) -> String {
    roles.chars().filter(char::is_ascii_alphabetic).collect()
}

fn token(roles: &str) -> String {
    let name = name(roles);
    name.repeat(24 / name.len() + 1)
}

pub fn tokens_of(all: &[&str]) -> String {
    let entry =
        |roles: &&str| format!("  - name: {}\n    token: {}\n    roles: [{roles}]\n", name(roles), token(roles));
    format!("tokens:\n{}", all.iter().map(entry).collect::<String>())
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    /// Reads to the end of the connection.
    pub fn read(stream: TcpStream) -> Self {
        let mut bytes = Vec::new();
        // what is cut off shows in what is looked at
        let _ = BufReader::new(stream).read_to_end(&mut bytes);
        Self::of(&bytes)
    }

    pub fn of(bytes: &[u8]) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("an answer has a head");
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|status| status.parse().ok());
        let headers = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_owned(), v.to_owned()));
        let mut answer = Self { status: status.expect("a status"), headers: headers.collect(), body: String::new() };
        let body = match answer.header("transfer-encoding") {
            Some("chunked") => dechunked(&bytes[end + 4..]),
            _ => bytes[end + 4..].to_vec(),
        };
        answer.body = String::from_utf8_lossy(&body).into_owned();
        answer
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The status, the kind and the detail of a problem.
    pub fn problem(&self) -> (u16, String, String) {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"].to_string(), self.status.to_string());
        let text = |name: &str| problem[name].as_str().expect("text").to_owned();
        (self.status, text("type").replace("urn:leadpact:problem:", ""), text("detail"))
    }
}

fn dechunked(mut bytes: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    while let Some(end) = bytes.windows(2).position(|two| two == b"\r\n") {
        let size = usize::from_str_radix(&String::from_utf8_lossy(&bytes[..end]), 16).unwrap_or(0);
        let Some(part) = bytes.get(end + 2..end + 2 + size) else { break };
        body.extend_from_slice(part);
        bytes = bytes.get(end + 4 + size..).unwrap_or_default();
    }
    body
}

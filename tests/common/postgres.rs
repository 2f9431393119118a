//! A PostgreSQL of the tests' own, in a temporary folder; none where it is not installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A server that is stopped, and its folder removed, when it is dropped.
pub struct Server {
    bin: PathBuf,
    folder: TempDir,
    /// The address of its first database.
    pub place: String,
}

/// Debian keeps each version's programs apart.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut bins: Vec<PathBuf> = versions.filter_map(|entry| Some(entry.ok()?.path().join("bin"))).collect();
    bins.retain(|bin| bin.join("initdb").exists());
    bins.sort();
    bins.pop()
}

/// PostgreSQL refuses to run as root: then it runs as the user that its package made.
fn command(program: &Path) -> Command {
    let root = std::fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program);
    command
}

impl Server {
    /// Starts a server. None, with a word on the error stream, where there is no PostgreSQL.
    pub fn start() -> Option<Self> {
        Self::start_with(None)
    }

    /// Starts a server that takes connections over TLS alone, with a certificate and its key in PEM.
    pub fn start_with(tls: Option<(&str, &str)>) -> Option<Self> {
        let Some(bin) = installed() else {
            eprintln!("skipped: PostgreSQL is not installed (Debian's package `postgresql`)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("leadpact-pg").tempdir().expect("a folder can be made");
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
        std::fs::set_permissions(folder.path(), open).expect("it can be opened to the server");
        let data = folder.path().join("data");
        let made = command(&bin.join("initdb"))
            .args(["--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8", "-D"])
            .arg(&data)
            .stdout(Stdio::null())
            .status();
        assert!(made.expect("initdb runs").success(), "initdb failed");
        if let Some((certificate, key)) = tls {
            let write = |name: &str, text: &str| std::fs::write(data.join(name), text).expect("it can be written");
            write("server.crt", certificate);
            write("server.key", key);
            write("pg_hba.conf", "hostssl all all 127.0.0.1/32 trust\n");
            let own = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(data.join("server.key"), own).expect("the key is kept to its owner");
            let owner = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&data).expect("a folder"));
            for name in ["server.crt", "server.key"] {
                std::os::unix::fs::chown(data.join(name), Some(owner), None).expect("it can be given to the server");
            }
        }
        let ssl = if tls.is_some() { " -c ssl=on" } else { "" };
        let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a port").port();
        let options = format!("-p {port} -c listen_addresses=127.0.0.1 -k {}{ssl}", folder.path().display());
        let started = command(&bin.join("pg_ctl"))
            .args(["-w", "-s", "-o", &options, "-l"])
            .arg(folder.path().join("log"))
            .arg("-D")
            .arg(&data)
            .arg("start")
            .stdout(Stdio::null())
            .status();
        assert!(started.expect("pg_ctl runs").success(), "PostgreSQL did not start");
        let place = format!("postgres://postgres@127.0.0.1:{port}/postgres");
        Some(Self { bin, folder, place })
    }

    /// Ends it and starts it anew, as an update does.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn restart(&self) {
        let restarted = command(&self.bin.join("pg_ctl"))
            .args(["-w", "-s", "-m", "fast", "-l"])
            .arg(self.folder.path().join("log"))
            .arg("-D")
            .arg(self.folder.path().join("data"))
            .arg("restart")
            .stdout(Stdio::null())
            .status();
        assert!(restarted.expect("pg_ctl runs").success(), "PostgreSQL did not start again");
    }

    /// A database of its own for a test; its address.
    pub fn database(&self, name: &str) -> String {
        let until = Instant::now() + Duration::from_secs(10);
        loop {
            let made = Command::new(self.bin.join("psql"))
                .args(["-q", &self.place, "-c", &format!("CREATE DATABASE {name} TEMPLATE template0")])
                .status();
            if made.expect("psql runs").success() {
                let base = self.place.trim_end_matches("postgres");
                return format!("{base}{name}");
            }
            assert!(Instant::now() < until, "the database {name} could not be made");
            std::thread::sleep(Duration::from_millis(200));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        let _ = command(&self.bin.join("pg_ctl"))
            .args(["-s", "-m", "immediate", "-D"])
            .arg(data)
            .arg("stop")
            .stdout(Stdio::null())
            .status();
    }
}

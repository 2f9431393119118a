//! Who may do what.

use crate::document::operations;
use crate::served::{ACME, Answer, Served, bearer, file, head, tokens_of};

const ALL: &str = "read, decide, write, admin";

/// Asks for a path, which may be one that never ends, and reads the status.
fn status(served: &Served, method: &str, path: &str, headers: &[(&str, &str)]) -> u16 {
    use std::io::{BufRead as _, BufReader, Write as _};
    let path = path.replace("{lead}", "nobody").replace("{id}", "none");
    let mut stream = served.connect();
    stream.write_all(head(&format!("{method} {path}"), headers, 0).as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{method} {path}: {line}"))
}

#[test]
fn each_role_allows_what_it_says_and_nothing_else() {
    let served = Served::guarded(&[]);
    for operation in operations() {
        let (method, path) = (&*operation.method, &*operation.path);
        let Some(needed) = operation.role else {
            assert_eq!(status(&served, method, path, &[]), 200, "{path} needs no token");
            continue;
        };
        assert_eq!(status(&served, method, path, &[]), 401, "{method} {path}");
        for wrong in ["Bearer nobody", "Basic YTpi", "Bearer ", &bearer(&needed)[7..]] {
            assert_eq!(status(&served, method, path, &[("authorization", wrong)]), 401, "{method} {path} {wrong}");
        }
        for role in ["read", "decide", "write", "admin", ALL] {
            let answered = status(&served, method, path, &[("authorization", &bearer(role))]);
            let allowed = role == needed || role == ALL;
            assert_eq!(answered != 403, allowed, "{method} {path} with {role}: {answered}");
            assert_ne!(answered, 401, "{method} {path} with {role}");
        }
    }
    let unknown = served.get("/v1/status");
    assert_eq!(unknown.header("www-authenticate"), Some("Bearer"));
    assert_eq!(unknown.problem().1, "unknown");
    let roles = served.ask("GET /v1/status", &[("authorization", &bearer("read"))], "").json();
    assert_eq!(roles["roles"], serde_json::json!(["read"]));
}

#[test]
fn tokens_change_while_the_service_runs() {
    let served = Served::guarded(&[]);
    let file = served.folder().join("tokens.yaml");
    let may = |roles: &str| served.ask("GET /v1/status", &[("authorization", &bearer(roles))], "").status;
    assert_eq!((may("read"), may("write, read")), (200, 401));
    std::fs::write(&file, tokens_of(&["write, read"])).unwrap();
    assert_eq!((may("read"), may("write, read")), (401, 200));
    // what cannot be read, or is too short to be safe, leaves the tokens as they were
    for wrong in ["tokens: [", "tokens:\n  - name: a\n    token: short\n    roles: [read]\n"] {
        std::fs::write(&file, wrong).unwrap();
        assert_eq!((may("read"), may("write, read")), (401, 200));
    }
    // a file of another text is another file, whatever its time says
    let before = std::fs::metadata(&file).unwrap().modified().unwrap();
    std::fs::write(&file, tokens_of(&["read"])).unwrap();
    std::fs::File::options().append(true).open(&file).unwrap().set_modified(before).unwrap();
    assert_eq!((may("read"), may("write, read")), (200, 401));
    std::fs::write(&file, tokens_of(&["write, read"])).unwrap();
    assert_eq!((may("read"), may("write, read")), (401, 200));
    // nor is one taken that others can write
    write_open(&file, &tokens_of(&["read"]));
    assert_eq!((may("read"), may("write, read")), (401, 200));
    std::fs::remove_file(&file).unwrap();
    assert_eq!((may("read"), may("write, read")), (401, 200));
    assert!(served.log().contains("the tokens stay as they were"));
}

fn write_open(file: &std::path::Path, text: &str) {
    std::fs::write(file, text).unwrap();
    std::fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o666)).unwrap();
}

#[test]
fn a_tokens_file_that_others_reach_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens.yaml");
    write_open(&tokens, &tokens_of(&["read"]));
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .arg("serve")
        .arg(file(ACME))
        .args(["--listen", "127.0.0.1:0", "--tokens"])
        .arg(&tokens)
        .arg("--store")
        .arg(folder.path().join("leads.db"))
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(said.contains("tokens.yaml: others can read or write it"), "{said}");
    assert!(!folder.path().join("leads.db").exists());
}

#[test]
fn without_tokens_only_the_own_machine_may_ask() {
    let served = Served::open(&[]);
    let from = |host: &str, more: &str| {
        use std::io::Write as _;
        let mut stream = served.connect();
        let head = format!("GET /v1/status HTTP/1.1\r\nconnection: close\r\nhost: {host}\r\n{more}\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        Answer::read(stream)
    };
    assert_eq!(from("example.com", "").problem().1, "foreign");
    assert_eq!(from("127.0.0.1", "sec-fetch-site: cross-site\r\n").problem().1, "foreign");
    assert_eq!(from("127.0.0.1:7878", "sec-fetch-site: same-origin\r\n").status, 200);
    assert_eq!(from("[::1]:7878", "").status, 200);
    // a browser that does not say which site it is says where the page is from
    assert_eq!(from("127.0.0.1:7878", "origin: http://127.0.0.1:7878\r\n").status, 200);
    for other in ["http://127.0.0.1:3000", "http://localhost:7878", "https://example.com", "null"] {
        let refused = from("127.0.0.1:7878", &format!("origin: {other}\r\n"));
        assert_eq!(refused.problem().1, "foreign", "{other}");
    }
    // and nobody from outside reaches it at all
    let refused = std::process::Command::new(env!("CARGO_BIN_EXE_leadpact"))
        .arg("serve")
        .arg(file(ACME))
        .args(["--listen", "0.0.0.0:0", "--store"])
        .arg(served.folder().join("other.db"))
        .output()
        .unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("without tokens everyone may do everything"));
}

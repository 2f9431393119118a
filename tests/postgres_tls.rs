//! PostgreSQL over TLS, with certificates of the test's own, and over connections that a restart ended.
#![cfg(all(feature = "postgres", unix))]

#[path = "common/postgres.rs"]
mod postgres;

use std::path::Path;

use leadpact::internals::store::{Store, open, write};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};

/// One who signs certificates.
fn signer(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate of a host and its key, in PEM.
fn signed(signer: &CertifiedIssuer<'static, KeyPair>, host: &str) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([host.to_owned()]).unwrap().signed_by(&key, signer).unwrap();
    (certificate.pem(), key.serialize_pem())
}

fn file(folder: &Path, name: &str, text: &str) -> String {
    let file = folder.join(name);
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

/// Whether the connection is encrypted, or why there is none.
fn encrypted(place: &str) -> Result<bool, String> {
    let mut store = open(place).map_err(|fault| fault.0)?;
    let of_this = "SELECT 1::bigint FROM pg_stat_ssl WHERE pid = pg_backend_pid() AND ssl";
    Ok(!store.rows(of_this, &[]).unwrap().is_empty())
}

#[test]
fn each_mode_means_what_it_means_to_libpq() {
    let (ours, theirs) = (signer("ours"), signer("theirs"));
    let (certificate, key) = signed(&ours, "localhost");
    let Some(server) = postgres::Server::start_with(Some((&certificate, &key))) else { return };
    let folder = tempfile::tempdir().unwrap();
    let (own, other) = (file(folder.path(), "own.crt", &ours.pem()), file(folder.path(), "other.crt", &theirs.pem()));
    let itself = file(folder.path(), "itself.crt", &certificate);
    // the certificate is of the name, and not of the address
    let named = server.place.replace("127.0.0.1", "localhost");
    let asked = |place: &str, query: &str| encrypted(&format!("{place}?{query}"));
    let refused = |place: &str, query: &str, why: &str| {
        let said = asked(place, query).expect_err(query);
        assert!(said.contains(why), "{query}: {said}");
    };
    for place in [&server.place, &named] {
        assert_eq!(encrypted(place), Ok(true));
        for query in ["sslmode=allow", "sslmode=prefer", "sslmode=require"] {
            assert_eq!(asked(place, query), Ok(true), "{query}");
        }
        refused(place, "sslmode=disable", "pg_hba.conf");
        for mode in ["require", "verify-ca"] {
            for root in [&own, &itself] {
                assert_eq!(asked(place, &format!("sslmode={mode}&sslrootcert={root}")), Ok(true), "{mode} {root}");
            }
            refused(place, &format!("sslmode={mode}&sslrootcert={other}"), "UnknownIssuer");
        }
        refused(place, "sslmode=verify-ca", "`sslrootcert=FILE`");
        refused(place, "sslmode=verify-full&sslrootcert=system", "UnknownIssuer");
        refused(place, &format!("sslrootcert={other}"), "UnknownIssuer");
    }
    for root in [&own, &itself] {
        assert_eq!(asked(&named, &format!("sslmode=verify-full&sslrootcert={root}")), Ok(true), "{root}");
        assert_eq!(asked(&named, &format!("sslrootcert={root}")), Ok(true), "it is the usual mode");
        refused(&server.place, &format!("sslmode=verify-full&sslrootcert={root}"), "not valid for name");
    }
    refused(&named, "sslmode=verify-full&sslrootcert=/none.crt", "sslrootcert: /none.crt: ");
    let empty = file(folder.path(), "empty.crt", "");
    refused(&named, &format!("sslmode=verify-ca&sslrootcert={empty}"), "it holds no certificate");
}

#[test]
fn without_tls_only_who_asks_for_plain_text_gets_it() {
    let Some(server) = postgres::Server::start() else { return };
    for (query, plain) in [
        ("", true),
        ("?sslmode=disable", true),
        ("?sslmode=allow", true),
        ("?sslmode=prefer", true),
        ("?sslmode=require", false),
        ("?sslmode=verify-ca", false),
        ("?sslmode=verify-full", false),
    ] {
        let encrypted = encrypted(&format!("{}{query}", server.place));
        assert_eq!(encrypted.clone().ok(), plain.then_some(false), "{query}: {encrypted:?}");
        assert!(encrypted.err().is_none_or(|why| why.contains("`sslmode=disable`")), "{query}");
    }
}

#[test]
fn a_connection_that_a_restart_ended_is_replaced_by_whoever_uses_it() {
    let Some(server) = postgres::Server::start() else { return };
    let mut store = open(&server.database("anew")).unwrap();
    let mut stores: Vec<Box<dyn Store>> = (0..4).map(|_| store.another().unwrap()).collect();
    for store in &mut stores {
        store.count_events().unwrap();
    }
    store.begin().unwrap();
    server.restart();
    // what was being written went with its connection
    assert!(store.count_events().and_then(|_| store.commit()).is_err());
    store.rollback();
    for store in &mut stores {
        assert_eq!(store.count_events().unwrap(), 0);
    }
    server.restart();
    for store in &mut stores {
        write(&mut **store, |store| store.put_single("a", "b")).unwrap();
    }
    assert_eq!(store.single("a").unwrap().as_deref(), Some("b"));
}

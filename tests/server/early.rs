//! Before the service has begun: it listens at once, however long what time did while it was stopped takes.

use leadpact::internals::store::{Store, open};

use crate::served::{ACME, Served, file, until};

/// One that cannot begin as long as the store is written to.
fn held() -> (Box<dyn Store>, Served) {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(folder.path().join("leads.db").to_str().unwrap()).unwrap();
    store.begin().unwrap();
    (store, Served::started(&file(ACME), folder, &[]))
}

#[test]
fn it_is_live_and_not_ready() {
    let (mut store, served) = held();
    let (live, ready) = (served.get("/livez"), served.get("/readyz"));
    assert_eq!((live.status, &*live.body), (200, "ok"));
    assert_eq!((ready.status, &*ready.body), (503, "catching up with what time did"));
    let status = served.get("/v1/status");
    assert_eq!((&*status.problem().1, status.header("retry-after")), ("early", Some("1")));
    assert_eq!(status.header("x-content-type-options"), Some("nosniff"));
    store.rollback();
    until("it is ready", || served.get("/readyz").status == 200);
    assert_eq!(served.get("/v1/status").status, 200);
}

#[test]
fn it_can_be_stopped_before_it_has_begun() {
    let (_store, mut served) = held();
    served.terminate();
    assert!(served.stopped_well());
}

//! A problem says what is wrong with a request, where and why.

use crate::served::Served;

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

#[test]
fn every_wrong_request_gets_its_reason() {
    let served = Served::open(&["--max-body", "2000"]).fed_with_a_lead();
    let long = "x".repeat(3000);
    for (what, kind, body, status, problem, detail) in [
        ("GET /v1/nothing", "", "", 404, "not-found", "there is no such path"),
        ("GET /v1/leads/nobody", "", "", 404, "not-found", "there is no event of a lead `nobody`"),
        ("GET /v1/leads/nobody/timeline", "", "", 404, "not-found", "nobody"),
        ("GET /v1/leads/nobody/export", "", "", 404, "not-found", "nobody"),
        ("DELETE /v1/leads/nobody", "", "", 404, "not-found", "nobody"),
        ("GET /v1/leads/a%00b", "", "", 404, "not-found", "no key holds this character"),
        ("GET /v1/leads/%ff", "", "", 400, "bad-request", "UTF-8"),
        ("POST /v1/outbox/none/resend", "", "", 404, "not-found", "no dead delivery is called `none`"),
        ("PUT /v1/events", JSON, "{}", 405, "method", "/openapi.json"),
        ("GET /v1/status?verbose=1", "", "", 400, "bad-request", "nothing here is called `verbose`"),
        ("GET /v1/leads?limit=0", "", "", 400, "bad-request", "`limit` is a whole number from 1 to 1000"),
        ("GET /v1/leads?limit=1001", "", "", 400, "bad-request", "from 1 to 1000"),
        ("GET /v1/clocks?limit=", "", "", 400, "bad-request", "from 1 to 1000"),
        ("GET /v1/leads?limit=1&limit=2", "", "", 400, "bad-request", "`limit` stands twice"),
        ("GET /v1/leads?min=many&score=fit", "", "", 400, "bad-request", "`min` cannot be `many`"),
        ("GET /v1/leads?min=10", "", "", 422, "unfit", "at least so many points of which"),
        ("GET /v1/leads?score=charm", "", "", 422, "unfit", "the pact has no score `charm`"),
        ("GET /v1/leads?after=***", "", "", 422, "unfit", "`next` of the page before"),
        ("GET /v1/leads?stage=a%00b", "", "", 400, "bad-request", "a character that no text has"),
        ("GET /v1/outbox?state=lost", "", "", 400, "bad-request", "is one of waiting, sent, dead"),
        ("POST /v1/decide", "", "{}", 415, "kind", "Content-Type: application/json"),
        ("POST /v1/explain", "text/plain", "{}", 415, "kind", "application/x-ndjson"),
        ("POST /v1/events", "application/xml", "<event/>", 415, "kind", "application/json"),
        ("POST /v1/events", "application/x-www-form-urlencoded", "event=call", 422, "bad-row", "`lead` is missing"),
        ("POST /v1/decide", JSON, "", 400, "bad-request", "empty"),
        ("POST /v1/decide", JSON, "{\"id\": ", 422, "bad-row", "line 1: "),
        ("POST /v1/decide", JSON, "[1]", 422, "bad-row", "line 1: a row must be an object"),
        ("POST /v1/decide", JSON, "{\"lead_source\": \"web\"}", 422, "bad-row", "line 1: `id` is required and missing"),
        ("POST /v1/decide", JSON, "{\"id\": \"a\", \"lead_source\": \"wbe\"}", 422, "bad-row", "web"),
        ("POST /v1/decide?at=soon", JSON, "{}", 400, "bad-request", "`at` cannot be `soon`"),
        ("POST /v1/decide?source=sap", JSON, "{}", 422, "unfit", "the pact has no source `sap`"),
        ("POST /v1/decide?why=maybe", JSON, "{}", 400, "bad-request", "`why` is one of true, false"),
        (
            "POST /v1/decide",
            JSON,
            "[{\"id\": \"a\", \"lead_source\": \"web\"}, {\"id\": \"b\", \"lead_source\": \"web\"}]",
            400,
            "bad-request",
            "several leads: send them as `application/x-ndjson`",
        ),
        ("POST /v1/events?source=sap", JSON, "{}", 422, "unfit", "the pact has no source `sap`"),
        ("POST /v1/events", JSON, "{\"lead\": \"a\", \"event\": \"dmeo_request\"}", 422, "bad-row", "demo_request"),
        ("POST /v1/events", LINES, "\n\n{\"event\": \"call\"}\n", 422, "bad-row", "line 3: "),
        (
            "POST /v1/events",
            JSON,
            "{\"lead\": \"a\\u0000\", \"event\": \"call\"}",
            422,
            "bad-row",
            "a character that no",
        ),
        ("POST /v1/events", JSON, &long, 413, "too-large", "the body may have 2000 bytes"),
        ("POST /v1/decide", JSON, &long, 413, "too-large", "2000 bytes"),
        ("POST /v1/explain", JSON, &long, 413, "too-large", "2000 bytes"),
    ] {
        let headers = [("content-type", kind)];
        let answer = served.ask(what, if kind.is_empty() { &[] } else { &headers }, body);
        let got = answer.problem();
        assert_eq!((got.0, &*got.1), (status, problem), "{what} {body}: {}", got.2);
        assert!(got.2.contains(detail), "{what} {body}: {}", got.2);
    }
}

impl Served {
    fn fed_with_a_lead(self) -> Self {
        let event = r#"{"lead": "L1", "event": "record", "lead_source": "web"}"#;
        assert_eq!(self.post("/v1/events", JSON, event).status, 200);
        self
    }
}

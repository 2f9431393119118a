//! Whole decisions, from the text of a pact and what is known of a lead.

use leadpact::internals::decide::{Decision, decide};
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::{LeadInput, Leads};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::world::Memory;
use serde_json::{Value as Json, json};

const NOON: &str = "2026-03-02T12:00:00Z";

/// A pact of these files, in an environment.
fn pact_of(files: &[(&str, &str)], environment: Option<&str>) -> Pact {
    let loaded = load(&Memory::new(files.iter().copied()), environment);
    loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

const RECORD: &str = "
pact small { parties marketing, sales }
lead {
  id text key  title text?  country text?  size integer?  share number?  revenue money USD?  born date?  seen time?
  owner_id text?  ready bool?  agreed bool?  tags list of text?
}
activity visit { minutes integer?  page text? }
activity click
touch call
disposition good
disposition bad { reason text }
";

/// What the pact lacks is added: a lead with fields of every type, and a pipeline.
fn pact(rules: &str) -> Pact {
    pact_of(&[("a.pact", &format!("{RECORD}\n{rules}\n{}", filler(rules)))], None)
}

fn filler(rules: &str) -> &'static str {
    match rules.contains("pipeline") {
        true => "",
        false => {
            "pipeline way { stage one { owner marketing  move to two when ready } stage two { owner sales  final } }"
        }
    }
}

fn decided(pact: &Pact, lead: &Json, at: &str) -> Decision {
    let bytes = lead.to_string().into_bytes();
    let rows = rows(Box::new(std::io::Cursor::new(bytes)), "l.ndjson", Some(Format::Ndjson)).unwrap();
    let mut leads = Leads::new(pact, vec![LeadInput { name: "l".into(), rows, intake: None }]).unwrap();
    let record = leads.next().expect("a lead").unwrap_or_else(|rejected| panic!("{}", rejected.reject));
    decide(pact, &record, at.parse().unwrap())
}

/// The decision as JSON, of a lead with these facts at noon.
fn of(pact: &Pact, mut lead: Json) -> Json {
    lead["id"] = json!("1");
    serde_json::to_value(decided(pact, &lead, NOON)).unwrap()
}

fn events(at: &[(&str, &str)]) -> Json {
    json!({"history": at.iter().map(|(kind, at)| json!({"kind": kind, "at": at})).collect::<Vec<_>>()})
}

/// Where the lead went, stage by stage.
fn path(decision: &Json) -> Vec<&str> {
    let moves = decision["moves"].as_array().map_or(&[][..], Vec::as_slice);
    let from = moves.first().map_or(&decision["stage"], |first| &first["from"]);
    std::iter::once(from).chain(moves.iter().map(|made| &made["to"])).map(|name| name.as_str().unwrap()).collect()
}

/// The verdict of a condition, as the only need of a criteria.
fn verdict(need: &str, lead: Json) -> String {
    let pact = pact(&format!("criteria it {{ agreed by sales  need {need} }}"));
    of(&pact, lead)["criteria"]["it"]["verdict"].as_str().unwrap().to_owned()
}

/// The points of a score.
fn points(score: &str, lead: Json) -> Json {
    let pact = pact(&format!("score it {score}"));
    of(&pact, lead)["scores"]["it"].clone()
}

// --- whole decisions ---------------------------------------------------------------------------------------------

fn acme() -> Pact {
    Pact::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/acme")).unwrap_or_else(|refused| panic!("{refused}"))
}

fn acme_leads() -> Vec<Json> {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/acme/leads.ndjson")).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

const ACME_AT: &str = "2026-03-02T09:00:00+03:00";

#[test]
fn the_leads_of_acme() {
    let pact = acme();
    for lead in acme_leads() {
        let decision = decided(&pact, &lead, ACME_AT);
        let name = format!("acme_{}", lead["id"].as_str().unwrap());
        insta::with_settings!({ filters => vec![(r"sha256:[0-9a-f]+", "sha256:[digest]")], omit_expression => true }, {
            insta::assert_snapshot!(name, serde_json::to_string_pretty(&decision).unwrap());
        });
    }
}

#[test]
fn the_same_gives_the_same_bytes() {
    let (one, other) = (acme(), acme());
    for lead in acme_leads() {
        let text = |pact: &Pact| serde_json::to_string(&decided(pact, &lead, ACME_AT)).unwrap();
        assert_eq!(text(&one), text(&one));
        assert_eq!(text(&one), text(&other));
        let mut backwards = lead.clone();
        if let Some(history) = backwards["history"].as_array_mut() {
            history.reverse();
            let backwards = serde_json::to_string(&decided(&one, &backwards, ACME_AT)).unwrap();
            assert_eq!(text(&one), backwards, "the order of events means nothing");
        }
    }
}

#[test]
fn reasons_are_left_out_on_request_and_nothing_else_is() {
    let pact = acme();
    let decision = decided(&pact, &acme_leads()[0], ACME_AT);
    let mut whole = serde_json::to_value(&decision).unwrap();
    let short = serde_json::to_value(decision.without_reasons()).unwrap();
    assert!(whole["points"].is_object() && whole["criteria"]["qualified_lead"]["needs"].is_array());
    whole.as_object_mut().unwrap().remove("points");
    for criteria in whole["criteria"].as_object_mut().unwrap().values_mut() {
        criteria.as_object_mut().unwrap().remove("needs");
    }
    assert_eq!(whole, short);
}

// --- the digest --------------------------------------------------------------------------------------------------

#[test]
fn the_digest_is_that_of_the_meaning() {
    let rules = "criteria it { agreed by sales  need size >= 50 }\nlist good = \"a\", \"b\"";
    let way = "pipeline way { stage one { owner marketing  move to two when it and title in good } stage two { owner sales  final } }";
    let digest = |files: &[(&str, &str)]| pact_of(files, None).digest.to_string();
    let one = digest(&[("a.pact", RECORD), ("b.pact", rules), ("c.pact", way)]);
    let laid_out = rules.replace(' ', "\n ");
    assert_eq!(one, digest(&[("a.pact", RECORD), ("b.pact", &laid_out), ("c.pact", way)]), "layout");
    let commented = format!("# why\n{rules} # so");
    assert_eq!(one, digest(&[("a.pact", RECORD), ("b.pact", &commented), ("c.pact", way)]), "comments");
    assert_eq!(one, digest(&[("z.pact", RECORD), ("sub/b.pact", rules), ("a.pact", way)]), "file names");
    let (criteria, list) = rules.split_once('\n').unwrap();
    let swapped = format!("{way}\n{list}\n{criteria}");
    assert_eq!(one, digest(&[("a.pact", &swapped), ("b.pact", RECORD)]), "order of items");
    for changed in [rules.replace("50", "51"), rules.replace(">=", ">"), rules.replace("\"b\"", "\"c\"")] {
        assert_ne!(one, digest(&[("a.pact", RECORD), ("b.pact", &changed), ("c.pact", way)]), "{changed}");
    }
}

#[test]
fn the_rows_of_a_table_belong_to_the_digest() {
    let table =
        "table areas from \"areas.csv\"  criteria it { agreed by sales  need lookup area in areas = \"north\" }";
    let digest = |rows: &str| {
        let text = format!("{RECORD}{table}{}", filler(table));
        pact_of(&[("a.pact", &text), ("areas.csv", rows)], None).digest.to_string()
    };
    assert_eq!(digest("country,area\nTR,north\n"), digest("country,area\r\nTR,north\r\n\r\n"), "line ends");
    assert_ne!(digest("country,area\nTR,north\n"), digest("country,area\nTR,south\n"));
}

// --- moves -------------------------------------------------------------------------------------------------------

/// Four stages whose moves are given for the first two.
fn way(first: &str, second: &str) -> String {
    format!(
        "pipeline way {{
           stage one {{ owner marketing  {first} }}  stage two {{ owner sales  {second} }}
           stage three {{ owner sales  move to four when disposition = good }}  stage four {{ owner sales  final }}
         }}"
    )
}

#[test]
fn the_first_move_that_holds_is_made() {
    let pact = pact(&way("move to three when size > 10  move to two when ready", "move to four when agreed"));
    assert_eq!(path(&of(&pact, json!({"size": 11, "ready": true}))), ["one", "three"]);
    assert_eq!(path(&of(&pact, json!({"size": 10, "ready": true}))), ["one", "two"]);
    assert_eq!(path(&of(&pact, json!({"size": 10, "ready": false}))), ["one"]);
}

#[test]
fn moves_chain_at_one_instant() {
    let pact = pact(&way("move to two when ready", "move to three when agreed"));
    let decision = of(&pact, json!({"ready": true, "agreed": true, "history": [{"kind": "good", "at": NOON}]}));
    assert_eq!(path(&decision), ["one", "two", "three", "four"]);
    assert!(decision["moves"].as_array().unwrap().iter().all(|made| made["at"] == "2026-03-02T12:00:00+00:00"));
    assert_eq!(decision["owner"], "sales");
}

#[test]
fn no_stage_is_entered_twice_at_one_instant() {
    let back_and_forth =
        way("move to two when ready", "move to one when disposition = good  move to three when size > 10");
    let pact = pact(&back_and_forth);
    let both = json!({"ready": true, "size": 11, "history": [{"kind": "good", "at": NOON}]});
    assert_eq!(path(&of(&pact, both.clone())), ["one", "two"]);
    let mut from_two = both;
    from_two["stage"] = json!("two");
    assert_eq!(path(&of(&pact, from_two)), ["two", "one"]);
    assert_eq!(path(&of(&pact, json!({"ready": true, "size": 11}))), ["one", "two", "three"]);
}

#[test]
fn a_lead_starts_where_its_system_has_it() {
    let pact = pact(&way("move to two when ready", "move to three when agreed"));
    assert_eq!(path(&of(&pact, json!({"stage": "two", "ready": true}))), ["two"]);
    assert_eq!(path(&of(&pact, json!({"stage": "four", "ready": true, "agreed": true}))), ["four"]);
}

#[test]
fn what_is_unknown_moves_nothing() {
    let pact = pact(&way(
        "move to three when size > 10  move to four when size <= 10  move to two when not ready",
        "move to four when agreed",
    ));
    assert_eq!(path(&of(&pact, json!({}))), ["one"], "neither size > 10 nor its contrary, nor `not ready`");
    assert_eq!(path(&of(&pact, json!({"ready": false}))), ["one", "two"]);
    assert_eq!(path(&of(&pact, json!({"size": 3}))), ["one", "four"]);
}

#[test]
fn missing_can_be_asked_for_and_unknown_is_not_false() {
    for (need, of_none, of_ten) in [
        ("size > 5", "unknown", "met"),
        ("not size > 5", "unknown", "not_met"),
        ("size is missing", "met", "not_met"),
        ("size is present", "not_met", "met"),
        ("(size > 5) is unknown", "met", "not_met"),
        ("(size if missing 0) > 5", "not_met", "met"),
        ("size > 5 or title is missing", "met", "met"),
        ("size != 10", "unknown", "not_met"),
        ("size in 1, 10", "unknown", "met"),
        ("size not in 1, 10", "unknown", "not_met"),
        ("size = size", "unknown", "met"),
    ] {
        assert_eq!(verdict(need, json!({})), of_none, "{need} of nothing");
        assert_eq!(verdict(need, json!({"size": 10})), of_ten, "{need} of 10");
    }
}

#[test]
fn pipelines_are_asked_in_order_of_name() {
    let pact = pact(
        "pipeline zoo { for leads where size is present and size > 10
           stage z_one { owner sales  move to z_two when ready } stage z_two { owner sales  final } }
         pipeline attic { for leads where size is present and size > 20
           stage a_one { owner sales  move to a_two when ready } stage a_two { owner sales  final } }",
    );
    let pipeline = |size: Json| of(&pact, json!({"size": size}))["pipeline"].clone();
    assert_eq!(pipeline(json!(30)), "attic");
    assert_eq!(pipeline(json!(15)), "zoo");
    let none = of(&pact, json!({"size": 5}));
    assert!(none.get("pipeline").is_none() && none.get("stage").is_none() && none.get("moves").is_none(), "{none}");
    assert!(of(&pact, json!({})).get("stage").is_none(), "a lead without a size is in none");
}

// --- hand-overs and routes ---------------------------------------------------------------------------------------

const HANDED: &str = "
handoff one to two { need title is present as \"A title\"  need size >= 1  carry title, size, activities in last 7 days }
pipeline way { stage one { owner marketing  move to two when ready  move to three when agreed }
  stage two { owner sales  final } stage three { owner sales  final } }";

#[test]
fn a_hand_over_that_lacks_something_is_held_and_says_what() {
    let pact = pact(HANDED);
    let held = of(&pact, json!({"ready": true, "size": 0}));
    assert_eq!(path(&held), ["one"]);
    let lacks = &held["held"][0]["lacks"];
    assert_eq!((&held["held"][0]["to"], lacks.as_array().unwrap().len()), (&json!("two"), 2));
    assert_eq!((&lacks[0]["verdict"], &lacks[0]["label"]), (&json!("not_met"), &json!("A title")));
    assert_eq!(lacks[1]["facts"]["size"], json!(0));
    let through = of(&pact, json!({"ready": true, "size": 2, "title": "CEO"}));
    assert_eq!(path(&through), ["one", "two"]);
    assert!(through.get("held").is_none());
    assert_eq!(through["handoff"]["carry"], json!({"title": "CEO", "size": 2, "activities": []}));
}

#[test]
fn a_held_move_leaves_the_way_to_the_next() {
    let decision = of(&pact(HANDED), json!({"ready": true, "agreed": true}));
    assert_eq!(path(&decision), ["one", "three"]);
}

#[test]
fn unknown_needs_hold_a_hand_over_back() {
    let held = of(&pact(HANDED), json!({"ready": true, "title": "CEO"}));
    assert_eq!(path(&held), ["one"]);
    assert_eq!(held["held"][0]["lacks"][0]["verdict"], "unknown");
    assert_eq!(held["held"][0]["lacks"][0]["missing"], json!(["size"]));
}

fn routed(route: &str, table: &str, lead: Json) -> Json {
    let text = format!(
        "{RECORD} {route}
         handoff one to two {{ route by desk }}
         pipeline way {{ stage one {{ owner marketing  move to two when id != \"\" }} stage two {{ owner sales  final }} }}"
    );
    of(&pact_of(&[("a.pact", &text), ("t.csv", table)], None), lead)["route"].clone()
}

#[test]
fn a_route_passes_over_what_is_unknown_and_says_so() {
    let route = "route desk { to queue large when size >= 100  to owner when owner_id is present
        to queue north when country in \"TR\", \"DE\"  otherwise to queue rest }";
    let of = |lead: Json| routed(route, "", lead);
    let nothing = of(json!({}));
    assert_eq!(nothing["queue"], "rest");
    let unsure: Vec<_> = nothing["unsure"].as_array().unwrap().iter().map(|clause| clause["says"].clone()).collect();
    assert_eq!(unsure, ["to queue large when size >= 100", "to queue north when country in \"TR\", \"DE\""]);
    assert_eq!(
        of(json!({"size": 100})),
        json!({"by": "desk", "queue": "large", "because": of(json!({"size": 100}))["because"]})
    );
    let owned = of(json!({"size": 1, "owner_id": "ana"}));
    assert_eq!((&owned["assignee"], owned.get("unsure")), (&json!("ana"), None));
    assert_eq!(of(json!({"country": "de"}))["queue"], "north");
    assert_eq!(of(json!({"country": "de"}))["unsure"].as_array().unwrap().len(), 1);
}

#[test]
fn rows_of_a_table_have_ranges_choices_and_stars() {
    let table = "country,size,queue\nTR,>=1000,huge\nTR,50..999,middle\nTR,1..9,tiny\nDE|AT,*,german\n*,>=5001,giant\n";
    let route = "route desk { from table \"t.csv\"  otherwise to queue rest }";
    let queue = |country: &str, size: i64| {
        let route = routed(route, table, json!({"country": country, "size": size}));
        format!("{} {}", route["queue"].as_str().unwrap(), route["because"]["line"])
    };
    for (country, size, expected) in [
        ("TR", 1000, "huge 2"),
        ("tr", 999, "middle 3"),
        ("TR", 50, "middle 3"),
        ("TR", 9, "tiny 4"),
        ("AT", 1, "german 5"),
        ("DE", 9000, "german 5"),
        ("FR", 5001, "giant 6"),
    ] {
        assert_eq!(queue(country, size), expected, "{country} {size}");
    }
    assert!(queue("TR", 49).starts_with("rest ") && queue("TR", 10).starts_with("rest "));
    assert!(queue("FR", 5000).starts_with("rest "));
    let sizeless = routed(route, table, json!({"country": "TR"}));
    assert_eq!(sizeless["queue"], "rest");
    assert_eq!(sizeless["unsure"].as_array().unwrap().len(), 4, "three rows of the country, and the one for all");
    let german = routed(route, table, json!({"country": "DE"}));
    assert_eq!((&german["queue"], german.get("unsure")), (&json!("german"), None));
}

#[test]
fn params_are_those_of_the_environment() {
    let rules = "param least = 50 in staging 5
        criteria it { agreed by sales  need size >= least }";
    let text = format!("{RECORD}{rules}{}", filler(rules));
    let (production, staging) = (pact_of(&[("a.pact", &text)], None), pact_of(&[("a.pact", &text)], Some("staging")));
    let verdict = |pact: &Pact| of(pact, json!({"size": 20}))["criteria"]["it"]["verdict"].clone();
    assert_eq!((verdict(&production), verdict(&staging)), (json!("not_met"), json!("met")));
    assert_eq!(of(&staging, json!({}))["pact"]["environment"], "staging");
    assert_ne!(production.digest, staging.digest, "another threshold means something else");
}

// --- near misses -------------------------------------------------------------------------------------------------

fn missing(needs: &str, lead: Json) -> (String, Json) {
    let pact = pact(&format!("criteria it {{ agreed by sales  {needs} }}"));
    let it = of(&pact, lead)["criteria"]["it"].clone();
    (it["verdict"].as_str().unwrap().to_owned(), it.get("missing").cloned().unwrap_or(json!([])))
}

#[test]
fn the_smallest_sets_of_missing_facts_are_named() {
    let is = |verdict: &str, sets: Json| (verdict.to_owned(), sets);
    let two = "need size >= 50  need country = \"TR\"";
    assert_eq!(missing(two, json!({"size": 60})), is("unknown", json!([["country"]])), "one fact");
    assert_eq!(missing(two, json!({})), is("unknown", json!([["country", "size"]])), "two facts");
    assert_eq!(missing(two, json!({"size": 10})), is("not_met", json!([])), "no fact helps");
    assert_eq!(missing(two, json!({"size": 60, "country": "TR"})), is("met", json!([])));
    let either = "need size >= 50 or revenue >= 10k USD";
    assert_eq!(missing(either, json!({})), is("unknown", json!([["size"], ["revenue"]])), "either fact");
    assert_eq!(missing(either, json!({"size": 10})), is("unknown", json!([["revenue"]])));
    let present = "need title is present or owner_id is present  need size >= 50";
    assert_eq!(
        missing(present, json!({"size": 60})),
        is("not_met", json!([["title"], ["owner_id"]])),
        "not met, one short"
    );
    assert_eq!(missing(present, json!({"size": 10})), is("not_met", json!([])));
    let never = "need size >= 50 and size < 50";
    assert_eq!(missing(never, json!({})), is("unknown", json!([["size"]])), "it cannot be met, but can be settled");
    let four = "need size >= 1  need ready  need agreed  need title is present";
    assert_eq!(missing(four, json!({})), is("not_met", json!([])), "four facts are no near miss");
}

#[test]
fn a_number_outside_a_set_is_thought_of() {
    let (verdict, sets) = missing("need size not in 0, 1, 2  need ready", json!({}));
    assert_eq!((verdict.as_str(), sets), ("unknown", json!([["size", "ready"]])));
}

#[test]
fn a_missing_fact_behind_a_score_is_found() {
    let pact = pact(
        "score heat { give 30 when size >= 50  give 30 when country = \"TR\" } criteria it { agreed by sales  need heat >= 60 }",
    );
    let of = |lead: Json| of(&pact, lead)["criteria"]["it"].clone();
    assert_eq!(
        of(json!({"size": 60})),
        json!({"verdict": "unknown", "missing": [["country"]], "needs": of(json!({"size": 60}))["needs"]})
    );
    assert_eq!(of(json!({"size": 10}))["verdict"], "not_met", "30 points at most are short of 60");
    assert_eq!(of(json!({"size": 60, "country": "tr"}))["verdict"], "met");
}

// --- events and their windows ------------------------------------------------------------------------------------

#[test]
fn events_after_the_instant_do_not_count() {
    let score = "{ give 10 per visit }";
    let at = |at: &str| points(score, events(&[("visit", at)]));
    assert_eq!(at(NOON), json!(10), "what happens at the instant has happened");
    assert_eq!(at("2026-03-02T12:00:01Z"), json!(0));
    let later = json!({"history": [{"kind": "good", "at": "2026-03-03T00:00:00Z"}]});
    let pact = pact(&way("move to two when disposition = good", "move to four when ready"));
    assert_eq!(path(&of(&pact, later)), ["one"]);
}

#[test]
fn a_window_holds_its_end_and_not_its_start() {
    let score = "{ give 10 per visit in last 7 days }";
    let at = |at: &str| points(score, events(&[("visit", at)]));
    assert_eq!(at("2026-02-23T12:00:00Z"), json!(0), "exactly seven days ago");
    assert_eq!(at("2026-02-23T12:00:01Z"), json!(10), "a second later");
    assert_eq!(at(NOON), json!(10));
    let any = |at: &str| verdict("any visit in last 2 hours", events(&[("visit", at)]));
    assert_eq!((any("2026-03-02T10:00:00Z"), any("2026-03-02T10:00:01Z")), ("not_met".into(), "met".into()));
}

#[test]
fn days_of_a_window_are_those_of_the_zone() {
    // the clocks of Berlin go forward on 29 March 2026: seven local days are an hour short
    let text = RECORD.replace("sales }\n", "sales  time zone \"Europe/Berlin\" }\n");
    let rules = "score it { give 10 per visit in last 7 days }";
    let pact = pact_of(&[("a.pact", &format!("{text}{rules}{}", filler(rules)))], None);
    let of = |event: &str| {
        let mut lead = events(&[("visit", event)]);
        lead["id"] = json!("1");
        let decision = serde_json::to_value(decided(&pact, &lead, "2026-04-01T12:00:00+02:00")).unwrap();
        decision["scores"]["it"].clone()
    };
    assert_eq!(of("2026-03-25T12:00:00+01:00"), json!(0));
    assert_eq!(of("2026-03-25T12:00:01+01:00"), json!(10));
}

#[test]
fn only_events_that_fit_count_and_unknown_ones_leave_a_range() {
    let pact = pact("score it { give 10 per visit where minutes >= 3 }");
    let lead = json!({"history": [
        {"kind": "visit", "at": "2026-03-01T00:00:00Z", "minutes": 3}, {"kind": "visit", "at": "2026-03-01T00:00:00Z", "minutes": 2},
        {"kind": "visit", "at": "2026-03-01T00:00:00Z"}]});
    let decision = of(&pact, lead);
    assert_eq!(decision["scores"]["it"], json!(10));
    assert_eq!(decision["score_ranges"]["it"], json!({"low": 10, "high": 20}));
    assert_eq!(decision["points"]["it"][0]["possible"], json!(20));
}

// --- scores ------------------------------------------------------------------------------------------------------

#[test]
fn points_fade_at_each_full_step() {
    let score = "{ give 100 if any visit  fade 50% every 30 days }";
    let days_ago = |at: &str| points(score, events(&[("visit", at)]));
    assert_eq!(days_ago("2026-02-01T12:00:00Z"), json!(100), "29 days");
    assert_eq!(days_ago("2026-01-31T12:00:01Z"), json!(100), "a second short of 30 days");
    assert_eq!(days_ago("2026-01-31T12:00:00Z"), json!(50), "30 days");
    assert_eq!(days_ago("2026-01-01T12:00:00Z"), json!(25), "60 days");
    assert_eq!(days_ago("2025-12-02T12:00:00Z"), json!(13), "90 days: 12.5, half away from zero");
    assert_eq!(points("{ give 100 if any visit }", events(&[("visit", "2025-12-02T12:00:00Z")])), json!(100));
}

#[test]
fn an_event_that_counts_once_is_the_latest() {
    let lead = events(&[("visit", "2026-01-01T12:00:00Z"), ("visit", "2026-01-31T12:00:00Z")]);
    assert_eq!(points("{ give 100 if any visit  fade 50% every 30 days }", lead.clone()), json!(50));
    assert_eq!(points("{ give 100 per visit  fade 50% every 30 days }", lead), json!(75));
}

#[test]
fn caps_hold_by_clause_by_day_and_together() {
    let lead = || {
        events(&[
            ("visit", "2026-02-28T08:00:00Z"),
            ("visit", "2026-02-28T09:00:00Z"),
            ("visit", "2026-02-28T23:59:59Z"),
            ("visit", "2026-03-01T00:00:00Z"),
            ("click", "2026-03-01T00:00:00Z"),
        ])
    };
    assert_eq!(points("{ give 10 per visit }", lead()), json!(40));
    assert_eq!(points("{ give 10 per visit, at most 25 }", lead()), json!(25));
    assert_eq!(points("{ give 10 per visit, at most 15 per day }", lead()), json!(25), "15 on one day, 10 on the next");
    assert_eq!(points("{ give 10 per visit, at most 15 per day, at most 20 }", lead()), json!(20));
    assert_eq!(
        points("{ together at most 30 { give 10 per visit  give 7 per click } give 1 per click }", lead()),
        json!(31)
    );
    assert_eq!(points("{ take 10 per visit, at most 25 }", lead()), json!(-25));
    assert_eq!(points("{ together at most 30 { take 10 per visit  take 7 per click } }", lead()), json!(-30));
}

#[test]
fn a_score_stays_in_its_range() {
    let lead = || json!({"size": 60});
    assert_eq!(points("0 to 100 { give 90 when size > 1  give 20 when size > 2 }", lead()), json!(100));
    assert_eq!(points("0 to 100 { take 90 when size > 1  give 20 when size > 2 }", lead()), json!(0));
    assert_eq!(points("{ take 90 when size > 1  give 20 when size > 2 }", lead()), json!(-70));
}

#[test]
fn halves_round_away_from_zero_once_at_the_end() {
    let old = || events(&[("visit", "2026-01-31T12:00:00Z")]);
    assert_eq!(points("{ give 5 per visit  fade 50% every 30 days }", old()), json!(3), "2.5");
    assert_eq!(points("{ take 5 per visit  fade 50% every 30 days }", old()), json!(-3), "-2.5");
    let two = events(&[("visit", "2026-01-31T12:00:00Z"), ("click", "2026-01-31T12:00:00Z")]);
    assert_eq!(points("{ give 5 per visit  give 5 per click  fade 50% every 30 days }", two), json!(5), "2.5 + 2.5");
    assert_eq!(points("{ give 9 per visit  fade 50% every 30 days }", old()), json!(5), "4.5 is not rounded to even");
}

// --- values ------------------------------------------------------------------------------------------------------

#[test]
fn decimals_are_exact() {
    let lead = || json!({"share": 0.1, "size": 3, "revenue": "0.30 USD"});
    for need in [
        "share + 0.2 = 0.3",
        "share * size = 0.3",
        "revenue = 0.1 USD + 0.2 USD",
        "revenue * 10 = 3 USD",
        "revenue / 0.1 USD = size",
        "size - 2.9 = share",
        "revenue >= 0.3 USD",
        "10k = 10000",
        "1.5M USD = 1500000 USD",
    ] {
        assert_eq!(verdict(need, lead()), "met", "{need}");
    }
    assert_eq!(verdict("share + 0.2 > 0.3", lead()), "not_met");
    let pact = pact("criteria it { agreed by sales  need share = 0.1234567890123456789 }");
    let line = "{\"id\": \"1\", \"share\": 0.1234567890123456789}";
    let exact: Json = serde_json::from_str(line).unwrap();
    assert_eq!(of(&pact, exact)["criteria"]["it"]["verdict"], "met", "digits are kept as they are written");
}

#[test]
fn what_has_no_result_is_unknown() {
    for need in ["size / share > 1", "not size / share > 1", "revenue / share > 1 USD"] {
        assert_eq!(verdict(need, json!({"size": 3, "share": 0, "revenue": 5})), "unknown", "{need} by zero");
    }
    assert_eq!(verdict("size / share > 1", json!({"size": 3, "share": 2})), "met");
    let most = "79228162514264337593543950335";
    let lead: Json = serde_json::from_str(&format!("{{\"share\": {most}, \"size\": 1}}")).unwrap();
    assert_eq!(verdict("share + size > 0", lead.clone()), "unknown", "too many digits");
    assert_eq!(verdict("share > 0", lead), "met");
}

#[test]
fn texts_are_compared_as_people_read_them_unless_exactly() {
    for (need, title, expected) in [
        ("title = \"ceo\"", "CEO", "met"),
        ("title = exactly \"ceo\"", "CEO", "not_met"),
        ("title = exactly \"CEO\"", "CEO", "met"),
        ("title != exactly \"ceo\"", "CEO", "met"),
        ("title in \"cto\", \"ceo\"", "Ceo", "met"),
        ("title contains \"sales\"", "VP Sales EMEA", "met"),
        ("title contains exactly \"sales\"", "VP Sales EMEA", "not_met"),
        ("title starts with \"vp\"", "VP Sales", "met"),
        ("title = \"é\"", "e\u{301}", "met"),
        ("title = exactly \"é\"", "e\u{301}", "met"),
        ("title = \"straße\"", "STRASSE", "met"),
        ("title = \"директор\"", "ДИРЕКТОР", "met"),
        ("title = \"İstanbul\"", "istanbul", "not_met"),
    ] {
        assert_eq!(verdict(need, json!({"title": title})), expected, "{need} of {title}");
    }
}

#[test]
fn a_turkish_pact_folds_the_turkish_way() {
    let text = RECORD.replace("sales }\n", "sales  language tr }\n");
    for (need, title, expected) in [
        ("title = \"İSTANBUL\"", "istanbul", "met"),
        ("title = \"ISPARTA\"", "ısparta", "met"),
        ("title = \"ISPARTA\"", "isparta", "not_met"),
        ("title contains \"dır\"", "MÜDIR", "met"),
        ("title = exactly \"İSTANBUL\"", "istanbul", "not_met"),
    ] {
        let rules = format!("criteria it {{ agreed by sales  need {need} }}");
        let pact = pact_of(&[("a.pact", &format!("{text}{rules}{}", filler(&rules)))], None);
        assert_eq!(of(&pact, json!({"title": title}))["criteria"]["it"]["verdict"], expected, "{need} of {title}");
    }
}

#[test]
fn today_is_that_of_the_zone() {
    let text = RECORD.replace("sales }\n", "sales  time zone \"Pacific/Auckland\" }\n");
    let rules = "criteria it { agreed by sales  need born = today }";
    let pact = pact_of(&[("a.pact", &format!("{text}{rules}{}", filler(rules)))], None);
    let of = |born: &str| of(&pact, json!({"born": born}))["criteria"]["it"]["verdict"].clone();
    assert_eq!((of("2026-03-03"), of("2026-03-02")), (json!("met"), json!("not_met")), "noon in UTC is tomorrow there");
}

//! What a state adds to the sharing of leads: fallbacks, reassignment and turns given back, replayed through time.

use std::io;
use std::sync::Mutex;

use leadpact::internals::decide::timeline_entry;
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::replay::{Gathered, ReplayOptions, replay};
use leadpact::internals::world::Memory;

const RULES: &str = r#"
pact shared { parties marketing, sales  time zone "UTC" }
lead { id text key  country text? }
touch call
disposition refused, accepted
pipeline all {
  stage inquiry { owner marketing  move to mql when country is present }
  stage mql { owner sales  move to won when disposition = accepted }
  stage won { owner sales final }
}
handoff inquiry to mql { route by who }
route who { to team desk round robin when country = "ES"  otherwise to queue rest }
team desk { member ana, capacity CAPACITY  member bo, capacity CAPACITY }
sla quick on mql { owner sales  first touch within 4 hours  on breach reassign }
recycle back { from mql  when disposition = refused  to inquiry  rest 1 hour  never back to the same rep }
"#;

fn pact(capacity: &str) -> Pact {
    let rules = RULES.replace("disposition refused, accepted", "disposition refused\ndisposition accepted");
    let loaded = load(&Memory::new([("a.pact", &*rules.replace("CAPACITY", capacity))]), None);
    let said: Vec<String> = loaded.diagnostics.iter().map(|d| d.message.clone()).collect();
    loaded.pact.unwrap_or_else(|| panic!("{said:#?}"))
}

/// `lead at event`, a line each, at minutes past nine; what comes out are the lines `lead minute what`.
fn replayed(pact: &Pact, events: &[(&str, u32, &str)]) -> Vec<String> {
    let row = |(lead, minute, event): &(&str, u32, &str)| {
        let at = format!("2026-03-02T{:02}:{:02}:00Z", 9 + minute / 60, minute % 60);
        let rest = match *event {
            "new" => r#""event": "record", "country": "ES""#.to_owned(),
            event => format!(r#""event": "{event}""#),
        };
        format!("{{\"lead\": \"{lead}\", \"at\": \"{at}\", {rest}}}\n")
    };
    let text: String = events.iter().map(row).collect();
    let bytes = io::Cursor::new(text.into_bytes());
    let rows = rows(Box::new(bytes), "events", Some(Format::Ndjson)).unwrap();
    let mut gathered = Gathered::default();
    let input = LeadInput { name: "events".into(), rows, intake: None };
    gathered.read(pact, input, &mut |rejected| panic!("{}", rejected.reject), &mut || ()).unwrap();
    let lines = Mutex::new(Vec::new());
    let options =
        ReplayOptions { until: Some("2026-03-02T20:00:00Z".parse().unwrap()), threads: 2, ..ReplayOptions::default() };
    let collect = |lived: &leadpact::internals::replay::ReplayedLead, _: &mut Vec<u8>| {
        for entry in &lived.timeline.entries {
            let said = serde_json::to_value(timeline_entry(pact, &lived.lead, entry)).unwrap();
            if said["what"] == "routed" {
                let to = said["assignee"].as_str().or(said["queue"].as_str()).or(said["team"].as_str()).unwrap();
                lines.lock().unwrap().push(format!("{} {} {to}", &said["at"].as_str().unwrap()[11..16], lived.lead));
            }
        }
        Ok(())
    };
    replay(pact, gathered, options, &collect, &mut |_| Ok(())).unwrap();
    let mut lines = lines.into_inner().unwrap();
    lines.sort();
    lines
}

fn first_of(lines: &[String]) -> Vec<&str> {
    lines.iter().map(|line| line.rsplit(' ').next().unwrap()).collect()
}

#[test]
fn edge_38_leads_of_one_instant_are_given_as_if_they_came_singly() {
    let pact = pact("40");
    let bulk = replayed(&pact, &[("d", 0, "new"), ("b", 0, "new"), ("a", 0, "new"), ("c", 0, "new")]);
    let singles = replayed(&pact, &[("a", 0, "new"), ("b", 1, "new"), ("c", 2, "new"), ("d", 3, "new")]);
    let given = |lines: &[String]| first_of(&lines[..4]).iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    assert_eq!(given(&bulk), given(&singles));
    let of_ana = given(&bulk).iter().filter(|name| *name == "ana").count();
    assert_eq!(of_ana, 2, "{bulk:?}");
}

#[test]
fn edge_40_a_full_team_is_passed_over_for_the_fallback() {
    let pact = pact("1");
    let lines =
        replayed(&pact, &[("a", 0, "new"), ("b", 1, "new"), ("c", 2, "new"), ("a", 3, "call"), ("b", 3, "call")]);
    assert_eq!(first_of(&lines)[2], "rest", "{lines:?}");
    // an accepted lead takes no room any more
    let lines = replayed(
        &pact,
        &[("a", 0, "new"), ("a", 1, "call"), ("a", 2, "accepted"), ("b", 3, "new"), ("b", 4, "call"), ("c", 5, "new")],
    );
    assert!(!first_of(&lines).contains(&"rest"), "{lines:?}");
}

#[test]
fn edge_42_a_refused_lead_goes_to_another_and_the_turn_comes_back() {
    let pact = pact("40");
    let mut events = vec![("a", 0, "new"), ("a", 10, "call"), ("a", 20, "refused")];
    for (lead, minute) in [("b", 30), ("c", 90), ("d", 91)] {
        events.extend([(lead, minute, "new"), (lead, minute + 1, "call")]);
    }
    let lines = replayed(&pact, &events);
    let names = first_of(&lines);
    let [refused, b, again, c, d] = names[..5] else { panic!("{lines:?}") };
    // after its rest `a` goes to the other one, who has `b` too: two turns against none
    assert!(lines[2].starts_with("10:20 a") && again == b && again != refused, "{lines:?}");
    assert_eq!((c, d), (refused, refused), "{lines:?}");
}

#[test]
fn a_breach_gives_the_lead_to_each_other_member_once() {
    let pact = pact("40");
    let lines = replayed(&pact, &[("a", 0, "new")]);
    let names = first_of(&lines);
    assert_eq!(names.len(), 2, "{lines:?}");
    assert_ne!(names[0], names[1]);
    assert!(lines[1].starts_with("13:00 a"), "{lines:?}");
}

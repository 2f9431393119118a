//! A service that embeds the engine: it decides one lead, replays another, and goes on with the last good pact while the
//! rule files change.
//!
//! ```console
//! cargo run --example embed
//! ```

use std::error::Error;

use leadpact::{InForce, Instant, Record, ReloadOptions, ReloadOutcome, Timeline, decide};
use serde_json::json;

const RULES: &str = r#"pact calls "Who calls whom, and how soon" {
  parties    marketing, sales
  time zone  "Europe/Istanbul"
}
lead { id text key  country text?  employees integer?  phone text? }
activity demo_request
touch    call

criteria worth_a_call "Large enough, and we can reach them" {
  agreed by marketing, sales
  need employees >= 50
  need phone is present
}

pipeline new_business {
  stage inquiry { owner marketing  move to mql when worth_a_call }
  stage mql { owner sales  final }
}

sla speed_to_lead on mql { owner sales  first touch within 4 hours }
"#;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let rules = folder.path().join("calls.pact");
    std::fs::write(&rules, RULES)?;

    // the pact in force; a service calls `watch` once, and no `reload` of its own
    let in_force = InForce::open(folder.path(), ReloadOptions::default())?;
    let pact = in_force.pact();
    println!("{} is in force ({})", pact.name, pact.digest);

    // 1. decide: a lead as a system has it
    let now: Instant = "2026-03-02T09:00:00+03:00".parse()?;
    let lead = Record::from_json(&pact, None, &json!({"id": "7", "country": "TR", "employees": 80}))?;
    let decision = decide(&pact, &lead, now);
    let criteria = &decision.criteria["worth_a_call"];
    println!("\nlead 7 is in {:?}; worth_a_call lacks {:?}", decision.stage, criteria.missing);
    println!("{}", serde_json::to_string_pretty(&decision)?);

    // 2. replay: what happened to a lead, in any order
    let events = [
        json!({"lead": "8", "at": "2026-03-02T15:30:00+03:00", "event": "call"}),
        json!({"lead": "8", "at": "2026-03-02T09:00:00+03:00", "event": "record", "employees": 120, "phone": "+90 555"}),
    ];
    let timeline = Timeline::replay(&pact, None, &events, "2026-03-03T09:00:00+03:00".parse()?)?;
    println!("\nlead 8:");
    for entry in &timeline.entries {
        println!("{}", serde_json::to_string(entry)?);
    }

    // 3. reload: what does not check is refused, and the last good pact stays in force
    std::fs::write(&rules, RULES.replace("need employees", "need employes"))?;
    assert_eq!(in_force.reload(), ReloadOutcome::Refused);
    if let Some(refusal) = in_force.status().refused {
        println!("\nrefused:\n{}", refusal.rendered);
    }
    std::fs::write(&rules, RULES.replace(">= 50", ">= 100"))?;
    assert_eq!(in_force.reload(), ReloadOutcome::Taken);
    println!("another pact is in force ({})", in_force.pact().digest);
    Ok(())
}

//! Where clocks of service levels go wrong elsewhere: a test for each number of the table in
//! `docs/semantics-clocks.md`, whose examples are the figures here. 2026-03-02 is a Monday.

mod common;

use chrono::{TimeDelta, Timelike as _};
use leadpact::internals::decide::{ClockReport, decision};
use leadpact::internals::lifecycle::{
    AbsorbedLead, ClockChange, EntryKind, EntryLog, EventKind, LeadEvent, LeadState, Log, RequestedAction,
    replay_events,
};
use leadpact::internals::load::load;
use leadpact::internals::pact::Pact;
use leadpact::internals::record::Record;
use leadpact::internals::time::Instant;
use leadpact::internals::value::Value;
use leadpact::internals::world::Memory;
use serde_json::Value as Json;

const AGREEMENT: &str = r#"
pact small { parties marketing, sales }
lead { id text key  status text?  city text? }
activity auto_reply, answer
touch call, email
disposition good
disposition bad
disposition later
calendar office { mon to fri 09:00 to 17:00 }
pipeline way {
  stage mql  { owner sales  move to sal when disposition = good  move to lost when disposition = bad }
  stage sal  { owner sales  move to lost when disposition = bad }
  stage lost { owner sales  final }
}
"#;

fn pact_of(text: &str) -> Pact {
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

/// The small agreement with these rules.
fn pact(rules: &str) -> Pact {
    pact_of(&format!("{AGREEMENT}{rules}"))
}

/// `2026-03-02 09:00`, with or without seconds, in UTC.
fn at(text: &str) -> Instant {
    let text = text.replace(' ', "T");
    let seconds = if text.matches(':').count() == 1 { ":00" } else { "" };
    format!("{text}{seconds}Z").parse().unwrap()
}

fn short(at: Instant) -> String {
    at.format(if at.second() == 0 { "%m-%d %H:%M" } else { "%m-%d %H:%M:%S" }).to_string()
}

/// An event as a test writes it: a kind of event, `in STAGE`, `to NAME`, `to nobody`, `set FIELD VALUE`, `opt out`,
/// `merged into KEY`, or `known`, which says nothing.
fn event(pact: &Pact, when: &str, what: &str) -> LeadEvent {
    let words: Vec<&str> = what.splitn(3, ' ').collect();
    let what = match words[..] {
        ["known"] => EventKind::Changed(None, Vec::new()),
        ["in", stage] => EventKind::Status(pact.stage(stage).unwrap()),
        ["to", "nobody"] => EventKind::Assigned(None),
        ["to", name] => EventKind::Assigned(Some(name.into())),
        ["set", field, value] => {
            EventKind::Changed(None, vec![(pact.field(field).unwrap(), Some(Value::Text(value.into())))])
        }
        ["opt", "out"] => EventKind::OptedOut,
        ["merged", "into", key] => EventKind::Merged(key.into()),
        [kind] => EventKind::Happened(pact.kind(kind).unwrap_or_else(|| panic!("no {kind}")), Vec::new()),
        _ => panic!("{what}"),
    };
    LeadEvent { at: at(when), id: None, what }
}

fn replayed(pact: &Pact, events: &[(&str, &str)], until: &str) -> (LeadState, EntryLog) {
    let events = events.iter().map(|(when, what)| event(pact, when, what)).collect();
    replay_events(pact, Record::new(pact), &Log::of(events), at(until))
}

/// What became of the clocks, a line for each change.
fn lines(pact: &Pact, timeline: &EntryLog) -> Vec<String> {
    let line = |entry: &leadpact::internals::lifecycle::TimelineEntry| {
        let EntryKind::Clock { sla, promise, change } = &entry.kind else { return None };
        let due = |due: &Option<Instant>| due.map_or("never due".into(), |due| format!("due {}", short(due)));
        let change = match change {
            ClockChange::Started { due: at } => format!("started, {}", due(at)),
            ClockChange::Resumed { due: at } => format!("resumed, {}", due(at)),
            ClockChange::Restarted { due: at } => format!("restarted, {}", due(at)),
            ClockChange::Paused => "paused".into(),
            ClockChange::Warned { percent } => format!("warned at {}%", percent.normalize()),
            ClockChange::Counted { count, of } => format!("{count} of {of}"),
            ClockChange::Met { seconds, since_entry, late, .. } => {
                let late = if *late { "met late" } else { "met" };
                format!("{late} after {} of {}", span(*seconds), span(*since_entry))
            }
            ClockChange::Breached => "breached".into(),
            ClockChange::Stopped => "stopped".into(),
        };
        let promise = pact[*sla].promises[*promise as usize].kind.name().words();
        Some(format!("{} {} {promise} {change}", short(entry.at), pact[*sla].name))
    };
    timeline.entries.iter().filter_map(line).collect()
}

fn span(seconds: i64) -> String {
    let hours = format!("{}:{:02}", seconds / 3600, seconds / 60 % 60);
    if seconds % 60 == 0 { hours } else { format!("{hours}:{:02}", seconds % 60) }
}

fn reported(pact: &Pact, events: &[(&str, &str)], until: &str) -> Vec<String> {
    lines(pact, &replayed(pact, events, until).1)
}

/// Clocks as a decision reports them.
fn clocks(pact: &Pact, events: &[(&str, &str)], until: &str) -> Vec<ClockReport> {
    let (state, timeline) = replayed(pact, events, until);
    decision(pact, &state, &timeline).clocks
}

fn state(clock: &ClockReport) -> String {
    serde_json::to_value(clock.state).unwrap().as_str().unwrap().to_owned()
}

fn alerts(timeline: &EntryLog) -> Vec<String> {
    let alerts = timeline.entries.iter().filter_map(|entry| match &entry.kind {
        EntryKind::Requested(RequestedAction::Alert(name)) => Some(format!("{} {name}", short(entry.at))),
        _ => None,
    });
    alerts.collect()
}

// --- what starts a clock -----------------------------------------------------------------------------------------

#[test]
fn edge_14_speed_to_lead_and_the_owners_time() {
    let rules =
        |starts: &str| pact(&format!("sla s on mql {{ clock office  {starts}  first touch within 4 business hours }}"));
    let events = [("2026-03-02 09:00", "in mql"), ("2026-03-02 10:30", "to ana"), ("2026-03-02 11:15", "call")];
    // by default the clock counts what the lead waited, whoever let it wait
    let entry = rules("");
    assert_eq!(
        reported(&rules("starts at entry"), &events, "2026-03-03 09:00"),
        reported(&entry, &events, "2026-03-03 09:00")
    );
    assert_eq!(
        reported(&entry, &events, "2026-03-03 09:00"),
        ["03-02 09:00 s first touch started, due 03-02 13:00", "03-02 11:15 s first touch met after 2:15 of 2:15"]
    );
    // or what the person took
    let assignment = rules("starts at assignment");
    assert_eq!(
        reported(&assignment, &events, "2026-03-03 09:00"),
        ["03-02 10:30 s first touch started, due 03-02 14:30", "03-02 11:15 s first touch met after 0:45 of 2:15"]
    );
    // both are reported either way
    for pact in [entry, assignment] {
        let said = &clocks(&pact, &events, "2026-03-03 09:00")[0];
        assert_eq!((said.speed_to_lead, said.owner_time), (Some(135 * 60), Some(45 * 60)));
    }
    // a lead that nobody has yet waits, and says so
    let waits = &clocks(&rules("starts at assignment"), &events[..1], "2026-03-09 09:00")[0];
    assert_eq!((state(waits).as_str(), &waits.due, waits.used), ("waiting", &None, None));
}

#[test]
fn edge_15_the_zone_is_that_of_the_calendar() {
    let text = AGREEMENT
        .replace("parties marketing, sales }", "parties marketing, sales  time zone \"Asia/Bangkok\" }")
        .replace("calendar office {", "calendar office { time zone \"America/New_York\"");
    let pact = pact_of(&format!("{text} sla s on mql {{ clock office  first touch within 4 business hours }}"));
    // 20:00Z is 15:00 in New York: two hours until it closes, and two from 09:00 there, which is 14:00Z
    let events = [
        ("2026-03-02 20:00", "in mql"),
        ("2026-03-02 20:30", "to ana_in_istanbul"),
        ("2026-03-03 03:00", "to som_in_bangkok"),
    ];
    assert_eq!(reported(&pact, &events, "2026-03-03 12:00"), ["03-02 20:00 s first touch started, due 03-03 16:00"]);
    let said = &clocks(&pact, &events, "2026-03-03 12:00")[0];
    // instants are reported in the pact's zone; what counts does not hang on it
    assert_eq!(said.due.as_deref(), Some("2026-03-03T23:00:00+07:00"));
    assert_eq!((said.used, said.left), (Some(2 * 3600), Some(2 * 3600)));
}

#[test]
fn edge_16_another_person_gets_the_lead() {
    let rules = |clause: &str| pact(&format!("sla s on mql {{ first touch within 4 hours  {clause} }}"));
    let events = [("2026-03-02 09:00", "in mql"), ("2026-03-02 09:00", "to ana"), ("2026-03-02 11:00", "to bo")];
    // one promise to the lead, whoever keeps it
    assert_eq!(
        reported(&rules(""), &events, "2026-03-03 09:00"),
        ["03-02 09:00 s first touch started, due 03-02 13:00", "03-02 13:00 s first touch breached"]
    );
    assert_eq!(
        reported(&rules("on reassignment restart"), &events, "2026-03-03 09:00"),
        [
            "03-02 09:00 s first touch started, due 03-02 13:00",
            "03-02 11:00 s first touch restarted, due 03-02 15:00",
            "03-02 15:00 s first touch breached"
        ]
    );
    // nobody in between makes it a reassignment
    let gap = [events[0], events[1], ("2026-03-02 10:00", "to nobody"), ("2026-03-02 10:01", "to ana")];
    let last = reported(&rules("on reassignment restart"), &gap, "2026-03-02 12:00").pop().unwrap();
    assert_eq!(last, "03-02 10:01 s first touch restarted, due 03-02 14:01");
    // the same person again is no other person
    let same = [("2026-03-02 09:00", "in mql"), ("2026-03-02 09:00", "to ana"), ("2026-03-02 10:00", "to ana")];
    assert_eq!(reported(&rules("on reassignment restart"), &same, "2026-03-02 12:00").len(), 1);
    // a breach asks for another person once; a restart after it is one more promise, and may be broken once more
    let asks = rules("on breach reassign  on reassignment restart");
    let (_, timeline) = replayed(&asks, &[events[0], events[1], ("2026-03-02 14:00", "to bo")], "2026-03-09 09:00");
    let asked = timeline.entries.iter().filter(|entry| entry.kind == EntryKind::Requested(RequestedAction::Reassign));
    assert_eq!(asked.map(|entry| short(entry.at)).collect::<Vec<_>>(), ["03-02 13:00", "03-02 18:00"]);
}

// --- what stops and pauses it ------------------------------------------------------------------------------------

const PAUSES: &str =
    "sla s on mql { clock office  first touch within 4 business hours  pause while status = \"waiting\" }";

#[test]
fn edge_17_a_pause_takes_only_its_working_time() {
    let events = [
        ("2026-03-06 15:00", "in mql"),
        ("2026-03-06 16:00", "set status waiting"),
        ("2026-03-09 10:00", "set status open"),
    ];
    // Friday 16:00 to Monday 10:00 are 66 hours, and two of the office
    assert_eq!(
        reported(&pact(PAUSES), &events, "2026-03-10 09:00"),
        [
            "03-06 15:00 s first touch started, due 03-09 11:00",
            "03-06 16:00 s first touch paused",
            "03-09 10:00 s first touch resumed, due 03-09 13:00",
            "03-09 13:00 s first touch breached"
        ]
    );
    // a pause while the office is closed takes nothing
    let night = [
        ("2026-03-06 15:00", "in mql"),
        ("2026-03-06 17:00", "set status waiting"),
        ("2026-03-09 09:00", "set status open"),
    ];
    assert_eq!(
        reported(&pact(PAUSES), &night, "2026-03-09 10:00")[2],
        "03-09 09:00 s first touch resumed, due 03-09 11:00"
    );
    // what a promise counts by the clock on the wall, its pause does too
    let elapsed = pact(&PAUSES.replace("4 business hours", "4 hours"));
    assert_eq!(
        reported(&elapsed, &events, "2026-03-09 11:00")[2],
        "03-09 10:00 s first touch resumed, due 03-09 13:00"
    );
}

#[test]
fn edge_18_leaving_while_paused_books_the_pause() {
    let rules = PAUSES.replace("first touch within 4 business hours", "outcome recorded within 4 business hours");
    let pact = pact(&rules);
    let events =
        [("2026-03-02 09:00", "in mql"), ("2026-03-02 10:00", "set status waiting"), ("2026-03-03 12:00", "in lost")];
    assert_eq!(
        reported(&pact, &events, "2026-03-09 09:00"),
        [
            "03-02 09:00 s outcome started, due 03-02 13:00",
            "03-02 10:00 s outcome paused",
            "03-03 12:00 s outcome stopped"
        ]
    );
    let (lost, _) = replayed(&pact, &events, "2026-03-09 09:00");
    let clock = &lost.clocks[0];
    assert_eq!((clock.paused, clock.paused_since, clock.used(&pact, lost.now)), (10 * 3600, None, 3600));
    // the same for an answer that meets the promise
    let kept = [events[0], events[1], ("2026-03-03 12:00", "later")];
    assert_eq!(reported(&pact, &kept, "2026-03-09 09:00")[2], "03-03 12:00 s outcome met after 1:00 of 11:00");
}

#[test]
fn edge_19_a_changed_pact_keeps_what_happened() {
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 10:00", "set status waiting"),
        ("2026-03-02 12:00", "set status open"),
    ];
    let due = |rules: &str| {
        let pact = pact(rules);
        let said = &clocks(&pact, &events, "2026-03-02 12:30")[0];
        (said.due.clone().unwrap(), said.used.unwrap())
    };
    // start and pause are facts: a longer promise moves the due instant, and nothing else
    assert_eq!(due(PAUSES), ("2026-03-02T15:00:00+00:00".into(), 90 * 60));
    let longer = PAUSES.replace("4 business hours", "6 business hours");
    assert_eq!(due(&longer), ("2026-03-02T17:00:00+00:00".into(), 90 * 60));
    // what was a pause by the old pact is none by one that names no such pause
    let never = PAUSES.replace("waiting", "on holiday");
    assert_eq!(due(&never), ("2026-03-02T13:00:00+00:00".into(), 210 * 60));
}

#[test]
fn edge_20_a_lead_that_comes_back() {
    let rules = |clause: &str| pact(&format!("sla s on mql {{ outcome recorded within 4 hours  {clause} }}"));
    let events = [("2026-03-02 09:00", "in mql"), ("2026-03-02 12:00", "in sal"), ("2026-03-09 09:00", "in mql")];
    // coming back is a new promise: it is not broken by the days away
    assert_eq!(
        reported(&rules(""), &events, "2026-03-09 12:00"),
        [
            "03-02 09:00 s outcome started, due 03-02 13:00",
            "03-02 12:00 s outcome stopped",
            "03-09 09:00 s outcome started, due 03-09 13:00"
        ]
    );
    // or the old one, with what was left of it; the days away are a pause
    let keep = rules("on reopening keep");
    assert_eq!(
        reported(&keep, &events, "2026-03-09 12:00")[2..],
        ["03-09 09:00 s outcome resumed, due 03-09 10:00", "03-09 10:00 s outcome breached"]
    );
    // a promise that was kept is not made again, and one that was broken stays so
    let kept = [events[0], ("2026-03-02 11:00", "later"), events[1], events[2]];
    assert_eq!(reported(&keep, &kept, "2026-03-09 12:00").len(), 2);
    let broken = [events[0], ("2026-03-03 12:00", "in sal"), events[2]];
    assert_eq!(reported(&keep, &broken, "2026-03-10 12:00").last().unwrap(), "03-03 12:00 s outcome stopped");
    assert_eq!(state(&clocks(&keep, &broken, "2026-03-10 12:00")[0]), "breached");
    // a recycle begins a round of its own, whatever reopening says
    let recycles = pact(
        "sla s on mql { outcome recorded within 4 hours  on reopening keep }
         recycle not_now { from sal  when disposition = later  to mql }",
    );
    let again = [events[0], events[1], ("2026-03-09 09:00", "later")];
    assert_eq!(
        reported(&recycles, &again, "2026-03-09 09:30").last().unwrap(),
        "03-09 09:00 s outcome started, due 03-09 13:00"
    );
    assert_eq!(replayed(&recycles, &again, "2026-03-09 09:30").0.clocks.last().unwrap().round, 2);
}

// --- what counts -------------------------------------------------------------------------------------------------

#[test]
fn edge_21_what_counts_as_a_response() {
    let pact = pact("sla s on mql { first touch within 4 hours }");
    // what a system sends and what the lead writes is no touch; the earliest touch wins
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 09:01", "auto_reply"),
        ("2026-03-02 09:30", "answer"),
        ("2026-03-02 10:00", "email"),
        ("2026-03-02 10:20", "call"),
    ];
    let expected =
        ["03-02 09:00 s first touch started, due 03-02 13:00", "03-02 10:00 s first touch met after 1:00 of 1:00"];
    assert_eq!(reported(&pact, &events, "2026-03-09 09:00"), expected);
    // in whatever order they come, and however often
    for turn in 0..events.len() {
        let mut shuffled = events.to_vec();
        shuffled.rotate_left(turn);
        assert_eq!(reported(&pact, &shuffled, "2026-03-09 09:00"), expected);
        shuffled.reverse();
        shuffled.push(events[turn]);
        assert_eq!(reported(&pact, &shuffled, "2026-03-09 09:00"), expected);
        let mut log = Log::default();
        shuffled.iter().for_each(|(when, what)| _ = log.take(event(&pact, when, what)));
        let (_, timeline) = replay_events(&pact, Record::new(&pact), &log, at("2026-03-09 09:00"));
        assert_eq!(lines(&pact, &timeline), expected);
    }
    // a touch before the lead came into the stage keeps no promise of it
    let before = [("2026-03-02 08:00", "in sal"), ("2026-03-02 08:30", "call"), ("2026-03-02 09:00", "in mql")];
    assert_eq!(reported(&pact, &before, "2026-03-02 12:00"), expected[..1]);
}

#[test]
fn edge_22_messages_of_one_sitting_are_one_touch() {
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 09:10", "email"),
        ("2026-03-02 09:12", "email"),
        ("2026-03-02 10:09:59", "email"),
        ("2026-03-02 10:10", "email"),
        ("2026-03-02 10:30", "call"),
        ("2026-03-02 11:30", "call"),
    ];
    let counted = |apart: &str| {
        let pact = pact(&format!("sla s on mql {{ at least 3 touches within 2 days {apart} }}"));
        reported(&pact, &events, "2026-03-03 09:00").split_off(1)
    };
    // the gap counts from the last touch that counted, and an hour is enough
    assert_eq!(
        counted(", 1 hour apart"),
        [
            "03-02 09:10 s touches 1 of 3",
            "03-02 10:10 s touches 2 of 3",
            "03-02 11:30 s touches met after 2:30 of 2:30"
        ]
    );
    assert_eq!(counted("")[2], "03-02 10:09:59 s touches met after 1:09:59 of 1:09:59");
}

#[test]
fn edge_23_nothing_is_owed_to_a_closed_lead() {
    let pact = pact(
        "sla s on mql { at least 2 touches within 1 day  outcome recorded within 3 days
           warn at 50% { alert ana }  on breach { alert boss } }",
    );
    // the lead has the last word, and the lead is closed: no promise is breached later
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 10:00", "call"),
        ("2026-03-02 11:00", "answer"),
        ("2026-03-02 12:00", "bad"),
    ];
    let (_, timeline) = replayed(&pact, &events, "2026-04-01 09:00");
    assert_eq!(
        lines(&pact, &timeline),
        [
            "03-02 09:00 s touches started, due 03-03 09:00",
            "03-02 09:00 s outcome started, due 03-05 09:00",
            "03-02 10:00 s touches 1 of 2",
            "03-02 12:00 s outcome met after 3:00 of 3:00",
            "03-02 12:00 s touches stopped"
        ]
    );
    assert_eq!(alerts(&timeline), Vec::<String>::new());
}

#[test]
fn edge_24_two_service_levels_on_one_lead() {
    let pact = pact(
        "sla fast on mql { first touch within 1 hour   warn at 50% { alert ana }   on breach { alert boss } }
         sla slow on mql { clock office  first touch within 4 business hours  pause while status = \"waiting\"
                           warn at 50% { alert bo } }",
    );
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 09:15", "set status waiting"),
        ("2026-03-02 10:15", "set status open"),
        ("2026-03-02 12:30", "call"),
    ];
    // each has its own measure, pause, warnings and end
    let (_, timeline) = replayed(&pact, &events, "2026-03-03 09:00");
    assert_eq!(
        lines(&pact, &timeline),
        [
            "03-02 09:00 fast first touch started, due 03-02 10:00",
            "03-02 09:00 slow first touch started, due 03-02 13:00",
            "03-02 09:15 slow first touch paused",
            "03-02 09:30 fast first touch warned at 50%",
            "03-02 10:00 fast first touch breached",
            "03-02 10:15 slow first touch resumed, due 03-02 14:00",
            "03-02 12:00 slow first touch warned at 50%",
            "03-02 12:30 fast first touch met late after 3:30 of 3:30",
            "03-02 12:30 slow first touch met after 2:30 of 3:30"
        ]
    );
    assert_eq!(alerts(&timeline), ["03-02 09:30 ana", "03-02 10:00 boss", "03-02 12:00 bo"]);
    let said = clocks(&pact, &events, "2026-03-03 09:00");
    assert_eq!(said.iter().map(state).collect::<Vec<_>>(), ["breached", "met"]);
}

#[test]
fn edge_25_touches_by_channel_and_after_an_opt_out() {
    let pact = pact("sla s on mql { clock office  at least 3 touches by call within 2 business days, 2 hours apart }");
    let events = [
        ("2026-03-02 10:00", "in mql"),
        ("2026-03-02 10:30", "email"),
        ("2026-03-02 11:00", "call"),
        ("2026-03-02 12:59", "call"),
        ("2026-03-02 13:00", "call"),
        ("2026-03-04 10:00", "call"),
    ];
    assert_eq!(
        reported(&pact, &events, "2026-03-09 09:00"),
        [
            "03-02 10:00 s touches started, due 03-04 10:00",
            "03-02 11:00 s touches 1 of 3",
            "03-02 13:00 s touches 2 of 3",
            "03-04 10:00 s touches met after 16:00 of 16:00"
        ]
    );
    // who was asked to leave the lead alone promises nothing any more, and keeps nothing by calling on
    let mut out = events.to_vec();
    out.push(("2026-03-02 13:00:01", "opt out"));
    assert_eq!(
        reported(&pact, &out, "2026-03-09 09:00")[2..],
        ["03-02 13:00 s touches 2 of 3", "03-02 13:00:01 s touches stopped"]
    );
}

// --- when it is broken -------------------------------------------------------------------------------------------

#[test]
fn edge_26_the_due_instant_to_the_second() {
    let pact = pact(
        "sla s on mql { first touch within 4 hours
           on breach { alert boss }  on breach after 30 minutes { alert chief } }",
    );
    let ends = |call: &str| {
        let (_, timeline) = replayed(&pact, &[("2026-03-02 09:00:07", "in mql"), (call, "call")], "2026-03-02 20:00");
        (lines(&pact, &timeline).split_off(1), alerts(&timeline))
    };
    assert_eq!(
        ends("2026-03-02 13:00:07"),
        (vec!["03-02 13:00:07 s first touch met after 4:00 of 4:00".into()], Vec::new())
    );
    let late = [
        "03-02 13:00:07 s first touch breached".to_owned(),
        "03-02 13:00:08 s first touch met late after 4:00:01 of 4:00:01".to_owned(),
    ];
    assert_eq!(ends("2026-03-02 13:00:08"), (late.to_vec(), vec!["03-02 13:00:07 boss".into()]));
    // a breach goes on until somebody meets the promise after all
    assert_eq!(ends("2026-03-02 13:30:06").1, ["03-02 13:00:07 boss"]);
    assert_eq!(ends("2026-03-02 14:00:00").1, ["03-02 13:00:07 boss", "03-02 13:30:07 chief"]);
    // a state that is looked at in the due instant itself has seen the breach
    let events = [("2026-03-02 09:00:07", "in mql")];
    assert_eq!(state(&clocks(&pact, &events, "2026-03-02 13:00:06")[0]), "running");
    assert_eq!(state(&clocks(&pact, &events, "2026-03-02 13:00:07")[0]), "breached");
}

#[test]
fn edge_27_state_and_timeline_use_one_clock() {
    let pact = pact(
        "sla s on mql { clock office  first touch within 4 business hours  outcome recorded within 2 days
           pause while status = \"waiting\"  warn at 50%, 75% { alert ana }  on reassignment restart }",
    );
    let events = [
        ("2026-03-06 15:00", "in mql"),
        ("2026-03-06 15:20", "set status waiting"),
        ("2026-03-06 16:40", "set status open"),
        ("2026-03-07 11:00", "to ana"),
        ("2026-03-09 12:00", "set status waiting"),
        ("2026-03-09 12:30", "set status open"),
        ("2026-03-09 16:00", "call"),
    ];
    let (_, whole) = replayed(&pact, &events, "2026-03-10 17:00");
    let mut now = at("2026-03-06 15:00");
    while now <= at("2026-03-10 17:00") {
        let (so_far, timeline) = replayed(&pact, &events, &now.format("%Y-%m-%d %H:%M:%S").to_string());
        let past = whole.entries.iter().filter(|entry| entry.at <= now).cloned().collect::<Vec<_>>();
        assert_eq!(timeline.entries, past, "{now}");
        for (clock, said) in so_far.clocks.iter().zip(decision(&pact, &so_far, &timeline).clocks) {
            let mut due = None;
            let mut word = "";
            for entry in &past {
                let EntryKind::Clock { sla, promise, change } = &entry.kind else { continue };
                if (*sla, *promise) != (clock.sla, clock.promise) {
                    continue;
                }
                match change {
                    ClockChange::Started { due: at } | ClockChange::Restarted { due: at } => {
                        (due, word) = (*at, "running");
                    }
                    ClockChange::Resumed { due: at } => {
                        (due, word) = (*at, if clock.warned > 0 { "warned" } else { "running" })
                    }
                    ClockChange::Paused => word = "paused",
                    ClockChange::Warned { .. } => word = "warned",
                    ClockChange::Breached => word = "breached",
                    ClockChange::Met { late, .. } => word = if *late { "breached" } else { "met" },
                    ClockChange::Counted { .. } | ClockChange::Stopped => {}
                }
            }
            assert_eq!(state(&said), word, "{now} {}", said.promise);
            if word != "paused" {
                assert_eq!(clock.due(&pact), due, "{now} {}", said.promise);
            }
            // time is used up in the due instant and not before
            let used_up = clock.used(&pact, now) >= clock.allowed().unwrap();
            assert_eq!(used_up, clock.breached.is_some(), "{now} {}", said.promise);
        }
        now += TimeDelta::minutes(10);
    }
    assert!(lines(&pact, &whole).contains(&"03-09 13:30 s first touch breached".to_owned()));
}

#[test]
fn edge_28_a_lead_that_became_part_of_another() {
    let pact = pact(
        "sla s on mql { first touch within 4 hours  outcome recorded within 3 days
           warn at 50% { alert ana }  on breach { alert boss } }",
    );
    let events = [("2026-03-02 09:00", "in mql"), ("2026-03-02 10:00", "merged into 2"), ("2026-03-02 10:30", "call")];
    let (merged, timeline) = replayed(&pact, &events, "2026-04-01 09:00");
    assert_eq!(lines(&pact, &timeline)[2..], ["03-02 10:00 s first touch stopped", "03-02 10:00 s outcome stopped"]);
    assert_eq!(alerts(&timeline), Vec::<String>::new());
    assert!(merged.clocks.iter().all(|clock| !clock.is_open()));
    // a converted lead is in its last stage
    let converted = [events[0], ("2026-03-02 10:00", "in lost")];
    assert_eq!(alerts(&replayed(&pact, &converted, "2026-04-01 09:00").1), Vec::<String>::new());
    // the lead that goes on has the earlier of the two starts
    let (other, _) = replayed(&pact, &events[..2], "2026-03-02 10:00");
    let absorbed = LeadEvent { at: at("2026-03-02 10:00"), id: None, what: took_in("1", other) };
    let log = Log::of(vec![event(&pact, "2026-03-02 09:30", "in mql"), absorbed]);
    let (_, timeline) = replay_events(&pact, Record::new(&pact), &log, at("2026-03-02 10:00"));
    assert_eq!(
        lines(&pact, &timeline),
        [
            "03-02 09:30 s first touch started, due 03-02 13:30",
            "03-02 09:30 s outcome started, due 03-05 09:30",
            "03-02 10:00 s first touch restarted, due 03-02 13:00",
            "03-02 10:00 s outcome restarted, due 03-05 09:00"
        ]
    );
}

#[test]
fn due_at_closing_time_is_due_then_and_the_next_opening_is_reported() {
    let pact = pact("sla s on mql { clock office  first touch within 4 business hours }");
    let events = [("2026-03-06 13:00", "in mql")];
    let said = &clocks(&pact, &events, "2026-03-06 16:59:59")[0];
    assert_eq!((state(said).as_str(), said.left), ("running", Some(1)));
    assert_eq!(said.due.as_deref(), Some("2026-03-06T17:00:00+00:00"));
    assert_eq!(said.due_at_next_open.as_deref(), Some("2026-03-09T09:00:00+00:00"));
    // the weekend adds nothing, and saves nothing
    assert_eq!(reported(&pact, &events, "2026-03-07 09:00")[1], "03-06 17:00 s first touch breached");
    let late = [events[0], ("2026-03-07 09:00", "call")];
    assert_eq!(reported(&pact, &late, "2026-03-08 09:00")[2], "03-07 09:00 s first touch met late after 4:00 of 4:00");
}

#[test]
fn the_cases_of_a_help_desk() {
    let Some(folder) = common::data("business_time") else { return };
    let text = std::fs::read_to_string(folder.join("pause_cases.json")).unwrap();
    let data: Json = serde_json::from_str(&text).unwrap();
    let instant = |value: &Json| value.as_str().unwrap().parse::<Instant>().unwrap();
    let mut judged = 0;
    for case in data["cases"].as_array().unwrap() {
        let created = instant(&case["created"]);
        let minutes = |name: &str| case["targets_min"][name].as_i64().unwrap();
        let pact = pact(&format!(
            "calendar desk {{ {} }}
             sla s on mql {{ clock desk  pause while status = \"waiting\"
               first touch within {} business minutes  outcome recorded within {} business minutes }}",
            hours(&case["calendar"]),
            minutes("first_response"),
            minutes("close"),
        ));
        let calendar = &pact[pact.calendar("desk").unwrap()].calendar;
        let replayed_case = |events: &[(Instant, &str)], until: Instant| {
            let begin = LeadEvent { at: created, ..event(&pact, "2026-03-02 09:00", "in mql") };
            let events =
                events.iter().map(|(at, what)| LeadEvent { at: *at, ..event(&pact, "2026-03-02 09:00", what) });
            let log = Log::of(std::iter::once(begin).chain(events).collect());
            replay_events(&pact, Record::new(&pact), &log, until)
        };
        for (position, name) in ["first_response", "close"].into_iter().enumerate() {
            let due = |state: &LeadState| state.clocks[position].due(&pact).unwrap();
            assert_eq!(
                due(&replayed_case(&[], created).0),
                instant(&case["expected_due"][name]),
                "{} {name}",
                case["id"]
            );
            // the data have no pauses: one of any length moves the due instant by what of it is open
            for length in [1, 30, 8 * 60, 24 * 60, 80 * 60] {
                let (from, to) = (created + TimeDelta::minutes(10), created + TimeDelta::minutes(10 + length));
                let (state, _) = replayed_case(&[(from, "set status waiting"), (to, "set status open")], to);
                let later = minutes(name) * 60 + calendar.elapsed(from, to);
                assert_eq!(Some(due(&state)), calendar.due(created, later).map(|due| due.at), "{name} {length}");
            }
            // how long it took, and how much was left of it; an answer that is corrected counts as it was corrected
            let kind = if name == "close" { "later" } else { "call" };
            for step in case["sequence"].as_array().into_iter().flatten() {
                let Some(taken) = step[format!("{name}_in_min")].as_i64() else { continue };
                let ended = instant(&step["at"]);
                let (state, _) = replayed_case(&[(ended, kind)], ended);
                let clock = &state.clocks[position];
                assert_eq!(clock.used(&pact, ended), taken * 60, "{step}");
                let left = step[format!("{name}_diff_in_min")].as_i64().unwrap();
                assert_eq!(clock.allowed().unwrap() - taken * 60, left * 60, "{step}");
                assert_eq!(clock.breached.is_some(), left < 0, "{step}");
                judged += 1;
            }
        }
    }
    assert_eq!(judged, 4);
}

/// Weekly hours as the data write them, as a pact does.
fn hours(data: &Json) -> String {
    let zone = format!("time zone {}", data["tz"]);
    let day = |(day, shifts): (&String, &Json)| {
        let shift = |pair: &Json| format!("{} to {}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap());
        let shifts: Vec<String> = shifts.as_array().unwrap().iter().map(shift).collect();
        format!("{day} {}", shifts.join(", "))
    };
    std::iter::once(zone).chain(data["hours"].as_object().unwrap().iter().map(day)).collect::<Vec<_>>().join("  ")
}

#[test]
fn edge_29_of_several_warnings_that_have_passed_the_last_speaks() {
    let text = AGREEMENT.replace(
        "pipeline way {",
        "handoff inquiry to mql { carry id }
         pipeline way { stage inquiry { owner marketing  move to mql when any answer }",
    );
    let pact = pact_of(&format!(
        "{text} sla s on sal {{ starts at qualification  first touch within 10 hours
           warn at 25%, 50%, 75%, 90% {{ alert ana }}  on breach {{ alert boss }} }}"
    ));
    let alerted = |entry: &str| {
        let events = [("2026-03-02 08:00", "known"), ("2026-03-02 09:00", "answer"), (entry, "in sal")];
        alerts(&replayed(&pact, &events, "2026-03-03 09:00").1)
    };
    // handed over at 09:00: at 17:00 80% are used up
    assert_eq!(alerted("2026-03-02 17:00"), ["03-02 17:00 ana", "03-02 18:00 ana", "03-02 19:00 boss"]);
    assert_eq!(
        alerted("2026-03-02 09:00:01"),
        ["03-02 11:30 ana", "03-02 14:00 ana", "03-02 16:30 ana", "03-02 18:00 ana", "03-02 19:00 boss"]
    );
    // past its whole time there is nothing left to warn of
    assert_eq!(alerted("2026-03-02 20:00"), ["03-02 20:00 boss"]);
}

// --- one instant -------------------------------------------------------------------------------------------------

#[test]
fn what_happens_in_the_instant_of_leaving_still_counts() {
    let pact = pact("sla s on mql { first touch within 4 hours  on reassignment restart }");
    let begin = ("2026-03-02 09:00", "in mql");
    for end in ["in lost", "merged into 2", "to ana"] {
        let events = [begin, ("2026-03-02 10:00", "call"), ("2026-03-02 10:00", end)];
        let expected = ["03-02 10:00 s first touch met after 1:00 of 1:00"];
        assert_eq!(reported(&pact, &events, "2026-03-02 10:00")[1..], expected, "{end}");
    }
}

#[test]
fn the_engines_own_answer_keeps_no_promise() {
    let rules = "sla s on mql { outcome recorded within 4 hours }";
    let text = AGREEMENT.replace("stage mql  {", "stage mql  { on enter dispose as later ");
    let pact = pact_of(&format!("{text} {rules}"));
    let events = [("2026-03-02 08:00", "in sal"), ("2026-03-02 09:00", "in mql")];
    assert_eq!(reported(&pact, &events, "2026-03-02 12:00"), ["03-02 09:00 s outcome started, due 03-02 13:00"]);
}

#[test]
fn in_the_due_instant_a_pause_or_a_move_is_in_time() {
    let begin = ("2026-03-02 09:00", "in mql");
    let events = [begin, ("2026-03-02 13:00", "set status waiting"), ("2026-03-02 14:00", "set status open")];
    assert_eq!(
        reported(&pact(PAUSES), &events, "2026-03-02 15:00")[1..],
        [
            "03-02 13:00 s first touch paused",
            "03-02 14:00 s first touch resumed, due 03-02 14:00",
            "03-02 14:00 s first touch breached"
        ]
    );
    let leaves = [begin, ("2026-03-02 13:00", "in lost")];
    assert_eq!(reported(&pact(PAUSES), &leaves, "2026-03-02 15:00")[1..], ["03-02 13:00 s first touch stopped"]);
    // a promise that is broken does not stand still
    let broken = [begin, ("2026-03-02 13:00:01", "set status waiting")];
    assert_eq!(reported(&pact(PAUSES), &broken, "2026-03-02 15:00")[1..], ["03-02 13:00 s first touch breached"]);
}

#[test]
fn the_whole_time_and_its_shares() {
    let pact = pact(
        "sla s on mql { clock office  first touch within 1 business day  work at most 2 days
           warn at 50% { alert ana }  on breach of first touch after 2 business hours { alert boss } }",
    );
    let events = [("2026-03-02 15:00", "in mql")];
    assert_eq!(replayed(&pact, &events, "2026-03-02 15:00").0.clocks[0].allowed(), Some(8 * 3600));
    let (_, timeline) = replayed(&pact, &events, "2026-03-10 15:00");
    assert_eq!(
        lines(&pact, &timeline),
        [
            "03-02 15:00 s first touch started, due 03-03 15:00",
            "03-02 15:00 s work started, due 03-04 15:00",
            "03-03 11:00 s first touch warned at 50%",
            "03-03 15:00 s first touch breached",
            "03-03 15:00 s work warned at 50%",
            "03-04 15:00 s work breached"
        ]
    );
    assert_eq!(alerts(&timeline), ["03-03 11:00 ana", "03-03 15:00 ana", "03-03 17:00 boss"]);
    // leaving keeps the one, and what was still to come of the other falls away
    let left = [events[0], ("2026-03-03 16:59:59", "in lost")];
    let (_, timeline) = replayed(&pact, &left, "2026-03-10 15:00");
    let lines = lines(&pact, &timeline);
    assert_eq!(
        lines[lines.len() - 2..],
        ["03-03 16:59:59 s first touch stopped", "03-03 16:59:59 s work met after 25:59:59 of 25:59:59"]
    );
    assert_eq!(alerts(&timeline).len(), 2);
}

// --- coming back, and two records of one person ------------------------------------------------------------------

#[test]
fn a_clock_that_never_ran_does_not_wait_for_ever() {
    let pact = pact("sla s on mql { starts at assignment  first touch within 4 hours  on reopening keep }");
    let events = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 10:00", "in sal"),
        ("2026-03-02 11:00", "to ana"),
        ("2026-03-02 12:00", "in mql"),
    ];
    assert_eq!(
        reported(&pact, &events, "2026-03-02 13:00"),
        ["03-02 10:00 s first touch stopped", "03-02 12:00 s first touch started, due 03-02 16:00"]
    );
}

#[test]
fn speed_to_lead_is_never_less_than_the_clocks_own_time() {
    let text = AGREEMENT.replace(
        "pipeline way {",
        "handoff inquiry to mql { carry id }
         pipeline way { stage inquiry { owner marketing  move to mql when any answer }",
    );
    let pact = pact_of(&format!("{text} sla s on sal {{ starts at qualification  first touch within 10 hours }}"));
    let events = [
        ("2026-03-02 08:00", "known"),
        ("2026-03-02 09:00", "answer"),
        ("2026-03-02 11:00", "call"),
        ("2026-03-02 12:00", "in sal"),
    ];
    assert_eq!(reported(&pact, &events, "2026-03-02 13:00")[1], "03-02 12:00 s first touch met after 2:00 of 2:00");
}

fn absorbed(pact: &Pact, mine: &[(&str, &str)], theirs: &[(&str, &str)], when: &str, until: &str) -> Vec<String> {
    let (state, _) = replayed(pact, theirs, when);
    let absorbed = LeadEvent { at: at(when), id: None, what: took_in("1", state) };
    let mine = mine.iter().map(|(when, what)| event(pact, when, what));
    let log = Log::of(mine.chain([absorbed]).collect());
    lines(pact, &replay_events(pact, Record::new(pact), &log, at(until)).1)
}

#[test]
fn touches_of_two_records_count_once_each() {
    let pact = pact("sla s on mql { at least 3 touches within 2 days }");
    let mine = [("2026-03-02 09:00", "in mql"), ("2026-03-02 10:00", "call"), ("2026-03-02 11:00", "call")];
    // what the other record knew from before is no touch in time, and moves none to be counted again
    let before = [("2026-03-01 09:00", "in sal"), ("2026-03-01 10:00", "call"), ("2026-03-01 11:00", "call")];
    let told = absorbed(&pact, &mine, &before, "2026-03-02 12:00", "2026-03-02 13:00");
    assert_eq!(
        told,
        [
            "03-02 09:00 s touches started, due 03-04 09:00",
            "03-02 10:00 s touches 1 of 3",
            "03-02 11:00 s touches 2 of 3"
        ]
    );
}

#[test]
fn the_earlier_clock_of_two_goes_on_with_its_pauses() {
    let pact = pact(PAUSES);
    let theirs = [
        ("2026-03-02 09:00", "in mql"),
        ("2026-03-02 09:30", "set status waiting"),
        ("2026-03-02 10:30", "set status open"),
    ];
    let told = absorbed(&pact, &[("2026-03-02 11:00", "in mql")], &theirs, "2026-03-02 12:00", "2026-03-02 13:00");
    assert_eq!(told[1], "03-02 12:00 s first touch restarted, due 03-02 14:00");
}

#[test]
fn an_answer_that_moved_one_of_two_records_keeps_no_promise() {
    let pact = pact("sla s on sal { outcome recorded within 1 day }");
    let theirs = [("2026-03-02 08:00", "in mql"), ("2026-03-02 09:00", "good")];
    let mine = [("2026-03-02 08:00", "in mql"), ("2026-03-02 10:00", "good")];
    let restarted = ["03-02 12:00 s outcome restarted, due 03-03 09:00"];
    assert_eq!(absorbed(&pact, &mine, &theirs, "2026-03-02 12:00", "2026-03-02 13:00")[1..], restarted);
    // the other record came later: its answer is none to the promise that was made before
    let told = absorbed(&pact, &theirs, &mine, "2026-03-02 12:00", "2026-03-02 13:00");
    assert_eq!(told, ["03-02 09:00 s outcome started, due 03-03 09:00"]);
    // an answer after that keeps it
    let answered = [theirs[0], theirs[1], ("2026-03-02 11:00", "later")];
    let told = absorbed(&pact, &mine, &answered, "2026-03-02 12:00", "2026-03-02 13:00");
    assert_eq!(told[1..], ["03-02 12:00 s outcome met after 1:00 of 1:00"]);
}

#[test]
fn a_touch_counts_in_the_stage_it_leads_to_and_an_answer_does_not() {
    let rules = AGREEMENT.replace("when disposition = good ", "when disposition = good or any call in last 1 day ");
    let told = |rule: &str, events: &[(&str, &str)]| {
        let pact = pact_of(&format!("{rules} {rule}"));
        reported(&pact, events, "2026-03-02 13:00")
    };
    let called = [("2026-03-02 09:00", "in mql"), ("2026-03-02 10:00", "call"), ("2026-03-02 11:00", "call")];
    let first = "sla s on sal { first touch within 4 hours }";
    let met =
        ["03-02 10:00 s first touch started, due 03-02 14:00", "03-02 10:00 s first touch met after 0:00 of 0:00"];
    assert_eq!(told(first, &called), met);
    // the stage that it left had the same touch
    let left = "sla m on mql { first touch within 4 hours }";
    assert_eq!(told(left, &called)[1..], ["03-02 10:00 m first touch met after 1:00 of 1:00"]);
    // one more than that is what two touches ask for
    let two = "sla t on sal { at least 2 touches within 4 hours }";
    let counted = ["03-02 10:00 t touches 1 of 2", "03-02 11:00 t touches met after 1:00 of 1:00"];
    assert_eq!(told(two, &called)[1..], counted);
    // an answer, and a touch before the instant of the move, meet nothing there
    let answered = [("2026-03-02 09:00", "in mql"), ("2026-03-02 09:30", "email"), ("2026-03-02 10:00", "good")];
    assert_eq!(told(first, &answered), met[..1]);
    let outcome = "sla o on sal { outcome recorded within 4 hours }";
    assert_eq!(told(outcome, &answered), ["03-02 10:00 o outcome started, due 03-02 14:00"]);
}

// --- the table ---------------------------------------------------------------------------------------------------

#[test]
fn each_row_of_the_table_has_its_test() {
    let root = env!("CARGO_MANIFEST_DIR");
    let page = std::fs::read_to_string(format!("{root}/docs/semantics-clocks.md")).unwrap();
    let tests = std::fs::read_to_string(format!("{root}/tests/edge_clocks.rs")).unwrap();
    let cell = |row: &str| row.strip_prefix("| ")?.split_once(" |")?.0.parse::<u32>().ok();
    let rows: Vec<u32> = page.lines().filter_map(cell).collect();
    assert_eq!(rows, (14..=29).collect::<Vec<_>>());
    let number = |line: &str| line.strip_prefix("fn edge_")?.split_once('_')?.0.parse::<u32>().ok();
    let numbers: Vec<u32> = tests.lines().filter_map(number).collect();
    assert_eq!(numbers, rows);
}

/// Another lead became part of this one.
fn took_in(lead: &str, state: LeadState) -> EventKind {
    EventKind::Absorbed(Box::new(AbsorbedLead { lead: lead.into(), by: None, state, timeline: EntryLog::default() }))
}

//! Figures: the worked ones of the document, what holds for all, and those of public data beside an independent count.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::load::load;
use leadpact::internals::measure::{
    Dimension, Drift, Figure, FigurePlace, Figures, Series, Standing, all_metrics, calibration_reports,
    calibration_series, compare, measure_report, report_series, series_before,
};
use leadpact::internals::pact::{MetricId, Pact, Period};
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use leadpact::internals::testing::run;
use leadpact::internals::time::Instant;
use leadpact::internals::world::Memory;
use proptest::prelude::*;
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The blocks of a kind in a document.
fn blocks<'d>(document: &'d str, kind: &str) -> Vec<&'d str> {
    let fence = format!("```{kind}\n");
    document.split(&*fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_worked_figures_of_the_document_come_out() {
    let page = root().join("docs/semantics-measures.md");
    let document = std::fs::read_to_string(&page).unwrap();
    let here = tempfile::tempdir().unwrap();
    std::fs::write(here.path().join("figures.pact"), blocks(&document, "pact")[0]).unwrap();
    std::fs::write(here.path().join("events.ndjson"), blocks(&document, "ndjson")[0]).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_leadpact")).parent().unwrap();
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut blessed = document.clone();
    let commands = blocks(&document, "console");
    assert_eq!(commands.len(), 4);
    for block in commands {
        let (command, expected) = block.strip_prefix("$ ").unwrap().split_once('\n').unwrap();
        let output = Command::new("sh").args(["-c", command]).env("PATH", &path).current_dir(here.path()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
        let printed = String::from_utf8_lossy(&output.stdout).trim_end().to_owned() + "\n";
        blessed = blessed.replace(&format!("$ {command}\n{expected}```"), &format!("$ {command}\n{printed}```"));
        if std::env::var_os("LEADPACT_BLESS").is_none() {
            assert_eq!(printed, expected, "{command}");
        }
    }
    if std::env::var_os("LEADPACT_BLESS").is_some() {
        std::fs::write(page, blessed).unwrap();
    }
}

fn pact(text: &str) -> Pact {
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    loaded.pact.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
}

fn figures(pact: &Pact, inputs: Vec<(&str, &str, Format)>, series: &[Series], threads: usize) -> Figures {
    figures_until(pact, inputs, series, threads, "2026-06-01T00:00:00Z")
}

fn figures_until(
    pact: &Pact,
    inputs: Vec<(&str, &str, Format)>,
    series: &[Series],
    threads: usize,
    until: &str,
) -> Figures {
    let mut gathered = Gathered::default();
    for (source, text, format) in inputs {
        let rows = rows(Box::new(std::io::Cursor::new(text.to_owned())), "events", Some(format)).unwrap();
        let input = LeadInput { name: "events".into(), rows, intake: pact.intake(source) };
        gathered.read(pact, input, &mut |rejected| panic!("{}", rejected.reject), &mut || {}).unwrap();
    }
    let total: Mutex<Figures> = Mutex::default();
    let count = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
        let mut one = Figures::default();
        one.add(pact, series, replayed);
        total.lock().unwrap().merge(one);
        Ok(())
    };
    let options = ReplayOptions { until: Some(until.parse().unwrap()), threads, known: true };
    replay(pact, gathered, options, &count, &mut |_| Ok(())).unwrap();
    total.into_inner().unwrap()
}

const LOOP: &str = r#"
pact loop { parties marketing, sales  time zone "Europe/Istanbul" }
lead { id text key  source text?  size integer?  email text?  match on email }
activity demo
touch call
disposition won { amount money EUR }
disposition later
score fit 0 to 100 { give 10 per demo  give 30 when size > 10 }
band heat of fit { hot >= 30  warm > 0  otherwise cold }
pipeline all {
  stage inquiry { owner marketing  move to mql when fit >= 10 }
  stage mql { owner sales  move to customer when disposition = won }
  stage customer { owner sales  final }
}
route everyone { to team sellers round robin when id is present  otherwise to queue rest }
team sellers { member ana  member bo }
handoff inquiry to mql { route by everyone }
sla speed on mql { owner sales  agreed by marketing, sales  first touch within 4 hours }
recycle not_now { from mql  when disposition = later  to inquiry  rest 1 day }
metric mqls    = leads entering mql
metric people  = leads entering mql once per lead
metric soon    = mql -> customer within 20 days
metric big     = leads entering mql where size > 10 and fit >= 20
metric won     = mql -> customer
metric follow  = median time from entering mql to first touch
metric revenue = sum of won.amount where amount > 5 EUR
metric calls   = count of call
metric answers = count of later
metric each    = revenue / calls
"#;

/// Events of four leads within three months: late, repeated, corrected, merged, recycled.
fn events() -> impl Strategy<Value = Vec<String>> {
    let says = prop_oneof![
        3 => Just(r#""event": "demo""#.to_owned()),
        2 => Just(r#""event": "call""#.to_owned()),
        1 => Just(r#""event": "later""#.to_owned()),
        1 => (1..20u32).prop_map(|n| format!(r#""event": "won", "amount": "{n} EUR""#)),
        2 => prop::sample::select(vec!["web", "fair"]).prop_map(|it| format!(r#""event": "record", "source": "{it}""#)),
        1 => (1..30u32).prop_map(|n| format!(r#""event": "record", "size": {n}"#)),
        1 => prop::sample::select(vec!["x@a.example", "y@a.example"])
            .prop_map(|it| format!(r#""event": "record", "email": "{it}""#)),
        1 => prop::sample::select(vec!["a", "b", "c", "e"]).prop_map(|it| format!(r#""event": "merged", "into": "{it}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "demo", "event_id": "e{n}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "correction", "of": "e{n}""#)),
    ];
    let lead = prop::sample::select(vec!["a", "b", "c", "d"]);
    let row = (lead, 0..90i64, 0..24u32, says).prop_map(|(lead, day, hour, says)| {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 2, 10).unwrap() + chrono::TimeDelta::days(day);
        format!("{{\"lead\": \"{lead}\", \"at\": \"{date}T{hour:02}:00:00+03:00\", {says}}}\n")
    });
    prop::collection::vec(row, 1..40)
}

fn count(figure: Option<Figure>) -> (u64, u64, u64, Vec<String>) {
    match figure {
        Some(Figure::Count { value }) => (value, 0, 0, Vec::new()),
        Some(Figure::Share { reached, of, open, .. }) => (reached, of, open, Vec::new()),
        Some(Figure::Time { of, open, .. }) => (of, 0, open, Vec::new()),
        Some(Figure::Amounts { values }) => (0, 0, 0, values.iter().map(ToString::to_string).collect()),
        _ => (0, 0, 0, Vec::new()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    /// Groups and periods add up to the whole; the order of events, their repetition and the number of threads change nothing.
    #[test]
    fn parts_add_up_to_the_whole_in_whatever_order(events in events(), seed in any::<u64>()) {
        let pact = pact(LOOP);
        let names = ["source", "heat", "fit", "owner", "team", "person", "round", "stage", "program.kind", "disposition"];
        let by: Vec<Dimension> = names.iter().map(|name| Dimension::named(&pact, name).unwrap()).collect();
        let metrics: Vec<MetricId> = (0..pact.metrics.len() as u32).map(MetricId).collect();
        let mut series = vec![Series { period: Some(Period::Month), metrics: metrics.clone(), ..Series::default() }];
        series.extend(by.iter().map(|one| Series { by: vec![*one], metrics: metrics.clone(), ..Series::default() }));
        series.push(Series { period: Some(Period::Week), by, metrics: metrics.clone(), ..Series::default() });
        let whole = figures(&pact, vec![("", &events.concat(), Format::Ndjson)], &series, 1);
        let mut turned = [events.clone(), events].concat();
        turned.sort_by_key(|row| {
            use std::hash::{DefaultHasher, Hash, Hasher};
            let mut hasher = DefaultHasher::new();
            (seed, row).hash(&mut hasher);
            hasher.finish()
        });
        let again = figures(&pact, vec![("", &turned.concat(), Format::Ndjson)], &series, 3);
        prop_assert_eq!(&again, &whole, "order, repetition, threads");
        for (at, asked) in series.iter().enumerate() {
            let places = whole.places(at);
            for metric in metrics.iter().filter(|metric| &*pact[**metric].name != "each") {
                let all = count(whole.figure(&pact, at, *metric, &FigurePlace { period: None, group: None }));
                let parts = |part: &dyn Fn(&FigurePlace) -> bool| {
                    let mut sums = (0, 0, 0, rust_decimal::Decimal::ZERO);
                    for place in places.iter().filter(|place| part(place)) {
                        let part = count(whole.figure(&pact, at, *metric, place));
                        let amount = part.3.first().map_or("0", |amount| amount.split(' ').next().unwrap());
                        let amount: rust_decimal::Decimal = amount.parse().unwrap();
                        sums = (sums.0 + part.0, sums.1 + part.1, sums.2 + part.2, sums.3 + amount);
                    }
                    sums
                };
                let amount = all.3.first().map_or("0", |amount| amount.split(' ').next().unwrap());
                let expected = (all.0, all.1, all.2, amount.parse::<rust_decimal::Decimal>().unwrap());
                let name = &pact[*metric].name;
                if asked.period.is_some() {
                    prop_assert_eq!(parts(&|place| place.period.is_some() && place.group.is_none()), expected, "{} by period", name);
                }
                if !asked.by.is_empty() {
                    prop_assert_eq!(parts(&|place| place.period.is_none() && place.group.is_some()), expected, "{} by group", name);
                }
                if asked.period.is_some() && !asked.by.is_empty() {
                    prop_assert_eq!(parts(&|place| place.period.is_some() && place.group.is_some()), expected, "{} by both", name);
                }
            }
        }
    }
}

#[test]
fn a_change_is_told_where_chance_would_not_give_it() {
    let rules = |share: u32| {
        format!(
            r#"pact w {{ parties marketing, sales  time zone "UTC" }}
            lead {{ id text key }}
            activity demo, ready
            pipeline all {{
              stage inquiry {{ owner marketing  move to mql when any ready }}
              stage mql {{ owner sales  final }}
            }}
            metric rate = inquiry -> mql
            metric demos = count of demo
            watch rate {{
              compare last 2 weeks with the 2 weeks before  alert when it changes by {share}% or more  review mql
            }}
            watch demos {{ compare last 1 week with the 2 weeks before  alert when it changes by {share}% or more }}
            review weekly every 1 week {{ rate }}"#
        )
    };
    // of ten in each fortnight, so many go on
    let events = |before: u32, now: u32| {
        let lead = |n: u32, day: u32, on: bool| {
            let event = |event: &str| {
                format!("{{\"lead\": \"{n}\", \"at\": \"2026-03-{day:02}T09:00:00Z\", \"event\": \"{event}\"}}\n")
            };
            event("demo") + &if on { event("ready") } else { String::new() }
        };
        let first = (0..10).map(|n| lead(n, 3 + n % 7, n < before));
        first.chain((0..10).map(|n| lead(100 + n, 17 + n % 7, n < now))).collect::<String>()
    };
    let drift = |before: u32, now: u32, share: u32| {
        let pact = pact(&rules(share));
        let at = "2026-03-29T00:00:00Z".parse().unwrap();
        let series = report_series(&pact, Series::default(), at);
        let counted = figures(&pact, vec![("", &events(before, now), Format::Ndjson)], &series, 1);
        let report = measure_report(&pact, &counted, &series, &[], at);
        let rate = report.watches.iter().find(|watch| &*watch.metric == "rate").expect("it is watched");
        let text = |number: Option<rust_decimal::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
        (rate.drift, text(rate.change), text(rate.chance))
    };
    assert_eq!(drift(8, 2, 25), (Drift::Changed, "-0.75".into(), "0.023".into()));
    assert_eq!(drift(2, 8, 25), (Drift::Changed, "3".into(), "0.023".into()));
    assert_eq!(drift(5, 3, 25), (Drift::MayBeChance, "-0.4".into(), "0.6499".into()));
    assert_eq!(drift(5, 3, 50), (Drift::Steady, "-0.4".into(), "0.6499".into()));
    assert_eq!(drift(0, 3, 50), (Drift::NoFigure, String::new(), "0.2105".into()));
    // five demos in the last week beside ten in the fortnight before are what they were
    let pact = pact(&rules(10));
    let at = "2026-03-31T00:00:00Z".parse().unwrap();
    let series = report_series(&pact, Series::default(), at);
    let demo = |n: u32| {
        let day = 10 + (n * 21 / 30);
        format!("{{\"lead\": \"{n}\", \"at\": \"2026-03-{day:02}T09:00:00Z\", \"event\": \"demo\"}}\n")
    };
    let counted = figures(&pact, vec![("", &(0..30).map(demo).collect::<String>(), Format::Ndjson)], &series, 1);
    let report = measure_report(&pact, &counted, &series, &[], at);
    let demos = report.watches.iter().find(|watch| &*watch.metric == "demos").expect("it is watched");
    assert_eq!((demos.drift, demos.change), (Drift::Steady, Some(0.into())), "{demos:?}");
}

#[test]
fn points_are_held_against_what_came_of_them() {
    let pact = pact(LOOP);
    // whoever has more demos is won more often
    let mut events = String::new();
    for lead in 0..40 {
        let mut event = |day: u32, what: &str| {
            events += &format!("{{\"lead\": \"{lead}\", \"at\": \"2026-03-{day:02}T09:00:00Z\", {what}}}\n");
        };
        event(2, &format!("\"event\": \"record\", \"size\": {}", if lead < 20 { 5 } else { 50 }));
        event(3, "\"event\": \"demo\"");
        if lead % 4 == 0 || lead >= 30 {
            event(5, "\"event\": \"won\", \"amount\": \"9 EUR\"");
        }
    }
    let asked =
        Series { metrics: vec![pact.metric("won").unwrap(), pact.metric("mqls").unwrap()], ..Series::default() };
    let series = calibration_series(&pact, &asked);
    assert_eq!(series.len(), 1, "one for each score");
    let counted = figures(&pact, vec![("", &events, Format::Ndjson)], &series, 1);
    let reports = calibration_reports(&pact, &counted, 0, &asked);
    let bins = |at: usize| {
        let bins = reports[at].bins.iter();
        bins.map(|bin| (bin.points.clone(), count(bin.figure.clone()))).collect::<Vec<_>>()
    };
    assert_eq!((reports.len(), &*reports[0].score), (1, "fit"));
    // the size is known when they come in: ten points for the demo, thirty for the size
    assert_eq!(
        bins(0),
        [("10 to 19".to_owned(), (5, 20, 15, Vec::new())), ("30 to 39".to_owned(), (13, 20, 7, Vec::new())),]
    );
}

#[test]
fn figures_stand_beside_those_of_as_long_a_time_before() {
    let pact = pact(LOOP);
    let demo = |lead: &str, day: &str, source: &str| {
        format!(
            "{{\"lead\": \"{lead}\", \"at\": \"{day}T09:00:00Z\", \"event\": \"record\", \"source\": \"{source}\"}}\n\
             {{\"lead\": \"{lead}\", \"at\": \"{day}T10:00:00Z\", \"event\": \"demo\"}}\n"
        )
    };
    let events = [
        demo("early", "2026-02-27", "web"),
        demo("a", "2026-03-02", "web"),
        demo("b", "2026-03-10", "fair"),
        demo("c", "2026-04-03", "web"),
        demo("d", "2026-04-04", "web"),
        demo("e", "2026-04-30", "web"),
    ];
    let at = "2026-05-10T00:00:00Z".parse().unwrap();
    // thirty-one days of April and May, beside those that begin on 1 March
    let local = |day: &str| pact.zone.read(day);
    let by = vec![Dimension::named(&pact, "source").unwrap()];
    let asked = Series { from: local("2026-04-01"), to: local("2026-05-02"), by, ..Series::default() };
    let asked = Series { metrics: vec![pact.metric("mqls").unwrap()], ..asked };
    let before = series_before(&pact, &asked, at).expect("it has a beginning");
    assert_eq!((before.from, before.to), (local("2026-03-01"), local("2026-04-01")));
    let series = [report_series(&pact, asked.clone(), at), vec![before.clone()]].concat();
    let counted = figures(&pact, vec![("", &events.concat(), Format::Ndjson)], &series, 1);
    let names = ["source".to_owned()];
    let mut report = measure_report(&pact, &counted, &series, &names, at);
    compare(&mut report, &pact, &counted, (series.len() - 1, &before), &names);
    let told = report.metrics[0].figures.iter().map(|figure| {
        let group = figure.group.values().next().cloned().unwrap_or_default();
        let change = figure.change.map(|change| change.to_string()).unwrap_or_default();
        (group, count(figure.figure.clone()).0, count(figure.before.clone()).0, change)
    });
    // a group that was there before only is there
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            (String::new(), 3, 2, "0.5".to_owned()),
            ("web".to_owned(), 3, 1, "2".to_owned()),
            ("fair".to_owned(), 0, 1, "-1".to_owned()),
        ]
    );
    assert!(series_before(&pact, &Series::default(), at).is_none());
}

#[test]
fn a_target_is_held_against_the_exact_share() {
    // two of three is less than 66.67%, though it is written so
    let standing = |level: &str| {
        let rules = format!(
            r#"pact m {{ parties marketing, sales }}  lead {{ id text key }}  activity demo
            pipeline all {{ stage inquiry {{ owner marketing  move to mql when any demo }}  stage mql {{ owner sales  final }} }}
            metric rate = inquiry -> mql
            target marketing rate {level}"#
        );
        let pact = pact(&rules);
        let event = |lead: &str, says: &str| {
            format!("{{\"lead\": \"{lead}\", \"at\": \"2026-03-02T09:00:00Z\", \"event\": \"{says}\"}}\n")
        };
        let events = event("a", "demo") + &event("b", "demo") + &event("c", "record");
        let at = "2026-03-29T00:00:00Z".parse().unwrap();
        let series = report_series(&pact, Series::default(), at);
        let counted = figures(&pact, vec![("", &events, Format::Ndjson)], &series, 1);
        measure_report(&pact, &counted, &series, &[], at).targets[0].standing
    };
    assert_eq!(standing(">= 66.67%"), Standing::Behind);
    assert_eq!(standing(">= 66.66%"), Standing::OnTrack);
    assert_eq!(standing("< 66.67%"), Standing::OnTrack);
}

#[test]
fn the_meeting_fits_on_a_page() {
    let events = ["events.ndjson", "crm.ndjson"].map(|file| format!("rules/acme/{file}"));
    for format in ["table", "markdown", "json"] {
        let output = Command::new(env!("CARGO_BIN_EXE_leadpact"))
            .args(["review", "pipeline_meeting", "rules/acme", &events[0], &events[1], "--quiet"])
            .args(["--at", "2026-03-16 09:00", "--format", format])
            .current_dir(root())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let page = String::from_utf8_lossy(&output.stdout);
        insta::with_settings!({ filters => vec![(r"sha256:[0-9a-f]{64}", "sha256:…")] }, {
            insta::assert_snapshot!(format!("review_{format}"), page);
        });
    }
}

/// The rows of a CSV file without quotes, by column.
fn table(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap().split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Promises by person add up to all of them, and these are the clocks that a replay counts.
    #[test]
    fn promises_are_those_of_a_replay(events in events()) {
        let pact = pact(LOOP);
        let series = [Series { by: vec![Dimension::named(&pact, "person").unwrap()], ..Series::default() }];
        let counted = figures(&pact, vec![("", &events.concat(), Format::Ndjson)], &series, 1);
        let at = "2026-06-01T00:00:00Z".parse().unwrap();
        let report = measure_report(&pact, &counted, &series, &["person".to_owned()], at);
        let sum = |whole: bool| {
            let part = report.promises.iter().filter(|promise| promise.group.is_empty() == whole);
            part.fold([0; 5], |sum, promise| {
                [
                    sum[0] + promise.in_time,
                    sum[1] + promise.late,
                    sum[2] + promise.broken,
                    sum[3] + promise.open,
                    sum[4] + promise.stopped,
                ]
            })
        };
        prop_assert_eq!(sum(true), sum(false));
        let mut gathered = Gathered::default();
        let rows = rows(Box::new(std::io::Cursor::new(events.concat())), "events", Some(Format::Ndjson)).unwrap();
        let input = LeadInput { name: "events".into(), rows, intake: None };
        gathered.read(&pact, input, &mut |rejected| panic!("{}", rejected.reject), &mut || {}).unwrap();
        let options = ReplayOptions { until: Some(at), ..ReplayOptions::default() };
        let summary = replay(&pact, gathered, options, &|_, _| Ok(()), &mut |_| Ok(())).unwrap();
        let clocks = summary.clocks.values().next().copied().unwrap_or_default();
        // a lead that became part of another is counted with that one, where the replay counts both
        if summary.merged == 0 {
            prop_assert_eq!(sum(true), [clocks.met, clocks.late, clocks.breached, clocks.open, clocks.stopped]);
        }
    }
}

#[test]
fn metrics_that_name_each_other_are_counted_once() {
    // each is twice the one before: written out they would be more than there are atoms; and a way of thousands
    let mut rules = r#"pact m { parties marketing, sales }  lead { id text key }  activity demo
        pipeline all { stage inquiry { owner marketing  move to mql when any demo }  stage mql { owner sales  final } }
        metric m0 = leads entering mql  metric n0 = leads entering mql"#
        .to_owned();
    for n in 1..=90 {
        rules += &format!("  metric m{n} = m{0} + m{0}", n - 1);
    }
    for n in 1..=3_000 {
        rules += &format!("  metric n{n} = n{} + 1", n - 1);
    }
    let pact = pact(&rules);
    let series =
        [Series { metrics: vec![pact.metric("m90").unwrap(), pact.metric("n3000").unwrap()], ..Series::default() }];
    let event = r#"{"lead": "a", "at": "2026-03-02T09:00:00Z", "event": "demo"}"#;
    let counted = figures(&pact, vec![("", event, Format::Ndjson)], &series, 1);
    let number = |name: &str| {
        let whole = FigurePlace { period: None, group: None };
        match counted.figure(&pact, 0, pact.metric(name).unwrap(), &whole) {
            Some(Figure::Number { value }) => value.to_string(),
            other => panic!("{name}: {other:?}"),
        }
    };
    assert_eq!((number("m90"), number("n3000")), (2_u128.pow(90).to_string(), "3001".into()));
}

/// A folder of public data, when it is here.
fn data(folder: &str) -> Option<PathBuf> {
    let beside = root().join("../shared/data");
    let data = std::env::var_os("LEADPACT_DATA").map_or(beside, PathBuf::from).join(folder);
    if data.is_dir() {
        return Some(data);
    }
    println!("skipped: no data in {}; set LEADPACT_DATA", data.display());
    None
}

#[test]
fn maven_figures_are_those_of_an_independent_count() {
    let Some(data) = data("maven_crm") else { return };
    let text = std::fs::read_to_string(data.join("sales_pipeline.csv")).unwrap();
    // a row without a date is of no moment
    let (header, rows) = text.split_once('\n').unwrap();
    let dated = rows.lines().filter(|row| !row.split(',').nth(5).unwrap().is_empty());
    let dated: String = std::iter::once(header).chain(dated).map(|row| row.to_owned() + "\n").collect();
    let pact = pact(&std::fs::read_to_string(root().join("docs/guides/maven/maven.pact")).unwrap());
    let metric = |name: &str| pact.metric(name).unwrap();
    let by = |name: &str| vec![Dimension::named(&pact, name).unwrap()];
    let series = [
        Series { period: Some(Period::Quarter), metrics: vec![metric("deals_won")], ..Series::default() },
        Series { by: by("sales_agent"), metrics: vec![metric("win_rate")], ..Series::default() },
        Series { by: by("product"), metrics: vec![metric("days_to_win")], ..Series::default() },
        Series { by: by("manager"), metrics: vec![metric("win_rate")], ..Series::default() },
    ];
    let until = "2018-01-01T00:00:00Z";
    let teams = std::fs::read_to_string(data.join("sales_teams.csv")).unwrap();
    let inputs = vec![("opportunities", &*dated, Format::Csv), ("agents", &*teams, Format::Csv)];
    let counted = figures_until(&pact, inputs, &series, 2, until);
    let rows = table(&dated);
    let rows: Vec<_> =
        rows.iter().map(|row| (row, if row["product"] == "GTXPro" { "GTX Pro" } else { row["product"] })).collect();
    let mut wins = Vec::new();
    for place in counted.places(0).into_iter().filter(|place| place.period.is_some()) {
        wins.push(count(counted.figure(&pact, 0, metric("deals_won"), &place)).0);
    }
    assert_eq!(wins, [531, 1_254, 1_257, 1_196], "won per close quarter of 2017");
    for place in counted.places(1) {
        let agent = place.group.as_ref().map(|group| group[0].as_str());
        let closed = |stage: &str| {
            let of_agent = rows.iter().filter(|(row, _)| agent.is_none_or(|agent| row["sales_agent"] == agent));
            rust_decimal::Decimal::from(of_agent.filter(|(row, _)| row["deal_stage"] == stage).count())
        };
        let (won, lost) = (closed("Won"), closed("Lost"));
        let expected = won.checked_div(won + lost).map(|value| value.round_dp(6).normalize());
        let Some(Figure::Number { value }) = counted.figure(&pact, 1, metric("win_rate"), &place) else {
            assert_eq!(expected, None, "{agent:?}");
            continue;
        };
        assert_eq!(Some(value), expected, "{agent:?}");
    }
    let managers: BTreeMap<&str, &str> = table(&teams).iter().map(|row| (row["sales_agent"], row["manager"])).collect();
    let groups = counted.places(3);
    assert_eq!(groups.len(), 7, "six managers, and all of them");
    for place in groups {
        let manager = place.group.as_ref().map(|group| group[0].as_str());
        let closed = |stage: &str| {
            let of = |agent: &str| manager.is_none_or(|manager| managers[agent] == manager);
            let rows = rows.iter().filter(|(row, _)| of(row["sales_agent"]) && row["deal_stage"] == stage);
            rust_decimal::Decimal::from(rows.count())
        };
        let expected = (closed("Won") / (closed("Won") + closed("Lost"))).round_dp(6).normalize();
        let figure = counted.figure(&pact, 3, metric("win_rate"), &place);
        assert_eq!(figure, Some(Figure::Number { value: expected }), "{manager:?}");
    }
    for place in counted.places(2) {
        let product = place.group.as_ref().map(|group| group[0].as_str());
        let of_product = rows.iter().filter(|(_, name)| product.is_none_or(|product| *name == product));
        let mut days: Vec<i64> = of_product
            .filter(|(row, _)| row["deal_stage"] == "Won")
            .map(|(row, _)| {
                let day = |column: &str| row[column].parse::<chrono::NaiveDate>().unwrap();
                (day("close_date") - day("engage_date")).num_days()
            })
            .collect();
        days.sort_unstable();
        let median = (days[(days.len() - 1) / 2] + days[days.len() / 2]) as f64 / 2.0;
        let figure = counted.figure(&pact, 2, metric("days_to_win"), &place);
        let Some(Figure::Time { seconds: Some(seconds), of, .. }) = figure else { panic!("{product:?}: {figure:?}") };
        assert_eq!(of as usize, days.len(), "{product:?}");
        // a day of the zone is an hour longer or shorter twice a year
        assert!((seconds as f64 / 86_400.0 - median).abs() <= 1.0 / 24.0, "{product:?}: {seconds} and {median}");
    }
}

#[test]
fn olist_conversions_are_those_of_an_independent_count() {
    let Some(data) = data("olist") else { return };
    let read = |file: &str| std::fs::read_to_string(data.join(file)).unwrap();
    let (leads, deals) = (read("olist_marketing_qualified_leads_dataset.csv"), read("olist_closed_deals_dataset.csv"));
    let rules = std::fs::read_to_string(root().join("docs/guides/olist/olist.pact")).unwrap();
    let pact = pact(&rules);
    let won: BTreeMap<&str, &str> = table(&deals).iter().map(|row| (row["mql_id"], row["won_date"])).collect();
    for (field, column) in [("origin", "origin"), ("landing_page", "landing_page_id")] {
        let by = Dimension::named(&pact, field).unwrap();
        let metrics = vec![pact.metric("signed").unwrap()];
        let series = [Series { by: vec![by], metrics: metrics.clone(), ..Series::default() }];
        let counted = figures(&pact, vec![("leads", &leads, Format::Csv), ("deals", &deals, Format::Csv)], &series, 2);
        let mut ours = BTreeMap::new();
        for place in counted.places(0) {
            let (reached, of, ..) = count(counted.figure(&pact, 0, metrics[0], &place));
            ours.insert(place.group.map_or("all".to_owned(), |group| group.concat()), (reached, of));
        }
        let mut theirs: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for row in table(&leads) {
            let value = if row[column].is_empty() { "(missing)" } else { row[column] };
            for group in [value, "all"] {
                let count = theirs.entry(group.to_owned()).or_default();
                count.0 += u64::from(won.contains_key(row["mql_id"]));
                count.1 += 1;
            }
        }
        assert_eq!(ours, theirs, "{field}");
        if field == "origin" {
            assert_eq!((ours["unknown"], ours["(missing)"], ours["all"]), ((179, 1_099), (14, 60), (842, 8_000)));
        }
    }
}

#[test]
fn olist_days_to_a_deal_are_those_of_an_independent_count() {
    let Some(data) = data("olist") else { return };
    let read = |file: &str| std::fs::read_to_string(data.join(file)).unwrap();
    let (leads, deals) = (read("olist_marketing_qualified_leads_dataset.csv"), read("olist_closed_deals_dataset.csv"));
    let pact = pact(&std::fs::read_to_string(root().join("docs/guides/olist/olist.pact")).unwrap());
    let contact: BTreeMap<&str, Instant> =
        table(&leads).iter().map(|row| (row["mql_id"], pact.zone.read(row["first_contact_date"]).unwrap())).collect();
    let metrics = ["days_to_sign", "mean_to_sign"].map(|name| pact.metric(name).unwrap()).to_vec();
    for (field, column) in [("business_segment", "business_segment"), ("sales_rep", "sr_id")] {
        let by = vec![Dimension::named(&pact, field).unwrap()];
        let series = [Series { by, metrics: metrics.clone(), ..Series::default() }];
        let inputs = vec![("leads", &*leads, Format::Csv), ("deals", &*deals, Format::Csv)];
        let counted = figures_until(&pact, inputs, &series, 2, "2019-01-01T00:00:00Z");
        let mut theirs: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        for row in table(&deals) {
            let signed: Instant = format!("{}Z", row["won_date"]).parse().unwrap();
            let value = if row[column].is_empty() { "(missing)" } else { row[column] };
            // one signed before it is known to have been contacted
            let seconds = (signed - contact[row["mql_id"]]).num_seconds();
            for group in [value, "all"].iter().filter(|_| seconds >= 0) {
                theirs.entry((*group).to_owned()).or_default().push(seconds);
            }
        }
        theirs.values_mut().for_each(|seconds| seconds.sort_unstable());
        let mut seen = 0;
        for place in counted.places(0) {
            let name = place.group.as_ref().map_or("all".to_owned(), |group| group.concat());
            let [median, mean] = [0, 1].map(|at| match counted.figure(&pact, 0, metrics[at], &place) {
                Some(Figure::Time { seconds: Some(seconds), of, .. }) => Some((seconds, of as usize)),
                _ => None,
            });
            let Some(all) = theirs.get(&name) else {
                assert_eq!(median, None, "{field} {name}: nobody signed");
                continue;
            };
            let (low, high) = (all[(all.len() - 1) / 2], all[all.len() / 2]);
            assert_eq!(median, Some((low + (high - low) / 2, all.len())), "{field} {name}");
            assert_eq!(mean, Some((all.iter().sum::<i64>() / all.len() as i64, all.len())), "{field} {name}");
            seen += 1;
        }
        assert_eq!(seen, theirs.len(), "{field}");
    }
}

#[test]
fn an_answer_says_what_had_let_the_lead_through() {
    let pact = pact(&LOOP.replace("disposition later", "disposition later { reason one of budget, timing? }"));
    let row =
        |lead: &str, at: &str, says: &str| format!("{{\"lead\": \"{lead}\", \"at\": \"2026-03-{at}:00Z\", {says}}}\n");
    // b begins later than a enters mql, and becomes part of it: a goes on where it was
    let events = [
        row("a", "02T08:00", r#""event": "demo""#),
        row("b", "03T08:00", r#""event": "record", "source": "fair""#),
        row("b", "04T08:00", r#""event": "merged", "into": "a""#),
        row("a", "05T08:00", r#""event": "later", "reason": "budget""#),
        row("c", "05T08:00", r#""event": "later""#),
    ];
    let now: Instant = "2026-04-01T00:00:00Z".parse().unwrap();
    let by = vec!["stage".to_owned(), "team".to_owned()];
    let asked = Series {
        by: by.iter().map(|name| Dimension::named(&pact, name).unwrap()).collect(),
        metrics: vec![pact.metric("answers").unwrap()],
        ..Series::default()
    };
    let series = report_series(&pact, asked, now);
    let figures = figures(&pact, vec![("", &events.concat(), Format::Ndjson)], &series, 1);
    let report = measure_report(&pact, &figures, &series, &by, now);
    let told: Vec<_> = report
        .answers
        .iter()
        .map(|answer| {
            let says =
                |clause: &Option<leadpact::internals::pact::Clause>| clause.as_ref().map(|it| it.says.to_string());
            (&*answer.answer, answer.reason.as_deref(), says(&answer.cause), says(&answer.route), answer.count)
        })
        .collect();
    let moved = Some("move to mql when fit >= 10".to_owned());
    let routed = Some("to team sellers round robin when id is present".to_owned());
    assert_eq!(told, [("later", None, None, None, 1), ("later", Some("budget"), moved, routed, 1)]);
    // at the answer a has left mql already, and nobody has it
    let groups: Vec<_> = report.metrics[0].figures.iter().map(|figure| format!("{:?}", figure.group)).collect();
    assert_eq!(groups, ["{}", "{\"stage\": \"inquiry\", \"team\": \"(missing)\"}"]);
}

#[test]
fn who_promises_a_volume_has_a_target_with_its_reward() {
    let rules = "sla fed { owner marketing  at least 2 leads entering mql per month  reward \"A dinner\" }
        target sales calls >= 1 per month reward \"A day off\"";
    let pact = pact(&format!("{LOOP}{rules}"));
    let row = |lead: &str, day: u32, event: &str| {
        format!("{{\"lead\": \"{lead}\", \"at\": \"2026-03-{day:02}T08:00:00Z\", \"event\": \"{event}\"}}\n")
    };
    let events = row("a", 2, "demo") + &row("b", 3, "demo") + &row("b", 4, "call");
    let now: Instant = "2026-04-10T00:00:00Z".parse().unwrap();
    let series = report_series(&pact, Series::default(), now);
    let figures = figures(&pact, vec![("", &events, Format::Ndjson)], &series, 1);
    let report = measure_report(&pact, &figures, &series, &[], now);
    let told: Vec<_> = report
        .targets
        .iter()
        .map(|target| {
            let period = target.period.as_deref().unwrap_or_default();
            (&*target.party, &*target.metric, &*target.level, period, target.standing, target.reward.as_deref())
        })
        .collect();
    let (dinner, day) = (Some("A dinner"), Some("A day off"));
    assert_eq!(
        told,
        [
            ("sales", "calls", ">= 1", "2026-03", Standing::Met, day),
            ("sales", "calls", ">= 1", "2026-04", Standing::Behind, day),
            ("marketing", "leads entering mql", ">= 2", "2026-03", Standing::Met, dinner),
            ("marketing", "leads entering mql", ">= 2", "2026-04", Standing::Behind, dinner),
        ]
    );
    // what nobody called a metric is none that is reported or asked for
    assert!(all_metrics(&pact).iter().all(|metric| pact[*metric].is_item));
}

#[test]
fn olist_cohorts_are_those_of_an_independent_count() {
    let Some(data) = data("olist") else { return };
    let read = |file: &str| std::fs::read_to_string(data.join(file)).unwrap();
    let (leads, deals) = (read("olist_marketing_qualified_leads_dataset.csv"), read("olist_closed_deals_dataset.csv"));
    let pact = pact(&std::fs::read_to_string(root().join("docs/guides/olist/olist.pact")).unwrap());
    let at = "2018-07-10T00:00:00Z".parse().unwrap();
    let asked =
        Series { period: Some(Period::Month), metrics: vec![pact.metric("signed").unwrap()], ..Series::default() };
    let series = report_series(&pact, asked, at);
    let inputs = vec![("leads", &*leads, Format::Csv), ("deals", &*deals, Format::Csv)];
    let counted = figures_until(&pact, inputs, &series, 2, "2018-07-10T00:00:00Z");
    let report = measure_report(&pact, &counted, &series, &[], at);
    let signed = &report.cohorts[0];
    assert_eq!((&*signed.metric, &*signed.days), ("signed", &[7, 14, 30, 60, 90][..]));
    let won: BTreeMap<&str, &str> = table(&deals).iter().map(|row| (row["mql_id"], row["won_date"])).collect();
    let local = |text: &str| pact.zone.read(text).unwrap();
    for cohort in &signed.cohorts {
        let rows = table(&leads);
        let of: Vec<_> = rows.iter().filter(|row| row["first_contact_date"].starts_with(&cohort.period)).collect();
        assert_eq!(cohort.of, of.len() as u64, "{}", cohort.period);
        let last = cohort.starts + chrono::Months::new(1);
        for (days, after) in signed.days.iter().zip(&cohort.after) {
            let old = last + chrono::TimeDelta::days(*days) <= "2018-07-09".parse::<chrono::NaiveDate>().unwrap();
            let soon = |row: &&&BTreeMap<&str, &str>| {
                let came = local(row["first_contact_date"]);
                let went = won.get(row["mql_id"]).map(|at| format!("{at}Z").parse::<Instant>().unwrap());
                // one signed before the file of leads knows of it: it began with its signature
                went.is_some_and(|went| went - came <= chrono::TimeDelta::days(*days))
            };
            let reached = old.then(|| of.iter().filter(soon).count() as u64);
            assert_eq!(after.reached, reached, "{} after {days} days", cohort.period);
        }
    }
    assert_eq!(signed.cohorts.len(), 12);
}

#[test]
fn what_an_account_says_is_known_of_every_lead_that_names_it() {
    let pact = pact(
        r#"pact small { parties marketing, sales  time zone "UTC"  precedence crm, accounts }
        lead { id text key  account text?  sector text?  size integer? }
        source accounts { match on account  account = "name"  sector = "sector"  size = "size" }
        source crm { record at "at"  id = "id"  account = "account"  size = "size" }
        activity demo
        pipeline all { stage inquiry { owner marketing  move to mql when size >= 50 }  stage mql { owner sales  final } }
        metric leads = leads entering inquiry
        metric mqls = leads entering mql"#,
    );
    let accounts = "name,sector,size\nAcme,steel,80\nBolt,glass,10\nacme,tin,7\n";
    let crm = "at,id,account,size\n2026-03-01,a,ACME,\n2026-03-02,b,Bolt,60\n2026-03-03,c,Nobody,\n2026-03-04,d,,\n\
               2026-03-05,b,Acme,\n";
    let mut gathered = Gathered::default();
    let mut rejected = Vec::new();
    for (source, text) in [("accounts", accounts), ("crm", crm)] {
        let rows = rows(Box::new(std::io::Cursor::new(text)), source, Some(Format::Csv)).unwrap();
        let input = LeadInput { name: source.into(), rows, intake: pact.intake(source) };
        let mut reject = |refused: leadpact::internals::leads::Rejected| {
            rejected.push(refused.reject.to_string());
            Ok(())
        };
        gathered.read(&pact, input, &mut reject, &mut || {}).unwrap();
    }
    assert_eq!(rejected, ["line 4: `account` `acme` stands already on line 2"]);
    let by = |name: &str| vec![Dimension::named(&pact, name).unwrap()];
    let series = [Series { by: by("sector"), metrics: all_metrics(&pact), ..Series::default() }];
    let total: Mutex<Figures> = Mutex::default();
    let add = |replayed: &ReplayedLead, _: &mut Vec<u8>| {
        assert!(replayed.events <= 2, "what an account says is no event of a lead");
        total.lock().unwrap().add(&pact, &series, replayed);
        Ok(())
    };
    let options =
        ReplayOptions { until: Some("2026-04-01T00:00:00Z".parse().unwrap()), known: true, ..Default::default() };
    replay(&pact, gathered, options, &add, &mut |_| Ok(())).unwrap();
    let total = total.into_inner().unwrap();
    let told: Vec<_> = total
        .places(0)
        .iter()
        .map(|place| {
            let counts =
                ["leads", "mqls"].map(|name| count(total.figure(&pact, 0, pact.metric(name).unwrap(), place)).0);
            (place.group.as_ref().map(|group| group[0].clone()), counts)
        })
        .collect();
    let of = |sector: &str, counts| (Some(sector.to_owned()), counts);
    // what the CRM says itself comes first: Bolt has ten people, and b sixty
    assert_eq!(told, [(None, [4, 2]), of("(missing)", [2, 0]), of("glass", [1, 1]), of("steel", [1, 1])]);
}

#[test]
fn what_changed_says_where_it_changed_most() {
    let pact = pact(
        r#"pact w { parties marketing, sales  time zone "UTC" }
        lead { id text key  source one of web, fair, ads? }
        activity demo, ready
        pipeline all {
          stage inquiry { owner marketing  move to mql when any ready }
          stage mql { owner sales  final }
        }
        metric rate = inquiry -> mql
        metric demos = count of demo
        watch rate { compare last 2 weeks with the 2 weeks before  alert when it changes by 20% or more }
        watch demos { compare last 2 weeks with the 2 weeks before  alert when it changes by 20% or more }
        review weekly every 1 week { rate, demos by source }"#,
    );
    // of twenty from each source in each fortnight so many go on: those of the web no more, those of the fair a little less
    let events: String =
        [("web", 5, 15), ("fair", 5, 10), ("ads", 5, 5), ("web", 20, 1), ("fair", 20, 8), ("ads", 20, 6)]
            .iter()
            .flat_map(|(source, day, on)| {
                (0..20).map(move |n| {
                    let event = |says: &str| {
                        format!("{{\"lead\": \"{source}{day}-{n}\", \"at\": \"2026-03-{day:02}T09:00:00Z\", {says}}}\n")
                    };
                    let ready = if n < *on { event(r#""event": "ready""#) } else { String::new() };
                    event(&format!(r#""event": "record", "source": "{source}""#))
                        + &event(r#""event": "demo""#)
                        + &ready
                })
            })
            .collect();
    let now: Instant = "2026-03-31T00:00:00Z".parse().unwrap();
    let series = report_series(&pact, Series::default(), now);
    let figures = figures_until(&pact, vec![("", &events, Format::Ndjson)], &series, 2, "2026-03-31T00:00:00Z");
    let report = measure_report(&pact, &figures, &series, &[], now);
    let told: Vec<_> = report
        .watches
        .iter()
        .map(|watch| {
            let moved = watch.moved.iter().map(|it| format!("{} {} {}", it.dimension, it.value, it.change));
            (&*watch.metric, watch.drift, watch.change.map(|it| it.to_string()), moved.collect::<Vec<_>>())
        })
        .collect();
    // half of sixty went on, and then a quarter; a third of the leads are of the web, and 14 of 20 fewer of them
    let moved = vec!["source web -0.4667".to_owned(), "source fair -0.0667".to_owned()];
    assert_eq!(
        told,
        [("rate", Drift::Changed, Some("-0.5".into()), moved), ("demos", Drift::Steady, Some("0".into()), vec![])]
    );
}

#[test]
fn a_test_in_the_language_expects_what_changed_and_what_sales_answered() {
    let leads: Vec<String> = (1..=6)
        .map(|day| {
            let (entered, answered) = (format!("2026-03-0{day} 09:00"), format!("2026-03-1{day} 09:00"));
            let reason = if day == 1 { "budget" } else { "timing" };
            format!("lead l{day} {{ }}  at {entered} demo  at {answered} later {{ reason {reason} }}")
        })
        .collect();
    let leads = leads.join("\n");
    let text = |expected: &str| {
        format!(
            "pact p {{ parties marketing, sales  time zone \"UTC\" }} lead {{ id text key }} activity demo
             disposition later {{ reason one of timing, budget }}
             criteria ripe {{ agreed by marketing, sales  need any demo }}
             pipeline all {{ stage inquiry {{ owner marketing  move to mql when ripe }} stage mql {{ owner sales  final }} }}
             metric mqls = leads entering mql
             watch mqls {{ compare last 2 weeks with the 2 weeks before  alert when it changes by 25% or more }}
             test \"t\" {{ {leads} at 2026-03-16 08:00 expect watch mqls may be chance
             at 2026-03-29 00:00 expect {expected} }}"
        )
    };
    let failures = |expected: &str| -> Vec<String> {
        let pact = pact(&text(expected));
        let failures = run(&pact, &Memory::default(), None).results.remove(0).failures;
        failures.into_iter().map(|failure| format!("{}, not {}", failure.got, failure.expected)).collect()
    };
    // six and then none: by chance in one of 32 cases
    let right = "watch mqls changed, answer later 6, answer later timing 5 let in by \"ripe\", answer later budget 1";
    assert_eq!(failures(right), [""; 0]);
    assert_eq!(
        failures("watch mqls steady, answer later timing 6, answer later 6 let in by \"any call\""),
        [
            "watch mqls changed, not watch mqls steady",
            "answer later timing 5, not answer later timing 6",
            "answer later 0 let in by \"any call\", not answer later 6 let in by \"any call\""
        ]
    );
}

#[test]
fn a_report_tells_the_evidence_that_suggest_tells() {
    let told = |arguments: &[&str]| -> Value {
        let pact = ["rules/acme", "rules/acme/events.ndjson", "--format", "json", "-q"];
        let output = Command::new(env!("CARGO_BIN_EXE_leadpact"))
            .current_dir(root())
            .args(arguments)
            .args(pact)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).expect("it is JSON")
    };
    let report = told(&["report", "--evidence"]);
    let suggested = told(&["suggest"]);
    let evidence = report["evidence"].as_array().expect("there is evidence");
    assert!(evidence.iter().any(|evidence| evidence["share"]["of"].as_u64() > Some(0)), "{evidence:?}");
    for evidence in evidence {
        let of = |report: &&Value| report["metric"] == evidence["metric"];
        let suggested = suggested.as_array().unwrap().iter().find(of).expect("suggest tells it too");
        for (key, value) in evidence.as_object().unwrap() {
            assert_eq!(&suggested[key], value, "{} {key}", evidence["metric"]);
        }
    }
    assert!(told(&["report"]).get("evidence").is_none());
    // where there is nothing to weigh, that is said
    let none = ["report", "rules/acme", "rules/acme/events.ndjson", "--evidence", "--metric", "mqls"];
    let output = Command::new(env!("CARGO_BIN_EXE_leadpact")).current_dir(root()).args(none).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("no clause is weighed"), "{said}");
}

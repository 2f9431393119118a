//! Figures that a service keeps up, beside those that a replay of all events counts.

#![cfg(feature = "serve")]

#[path = "common/service.rs"]
mod common;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::*;
use leadpact::internals::io::{Format, rows};
use leadpact::internals::leads::LeadInput;
use leadpact::internals::measure::{
    Dimension, Figures, MeasureReport, ReviewReport, Series, calibration_reports, calibration_series, measure_report,
    report_series, review_report, review_series,
};
use leadpact::internals::pact::{MetricId, Pact, Period};
use leadpact::internals::replay::{Gathered, ReplayOptions, ReplayedLead, replay};
use leadpact::internals::service::{Service, ServiceFigures, StillCounting};
use leadpact::internals::store::{Fault, open};
use proptest::prelude::*;

const AGREED: &str = r#"
pact small { parties marketing, sales  precedence crm, web  time zone "Europe/Istanbul" }
lead { id text key  country text?  employees integer?  email text?  match on email }
source web { record at "at"  id = "visitor"  country = "geo"  employees = "size" }
source crm { record at "at"  id = "id"  employees = "size" }
activity demo
touch call
disposition junk
disposition good { amount money EUR }
disposition later
score fit 0 to 100 { give 40 when employees >= 50  give 10 per demo  fade 50% every 2 days }
band warmth of fit { hot >= 20  warm > 0  otherwise cold }
pipeline all {
  stage inquiry { owner marketing  move to mql when any demo }
  stage mql { owner sales  move to won when disposition = good  move to lost when disposition = junk }
  stage won { owner sales  final }
  stage lost { owner sales  final }
}
recycle not_now { from mql  when disposition = later  to inquiry  rest 1 day }
sla speed on mql {
  owner sales  agreed by marketing, sales  first touch within 4 hours  at least 3 touches within 2 days
}
metric mqls    = leads entering mql
metric people  = leads entering mql once per lead
metric soon    = mql -> won within 1 day
metric wins    = mql -> won
metric follow  = median time from entering mql to first touch
metric revenue = sum of good.amount
metric demos   = count of demo where warmth = hot
metric each    = revenue / mqls
target marketing mqls   >= 2 per week
target sales     follow <= 4 hours
watch wins { compare last 1 day with the 2 days before  alert when it changes by 10% or more }
review daily every 1 day { mqls, wins by country, warmth  follow by owner }
"#;

fn serve(place: &str, time: &Time) -> Service {
    let options = time.options(Arc::new(Everything::default()));
    Service::start(open(place).unwrap(), &pact(AGREED), options).unwrap()
}

/// Leads are still being counted.
struct Still;

impl From<StillCounting> for Still {
    fn from(_: StillCounting) -> Self {
        Self
    }
}

impl From<Fault> for Still {
    fn from(fault: Fault) -> Self {
        panic!("{fault}")
    }
}

/// What the service says when it has counted every lead.
fn asked<T>(service: &Service, wants: &[&str], ask: impl Fn(ServiceFigures<'_>) -> T) -> T {
    for _ in 0..2000 {
        let figures =
            service.figures(|pact| Ok::<_, Still>((vec![whole(pact, wants)], ())), |figures, ()| Ok(ask(figures)));
        match figures {
            Ok(figures) => return figures,
            Err(Still) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    panic!("the service does not come to an end of counting");
}

fn whole(pact: &Pact, by: &[&str]) -> Series {
    Series {
        period: Some(Period::Day),
        by: by.iter().map(|name| Dimension::named(pact, name).unwrap()).collect(),
        metrics: (0..pact.metrics.len() as u32).map(MetricId).collect(),
        ..Series::default()
    }
}

const NAMES: [&str; 3] = ["country", "warmth", "round"];

/// The report, split and not, and the meeting, as the service has them.
fn kept(service: &Service) -> (String, [MeasureReport; 2], ReviewReport) {
    let by: Vec<String> = NAMES.map(str::to_owned).to_vec();
    let (now, report, review) = asked(service, &[], |figures| {
        let report = figures.report(whole(figures.pact, &[]), &[]);
        (figures.now.to_rfc3339(), report, figures.review(&figures.pact.reviews[0], None))
    });
    // nothing keeps this split up: every lead is replayed for it
    let split = asked(service, &NAMES, |figures| figures.report(whole(figures.pact, &NAMES), &by));
    (now, [report, split], review)
}

/// The same, of a replay of all that was told.
fn replayed(pact: &Pact, told: &[(&'static str, String)], now: &str) -> ([MeasureReport; 2], ReviewReport) {
    let now = now.parse().unwrap();
    let count = |series: &[Series]| {
        let mut gathered = Gathered::default();
        let sources: BTreeSet<&str> = told.iter().map(|(source, _)| *source).collect();
        for source in sources {
            let text: String = told.iter().filter(|(from, _)| *from == source).map(|(_, row)| row.as_str()).collect();
            let rows = rows(Box::new(std::io::Cursor::new(text)), "e.ndjson", Some(Format::Ndjson)).unwrap();
            let file = LeadInput { name: "e".into(), rows, intake: pact.intake(source) };
            gathered.read(pact, file, &mut |refused| panic!("{}", refused.reject), &mut || {}).unwrap();
        }
        let total: Mutex<Figures> = Mutex::default();
        let add = |lead: &ReplayedLead, _: &mut Vec<u8>| {
            total.lock().unwrap().add(pact, series, lead);
            Ok(())
        };
        let options = ReplayOptions { until: Some(now), known: true, ..ReplayOptions::default() };
        replay(pact, gathered, options, &add, &mut |_| Ok(())).unwrap();
        total.into_inner().unwrap()
    };
    let report = |by: &[&str]| {
        let asked = whole(pact, by);
        let mut series = report_series(pact, asked.clone(), now);
        let calibrated = series.len();
        series.extend(calibration_series(pact, &asked));
        let names: Vec<String> = by.iter().map(|name| (*name).to_owned()).collect();
        let figures = count(&series);
        let calibrations = calibration_reports(pact, &figures, calibrated, &asked);
        MeasureReport { calibrations, ..measure_report(pact, &figures, &series, &names, now) }
    };
    let series = review_series(pact, &pact.reviews[0], now, None);
    ([report(&[]), report(&NAMES)], review_report(pact, &pact.reviews[0], &count(&series), &series, now))
}

/// Events of four leads within three days: late, repeated, corrected, merged, recognised, recycled.
fn reported() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let lead = prop::sample::select(vec!["a", "b", "c", "d"]);
    let when =
        (2..5u32, 0..24u32, 0..4u32).prop_map(|(day, hour, part)| format!("03-0{day}T{hour:02}:{:02}:00", part * 15));
    let says = prop_oneof![
        4 => Just(r#""event": "demo""#.to_owned()),
        3 => Just(r#""event": "call""#.to_owned()),
        1 => Just(r#""event": "junk""#.to_owned()),
        1 => (1..9u32).prop_map(|n| format!(r#""event": "good", "amount": "{n} EUR""#)),
        2 => Just(r#""event": "later""#.to_owned()),
        1 => Just(r#""event": "opt_out""#.to_owned()),
        2 => (10..100u32).prop_map(|n| format!(r#""event": "record", "employees": {n}"#)),
        1 => prop::sample::select(vec!["x@a.example", "y@a.example"])
            .prop_map(|it| format!(r#""event": "record", "email": "{it}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "demo", "event_id": "e{n}""#)),
        1 => (0..3u32).prop_map(|n| format!(r#""event": "correction", "of": "e{n}""#)),
        1 => prop::sample::select(vec!["a", "B", "c"]).prop_map(|into| format!(r#""event": "merged", "into": "{into}""#)),
    ];
    let says = says.prop_map(|says| ("", "lead", says));
    let web = (prop::sample::select(vec!["TR", "DE"]), 10..100u32)
        .prop_map(|(geo, size)| ("web", "visitor", format!(r#""geo": "{geo}", "size": {size}"#)));
    let row = (lead, when, prop_oneof![5 => says, 1 => web]).prop_map(|(lead, when, (source, key, says))| {
        (source, format!(r#"{{"{key}": "{lead}", "at": "2026-{when}+03:00", {says}}}"#) + "\n")
    });
    prop::collection::vec(row, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// In whatever order events come, and however time passes meanwhile, what is kept up is what a replay counts, to the byte.
    #[test]
    fn figures_kept_up_are_those_of_a_replay(rows in reported(), mut hours in prop::collection::vec(0..96u32, 24)) {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("a.db");
        let place = place.to_str().unwrap();
        let time = Time::at("03-02T00:00:00");
        let service = serve(place, &time);
        let pact = pact(AGREED);
        hours.sort_unstable();
        let mut taken: Vec<(&str, String)> = Vec::new();
        let agrees = |service: &Service, taken: &[(&'static str, String)]| {
            let (now, reports, review) = kept(service);
            let (expected, meeting) = replayed(&pact, taken, &now);
            let json = |report: &MeasureReport| serde_json::to_string(report).unwrap();
            for (report, expected) in reports.iter().zip(&expected) {
                prop_assert_eq!(json(report), json(expected), "at {}", now);
            }
            prop_assert_eq!(serde_json::to_string(&review).unwrap(), serde_json::to_string(&meeting).unwrap());
            Ok(())
        };
        for (at, ((source, row), hour)) in rows.into_iter().zip(hours).enumerate() {
            time.set(&format!("03-0{}T{:02}:00:00", 2 + hour / 24, hour % 24));
            if submit_from(&service, source, &row).rejected.is_empty() {
                taken.push((source, row));
            }
            if at % 5 == 0 {
                agrees(&service, &taken)?;
            }
        }
        for end in ["03-06T00:00:00", "03-09T00:00:00"] {
            time.set(end);
            agrees(&service, &taken)?;
        }
        service.stop();
        // and those of a service that begins with what is stored
        agrees(&serve(place, &time), &taken)?;
    }
}

fn mqls(service: &Service) -> String {
    asked(service, &[], |figures| {
        let report = figures.report(whole(figures.pact, &[]), &[]);
        let mqls = report.metrics.iter().find(|metric| &*metric.name == "mqls").expect("it is a metric");
        serde_json::to_string(&mqls.figures[0].figure).unwrap()
    })
}

fn count(value: u64) -> String {
    format!("{{\"kind\":\"count\",\"value\":{value}}}")
}

#[test]
fn what_is_forgotten_changed_or_written_elsewhere_is_counted_so() {
    on_both("figures", |place| {
        let time = Time::at("03-02T12:00:00");
        let service = serve(place, &time);
        for lead in ["A", "B", "C"] {
            submit(&service, &event(lead, "03-02T10:00:00", "demo"));
        }
        assert_eq!(mqls(&service), count(3));
        assert!(service.erase("B").unwrap());
        assert_eq!(mqls(&service), count(2));
        // another instance on the same store
        let other = serve(place, &time);
        submit(&other, &event("D", "03-02T11:00:00", "demo"));
        assert_eq!((mqls(&service), mqls(&other)), (count(3), count(3)));
        other.stop();
        // another pact counts the whole history, and what it has no word for says nothing
        time.set("03-02T13:00:00");
        let rules = AGREED.replace("move to mql when any demo", "move to mql when employees >= 50");
        service.adopt(&pact(&rules)).unwrap();
        assert_eq!(mqls(&service), count(0));
        submit(&service, r#"{"lead": "A", "at": "2026-03-02T12:30:00+03:00", "event": "record", "employees": 60}"#);
        assert_eq!(mqls(&service), count(1));
        // whoever was away for longer than changes are kept hears that some are missing
        let left = service.read(|store| {
            leadpact::internals::store::write(store, |store| store.forget_changes(0))?;
            let last = store.last_change()?;
            Ok((store.changes_after(0, 10)?, store.changes_after(last - 1, 10)?, store.changes_after(last, 10)?, last))
        });
        let (begun, one, none, last) = left.unwrap();
        assert_eq!((begun, one, none), (None, Some(vec![(last, "a".to_owned())]), Some(Vec::new())));
        submit(&service, r#"{"lead": "E", "at": "2026-03-02T12:40:00+03:00", "event": "record", "employees": 60}"#);
        assert_eq!(mqls(&service), count(2));
    });
}

#[test]
fn a_review_is_sent_at_its_time_and_once() {
    let rules = AGREED.replace("review daily every 1 day", "review daily every 2 days \"What came\"");
    on_both("review", |place| {
        // counted from Monday, 5 January 1970, every other day begins on 2 March 2026
        let time = Time::at("03-02T12:00:00");
        let serve = || {
            let options = time.options(Arc::new(Everything::default()));
            Service::start(open(place).unwrap(), &pact(&rules), options).unwrap()
        };
        let reviews = |service: &Service| -> Vec<serde_json::Value> {
            let all = deliveries(service, "waiting");
            let bodies = all.iter().filter_map(|body| body.strip_prefix("review: "));
            bodies.map(|body| serde_json::from_str(body).unwrap()).collect()
        };
        let waited = |service: &Service, from: &str| {
            (0..2000).any(|_| {
                let all = reviews(service);
                assert!(all.len() <= 1, "one of before that still waits is withdrawn");
                let sent = all.iter().any(|review| review["from"] == *from);
                sent || {
                    std::thread::sleep(Duration::from_millis(5));
                    false
                }
            })
        };
        let service = serve();
        submit(&service, &event("A", "03-02T10:00:00", "demo"));
        assert_eq!(mqls(&service), count(1));
        assert_eq!(reviews(&service), [] as [serde_json::Value; 0], "nothing of before the first start");
        let pact = pact(&rules);
        let next = pact.reviews[0].next(&pact, at("03-02T12:00:00")).unwrap();
        let last = pact.reviews[0].last(&pact, at("03-02T12:00:00")).unwrap();
        assert_eq!((next - last).num_hours(), 48);
        let first = pact.zone.rfc3339(last);
        time.set(&pact.zone.rfc3339(next)[5..19]);
        assert!(waited(&service, &first));
        let review = reviews(&service).remove(0);
        assert_eq!((&review["review"], &review["description"]), (&"daily".into(), &"What came".into()));
        assert_eq!(review["to"], pact.zone.rfc3339(next));
        let figure = &review["agenda"][0]["figures"][0]["now"]["value"];
        assert_eq!(*figure, u64::from(last <= at("03-02T10:00:00")), "{review}");
        // of those that were missed the last is sent
        service.stop();
        time.set("03-20T15:00:00");
        let service = serve();
        let missed = pact.reviews[0].last(&pact, at("03-20T15:00:00")).unwrap() - chrono::TimeDelta::days(2);
        assert!(waited(&service, &pact.zone.rfc3339(missed)));
    });
}

//! The page in a real browser, on the real service. Where Chromium is not installed, each test says that it skipped.
#![cfg(feature = "serve")]

#[path = "common/browser.rs"]
mod browser;
#[allow(dead_code, reason = "this test needs a part of it")]
#[path = "server/served.rs"]
mod served;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use browser::{Browser, key};
use serde_json::json;
use served::Served;

const RULES: &str = r#"# What two teams agreed on.
pact small "How two teams share leads" { version "1"  parties marketing, sales  time zone "Europe/Istanbul"  labels tr, th, ru }
lead { id text key  name text? pii  country text?  employees integer? }
activity demo
touch call
disposition won
score fit 0 to 100 { give 40 when employees >= 50  give 10 when country = "TR" }
score heat 0 to 100 { give 50 if any demo in last 30 days }
criteria worth_a_call "Worth a call" {
  agreed by marketing, sales
  need employees >= 50
  need heat >= 50
}
pipeline all "From a first word to a customer" {
  stage inquiry "Raised a hand" { owner marketing  expect "Wait until it is worth a call"  move to mql when worth_a_call }
  stage mql "Handed to sales" { owner sales  move to won when disposition = won }
  stage won "Customer" { owner sales  final }
}
handoff inquiry to mql { route by sharing  carry name }
route sharing { to team sellers round robin when country is present  otherwise to queue rest }
team sellers { member ana  member bo }
sla first_call on mql "A call while the lead is warm" {
  owner sales
  agreed by marketing, sales
  first touch within 4 hours
}
metric mqls      = leads entering mql
metric customers = mql -> won
target marketing mqls >= 3 per quarter
target sales customers >= 90%
watch customers "The definition may be off" { compare last 4 weeks with the 4 weeks before  alert when it changes by 25% or more }
review weekly every 1 week { mqls, customers by country }
term marketing "Who finds" { label tr "pazarlama", th "การตลาด", ru "маркетинг" }
term sales "Who sells" { label tr "satış", th "ฝ่ายขาย", ru "продажи" }
term mqls "Handed to sales" { label tr "devredilenler", th "ส่งต่อแล้ว", ru "переданные" }
term fit "How well it fits" { label tr "uygunluk", th "ความเหมาะสม", ru "соответствие" }
term heat "How warm it is" { label tr "ilgi", th "ความสนใจ", ru "интерес" }
"#;

/// The languages in which the page is read, each with what the page calls its measures and its leads.
const LANGUAGES: [(&str, &str, &str); 5] = [
    ("en", "Measures", "Leads"),
    ("tr", "Ölçümler", "Adaylar"),
    ("es", "Mediciones", "Prospectos"),
    ("th", "ตัวชี้วัด", "ลีด"),
    ("ru", "Измерения", "Лиды"),
];

const THAI: &str = "สมชาย ใจดี";
const TURKISH: &str = "Ayşe İnce Çağrı";
const CYRILLIC: &str = "Лидия Орлова";

/// What lists call the leads whose names are known.
fn thai() -> String {
    format!("สมชาย\n{THAI}")
}

fn turkish() -> String {
    format!("Ayşe\n{TURKISH}")
}

/// One browser at a time: more of them are slower than one after the other.
static TURN: Mutex<()> = Mutex::new(());

/// The service with its own rules, and a browser that looks at it.
struct Scene {
    served: Served,
    browser: Browser,
    _turn: MutexGuard<'static, ()>,
}

impl Scene {
    /// Without leads.
    fn empty(arguments: &[&str]) -> Option<Self> {
        let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = Browser::open()?;
        let folder = tempfile::tempdir().unwrap();
        let rules = folder.path().join("rules");
        std::fs::create_dir(&rules).unwrap();
        std::fs::write(rules.join("small.pact"), RULES).unwrap();
        served::write_private(&folder.path().join("tokens.yaml"), &served::tokens_of(&["read", "read, write, admin"]));
        let tokens = folder.path().join("tokens.yaml").display().to_string();
        let arguments: Vec<&str> = arguments.iter().map(|one| if *one == "TOKENS" { &tokens } else { *one }).collect();
        let served = Served::start(&rules, folder, &arguments);
        Some(Self { served, browser, _turn: turn })
    }

    /// With a lead whose promise is late, one whose is not, one that is not worth a call, and a customer.
    fn with_leads() -> Option<Self> {
        let scene = Self::empty(&[])?;
        scene.submit(
            "",
            &[
                (THAI, 300, "record", r#", "name": "สมชาย", "country": "TH", "employees": 60"#),
                (THAI, 299, "demo", ""),
                (TURKISH, 120, "record", r#", "name": "Ayşe", "country": "TR", "employees": 900"#),
                (TURKISH, 119, "demo", ""),
                (CYRILLIC, 90, "record", r#", "country": "RU", "employees": 10"#),
                ("customer", 80, "record", r#", "employees": 70"#),
                ("customer", 70, "demo", ""),
                ("customer", 60, "won", ""),
            ],
        );
        Some(scene)
    }

    /// Submits events: the lead, how many minutes ago, what, and what else is known.
    fn submit(&self, token: &str, events: &[(&str, u64, &str, &str)]) {
        let line = |(lead, minutes, event, more): &(&str, u64, &str, &str)| {
            let at = SystemTime::now() - Duration::from_secs(60 * minutes);
            let at = chrono::DateTime::<chrono::Utc>::from(at).to_rfc3339();
            format!("{{\"lead\": {}, \"at\": \"{at}\", \"event\": \"{event}\"{more}}}\n", json!(lead))
        };
        let body: String = events.iter().map(line).collect();
        let headers = [("content-type", "application/x-ndjson"), ("authorization", token)];
        let answer = self.served.ask("POST /v1/events", &headers, &body);
        assert_eq!(answer.json()["accepted"], json!(events.len()), "{}", answer.body);
    }

    fn go(&self, view: &str) {
        self.browser.go(&format!("{}/{view}", self.served.url()));
        self.browser.until("document.querySelector('h1') && !document.querySelector('[aria-busy]')");
    }

    fn open(&self, lead: &str) {
        self.go(&format!("#/leads/{lead}"));
    }

    /// What the page says in a language, by its English text.
    fn words(&self, language: &str) -> serde_json::Value {
        self.served.get(&format!("/words/{language}.json")).json()
    }

    fn rules(&self) -> PathBuf {
        self.served.folder().join("rules/small.pact")
    }
}

/// Every view, each with something to show.
const VIEWS: [&str; 9] = [
    "#/",
    "#/leads",
    "#/leads/customer",
    "#/measures",
    "#/measures/customers",
    "#/measures/reviews/weekly",
    "#/pact",
    "#/status",
    "#/nowhere",
];

#[test]
fn who_has_no_leads_sees_how_to_send_some() {
    let Some(Scene { served, browser, _turn }) = Scene::empty(&[]) else { return };
    for view in ["", "#/leads"] {
        browser.go(&format!("{}/{view}", served.url()));
        browser.sees("No leads yet.");
        browser.sees(&format!("leadpact feed events.ndjson --to {}", served.url()));
    }
}

#[test]
fn today_shows_the_flow_the_promises_and_the_hot_leads() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("");
    assert_eq!(browser.texts(".party"), ["marketing", "sales", "ended"]);
    let flow = "return [...document.querySelectorAll('.stage')].map((stage) => [stage.querySelector('.stage-name').textContent, parseInt(stage.querySelector('.count').textContent), stage.querySelector('.label').textContent])";
    let wanted = json!([["inquiry", 1, "Raised a hand"], ["mql", 2, "Handed to sales"], ["won", 1, "Customer"]]);
    assert_eq!(browser.js(flow), wanted);
    assert_eq!(browser.texts(".lede p"), ["1 promise is late."]);
    // the late one first; letters of every script arrive as they were sent, and people have their names
    assert_eq!(browser.texts("[aria-labelledby=clocks-title] .lead"), [thai(), turkish()]);
    let due = browser.texts("[aria-labelledby=clocks-title] time");
    assert!(due[0].ends_with(" late") && due[1].starts_with("in "), "{due:?}");
    assert_eq!(browser.texts("[aria-labelledby=clocks-title] td.c-with"), ["ana, sellers", "bo, sellers"]);
    // the most fit first, and customers are not called
    assert_eq!(browser.texts("[aria-labelledby=hot-title] .lead"), [turkish(), thai(), CYRILLIC.to_owned()]);
    // a stage leads to its leads, and a choice makes the list shorter
    browser.js("document.querySelectorAll('.stage')[1].click()");
    browser.until("document.querySelector('h1').innerText === 'Leads'");
    browser.until("document.querySelectorAll('tbody tr').length === 2");
    scene.go("#/leads?score=heat");
    assert_eq!(browser.texts("tbody .lead").len(), 4);
    scene.go("#/leads?open=true&score=fit&min=40");
    assert_eq!(browser.texts("tbody .lead"), [turkish(), thai()]);
}

#[test]
fn no_value_turns_the_order_of_what_is_shown() {
    let Some(scene) = Scene::empty(&[]) else { return };
    let known = r#", "name": "\u202Egnp\u001b[2J\u2066", "country": "\u200FTR", "employees": 60"#;
    scene.submit("", &[("a\u{202E}b", 300, "record", known), ("a\u{202E}b", 299, "demo", "")]);
    for view in ["#/", "#/leads", "#/leads/a%E2%80%AEb", "#/measures/customers"] {
        scene.go(view);
        let all = "const said = [...document.querySelectorAll('[title], [aria-label]')].flatMap((e) => [e.title, e.ariaLabel ?? '']); return document.body.textContent + said.join(' ')";
        let text = scene.browser.js(all).as_str().unwrap_or_default().to_owned();
        let turns = |c: char| matches!(c, '\u{1b}' | '\u{200F}' | '\u{202E}' | '\u{2066}');
        assert!(!text.contains(turns), "{view}: {text:?}");
        assert!(view.contains("measures") || text.contains("\u{FFFD}gnp\u{241B}[2J"), "{view}: {text:?}");
    }
}

#[test]
fn a_lead_is_found_by_what_people_know_of_it() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("#/leads");
    let find = |text: &str| {
        let look_for = format!(
            "const form = document.querySelector('[role=search]'); form.elements.find.value = '{text}'; form.requestSubmit()"
        );
        browser.js(&look_for);
    };
    find("ayş");
    browser.until("document.querySelectorAll('tbody tr').length === 1");
    assert_eq!(browser.texts("tbody .lead"), [turkish()]);
    assert_eq!(
        browser.js("return document.querySelector('caption').textContent"),
        json!("Leads found by “ayş”, the most fit first")
    );
    // the filters hold on top of what was found, and go without it
    browser.js("document.querySelector('#f-stage').value = 'won'; document.querySelector('.filters').requestSubmit()");
    browser.until("document.querySelector('.empty')");
    assert_eq!(browser.js("return decodeURIComponent(location.hash)"), json!("#/leads?find=ayş&stage=won"));
    browser.js("document.querySelector('.empty a').click()");
    browser.until("document.querySelectorAll('tbody tr').length === 1");
    find("nobody");
    browser.until("document.querySelector('.empty')?.textContent.startsWith('No lead is found by nobody.')");
    find("");
    browser.until("document.querySelectorAll('tbody tr').length === 4");
}

#[test]
fn a_lead_shows_its_timeline_and_the_reasons() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.open(CYRILLIC);
    browser.sees("Next: Wait until it is worth a call");
    let needs = browser.texts(".need.not-met");
    assert!(needs.iter().any(|need| need.contains("need employees >= 50")), "{needs:?}");
    let named = "return [...document.querySelectorAll('.need [role=img]')].every((one) => one.ariaLabel === 'not met')";
    assert_eq!(browser.js(named), json!(true));
    assert_eq!(browser.texts(".points .sign"), [] as [&str; 0]);
    scene.open(THAI);
    assert_eq!(browser.texts("h1"), [format!("สมชาย {THAI}")]);
    assert_eq!(browser.texts(".points .sign"), ["+40", "+50"]);
    let timeline = browser.texts(".timeline .entry");
    for words in ["Demo", "inquiry → mql", "goes to team sellers, ana", "first call first touch: breached"] {
        assert!(timeline.iter().any(|entry| entry.contains(words)), "{words}: {timeline:?}");
    }
    // a reason leads to its line of the pact
    browser.js("[...document.querySelectorAll('.need')].find((one) => one.innerText.includes('heat >= 50')).querySelector('.place').click()");
    browser.until("document.querySelector('.source li[aria-current=location]')?.innerText.includes('need heat >= 50')");
    scene.open("nobody");
    browser.sees("there is no event of a lead `nobody`");
    // a lead that it took in is one click away
    scene.submit("", &[("guest", 2, "record", ""), ("guest", 1, "merged", &format!(r#", "into": {}"#, json!(THAI)))]);
    scene.open(THAI);
    browser.until("[...document.querySelectorAll('.timeline .entry a')].some((link) => link.innerText === 'guest')");
    browser
        .js("[...document.querySelectorAll('.timeline .entry a')].find((link) => link.innerText === 'guest').click()");
    browser.until("document.querySelector('h1').innerText === 'guest'");
    // a name is a name before anybody has the lead
    scene.submit("", &[(CYRILLIC, 1, "record", r#", "name": "Лидия""#)]);
    scene.open(CYRILLIC);
    browser.until(&format!("document.querySelector('h1').innerText === 'Лидия {CYRILLIC}'"));
}

#[test]
fn every_figure_says_what_it_is_and_whose() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("#/measures");
    browser.until("document.querySelectorAll('.metric').length === 2");
    // first what was promised, and what came: three leads reached sales in hours, and one of them is a customer
    let standing = "return [...document.querySelectorAll('[aria-labelledby=promised-title] tbody')][0].innerText";
    let promised = browser.js(standing).as_str().unwrap_or_default().to_owned();
    assert!(promised.contains("at least 3 per quarter") && promised.contains("met"), "{promised}");
    assert!(promised.contains("33.3%") && promised.contains("behind"), "{promised}");
    assert_eq!(browser.texts(".lede strong"), ["1 target is behind."]);
    assert_eq!(browser.texts(".metric h3"), ["mqls", "customers"]);
    assert_eq!(browser.texts(".metric .figure"), ["3", "33.3%"]);
    assert_eq!(
        browser.texts(".metric .definition code"),
        ["metric mqls = leads entering mql", "metric customers = mql -> won"]
    );
    // a late event changes it under the eyes of who looks
    scene.submit("", &[(CYRILLIC, 5, "record", r#", "employees": 51"#), (CYRILLIC, 4, "demo", "")]);
    browser.until("document.querySelector('.metric .figure').innerText === '4'");
    // the leads are one click away, and from there the lead
    browser.js("document.querySelectorAll('.metric .figure')[1].click()");
    browser.until("document.querySelector('h1').innerText === 'customers'");
    browser.until("document.querySelectorAll('tbody tr').length === 4");
    let told = browser.texts("tbody .c-words");
    assert_eq!(told.iter().filter(|words| words.starts_with("reached it after")).count(), 1, "{told:?}");
    assert_eq!(told.iter().filter(|words| *words == "may still").count(), 3, "{told:?}");
    browser.js("document.querySelector('tbody .lead').click()");
    browser.until("document.querySelector('.timeline')");
    // the meeting, and the leads of one line of it
    scene.go("#/measures");
    browser.js("document.querySelector('.lede a').click()");
    browser.until("document.querySelector('h1').innerText === 'weekly'");
    browser.until("document.querySelectorAll('.agenda').length === 2");
    let countries = browser.texts(".agenda:first-of-type th[scope=row]");
    assert_eq!(countries, ["all", "(missing)", "RU", "TH", "TR"]);
    browser.js("[...document.querySelectorAll('.agenda .figure')][3].click()");
    browser.until("document.querySelector('h1').innerText === 'mqls, country TH'");
    browser.until("document.querySelectorAll('tbody tr').length === 1");
    assert_eq!(browser.texts("tbody .lead"), [thai()]);
    assert_eq!(browser.complaints(), [] as [&str; 0]);
}

#[test]
fn the_pact_is_a_document() {
    let Some(scene) = Scene::empty(&[]) else { return };
    scene.go("#/pact");
    let heads = scene.browser.texts(".item h2");
    for head in ["Worth a call", "From a first word to a customer", "A call while the lead is warm"] {
        assert!(heads.iter().any(|known| known.starts_with(head)), "{head}: {heads:?}");
    }
    let lines = scene.browser.texts(".source li");
    let written: Vec<&str> = RULES.lines().map(str::trim).collect();
    assert_eq!(lines, written);
}

#[test]
fn what_happens_shows_without_a_reload() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("");
    browser.sees("Live");
    browser.js("window.same = true");
    scene.submit("", &[("Yeni-İlk", 2, "record", r#", "employees": 55"#), ("Yeni-İlk", 1, "demo", "")]);
    browser.until("document.querySelectorAll('.stage')[1].querySelector('.count').textContent.startsWith('3')");
    browser.until("document.querySelector('[aria-labelledby=hot-title] tr.fresh .lead')?.innerText === 'Yeni-İlk'");
    browser.js("location.hash = '#/leads/Yeni-İlk'");
    browser.until("document.querySelector('.timeline')");
    assert!(!browser.texts(".entry").contains(&"Call".to_owned()));
    scene.submit("", &[("Yeni-İlk", 0, "call", "")]);
    browser.until("[...document.querySelectorAll('.entry')].some((one) => one.innerText === 'Call')");
    // files that are wrong are refused in front of all, and shown under their line
    std::fs::write(scene.rules(), RULES.replace("need heat", "ned heat")).unwrap();
    browser.sees("The files on disk are not in force");
    browser.js("location.hash = '#/status'");
    browser.sees("small 1 stays in force until they are mended");
    let drawn = browser.texts(".refusal pre").concat();
    let (at, line) = drawn.lines().enumerate().find(|(_, line)| line.contains("ned heat >= 50")).expect("the line");
    let under = drawn.lines().nth(at + 1).expect("what points at it");
    let column = |text: &str, of: char| text.chars().position(|delivery| delivery == of);
    assert_eq!(column(under, '─'), column(line, 'n'), "{drawn}");
    assert!(drawn.contains("small.pact:12"), "{drawn}");
    assert!(drawn.contains("did you mean `need`?"), "{drawn}");
    // mended files are in force, with what is new in them
    std::fs::write(scene.rules(), RULES.replace("Raised a hand", "Said hello").replace("\"1\"", "\"2\"")).unwrap();
    browser.sees("The files on disk are in force.");
    browser.js("location.hash = '#/'");
    browser.sees("Said hello");
    browser.sees("small 2");
    assert_eq!(browser.js("return window.same"), json!(true), "the page was never loaded again");
    assert_eq!(browser.complaints(), [] as [&str; 0]);
    // who looks on when the service goes is shown so, and what was there stays
    let Scene { served, browser, _turn } = scene;
    drop(served);
    browser.sees("Not live since");
    browser.sees("Said hello");
    assert_eq!(browser.texts(".notice button"), ["Try now"]);
}

#[test]
fn keys_are_enough() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("");
    let focused = || browser.js("return document.activeElement.innerText").as_str().unwrap_or_default().to_owned();
    let seen = "return getComputedStyle(document.activeElement.closest('tr') ?? document.activeElement).outlineStyle !== 'none'";
    browser.press(key::TAB);
    assert_eq!(focused(), "Skip to the content");
    let inside = "return document.activeElement.getBoundingClientRect().top >= 0";
    assert_eq!(browser.js(inside), json!(true), "the skip link shows when it has the focus");
    browser.press(key::ENTER);
    assert_eq!(browser.js("return document.activeElement.id"), json!("main"));
    let mut passed = Vec::new();
    while focused() != CYRILLIC {
        browser.press(key::TAB);
        passed.push(focused());
        assert_eq!(browser.js(seen), json!(true), "the focus shows: {passed:?}");
        assert!(passed.len() < 40, "{passed:?}");
    }
    assert!(!passed.contains(&"Leadpact".to_owned()), "the head of the page was skipped: {passed:?}");
    browser.press(key::ENTER);
    browser.until("document.activeElement.nodeName === 'H1'");
    assert_eq!(focused(), CYRILLIC);
    browser.press(key::ESCAPE);
    browser.until("document.querySelector('h1').innerText === 'Today'");
}

#[test]
fn every_view_is_for_everybody() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    let long = "W".repeat(90);
    scene.submit("", &[(&long, 5, "record", ", \"employees\": 51"), (&long, 4, "demo", "")]);
    let mut papers = Vec::new();
    for scheme in ["light", "dark"] {
        browser.likes(scheme);
        for view in VIEWS.into_iter().chain([&*format!("#/leads/{long}")]) {
            browser.wide(1280);
            scene.go(view);
            let faults = browser.js(include_str!("common/faults.js"));
            assert_eq!(faults, json!([]), "{scheme} {view}");
            for width in [320, 700, 1000] {
                browser.wide(width);
                let fits = "return document.documentElement.scrollWidth <= innerWidth";
                assert_eq!(browser.js(fits), json!(true), "{view} scrolls to the side at {width}");
            }
        }
        papers.push(browser.js("return getComputedStyle(document.documentElement).backgroundColor"));
    }
    assert_ne!(papers[0], papers[1], "light and dark differ");
    assert_eq!(browser.complaints(), [] as [&str; 0]);
    let policy = scene.served.get("/").header("content-security-policy").unwrap_or_default().to_owned();
    assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
}

#[test]
fn every_view_is_read_in_every_language() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    for (language, measures, leads) in LANGUAGES {
        for view in VIEWS {
            browser.wide(1280);
            scene.go(&format!("?lang={language}{view}"));
            assert_eq!(browser.js("return document.documentElement.lang"), json!(language), "{view}");
            let left = browser.js_with(include_str!("common/untranslated.js"), &json!(scene.words(language)));
            assert_eq!(left, json!([]), "{language} {view}");
            assert_eq!(browser.js(include_str!("common/faults.js")), json!([]), "{language} {view}");
            for width in [320, 700, 1000] {
                browser.wide(width);
                let fits = "return document.documentElement.scrollWidth <= innerWidth";
                assert_eq!(browser.js(fits), json!(true), "{language} {view} scrolls to the side at {width}");
            }
        }
        for (view, title) in [("#/measures", measures), ("#/leads", leads)] {
            scene.go(&format!("?lang={language}{view}"));
            assert_eq!(browser.texts("h1"), [title]);
            assert_eq!(browser.js("return document.title"), json!(format!("{title} · Leadpact")));
        }
    }
    assert_eq!(browser.complaints(), [] as [&str; 0]);
}

#[test]
fn names_numbers_and_dates_are_those_of_the_language() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    scene.go("?lang=tr#/measures");
    // a label where the pact has one, and the name where it has none
    assert_eq!(browser.texts(".metric h3"), ["devredilenler", "customers"]);
    assert_eq!(browser.texts(".metric .figure"), ["3", "%33,3"]);
    let promised = browser.texts("[aria-labelledby=promised-title] tbody").concat();
    for words in ["satış", "en az 3 çeyrekte", "3 içinden 1", "tutuldu", "geride"] {
        assert!(promised.contains(words), "{words}: {promised}");
    }
    let weekly = browser.texts(".lede p:last-child").concat();
    assert!(weekly.contains("weekly 7 gün arayla"), "{weekly}");
    for (language, month) in [("tr", "Mar"), ("es", "mar"), ("th", "มี.ค."), ("ru", "мар")] {
        scene.go(&format!("?lang={language}#/status"));
        let day = "return import('./time.js').then((time) => time.exact('2026-03-02T13:00:00+03:00'))";
        let day = browser.js(day).as_str().unwrap_or_default().to_owned();
        assert!(day.contains(month) && day.contains("2026") && day.ends_with(", 13:00 +03:00"), "{language}: {day}");
    }
    // forms that go with a number
    let forms =
        "return import('./words.js').then(({ say }) => [1, 3, 5, 21, 1234].map((n) => say('{0} lead | {0} leads', n)))";
    assert_eq!(browser.js(forms), json!(["1 лид", "3 лида", "5 лидов", "21 лид", "1\u{a0}234 лида"]));
}

#[test]
fn the_language_is_the_readers_choice() {
    let Some(scene) = Scene::with_leads() else { return };
    let browser = &scene.browser;
    let title = |wanted: &str| browser.until(&format!("document.querySelector('h1')?.innerText === '{wanted}'"));
    // that of the browser's user, where the page has it
    browser.reads("de-CH,ru-RU,en");
    scene.go("#/leads");
    title("Лиды");
    browser.reads("de-CH,ja");
    scene.go("#/leads");
    title("Leads");
    // another is one choice away, stands in the address, and is kept
    let choose = "const select = document.querySelector('#language'); select.value = 'th'; select.dispatchEvent(new Event('change'))";
    browser.js(choose);
    title("ลีด");
    assert_eq!(browser.js("return location.search + location.hash"), json!("?lang=th#/leads"));
    assert_eq!(browser.js("return document.querySelector('#language').selectedOptions[0].text"), json!("ไทย"));
    scene.go("#/leads");
    title("ลีด");
    // a link opens in the language that it names
    scene.go("?lang=es#/leads");
    title("Prospectos");
    scene.go("?lang=xx#/leads");
    title("ลีด");
}

#[test]
fn who_has_a_token_gives_it_once() {
    let Some(scene) = Scene::empty(&["--tokens", "TOKENS"]) else { return };
    let browser = &scene.browser;
    let admin = served::bearer("read, write, admin");
    scene.submit(&admin, &[(THAI, 9, "record", r#", "name": "สมชาย", "employees": 60"#), (THAI, 8, "demo", "")]);
    browser.go(&format!("{}/#/leads/{THAI}", scene.served.url()));
    browser.until("document.activeElement.id === 'token'");
    assert_eq!(browser.js(include_str!("common/faults.js")), json!([]));
    browser.press(&format!("no-token-of-this-service{}", key::ENTER));
    browser.sees("This token was not accepted.");
    browser.until("document.activeElement.id === 'token'");
    let give = |token: &str| browser.press(&format!("{}{}", token.trim_start_matches("Bearer "), key::ENTER));
    give(&served::bearer("read"));
    // where the lead was asked for it is shown, without what is personal
    browser.until("document.querySelector('.timeline')");
    assert_eq!(browser.texts("h1"), [THAI]);
    browser.sees("Live");
    browser.js("location.reload()");
    browser.until("document.querySelector('.timeline')");
    browser.js("location.hash = '#/status'");
    browser.until("[...document.querySelectorAll('button')].some((one) => one.innerText === 'Forget it')");
    browser.js("[...document.querySelectorAll('button')].find((one) => one.innerText === 'Forget it').click()");
    browser.until("document.activeElement.id === 'token'");
    give(&admin);
    browser.sees("The files on disk are in force.");
    browser.js(&format!("location.hash = '#/leads/{THAI}'"));
    browser.until("document.querySelector('h1').innerText.startsWith('สมชาย ')");
}

//! Reports, reviews and digests as HTML: whole, safe whatever names hold, in every language, and for everybody. Where Chromium is
//! not installed, the last of the tests says that it skipped.

#[cfg(feature = "serve")]
#[allow(dead_code, reason = "this test needs a part of it")]
#[path = "common/browser.rs"]
mod browser;

use std::collections::BTreeSet;
use std::path::PathBuf;

use assert_cmd::Command;

const RULES: &str = "rules/acme";
const EVENTS: &str = "rules/acme/events.ndjson";

/// The languages of the worked example.
const LANGUAGES: [&str; 5] = ["en", "tr", "es", "th", "ru"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// What the program prints.
fn printed(arguments: &[&str]) -> String {
    let output = Command::cargo_bin("leadpact").unwrap().current_dir(root()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("it is text")
}

/// The three pages of the worked example in a language.
fn pages(language: &str) -> [String; 3] {
    let more = ["--format", "html", "--language", language, "-q"];
    [
        printed(
            &[&["report", RULES, EVENTS, "--by", "lead_source", "--from", "2026-03-15", "--compare"], &more[..]]
                .concat(),
        ),
        printed(&[&["review", "pipeline_meeting", RULES, EVENTS, "--at", "2026-03-16 09:00"], &more[..]].concat()),
        printed(&[&["digest", "hot_leads", RULES, EVENTS, "--at", "2026-03-16 09:00"], &more[..]].concat()),
    ]
}

/// Elements that have no end.
const VOID: [&str; 5] = ["meta", "line", "rect", "circle", "polyline"];

/// Holds that every element ends where it should, and that nothing is asked of another place.
fn is_whole(page: &str) {
    assert!(page.starts_with("<!DOCTYPE html><html lang="), "{}", &page[..60]);
    let (before, after) = page.split_once("<style>").expect("it has a style");
    let (_, after) = after.split_once("</style>").expect("the style ends");
    let mut open = Vec::new();
    for tag in [before, after].concat().split('<').skip(2).filter_map(|rest| Some(rest.split_once('>')?.0)) {
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        match tag.strip_prefix('/') {
            Some(_) => assert_eq!(open.pop(), Some(name), "</{tag}>"),
            None if VOID.contains(&&*name) || tag.ends_with('/') => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?} does not end");
    for outside in ["://", "<script", "url(", "@import", "<link", "<img", "<iframe"] {
        assert!(!page.contains(outside), "{outside}: the page asks something of another place");
    }
}

#[test]
fn the_worked_example_is_a_page() {
    let page = printed(&["report", RULES, EVENTS, "--format", "html", "-q"]);
    is_whole(&page);
    insta::with_settings!({ filters => vec![(r"sha256:[0-9a-f]+", "sha256:[digest]")], omit_expression => true }, {
        // how it looks is another file
        let (before, after) = page.split_once("<style>").unwrap();
        let page = format!("{before}{}", after.split_once("</style>").unwrap().1);
        insta::assert_snapshot!("report", page.replace("><", ">\n<"));
    });
    // what was promised comes first, and every figure says what it is
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(place("id=\"promised\"") < place("id=\"changed\""));
    assert!(place("id=\"changed\"") < place("id=\"flow\""));
    assert!(place("id=\"flow\"") < place("id=\"figures\""));
    for metric in ["metric mqls = leads entering mql", "metric acceptance = mql -&gt; sal"] {
        place(metric);
    }
    // groups within periods, each figure as the table of the terminal has it
    let split = ["report", RULES, EVENTS, "--by", "country", "--metric", "mqls", "-q"];
    let page = printed(&[&split[..], &["--format", "html"]].concat());
    let table = page.split("<caption>mqls: By country, period</caption>").nth(1).expect("groups by period");
    let cells = |text: &str, end: &str| -> Vec<String> {
        let cell = |cell: &str| cell.split('<').filter_map(|part| Some(part.split_once('>')?.1)).collect::<String>();
        text.split(end).map(cell).map(|cell| cell.trim().to_owned()).collect()
    };
    let (heads, rows) = table.split("</table>").next().unwrap().split_once("</thead>").unwrap();
    let periods = cells(heads, "</th>");
    let csv = printed(&[&split[..], &["--period", "month", "--format", "csv"]].concat());
    let mut told = 0;
    for row in csv.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>()).filter(|row| !row[1].is_empty()) {
        let name = if row[2].is_empty() { "all" } else { row[2] };
        let group = rows.split("</tr>").map(|row| cells(row, "</t")).find(|cells| cells[0] == name);
        let at = periods.iter().position(|period| period == row[1]).expect("the period has a column");
        assert_eq!(group.expect("the group has a row")[at], row[3], "{row:?}");
        told += 1;
    }
    assert!(told > 3, "{csv}");
    // a page of one quarter beside the one before
    let compared = printed(&["report", RULES, EVENTS, "--from", "2026-04-01", "--compare", "--format", "html", "-q"]);
    assert!(compared.contains("<bdi>before 4</bdi>, <bdi>-75%</bdi>"), "{compared}");
}

#[test]
fn every_language_has_its_pages() {
    let mut heads = BTreeSet::new();
    for language in LANGUAGES {
        for page in pages(language) {
            is_whole(&page);
            assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")));
            heads.insert(page.split("<h1>").nth(1).unwrap().split("</h1>").next().unwrap().to_owned());
        }
    }
    assert_eq!(heads.len(), 15, "{heads:?}");
    let refused = Command::cargo_bin("leadpact")
        .unwrap()
        .current_dir(root())
        .args(["report", RULES, EVENTS, "--language", "tt"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
    let why = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(why.contains("there is no label language `tt`: did you mean `t"), "{why}");
}

#[test]
fn names_hold_what_they_like() {
    let folder = tempfile::tempdir().unwrap();
    let rules = r#"pact hostile "</title><script>alert(1)</script>" {
      parties marketing, sales  time zone "UTC"  labels ar
    }
    term marketing "It" { label ar "تسويق <b>" }
    lead { id text key  source text? }
    activity demo
    pipeline all "</caption><img src=x>" {
      stage inquiry "Raised" { owner marketing  label ar "استفسار & <i>"  move to mql when any demo }
      stage mql { owner sales  final }
    }
    metric rate "\" onload=\"alert(1)" = inquiry -> mql
    target marketing rate >= 50%
    review weekly every 1 week { rate by source }
    digest hot for sales "<script>" { every day at 09:00  leads in inquiry that miss one fact for worth }
    criteria worth { agreed by marketing, sales  need source is present }"#;
    std::fs::write(folder.path().join("a.pact"), rules).unwrap();
    let hostile = "<script>alert('x')</script>\\\" & \u{202e}txt";
    let event = |day: u32, lead: &str, what: &str| {
        format!("{{\"lead\": \"{lead}\", \"at\": \"2026-{day:02}-02T09:00:00Z\", {what}}}\n")
    };
    let source = format!("\"event\": \"record\", \"source\": \"{hostile}\"");
    let events =
        [event(1, hostile, "\"event\": \"record\""), event(2, "b", &source), event(3, "b", "\"event\": \"demo\"")];
    let file = folder.path().join("events.ndjson");
    std::fs::write(&file, events.concat()).unwrap();
    let (rules, events) = (folder.path().join("a.pact"), file);
    let (rules, events) = (rules.to_str().unwrap(), events.to_str().unwrap());
    for language in ["en", "ar"] {
        let more = ["--format", "html", "--language", language, "-q"];
        let pages = [
            printed(&[&["report", rules, events, "--by", "source"], &more[..]].concat()),
            printed(&[&["review", "weekly", rules, events], &more[..]].concat()),
            printed(&[&["digest", "hot", rules, events], &more[..]].concat()),
        ];
        for page in &pages {
            is_whole(page);
            assert!(!page.contains("onload=\"alert"), "an attribute came out of its quotes");
            let direction = if language == "ar" { "rtl" } else { "ltr" };
            assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")));
        }
        assert!(pages[0].contains("&lt;script&gt;alert('x')&lt;/script&gt;"), "{}", pages[0]);
        assert_eq!(pages[0].contains("تسويق &lt;b&gt;"), language == "ar");
        assert!(pages[2].contains("<bdi>&lt;script&gt;alert('x')"), "{}", pages[2]);
    }
}

#[test]
fn a_digest_says_whom_to_call() {
    let at = ["--at", "2026-03-16 09:00", "-q"];
    let of = |more: &[&str]| printed(&[&["digest", "hot_leads", RULES, EVENTS], &at[..], more].concat());
    assert_eq!(
        of(&["--format", "markdown"]),
        "# hot leads for sales: 2026-03-16 09:00\n\n\
         ## top 20 leads in mql by engagement\n\n\
         | lead | who | points |\n| --- | --- | --- |\n| 00Q4 |  | 70 |\n| 00Q3 |  | 25 |\n\n\
         ## leads in mql near breach of speed_to_lead\n\n\
         | lead | who | due |\n| --- | --- | --- |\n| 00Q4 |  | 2026-03-17 12:05 |\n\n\
         ## leads in inquiry that miss one fact for qualified_lead\n\nNobody.\n\n"
    );
    let json: serde_json::Value = serde_json::from_str(&of(&["--format", "json"])).unwrap();
    assert_eq!((&json["for"], &json["at"]), (&"sales".into(), &"2026-03-16T09:00:00+03:00".into()));
    assert_eq!(json["parts"][1]["leads"][0]["due"], "2026-03-17T12:05:00+03:00");
    assert!(of(&["--language", "tr"]).contains("aday"));
}

#[cfg(feature = "serve")]
#[test]
fn every_page_is_for_everybody() {
    use serde_json::json;
    let Some(browser) = browser::Browser::open() else { return };
    let folder = tempfile::tempdir().unwrap();
    let address = |name: &str, page: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, page).unwrap();
        format!("file://{}", file.display())
    };
    let mut papers = BTreeSet::new();
    for language in LANGUAGES {
        for (at, page) in pages(language).iter().enumerate() {
            let url = address(&format!("{language}{at}.html"), page);
            for scheme in ["light", "dark"] {
                browser.likes(scheme);
                browser.wide(1280);
                browser.go(&url);
                browser.js("document.querySelectorAll('details').forEach((one) => { one.open = true })");
                let faults = browser.js(include_str!("common/faults.js"));
                // a page that does not change says nothing out loud
                assert_eq!(faults, json!(["nothing is said out loud"]), "{scheme} {url}");
                for width in [320, 700, 1280] {
                    browser.wide(width);
                    let wide = "return document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')].filter((one) => !one.closest('.scroll .scroll, table') && one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML.slice(0, 80))";
                    assert_eq!(browser.js(wide), json!([]), "{url} scrolls to the side at {width}");
                }
                papers.insert(
                    browser.js("return getComputedStyle(document.documentElement).backgroundColor").to_string(),
                );
            }
        }
    }
    assert_eq!(papers.len(), 2, "light and dark differ");
    assert_eq!(browser.complaints(), [] as [&str; 0]);
}

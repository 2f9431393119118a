//! One run says all that is wrong: ten mistakes give ten findings, each on its line and with a way out.

use leadpact::internals::diagnostic::render;
use leadpact::internals::load::load;
use leadpact::internals::world::Memory;

/// A comment `-- CODE` says what its line does wrong.
const PACT: &str = r#"pact acme "Ten mistakes" {
  parties marketing, sales
  time zone "Europe/Istambul"  # -- E0215
}

lead {
  id text key
  country text?
  employees integer?
  revenue money? USD
  consent bool default false
  lead_source one of web, webinar default web
}

activity visit { pages integer? }

calendar office { mon to fri 09:00 to 09:00 }  # -- E0805

score interest 0 to 100 {
  give 10 per visit in last 5 business days, at most 50  # -- E0310
  fade 150% every 30 days  # -- E0504
}

criteria good_fit {
  agreed by marketing, sales
  need contry = "TR"  # -- E0201
  need revenue >= 10M EUR  # -- E0304
  need lead_source in web, refferal  # -- E0203
  need interest >= 20
}

pipeline new_business {
  stage inquiry { owner marketing  move to mql when good_fit }
  stage mql { move to won when consent }  # -- E0602
  stage won { owner sales  final }
}

sla warm on mql {
  owner sales
  first touch within 4 business hours  # -- E0802
}

test "a lead from the web comes in" {  # -- E0901
  lead { country "TR"  employees 80 }
}
"#;

#[test]
fn ten_mistakes_are_ten_findings_in_one_run() {
    let loaded = load(&Memory::new([("acme.pact", PACT)]), None);
    assert!(loaded.pact.is_none());
    let expected: Vec<(usize, &str)> =
        PACT.lines().enumerate().filter_map(|(at, line)| Some((at + 1, line.split_once("# -- ")?.1))).collect();
    assert_eq!(expected.len(), 10);
    let found: Vec<(usize, &str)> = loaded
        .diagnostics
        .iter()
        .map(|finding| (loaded.sources.place(finding.span().unwrap()).line, finding.code.id()))
        .collect();
    assert_eq!(found, expected);
    for finding in &loaded.diagnostics {
        assert!(finding.help.as_ref().is_some_and(|help| !help.is_empty()), "{} has no help", finding.code.id());
    }
    insta::assert_snapshot!(render::human(&loaded.sources, &loaded.diagnostics, false));
}

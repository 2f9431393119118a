//! What is not known: verdicts are sound whatever the missing facts turn out to be, equal a truth table written here a
//! second time, and what is named as missing really settles them.

use leadpact::internals::diagnostic::Severity;
use leadpact::internals::eval::View;
use leadpact::internals::load::load;
use leadpact::internals::pact::{CriteriaId, FieldId, Pact, Verdict};
use leadpact::internals::record::Record;
use leadpact::internals::value::Value;
use leadpact::internals::world::Memory;
use proptest::prelude::*;
use rust_decimal::Decimal;

/// A condition, as the test sees it: the letters `a` to `d` are numbers, `p` and `q` yes or no.
#[derive(Debug, Clone)]
enum Cond {
    Yes(usize),
    Compare(usize, &'static str, i64),
    Between(usize, i64, i64),
    OneOf(usize, bool, Vec<i64>),
    Pair(usize, &'static str, usize),
    Present(usize, bool),
    IfMissing(usize, i64, i64),
    IsUnknown(Box<Cond>),
    Not(Box<Cond>),
    And(Vec<Cond>),
    Or(Vec<Cond>),
}

const NUMBERS: [&str; 4] = ["a", "b", "c", "d"];
const FLAGS: [&str; 2] = ["p", "q"];
const DOMAIN: [i64; 4] = [0, 1, 2, 3];
const OPERATORS: [&str; 6] = ["=", "!=", ">", "<", ">=", "<="];

/// What is known of a lead: numbers, then flags.
type Facts = ([Option<i64>; 4], [Option<bool>; 2]);

impl Cond {
    fn text(&self) -> String {
        let all = |parts: &[Cond], word: &str| parts.iter().map(Cond::grouped).collect::<Vec<_>>().join(word);
        match self {
            Cond::Yes(flag) => FLAGS[*flag].to_owned(),
            Cond::Compare(n, op, to) => format!("{} {op} {to}", NUMBERS[*n]),
            Cond::Between(n, low, high) => format!("{} between {low} and {high}", NUMBERS[*n]),
            Cond::OneOf(n, negated, of) => {
                let of: Vec<String> = of.iter().map(ToString::to_string).collect();
                format!("{} {}in {}", NUMBERS[*n], if *negated { "not " } else { "" }, of.join(", "))
            }
            Cond::Pair(n, op, m) => format!("{} {op} {}", NUMBERS[*n], NUMBERS[*m]),
            Cond::Present(n, yes) => format!("{} is {}", NUMBERS[*n], if *yes { "present" } else { "missing" }),
            Cond::IfMissing(n, or, to) => format!("({} if missing {or}) >= {to}", NUMBERS[*n]),
            Cond::IsUnknown(inner) => format!("({}) is unknown", inner.text()),
            Cond::Not(inner) => format!("not {}", inner.grouped()),
            Cond::And(parts) => all(parts, " and "),
            Cond::Or(parts) => all(parts, " or "),
        }
    }

    fn grouped(&self) -> String {
        format!("({})", self.text())
    }

    /// The truth table. None is unknown.
    fn truth(&self, facts: &Facts) -> Option<bool> {
        let n = |at: &usize| facts.0[*at];
        let holds = |a: i64, op: &str, b: i64| match op {
            "=" => a == b,
            "!=" => a != b,
            ">" => a > b,
            "<" => a < b,
            ">=" => a >= b,
            _ => a <= b,
        };
        match self {
            Cond::Yes(flag) => facts.1[*flag],
            Cond::Compare(at, op, to) => Some(holds(n(at)?, op, *to)),
            Cond::Between(at, low, high) => Some((*low..=*high).contains(&n(at)?)),
            Cond::OneOf(at, negated, of) => Some(of.contains(&n(at)?) != *negated),
            Cond::Pair(a, op, b) => Some(holds(n(a)?, op, n(b)?)),
            Cond::Present(at, yes) => Some(n(at).is_some() == *yes),
            Cond::IfMissing(at, or, to) => Some(n(at).unwrap_or(*or) >= *to),
            Cond::IsUnknown(inner) => Some(inner.truth(facts).is_none()),
            Cond::Not(inner) => inner.truth(facts).map(|holds| !holds),
            Cond::And(parts) => settled(parts, facts, false),
            Cond::Or(parts) => settled(parts, facts, true),
        }
    }

    /// Whether knowing more can never change a verdict.
    fn asks_presence(&self) -> bool {
        match self {
            Cond::Present(..) | Cond::IfMissing(..) | Cond::IsUnknown(_) => true,
            Cond::Not(inner) => inner.asks_presence(),
            Cond::And(parts) | Cond::Or(parts) => parts.iter().any(Cond::asks_presence),
            _ => false,
        }
    }
}

/// One part with this verdict settles all; otherwise one unknown leaves all open.
fn settled(parts: &[Cond], facts: &Facts, by: bool) -> Option<bool> {
    let verdicts: Vec<_> = parts.iter().map(|part| part.truth(facts)).collect();
    match () {
        () if verdicts.contains(&Some(by)) => Some(by),
        () if verdicts.contains(&None) => None,
        () => Some(!by),
    }
}

fn leaf() -> impl Strategy<Value = Cond> {
    let operator = || proptest::sample::select(OPERATORS.to_vec());
    prop_oneof![
        2 => (0..2usize).prop_map(Cond::Yes),
        4 => (0..4usize, operator(), 0..4i64).prop_map(|(n, op, to)| Cond::Compare(n, op, to)),
        1 => (0..4usize, 0..3i64, 0..3i64).prop_map(|(n, low, more)| Cond::Between(n, low, low + more)),
        1 => (0..4usize, any::<bool>(), proptest::sample::subsequence(DOMAIN.to_vec(), 1..=3))
            .prop_map(|(n, negated, of)| Cond::OneOf(n, negated, of)),
        1 => (0..3usize, operator(), 1..4usize).prop_map(|(n, op, m)| Cond::Pair(n, op, m)),
    ]
}

fn blind() -> impl Strategy<Value = Cond> {
    leaf().prop_recursive(3, 12, 3, grow)
}

fn any_cond() -> impl Strategy<Value = Cond> {
    let leaf = prop_oneof![
        4 => leaf(),
        1 => (0..4usize, any::<bool>()).prop_map(|(n, yes)| Cond::Present(n, yes)),
        1 => (0..4usize, 0..4i64, 0..4i64).prop_map(|(n, or, to)| Cond::IfMissing(n, or, to)),
    ];
    leaf.prop_recursive(
        3,
        12,
        3,
        |inner| prop_oneof![4 => grow(inner.clone()), 1 => inner.prop_map(|c| Cond::IsUnknown(Box::new(c)))],
    )
}

fn grow(inner: impl Strategy<Value = Cond> + Clone + 'static) -> impl Strategy<Value = Cond> {
    prop_oneof![
        inner.clone().prop_map(|c| Cond::Not(Box::new(c))),
        proptest::collection::vec(inner.clone(), 2..4).prop_map(Cond::And),
        proptest::collection::vec(inner, 2..4).prop_map(Cond::Or),
    ]
}

fn facts() -> impl Strategy<Value = Facts> {
    let n = || proptest::option::of(0..4i64);
    let flag = || proptest::option::of(any::<bool>());
    ([n(), n(), n(), n()], [flag(), flag()])
}

fn pact(clauses: &str) -> Pact {
    let text = format!(
        "pact p {{ parties all }} lead {{ id text key  a number?  b number?  c number?  d number?  p bool?  q bool? }}
         criteria it {{ agreed by all  {clauses} }}
         pipeline way {{ stage one {{ owner all  move to two when it  move to two after 1 day }} stage two {{ owner all  final }} }}"
    );
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    loaded.pact.unwrap_or_else(|| panic!("{clauses}: {:?}", loaded.diagnostics))
}

/// The codes of the errors for a stage that is left when the first condition is met, and come back to at the second.
fn refused(go: &Cond, back: &Cond) -> Vec<&'static str> {
    let text = format!(
        "pact p {{ parties all }} lead {{ id text key  a number?  b number?  c number?  d number?  p bool?  q bool? }}
         pipeline way {{ stage one {{ owner all  move to two when {} }}
           stage two {{ owner all  move to one when {}  move to three after 1 day }}  stage three {{ owner all  final }} }}",
        go.grouped(),
        back.grouped()
    );
    let loaded = load(&Memory::new([("a.pact", text)]), None);
    loaded.diagnostics.iter().filter(|d| d.severity() == Severity::Error).map(|d| d.code.id()).collect()
}

fn record(pact: &Pact, facts: &Facts) -> Record {
    let mut record = Record::new(pact);
    for (name, n) in NUMBERS.iter().zip(facts.0) {
        record.set(pact.field(name).unwrap(), n.map(|n| Value::Number(Decimal::from(n))));
    }
    for (name, flag) in FLAGS.iter().zip(facts.1) {
        record.set(pact.field(name).unwrap(), flag.map(Value::Bool));
    }
    record
}

fn verdict(pact: &Pact, record: &Record) -> Verdict {
    View::new(pact, record, "2026-03-02T09:00:00Z".parse().unwrap()).criteria(CriteriaId(0)).verdict
}

fn expected(truth: Option<bool>) -> Verdict {
    truth.map_or(Verdict::Unknown, Verdict::known)
}

/// Every way to know all.
fn completions(facts: &Facts) -> Vec<Facts> {
    let mut all = vec![*facts];
    for at in 0..4 {
        all = all
            .into_iter()
            .flat_map(|facts| {
                let values: Vec<i64> = facts.0[at].map_or_else(|| DOMAIN.to_vec(), |n| vec![n]);
                values.into_iter().map(move |n| {
                    let mut facts = facts;
                    facts.0[at] = Some(n);
                    facts
                })
            })
            .collect();
    }
    for at in 0..2 {
        all = all
            .into_iter()
            .flat_map(|facts| {
                let values: Vec<bool> = facts.1[at].map_or_else(|| vec![false, true], |flag| vec![flag]);
                values.into_iter().map(move |flag| {
                    let mut facts = facts;
                    facts.1[at] = Some(flag);
                    facts
                })
            })
            .collect();
    }
    all
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// The evaluator says what the truth table says, for conditions that ask for presence too.
    #[test]
    fn verdicts_are_those_of_the_truth_table(cond in any_cond(), many in proptest::collection::vec(facts(), 24)) {
        let pact = pact(&format!("need {}", cond.text()));
        for facts in many {
            prop_assert_eq!(verdict(&pact, &record(&pact, &facts)), expected(cond.truth(&facts)), "{} {:?}", cond.text(), facts);
        }
    }

    /// A verdict that is given while facts are missing holds whatever they turn out to be.
    #[test]
    fn a_verdict_is_never_taken_back(cond in blind(), many in proptest::collection::vec(facts(), 4)) {
        prop_assert!(!cond.asks_presence());
        let pact = pact(&format!("need {}", cond.text()));
        for facts in many {
            let now = verdict(&pact, &record(&pact, &facts));
            if now == Verdict::Unknown {
                continue;
            }
            for whole in completions(&facts) {
                prop_assert_eq!(verdict(&pact, &record(&pact, &whole)), now, "{}: {:?}, then {:?}", cond.text(), facts, whole);
            }
        }
    }

    /// Every `need`, one `any` where there are some, no `not`; and each clause is reported with its own verdict.
    #[test]
    fn clauses_of_a_criteria_come_together(
        clauses in proptest::collection::vec((0..3usize, any_cond()), 1..5),
        many in proptest::collection::vec(facts(), 16),
    ) {
        let text: Vec<String> =
            clauses.iter().map(|(kind, cond)| format!("{} {}", ["need", "any", "not"][*kind], cond.grouped())).collect();
        let pact = pact(&text.join("\n"));
        let of = |kind: usize| clauses.iter().filter(move |(k, _)| *k == kind).map(|(_, cond)| cond.clone());
        let mut parts: Vec<Cond> = of(0).chain(of(2).map(|cond| Cond::Not(Box::new(cond)))).collect();
        let any: Vec<Cond> = of(1).collect();
        if !any.is_empty() {
            parts.push(Cond::Or(any));
        }
        let whole = Cond::And(parts);
        for facts in many {
            let record = record(&pact, &facts);
            prop_assert_eq!(verdict(&pact, &record), expected(whole.truth(&facts)), "{:?} {:?}", text, facts);
            let view = View::new(&pact, &record, "2026-03-02T09:00:00Z".parse().unwrap());
            for (need, (_, cond)) in view.criteria(CriteriaId(0)).needs.iter().zip(&clauses) {
                prop_assert_eq!(need.holds, expected(cond.truth(&facts)));
            }
        }
    }

    /// A stage is refused only when no facts meet its move. A circle is refused when some facts go round it.
    #[test]
    fn circles_and_dead_ends_are_found(
        go in any_cond(),
        back in any_cond(),
        many in proptest::collection::vec(facts(), 64),
    ) {
        let refused = refused(&go, &back);
        prop_assert!(refused.iter().all(|code| ["E0607", "E0611"].contains(code)), "{:?}", refused);
        for facts in many {
            let (go_met, back_met) = (go.truth(&facts) == Some(true), back.truth(&facts) == Some(true));
            if go_met {
                prop_assert!(!refused.contains(&"E0607"), "{} is met by {:?}", go.text(), facts);
            }
            // the search for a lead is bounded, and fields that are compared with each other make it long
            if go_met && back_met && !has_pairs(&go) && !has_pairs(&back) {
                prop_assert!(refused.contains(&"E0611"), "{}, back {}: {:?}", go.text(), back.text(), facts);
            }
        }
    }

    /// A set that is named as missing is missing, and some values of it give another verdict; the sets are as small as
    /// any, and none of that size is left out.
    #[test]
    fn what_is_named_as_missing_settles_it(cond in blind(), many in proptest::collection::vec(facts(), 6)) {
        let pact = pact(&format!("need {}", cond.text()));
        for facts in many {
            let record = record(&pact, &facts);
            let now = verdict(&pact, &record);
            let view = View::new(&pact, &record, "2026-03-02T09:00:00Z".parse().unwrap());
            let named = view.near_miss(CriteriaId(0));
            if now != Verdict::Unknown {
                // nothing that is missing can turn around what is settled without asking for presence
                prop_assert!(named.is_empty(), "{} is {:?} and lacks {:?}", cond.text(), now, named);
                continue;
            }
            for set in &named {
                prop_assert!(set.iter().all(|field| record.value(*field).is_none()));
                let values = fillings(&pact, set);
                let turned = values.iter().any(|values| {
                    let mut record = record.clone();
                    set.iter().zip(values).for_each(|(field, value)| record.set(*field, Some(value.clone())));
                    verdict(&pact, &record) != now
                });
                prop_assert!(turned, "{}: {:?} changes nothing for {:?}", cond.text(), set, facts);
            }
            if !has_pairs(&cond) {
                let expected = smallest(&pact, &cond, &facts);
                prop_assert_eq!(named, expected, "{} {:?}", cond.text(), facts);
            }
        }
    }
}

/// Every choice of values for some fields.
fn fillings(pact: &Pact, set: &[FieldId]) -> Vec<Vec<Value>> {
    set.iter().fold(vec![Vec::new()], |all, field| {
        let values: Vec<Value> = if FLAGS.contains(&&*pact[*field].name) {
            vec![Value::Bool(true), Value::Bool(false)]
        } else {
            (-1..=4).map(|n| Value::Number(Decimal::from(n))).collect()
        };
        let longer = |chosen: &Vec<Value>| {
            let chosen = chosen.clone();
            values.iter().map(move |value| chosen.iter().cloned().chain([value.clone()]).collect()).collect::<Vec<_>>()
        };
        all.iter().flat_map(longer).collect()
    })
}

/// Fields that are compared with each other, whose values are not all tried.
fn has_pairs(cond: &Cond) -> bool {
    match cond {
        Cond::Pair(..) => true,
        Cond::Not(inner) | Cond::IsUnknown(inner) => has_pairs(inner),
        Cond::And(parts) | Cond::Or(parts) => parts.iter().any(has_pairs),
        _ => false,
    }
}

/// By the truth table, the smallest sets of missing facts that can make it hold, or else settle it.
fn smallest(pact: &Pact, cond: &Cond, facts: &Facts) -> Vec<Vec<FieldId>> {
    let names: Vec<&str> = NUMBERS.iter().chain(&FLAGS).copied().collect();
    let missing: Vec<usize> =
        (0..6).filter(|at| if *at < 4 { facts.0[*at].is_none() } else { facts.1[*at - 4].is_none() }).collect();
    for want in [true, false] {
        for size in 1..=3 {
            let mut found: Vec<Vec<usize>> = (1..1u32 << missing.len())
                .filter(|mask| mask.count_ones() == size)
                .map(|mask| {
                    missing.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, at)| *at).collect()
                })
                .filter(|set: &Vec<usize>| reaches(cond, facts, set, want))
                .collect();
            found.sort();
            if !found.is_empty() {
                let ids = |set: Vec<usize>| set.into_iter().map(|at| pact.field(names[at]).unwrap()).collect();
                return found.into_iter().map(ids).collect();
            }
        }
    }
    Vec::new()
}

fn reaches(cond: &Cond, facts: &Facts, set: &[usize], want: bool) -> bool {
    let Some((at, rest)) = set.split_first() else { return cond.truth(facts) == Some(want) };
    (-1..=4).any(|n| {
        let mut facts = *facts;
        if *at < 4 {
            facts.0[*at] = Some(n);
        } else {
            facts.1[*at - 4] = Some(n > 0);
        }
        reaches(cond, &facts, rest, want)
    })
}

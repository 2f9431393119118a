//! `test`: a lead, its history, an instant, and what must come out.

use super::handover::name_or_string;
use super::pipeline::lower_action;
use super::promise::lower_promise_name;
use super::record::the_value;
use super::value::{lower_duration, lower_integer, lower_literal, lower_number, lower_when};
use super::{ActionNode, DurationNode, Name, Number, PromiseName, Spanned, Text, ValueNode, Verdict, When};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `test "…" { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestNode {
    /// What it shows.
    pub name: Text,
    /// What it says, in order.
    pub clauses: Vec<TestClause>,
}

/// A clause of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TestClause {
    /// `lead NAME { field value … }`
    Lead(Option<Name>, Vec<FieldValue>, Span),
    /// `in stage STAGE`: the lead's stage at first.
    Stage(Name),
    /// `in env ENV`: with the params of an environment.
    Env(Name),
    /// `at INSTANT`: the instant of the decision.
    At(Spanned<When>),
    /// `at INSTANT EVENT, EVENT`
    Happens(Spanned<When>, Vec<Happening>),
    /// `had EVENT 2 days ago, today`
    Had(Happening, Vec<Spanned<Ago>>),
    /// `expect …` at the test's instant, or `at INSTANT expect …`
    Expect(Option<Spanned<When>>, Vec<Spanned<Outcome>>),
}

/// `name value`, `name missing`; several values make a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldValue {
    /// The field or property.
    pub name: Name,
    /// Its values; none is `missing`.
    pub values: Vec<ValueNode>,
    /// The whole part.
    pub span: Span,
}

/// What happens to a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// An activity, touch or disposition.
    Event(Name, Vec<FieldValue>),
    /// `set field value`
    Change(FieldValue),
    /// `assigned to REP`
    Assigned(Name),
}

/// When something happened, seen from the test's instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ago {
    /// `2 days ago`
    Before(DurationNode),
    /// `today`: at the instant.
    Today,
    /// `yesterday`: a day before it.
    Yesterday,
    /// A date or instant.
    At(When),
}

/// What must come out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// `stage STAGE`
    Stage(Name),
    /// `pipeline PIPELINE`
    Pipeline(Name),
    /// `held before STAGE`: a hand-over lacks what it needs.
    Held(Name),
    /// `recycled by RECYCLE`
    Recycled(Name),
    /// `resting until DATE`
    Resting(Spanned<When>),
    /// `route …`
    Route(ExpectedRoute),
    /// `sla SLA PROMISE due INSTANT`
    Sla(Name, Spanned<PromiseName>, ExpectedClock),
    /// An effect, or `no` effect.
    Effect(ActionNode, bool),
    /// `carry FIELD VALUE`; none is `missing`.
    Carry(Name, Option<ValueNode>),
    /// `CRITERIA not met, one fact short: a or b`
    Verdict(Name, Verdict, Option<Shortfall>),
    /// `NAME BAND`, or `NAME BAND or BAND` where missing facts leave several.
    Band(Name, Vec<Name>),
    /// `SCORE 50`, or `SCORE 50 to 65` where facts are missing; also `METRIC 3`
    Score(Name, Number, Option<Number>),
    /// `METRIC 67%`, `METRIC 900 EUR`, `METRIC 4 hours`
    Figure(Name, ValueNode),
    /// `target PARTY METRIC behind`
    Target(Name, Name, StandingNode),
    /// `watch METRIC changed`
    Watch(Name, DriftNode),
    /// `answer DISPOSITION REASON 2 let in by "…"`
    Answer(Name, Option<Name>, Spanned<i64>, Option<Text>),
}

/// How a target must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StandingNode {
    Met,
    Missed,
    OnTrack,
    Behind,
    NoFigure,
}

/// How a watched figure must have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DriftNode {
    Changed,
    MayBeChance,
    Steady,
    NoFigure,
}

/// Who must receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedRoute {
    Queue(Name),
    Team(Name),
    Rep(Name),
    Owner,
}

/// The state in which a clock must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExpectedClock {
    Due(Spanned<When>),
    Running,
    Paused,
    Met,
    Warned,
    Breached,
}

/// `one fact short: a or b`: which sets of facts would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shortfall {
    /// How many facts each set has.
    pub facts: i64,
    /// The sets.
    pub sets: Vec<Vec<Name>>,
    /// The whole part.
    pub span: Span,
}

impl TestNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let name = parts.the_string();
        let mut clauses = Vec::new();
        while let Some(clause) = parts.next() {
            clauses.push(test_clause(clause, out));
        }
        Self { name, clauses }
    }
}

fn test_clause(clause: Node<'_>, out: &mut Findings) -> TestClause {
    let (rule, span) = (clause.rule(), clause.span());
    let mut inner = clause.children();
    match rule {
        Rule::test_lead => {
            let name = inner.take(Rule::name).map(|name| name.name());
            TestClause::Lead(name, field_values(&mut inner, out), span)
        }
        Rule::test_stage => TestClause::Stage(inner.name()),
        Rule::test_env => TestClause::Env(inner.name()),
        Rule::test_at => TestClause::At(the_when(&mut inner, span, out)),
        Rule::test_at_event => {
            let at = the_when(&mut inner, span, out);
            TestClause::Happens(at, inner.all(Rule::happening).map(|n| happening(n, out)).collect())
        }
        Rule::test_had => {
            let event = inner.take(Rule::happening).map(|n| happening(n, out));
            let event = event.unwrap_or_else(|| Happening::Assigned(inner.name()));
            TestClause::Had(event, inner.all(Rule::ago).map(|n| ago(n, out)).collect())
        }
        Rule::test_at_expect => {
            let at = Some(the_when(&mut inner, span, out));
            let expect = inner.take(Rule::test_expect).map(|n| outcomes(n, out));
            TestClause::Expect(at, expect.unwrap_or_default())
        }
        _ => TestClause::Expect(None, inner.all(Rule::outcome).filter_map(|n| outcome(n, out)).collect()),
    }
}

fn field_values(parts: &mut Children<'_>, out: &mut Findings) -> Vec<FieldValue> {
    parts.all(Rule::field_value).map(|n| field_value(n, out)).collect()
}

fn field_value(node: Node<'_>, out: &mut Findings) -> FieldValue {
    let span = node.span();
    let mut parts = node.children();
    let name = parts.name();
    let values = parts.all(Rule::constant).map(|n| super::value::lower_value(n, out)).collect();
    FieldValue { name, values, span }
}

fn happening(node: Node<'_>, out: &mut Findings) -> Happening {
    let mut parts = node.children();
    if let Some(change) = parts.take(Rule::change) {
        let mut inner = change.children();
        let value = inner.take(Rule::set_value).map(|n| field_value(n, out));
        return Happening::Change(value.unwrap_or_else(|| {
            let name = inner.name();
            FieldValue { span: name.span, name, values: Vec::new() }
        }));
    }
    if let Some(assigned) = parts.take(Rule::assigned) {
        return Happening::Assigned(assigned.children().name());
    }
    let name = parts.name();
    let values = parts.take(Rule::happening_values).map(|n| field_values(&mut n.children(), out));
    Happening::Event(name, values.unwrap_or_default())
}

fn ago(node: Node<'_>, out: &mut Findings) -> Spanned<Ago> {
    let span = node.span();
    let mut parts = node.children();
    let node = match () {
        () if parts.has(Rule::kw_today) => Ago::Today,
        () if parts.has(Rule::kw_yesterday) => Ago::Yesterday,
        () => match parts.next() {
            Some(n) if n.rule() == Rule::duration => Ago::Before(lower_duration(n, out)),
            Some(n) => Ago::At(lower_when(n, out).node),
            None => Ago::Today,
        },
    };
    Spanned { node, span }
}

/// The next date or instant, which the grammar places.
fn the_when(parts: &mut Children<'_>, end: Span, out: &mut Findings) -> Spanned<When> {
    let node = parts.take(Rule::when);
    node.map_or(Spanned { node: When::Date(chrono::NaiveDate::default()), span: end }, |n| lower_when(n, out))
}

fn outcomes(node: Node<'_>, out: &mut Findings) -> Vec<Spanned<Outcome>> {
    node.children().all(Rule::outcome).filter_map(|n| outcome(n, out)).collect()
}

fn outcome(node: Node<'_>, out: &mut Findings) -> Option<Spanned<Outcome>> {
    let inner = node.children().next()?;
    let (rule, span) = (inner.rule(), inner.span());
    let mut parts = inner.children();
    let outcome = match rule {
        Rule::expect_stage => Outcome::Stage(parts.name()),
        Rule::expect_pipeline => Outcome::Pipeline(parts.name()),
        Rule::expect_held => Outcome::Held(parts.name()),
        Rule::expect_recycled => Outcome::Recycled(parts.name()),
        Rule::expect_resting => Outcome::Resting(the_when(&mut parts, span, out)),
        Rule::expect_route => Outcome::Route(match () {
            () if parts.has(Rule::kw_queue) => ExpectedRoute::Queue(name_or_string(&mut parts)),
            () if parts.has(Rule::kw_team) => ExpectedRoute::Team(parts.name()),
            () if parts.has(Rule::kw_to) => ExpectedRoute::Rep(parts.name()),
            () => ExpectedRoute::Owner,
        }),
        Rule::expect_sla => {
            let sla = parts.name();
            let promise = lower_promise_name(parts.take(Rule::promise)?);
            let state = match () {
                () if parts.has(Rule::kw_due) => ExpectedClock::Due(the_when(&mut parts, span, out)),
                () if parts.has(Rule::kw_running) => ExpectedClock::Running,
                () if parts.has(Rule::kw_paused) => ExpectedClock::Paused,
                () if parts.has(Rule::kw_warned) => ExpectedClock::Warned,
                () if parts.has(Rule::kw_breached) => ExpectedClock::Breached,
                () => ExpectedClock::Met,
            };
            Outcome::Sla(sla, promise, state)
        }
        Rule::expect_effect | Rule::expect_no_effect => {
            let effect = parts.take(Rule::effect)?.children().next()?;
            Outcome::Effect(lower_action(effect), rule == Rule::expect_effect)
        }
        Rule::expect_carry => {
            let name = parts.name();
            let missing = parts.has(Rule::kw_missing);
            Outcome::Carry(name, (!missing).then(|| the_value(&mut parts, span, out)))
        }
        Rule::expect_verdict => {
            let name = parts.name();
            let words = parts.take(Rule::verdict)?.children();
            let verdict = match (words.has(Rule::kw_unknown), words.has(Rule::kw_not)) {
                (true, _) => Verdict::Unknown,
                (_, true) => Verdict::NotMet,
                _ => Verdict::Met,
            };
            Outcome::Verdict(name, verdict, parts.take(Rule::shortfall).map(|n| shortfall(n, out)))
        }
        Rule::expect_figure => {
            let name = parts.name();
            let value = parts.next().map(|n| lower_literal(n, out))?;
            Outcome::Figure(name, Spanned { node: value, span })
        }
        Rule::expect_target => {
            let (party, metric) = (parts.name(), parts.name());
            let words = parts.take(Rule::standing)?.children();
            Outcome::Target(
                party,
                metric,
                match () {
                    () if words.has(Rule::kw_missed) => StandingNode::Missed,
                    () if words.has(Rule::kw_behind) => StandingNode::Behind,
                    () if words.has(Rule::kw_track) => StandingNode::OnTrack,
                    () if words.has(Rule::kw_figure) => StandingNode::NoFigure,
                    () => StandingNode::Met,
                },
            )
        }
        Rule::expect_watch => {
            let metric = parts.name();
            let words = parts.take(Rule::drift)?.children();
            let drift = match () {
                () if words.has(Rule::kw_steady) => DriftNode::Steady,
                () if words.has(Rule::kw_chance) => DriftNode::MayBeChance,
                () if words.has(Rule::kw_figure) => DriftNode::NoFigure,
                () => DriftNode::Changed,
            };
            Outcome::Watch(metric, drift)
        }
        Rule::expect_answer => {
            let answer = parts.name();
            let reason = parts.take(Rule::name).map(|n| n.name());
            let times = lower_integer(parts.take(Rule::integer), out);
            Outcome::Answer(answer, reason, times, parts.string())
        }
        Rule::expect_band => {
            let name = parts.name();
            Outcome::Band(name, parts.all(Rule::name).map(|n| n.name()).collect())
        }
        _ => {
            let name = parts.name();
            let low = signed(parts.take(Rule::signed)?, out);
            Outcome::Score(name, low, parts.take(Rule::signed).map(|n| signed(n, out)))
        }
    };
    Some(Spanned { node: outcome, span })
}

fn signed(node: Node<'_>, out: &mut Findings) -> Number {
    let (span, negative) = (node.span(), node.text().starts_with('-'));
    let number = node.children().next().map(|n| lower_number(&n, out).node).unwrap_or_default();
    Spanned { node: if negative { -number } else { number }, span }
}

fn shortfall(node: Node<'_>, out: &mut Findings) -> Shortfall {
    let span = node.span();
    let mut parts = node.children();
    let facts = parts.take(Rule::integer).map_or(1, |n| lower_integer(Some(n), out).node);
    let sets = parts.all(Rule::fact_set).map(|n| n.children().all(Rule::name).map(|n| n.name()).collect());
    Shortfall { facts, sets: sets.collect(), span }
}

//! One expectation against the decision.

use std::cell::OnceCell;
use std::sync::Arc;

use serde_json::json;

use crate::decide::{Decision, EffectKind, decision};
use crate::eval::{View, facts_of};
use crate::lifecycle::{Clock, ClockState, EntryLog, LeadState};
use crate::pact::{
    Clause, CriteriaId, Expectation, ExpectationKind, ExpectedClock, ExpectedEffect, FieldId, Moment, Pact,
    PromiseName, RecycleId, SlaId, Test, Verdict,
};
use crate::span::Span;
use crate::time::Instant;
use crate::value::{Value, json_number};

/// Something that came out otherwise than expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The expectation.
    pub clause: Clause,
    /// Its place.
    pub span: Span,
    /// What was expected.
    pub expected: String,
    /// What came out.
    pub got: String,
    /// Why: clauses of the pact with what they came to.
    pub reasons: Vec<String>,
}

impl Failure {
    pub(super) fn broken(pact: &Pact, test: &Test, environment: &str) -> Self {
        Self {
            clause: pact.clause(test.span),
            span: test.span,
            expected: format!("a pact that checks clean in `{environment}`"),
            got: "findings: see `leadpact check --env`".into(),
            reasons: Vec::new(),
        }
    }
}

/// Expected, got, reasons; none when it holds.
type Outcome = Option<(String, String, Vec<String>)>;

/// Judges what is expected of a lead at an instant.
pub(super) struct Judge<'a> {
    pact: &'a Pact,
    state: &'a LeadState,
    timeline: &'a EntryLog,
    view: &'a View<'a>,
    /// Without criteria and points by clause.
    decision: &'a Decision,
    /// With them: only a failure asks for its reasons.
    whole: OnceCell<Decision>,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        view: &'a View<'a>,
        state: &'a LeadState,
        timeline: &'a EntryLog,
        decision: &'a Decision,
    ) -> Self {
        Self { pact: view.pact, state, timeline, view, decision, whole: OnceCell::new() }
    }

    /// What came out otherwise than expected.
    pub(super) fn failure(&self, expectation: &Expectation) -> Option<Failure> {
        let (expected, got, reasons) = self.outcome(&expectation.kind)?;
        let clause = self.pact.clause(expectation.span);
        Some(Failure { clause, span: expectation.span, expected, got, reasons })
    }

    fn whole(&self) -> &Decision {
        self.whole.get_or_init(|| decision(self.pact, self.state, self.timeline))
    }

    fn outcome(&self, kind: &ExpectationKind) -> Outcome {
        let (pact, decision) = (self.pact, self.decision);
        match kind {
            // these are judged over all leads of the test
            ExpectationKind::Figure(..)
            | ExpectationKind::Target(..)
            | ExpectationKind::Watch(..)
            | ExpectationKind::Answer(..) => None,
            ExpectationKind::Stage(stage) => {
                let got = decision.stage.clone();
                differs(Some(pact[*stage].name.clone()), got, "stage", || self.why_stage())
            }
            ExpectationKind::Pipeline(id) => {
                differs(Some(pact[*id].name.clone()), decision.pipeline.clone(), "pipeline", Vec::new)
            }
            ExpectationKind::Held(stage) => {
                let to = &pact[*stage].name;
                let held: Vec<&str> = decision.held.iter().map(|held| &*held.to).collect();
                (!held.contains(&&**to)).then(|| {
                    let got = if held.is_empty() {
                        "no move is held".into()
                    } else {
                        format!("held before {}", held.join(", "))
                    };
                    (format!("held before {to}"), got, self.why_stage())
                })
            }
            ExpectationKind::Queue(name) => self.route(Some(name.clone()), "queue"),
            ExpectationKind::Team(team) => self.route(Some(pact[*team].name.clone()), "team"),
            ExpectationKind::Rep(name) => self.route(Some(name.clone()), "to"),
            ExpectationKind::Owner => {
                let owner = ["owner_id", "owner"].iter().find_map(|name| pact.field(name));
                let owner = owner.and_then(|field| self.view.record.value(field)).map(|v| v.to_string().into());
                self.route(owner, "to")
            }
            ExpectationKind::Effect(effect, expected) => self.effect(effect, *expected),
            ExpectationKind::CarryField(field, value) => {
                self.carry(&pact[*field].name, value.as_ref().map(|v| json!(v)))
            }
            ExpectationKind::CarryScore(score, points) => {
                self.carry(&pact[*score].name, points.map(|n| json!(json_number(n))))
            }
            ExpectationKind::CarryNamed(id, value) => self.carry(&pact[*id].name, value.as_ref().map(|v| json!(v))),
            ExpectationKind::Named(id, low, high) => {
                let (shown, all) = (self.view.shown(*id), self.view.named(*id));
                let name = &pact[*id].name;
                let holds = match high {
                    None => shown == Some(Value::Number(*low)),
                    Some(high) => all.bounds() == Some((*low, *high)),
                };
                let wanted = high.map_or(format!("{name} {low}"), |high| format!("{name} {low} to {high}"));
                (!holds).then(|| (wanted, format!("{name} {all}"), Vec::new()))
            }
            ExpectationKind::Band(id, words) => {
                let got = self.view.named(*id);
                let name = &pact[*id].name;
                let holds = got.words() == *words;
                let wanted = if words.is_empty() { "unknown".into() } else { words.join(" or ") };
                (!holds).then(|| (format!("{name} {wanted}"), format!("{name} {got}"), Vec::new()))
            }
            ExpectationKind::Verdict(id, verdict, sets) => self.verdict(*id, *verdict, sets.as_deref()),
            ExpectationKind::Score(id, low, high) => {
                let outcome = self.view.score(*id);
                let name = &pact[*id].name;
                let holds = match high {
                    None => outcome.points == *low,
                    Some(high) => (outcome.low, outcome.high) == (*low, *high),
                };
                let shown = if outcome.is_open() && high.is_some() {
                    format!("{name} {} to {}", outcome.low, outcome.high)
                } else {
                    format!("{name} {}", outcome.points)
                };
                let wanted = high.map_or(format!("{name} {low}"), |high| format!("{name} {low} to {high}"));
                (!holds).then(|| (wanted, shown, self.why_points(name)))
            }
            ExpectationKind::Recycled(id) => self.recycled(*id),
            ExpectationKind::Resting(moment) => {
                let expected = format!("resting until {}", self.say(*moment));
                match self.state.resting() {
                    Some(until) if self.is(until, *moment) => None,
                    Some(until) => Some((expected, format!("resting until {}", self.local(until)), self.why_stage())),
                    None => Some((expected, "it does not rest".into(), self.why_stage())),
                }
            }
            ExpectationKind::Due(sla, promise, moment) => self.due(*sla, *promise, *moment),
            ExpectationKind::Clock(sla, promise, state) => self.clock(*sla, *promise, state),
        }
    }

    fn route(&self, expected: Option<Arc<str>>, part: &str) -> Outcome {
        let route = self.decision.route.as_ref();
        let got = route.and_then(|route| match part {
            "queue" => route.queue.clone(),
            "team" => route.team.clone(),
            _ => route.assignee.clone(),
        });
        if got == expected {
            return None;
        }
        let shown = match route {
            None => "no route: the lead was not handed over".to_owned(),
            Some(route) => {
                let to = [("queue", &route.queue), ("team", &route.team), ("to", &route.assignee)];
                let to = to.iter().find_map(|(word, name)| name.as_ref().map(|name| format!("{word} {name}")));
                format!("route {}", to.unwrap_or_default())
            }
        };
        let reasons = match route {
            Some(route) => route.because.iter().chain(&route.unsure).map(show).collect(),
            None => self.why_stage(),
        };
        Some((format!("route {part} {}", expected.as_deref().unwrap_or("nobody")), shown, reasons))
    }

    fn effect(&self, effect: &ExpectedEffect, expected: bool) -> Outcome {
        let pact = self.pact;
        let (kind, words) = match effect {
            ExpectedEffect::Enroll(id) => {
                let program = pact[*id].name.clone();
                (EffectKind::Enroll { program: program.clone() }, format!("enroll {program}"))
            }
            ExpectedEffect::Alert(to) => (EffectKind::Alert { to: to.clone() }, format!("alert {to}")),
            ExpectedEffect::Convert(to) => (EffectKind::Convert { to: to.clone() }, format!("convert to {to}")),
            ExpectedEffect::Reassign => (EffectKind::Reassign, "reassign".into()),
            ExpectedEffect::Dispose(name) => {
                (EffectKind::Dispose { disposition: name.clone() }, format!("dispose as {name}"))
            }
        };
        let found = self.decision.effects.iter().find(|effect| effect.kind == kind);
        if found.is_some() == expected {
            return None;
        }
        let all: Vec<String> = self.decision.effects.iter().map(|e| show(&e.because)).collect();
        let got = if all.is_empty() { "no effects" } else { "these effects" };
        let wanted = if expected { words } else { format!("no {words}") };
        Some((wanted, got.into(), all))
    }

    fn carry(&self, name: &str, expected: Option<serde_json::Value>) -> Outcome {
        let Some(handoff) = &self.decision.handoff else {
            return Some((format!("a hand-over that carries `{name}`"), "no hand-over".into(), self.why_stage()));
        };
        let got = handoff.carry.get(name);
        let say = |value: Option<&serde_json::Value>| value.map_or("nothing".to_owned(), ToString::to_string);
        (got != expected.as_ref()).then(|| {
            let carried: Vec<String> = handoff.carry.keys().map(|key| format!("carried: {key}")).collect();
            (format!("carry {name} {}", say(expected.as_ref())), format!("carry {name} {}", say(got)), carried)
        })
    }

    fn verdict(&self, id: CriteriaId, verdict: Verdict, sets: Option<&[Vec<FieldId>]>) -> Outcome {
        let name = &self.pact[id].name;
        let got = self.view.criteria(id).verdict;
        if got != verdict {
            return Some((
                format!("{name} {}", words(verdict)),
                format!("{name} {}", words(got)),
                self.why_criteria(name),
            ));
        }
        let sorted = |sets: &[Vec<FieldId>]| {
            let mut sets: Vec<Vec<FieldId>> = sets.to_vec();
            sets.iter_mut().for_each(|set| set.sort_unstable());
            sets.sort();
            sets
        };
        let (sets, near) = (sorted(sets?), sorted(&self.view.near_miss(id)));
        let say = |sets: &[Vec<FieldId>]| {
            let sets =
                sets.iter().map(|set| set.iter().map(|f| &*self.pact[*f].name).collect::<Vec<_>>().join(" and "));
            let sets: Vec<String> = sets.collect();
            if sets.is_empty() {
                "no set of facts would do".to_owned()
            } else {
                format!("short: {}", sets.join(" or "))
            }
        };
        (sets != near).then(|| (say(&sets), say(&near), self.why_criteria(name)))
    }

    fn recycled(&self, id: RecycleId) -> Outcome {
        let latest = self.state.recycled.last().map(|recycled| recycled.by);
        let name = |id: RecycleId| format!("recycled by {}", self.pact[id].name);
        (latest != Some(id)).then(|| (name(id), latest.map_or("it was never recycled".into(), name), self.why_stage()))
    }

    /// The latest clock of a promise.
    fn latest(&self, sla: SlaId, promise: PromiseName) -> Option<&Clock> {
        let named = |clock: &&Clock| {
            let of = self.pact[clock.sla].promises.get(clock.promise as usize);
            clock.sla == sla && of.is_some_and(|of| of.kind.name() == promise)
        };
        self.state.clocks.iter().rev().find(named)
    }

    fn due(&self, sla: SlaId, promise: PromiseName, moment: Moment) -> Outcome {
        let name = format!("sla {} {}", self.pact[sla].name, promise.words());
        let expected = format!("{name} due {}", self.say(moment));
        let Some(clock) = self.latest(sla, promise) else {
            return Some((expected, format!("no clock of {name}"), self.why_stage()));
        };
        match clock.due(self.pact) {
            Some(due) if self.is(due, moment) => None,
            Some(due) => Some((expected, format!("{name} due {}", self.local(due)), self.why_clock(clock))),
            None => Some((expected, format!("{name} has no due time: it is {}", state(clock.state())), Vec::new())),
        }
    }

    fn clock(&self, sla: SlaId, promise: PromiseName, expected: &ExpectedClock) -> Outcome {
        let name = format!("sla {} {}", self.pact[sla].name, promise.words());
        let got = self.latest(sla, promise).map(Clock::state);
        let (word, holds) = match expected {
            ExpectedClock::Running => ("running", matches!(got, Some(ClockState::Running | ClockState::Warned))),
            ExpectedClock::Paused => ("paused", got == Some(ClockState::Paused)),
            ExpectedClock::Met => ("met", got == Some(ClockState::Met)),
            ExpectedClock::Warned => ("warned", self.latest(sla, promise).is_some_and(|clock| clock.warned > 0)),
            ExpectedClock::Breached => ("breached", got == Some(ClockState::Breached)),
            ExpectedClock::Due(_) => return None,
        };
        (!holds).then(|| {
            let shown = got.map_or(format!("no clock of {name}"), |got| format!("{name} {}", state(got)));
            let reasons = self.latest(sla, promise).map(|clock| self.why_clock(clock));
            (format!("{name} {word}"), shown, reasons.unwrap_or_else(|| self.why_stage()))
        })
    }

    fn why_clock(&self, clock: &Clock) -> Vec<String> {
        let promise = self.pact[clock.sla].promises.get(clock.promise as usize);
        let clause = promise.map(|promise| format!("promised {}", show(&self.pact.clause(promise.span))));
        let times = [("started", clock.started), ("due", clock.due(self.pact)), ("breached", clock.breached)];
        let times = times.into_iter().filter_map(|(what, at)| Some(format!("{what:<8} {}", self.local(at?))));
        clause.into_iter().chain(times).collect()
    }

    /// Whether an instant is the one that a test names.
    fn is(&self, at: Instant, moment: Moment) -> bool {
        match moment {
            Moment::At(named) => at == named,
            Moment::On(date) => self.pact.zone.date(at) == date,
        }
    }

    fn say(&self, moment: Moment) -> String {
        match moment {
            Moment::At(at) => self.local(at),
            Moment::On(date) => date.to_string(),
        }
    }

    /// As tests write instants.
    fn local(&self, at: Instant) -> String {
        let local = self.pact.zone.local(at);
        let seconds = if chrono::Timelike::second(&local) == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
        local.format(seconds).to_string()
    }

    fn why_criteria(&self, name: &str) -> Vec<String> {
        let Some(said) = self.whole().criteria.get(name) else { return Vec::new() };
        said.needs.iter().map(|need| format!("{:<8} {}", words(need.verdict), show(&need.because))).collect()
    }

    fn why_points(&self, name: &str) -> Vec<String> {
        let clauses = self.whole().points.get(name).into_iter().flatten();
        clauses.map(|p| format!("{:>+4}     {}", p.points, show(&p.because))).collect()
    }

    /// The moves that were made, those held, and what the criteria come to that lead on from where the lead is.
    fn why_stage(&self) -> Vec<String> {
        let moves = self.decision.moves.iter().filter_map(|made| made.because.as_ref());
        let moves = moves.map(|because| format!("made     {}", show(because)));
        let held = self.decision.held.iter().flat_map(|held| {
            let lacks = held.lacks.iter().map(|need| format!("lacks    {}", show(&need.because)));
            std::iter::once(format!("held     {}", show(&held.because))).chain(lacks)
        });
        let asked = self.decision.stage.as_deref().and_then(|name| self.pact.stage(name));
        let conditions = asked.into_iter().flat_map(|id| &self.pact[id].moves).filter_map(|step| step.when.as_ref());
        let asked: Vec<CriteriaId> = conditions.flat_map(|when| facts_of(self.pact, when).criteria).collect();
        let asked = asked.iter().map(|id| &self.pact[*id].name);
        let criteria = asked.filter_map(|name| self.whole().criteria.get_key_value(name)).flat_map(|(name, said)| {
            let open = said.needs.iter().filter(|need| need.verdict != Verdict::Met && said.verdict != Verdict::Met);
            let open: Vec<String> =
                open.map(|need| format!("  {:<8} {}", words(need.verdict), show(&need.because))).collect();
            std::iter::once(format!("{:<8} {name}", words(said.verdict))).chain(open)
        });
        moves.chain(held).chain(criteria).collect()
    }
}

fn differs(
    expected: Option<Arc<str>>,
    got: Option<Arc<str>>,
    what: &str,
    reasons: impl FnOnce() -> Vec<String>,
) -> Outcome {
    let say = |name: &Option<Arc<str>>| name.as_ref().map_or(format!("no {what}"), |name| format!("{what} {name}"));
    (expected != got).then(|| (say(&expected), say(&got), reasons()))
}

fn state(state: ClockState) -> &'static str {
    match state {
        ClockState::Waiting => "waiting",
        ClockState::Running => "running",
        ClockState::Warned => "warned",
        ClockState::Paused => "paused",
        ClockState::Met => "met",
        ClockState::Breached => "breached",
        ClockState::Stopped => "stopped",
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not met",
        Verdict::Unknown => "unknown",
    }
}

fn show(clause: &Clause) -> String {
    format!("{}  ({}:{})", clause.says, clause.file, clause.line)
}

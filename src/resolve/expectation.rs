//! What tests in the language expect.

use super::Resolver;
use super::names::{Space, one, unknown as unknown_name};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::pact::{
    ActionKind, CriteriaId, ExpectationKind, ExpectedEffect, ExpectedFigure, FieldId, Moment, PipelineId, ProgramId,
    PromiseName, ScoreId, SlaId, TeamId, ValueId, Verdict,
};
use crate::syntax::tree::{self, ExpectedClock, ExpectedRoute, Literal, Outcome, Spanned, When};
use crate::ty::Ty;
use crate::value::Value;

impl Resolver<'_> {
    pub(super) fn outcome(&mut self, outcome: &Spanned<Outcome>) -> Option<ExpectationKind> {
        Some(match &outcome.node {
            Outcome::Stage(name) => ExpectationKind::Stage(self.stage_named(name)?),
            Outcome::Held(name) => ExpectationKind::Held(self.stage_named(name)?),
            Outcome::Pipeline(name) => {
                let found = self.names.get(Space::Pipeline, "pipeline", name, &mut self.out)?;
                ExpectationKind::Pipeline(PipelineId(found.id))
            }
            Outcome::Recycled(name) => {
                self.names.get(Space::Recycle, "recycle", name, &mut self.out)?;
                ExpectationKind::Recycled(self.pact.recycle(&name.text)?)
            }
            Outcome::Resting(when) => ExpectationKind::Resting(self.expected_moment(when.node)),
            Outcome::Sla(name, promise, state) => {
                self.names.get(Space::Sla, "sla", name, &mut self.out)?;
                let sla = self.pact.sla(&name.text)?;
                self.promised(sla, name, promise)?;
                match state {
                    ExpectedClock::Due(when) => {
                        ExpectationKind::Due(sla, promise.node, self.expected_moment(when.node))
                    }
                    state => ExpectationKind::Clock(sla, promise.node, state.clone()),
                }
            }
            Outcome::Route(ExpectedRoute::Queue(name)) => ExpectationKind::Queue(name.text.clone()),
            Outcome::Route(ExpectedRoute::Rep(name)) => ExpectationKind::Rep(name.text.clone()),
            Outcome::Route(ExpectedRoute::Owner) => ExpectationKind::Owner,
            Outcome::Route(ExpectedRoute::Team(name)) => {
                ExpectationKind::Team(TeamId(self.names.get(Space::Team, "team", name, &mut self.out)?.id))
            }
            Outcome::Effect(action, expected) => ExpectationKind::Effect(self.effect(action)?, *expected),
            Outcome::Carry(name, value) => {
                let found = self.names.get(Space::Value, "field, score or value", name, &mut self.out)?;
                match found.what {
                    "value" => {
                        let id = ValueId(found.id);
                        let ty = self.pact.values.get(found.id as usize).map_or(Ty::Unknown, |value| value.ty.clone());
                        ExpectationKind::CarryNamed(id, value.as_ref().and_then(|v| self.value_of(v, &ty)))
                    }
                    "field" => {
                        let id = FieldId(found.id);
                        let ty = self.pact[id].ty.clone();
                        ExpectationKind::CarryField(id, value.as_ref().and_then(|v| self.value_of(v, &ty)))
                    }
                    "score" => {
                        let value = value.as_ref().and_then(|v| self.value_of(v, &Ty::Number));
                        ExpectationKind::CarryScore(ScoreId(found.id), value.and_then(|v| v.as_number()))
                    }
                    what => {
                        let message =
                            format!("`{}` is {}: only fields, scores and values are carried", name.text, one(what));
                        let help = "expect a field or score, or the verdict of the criteria itself";
                        self.out.push(Diagnostic::new(Code::NotCarried, name.span, message).help(help));
                        return None;
                    }
                }
            }
            Outcome::Band(name, words) => {
                let found = self.names.get(Space::Value, "band", name, &mut self.out)?;
                let value = self.pact.values.get(found.id as usize).filter(|_| found.what == "value");
                let Some(known) = value.map(|value| value.words().to_vec()).filter(|words| !words.is_empty()) else {
                    self.is_a(if value.is_some() { "value" } else { found.what }, "band", name);
                    return None;
                };
                for word in words.iter().filter(|word| !known.contains(&word.text)) {
                    let message = format!("`{}` is none of the bands of `{}`", word.text, name.text);
                    let help = match closest(&word.text, known.iter().map(|word| &**word)) {
                        Some(meant) => format!("did you mean `{meant}`?"),
                        None => format!("there are `{}`", known.join("`, `")),
                    };
                    self.out.push(Diagnostic::new(Code::UnknownWord, word.span, message).help(help));
                }
                ExpectationKind::Band(ValueId(found.id), words.iter().map(|word| word.text.clone()).collect())
            }
            Outcome::Verdict(name, verdict, shortfall) => {
                let found = self.names.get(Space::Value, "criteria", name, &mut self.out)?;
                if found.what == "value" && *verdict == Verdict::Unknown {
                    return Some(ExpectationKind::Band(ValueId(found.id), Vec::new()));
                }
                let id = self.is_a(found.what, "criteria", name).then_some(CriteriaId(found.id))?;
                let mut sets = None;
                if let Some(shortfall) = shortfall {
                    let wrong = shortfall.sets.iter().any(|set| set.len() as i64 != shortfall.facts);
                    if wrong {
                        let s = if shortfall.facts == 1 { "" } else { "s" };
                        let message = format!("each set must name {} fact{s}, and one does not", shortfall.facts);
                        let help = "join the facts of a set by `and`, and sets by `or`";
                        self.out.push(Diagnostic::new(Code::WrongValue, shortfall.span, message).help(help));
                    }
                    let named =
                        shortfall.sets.iter().map(|set| set.iter().filter_map(|n| self.field_named(n)).collect());
                    sets = Some(named.collect());
                }
                ExpectationKind::Verdict(id, *verdict, sets)
            }
            Outcome::Figure(name, value) => {
                self.known(Space::Metric, "metric", name);
                let metric = self.pact.metric(&name.text)?;
                ExpectationKind::Figure(
                    metric,
                    match &value.node {
                        Literal::Percent(percent) => ExpectedFigure::Percent(*percent),
                        Literal::Duration(parts) => ExpectedFigure::Duration(self.duration_of(parts, value.span)?),
                        literal => match self.literal(literal, value.span, None)?.0 {
                            Value::Number(number) => ExpectedFigure::Number(number),
                            value => ExpectedFigure::Money(value),
                        },
                    },
                )
            }
            Outcome::Target(party, metric, standing) => {
                self.known(Space::Party, "party", party);
                self.known(Space::Metric, "metric", metric);
                let id = self.pact.metric(&metric.text)?;
                if !self.pact.targets.iter().any(|target| target.metric == id && target.party == party.text) {
                    let message = format!("`{}` has no target for `{}`", party.text, metric.text);
                    let help = "expect one of the pact's `target` items";
                    self.out.push(Diagnostic::new(Code::NotPromised, metric.span, message).help(help));
                }
                ExpectationKind::Target(party.text.clone(), id, *standing)
            }
            Outcome::Watch(metric, drift) => {
                self.known(Space::Metric, "metric", metric);
                let id = self.pact.metric(&metric.text)?;
                if !self.pact.watches.iter().any(|watch| watch.metric == id) {
                    let message = format!("`{}` is not watched", metric.text);
                    let help = "expect one of the pact's `watch` items";
                    self.out.push(Diagnostic::new(Code::NotPromised, metric.span, message).help(help));
                }
                ExpectationKind::Watch(id, *drift)
            }
            Outcome::Answer(name, reason, times, clause) => {
                let ActionKind::Dispose(kind) = self.disposition(name)? else { return None };
                if let Some(reason) = reason {
                    let words = self.pact[kind].properties.iter().find_map(|property| match &property.ty {
                        Ty::Word(words) => Some(words.to_vec()),
                        _ => None,
                    });
                    let words = words.unwrap_or_default();
                    if !words.iter().any(|word| **word == *reason.text) {
                        let finding = unknown_name("reason", reason, words.iter().map(|word| &**word));
                        self.out.push(finding);
                    }
                }
                let reason = reason.as_ref().map(|reason| reason.text.clone());
                ExpectationKind::Answer(kind, reason, times.node, clause.as_ref().map(|text| text.text.clone()))
            }
            Outcome::Score(name, low, None)
                if self.names.find(Space::Value, &name.text).is_none() && self.pact.metric(&name.text).is_some() =>
            {
                let metric = self.pact.metric(&name.text)?;
                ExpectationKind::Figure(metric, ExpectedFigure::Number(low.node))
            }
            Outcome::Score(name, low, high) => {
                let found = self.names.get(Space::Value, "score or value", name, &mut self.out)?;
                if found.what == "value" {
                    return self
                        .numeric(name, ValueId(found.id))
                        .map(|id| ExpectationKind::Named(id, low.node, high.as_ref().map(|high| high.node)));
                }
                let id = self.is_a(found.what, "score", name).then_some(ScoreId(found.id))?;
                ExpectationKind::Score(id, low.node, high.as_ref().map(|high| high.node))
            }
        })
    }

    /// A test can look only at a clock that runs.
    fn promised(&mut self, sla: SlaId, name: &tree::Name, promise: &Spanned<PromiseName>) -> Option<()> {
        let promises = &self.pact[sla].promises;
        if promises.iter().any(|p| p.kind.name() == promise.node && p.kind.within().is_some()) {
            return Some(());
        }
        let timed: Vec<&str> =
            promises.iter().filter(|p| p.kind.within().is_some()).map(|p| p.kind.name().words()).collect();
        let help = match timed.is_empty() {
            true => "expect a promise with a clock, such as `first touch`, of another service level".into(),
            false => format!("a clock of it runs for {}", timed.join(", ")),
        };
        let message = format!("`{}` has no clock for {}", name.text, promise.node.words());
        self.out.push(Diagnostic::new(Code::NotPromised, promise.span, message).help(help));
        None
    }

    /// A value that a number can be expected of.
    fn numeric(&mut self, name: &tree::Name, id: ValueId) -> Option<ValueId> {
        let ty = self.pact.values.get(id.0 as usize).map_or(Ty::Unknown, |value| value.ty.clone());
        if ty.is_numeric() {
            return Some(id);
        }
        if ty != Ty::Unknown {
            let message = format!("`{}` is {}, not a number", name.text, super::expr::describe(&ty));
            let help = "write `NAME BAND` of a band, and `carry NAME VALUE` of what goes with a hand-over";
            self.out.push(Diagnostic::new(Code::WrongValue, name.span, message).help(help));
        }
        None
    }

    fn is_a(&mut self, is: &str, wanted: &str, name: &tree::Name) -> bool {
        if is != wanted {
            let message = format!("`{}` is {}, not {}", name.text, one(is), one(wanted));
            let help = "write `NAME met` of a criteria, `NAME 50` of a score and `NAME hot` of a band";
            self.out.push(Diagnostic::new(Code::WrongValue, name.span, message).help(help));
        }
        is == wanted
    }

    fn effect(&mut self, action: &tree::ActionNode) -> Option<ExpectedEffect> {
        let first = |names: &[tree::Name]| names.first().map(|name| name.text.clone());
        Some(match &action.node {
            tree::ActionKindNode::Enroll(name) => {
                ExpectedEffect::Enroll(ProgramId(self.names.get(Space::Program, "program", name, &mut self.out)?.id))
            }
            tree::ActionKindNode::Alert(names) => ExpectedEffect::Alert(first(names)?),
            tree::ActionKindNode::Convert(names) => ExpectedEffect::Convert(first(names)?),
            tree::ActionKindNode::Dispose(name) => {
                self.disposition(name)?;
                ExpectedEffect::Dispose(name.text.clone())
            }
            tree::ActionKindNode::Reassign => ExpectedEffect::Reassign,
            tree::ActionKindNode::Move(_) => return None,
        })
    }

    /// An instant as an expectation names it: a date is any instant of the day.
    fn expected_moment(&self, when: When) -> Moment {
        match when {
            When::Date(date) => Moment::On(date),
            When::Time(local) => Moment::At(self.pact.zone.instant(local)),
        }
    }
}

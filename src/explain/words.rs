//! A decision and its reasons, in words.

use std::fmt::Write as _;

use super::change::{PathToMove, RequiredChange, ways};
use super::timeline::{span, when};
use crate::decide::{CriteriaReport, Decision, FactsReport, NeedReport, ValueRange, decision};
use crate::eval::{View, facts_of, samples};
use crate::lifecycle::{Clock, LeadState, next_change, possible, replay_record};
use crate::pact::{Clause, ExprKind, NamedKind, Pact, ValueId, Verdict};
use crate::record::Record;
use crate::time::Instant;
use crate::value::Value;
use crate::visible;

/// Why a lead is in its stage, as text. Lines are at most as wide as clauses are; nothing is coloured.
pub fn explain(pact: &Pact, record: &Record, at: Instant) -> String {
    let begin = record.since.filter(|since| *since < at).unwrap_or(at);
    let (state, timeline) = replay_record(pact, record, begin, Vec::new(), at);
    let decision = decision(pact, &state, &timeline);
    decision_words(pact, &state, &decision)
}

/// Why a lead whose state was replayed is in its stage, as text. `decision` is the one about that state.
pub fn decision_words(pact: &Pact, state: &LeadState, decision: &Decision) -> String {
    let mut words = Explanation { pact, record: &state.record, state, at: state.now, decision, text: String::new() };
    words.present_stage();
    words.moves();
    words.scores();
    words.values();
    words.handover();
    words.promises();
    words.stays();
    words.what_would_help();
    words.text
}

struct Explanation<'a> {
    pact: &'a Pact,
    record: &'a Record,
    state: &'a LeadState,
    at: Instant,
    decision: &'a Decision,
    text: String,
}

impl Explanation<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.text.push_str(&visible::line(line.as_ref().trim_end()));
        self.text.push('\n');
    }

    fn head(&mut self, head: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line(head);
    }

    fn present_stage(&mut self) {
        let d = self.decision;
        let id = d.id.as_deref().unwrap_or("this lead");
        if let Some(part_of) = &d.part_of {
            return self.line(format!("{id} has been part of {} since {}.", part_of.lead, part_of.since));
        }
        match (&d.stage, &d.pipeline) {
            (Some(stage), Some(pipeline)) => {
                let owner = d.owner.as_ref().map(|o| format!(", owned by {o}")).unwrap_or_default();
                self.line(format!("{id} is in {stage}{owner} (pipeline {pipeline}, at {}).", d.at));
            }
            _ => self.line(format!("{id} is in no pipeline: none takes it (at {}).", d.at)),
        }
        if let Some(next) = &d.next_action {
            self.line(format!("Next: {next}."));
        }
    }

    fn moves(&mut self) {
        if self.decision.moves.is_empty() {
            return;
        }
        self.head("How it got there");
        for made in &self.decision.moves {
            let Some(because) = &made.because else { continue };
            self.line(format!("  {} → {}   {}", made.from, made.to, clause(because)));
            for name in self.criteria_of(because) {
                // what no longer holds is not why it moved then
                if self.decision.criteria.get(&name).is_some_and(|report| report.verdict == Verdict::Met) {
                    self.criteria(&name, "    ");
                }
            }
        }
    }

    /// The criteria that a move asks for, in order of name.
    fn criteria_of(&self, because: &Clause) -> Vec<std::sync::Arc<str>> {
        let stages = self.pact.pipelines.iter().flat_map(|pipeline| &pipeline.stages);
        let mut moves = stages.flat_map(|stage| &stage.moves);
        let step = moves.find(|step| self.pact.clause(step.span) == *because);
        let facts = step.and_then(|step| step.when.as_ref()).map(|when| facts_of(self.pact, when));
        facts.into_iter().flat_map(|f| f.criteria).map(|id| self.pact[id].name.clone()).collect()
    }

    fn criteria(&mut self, name: &str, indent: &str) {
        let Some(report) = self.decision.criteria.get(name) else { return };
        let report: CriteriaReport = report.clone();
        self.line(format!("{indent}{name} is {}", words(report.verdict)));
        for need in &report.needs {
            self.need(need, indent);
        }
    }

    fn need(&mut self, need: &NeedReport, indent: &str) {
        let mark = match need.verdict {
            Verdict::Met => "✓",
            Verdict::NotMet => "✗",
            Verdict::Unknown => "?",
        };
        self.line(format!("{indent}  {mark} {}", clause(&need.because)));
        let facts = facts(&need.facts);
        if need.verdict != Verdict::Met && !facts.is_empty() {
            self.line(format!("{indent}      {facts}"));
        }
    }

    fn scores(&mut self) {
        if self.decision.scores.is_empty() {
            return;
        }
        self.head("Scores");
        for (name, points) in &self.decision.scores {
            let range = self.decision.score_ranges.get(name);
            let open = range.map(|r| format!(" (missing facts leave {} to {})", r.low, r.high)).unwrap_or_default();
            self.line(format!("  {name} {points}{open}"));
            for report in self.decision.points.get(name).into_iter().flatten() {
                let sure = match report.possible {
                    Some(possible) if report.points.is_zero() => format!("({possible:+})"),
                    _ => format!("{:+}", report.points),
                };
                let times = report.events.filter(|n| *n > 1).map(|n| format!("  ×{n}")).unwrap_or_default();
                let missing = match report.facts.missing.as_slice() {
                    missing if report.possible.is_some() && !missing.is_empty() => {
                        format!("  {} missing", list(missing, "and"))
                    }
                    _ => String::new(),
                };
                self.line(format!("    {sure:>6}  {}{times}{missing}", clause(&report.because)));
            }
        }
    }

    fn values(&mut self) {
        if self.decision.values.is_empty() {
            return;
        }
        self.head("Values");
        for (name, value) in &self.decision.values {
            let open = match self.decision.value_ranges.get(name) {
                Some(ValueRange::Numbers(range)) => format!(" (missing facts leave {} to {})", range.low, range.high),
                Some(ValueRange::Words(words)) => format!(" (missing facts leave {})", list(words, "or")),
                None => String::new(),
            };
            let shown = value.as_ref().map_or_else(|| "unknown".to_owned(), ToString::to_string);
            let because = self.worked_out(name, value.as_ref());
            self.line(format!("  {name} {shown}{open}{because}"));
        }
    }

    /// The clause that makes a value or band what it is, and of a grid what it crosses.
    fn worked_out(&self, name: &str, shown: Option<&Value>) -> String {
        let Some(value) = self.pact.values.iter().find(|value| &*value.name == name) else { return String::new() };
        let word = shown.and_then(Value::as_text);
        let clause = |span| clause(&self.pact.clause(span));
        match &value.kind {
            NamedKind::Value(of) => format!("   {}", clause(of.span)),
            NamedKind::Band(band) => {
                let clauses: Vec<String> =
                    band.words().filter(|(of, _)| word == Some(&**of)).map(|(_, span)| clause(span)).collect();
                if clauses.is_empty() { String::new() } else { format!("   {}", clauses.join(", or ")) }
            }
            NamedKind::Grid(grid) => {
                let of = |id: ValueId| {
                    let name = &self.pact[id].name;
                    let word = self.decision.values.get(name).and_then(Option::as_ref);
                    (word.map(ToString::to_string), name)
                };
                let ((row, rows), (column, columns)) = (of(grid.rows), of(grid.columns));
                let at = self.pact[grid.rows].words().iter().position(|word| row.as_deref() == Some(word));
                let cells = at.and_then(|at| grid.cells.get(at));
                let unknown = || "unknown".to_owned();
                let crossed =
                    format!("{rows} {} by {columns} {}", row.unwrap_or_else(unknown), column.unwrap_or_else(unknown));
                cells.map_or(format!("   {crossed}"), |row| format!("   {crossed}: {}", clause(row.span)))
            }
        }
    }

    fn handover(&mut self) {
        if let Some(route) = &self.decision.route {
            let to = [("queue", &route.queue), ("team", &route.team), ("", &route.assignee)];
            let to = to.iter().find_map(|(word, name)| name.as_ref().map(|name| format!("{word} {name}")));
            let to = to.unwrap_or_default();
            self.head("Who has it");
            let by = route.by.as_ref().map(|by| format!(" by {by}")).unwrap_or_default();
            let because = route.because.as_ref().map(clause).unwrap_or_default();
            let waits =
                self.state.awaited(self.pact).map(|at| format!(", from {}: nobody is at work", when(self.pact, at)));
            self.line(format!("  {}{by}{}   {because}", to.trim_start(), waits.unwrap_or_default()));
            for unsure in &route.unsure {
                self.line(format!("    passed over, a fact is missing: {}", clause(unsure)));
            }
        }
        if let Some(handoff) = &self.decision.handoff {
            if self.decision.route.is_none() {
                self.head("What went along when it was handed over");
            }
            let carried: Vec<&str> = handoff.carry.keys().map(|key| &**key).collect();
            self.line(format!("  with {}", list(&carried, "and")));
        }
        if !self.decision.effects.is_empty() {
            self.head("Requested actions");
            for effect in &self.decision.effects {
                let what = super::timeline::effect_words(&effect.kind);
                self.line(format!("  {what:<28} {}:{}", effect.because.file, effect.because.line));
            }
        }
    }

    /// Why it goes no further: each move of its stage that does not happen.
    fn stays(&mut self) {
        let Some(stage) = self.decision.stage.as_deref().and_then(|name| self.pact.stage(name)) else { return };
        if self.pact[stage].is_final {
            self.head("It stays: the stage is final");
            return;
        }
        if let Some(until) = self.state.resting() {
            let until = when(self.pact, until);
            self.head(&format!("It rests until {until}: no move is made before"));
            return;
        }
        self.head("Why it goes no further");
        for step in &self.pact[stage].moves {
            let because = self.pact.clause(step.span);
            let held = self.decision.held.iter().find(|held| held.because == because).cloned();
            let note = match (&held, possible(self.pact, self.state, step).filter(|at| *at > self.at)) {
                (Some(_), _) => "   held back by its hand-over".into(),
                (None, Some(at)) => format!("   not before {}", when(self.pact, at)),
                _ => String::new(),
            };
            self.line(format!("  {}{note}", clause(&because)));
            for need in held.iter().flat_map(|held| &held.lacks) {
                self.need(need, "    ");
            }
            for name in self.criteria_of(&because) {
                self.criteria(&name, "    ");
            }
            if let (None, Some(when)) = (&held, &step.when)
                && facts_of(self.pact, when).criteria.is_empty()
            {
                let view = View::new(self.pact, self.record, self.at);
                let verdict = words(view.condition(when));
                let mut asks_answer = false;
                when.visit(&mut |e| asks_answer |= e.kind == ExprKind::Disposition);
                let why = match asks_answer && view.disposition().is_none() {
                    true => ": no disposition is recorded yet",
                    false => "",
                };
                self.line(format!("    {verdict}{why}"));
            }
        }
    }

    /// The clocks that run, and when the decision changes next if nothing happens.
    fn promises(&mut self) {
        let open: Vec<&Clock> = self.state.clocks.iter().filter(|clock| clock.is_open()).collect();
        if !open.is_empty() {
            self.head("What is promised");
        }
        for clock in open {
            let sla = &self.pact[clock.sla];
            let Some(promise) = sla.promises.get(clock.promise as usize) else { continue };
            let state = match (clock.breached, clock.started, clock.due(self.pact)) {
                (Some(at), ..) => {
                    let late = clock.late(self.pact, self.at).unwrap_or_default();
                    let open = clock.is_open_time(self.pact);
                    let late = format!("{}{}", span(late, open), if open { ", in open hours" } else { "" });
                    format!("breached at {}, late by {late}", when(self.pact, at))
                }
                (_, None, _) => "waits for somebody to have the lead".into(),
                (.., Some(due)) => format!("due {}", when(self.pact, due)),
                _ => "paused".into(),
            };
            let because = clause(&self.pact.clause(promise.span));
            self.line(format!("  {}: {state}   {because}", sla.name));
        }
        let horizon = self.at + chrono::TimeDelta::days(366);
        if let Some(next) = next_change(self.pact, self.state, horizon) {
            self.head(&format!("If nothing happens, this changes at {}", when(self.pact, next)));
        }
    }

    fn what_would_help(&mut self) {
        let short: Vec<String> = self
            .decision
            .criteria
            .iter()
            .filter_map(|(name, report)| {
                let size = report.missing.first()?.len();
                let sets: Vec<String> = report.missing.iter().map(|set| list(set, "and")).collect();
                let facts = if size == 1 { "one fact short" } else { "short of facts" };
                let does = if report.verdict == Verdict::Unknown { "settled by" } else { facts };
                Some(format!("  {name} is {}, {does}: {}", words(report.verdict), list(&sets, "or")))
            })
            .collect();
        if !short.is_empty() {
            self.head("What is missing");
            short.iter().for_each(|line| self.line(line));
        }
        let Some(stage) = self.decision.stage.as_deref().and_then(|name| self.pact.stage(name)) else { return };
        let moves = self.pact[stage].moves.iter().filter(|step| step.after.is_none());
        let all: Vec<PathToMove> = moves.flat_map(|step| ways(self.pact, self.record, self.at, stage, step)).collect();
        if all.is_empty() {
            return;
        }
        self.head("The smallest changes that would move it on");
        for way in &all {
            let changes: Vec<String> = way.changes.iter().map(|change| self.change(change)).collect();
            self.line(format!("  to {}: {}", self.pact[way.to].name, list(&changes, "and")));
        }
    }

    fn change(&self, change: &RequiredChange) -> String {
        match change {
            RequiredChange::Set(field, value) => {
                let name = &self.pact[*field].name;
                match self.record.value(*field) {
                    // what is personal is shown by the decision alone, which knows who looks
                    Some(_) if self.pact[*field].pii => format!("{name} {value}"),
                    Some(now) => format!("{name} {value} (now {now})"),
                    // any value will do for a field that nothing compares
                    None if samples(self.pact).get(field.0 as usize).is_some_and(|s| s.len() < 2) => {
                        format!("{name} known")
                    }
                    None => format!("{name} known, such as {value}"),
                }
            }
            RequiredChange::Happens(kind, n) => {
                let mut text = String::new();
                let more = if *n == 1 { "one more".to_owned() } else { format!("{n} more") };
                let _ = write!(text, "{more} {}", self.pact[*kind].name);
                text
            }
        }
    }
}

fn clause(clause: &Clause) -> String {
    format!("{}   ({}:{})", clause.says, clause.file, clause.line)
}

fn facts(of: &FactsReport) -> String {
    let known = of.facts.iter().map(|(name, value)| format!("{name} is {value}"));
    let events = of.events.iter().map(|(kind, n)| format!("{n} × {kind}"));
    let mut parts: Vec<String> = known.chain(events).collect();
    if !of.missing.is_empty() {
        let verb = if of.missing.len() == 1 { "is" } else { "are" };
        parts.push(format!("{} {verb} missing", list(&of.missing, "and")));
    }
    parts.join(", ")
}

/// `a, b and c`
fn list<T: AsRef<str>>(items: &[T], last: &str) -> String {
    match items.split_last() {
        None => String::new(),
        Some((only, [])) => only.as_ref().to_owned(),
        Some((end, rest)) => {
            let rest: Vec<&str> = rest.iter().map(AsRef::as_ref).collect();
            format!("{} {last} {}", rest.join(", "), end.as_ref())
        }
    }
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "met",
        Verdict::NotMet => "not met",
        Verdict::Unknown => "unknown",
    }
}

//! Promises, second chances and measures: every name in them is resolved, and they are kept as written.

use rust_decimal::Decimal;

use super::expr::Context;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::Span;
use crate::syntax::tree::{
    self, DigestSection, Dimension, MeasureKind, Moment, Name, Number, PromiseKind, PromiseName, Spanned,
};

impl Resolver<'_> {
    pub(super) fn measured(&mut self, items: &Items) {
        items.slas.iter().for_each(|item| self.sla(item));
        items.recycles.iter().for_each(|item| self.recycle(item));
        for item in &items.metrics {
            self.measure(&item.node.measure);
            self.not_in_force(item.node.name.span, format!("metric {}", item.node.name.text));
        }
        self.metric_cycles(items);
        for item in &items.targets {
            self.known(Space::Party, "party", &item.node.party);
            self.known(Space::Metric, "metric", &item.node.metric);
            self.not_in_force(item.span, format!("target {}", item.node.metric.text));
        }
        for item in &items.watches {
            let watch = &item.node;
            self.known(Space::Metric, "metric", &watch.metric);
            for (last, before) in &watch.compare {
                self.some_time(last, "a period");
                self.some_time(before, "a period");
            }
            watch.change.iter().for_each(|percent| self.percent(percent, 1_000));
            watch.review.iter().for_each(|name| self.reviewed(name));
            self.not_in_force(watch.metric.span, format!("watch {}", watch.metric.text));
        }
        for item in &items.digests {
            let digest = &item.node;
            self.known(Space::Party, "party", &digest.party);
            digest.sections.iter().for_each(|section| self.section(section));
            self.not_in_force(digest.name.span, format!("digest {}", digest.name.text));
        }
        for item in &items.reviews {
            self.some_time(&item.node.every, "a period");
            for agenda in &item.node.agenda {
                agenda.metrics.iter().for_each(|name| self.known(Space::Metric, "metric", name));
                agenda.by.iter().for_each(|dimension| self.dimension(dimension));
            }
            self.not_in_force(item.node.name.span, format!("review {}", item.node.name.text));
        }
        let measured = &mut self.pact.measured;
        measured.slas = items.slas.clone();
        measured.recycles = items.recycles.clone();
        measured.metrics = items.metrics.clone();
        measured.targets = items.targets.clone();
        measured.watches = items.watches.clone();
        measured.digests = items.digests.clone();
        measured.reviews = items.reviews.clone();
    }

    /// A finding when a name is not declared.
    fn known(&mut self, space: Space, what: &str, name: &Name) {
        self.names.get(space, what, name, &mut self.out);
    }

    /// A finding when a name is not declared, or is something else.
    fn known_as(&mut self, space: Space, what: &'static str, name: &Name) {
        let Some(found) = self.names.get(space, what, name, &mut self.out) else { return };
        if found.what != what {
            let article = if found.what == "activity" { "an" } else { "a" };
            let message = format!("`{}` is {article} {}, and a {what} is needed", name.text, found.what);
            let finding = Diagnostic::new(Code::OutOfPlace, name.span, message)
                .and(found.span, "it is declared here")
                .help(format!("name a {what}"));
            self.out.push(finding);
        }
    }

    fn percent(&mut self, percent: &Number, most: i64) {
        if percent.node <= Decimal::ZERO || percent.node > Decimal::from(most) {
            let message = format!("{} % is not between 0 % and {most} %", percent.node);
            self.out.push(Diagnostic::new(Code::OutOfRange, percent.span, message).help("write a share such as `50%`"));
        }
    }

    fn at_least_one(&mut self, count: &Spanned<i64>, what: &str) {
        if count.node < 1 {
            let message = format!("a count of {} {what} asks for nothing", count.node);
            self.out.push(Diagnostic::new(Code::OutOfRange, count.span, message).help("write at least 1"));
        }
    }

    fn sla(&mut self, item: &Spanned<tree::Sla>) {
        let sla = &item.node;
        let spans = |names: &[Name]| names.iter().map(|name| name.span).collect::<Vec<_>>();
        self.once("owner", &spans(&sla.owner));
        self.once("clock", &spans(&sla.clock));
        sla.stage.iter().for_each(|name| self.known(Space::Stage, "stage", name));
        sla.owner.iter().chain(&sla.agreed_by).for_each(|name| self.known(Space::Party, "party", name));
        for clock in sla.clock.iter().filter(|clock| &*clock.text != "elapsed") {
            self.known(Space::Calendar, "calendar", clock);
        }
        for condition in sla.for_leads.iter().chain(&sla.pause) {
            self.condition(condition, Context::LEAD);
        }
        for promise in &sla.promises {
            self.promise(&promise.kind, sla, promise.span);
        }
        for warning in &sla.warnings {
            warning.at.iter().for_each(|percent| self.percent(percent, 100));
            self.actions(&warning.actions);
        }
        let promised: Vec<PromiseName> = sla.promises.iter().map(|promise| promise.kind.name()).collect();
        for breach in &sla.breaches {
            if let Some(of) = breach.of.as_ref().filter(|of| !promised.contains(&of.node)) {
                let message = format!("`{}` promises no {}", sla.name.text, of.node.words());
                let all: Vec<&str> = promised.iter().map(|name| name.words()).collect();
                let finding = Diagnostic::new(Code::NotPromised, of.span, message)
                    .help(format!("it promises {}; promise it too, or speak of one of these", all.join(", ")));
                self.out.push(finding);
            }
            breach.after.iter().for_each(|after| {
                self.timed(after, "a delay", clock(sla));
            });
            self.actions(&breach.actions);
        }
        if sla.promises.is_empty() {
            let finding = Diagnostic::new(Code::NotPromised, sla.name.span, "this agreement promises nothing")
                .help("add a promise: `first touch within 4 hours`");
            self.out.push(finding);
        }
        self.not_in_force(sla.name.span, format!("sla {}", sla.name.text));
    }

    fn promise(&mut self, promise: &PromiseKind, sla: &tree::Sla, span: Span) {
        let within = match promise {
            PromiseKind::FirstTouch(within) | PromiseKind::Outcome(within) | PromiseKind::Work(within) => Some(within),
            PromiseKind::Touches { count, kinds, within, apart } => {
                self.at_least_one(count, "touches");
                kinds.iter().for_each(|kind| self.known_as(Space::Kind, "touch", kind));
                if let Some(apart) = apart {
                    self.timed(apart, "a gap", clock(sla));
                }
                Some(within)
            }
            PromiseKind::Volume { count, stage, .. } => {
                self.at_least_one(count, "leads");
                self.known(Space::Stage, "stage", stage);
                None
            }
        };
        let Some(within) = within else { return };
        self.timed(within, "a promise", clock(sla));
        if sla.stage.is_none() {
            let finding = Diagnostic::new(Code::NoClock, span, "this promise needs a stage on which its clock starts")
                .help(format!("write `sla {} on STAGE`", sla.name.text));
            self.out.push(finding);
        }
    }

    fn recycle(&mut self, item: &Spanned<tree::Recycle>) {
        let recycle = &item.node;
        let name = recycle.name.span;
        recycle.from.iter().for_each(|stage| self.known(Space::Stage, "stage", stage));
        for condition in &recycle.when {
            self.condition(condition, Context::LEAD);
        }
        for (to, owner) in &recycle.to {
            self.known(Space::Stage, "stage", to);
            owner.iter().for_each(|owner| self.known(Space::Party, "party", owner));
        }
        for rest in &recycle.rest {
            self.timed(rest, "a rest", Err("a rest runs in elapsed time: leave out `business`"));
        }
        recycle.enroll.iter().for_each(|program| self.known(Space::Program, "program", program));
        for (percent, score) in &recycle.keep {
            self.percent(percent, 100);
            self.known_as(Space::Value, "score", score);
        }
        for (most, then) in &recycle.rounds {
            self.at_least_one(most, "times");
            self.known(Space::Stage, "stage", then);
        }
        self.once("when", &recycle.when.iter().map(|e| e.span).collect::<Vec<_>>());
        self.once("to", &recycle.to.iter().map(|(to, _)| to.span).collect::<Vec<_>>());
        self.once("rest", &recycle.rest.iter().map(|rest| rest.span).collect::<Vec<_>>());
        let lacks = [
            ("from", "the stages that leads come from: `from mql, sal`", recycle.from.is_empty()),
            ("when", "the reasons: `when disposition = recycle`", recycle.when.is_empty()),
            ("to", "the stage that leads go back to: `to inquiry`", recycle.to.is_empty()),
        ];
        for (clause, help, _) in lacks.iter().filter(|(_, _, lacking)| *lacking) {
            let message = format!("`{}` has no `{clause}`", recycle.name.text);
            self.out.push(Diagnostic::new(Code::HalfRecycle, name, message).help(format!("name {help}")));
        }
        self.not_in_force(name, format!("recycle {}", recycle.name.text));
    }

    fn measure(&mut self, measure: &tree::Measure) {
        match &measure.node {
            MeasureKind::Entering(stage, condition) => {
                self.known(Space::Stage, "stage", stage);
                condition.iter().for_each(|condition| {
                    self.condition(condition, Context::LEAD);
                });
            }
            MeasureKind::Count(kind, condition) => {
                self.known(Space::Kind, "activity, touch or disposition", kind);
                let context = self.pact.kind(&kind.text).map_or(Context::LEAD, Context::event);
                condition.iter().for_each(|condition| {
                    self.condition(condition, context);
                });
            }
            MeasureKind::Sum(dotted, condition) => {
                self.property_of(dotted);
                let context = self.pact.kind(&dotted.kind.text).map_or(Context::LEAD, Context::event);
                condition.iter().for_each(|condition| {
                    self.condition(condition, context);
                });
            }
            MeasureKind::Time(_, from, to, calendar) => {
                self.moment_of(from);
                self.moment_of(to);
                calendar.iter().for_each(|calendar| self.known(Space::Calendar, "calendar", calendar));
            }
            MeasureKind::Conversion(from, to) => {
                self.known(Space::Stage, "stage", from);
                self.known(Space::Stage, "stage", to);
            }
            MeasureKind::Metric(name) => self.known(Space::Metric, "metric", name),
            MeasureKind::Number(_) => {}
            MeasureKind::Arithmetic(_, a, b) => {
                self.measure(a);
                self.measure(b);
            }
        }
    }

    fn moment_of(&mut self, moment: &Moment) {
        match moment {
            Moment::Entering(stage) | Moment::Leaving(stage) => self.known(Space::Stage, "stage", stage),
            Moment::Event(kind) => self.known(Space::Kind, "activity, touch or disposition", kind),
            Moment::FirstTouch | Moment::LastTouch | Moment::Created => {}
        }
    }

    /// Metrics that are measured by themselves; each way round is told of once.
    fn metric_cycles(&mut self, items: &Items) {
        let mut told: Vec<&str> = Vec::new();
        for item in &items.metrics {
            let name = &*item.node.name.text;
            let round = |other: &&str| reaches(items, other, name) && reaches(items, name, other);
            if !reaches(items, name, name) || told.iter().any(round) {
                continue;
            }
            told.push(name);
            let message = format!("`{name}` is measured by itself");
            let finding = Diagnostic::new(Code::MetricCycle, item.node.name.span, message)
                .help("measure one of the metrics on the way by something else");
            self.out.push(finding);
        }
    }

    /// What a watch asks to review: criteria, scores, promises or stages.
    fn reviewed(&mut self, name: &Name) {
        let spaces = [Space::Value, Space::Sla, Space::Recycle, Space::Stage, Space::Route];
        if !spaces.iter().any(|space| self.names.find(*space, &name.text).is_some()) {
            let all: Vec<String> = spaces.iter().flat_map(|space| self.names.all(*space)).map(str::to_owned).collect();
            self.out.push(super::names::unknown("criteria or sla", name, all.iter().map(String::as_str)));
        }
    }

    fn section(&mut self, section: &DigestSection) {
        match section {
            DigestSection::Top { count, stage, by } => {
                self.at_least_one(count, "leads");
                self.known(Space::Stage, "stage", stage);
                self.known_as(Space::Value, "score", by);
            }
            DigestSection::NearBreach { stage, sla } => {
                self.known(Space::Stage, "stage", stage);
                self.known(Space::Sla, "sla", sla);
            }
            DigestSection::NearMiss { stage, criteria } => {
                self.known(Space::Stage, "stage", stage);
                self.known_as(Space::Value, "criteria", criteria);
            }
        }
    }

    /// Figures are split by a field, or by `program.kind` and `stage.owner`.
    fn dimension(&mut self, dimension: &Dimension) {
        match dimension {
            Dimension::Field(name) => self.known_as(Space::Value, "field", name),
            Dimension::Dotted(dotted) => {
                let known = ["program.kind", "program.name", "stage.owner", "stage.name"];
                let written = format!("{}.{}", dotted.kind.text, dotted.property.text);
                if !known.contains(&written.as_str()) {
                    let name = Name { text: written.as_str().into(), span: dotted.kind.span.to(dotted.property.span) };
                    self.out.push(super::names::unknown("dimension", &name, known));
                }
            }
        }
    }
}

/// Whether business time has a calendar in an sla; otherwise how to give it one.
fn clock(sla: &tree::Sla) -> Result<(), &'static str> {
    match sla.clock.is_empty() {
        true => Err("add `clock NAME` with the calendar whose hours count"),
        false => Ok(()),
    }
}

/// Whether a metric is measured by another one, at any remove.
fn reaches(items: &Items, from: &str, to: &str) -> bool {
    let of = |name: &str| items.metrics.iter().find(|metric| *metric.node.name.text == *name);
    let mut open: Vec<&str> = of(from).map(|metric| named(&metric.node.measure)).unwrap_or_default();
    let mut seen: Vec<&str> = Vec::new();
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if !seen.contains(&name) {
            seen.push(name);
            open.extend(of(name).into_iter().flat_map(|metric| named(&metric.node.measure)));
        }
    }
    false
}

/// The metrics that a measure names.
fn named(measure: &tree::Measure) -> Vec<&str> {
    match &measure.node {
        MeasureKind::Metric(name) => vec![&name.text],
        MeasureKind::Arithmetic(_, a, b) => named(a).into_iter().chain(named(b)).collect(),
        _ => Vec::new(),
    }
}

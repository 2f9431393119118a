//! Measures: every name in them is resolved, and they are kept as written.

use rust_decimal::Decimal;

use super::expr::Context;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::tree::{self, Dimension, MeasureKind, MomentNode, Name, Number, Spanned};

impl Resolver<'_> {
    pub(super) fn measured(&mut self, items: &Items) {
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
                self.window(last, "a window");
                self.window(before, "a window");
            }
            watch.change.iter().for_each(|percent| self.percent(percent, 1_000));
            watch.review.iter().for_each(|name| self.reviewed(name));
            self.not_in_force(watch.metric.span, format!("watch {}", watch.metric.text));
        }
        for item in &items.reviews {
            self.window(&item.node.every, "a step");
            for agenda in &item.node.agenda {
                agenda.metrics.iter().for_each(|name| self.known(Space::Metric, "metric", name));
                agenda.by.iter().for_each(|dimension| self.dimension(dimension));
            }
            self.not_in_force(item.node.name.span, format!("review {}", item.node.name.text));
        }
        let measured = &mut self.pact.measured;
        measured.metrics = items.metrics.clone();
        measured.targets = items.targets.clone();
        measured.watches = items.watches.clone();
        measured.reviews = items.reviews.clone();
    }

    /// A finding when a name is not declared.
    pub(super) fn known(&mut self, space: Space, what: &str, name: &Name) {
        self.names.get(space, what, name, &mut self.out);
    }

    /// A finding when a name is not declared, or is something else.
    pub(super) fn known_as(&mut self, space: Space, what: &'static str, name: &Name) {
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

    pub(super) fn percent(&mut self, percent: &Number, most: i64) {
        if percent.node <= Decimal::ZERO || percent.node > Decimal::from(most) {
            let message = format!("{}% is not above 0% and up to {most}%", percent.node);
            self.out.push(Diagnostic::new(Code::OutOfRange, percent.span, message).help("write a share such as `50%`"));
        }
    }

    pub(super) fn at_least_one(&mut self, count: &Spanned<i64>, what: &str) {
        if count.node < 1 {
            let message = format!("a count of {} {what} means nothing", count.node);
            self.out.push(Diagnostic::new(Code::OutOfRange, count.span, message).help("write at least 1"));
        }
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

    fn moment_of(&mut self, moment: &MomentNode) {
        match moment {
            MomentNode::Entering(stage) | MomentNode::Leaving(stage) => self.known(Space::Stage, "stage", stage),
            MomentNode::Event(kind) => self.known(Space::Kind, "activity, touch or disposition", kind),
            MomentNode::FirstTouch | MomentNode::LastTouch | MomentNode::Created => {}
        }
    }

    /// Metrics that are measured by themselves; each way round is found once.
    fn metric_cycles(&mut self, items: &Items) {
        let mut found: Vec<&str> = Vec::new();
        for item in &items.metrics {
            let name = &*item.node.name.text;
            let round = |other: &&str| reaches(items, other, name) && reaches(items, name, other);
            if !reaches(items, name, name) || found.iter().any(round) {
                continue;
            }
            found.push(name);
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

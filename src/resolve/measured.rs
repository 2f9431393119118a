//! Measures: what is counted, what a party answers for, and what is looked at together.

use std::collections::HashMap;
use std::sync::Arc;

use rust_decimal::Decimal;

use super::expr::Context;
use super::handover::words;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{
    AgendaItem, Comparison, Level, Measure, Meeting, Metric, MetricId, MetricTarget, MetricWatch, Milestone,
    PromiseKind,
};
use crate::span::Span;
use crate::syntax::tree::{self, DimensionNode, Literal, MeasureKind, MomentNode, Name, Number, Spanned};
use crate::ty::Ty;
use crate::value::Value;

impl Resolver<'_> {
    pub(super) fn measured(&mut self, items: &Items) {
        let names: Vec<Arc<str>> = items.metrics.iter().map(|item| item.node.name.text.clone()).collect();
        for item in &items.metrics {
            let measure = self.measure(&item.node.measure, &names);
            self.pact.metrics.push(Metric {
                name: item.node.name.text.clone(),
                is_item: true,
                description: words(item.node.description.as_ref()),
                measure: measure.unwrap_or(Measure::Number(Decimal::ZERO)),
                span: item.span,
            });
        }
        self.metric_cycles(items);
        for item in &items.targets {
            let target = self.level_of(&item.node, item.span);
            self.pact.targets.extend(target);
        }
        self.volumes();
        for item in &items.watches {
            let watch = self.watch(&item.node, item.span);
            self.pact.watches.extend(watch);
        }
        for item in &items.reviews {
            let review = self.review(&item.node, item.span);
            self.pact.reviews.extend(review);
        }
    }

    /// Who promises a volume has a target.
    fn volumes(&mut self) {
        let promises = self.pact.slas.iter().flat_map(|sla| sla.promises.iter().map(move |promise| (sla, promise)));
        let volumes = promises.filter_map(|(sla, promise)| match promise.kind {
            PromiseKind::Volume { count, stage, per } => {
                Some((sla.owner.clone()?, sla.reward.clone(), promise.span, count, stage, per))
            }
            _ => None,
        });
        let volumes: Vec<_> = volumes.collect();
        for (party, reward, span, count, stage, per) in volumes {
            let name: Arc<str> = format!("leads entering {}", self.pact[stage].name).into();
            let metric = self.pact.metric(&name).unwrap_or_else(|| {
                let measure = Measure::Entering(stage, None, false);
                let metric = Metric { name, is_item: false, description: "".into(), measure, span };
                self.pact.metrics.push(metric);
                MetricId(self.pact.metrics.len() as u32 - 1)
            });
            let level = Level::Value(Value::Number(count.into()));
            let (comparison, per) = (Comparison::AtLeast, Some(per));
            self.pact.targets.push(MetricTarget { party, metric, comparison, level, per, reward, span });
        }
    }

    fn watch(&mut self, watch: &tree::WatchNode, span: Span) -> Option<MetricWatch> {
        self.known(Space::Metric, "metric", &watch.metric);
        let compared: Vec<Span> = watch.compare.iter().map(|(last, before)| last.span.to(before.span)).collect();
        self.once("compare", &compared);
        self.once("alert", &watch.change.iter().map(|percent| percent.span).collect::<Vec<_>>());
        let windows =
            watch.compare.iter().map(|(last, before)| (self.window(last, "a window"), self.window(before, "a window")));
        let windows: Vec<_> = windows.collect();
        watch.change.iter().for_each(|percent| self.percent(percent, 1_000));
        let review = watch.review.iter().filter_map(|name| Some((name.text.clone(), self.reviewed(name)?))).collect();
        let clauses = [
            ("compare last 4 weeks with the 4 weeks before", windows.is_empty()),
            ("alert when it changes by 25% or more", watch.change.is_empty()),
        ];
        for (clause, _) in clauses.iter().filter(|(_, lacks)| *lacks) {
            let message = format!("the watch of `{}` does not say when to tell", watch.metric.text);
            let finding = Diagnostic::new(Code::WrongValue, watch.metric.span, message);
            self.out.push(finding.help(format!("add `{clause}`")));
        }
        let (last, before) = windows.into_iter().next()?;
        Some(MetricWatch {
            metric: self.pact.metric(&watch.metric.text)?,
            description: words(watch.description.as_ref()),
            compare: (last?, before?),
            change: watch.change.first()?.node / Decimal::ONE_HUNDRED,
            review,
            span,
        })
    }

    fn review(&mut self, review: &tree::ReviewNode, span: Span) -> Option<Meeting> {
        let every = self.window(&review.every, "a step");
        let agenda = review.agenda.iter().map(|agenda| {
            agenda.metrics.iter().for_each(|name| self.known(Space::Metric, "metric", name));
            let by = agenda.by.iter().filter_map(|dimension| self.dimension(dimension));
            let by = by.collect();
            AgendaItem { metrics: agenda.metrics.iter().filter_map(|name| self.pact.metric(&name.text)).collect(), by }
        });
        let agenda = agenda.collect();
        Some(Meeting {
            name: review.name.text.clone(),
            description: words(review.description.as_ref()),
            every: every?,
            agenda,
            span,
        })
    }

    fn level_of(&mut self, target: &tree::TargetNode, span: Span) -> Option<MetricTarget> {
        self.known(Space::Party, "party", &target.party);
        self.known(Space::Metric, "metric", &target.metric);
        let metric = self.pact.metric(&target.metric.text)?;
        let level = match &target.level.node {
            Literal::Duration(parts) => Level::Duration(self.duration_of(parts, target.level.span)?),
            literal => Level::Value(self.literal(literal, target.level.span, None)?.0),
        };
        self.fits(metric, &level, target);
        Some(MetricTarget {
            party: target.party.text.clone(),
            metric,
            comparison: target.comparison,
            level,
            per: target.per,
            reward: target.reward.as_ref().map(|reward| reward.text.clone()),
            span,
        })
    }

    /// A finding when a figure cannot be compared with its level.
    fn fits(&mut self, metric: MetricId, level: &Level, target: &tree::TargetNode) {
        let (is, business) = match &self.pact[metric].measure {
            Measure::Time(.., calendar) => ("a length of time", calendar.is_some()),
            Measure::Arithmetic(..) | Measure::Metric(_) => return,
            Measure::Sum(kind, property, _) => {
                let ty = self.pact[*kind].properties.get(*property as usize).map(|property| &property.ty);
                (if matches!(ty, Some(Ty::Money(_))) { "an amount of money" } else { "a number" }, false)
            }
            Measure::Conversion(..) => ("a share", false),
            Measure::Entering(..) | Measure::Count(..) | Measure::Number(_) => ("a number", false),
        };
        let (needs, help) = match is {
            "a length of time" => (matches!(level, Level::Duration(_)), "write a duration, such as `4 hours`"),
            "an amount of money" => {
                let money = matches!(level, Level::Value(crate::value::Value::Money(_)));
                (money, "write an amount, such as `10k USD`")
            }
            "a share" => (matches!(target.level.node, Literal::Percent(_)), "write a share, such as `60%`"),
            _ => (matches!(target.level.node, Literal::Number(_)), "write a number"),
        };
        let name = &target.metric.text;
        if !needs {
            let message = format!("`{name}` is {is}, and cannot be compared with this");
            self.out.push(Diagnostic::new(Code::WrongValue, target.level.span, message).help(help));
        } else if matches!(level, Level::Duration(duration) if duration.business && duration.days != 0) {
            let message = "a business day is as long as its calendar says, and this is compared in hours";
            let help = "write it in business hours";
            self.out.push(Diagnostic::new(Code::WrongValue, target.level.span, message).help(help));
        } else if matches!(level, Level::Duration(duration) if duration.business) && !business {
            let message = format!("`{name}` is measured in elapsed time, and this is business time");
            let help = format!("leave out `business`, or measure `{name}` `in CALENDAR hours`");
            self.out.push(Diagnostic::new(Code::WrongValue, target.level.span, message).help(help));
        }
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

    fn measure(&mut self, measure: &tree::MeasureNode, names: &[Arc<str>]) -> Option<Measure> {
        let mut about = |kind, condition: &Option<tree::ExprNode>| {
            let context = self.pact.kind(kind).map_or(Context::LEAD, Context::event);
            condition.as_ref().map(|condition| self.condition(condition, context))
        };
        Some(match &measure.node {
            MeasureKind::Entering(stage, condition, once) => {
                let condition = condition.as_ref().map(|condition| self.condition(condition, Context::LEAD));
                Measure::Entering(self.stage_named(stage)?, condition, *once)
            }
            MeasureKind::Count(kind, condition) => {
                let condition = about(&kind.text, condition);
                self.known(Space::Kind, "activity, touch or disposition", kind);
                Measure::Count(self.pact.kind(&kind.text)?, condition)
            }
            MeasureKind::Sum(dotted, condition) => {
                let condition = about(&dotted.kind.text, condition);
                let (kind, property, _) = self.property_of(dotted)?;
                Measure::Sum(kind, property, condition)
            }
            MeasureKind::Time(statistic, from, to, calendar) => {
                let (from, to) = (self.moment_of(from), self.moment_of(to));
                calendar.iter().for_each(|calendar| self.known(Space::Calendar, "calendar", calendar));
                let calendar = calendar.as_ref().and_then(|calendar| self.pact.calendar(&calendar.text));
                Measure::Time(*statistic, from?, to?, calendar)
            }
            MeasureKind::Conversion(from, to, within) => {
                let (from, to) = (self.stage_named(from), self.stage_named(to));
                let within = match within {
                    Some(within) => Some(self.window(within, "the time of a conversion")?),
                    None => None,
                };
                Measure::Conversion(from?, to?, within)
            }
            MeasureKind::Metric(name) => {
                self.known(Space::Metric, "metric", name);
                Measure::Metric(MetricId(names.iter().position(|other| *other == name.text)? as u32))
            }
            MeasureKind::Number(number) => Measure::Number(number.node),
            MeasureKind::Arithmetic(operator, a, b) => {
                let (a, b) = (self.measure(a, names), self.measure(b, names));
                Measure::Arithmetic(*operator, Box::new(a?), Box::new(b?))
            }
        })
    }

    fn moment_of(&mut self, moment: &MomentNode) -> Option<Milestone> {
        Some(match moment {
            MomentNode::Entering(stage) => Milestone::Entering(self.stage_named(stage)?),
            MomentNode::Leaving(stage) => Milestone::Leaving(self.stage_named(stage)?),
            MomentNode::Event(kind) => {
                self.known(Space::Kind, "activity, touch or disposition", kind);
                Milestone::Event(self.pact.kind(&kind.text)?)
            }
            MomentNode::FirstTouch => Milestone::FirstTouch,
            MomentNode::LastTouch => Milestone::LastTouch,
            MomentNode::Created => Milestone::Created,
        })
    }

    /// Metrics that are measured by themselves: of those that lead to each other, the first.
    fn metric_cycles(&mut self, items: &Items) {
        let places: HashMap<&str, usize> =
            items.metrics.iter().enumerate().map(|(at, item)| (&*item.node.name.text, at)).collect();
        let named = items.metrics.iter().map(|item| named(&item.node.measure));
        let graph: Vec<Vec<usize>> =
            named.map(|names| names.iter().filter_map(|name| places.get(name).copied()).collect()).collect();
        for at in super::cycle::first_of_circles(&graph) {
            let Some(item) = items.metrics.get(at) else { continue };
            let message = format!("`{}` is measured by itself", item.node.name.text);
            let finding = Diagnostic::new(Code::MetricCycle, item.node.name.span, message)
                .help("measure one of the metrics on the way by something else");
            self.out.push(finding);
        }
    }

    /// What a watch asks to review: criteria, scores, promises or stages. Where it is declared.
    fn reviewed(&mut self, name: &Name) -> Option<Span> {
        let spaces = [Space::Value, Space::Sla, Space::Recycle, Space::Stage, Space::Route];
        let found = spaces.iter().find_map(|space| self.names.find(*space, &name.text)).map(|entry| entry.span);
        if found.is_none() {
            let all: Vec<String> = spaces.iter().flat_map(|space| self.names.all(*space)).map(str::to_owned).collect();
            self.out.push(super::names::unknown("criteria or sla", name, all.iter().map(String::as_str)));
        }
        found
    }

    /// Figures are split by a field, or by what the pact makes of a lead.
    fn dimension(&mut self, dimension: &DimensionNode) -> Option<Arc<str>> {
        let (written, span) = match dimension {
            DimensionNode::Field(name) => (name.text.to_string(), name.span),
            DimensionNode::Dotted(dotted) => {
                let written = format!("{}.{}", dotted.kind.text, dotted.property.text);
                (written, dotted.kind.span.to(dotted.property.span))
            }
        };
        let known = self.pact.dimensions();
        if known.contains(&written) {
            return Some(written.into());
        }
        let name = Name { text: written.into(), span };
        let finding = super::names::unknown("dimension", &name, known.iter().map(String::as_str));
        self.out.push(finding);
        None
    }
}

/// The metrics that a measure names.
fn named(measure: &tree::MeasureNode) -> Vec<&str> {
    match &measure.node {
        MeasureKind::Metric(name) => vec![&name.text],
        MeasureKind::Arithmetic(_, a, b) => named(a).into_iter().chain(named(b)).collect(),
        _ => Vec::new(),
    }
}

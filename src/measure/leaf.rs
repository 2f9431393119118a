//! What a metric is counted of: the measures in it that are no computation.

use std::collections::BTreeSet;

use crate::pact::{Measure, MetricId, Pact};

/// A measure that is counted: the metric in which it stands, and its number there.
pub(super) type Leaf = (MetricId, usize);

/// The measures that are counted for metrics and for those that they name, each once.
pub(super) fn leaves<'p>(pact: &'p Pact, metrics: &[MetricId]) -> Vec<(Leaf, &'p Measure)> {
    let (mut open, mut seen, mut all) = (metrics.to_vec(), BTreeSet::new(), Vec::new());
    while let Some(metric) = open.pop() {
        if seen.insert(metric) {
            let (counted, named) = parts(&pact[metric].measure);
            open.extend(named);
            all.extend(counted.into_iter().enumerate().map(|(number, measure)| ((metric, number), measure)));
        }
    }
    all
}

/// The measures that a measure counts itself, in order, and the metrics that it names.
pub(super) fn parts(measure: &Measure) -> (Vec<&Measure>, Vec<MetricId>) {
    let (mut counted, mut named, mut open) = (Vec::new(), Vec::new(), vec![measure]);
    while let Some(next) = open.pop() {
        match next {
            Measure::Metric(metric) => named.push(*metric),
            Measure::Arithmetic(_, a, b) => open.extend([&**b, &**a]),
            Measure::Number(_) => {}
            leaf => counted.push(leaf),
        }
    }
    (counted, named)
}

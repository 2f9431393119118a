//! Stages that no lead reaches, and stages that none leaves.

use rustc_hash::FxHashSet;

use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::Pipeline;
use crate::syntax::tree::{ActionKindNode, PipelineNode};

/// What other items than stages say about the ways between them, by name.
pub(super) struct Ways<'i> {
    /// Stages that recycles and breaches lead to, whatever the lead's stage.
    into: FxHashSet<&'i str>,
    /// Stages that recycles and breaches lead out of.
    pub(super) out_of: FxHashSet<&'i str>,
}

impl<'i> Ways<'i> {
    pub(super) fn new(items: &'i Items) -> Self {
        let mut ways = Self { into: FxHashSet::default(), out_of: FxHashSet::default() };
        for recycle in items.recycles.iter().map(|item| &item.node) {
            ways.into.extend(recycle.to.iter().map(|(to, _)| &*to.text));
            ways.into.extend(recycle.rounds.iter().map(|(_, then)| &*then.text));
            ways.out_of.extend(recycle.from.iter().map(|from| &*from.text));
        }
        for sla in items.slas.iter().map(|item| &item.node) {
            let breaches = sla.breaches.iter().flat_map(|breach| &breach.actions);
            for action in breaches.chain(sla.warnings.iter().flat_map(|warning| &warning.actions)) {
                match &action.node {
                    ActionKindNode::Move(to) => {
                        ways.into.insert(&to.text);
                        ways.out_of.extend(sla.stage.iter().map(|stage| &*stage.text));
                    }
                    // an answer may set a recycle or a move going
                    ActionKindNode::Dispose(_) => ways.out_of.extend(sla.stage.iter().map(|stage| &*stage.text)),
                    _ => {}
                }
            }
        }
        ways
    }
}

impl Resolver<'_> {
    pub(super) fn reach(&mut self, items: &Items) {
        let ways = Ways::new(items);
        for (pipeline, item) in self.pact.pipelines.iter().zip(&items.pipelines) {
            let findings = pipeline_findings(pipeline, &item.node, &ways);
            self.out.extend(findings);
        }
    }
}

fn pipeline_findings(pipeline: &Pipeline, written: &PipelineNode, ways: &Ways<'_>) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    let stages = &pipeline.stages;
    let mut reached: Vec<bool> =
        stages.iter().enumerate().map(|(at, stage)| at == 0 || ways.into.contains(&*stage.name)).collect();
    let mut open: Vec<usize> = (0..stages.len()).filter(|at| reached.get(*at) == Some(&true)).collect();
    while let Some(at) = open.pop() {
        for to in stages.get(at).into_iter().flat_map(|stage| &stage.moves).map(|clause| clause.to.stage as usize) {
            if let Some(seen) = reached.get_mut(to).filter(|seen| !**seen) {
                *seen = true;
                open.push(to);
            }
        }
    }
    // a broken move has its own finding; nothing is said of what it may have led to
    let broken = written.stages.iter().zip(stages).any(|(written, stage)| written.moves.len() != stage.moves.len());
    for ((stage, written), reached) in stages.iter().zip(&written.stages).zip(reached) {
        let (name, place) = (&stage.name, written.name.span);
        // the second of two stages with one name has its own finding too
        let again = stages.iter().filter(|other| other.name == *name).count() > 1;
        if !reached && !broken && !again {
            let finding = Diagnostic::new(Code::NoWayIn, place, format!("no lead ever comes into `{name}`"))
                .help(format!("let another stage `move to {name} when …`, or remove it"));
            out.push(finding);
        }
        let leaves = stage.is_final || !written.moves.is_empty() || ways.out_of.contains(&**name);
        if !leaves {
            let finding = Diagnostic::new(Code::NoWayOut, place, format!("no lead ever leaves `{name}`"))
                .help(format!("say where to: `move to … when …`, or that it ends here: `stage {name} {{ … final }}`"));
            out.push(finding);
        }
    }
    if !stages.is_empty() && !stages.iter().any(|stage| stage.is_final) {
        let message = format!("`{}` never ends: no stage of it is final", pipeline.name);
        let finding = Diagnostic::new(Code::NoEnd, written.name.span, message)
            .help("say where the way of a lead ends: `stage won { owner sales  final }`");
        out.push(finding);
    }
    out
}

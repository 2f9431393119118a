//! Pipelines and stages: the way of a lead.

use std::sync::Arc;

use super::Resolver;
use super::expr::Context;
use super::handover::words;
use super::missing::missing_part;
use super::names::{Space, unknown as unknown_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{After, Expr, ExprKind, Labels, Move, Pipeline, PipelineId, Stage, StageId};
use crate::span::Span;
use crate::syntax::tree::{self, Spanned};

impl Resolver<'_> {
    pub(super) fn pipelines(&mut self, items: &[Spanned<tree::PipelineNode>]) {
        for (at, item) in items.iter().enumerate() {
            let pipeline = self.pipeline(PipelineId(at as u32), &item.node, item.span);
            self.pact.pipelines.push(pipeline);
        }
        let mut for_all = items.iter().filter(|item| item.node.for_leads.is_empty());
        if let (Some(first), Some(second)) = (for_all.next(), for_all.next()) {
            let (a, b) = (&first.node.name, &second.node.name);
            let message = format!("`{}` and `{}` both take every lead", a.text, b.text);
            let finding = Diagnostic::new(Code::SeveralForAll, b.span, message)
                .and(a.span, "this one takes every lead too")
                .help("say which leads go through it: `for leads where customer`");
            self.out.push(finding);
        }
    }

    fn pipeline(&mut self, id: PipelineId, pipeline: &tree::PipelineNode, span: Span) -> Pipeline {
        let places: Vec<Span> = pipeline.for_leads.iter().map(|expr| expr.span).collect();
        self.once("for leads where", &places);
        let for_leads = pipeline.for_leads.first().map(|expr| self.membership(expr));
        if pipeline.stages.is_empty() {
            let message = format!("`{}` has no stages", pipeline.name.text);
            let finding = Diagnostic::new(Code::NoStages, pipeline.name.span, message)
                .help("say where leads start: `stage inquiry { owner marketing … }`");
            self.out.push(finding);
        }
        let stages = pipeline.stages.iter().map(|stage| self.stage(id, pipeline, stage)).collect();
        Pipeline {
            name: pipeline.name.text.clone(),
            description: words(pipeline.description.as_ref()),
            for_leads,
            stages,
            span,
        }
    }

    /// Which leads go through a pipeline must be known for every lead.
    fn membership(&mut self, expr: &tree::ExprNode) -> Expr {
        let condition = self.condition(expr, Context::LEAD);
        if let Some(part) = missing_part(&self.pact, &condition) {
            let says = self.sources.says(part.span);
            let computed = matches!(part.kind, ExprKind::Criteria(_) | ExprKind::Score(_));
            let message = if computed {
                format!("`{says}` may be unknown, and each lead needs a pipeline")
            } else {
                format!("`{says}` may be missing, and each lead needs a pipeline")
            };
            let finding = Diagnostic::new(Code::MayBeMissing, part.span, message)
                .here("unknown for a lead without it")
                .help(if computed {
                    format!("ask for the verdict: `{says} is met`")
                } else {
                    format!(
                        "say what then: `{says} is present and …`, `{says} if missing …`, or a default of the field"
                    )
                });
            self.out.push(finding);
        }
        condition
    }

    fn stage(&mut self, pipeline: PipelineId, of: &tree::PipelineNode, stage: &tree::StageNode) -> Stage {
        let owners: Vec<Span> = stage.owner.iter().map(|owner| owner.span).collect();
        self.once("owner", &owners);
        let expectations: Vec<Span> = stage.expectation.iter().map(|text| text.span).collect();
        self.once("expect", &expectations);
        let mut owner = None;
        if let Some(name) = stage.owner.first() {
            let found = self.names.get(Space::Party, "party", name, &mut self.out);
            owner = found.map(|_| name.text.clone());
        } else {
            let parties = self.pact.parties.join("` or `owner ");
            let finding = Diagnostic::new(Code::NoOwner, stage.name.span, format!("nobody owns `{}`", stage.name.text))
                .help(format!("say who does: `owner {}`", if parties.is_empty() { "marketing" } else { &parties }));
            self.out.push(finding);
        }
        let labels = self.labels_of(&stage.labels);
        let statuses = stage.statuses.iter().map(|(system, says)| (system.text.clone(), says.text.clone())).collect();
        for action in &stage.on_enter {
            if let tree::ActionKindNode::Move(to) = &action.node {
                let finding = Diagnostic::new(Code::MoveOnEnter, action.span, "a lead cannot move while it enters")
                    .help(format!("write it as a clause of its own: `move to {} when …`", to.text));
                self.out.push(finding);
            }
        }
        let on_enter: Vec<tree::ActionNode> =
            stage.on_enter.iter().filter(|a| !matches!(a.node, tree::ActionKindNode::Move(_))).cloned().collect();
        let on_enter = self.actions(&on_enter);
        if let (Some(end), Some(first)) = (stage.is_final, stage.moves.first()) {
            let message = format!("`{}` is final, and nothing moves from there", stage.name.text);
            let finding = Diagnostic::new(Code::FinalMoves, first.span, message)
                .and(end, "it is final here")
                .help("remove the move, or `final`");
            self.out.push(finding);
        }
        let moves = stage.moves.iter().filter_map(|clause| self.move_to(pipeline, of, stage, clause)).collect();
        Stage {
            name: stage.name.text.clone(),
            description: words(stage.description.as_ref()),
            owner,
            labels,
            statuses,
            expectation: stage.expectation.first().map(|text| text.text.clone()),
            on_enter,
            moves,
            is_final: stage.is_final.is_some(),
            span: stage.span,
        }
    }

    fn move_to(
        &mut self,
        pipeline: PipelineId,
        of: &tree::PipelineNode,
        from: &tree::StageNode,
        clause: &tree::MoveNode,
    ) -> Option<Move> {
        let mut when: Vec<Expr> = clause.when.iter().map(|when| self.condition(when, Context::LEAD)).collect();
        let when = match when.len() {
            0 | 1 => when.pop(),
            _ => {
                let span = when.iter().skip(1).fold(when.first()?.span, |all, part| all.to(part.span));
                Some(Expr { kind: ExprKind::And(when), ty: crate::ty::Ty::Bool, span })
            }
        };
        let places: Vec<Span> = clause.after.iter().map(|after| after.duration.span).collect();
        self.once("after", &places);
        let mut after = None;
        if let Some(written) = clause.after.first() {
            let calendar = written.calendar.as_ref().map(|_| ()).ok_or("say whose hours count: `in NAME hours`");
            let time = self.timed(&written.duration, "a time", calendar);
            if let Some(calendar) = &written.calendar {
                self.names.get(Space::Calendar, "calendar", calendar, &mut self.out);
            }
            let calendar = written.calendar.as_ref().and_then(|name| self.pact.calendar(&name.text));
            after = time.map(|time| After { time, calendar });
        }
        if clause.when.is_empty() && clause.after.is_empty() {
            let message = format!("every lead would move to `{}` at once", clause.to.text);
            let finding = Diagnostic::new(Code::AlwaysMoves, clause.span, message)
                .help(format!("say when: `move to {} when …`, or after how long: `after 14 days`", clause.to.text));
            self.out.push(finding);
        }
        let to = self.target(of, from, &clause.to)?;
        Some(Move { to: StageId { pipeline, stage: to }, when, after, span: clause.span })
    }

    /// The position of the stage that a move leads to.
    fn target(&mut self, of: &tree::PipelineNode, from: &tree::StageNode, to: &tree::Name) -> Option<u32> {
        if to.text.is_empty() {
            return None;
        }
        if to.text == from.name.text {
            let finding = Diagnostic::new(Code::MoveToItself, to.span, format!("`{}` moves to itself", to.text))
                .help("a lead that stays needs no move: remove it, or name another stage");
            self.out.push(finding);
            return None;
        }
        let found = of.stages.iter().position(|stage| stage.name.text == to.text);
        if found.is_none() {
            let finding = match self.names.find(Space::Stage, &to.text) {
                Some(other) => {
                    let message = format!("`{}` is a stage of another pipeline", to.text);
                    Diagnostic::new(Code::OtherPipeline, to.span, message).and(other.span, "it is declared here").help(
                        format!(
                            "name a stage of `{}`; the pipeline of a lead is decided by `for leads where`",
                            of.name.text
                        ),
                    )
                }
                None => unknown_name("stage", to, of.stages.iter().map(|stage| &*stage.name.text)),
            };
            self.out.push(finding);
        }
        found.map(|at| at as u32)
    }

    /// Labels by language; a language that the pact does not declare is a finding.
    pub(super) fn labels_of(&mut self, labels: &[tree::LabelNode]) -> Labels {
        let mut known = Labels::new();
        for label in labels {
            if self.pact.languages.contains(&label.language.text) {
                known.push((label.language.text.clone(), label.text.text.clone()));
            } else {
                let languages: Vec<Arc<str>> = self.pact.languages.clone();
                let finding = unknown_name("label language", &label.language, languages.iter().map(|l| &**l));
                let help = format!("name it in the pact: `labels {}`", label.language.text);
                let finding = if languages.is_empty() { finding.help(help) } else { finding };
                self.out.push(finding);
            }
        }
        known
    }
}

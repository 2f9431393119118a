//! Stages whose moves can never be met.
//!
//! A stage is refused only when it is certain: its moves ask for things that no values of few fields give, and every
//! value that could make a difference was tried.

use super::conditions::conjuncts;
use super::values::{Seen, Slot};
use super::witness::Search;
use super::{Step, asked};
use crate::diagnostic::{Code, Diagnostic};
use crate::eval::View;
use crate::pact::{Comparison, Expr, ExprKind, FieldId, Move, Pact, PipelineId, Set, StageId, Verdict};
use crate::record::Record;
use crate::resolve::Items;
use crate::resolve::reach::Ways;
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::Value;

/// How many fields are tried together, how many combinations of their values, and how long a set may be.
const MOST_FIELDS: usize = 3;
const MOST_COMBINATIONS: usize = 20_000;
const MOST_LISTED: usize = 64;

/// How many leads are tried to find one that comes in.
const TRIES: usize = 500;

pub(super) fn findings(pact: &Pact, at: Instant, items: &Items) -> Vec<Diagnostic> {
    let ways = Ways::new(items);
    let mut out = Vec::new();
    for (n, (pipeline, written)) in pact.pipelines.iter().zip(&items.pipelines).enumerate() {
        for (m, (stage, written)) in pipeline.stages.iter().zip(&written.node.stages).enumerate() {
            let from = StageId { pipeline: PipelineId(n as u32), stage: m as u32 };
            // a stage without moves has its own finding
            let open = stage.is_final || stage.moves.is_empty() || ways.out_of.contains(&*stage.name);
            let never = |step: &Move| {
                let conditions: Vec<Expr> = asked(pact, Step { from, step }).cloned().collect();
                is_never_met(pact, at, &conjuncts(pact, &conditions))
            };
            if open || !stage.moves.iter().all(never) {
                continue;
            }
            let lead =
                stays(pact, at, from).map_or_else(|| "no lead ever leaves".to_owned(), |lead| lead + " never leaves");
            let mut finding = Diagnostic::new(Code::NoWayOut, written.name.span, format!("{lead} `{}`", stage.name));
            for step in &stage.moves {
                finding = finding.and(step.span, "this can never be met");
            }
            out.push(finding.help("ask for something that a lead can have, or say that it ends here: `final`"));
        }
    }
    out
}

/// A lead that comes into the stage, in words.
fn stays(pact: &Pact, at: Instant, stage: StageId) -> Option<String> {
    let stages = &pact[stage.pipeline].stages;
    let mut ways: Vec<Vec<Expr>> = Vec::new();
    if stage.stage == 0 {
        ways.push(pact[stage.pipeline].for_leads.iter().cloned().collect());
    }
    for (m, other) in stages.iter().enumerate() {
        let from = StageId { stage: m as u32, ..stage };
        let into = other.moves.iter().filter(|step| step.to == stage && step.after.is_none());
        ways.extend(into.map(|step| asked(pact, Step { from, step }).cloned().collect()));
    }
    ways.iter().find_map(|conditions| {
        let comes_in = |view: &View<'_>| conditions.iter().all(|c| view.condition(c) == Verdict::Met);
        let search = Search::new(pact, at, conditions, &[], &comes_in);
        search.run(&mut { TRIES }).map(|record| search.words(&record))
    })
}

/// Whether it is certain that these conditions are never met together.
fn is_never_met(pact: &Pact, at: Instant, conditions: &[Expr]) -> bool {
    let by_itself = |condition: &Expr| match &condition.kind {
        ExprKind::Or(parts) => {
            parts.iter().all(|part| is_never_met(pact, at, &conjuncts(pact, std::slice::from_ref(part))))
        }
        _ => false,
    };
    if conditions.iter().any(by_itself) {
        return true;
    }
    let plain: Vec<&Expr> = conditions.iter().filter(|condition| is_plain(pact, condition)).collect();
    let pairs = plain.iter().enumerate().flat_map(|(n, a)| plain.iter().skip(n).map(move |b| [*a, *b]));
    tried_all(pact, at, &plain) || pairs.into_iter().any(|pair| tried_all(pact, at, &pair))
}

/// Whether all values that make a difference were tried, and none met the conditions.
fn tried_all(pact: &Pact, at: Instant, conditions: &[&Expr]) -> bool {
    let seen = Seen::of(pact, conditions.iter().copied());
    if conditions.is_empty() || seen.fields.len() > MOST_FIELDS {
        return false;
    }
    let values: Vec<(FieldId, Vec<Option<Value>>)> = seen
        .fields
        .iter()
        .map(|field| {
            let values = seen.values(Slot::Field(*field), &pact[*field].ty, at, pact);
            (*field, values.into_iter().map(Some).chain([None]).collect())
        })
        .collect();
    let combinations = values.iter().try_fold(1_usize, |n, (_, values)| n.checked_mul(values.len()));
    if combinations.is_none_or(|n| n > MOST_COMBINATIONS) {
        return false;
    }
    let mut record = Record::new(pact);
    !some_meets(&values, &mut record, &|record| {
        let view = View::new(pact, record, at);
        conditions.iter().all(|condition| view.condition(condition) == Verdict::Met)
    })
}

fn some_meets(rest: &[(FieldId, Vec<Option<Value>>)], record: &mut Record, meets: &dyn Fn(&Record) -> bool) -> bool {
    let Some(((field, values), rest)) = rest.split_first() else { return meets(record) };
    values.iter().any(|value| {
        record.set(*field, value.clone());
        some_meets(rest, record, meets)
    })
}

/// Whether the values that are tried tell all answers of the condition: fields stand in it beside constants only.
fn is_plain(pact: &Pact, condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Not(inner) | ExprKind::IsVerdict(inner, _) => is_plain(pact, inner),
        ExprKind::And(parts) | ExprKind::Or(parts) => parts.iter().all(|part| is_plain(pact, part)),
        ExprKind::Present(inner, _) => matches!(inner.kind, ExprKind::Field(_)),
        ExprKind::Compare(op, exactly, a, b) => {
            let (field, constant) = if is_constant(b) { (a, b) } else { (b, a) };
            let text = matches!(field.ty, Ty::Text | Ty::Word(_));
            let ordered = matches!(field.ty, Ty::Integer | Ty::Number | Ty::Money(_) | Ty::Date);
            let like = match op {
                Comparison::Equal | Comparison::Unequal => ordered || text && !exactly || field.ty == Ty::Bool,
                Comparison::AtLeast | Comparison::AtMost | Comparison::More | Comparison::Less => ordered,
                _ => false,
            };
            is_constant(condition) || like && is_field(field) && is_constant(constant)
        }
        ExprKind::Between(value, low, high) => {
            let ordered = matches!(value.ty, Ty::Integer | Ty::Number | Ty::Money(_) | Ty::Date);
            ordered && is_field(value) && is_constant(low) && is_constant(high)
        }
        ExprKind::In { value, set, exactly: false, .. } => {
            let short = match set {
                Set::Values(values) => values.len() <= MOST_LISTED,
                Set::List(list) => pact[*list].values.len() <= MOST_LISTED,
                Set::Field(_) => false,
            };
            let kinds = matches!(value.ty, Ty::Text | Ty::Word(_) | Ty::Integer | Ty::Number | Ty::Money(_) | Ty::Date);
            short && kinds && is_field(value)
        }
        ExprKind::Field(_) | ExprKind::IfMissing(..) => condition.ty == Ty::Bool && is_field(condition),
        _ => is_constant(condition),
    }
}

/// A field, or one with a constant in its place where it is missing.
fn is_field(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Field(_) => true,
        ExprKind::IfMissing(field, constant) => matches!(field.kind, ExprKind::Field(_)) && is_constant(constant),
        _ => false,
    }
}

/// Whether nothing in it hangs on the lead or the instant.
fn is_constant(expr: &Expr) -> bool {
    let mut constant = true;
    expr.visit(&mut |e| {
        constant &= !matches!(
            e.kind,
            ExprKind::Field(_)
                | ExprKind::Property(_)
                | ExprKind::Score(_)
                | ExprKind::Named(_)
                | ExprKind::EachIn { .. }
                | ExprKind::Criteria(_)
                | ExprKind::Disposition
                | ExprKind::DispositionProperty(_)
                | ExprKind::Now
                | ExprKind::Today
                | ExprKind::Lookup(..)
                | ExprKind::Question(_)
                | ExprKind::In { set: Set::Field(_), .. }
        );
    });
    constant
}

//! Where a lived lead stands, in the form in which many leads can be asked for.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::relive::Relived;
use crate::eval::View;
use crate::lifecycle::{ClockState, Life};
use crate::pact::{Pact, ScoreId};
use crate::store::{ClockRow, Standing};

/// Where a life has come to.
pub(super) fn standing(lived: &Relived) -> Standing {
    let name = lived.name.to_string();
    // one that became part of another stands nowhere
    let Some(life) = lived.life.as_ref().filter(|life| life.merged.is_none()) else {
        return Standing { name, next: lived.next, due: lived.due, ..Standing::default() };
    };
    let pact = &*lived.pact;
    let stage = life.stage();
    let holder = life.holder.as_ref();
    let text = |text: &str| text.to_owned();
    let view = View::new(pact, &life.record, life.now);
    let score = |at: usize| (pact.scores[at].name.to_string(), thousandths(view.score(ScoreId(at as u32)).points));
    Standing {
        name,
        pipeline: stage.map(|id| text(&pact[id.pipeline].name)),
        stage: stage.map(|id| text(&pact[id].name)),
        owner: life.owner(pact).as_deref().map(text),
        team: holder.and_then(|holder| holder.team).map(|team| text(&pact[team].name)),
        person: life.person().map(|person| text(person)),
        queue: holder.and_then(|holder| holder.queue.as_deref()).map(text),
        resting: life.resting().is_some(),
        next: lived.next,
        due: lived.due,
        scores: (0..pact.scores.len()).map(score).collect(),
        clocks: clocks(pact, life),
    }
}

fn clocks(pact: &Pact, life: &Life) -> Vec<ClockRow> {
    let open = life.clocks.iter().filter(|clock| clock.is_open());
    let row = open.filter_map(|clock| {
        let promise = pact[clock.sla].promises.get(clock.promise as usize)?;
        let state = match clock.state() {
            ClockState::Breached => "late",
            ClockState::Paused => "paused",
            _ => "running",
        };
        Some(ClockRow {
            sla: pact[clock.sla].name.to_string(),
            promise: promise.kind.name().words().to_owned(),
            state: state.to_owned(),
            due: clock.breached.or_else(|| clock.due(pact)),
        })
    });
    row.collect()
}

/// Points as they are kept; what is beyond all bounds is the bound.
pub(super) fn thousandths(points: Decimal) -> i64 {
    (points * Decimal::ONE_THOUSAND).round().to_i64().unwrap_or(if points.is_sign_negative() {
        i64::MIN
    } else {
        i64::MAX
    })
}

/// Points as people know them.
pub fn points(thousandths: i64) -> Decimal {
    (Decimal::from(thousandths) / Decimal::ONE_THOUSAND).normalize()
}

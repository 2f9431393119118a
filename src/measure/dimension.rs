//! What figures are split by.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::journey::{Journey, Moment};
use crate::diagnostic::none_named;
use crate::eval::View;
use crate::pact::{FieldId, KindClass, KindId, Pact, Score, ScoreId, ValueId};

/// What stands where nothing is known.
pub const MISSING: &str = "(missing)";

/// What figures are split by: a fact of the moment that is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// A field of the lead.
    Field(FieldId),
    /// A band of a score or value.
    Band(ValueId),
    /// A score, in bins of ten points.
    Score(ScoreId),
    /// The stage.
    Stage,
    /// The party that owns the stage.
    Owner,
    /// The team that has the lead.
    Team,
    /// The person who has it.
    Person,
    /// The queue that has it.
    Queue,
    /// The round, from 1.
    Round,
    /// The kind of the program that last enrolled it.
    ProgramKind,
    /// The program itself.
    ProgramName,
    /// The last answer of sales in the round.
    Disposition,
    /// A property of the last event of a kind in the round.
    Property(KindId, u32),
}

impl Dimension {
    /// A dimension by its name: a field, or one of the words for what the pact makes of a lead.
    ///
    /// # Errors
    /// When there is none of that name; with all that there are.
    pub fn named(pact: &Pact, name: &str) -> Result<Self, String> {
        let word = || {
            Some(match name {
                "stage" | "stage.name" => Self::Stage,
                "owner" | "stage.owner" => Self::Owner,
                "team" => Self::Team,
                "person" => Self::Person,
                "queue" => Self::Queue,
                "round" => Self::Round,
                "program.kind" => Self::ProgramKind,
                "program.name" => Self::ProgramName,
                "disposition" => Self::Disposition,
                _ => return None,
            })
        };
        let band = || {
            (0..pact.values.len())
                .map(|at| ValueId(at as u32))
                .find(|id| pact[*id].is_band() && *pact[*id].name == *name)
        };
        let property = || {
            let (kind, property) = name.split_once('.')?;
            let kind = pact.kind(kind)?;
            let at = pact[kind].properties.iter().position(|of| *of.name == *property)?;
            Some(Self::Property(kind, at as u32))
        };
        let found = pact.field(name).map(Self::Field).or_else(|| band().map(Self::Band));
        found.or_else(|| pact.score(name).map(Self::Score)).or_else(word).or_else(property).ok_or_else(|| {
            let names = pact.dimensions();
            none_named("dimension", name, names.iter().map(String::as_str))
        })
    }

    /// What it is for a lead at a moment.
    pub(super) fn value(self, pact: &Pact, journey: &Journey<'_>, moment: Moment<'_>) -> String {
        let at = moment.at;
        let had = journey.had(at);
        let text = match self {
            Self::Field(field) => journey.said(field, at).map(|value| value.to_string()),
            Self::Band(band) => {
                let record = journey.record(at);
                View::new(pact, &record, at).shown(band).map(|word| word.to_string())
            }
            Self::Score(score) => {
                let record = journey.record(at);
                bin(&pact[score], View::new(pact, &record, at).score(score).points)
            }
            Self::Stage => had.stage.map(|stage| pact[stage].name.to_string()),
            Self::Owner => had.stage.and_then(|stage| pact[stage].owner.as_deref().map(str::to_owned)),
            Self::Team => had.team.map(|team| pact[team].name.to_string()),
            Self::Person => had.person.as_deref().map(str::to_owned),
            Self::Queue => had.queue.as_deref().map(str::to_owned),
            Self::Round => Some(moment.round.to_string()),
            Self::ProgramKind => {
                had.program.and_then(|program| pact.programs[program.0 as usize].kind.as_deref().map(str::to_owned))
            }
            Self::ProgramName => had.program.map(|program| pact.programs[program.0 as usize].name.to_string()),
            Self::Disposition => {
                let answer = journey.last_event(moment, |event| pact[event.kind].class == KindClass::Disposition);
                answer.map(|event| pact[event.kind].name.to_string())
            }
            Self::Property(kind, property) => {
                let last = journey.last_event(moment, |event| event.kind == kind);
                last.and_then(|event| event.values.get(property as usize)?.as_ref()).map(|value| value.to_string())
            }
        };
        text.filter(|text| !text.trim().is_empty()).unwrap_or_else(|| MISSING.to_owned())
    }
}

/// The points of a bin.
const BIN: i64 = 10;

/// The bin in which points lie, such as `20 to 29`. The most that a score can be lies with those below it: `90 to 100`.
fn bin(score: &Score, points: Decimal) -> Option<String> {
    let points = points.floor().to_i64()?;
    let (from, most) = (points.div_euclid(BIN) * BIN, score.range.map(|(_, most)| most));
    match most.filter(|most| most.rem_euclid(BIN) == 0) {
        Some(most) if from == most => Some(format!("{} to {most}", from - BIN)),
        Some(most) if from + BIN == most => Some(format!("{from} to {most}")),
        _ => Some(format!("{from} to {}", from + BIN - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_lie_in_bins_of_ten() {
        let score = |range| Score {
            name: "fit".into(),
            description: "".into(),
            range,
            groups: Vec::new(),
            fade: None,
            agreed_by: Vec::new(),
            span: crate::span::Span::new(crate::span::FileId(0), 0..0),
        };
        let of = |range, points: i64| bin(&score(range), points.into()).unwrap();
        let hundred = Some((0, 100));
        assert_eq!(
            [0, 9, 20, 89, 90, 99, 100].map(|n| of(hundred, n)),
            ["0 to 9", "0 to 9", "20 to 29", "80 to 89", "90 to 100", "90 to 100", "90 to 100"]
        );
        assert_eq!([-1, 105].map(|n| of(None, n)), ["-10 to -1", "100 to 109"]);
        assert_eq!([70, 75].map(|n| of(Some((0, 75)), n)), ["70 to 79", "70 to 79"]);
    }
}

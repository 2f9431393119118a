//! Who receives, found without looking at every row of a table.

use rustc_hash::FxHashMap;

use super::circuit::{Circuit, Unplanned};
use super::class::{Class, Classes, MISSING, Taken};
use super::step::{Bit, Shape};
use crate::decide::RouteReport;
use crate::eval::UNSURE;
use crate::pact::{FieldId, Pact, RouteEntryKind, RouteId, RouteTarget, Sharing, TableId, TeamId, Verdict};
use crate::time::Instant;

/// The most combinations of classes under which rows of one table are found.
const MOST_KEYS: usize = 4_000_000;

/// A route.
#[derive(Debug, Clone)]
pub(super) struct Chooser {
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    /// Which rows receive, and whether by queues: then nothing but the receiver hangs on the row.
    Table {
        table: TableId,
        receives: Vec<bool>,
        queues: bool,
        index: Option<RowIndex>,
    },
    /// Whether the receiver can take a lead, and the field of the owner where that is who receives.
    To(Bit, bool, Option<FieldId>),
    Otherwise(Option<FieldId>),
}

/// What a route comes to: the entry, its row, and what before it a missing fact left unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) entry: u32,
    pub(super) row: u32,
    pub(super) unsure: Vec<(u32, u32)>,
    /// Whether nothing but the receiver hangs on the row.
    pub(super) by_row: bool,
}

impl Chooser {
    pub(super) fn new<'p>(
        pact: &'p Pact,
        at: Instant,
        id: RouteId,
        circuit: &mut Circuit<'p>,
    ) -> Result<Self, Unplanned> {
        let there = |team: TeamId, sharing: Sharing| {
            let team = &pact[team];
            let there = team.is_there(&pact.zone, at);
            let waits = sharing.waits_for_hours && !there && team.comes(&pact.zone, at).is_some();
            waits || !team.keeps_hours() || there
        };
        let owner = |target: &RouteTarget| if let RouteTarget::Owner(field) = target { Some(*field) } else { None };
        let mut entries = Vec::new();
        for entry in &pact[id].entries {
            entries.push(match &entry.kind {
                RouteEntryKind::Table(table, output) => {
                    let column = pact[*table].outputs.get(*output as usize);
                    let of_team = column.is_some_and(|column| **column == *"team");
                    let team = |name: &str| pact.teams.iter().position(|team| *team.name == *name);
                    let receives = pact[*table].rows.iter().map(|row| {
                        let Some(Some(name)) = row.gives.get(*output as usize) else { return false };
                        let team = team(&name.to_string()).filter(|_| of_team);
                        team.is_none_or(|team| there(TeamId(team as u32), Sharing::default()))
                    });
                    let queues = !column.is_some_and(|column| matches!(&**column, "team" | "rep" | "assignee"));
                    Entry::Table { table: *table, receives: receives.collect(), queues, index: None }
                }
                RouteEntryKind::To(target, condition) => {
                    let can = if let RouteTarget::Team(team, sharing) = target { there(*team, *sharing) } else { true };
                    Entry::To(circuit.condition(condition)?, can, owner(target))
                }
                RouteEntryKind::Otherwise(target) => Entry::Otherwise(owner(target)),
            });
        }
        Ok(Self { entries })
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = TableId> {
        self.entries.iter().filter_map(|entry| if let Entry::Table { table, .. } = entry { Some(*table) } else { None })
    }

    /// Puts the rows of its tables where they are found by class.
    pub(super) fn index(&mut self, pact: &Pact, classes: &[Classes]) -> Result<(), Unplanned> {
        for entry in &mut self.entries {
            if let Entry::Table { table, receives, index, .. } = entry {
                *index = Some(RowIndex::new(pact, *table, receives, classes)?);
            }
        }
        Ok(())
    }

    /// Whether a field of the lead is missing may leave entries unknown. `Err` where the reference must say.
    pub(super) fn choose(&self, shape: Shape, row: &[i64], classes: &[Class]) -> Result<Option<Chosen>, Unplanned> {
        let mut unsure = Vec::new();
        let mut doubt = |entry, row| {
            if unsure.len() < UNSURE {
                unsure.push((entry, row));
            }
        };
        for (at, entry) in self.entries.iter().enumerate() {
            let at = at as u32;
            let found = match entry {
                Entry::Table { index: None, .. } => return Err(Unplanned),
                Entry::Table { index: Some(index), .. } => index.find(classes, &mut |row| doubt(at, row)),
                Entry::To(bit, can, owner) => {
                    let known = owner.is_none_or(|field| classes[field.0 as usize] != MISSING);
                    match shape.verdict(row, *bit) {
                        _ if !known => None,
                        Verdict::Met if owner.is_some() => return Err(Unplanned),
                        Verdict::Met => can.then_some(0),
                        Verdict::NotMet => None,
                        Verdict::Unknown => {
                            doubt(at, 0);
                            None
                        }
                    }
                }
                Entry::Otherwise(None) => Some(0),
                Entry::Otherwise(Some(field)) if classes[field.0 as usize] == MISSING => None,
                Entry::Otherwise(Some(_)) => return Err(Unplanned),
            };
            if let Some(row) = found {
                let by_row = matches!(entry, Entry::Table { queues: true, .. }) && unsure.is_empty();
                return Ok(Some(Chosen { entry: at, row, unsure, by_row }));
            }
        }
        Ok(None)
    }
}

/// What a route says where the row of a table has a queue as its receiver.
pub(super) fn by_queue(pact: &Pact, RowOf { route, entry, row }: RowOf) -> Option<RouteReport> {
    let route = pact.routes.get(route as usize)?;
    let RouteEntryKind::Table(table, output) = &route.entries.get(entry as usize)?.kind else { return None };
    let row = pact[*table].rows.get(row as usize)?;
    Some(RouteReport {
        by: Some(route.name.clone()),
        queue: row.gives.get(*output as usize).cloned().flatten().map(|name| name.to_string().into()),
        team: None,
        assignee: None,
        because: Some(pact.clause(row.span)),
        unsure: Vec::new(),
        waits_until: None,
    })
}

/// A row of a table in a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct RowOf {
    pub(super) route: u32,
    pub(super) entry: u32,
    pub(super) row: u32,
}

/// The rows of a table by the classes that their cells take.
#[derive(Debug, Clone)]
struct RowIndex {
    /// The table's fields, with how many classes each has.
    inputs: Vec<(usize, u64)>,
    rows: Vec<(Vec<Taken>, bool)>,
    /// For each choice of columns that some row looks at, the first row for each combination of classes in them.
    patterns: Vec<(Vec<usize>, FxHashMap<u64, u32>)>,
}

impl RowIndex {
    fn new(pact: &Pact, table: TableId, receives: &[bool], classes: &[Classes]) -> Result<Self, Unplanned> {
        let table = &pact[table];
        let of = |field: &FieldId| &classes[field.0 as usize];
        let inputs = table.inputs.iter().map(|field| (field.0 as usize, u64::from(of(field).count())));
        let mut index = Self { inputs: inputs.collect(), rows: Vec::new(), patterns: Vec::new() };
        let mut keys = 0;
        for ((at, row), receives) in (0..).zip(&table.rows).zip(receives) {
            let taken: Option<Vec<Taken>> =
                table.inputs.iter().zip(&row.cells).map(|(field, cell)| Taken::of(pact, of(field), cell)).collect();
            let taken = taken.ok_or(Unplanned)?;
            if *receives {
                let looks = taken.iter().enumerate().filter(|(_, taken)| **taken != Taken::Any);
                let columns: Vec<usize> = looks.map(|(column, _)| column).collect();
                let found = index.keys(&columns, &taken, MOST_KEYS - keys)?;
                keys += found.len();
                let pattern = match index.patterns.iter().position(|(of, _)| *of == columns) {
                    Some(pattern) => pattern,
                    None => {
                        index.patterns.push((columns, FxHashMap::default()));
                        index.patterns.len() - 1
                    }
                };
                let (_, first) = &mut index.patterns[pattern];
                found.into_iter().for_each(|key| {
                    first.entry(key).or_insert(at);
                });
            }
            index.rows.push((taken, *receives));
        }
        Ok(index)
    }

    /// Every combination of classes that a row takes in these columns, as one number each.
    fn keys(&self, columns: &[usize], taken: &[Taken], most: usize) -> Result<Vec<u64>, Unplanned> {
        let mut keys = vec![0_u64];
        for column in columns {
            let Taken::Some(classes) = &taken[*column] else { continue };
            let radix = self.inputs[*column].1;
            if keys.len() * classes.len() > most {
                return Err(Unplanned);
            }
            let mut longer = Vec::with_capacity(keys.len() * classes.len());
            for key in &keys {
                let shifted = key.checked_mul(radix).ok_or(Unplanned)?;
                longer.extend(classes.iter().map(|class| shifted + u64::from(*class)));
            }
            keys = longer;
        }
        Ok(keys)
    }

    /// The first row that matches and receives. Rows before it that a missing value leaves unknown are told.
    fn find(&self, classes: &[Class], doubt: &mut dyn FnMut(u32)) -> Option<u32> {
        let class = |column: usize| classes[self.inputs[column].0];
        if (0..self.inputs.len()).any(|column| class(column) == MISSING) {
            return self.look_through(classes, doubt);
        }
        let first = |(columns, first): &(Vec<usize>, FxHashMap<u64, u32>)| {
            let key = columns.iter().fold(0, |key, column| key * self.inputs[*column].1 + u64::from(class(*column)));
            first.get(&key).copied()
        };
        self.patterns.iter().filter_map(first).min()
    }

    fn look_through(&self, classes: &[Class], doubt: &mut dyn FnMut(u32)) -> Option<u32> {
        for ((taken, receives), at) in self.rows.iter().zip(0..) {
            let mut unknown = false;
            let not = taken.iter().zip(&self.inputs).any(|(taken, (field, _))| {
                let missing = classes[*field] == MISSING;
                unknown |= missing && *taken != Taken::Any;
                !missing && !taken.takes(classes[*field])
            });
            match (not, unknown) {
                (true, _) => {}
                (_, true) => doubt(at),
                _ if *receives => return Some(at),
                _ => {}
            }
        }
        None
    }
}

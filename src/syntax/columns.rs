//! Which clauses line up beneath each other, and where: the one table of the formatter's taste.

use super::grammar::Rule;

/// Where a cell of a row starts.
pub(super) enum Cut {
    /// At the next part that is of one of these rules.
    At(&'static [Rule]),
    /// At the first mark with these letters.
    Mark(&'static str),
    /// At each part of one of these rules.
    Each(&'static [Rule]),
    /// At every clause of a body that stands on the same line.
    Inside,
}

/// Clauses of one kind of item whose consecutive lines form columns.
pub(super) struct Columns {
    /// The item or clause in whose body they stand.
    within: &'static [Rule],
    /// The clauses.
    rules: &'static [Rule],
    /// Where their cells start.
    pub(super) cuts: &'static [Cut],
    /// The least space between cells; single spaces read badly between columns of several words.
    pub(super) gap: usize,
}

const fn columns(within: &'static [Rule], rules: &'static [Rule], cuts: &'static [Cut], gap: usize) -> Columns {
    Columns { within, rules, cuts, gap }
}

use Cut::{At, Each, Inside, Mark};
use Rule as R;

static TABLE: &[Columns] = &[
    // items
    columns(&[R::file], &[R::activity, R::touch], &[At(&[R::kind]), At(&[R::properties])], 1),
    columns(&[R::file], &[R::list], &[At(&[R::list_values, R::from_file])], 1),
    columns(&[R::file], &[R::table], &[At(&[R::kw_from])], 1),
    columns(&[R::file], &[R::param, R::metric], &[At(&[R::equals])], 1),
    columns(&[R::file], &[R::target], &[At(&[R::name]), At(&[R::name]), At(LEVELS)], 1),
    columns(&[R::file], &[R::disposition], &[At(&[R::string]), At(&[R::properties])], 1),
    columns(&[R::file], &[R::program], &[At(&[R::string]), At(&[R::open]), Inside], 1),
    columns(&[R::file], &[R::term], &[At(&[R::string]), At(&[R::open])], 1),
    // the agreement and its records
    columns(&[R::pact], PACT, &[At(&[R::string, R::names, R::date, R::name])], 2),
    columns(&[R::lead], &[R::field], &[At(&[R::type_]), At(FIELD_MARKS)], 2),
    columns(&[R::properties], &[R::property], &[At(&[R::type_])], 1),
    columns(&[R::source], SOURCE, &[At(&[R::string, R::strings, R::date_form, R::time_form])], 1),
    columns(&[R::source], &[R::mapping], &[At(&[R::equals])], 1),
    columns(&[R::event_values], &[R::name], &[Mark("=")], 1),
    columns(&[R::value_map], &[R::value_case], &[Mark("->")], 1),
    columns(&[R::calendar], CALENDAR, &[At(&[R::string, R::hour_range, R::kw_closed, R::closed_date, R::date])], 2),
    // qualification
    columns(&[R::score, R::together], &[R::points], &[At(POINTS), At(&[R::window])], 1),
    columns(&[R::band], &[R::band_case], &[At(LEVELS)], 1),
    columns(&[R::band], &[R::band_row], &[Mark("->"), Each(&[R::name])], 1),
    columns(&[R::criteria, R::need_group], &[R::need], &[At(&[R::expr, R::happened])], 1),
    // the path of a lead
    columns(&[R::pipeline], &[R::stage], &[At(&[R::string]), At(&[R::open]), Inside], 1),
    columns(&[R::stage], STAGE, &[At(&[R::name, R::label_text, R::string])], 1),
    columns(&[R::stage], &[R::move_to], &[At(&[R::move_when, R::move_after])], 1),
    // hand-overs, service levels, second chances
    columns(&[R::route], &[R::route_to], &[At(&[R::kw_when])], 1),
    columns(&[R::team], &[R::member], &[At(&[R::capacity, R::weight, R::away, R::joined])], 1),
    columns(&[R::handoff], HANDOFF, &[At(&[R::carry_item, R::expr, R::names])], 1),
    columns(&[R::sla], SLA, &[At(&[R::name, R::names, R::string])], 1),
    columns(&[R::sla], PROMISES, &[At(&[R::kw_within])], 1),
    columns(&[R::sla], &[R::warn, R::on_breach], &[At(&[R::actions])], 1),
    columns(&[R::program], PROGRAM, &[At(&[R::name, R::date])], 1),
    columns(&[R::recycle], RECYCLE, &[At(&[R::names, R::expr, R::name, R::duration, R::percent])], 1),
    columns(&[R::migrate], &[R::migrate_stage, R::migrate_pipeline], &[At(&[R::names]), At(&[R::kw_to])], 1),
    // tests
    columns(&[R::test], TEST, &[At(&[R::when, R::happening, R::outcome]), At(&[R::test_expect, R::happening])], 1),
    columns(&[R::test_lead, R::happening_values], &[R::field_value], &[At(&[R::constant, R::kw_missing])], 1),
];

const LEVELS: &[Rule] = &[R::op_at_least, R::op_at_most, R::op_more, R::op_less];
const PACT: &[Rule] = &[R::version, R::parties, R::effective, R::time_zone, R::labels, R::language, R::precedence];
const SOURCE: &[Rule] = &[R::blank, R::numbers, R::yes_no, R::dates, R::times, R::sheet, R::status_column];
const FIELD_MARKS: &[Rule] = &[R::key_mark, R::pii_mark, R::default_mark, R::string];
const CALENDAR: &[Rule] = &[R::time_zone, R::hours, R::closed_on, R::open_on];
const POINTS: &[Rule] = &[R::points_per, R::points_if_any, R::points_when];
const STAGE: &[Rule] = &[R::owner, R::label, R::status, R::expectation];
const HANDOFF: &[Rule] = &[R::carry, R::handoff_need, R::alert];
const SLA: &[Rule] = &[R::owner, R::agreed, R::sla_clock, R::reward];
const PROMISES: &[Rule] = &[R::first_touch, R::touches_within, R::outcome_within];
const PROGRAM: &[Rule] = &[R::program_kind, R::program_starts, R::program_ends, R::owner];
const RECYCLE: &[Rule] = &[R::recycle_from, R::recycle_when, R::recycle_to, R::rest, R::keep];
const TEST: &[Rule] = &[R::test_at, R::test_at_expect, R::test_at_event, R::test_had, R::test_expect];

/// The columns for a clause in a body, by their place in the table.
pub(super) fn columns_of(within: Rule, clause: Rule) -> Option<(usize, &'static Columns)> {
    TABLE.iter().enumerate().find(|(_, c)| c.within.contains(&within) && c.rules.contains(&clause))
}

//! From trees to the resolved agreement: names to ids, types on expressions, files read. Goes on after an error, so
//! that one run gives every finding.

mod action;
mod agreement;
mod calendar;
mod check;
mod circle;
mod cycle;
mod digest;
mod expectation;
mod expr;
mod handover;
mod identity;
mod import;
mod intake;
mod literal;
mod measured;
mod migrate;
mod missing;
mod named;
mod names;
mod pipeline;
mod promise;
mod qualify;
mod reach;
mod record;
mod recycle;
mod shadow;
mod table;
mod test;

use std::sync::Arc;

use crate::calendar::feed::Allowance;
use crate::diagnostic::Diagnostic;
use crate::pact::Pact;
use crate::source::SourceMap;
use crate::span::Span;
use crate::syntax::tree::{self, Item, Spanned};
use crate::world::World;
use names::Names;

/// The items of all files by kind. Named items are in order of name, so that file names and the order of items in
/// files carry no meaning.
#[derive(Debug, Default)]
pub(crate) struct Items {
    pub pacts: Vec<Spanned<tree::Agreement>>,
    pub terms: Vec<Spanned<tree::TermNode>>,
    pub leads: Vec<Spanned<tree::Lead>>,
    pub activities: Vec<Spanned<tree::Activity>>,
    pub touches: Vec<Spanned<tree::Touch>>,
    pub sources: Vec<Spanned<tree::SourceNode>>,
    pub lists: Vec<Spanned<tree::ListNode>>,
    pub tables: Vec<Spanned<tree::TableNode>>,
    pub params: Vec<Spanned<tree::ParamNode>>,
    pub calendars: Vec<Spanned<tree::CalendarNode>>,
    pub scores: Vec<Spanned<tree::ScoreNode>>,
    pub values: Vec<Spanned<tree::NamedValueNode>>,
    pub bands: Vec<Spanned<tree::BandNode>>,
    pub criteria: Vec<Spanned<tree::CriteriaNode>>,
    pub pipelines: Vec<Spanned<tree::PipelineNode>>,
    pub dispositions: Vec<Spanned<tree::Disposition>>,
    pub routes: Vec<Spanned<tree::RouteNode>>,
    pub teams: Vec<Spanned<tree::TeamNode>>,
    pub handoffs: Vec<Spanned<tree::HandoffNode>>,
    pub slas: Vec<Spanned<tree::SlaNode>>,
    pub programs: Vec<Spanned<tree::ProgramNode>>,
    pub recycles: Vec<Spanned<tree::RecycleNode>>,
    pub migrates: Vec<Spanned<tree::Migrate>>,
    pub metrics: Vec<Spanned<tree::MetricNode>>,
    pub targets: Vec<Spanned<tree::TargetNode>>,
    pub watches: Vec<Spanned<tree::WatchNode>>,
    pub digests: Vec<Spanned<tree::DigestNode>>,
    pub reviews: Vec<Spanned<tree::ReviewNode>>,
    pub tests: Vec<Spanned<tree::TestNode>>,
}

impl Items {
    /// Sorts items into their lists.
    pub fn new(items: impl IntoIterator<Item = Item>) -> Self {
        let mut all = Self::default();
        for item in items {
            match item {
                Item::Pact(i) => all.pacts.push(i),
                Item::Term(i) => all.terms.push(i),
                Item::Lead(i) => all.leads.push(i),
                Item::Activity(i) => all.activities.push(i),
                Item::Touch(i) => all.touches.push(i),
                Item::Source(i) => all.sources.push(i),
                Item::List(i) => all.lists.push(i),
                Item::Table(i) => all.tables.push(i),
                Item::Param(i) => all.params.push(i),
                Item::Calendar(i) => all.calendars.push(i),
                Item::Score(i) => all.scores.push(i),
                Item::Value(i) => all.values.push(i),
                Item::Band(i) => all.bands.push(i),
                Item::Criteria(i) => all.criteria.push(i),
                Item::Pipeline(i) => all.pipelines.push(i),
                Item::Disposition(i) => all.dispositions.push(i),
                Item::Route(i) => all.routes.push(i),
                Item::Team(i) => all.teams.push(i),
                Item::Handoff(i) => all.handoffs.push(i),
                Item::Sla(i) => all.slas.push(i),
                Item::Program(i) => all.programs.push(i),
                Item::Recycle(i) => all.recycles.push(i),
                Item::Migrate(i) => all.migrates.push(i),
                Item::Metric(i) => all.metrics.push(i),
                Item::Target(i) => all.targets.push(i),
                Item::Watch(i) => all.watches.push(i),
                Item::Digest(i) => all.digests.push(i),
                Item::Review(i) => all.reviews.push(i),
                Item::Test(i) => all.tests.push(i),
            }
        }
        all.sort();
        all
    }

    /// Values and bands, in order of name.
    fn named(&self) -> Vec<named::NamedItem> {
        let values = self.values.iter().cloned().map(named::NamedItem::Value);
        let mut all: Vec<named::NamedItem> =
            values.chain(self.bands.iter().cloned().map(named::NamedItem::Band)).collect();
        all.sort_by(|a, b| a.name().text.cmp(&b.name().text));
        all
    }

    fn sort(&mut self) {
        self.terms.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.sources.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.lists.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.tables.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.params.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.calendars.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.scores.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.criteria.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.pipelines.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.dispositions.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.routes.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.teams.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.slas.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.programs.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.recycles.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.metrics.sort_by(|a, b| a.node.name.text.cmp(&b.node.name.text));
        self.handoffs.sort_by(|a, b| (&a.node.from.text, &a.node.to.text).cmp(&(&b.node.from.text, &b.node.to.text)));
    }
}

/// The agreement while it is being resolved.
pub(crate) struct Resolver<'w> {
    pub(crate) world: &'w dyn World,
    pub(crate) sources: SourceMap,
    /// Filled list by list; lists that later ones need come first.
    pub(crate) pact: Pact,
    names: Names,
    /// Where the `pact` item is named.
    pact_span: Option<Span>,
    /// The environments that params speak of.
    environments: Vec<Arc<str>>,
    /// Values that nothing has asked for yet.
    waiting: Vec<Option<named::NamedItem>>,
    /// Params without a value: their findings are made, and no second one comes of them.
    broken: Vec<Arc<str>>,
    /// How many bytes of files items have read.
    imported: usize,
    /// How many rows of files were read.
    rows: usize,
    /// What the calendar feeds of the pact may still take.
    allowance: Allowance,
    pub(crate) out: Vec<Diagnostic>,
}

/// Resolves the items of all files. The pact is whole only when no finding is an error; files that the items name are
/// added to the sources.
pub(crate) fn resolve(
    items: &Items,
    sources: SourceMap,
    environment: Option<&str>,
    world: &dyn World,
) -> (Pact, SourceMap, Vec<Diagnostic>) {
    let mut resolver = Resolver {
        world,
        sources,
        pact: agreement::empty(environment),
        names: Names::default(),
        pact_span: items.pacts.first().map(|item| item.node.name.span),
        environments: Vec::new(),
        waiting: Vec::new(),
        broken: Vec::new(),
        imported: 0,
        rows: 0,
        allowance: Allowance::default(),
        out: Vec::new(),
    };
    resolver.declare(items);
    resolver.agreement(items);
    resolver.fields(&items.leads);
    resolver.identities(&items.leads);
    resolver.kinds(items);
    resolver.lists(&items.lists);
    resolver.params(&items.params);
    resolver.tables(items);
    resolver.programs(&items.programs);
    resolver.calendars(&items.calendars);
    resolver.teams(&items.teams);
    resolver.place_values(items.named());
    resolver.named_values();
    resolver.scores(&items.scores);
    resolver.criteria(&items.criteria);
    resolver.pipelines(&items.pipelines);
    resolver.routes(&items.routes);
    resolver.handoffs(&items.handoffs);
    resolver.intakes(&items.sources);
    resolver.slas(items);
    resolver.recycles(items);
    resolver.migrations(&items.migrates);
    resolver.digests(items);
    resolver.measured(items);
    resolver.asked_for();
    resolver.tests(&items.tests);
    resolver.check(items);
    let Resolver { pact, sources, out, .. } = resolver;
    (pact, sources, out)
}

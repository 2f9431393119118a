//! The agreement itself: an empty one, its names, its first clauses.

use std::sync::Arc;

use super::handover::words;
use super::names::{Names, Space};
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{FieldId, IntakeId, Migration, Pact, Term};
use crate::syntax::tree;
use crate::text::Folding;
use crate::time::Zone;

/// An agreement of nothing.
pub(super) fn empty(environment: Option<&str>) -> Pact {
    Pact {
        name: "".into(),
        description: "".into(),
        version: None,
        digest: "".into(),
        environment: environment.map(Arc::from),
        parties: Vec::new(),
        effective: None,
        zone: Zone::utc(),
        fiscal_start: 1,
        folding: Folding::Default,
        languages: Vec::new(),
        precedence: Vec::new(),
        sources: Arc::default(),
        terms: Vec::new(),
        fields: Vec::new(),
        key: FieldId(0),
        identities: Vec::new(),
        kinds: Vec::new(),
        intakes: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        params: Vec::new(),
        scores: Vec::new(),
        values: Vec::new(),
        criteria: Vec::new(),
        pipelines: Vec::new(),
        handoffs: Vec::new(),
        routes: Vec::new(),
        teams: Vec::new(),
        programs: Vec::new(),
        calendars: Vec::new(),
        slas: Vec::new(),
        recycles: Vec::new(),
        digests: Vec::new(),
        migration: Migration::default(),
        metrics: Vec::new(),
        targets: Vec::new(),
        watches: Vec::new(),
        reviews: Vec::new(),
        tests: Vec::new(),
        samples: std::sync::OnceLock::new(),
        looked_at: std::sync::OnceLock::new(),
        compiled: crate::pact::Derived::default(),
        clauses: Arc::default(),
    }
}

/// The months as a pact names them.
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl Resolver<'_> {
    pub(super) fn declare(&mut self, items: &Items) {
        let mut names = Names::default();
        let out = &mut self.out;
        let mut all = |space, what, list: Vec<&tree::Name>| {
            for (at, name) in list.into_iter().enumerate() {
                names.declare(space, what, at, name, out);
            }
        };
        all(Space::Party, "party", items.pacts.iter().flat_map(|i| &i.node.parties).collect());
        all(Space::Value, "field", items.leads.iter().flat_map(|i| &i.node.fields).map(|f| &f.name).collect());
        all(Space::Value, "score", items.scores.iter().map(|i| &i.node.name).collect());
        let named = items.named();
        all(Space::Value, "value", named.iter().map(|item| item.name()).collect());
        all(Space::Value, "criteria", items.criteria.iter().map(|i| &i.node.name).collect());
        all(Space::Value, "param", items.params.iter().map(|i| &i.node.name).collect());
        all(Space::Value, "list", items.lists.iter().map(|i| &i.node.name).collect());
        let kinds = items.activities.iter().flat_map(|i| &i.node.kinds);
        all(Space::Kind, "activity", kinds.map(|k| &k.name).collect());
        all(Space::Kind, "touch", items.touches.iter().flat_map(|i| &i.node.kinds).map(|k| &k.name).collect());
        all(Space::Kind, "disposition", items.dispositions.iter().map(|i| &i.node.name).collect());
        let stages = items.pipelines.iter().flat_map(|i| &i.node.stages);
        all(Space::Stage, "stage", stages.map(|s| &s.name).collect());
        all(Space::Pipeline, "pipeline", items.pipelines.iter().map(|i| &i.node.name).collect());
        all(Space::Table, "table", items.tables.iter().map(|i| &i.node.name).collect());
        all(Space::Calendar, "calendar", items.calendars.iter().map(|i| &i.node.name).collect());
        all(Space::Route, "route", items.routes.iter().map(|i| &i.node.name).collect());
        all(Space::Team, "team", items.teams.iter().map(|i| &i.node.name).collect());
        all(Space::Program, "program", items.programs.iter().map(|i| &i.node.name).collect());
        all(Space::Term, "term", items.terms.iter().map(|i| &i.node.name).collect());
        all(Space::Source, "source", items.sources.iter().map(|i| &i.node.name).collect());
        all(Space::Sla, "sla", items.slas.iter().map(|i| &i.node.name).collect());
        all(Space::Recycle, "recycle", items.recycles.iter().map(|i| &i.node.name).collect());
        let stages = items.migrates.iter().flat_map(|i| &i.node.stages);
        all(Space::FormerStage, "stage that was", stages.flat_map(|former| &former.from).collect());
        let pipelines = items.migrates.iter().flat_map(|i| &i.node.pipelines);
        all(Space::FormerPipeline, "pipeline that was", pipelines.flat_map(|former| &former.from).collect());
        all(Space::Metric, "metric", items.metrics.iter().map(|i| &i.node.name).collect());
        all(Space::Digest, "digest", items.digests.iter().map(|i| &i.node.name).collect());
        all(Space::Review, "review", items.reviews.iter().map(|i| &i.node.name).collect());
        self.names = names;
    }

    pub(super) fn agreement(&mut self, items: &Items) {
        let Some(pact) = items.pacts.first().map(|item| &item.node) else { return };
        self.pact.name = pact.name.text.clone();
        self.pact.description = words(pact.description.as_ref());
        self.pact.version = pact.version.first().map(|text| text.text.clone());
        self.pact.effective = pact.effective.first().map(|date| date.node);
        self.pact.parties = pact.parties.iter().map(|name| name.text.clone()).collect();
        self.pact.languages = pact.labels.iter().map(|name| name.text.clone()).collect();
        if let Some(language) = pact.language.first() {
            self.pact.folding = Folding::of_language(&language.text);
        }
        if let Some(zone) = pact.time_zone.first().and_then(|name| self.zone_named(name)) {
            self.pact.zone = zone;
        }
        if let Some(month) = pact.fiscal_year.first() {
            match MONTHS.iter().position(|name| *name == &*month.text) {
                Some(at) => self.pact.fiscal_start = at as u32 + 1,
                None => self.out.push(super::names::unknown("month", month, MONTHS)),
            }
        }
        for (at, source) in pact.precedence.iter().enumerate() {
            if let Some(first) = pact.precedence.iter().take(at).find(|other| other.text == source.text) {
                let message = format!("`{}` has its place already", source.text);
                let finding = Diagnostic::new(Code::DeclaredTwice, source.span, message);
                self.out.push(finding.and(first.span, "here").help("name each source once"));
                continue;
            }
            let found = self.names.get(Space::Source, "source", source, &mut self.out);
            self.pact.precedence.extend(found.map(|entry| IntakeId(entry.id)));
        }
        self.once("version", &pact.version.iter().map(|text| text.span).collect::<Vec<_>>());
        self.once("effective", &pact.effective.iter().map(|date| date.span).collect::<Vec<_>>());
        self.once("time zone", &pact.time_zone.iter().map(|text| text.span).collect::<Vec<_>>());
        self.once("fiscal year", &pact.fiscal_year.iter().map(|name| name.span).collect::<Vec<_>>());
        self.once("language", &pact.language.iter().map(|name| name.span).collect::<Vec<_>>());
        for item in &items.terms {
            let labels = self.labels_of(&item.node.labels);
            self.pact.terms.push(Term {
                name: item.node.name.text.clone(),
                description: words(item.node.description.as_ref()),
                labels,
                span: item.span,
            });
        }
    }
}

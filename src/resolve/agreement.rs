//! The agreement itself: an empty one, its names, its first clauses.

use std::sync::Arc;

use super::names::{Names, Space};
use super::{Items, Resolver};
use crate::pact::{FieldId, Measured, Pact, Term};
use crate::syntax::tree;
use crate::text::Folding;
use crate::zone::Zone;

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
        folding: Folding::Default,
        languages: Vec::new(),
        precedence: Vec::new(),
        sources: Arc::default(),
        terms: Vec::new(),
        fields: Vec::new(),
        key: FieldId(0),
        kinds: Vec::new(),
        intakes: Vec::new(),
        lists: Vec::new(),
        tables: Vec::new(),
        params: Vec::new(),
        scores: Vec::new(),
        criteria: Vec::new(),
        pipelines: Vec::new(),
        handoffs: Vec::new(),
        routes: Vec::new(),
        teams: Vec::new(),
        programs: Vec::new(),
        measured: Measured::default(),
        not_in_force: Vec::new(),
        tests: Vec::new(),
        samples: std::sync::OnceLock::new(),
    }
}

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
        all(Space::Metric, "metric", items.metrics.iter().map(|i| &i.node.name).collect());
        all(Space::Digest, "digest", items.digests.iter().map(|i| &i.node.name).collect());
        all(Space::Review, "review", items.reviews.iter().map(|i| &i.node.name).collect());
        self.names = names;
    }

    pub(super) fn agreement(&mut self, items: &Items) {
        let Some(pact) = items.pacts.first().map(|item| &item.node) else { return };
        self.pact.name = pact.name.text.clone();
        self.pact.parties = pact.parties.iter().map(|name| name.text.clone()).collect();
        self.pact.languages = pact.labels.iter().map(|name| name.text.clone()).collect();
        if let Some(zone) = pact.time_zone.first() {
            self.pact.zone = Zone::named(&zone.text).unwrap_or_else(|_| Zone::utc());
        }
        let terms = items.terms.iter().map(|item| Term {
            name: item.node.name.text.clone(),
            description: "".into(),
            labels: Vec::new(),
            span: item.span,
        });
        self.pact.terms = terms.collect();
    }
}

//! What decisions came to.

use std::sync::Arc;

use indexmap::IndexMap;

use crate::decide::Decision;

/// How many leads ended where.
#[derive(Debug, Default)]
pub(super) struct Summary {
    stages: IndexMap<Option<Arc<str>>, u64>,
    total: u64,
}

impl Summary {
    pub(super) fn add(&mut self, decision: &Decision) {
        self.total += 1;
        *self.stages.entry(decision.stage.clone()).or_default() += 1;
    }

    /// Adds leads by the stage in which they ended.
    pub(super) fn add_stages(&mut self, stages: IndexMap<Option<Arc<str>>, u64>) {
        for (stage, count) in stages {
            self.total += count;
            *self.stages.entry(stage).or_default() += count;
        }
    }

    pub(super) fn show(&self) {
        let mut stages: Vec<_> = self.stages.iter().collect();
        stages.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let named = |stage: &Option<Arc<str>>| stage.as_deref().unwrap_or("in no pipeline").to_owned();
        let stages: Vec<String> = stages.iter().map(|(stage, n)| format!("{n} {}", named(stage))).collect();
        let leads = if self.total == 1 { "lead" } else { "leads" };
        if stages.is_empty() {
            errln!("no lead was decided");
        } else {
            errln!("{} {leads}: {}", self.total, stages.join(", "));
        }
    }
}

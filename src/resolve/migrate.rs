//! `migrate`: names of earlier pacts, and what stands for them now.

use super::Resolver;
use super::names::Space;
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Former, PipelineId};
use crate::syntax::tree;

impl Resolver<'_> {
    pub(super) fn migrations(&mut self, items: &[tree::Spanned<tree::Migrate>]) {
        let clauses = || items.iter().map(|item| &item.node);
        for former in clauses().flat_map(|migrate| &migrate.stages) {
            let to = self.stage_named(&former.to);
            for name in &former.from {
                self.gone(Space::Stage, "stage", name);
                let entry = to.map(|to| Former { name: name.text.clone(), to, span: former.span });
                self.pact.migration.stages.extend(entry);
            }
        }
        for former in clauses().flat_map(|migrate| &migrate.pipelines) {
            let found = self.names.get(Space::Pipeline, "pipeline", &former.to, &mut self.out);
            let to = found.and_then(|_| self.pact.pipelines.iter().position(|p| p.name == former.to.text));
            for name in &former.from {
                self.gone(Space::Pipeline, "pipeline", name);
                let to = to.map(|at| PipelineId(at as u32));
                let entry = to.map(|to| Former { name: name.text.clone(), to, span: former.span });
                self.pact.migration.pipelines.extend(entry);
            }
        }
        let promises: Vec<_> = clauses().flat_map(|migrate| &migrate.promises).copied().collect();
        self.pact.migration.new_promises = promises.first().is_some_and(|(new, _)| *new);
        self.once("promises hold", &promises.iter().map(|(_, span)| *span).collect::<Vec<_>>());
    }

    /// Leads stay in what the pact still has.
    fn gone(&mut self, space: Space, what: &str, name: &tree::Name) {
        if self.names.find(space, &name.text).is_some() {
            let message = format!("the pact still has the {what} `{}`, so its leads stay in it", name.text);
            let help = format!("name a {what} that an earlier pact had, or remove the {what}");
            self.out.push(Diagnostic::new(Code::StillThere, name.span, message).help(help));
        }
    }
}

//! What the engine asks the world to do.

use std::sync::Arc;

use super::Resolver;
use super::names::{Space, unknown as unknown_name};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Action, ActionKind, KindClass, ProgramId};
use crate::syntax::tree;

/// Roles that an alert may name besides parties, teams and members.
const ROLES: [&str; 3] = ["assignee", "queue", "owner"];

impl Resolver<'_> {
    /// Actions by id; those that name what is not there are findings and left out.
    pub(super) fn actions(&mut self, actions: &[tree::ActionNode]) -> Vec<Action> {
        actions.iter().filter_map(|action| self.action(action)).collect()
    }

    fn action(&mut self, action: &tree::ActionNode) -> Option<Action> {
        let kind = match &action.node {
            tree::ActionKindNode::Enroll(name) => {
                self.names.get(Space::Program, "program", name, &mut self.out)?;
                let at = self.pact.programs.iter().position(|program| program.name == name.text)?;
                ActionKind::Enroll(ProgramId(at as u32))
            }
            tree::ActionKindNode::Alert(names) => {
                for name in names {
                    self.receiver(name);
                }
                ActionKind::Alert(names.iter().map(|name| name.text.clone()).collect())
            }
            tree::ActionKindNode::Convert(names) => {
                ActionKind::Convert(names.iter().map(|name| name.text.clone()).collect())
            }
            tree::ActionKindNode::Reassign => ActionKind::Reassign,
            tree::ActionKindNode::Dispose(name) => self.disposition(name)?,
            tree::ActionKindNode::Move(name) => {
                self.names.get(Space::Stage, "stage", name, &mut self.out)?;
                ActionKind::Move(self.pact.stage(&name.text)?)
            }
        };
        Some(Action { kind, span: action.span })
    }

    pub(super) fn disposition(&mut self, name: &tree::Name) -> Option<ActionKind> {
        let id = self.pact.kind(&name.text);
        let kind = id.and_then(|id| self.pact.kinds.get(id.0 as usize));
        if kind.is_some_and(|kind| kind.class == KindClass::Disposition) {
            self.names.find(Space::Kind, &name.text);
            return id.map(ActionKind::Dispose);
        }
        if !name.text.is_empty() {
            let all = self.pact.kinds.iter().filter(|kind| kind.class == KindClass::Disposition);
            let finding = unknown_name("disposition", name, all.map(|kind| &*kind.name));
            self.out.push(finding);
        }
        None
    }

    /// Any word may be a role in some system; one that is nearly a known name is probably that name.
    fn receiver(&mut self, name: &tree::Name) {
        let members = self.pact.teams.iter().flat_map(|team| team.members.iter().map(|member| member.name.clone()));
        let mut known: Vec<Arc<str>> = members.collect();
        known.extend(ROLES.map(Arc::from));
        known.extend(self.names.all(Space::Party).map(Arc::from));
        known.extend(self.names.all(Space::Team).map(Arc::from));
        self.names.find(Space::Team, &name.text);
        if known.contains(&name.text) {
            return;
        }
        let meant =
            known.iter().find(|one| name.text.chars().count() > 2 && strsim::damerau_levenshtein(one, &name.text) == 1);
        if let Some(meant) = meant {
            let message = format!("`{}` is one letter away from `{meant}`", name.text);
            let finding = Diagnostic::new(Code::LikelyMisspelt, name.span, message)
                .help(format!("did you mean `{meant}`?"))
                .fix(format!("write `{meant}`"), name.span, &**meant);
            self.out.push(finding);
        }
    }
}

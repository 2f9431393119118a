//! What is to be said of a pact as a whole.

use std::sync::Arc;

use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{FileId, Span};
use crate::syntax::tree::Name;

/// Where a finding stands that is about something that is not there.
pub(super) const NOWHERE: Span = Span { file: FileId(0), start: 0, end: 0 };

impl Resolver<'_> {
    pub(super) fn check(&mut self, items: &Items) {
        self.one_pact(items);
        self.one_lead(items);
        self.reach(items);
        self.unused(items);
        self.circles(items);
    }

    fn one_pact(&mut self, items: &Items) {
        match items.pacts.as_slice() {
            [] => {
                let finding = Diagnostic::new(Code::NoPact, NOWHERE, "no `pact` item says what this agreement is")
                    .help("write one: `pact acme \"…\" { parties marketing, sales }`");
                self.out.push(finding);
            }
            [pact] if pact.node.parties.is_empty() => {
                let finding = Diagnostic::new(
                    Code::NoParty,
                    pact.node.name.span,
                    "an agreement needs parties, and this one names none",
                )
                .help("say who agrees: `parties marketing, sales`");
                self.out.push(finding);
            }
            [_] => {}
            [first, others @ ..] => {
                for other in others {
                    let finding = Diagnostic::new(
                        Code::NoPact,
                        other.node.name.span,
                        "a folder is one pact, and here is a second",
                    )
                    .and(first.node.name.span, "the first is here")
                    .help("keep one, or move the other into a folder of its own");
                    self.out.push(finding);
                }
            }
        }
    }

    fn one_lead(&mut self, items: &Items) {
        let lead = match items.leads.as_slice() {
            [] => {
                let finding = Diagnostic::new(Code::NoLead, NOWHERE, "no `lead` item says what a record holds")
                    .help("write one: `lead { id text key  email text? … }`");
                self.out.push(finding);
                return;
            }
            [lead] => lead,
            [first, others @ ..] => {
                for other in others {
                    let finding =
                        Diagnostic::new(Code::NoLead, other.span, "a pact has one `lead`, and here is a second")
                            .and(first.span, "the first is here")
                            .help("put all fields into one");
                    self.out.push(finding);
                }
                return;
            }
        };
        let mut keys = lead.node.fields.iter().filter_map(|field| Some((field, field.key?)));
        let Some((key, place)) = keys.next() else {
            let message = "no field tells one lead from another";
            let place = Span { end: lead.span.start.saturating_add(4), ..lead.span };
            self.out.push(Diagnostic::new(Code::NoKey, place, message).help("mark one: `id text key`"));
            return;
        };
        for (_, second) in keys {
            let finding = Diagnostic::new(Code::NoKey, second, "a lead has one key, and this is a second")
                .and(place, "the first is here")
                .help("keep `key` at one field");
            self.out.push(finding);
        }
        if key.ty.optional {
            let message = format!("`{}` is the key, and a record may lack it", key.name.text);
            let finding = Diagnostic::new(Code::OptionalKey, key.ty.span, message)
                .here("the `?` says that it may be missing")
                .help("remove the `?`");
            self.out.push(finding);
        }
    }

    fn unused(&mut self, items: &Items) {
        let values: Vec<(&str, &Name)> = (items.lists.iter().map(|i| ("list", &i.node.name)))
            .chain(items.params.iter().map(|i| ("param", &i.node.name)))
            .chain(items.scores.iter().map(|i| ("score", &i.node.name)))
            .chain(items.values.iter().map(|i| ("value", &i.node.name)))
            .chain(items.bands.iter().map(|i| ("band", &i.node.name)))
            .chain(items.criteria.iter().map(|i| ("criteria", &i.node.name)))
            .collect();
        for (what, name) in values {
            self.unused_name(Space::Value, what, name);
        }
        let others: Vec<(Space, &str, &Name)> = (items.tables.iter().map(|i| (Space::Table, "table", &i.node.name)))
            .chain(items.programs.iter().map(|i| (Space::Program, "program", &i.node.name)))
            .chain(items.routes.iter().map(|i| (Space::Route, "route", &i.node.name)))
            .collect();
        for (space, what, name) in others {
            self.unused_name(space, what, name);
        }
    }

    fn unused_name(&mut self, space: Space, what: &str, name: &Name) {
        let text: &Arc<str> = &name.text;
        if text.is_empty() || self.names.is_used(space, text) {
            return;
        }
        let way_out = match what {
            "program" => "enroll leads in it",
            "route" => "let a `handoff` name it: `route by …`",
            "score" | "criteria" | "band" => "let a move ask for it",
            "value" => "let a band, a move or a hand-over ask for it",
            _ => "use it",
        };
        let finding = Diagnostic::new(Code::Unused, name.span, format!("nothing uses the {what} `{text}`"))
            .help(format!("{way_out}, or remove it"));
        self.out.push(finding);
    }
}

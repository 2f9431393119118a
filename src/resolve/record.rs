//! What a lead record holds, what happens to a lead, lists, params and programs.

use std::sync::Arc;

use super::handover::words;
use super::names::Space;
use super::{Items, Resolver};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::pact::{Field, FieldId, Kind, KindClass, List, Param, Program, Property};
use crate::span::Span;
use crate::syntax::tree::{self, ListValues, Spanned, TypeKind};
use crate::ty::Ty;
use crate::value::{Currency, Value};

impl Resolver<'_> {
    fn ty(&mut self, kind: &TypeKind) -> Ty {
        match kind {
            TypeKind::Text => Ty::Text,
            TypeKind::Integer => Ty::Integer,
            TypeKind::Number => Ty::Number,
            TypeKind::Bool => Ty::Bool,
            TypeKind::Date => Ty::Date,
            TypeKind::Time => Ty::Time,
            TypeKind::Duration => Ty::Duration,
            TypeKind::Money(name) => Currency::new(&name.text).map_or(Ty::Unknown, Ty::Money),
            TypeKind::OneOf(words) => {
                let mut all: Vec<Arc<str>> = Vec::new();
                for word in words {
                    if all.contains(&word.text) {
                        let message = format!("the word `{}` stands twice", word.text);
                        self.out
                            .push(Diagnostic::new(Code::DeclaredTwice, word.span, message).help("remove one of them"));
                    } else {
                        all.push(word.text.clone());
                    }
                }
                Ty::Word(all.into())
            }
            TypeKind::List(of) => Ty::List(Box::new(self.ty(of))),
        }
    }

    pub(super) fn fields(&mut self, leads: &[Spanned<tree::Lead>]) {
        for field in leads.iter().flat_map(|lead| &lead.node.fields) {
            let ty = self.ty(&field.ty.kind);
            let default = field.default.as_ref().and_then(|value| self.value_of(value, &ty));
            if field.key.is_some() {
                self.pact.key = FieldId(self.pact.fields.len() as u32);
            }
            self.pact.fields.push(Field {
                name: field.name.text.clone(),
                description: words(field.description.as_ref()),
                ty,
                optional: field.ty.optional,
                pii: field.pii,
                default,
                asked_for: true,
                span: field.span,
            });
        }
    }

    /// Which fields a clause asks for, once all clauses but the tests are resolved.
    pub(super) fn asked_for(&mut self) {
        let joins: Vec<FieldId> = self.pact.intakes.iter().map(|intake| intake.match_on).collect();
        let identities: Vec<FieldId> = self.pact.identities.iter().map(|identity| identity.field).collect();
        for (at, field) in self.pact.fields.iter_mut().enumerate() {
            let id = FieldId(at as u32);
            let used = self.names.is_used(Space::Value, &field.name);
            let tells_apart = id == self.pact.key || joins.contains(&id) || identities.contains(&id);
            field.asked_for = used || !field.optional || tells_apart;
        }
    }

    pub(super) fn kinds(&mut self, items: &Items) {
        let activities = items.activities.iter().flat_map(|item| &item.node.kinds);
        let touches = items.touches.iter().flat_map(|item| &item.node.kinds);
        let all =
            activities.map(|kind| (kind, KindClass::Activity)).chain(touches.map(|kind| (kind, KindClass::Touch)));
        for (kind, class) in all {
            self.kind(&kind.name, kind.description.as_ref(), &kind.properties, class);
        }
        for item in &items.dispositions {
            let disposition = &item.node;
            self.kind(
                &disposition.name,
                disposition.description.as_ref(),
                &disposition.properties,
                KindClass::Disposition,
            );
        }
        // the files and the order in which kinds stand carry no meaning
        self.pact.kinds.sort_by(|a, b| (a.class, &a.name).cmp(&(b.class, &b.name)));
    }

    fn kind(
        &mut self,
        name: &tree::Name,
        description: Option<&tree::Text>,
        written: &[tree::PropertyNode],
        class: KindClass,
    ) {
        let mut properties: Vec<Property> = Vec::new();
        for property in written {
            if let Some(first) = properties.iter().find(|p| p.name == property.name.text) {
                let message = format!("`{}` has `{}` twice", name.text, property.name.text);
                let finding = Diagnostic::new(Code::DeclaredTwice, property.name.span, message);
                self.out.push(finding.and(first.span, "here already").help("remove one of them"));
            }
            let ty = self.ty(&property.ty.kind);
            let optional = property.ty.optional;
            properties.push(Property { name: property.name.text.clone(), ty, optional, span: property.name.span });
        }
        self.pact.kinds.push(Kind {
            name: name.text.clone(),
            description: words(description),
            class,
            properties,
            span: name.span,
        });
    }

    pub(super) fn lists(&mut self, items: &[Spanned<tree::ListNode>]) {
        for item in items {
            let list = &item.node;
            let read = match &list.values {
                ListValues::Inline(written) => Some(self.inline(written)),
                ListValues::File { file, column } => self.listed(file, column.as_ref()),
            };
            // what cannot be read has its own finding
            if read.as_ref().is_some_and(Vec::is_empty) {
                let message = format!("`{}` holds nothing", list.name.text);
                let help = "give it values, or remove what looks into it";
                self.out.push(Diagnostic::new(Code::EmptyList, list.name.span, message).help(help));
            }
            let read = read.unwrap_or_default();
            let folding = self.pact.folding;
            let texts = read.iter().filter_map(|(value, _)| value.as_text());
            let mut folded: Vec<String> = texts.map(|text| folding.fold(text).into_owned()).collect();
            folded.sort();
            self.pact.lists.push(List {
                name: list.name.text.clone(),
                description: words(list.description.as_ref()),
                ty: read.first().map_or(Ty::Unknown, |(_, ty)| ty.clone()),
                values: read.into_iter().map(|(value, _)| value).collect(),
                folded,
                span: item.span,
            });
        }
    }

    /// Values written in the pact: bare names are texts, as they are in a file.
    fn inline(&mut self, written: &[tree::ValueNode]) -> Vec<(Value, Ty)> {
        let mut all: Vec<(Value, Ty)> = Vec::new();
        for value in written {
            let read = match value.as_name() {
                Some(name) => Some((Value::Text(name.text), Ty::Text)),
                None => self.literal(&value.node, value.span, None),
            };
            let Some((literal, ty)) = read else { continue };
            if let Some((_, first)) = all.first()
                && !first.comparable(&ty)
            {
                let (starts, is) = (super::expr::describe(first), super::expr::describe(&ty));
                let message = format!("this is {is}, and the list starts with {starts}");
                self.out.push(Diagnostic::new(Code::WrongValue, value.span, message).help("make a list of its own"));
                continue;
            }
            all.push((literal, ty));
        }
        all
    }

    /// Values of a file: one a line, or a column of a CSV file. Blank lines and lines that start with `#` do not count.
    fn listed(&mut self, file: &tree::Text, column: Option<&tree::Text>) -> Option<Vec<(Value, Ty)>> {
        let id = self.import(file)?;
        let text = |text: &str| (Value::text(text), Ty::Text);
        let Some(column) = column else {
            let lines = self.sources.get(id).map(|source| source.text.clone()).unwrap_or_default();
            let lines = lines.trim_start_matches('\u{feff}').lines().map(str::trim);
            return Some(lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(text).collect());
        };
        let rows = self.csv(id, file.span);
        let Some(header) = rows.first() else { return Some(Vec::new()) };
        let Some(at) = header.cells.iter().position(|cell| **cell == *column.text) else {
            let message = format!("`{}` has no column `{}`", file.text, column.text);
            let meant = closest(&column.text, header.cells.iter().map(String::as_str));
            let help =
                meant.map_or_else(|| format!("it has {}", header.cells.join(", ")), |m| format!("did you mean `{m}`?"));
            self.out.push(Diagnostic::new(Code::NoColumn, column.span, message).help(help));
            return None;
        };
        let cells = rows.iter().skip(1).filter_map(|row| row.cells.get(at));
        Some(cells.filter(|cell| !cell.is_empty()).map(|cell| text(cell)).collect())
    }

    pub(super) fn params(&mut self, items: &[Spanned<tree::ParamNode>]) {
        let wanted = self.pact.environment.clone();
        for item in items {
            let param = &item.node;
            let value = self.literal(&param.value.node, param.value.span, None);
            let mut chosen = value.clone();
            for (at, (environment, other)) in param.overrides.iter().enumerate() {
                let before = param.overrides.iter().take(at).find(|(name, _)| name.text == environment.text);
                if let Some((first, _)) = before {
                    let message = format!("`{}` has two values in `{}`", param.name.text, environment.text);
                    let finding = Diagnostic::new(Code::DeclaredTwice, environment.span, message);
                    self.out.push(finding.and(first.span, "the first is here").help("keep one of them"));
                }
                self.environments.push(environment.text.clone());
                let ty = value.as_ref().map_or(Ty::Unknown, |(_, ty)| ty.clone());
                // an integer may give way to a number, and a number to an integer
                let ty = if ty.is_numeric() { Ty::Number } else { ty };
                let other = self.value_of(other, &ty);
                if Some(&environment.text) == wanted.as_ref() {
                    chosen = other.map(|other| (other, ty));
                }
            }
            if chosen.is_none() {
                self.broken.push(param.name.text.clone());
            }
            let value = chosen.map_or(Value::Bool(false), |(value, _)| value);
            self.pact.params.push(Param {
                name: param.name.text.clone(),
                description: words(param.description.as_ref()),
                value,
                span: item.span,
            });
        }
        if let Some(wanted) = wanted
            && let Some(pact) = self.pact_span
        {
            self.environment(&wanted, pact);
        }
    }

    /// A finding when no param speaks of an environment.
    pub(super) fn environment(&mut self, name: &str, span: Span) {
        if self.environments.iter().any(|known| **known == *name) {
            return;
        }
        let finding = Diagnostic::new(Code::UnknownEnvironment, span, format!("there is no environment `{name}`"));
        let meant = closest(name, self.environments.iter().map(|known| &**known));
        let finding = finding.help(match meant {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("a param speaks of it so: `param NAME = 60 in {name} 10`"),
        });
        self.out.push(finding);
    }

    pub(super) fn programs(&mut self, items: &[Spanned<tree::ProgramNode>]) {
        for item in items {
            let program = &item.node;
            for owner in &program.owner {
                self.names.get(Space::Party, "party", owner, &mut self.out);
            }
            self.once("kind", &program.kind.iter().map(|name| name.span).collect::<Vec<_>>());
            self.once("owner", &program.owner.iter().map(|name| name.span).collect::<Vec<_>>());
            let labels = self.labels_of(&program.labels);
            self.pact.programs.push(Program {
                name: program.name.text.clone(),
                description: words(program.description.as_ref()),
                kind: program.kind.first().map(|name| name.text.clone()),
                owner: program.owner.first().map(|name| name.text.clone()),
                starts: program.starts.first().map(|date| date.node),
                ends: program.ends.first().map(|date| date.node),
                labels,
                span: item.span,
            });
        }
    }
}

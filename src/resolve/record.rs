//! What a lead record holds, and what happens to a lead.

use super::{Items, Resolver};
use crate::pact::{Field, FieldId, Kind, KindClass, List, Param, Program, Property};
use crate::syntax::tree::{self, Spanned, TypeKind};
use crate::ty::Ty;
use crate::value::{Currency, Value};

fn ty(kind: &TypeKind) -> Ty {
    match kind {
        TypeKind::Text => Ty::Text,
        TypeKind::Integer => Ty::Integer,
        TypeKind::Number => Ty::Number,
        TypeKind::Bool => Ty::Bool,
        TypeKind::Date => Ty::Date,
        TypeKind::Time => Ty::Time,
        TypeKind::Duration => Ty::Duration,
        TypeKind::Money(name) => Currency::new(&name.text).map_or(Ty::Unknown, Ty::Money),
        TypeKind::OneOf(words) => Ty::Word(words.iter().map(|word| word.text.clone()).collect()),
        TypeKind::List(of) => Ty::List(Box::new(ty(of))),
    }
}

impl Resolver<'_> {
    pub(super) fn fields(&mut self, leads: &[Spanned<tree::Lead>]) {
        for field in leads.iter().flat_map(|lead| &lead.node.fields) {
            let default = field.default.as_ref().and_then(|v| self.literal(&v.node, v.span, None)).map(|(v, _)| v);
            if field.key.is_some() {
                self.pact.key = FieldId(self.pact.fields.len() as u32);
            }
            self.pact.fields.push(Field {
                name: field.name.text.clone(),
                description: "".into(),
                ty: ty(&field.ty.kind),
                optional: field.ty.optional,
                pii: field.pii,
                default,
                span: field.span,
            });
        }
    }

    pub(super) fn kinds(&mut self, items: &Items) {
        let mut add = |name: &tree::Name, properties: &[tree::Property], class| {
            let properties = properties.iter().map(|p| Property {
                name: p.name.text.clone(),
                ty: ty(&p.ty.kind),
                optional: p.ty.optional,
                span: p.name.span,
            });
            let properties = properties.collect();
            let (name, span) = (name.text.clone(), name.span);
            self.pact.kinds.push(Kind { name, description: "".into(), class, properties, span });
        };
        for kind in items.activities.iter().flat_map(|item| &item.node.kinds) {
            add(&kind.name, &kind.properties, KindClass::Activity);
        }
        for kind in items.touches.iter().flat_map(|item| &item.node.kinds) {
            add(&kind.name, &kind.properties, KindClass::Touch);
        }
        for item in &items.dispositions {
            add(&item.node.name, &item.node.properties, KindClass::Disposition);
        }
    }

    pub(super) fn lists(&mut self, items: &[Spanned<tree::List>]) {
        for item in items {
            let read: Vec<(Value, Ty)> = match &item.node.values {
                tree::ListValues::Inline(written) => {
                    written.iter().filter_map(|value| self.literal(&value.node, value.span, None)).collect()
                }
                tree::ListValues::File { file, .. } => match self.world.import(&file.text) {
                    Ok(source) => {
                        let lines = source.text.lines().map(str::trim).filter(|line| !line.is_empty());
                        let values = lines.map(|line| (Value::text(line), Ty::Text)).collect();
                        self.sources.add(source);
                        values
                    }
                    Err(_) => Vec::new(),
                },
            };
            let folding = self.pact.folding;
            let mut folded: Vec<String> =
                read.iter().filter_map(|(v, _)| v.as_text()).map(|text| folding.fold(text).into_owned()).collect();
            folded.sort();
            self.pact.lists.push(List {
                name: item.node.name.text.clone(),
                description: "".into(),
                ty: read.first().map_or(Ty::Unknown, |(_, ty)| ty.clone()),
                values: read.into_iter().map(|(value, _)| value).collect(),
                folded,
                span: item.span,
            });
        }
    }

    pub(super) fn params(&mut self, items: &[Spanned<tree::Param>]) {
        for item in items {
            let param = &item.node;
            let chosen = param.overrides.iter().find(|(name, _)| Some(&name.text) == self.pact.environment.as_ref());
            let value = chosen.map_or(&param.value, |(_, value)| value);
            let Some((value, _)) = self.literal(&value.node, value.span, None) else { continue };
            self.pact.params.push(Param {
                name: param.name.text.clone(),
                description: "".into(),
                value,
                span: item.span,
            });
        }
    }

    pub(super) fn programs(&mut self, items: &[Spanned<tree::Program>]) {
        for item in items {
            self.pact.programs.push(Program {
                name: item.node.name.text.clone(),
                description: "".into(),
                kind: None,
                owner: None,
                starts: None,
                ends: None,
                labels: Vec::new(),
                span: item.span,
            });
        }
    }
}

//! What a bare name in an expression means.

use std::sync::Arc;

use super::super::Resolver;
use super::super::names::{Space, unknown as unknown_name};
use super::{Context, Opposite, join, unknown};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::pact::{CriteriaId, Expr, ExprKind, FieldId, KindClass, KindId, ParamId, Question, ScoreId, ValueId};
use crate::span::Span;
use crate::syntax::tree::{Dotted, Name};
use crate::ty::Ty;
use crate::value::Value;

impl Resolver<'_> {
    /// Whether a name means something where no word is expected.
    pub(super) fn means_something(&self, name: &Name, context: Context) -> bool {
        let property = context.kind.and_then(|kind| self.kind_of(kind)?.property(&name.text));
        property.is_some()
            || self.names.find(Space::Value, &name.text).is_some()
            || &*name.text == "disposition"
            || !self.answers(&name.text).is_empty()
    }

    pub(super) fn kind_of(&self, kind: KindId) -> Option<&crate::pact::Kind> {
        self.pact.kinds.get(kind.0 as usize)
    }

    /// The dispositions with a property, and its position in each.
    fn answers(&self, property: &str) -> Vec<(KindId, u32)> {
        let kinds = self.pact.kinds.iter().enumerate();
        let answers = kinds.filter(|(_, kind)| kind.class == KindClass::Disposition);
        answers.filter_map(|(at, kind)| Some((KindId(at as u32), kind.property(property)?))).collect()
    }

    /// What a resolved side says about the other one.
    pub(super) fn opposite(&self, expr: &Expr) -> Opposite {
        let mut words: Vec<Arc<str>> = Vec::new();
        if let Ty::Word(of) = &expr.ty {
            words.extend(of.iter().cloned());
        } else if let ExprKind::DispositionProperty(places) = &expr.kind {
            // where one disposition has words and another has text, the words still stand bare
            for (kind, at) in places {
                let property = self.kind_of(*kind).and_then(|kind| kind.properties.get(*at as usize));
                if let Some(Ty::Word(of)) = property.map(|p| &p.ty) {
                    words.extend(of.iter().cloned());
                }
            }
        }
        Opposite { ty: Some(expr.ty.clone()), words }
    }

    pub(super) fn name(&mut self, name: &Name, context: Context, opposite: &Opposite) -> Expr {
        let span = name.span;
        if name.text.is_empty() {
            return unknown(span);
        }
        if opposite.words.contains(&name.text) {
            return self.word(name, opposite);
        }
        if let Some(kind) = context.kind
            && let Some(at) = self.kind_of(kind).and_then(|kind| kind.property(&name.text))
        {
            let property = self.kind_of(kind).and_then(|kind| kind.properties.get(at as usize));
            let ty = property.map_or(Ty::Unknown, |property| property.ty.clone());
            return Expr { kind: ExprKind::Property(at), ty, span };
        }
        if let Some(entry) = self.names.find(Space::Value, &name.text) {
            return self.declared(name, entry.what, entry.id);
        }
        if &*name.text == "disposition" {
            let kinds = self.pact.kinds.iter().filter(|kind| kind.class == KindClass::Disposition);
            let words = kinds.map(|kind| kind.name.clone()).collect();
            return Expr { kind: ExprKind::Disposition, ty: Ty::Word(words), span };
        }
        let answers = self.answers(&name.text);
        if !answers.is_empty() {
            return self.answer_of_any(answers, name);
        }
        match &opposite.ty {
            Some(Ty::Word(_)) => return self.word(name, opposite),
            Some(Ty::Unknown) => {}
            Some(Ty::Text) if closest(&name.text, self.names.all(Space::Value)).is_none() => {
                let finding = Diagnostic::new(Code::UnknownName, span, format!("there is no field `{}`", name.text))
                    .help(format!("a text goes in quotes: `\"{}\"`", name.text));
                self.out.push(finding);
            }
            _ => {
                self.names.meant(Space::Value, &name.text);
                let seen = context.kind.and_then(|kind| self.kind_of(kind));
                let properties = seen.into_iter().flat_map(|kind| kind.properties.iter().map(|p| &*p.name));
                let all = properties.chain(self.names.all(Space::Value));
                let finding = unknown_name("field", name, all);
                self.out.push(finding);
            }
        }
        unknown(span)
    }

    /// A name of the pact, by the keyword of its item.
    fn declared(&mut self, name: &Name, what: &str, id: u32) -> Expr {
        let span = name.span;
        let (kind, ty) = match what {
            "score" => (ExprKind::Score(ScoreId(id)), Ty::Number),
            "value" => (ExprKind::Named(ValueId(id)), self.named_value(ValueId(id))),
            "criteria" => (ExprKind::Criteria(CriteriaId(id)), Ty::Bool),
            "param" if self.broken.contains(&name.text) => return unknown(span),
            "param" => {
                let found = self.pact.params.iter().position(|param| param.name == name.text);
                let Some((at, param)) = found.and_then(|at| Some((at, self.pact.params.get(at)?))) else {
                    return unknown(span);
                };
                (ExprKind::Param(ParamId(at as u32)), type_of(&param.value))
            }
            "list" => {
                let list = self.pact.lists.iter().find(|list| list.name == name.text);
                let ty = list.map_or(Ty::Unknown, |list| list.ty.clone());
                if ty != Ty::Unknown {
                    let finding = Diagnostic::new(Code::OutOfPlace, span, format!("`{}` is a list", name.text))
                        .here("a list stands on the right of `in` only")
                        .help(format!("ask what is in it: `title in {}`", name.text));
                    self.out.push(finding);
                }
                return unknown(span);
            }
            _ => {
                let found = self.pact.field(&name.text);
                let Some((id, field)) = found.and_then(|id| Some((id, self.pact.fields.get(id.0 as usize)?))) else {
                    return unknown(span);
                };
                (ExprKind::Field(FieldId(id.0)), field.ty.clone())
            }
        };
        Expr { kind, ty, span }
    }

    /// A property of whatever disposition came last.
    fn answer_of_any(&mut self, answers: Vec<(KindId, u32)>, name: &Name) -> Expr {
        let types: Vec<Ty> = answers
            .iter()
            .filter_map(|(kind, at)| Some(self.kind_of(*kind)?.properties.get(*at as usize)?.ty.clone()))
            .collect();
        let mut ty = Ty::Unknown;
        for of in &types {
            if !ty.comparable(of) {
                let named = answers.first().and_then(|(kind, _)| self.kind_of(*kind));
                let kind = named.map_or("won", |kind| &kind.name).to_owned();
                let message = format!("`{}` is {} in one disposition and {} in another", name.text, ty, of);
                let finding = Diagnostic::new(Code::Unlike, name.span, message)
                    .help(format!("say which disposition: `{kind}.{}`", name.text));
                self.out.push(finding);
                return unknown(name.span);
            }
            ty = join(&ty, of);
        }
        Expr { kind: ExprKind::DispositionProperty(answers), ty, span: name.span }
    }

    /// `won.amount`: what sales said with the latest disposition of a kind.
    pub(super) fn answered(&mut self, dotted: &Dotted, span: Span) -> Expr {
        let Some((kind, at, ty)) = self.property_of(dotted) else {
            return unknown(span);
        };
        if self.kind_of(kind).is_some_and(|kind| kind.class != KindClass::Disposition) {
            let says = format!("{}.{}", dotted.kind.text, dotted.property.text);
            let finding = Diagnostic::new(Code::OutOfPlace, span, format!("`{says}` may have happened many times"))
                .help(format!("say which time: `latest {says}`, `earliest {says}` or `sum of {says}`"));
            self.out.push(finding);
            return unknown(span);
        }
        Expr { kind: ExprKind::Question(Question::Latest(kind, at)), ty, span }
    }

    /// A kind and one of its properties, with a finding when there is no such thing.
    pub(in crate::resolve) fn property_of(&mut self, dotted: &Dotted) -> Option<(KindId, u32, Ty)> {
        let id = self.kind_named(&dotted.kind)?;
        let kind = self.kind_of(id)?;
        let Some(at) = kind.property(&dotted.property.text) else {
            if !dotted.property.text.is_empty() {
                let properties = kind.properties.iter().map(|property| &*property.name);
                let mut finding = unknown_name("property", &dotted.property, properties)
                    .and(kind.span, format!("`{}` is declared here", kind.name));
                if kind.properties.is_empty() {
                    finding =
                        finding.help(format!("give it one: `{} {{ {} number? }}`", kind.name, dotted.property.text));
                }
                self.out.push(finding);
            }
            return None;
        };
        let ty = kind.properties.get(at as usize)?.ty.clone();
        Some((id, at, ty))
    }

    /// A kind of event by its name, with a finding when there is none.
    pub(super) fn kind_named(&mut self, name: &Name) -> Option<KindId> {
        self.names.get(Space::Kind, "activity", name, &mut self.out)?;
        self.pact.kind(&name.text)
    }

    /// A word of a `one of` type, bare or in quotes. Letters may differ in case, as everywhere in texts.
    pub(super) fn word(&mut self, name: &Name, opposite: &Opposite) -> Expr {
        let folding = self.pact.folding;
        let exact = opposite.words.iter().find(|word| **word == name.text);
        let same = |word: &&Arc<str>| folding.fold(word) == folding.fold(&name.text);
        if let Some(word) = exact.or_else(|| opposite.words.iter().find(same)) {
            let ty = match &opposite.ty {
                Some(Ty::Word(words)) => Ty::Word(words.clone()),
                _ => Ty::Word(Arc::new([word.clone()])),
            };
            return Expr { kind: ExprKind::Value(Value::Word(word.clone())), ty, span: name.span };
        }
        let words: Vec<&str> = opposite.words.iter().map(|word| &**word).collect();
        let finding =
            Diagnostic::new(Code::UnknownWord, name.span, format!("`{}` is none of the words here", name.text));
        let shown: Vec<String> = words.iter().take(12).map(|word| format!("`{word}`")).collect();
        let finding = match closest(&name.text, words.iter().copied()) {
            Some(meant) => {
                finding.help(format!("did you mean `{meant}`?")).fix(format!("write `{meant}`"), name.span, meant)
            }
            None if words.is_empty() => finding.help("nothing can stand here: declare a disposition first"),
            None => finding.help(format!("there are {}", shown.join(", "))),
        };
        self.out.push(finding);
        unknown(name.span)
    }
}

/// The type of a value.
pub(in crate::resolve) fn type_of(value: &Value) -> Ty {
    match value {
        Value::Text(_) | Value::Word(_) => Ty::Text,
        Value::Number(n) if n.is_integer() => Ty::Integer,
        Value::Number(_) => Ty::Number,
        Value::Money(money) => Ty::Money(money.currency),
        Value::Bool(_) => Ty::Bool,
        Value::Date(_) => Ty::Date,
        Value::Time(_) => Ty::Time,
        Value::Duration(_) => Ty::Duration,
        Value::List(values) => Ty::List(Box::new(values.first().map_or(Ty::Unknown, type_of))),
    }
}

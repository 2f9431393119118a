//! `in`: a value among values, in a list, or in a field that holds a list.

use super::super::Resolver;
use super::super::names::Space;
use super::{Context, Opposite, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Expr, ExprKind, FieldId, ListId, Set};
use crate::syntax::tree;
use crate::ty::Ty;
use crate::value::Value;

impl Resolver<'_> {
    /// The value and the set; no set after a finding.
    pub(super) fn member(
        &mut self,
        value: &tree::ExprNode,
        members: &[tree::ValueNode],
        context: Context,
    ) -> (Expr, Option<Set>) {
        if let [only] = members
            && let Some(name) = only.as_name()
            && let Some(found) = self.whole_set(value, &name, context)
        {
            return found;
        }
        let value = self.expr(value, context);
        let opposite = self.opposite(&value);
        let mut values = Vec::new();
        let mut whole = value.ty != Ty::Unknown;
        for member in members {
            let found = self.one_member(member, &value, &opposite, context);
            whole &= found.is_some();
            values.extend(found.unwrap_or_default());
        }
        if matches!(value.ty, Ty::List(_)) {
            let says = self.says(value.span);
            let finding =
                Diagnostic::new(Code::Unlike, value.span, format!("`{says}` is a list, and `in` looks for one value"))
                    .help(format!("ask for each: `\"…\" in {says}`"));
            self.out.push(finding);
            whole = false;
        }
        let set = whole.then_some(Set::Values(values));
        (value, set)
    }

    /// The field that holds a list, and the set in which its values are looked for; none after a finding.
    pub(super) fn each_member(
        &mut self,
        name: &tree::Name,
        members: &[tree::ValueNode],
        context: Context,
    ) -> Option<(FieldId, Set)> {
        let found = self.names.get(Space::Value, "field", name, &mut self.out)?;
        let id = self.pact.field(&name.text).filter(|_| found.what == "field");
        let ty = id.and_then(|id| Some(&self.pact.fields.get(id.0 as usize)?.ty));
        let (Some(id), Some(Ty::List(of))) = (id, ty) else {
            let message = format!("`{}` is no list, so there are no values to ask", name.text);
            let finding =
                Diagnostic::new(Code::Unlike, name.span, message).help(format!("ask it itself: `{} in …`", name.text));
            self.out.push(finding);
            return None;
        };
        let one = Expr { kind: ExprKind::Field(id), ty: (**of).clone(), span: name.span };
        if let [only] = members
            && let Some(set) = only.as_name()
            && let Some(entry) = self.names.find(Space::Value, &set.text)
        {
            if entry.what == "list" {
                let at = self.pact.lists.iter().position(|list| list.name == set.text)?;
                let of = self.pact.lists.get(at)?.ty.clone();
                let fits = self.compared(&one, &Expr { ty: of, ..unknown(set.span) });
                return fits.then_some((id, Set::List(ListId(at as u32))));
            }
            let other = self.pact.field(&set.text).filter(|_| entry.what == "field");
            if let Some(other) = other
                && let Ty::List(of) = self.pact.fields.get(other.0 as usize)?.ty.clone()
            {
                let fits = self.compared(&one, &Expr { ty: *of, ..unknown(set.span) });
                return fits.then_some((id, Set::Field(other)));
            }
        }
        let opposite = self.opposite(&one);
        let found: Vec<Option<Vec<Value>>> =
            members.iter().map(|member| self.one_member(member, &one, &opposite, context)).collect();
        let values: Option<Vec<Vec<Value>>> = found.into_iter().collect();
        Some((id, Set::Values(values?.concat())))
    }

    /// A named list, or a field that holds a list, standing alone.
    fn whole_set(
        &mut self,
        value: &tree::ExprNode,
        name: &tree::Name,
        context: Context,
    ) -> Option<(Expr, Option<Set>)> {
        let entry = self.names.find(Space::Value, &name.text)?;
        let (set, of) = match entry.what {
            "list" => {
                let at = self.pact.lists.iter().position(|list| list.name == name.text);
                let list = at.and_then(|at| self.pact.lists.get(at));
                (Set::List(ListId(at.unwrap_or_default() as u32)), list.map_or(Ty::Unknown, |list| list.ty.clone()))
            }
            "field" => {
                let id = self.pact.field(&name.text)?;
                let Ty::List(of) = &self.pact.fields.get(id.0 as usize)?.ty else { return None };
                (Set::Field(id), (**of).clone())
            }
            _ => return None,
        };
        // a literal or word may stand for a member of a list of words
        let words = if let Ty::Word(words) = &of { words.to_vec() } else { Vec::new() };
        let value = match &value.kind {
            tree::ExprKindNode::Literal(_) => self.toward(value, context, &Opposite { ty: Some(of.clone()), words }),
            tree::ExprKindNode::Name(bare) if !self.means_something(bare, context) => {
                self.toward(value, context, &Opposite { ty: Some(of.clone()), words })
            }
            _ => self.expr(value, context),
        };
        let member = Expr { ty: of.clone(), ..unknown(name.span) };
        let fits = of != Ty::Unknown && value.ty != Ty::Unknown && self.compared(&value, &member);
        Some((value, fits.then_some(set)))
    }

    /// The values that one member stands for: one, or all of a list among others.
    fn one_member(
        &mut self,
        member: &tree::ValueNode,
        value: &Expr,
        opposite: &Opposite,
        context: Context,
    ) -> Option<Vec<Value>> {
        if let Some(name) = member.as_name() {
            let entry = self.names.find(Space::Value, &name.text).filter(|_| !opposite.words.contains(&name.text));
            if entry.is_some_and(|entry| entry.what == "list") {
                let list = self.pact.lists.iter().find(|list| list.name == name.text)?;
                let (ty, values) = (list.ty.clone(), list.values.clone());
                let fits = self.compared(value, &Expr { ty, ..unknown(name.span) });
                return fits.then_some(values);
            }
        }
        let kind = match &member.node {
            tree::Literal::Name(text) => tree::ExprKindNode::Name(tree::Name { text: text.clone(), span: member.span }),
            literal => tree::ExprKindNode::Literal(literal.clone()),
        };
        let found = self.toward(&tree::ExprNode { kind, span: member.span }, context, opposite);
        let values = match found.kind {
            _ if found.ty == Ty::Unknown => return None,
            ExprKind::Value(ref value) => vec![value.clone()],
            ExprKind::Param(id) => match &self.pact.params.get(id.0 as usize)?.value {
                Value::List(values) => {
                    let values = values.to_vec();
                    let ty = if let Ty::List(of) = found.ty { *of } else { Ty::Unknown };
                    let fits = self.compared(value, &Expr { ty, ..unknown(member.span) });
                    return fits.then_some(values);
                }
                value => vec![value.clone()],
            },
            _ => {
                let says = self.says(member.span);
                let finding = Diagnostic::new(
                    Code::OutOfPlace,
                    member.span,
                    format!("`{says}` is not known before a lead is there"),
                )
                .here("the values of `in` are fixed")
                .help(format!("compare with `=`: `… = {says}`"));
                self.out.push(finding);
                return None;
            }
        };
        self.compared(value, &found).then_some(values)
    }
}

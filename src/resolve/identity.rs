//! `match on` in the `lead` item: by what leads are recognised besides their key.

use super::Resolver;
use super::expr::describe;
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Country, Identity};
use crate::phone;
use crate::span::Span;
use crate::syntax::tree::{CountryNode, IdentityNode, Lead, Spanned};
use crate::ty::Ty;

impl Resolver<'_> {
    pub(super) fn identities(&mut self, leads: &[Spanned<Lead>]) {
        let lists = leads.iter().flat_map(|lead| &lead.node.identities);
        self.once("match on", &lists.clone().map(|(_, span)| *span).collect::<Vec<_>>());
        let mut seen: Vec<&IdentityNode> = Vec::new();
        for written in lists.flat_map(|(identities, _)| identities) {
            if let Some(first) = seen.iter().find(|other| other.field.text == written.field.text) {
                let message = format!("`{}` has its place already", written.field.text);
                let finding = Diagnostic::new(Code::DeclaredTwice, written.field.span, message);
                self.out.push(finding.and(first.field.span, "here").help("name each field once"));
                continue;
            }
            seen.push(written);
            let identity = self.identity(written);
            self.pact.identities.extend(identity);
        }
        let key = self.pact.fields.get(self.pact.key.0 as usize);
        let (Some(first), Some(key)) = (seen.first(), key) else { return };
        if !matches!(key.ty, Ty::Text | Ty::Unknown) {
            let message = format!("`{}` is {}: no lead without it has a key", key.name, describe(&key.ty));
            let help = format!(
                "declare it as text, `{} text key`: a lead of which only a visit is known gets a key of letters",
                key.name
            );
            let finding = Diagnostic::new(Code::WrongValue, key.span, message);
            self.out.push(finding.and(first.field.span, "leads are recognised by this, too").help(help));
        }
    }

    fn identity(&mut self, written: &IdentityNode) -> Option<Identity> {
        let (name, field) = (&written.field, self.column_field(&written.field)?);
        let mut wrong = |span: Span, message: String, help: &str| {
            self.out.push(Diagnostic::new(Code::WrongValue, span, message).help(help));
        };
        if field == self.pact.key {
            let help = "name what else tells one lead from another: an address, a number, the id of another system";
            wrong(name.span, format!("`{}` is the key: leads are told apart by it already", name.text), help);
            return None;
        }
        let of_one = |ty: &Ty| match ty {
            Ty::List(of) => matches!(**of, Ty::Text | Ty::Integer),
            ty => matches!(ty, Ty::Text | Ty::Integer | Ty::Unknown),
        };
        let ty = &self.pact[field].ty;
        if !of_one(ty) {
            let message = format!("`{}` is {}: many leads have the same", name.text, describe(ty));
            wrong(name.span, message, "leads are recognised by text, whole numbers, or a list of such");
            return None;
        }
        let country = match &written.country {
            None => None,
            Some(CountryNode::Code(code)) if !phone::is_country(&code.text) => {
                let message = format!("`{}` is not the code of a country", code.text);
                wrong(code.span, message, "write two letters (ISO 3166), such as `\"DE\"`");
                return None;
            }
            Some(CountryNode::Code(code)) => Some(Country::Code(code.text.clone())),
            Some(CountryNode::Field(by)) => {
                let country = self.column_field(by)?;
                let ty = &self.pact[country].ty;
                if !matches!(ty, Ty::Text | Ty::Word(_) | Ty::Unknown) {
                    let message = format!("`{}` is {}: it names no country", by.text, describe(ty));
                    let help = "name the field that holds the two letters of a country (ISO 3166), such as `DE`";
                    self.out.push(Diagnostic::new(Code::WrongValue, by.span, message).help(help));
                    return None;
                }
                Some(Country::Field(country))
            }
        };
        Some(Identity { field, country, span: name.span })
    }
}

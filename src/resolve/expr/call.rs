//! Functions and look-ups.

use super::super::Resolver;
use super::super::names::{Space, unknown as unknown_name};
use super::{Context, describe, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::function::Function;
use crate::pact::{Expr, ExprKind, TableId};
use crate::span::Span;
use crate::syntax::tree;
use crate::ty::Ty;

impl Resolver<'_> {
    pub(super) fn call(
        &mut self,
        name: &tree::Name,
        arguments: &[tree::ExprNode],
        span: Span,
        context: Context,
    ) -> Expr {
        let Some(function) = Function::named(&name.text) else {
            let finding = unknown_name("function", name, Function::ALL.iter().map(|function| function.name()));
            self.out.push(finding);
            for argument in arguments {
                self.expr(argument, context);
            }
            return unknown(span);
        };
        let arguments: Vec<Expr> = arguments.iter().map(|argument| self.expr(argument, context)).collect();
        let parameters = function.parameters();
        if arguments.len() < function.required() || arguments.len() > parameters.len() {
            let needs = match (function.required(), parameters.len()) {
                (1, 1) => "one value".to_owned(),
                (least, most) if least == most => format!("{least} values"),
                (least, most) => format!("{least} or {most} values"),
            };
            let message = format!("`{function}` takes {needs}, and {} are given", arguments.len());
            let help = format!("write `{}`: {}", function.signature(), function.doc());
            self.out.push(Diagnostic::new(Code::BadCall, span, message).help(help));
            return unknown(span);
        }
        let mut fits = true;
        for (argument, parameter) in arguments.iter().zip(parameters) {
            if !parameter.accepts(&argument.ty) {
                let says = self.says(argument.span);
                let message =
                    format!("`{function}` takes {}, and `{says}` is {}", parameter.words(), describe(&argument.ty));
                let help = format!("`{}`: {}", function.signature(), function.doc());
                self.out.push(Diagnostic::new(Code::BadCall, argument.span, message).help(help));
                fits = false;
            }
        }
        if let (true, Function::Min | Function::Max, [a, b]) = (fits, function, arguments.as_slice()) {
            fits = self.compared(a, b);
        }
        if !fits {
            return unknown(span);
        }
        let types: Vec<Ty> = arguments.iter().map(|argument| argument.ty.clone()).collect();
        let ty = if types.contains(&Ty::Unknown) { Ty::Unknown } else { function.result(&types) };
        Expr { kind: ExprKind::Call(function, arguments), ty, span }
    }

    pub(super) fn lookup(&mut self, column: &tree::Name, table: &tree::Name, span: Span) -> Expr {
        if self.names.get(Space::Table, "table", table, &mut self.out).is_none() {
            return unknown(span);
        }
        let Some(at) = self.pact.tables.iter().position(|one| one.name == table.text) else {
            return unknown(span);
        };
        let Some(found) = self.pact.tables.get(at) else {
            return unknown(span);
        };
        // a table that gives nothing, or that cannot be read, has its own finding
        if found.outputs.is_empty() {
            return unknown(span);
        }
        let Some(output) = found.outputs.iter().position(|name| *name == column.text) else {
            let outputs = found.outputs.iter().map(|name| &**name);
            let finding = unknown_name("output column", column, outputs)
                .and(found.span, format!("`{}` is declared here", found.name));
            self.out.push(finding);
            return unknown(span);
        };
        Expr { kind: ExprKind::Lookup(TableId(at as u32), output as u32), ty: Ty::Text, span }
    }
}

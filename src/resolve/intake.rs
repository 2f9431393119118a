//! `source` items: how columns become fields.

use std::sync::Arc;

use chrono::format::{Item, StrftimeItems};

use super::Resolver;
use super::handover::words;
use super::names::{Space, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{EventFrom, FieldId, Intake, MapTo, Mapping, NumberForm, RowGuard, TimeForm};
use crate::syntax::tree::{self, Spanned, Text};
use crate::ty::Ty;

impl Resolver<'_> {
    pub(super) fn intakes(&mut self, items: &[Spanned<tree::SourceNode>]) {
        for item in items {
            let source = &item.node;
            let folding = self.pact.folding;
            let fold = |text: &Text| folding.fold(text.text.trim()).into_owned();
            let zone = source.times_zone.as_ref().and_then(|name| self.zone_named(name));
            let dates = self.time_forms(&source.dates);
            let times = self.time_forms(&source.times);
            let numbers = self.number_form(&source.numbers);
            self.yes_or_no(source);
            let header_row = source.header_row.as_ref().and_then(|row| self.row_number(row));
            let mappings = self.mappings(&source.mappings);
            let events = source.events.iter().filter_map(|event| self.event_from(event)).collect();
            let on = match &source.match_on {
                Some(name) => self.column_field(name).unwrap_or(self.pact.key),
                None => self.told_apart_by(&mappings),
            };
            if !mappings.iter().any(|mapping| mapping.field == on)
                && let Some(field) = self.pact.fields.get(on.0 as usize)
            {
                let message = format!("`{}` does not say which column is `{}`", source.name.text, field.name);
                let others = self.pact.identities.iter().filter(|_| source.match_on.is_none());
                let others: String =
                    others.map(|identity| format!(", or `{} = …`", self.pact[identity.field].name)).collect();
                let finding = Diagnostic::new(Code::NoColumn, source.name.span, message)
                    .help(format!("add `{} = \"COLUMN\"`{others}: rows are told apart and matched by it", field.name));
                self.out.push(finding);
            }
            self.pact.intakes.push(Intake {
                name: source.name.text.clone(),
                description: words(source.description.as_ref()),
                blank: source.blank.iter().map(fold).collect(),
                numbers,
                yes: source.yes.iter().map(fold).collect(),
                no: source.no.iter().map(fold).collect(),
                dates,
                times,
                times_zone: zone.unwrap_or_else(|| self.pact.zone.clone()),
                cells_missing: source.cells_missing,
                sheet: source.sheet.as_ref().map(|sheet| sheet.text.clone()),
                header_row,
                history: source.history.as_ref().map(|text| text.text.clone()),
                match_on: on,
                record_at: source.record_at.as_ref().map(|column| column.text.clone()),
                status: source.status.as_ref().map(|column| column.text.clone()),
                events,
                mappings,
                span: item.span,
            });
        }
    }

    /// The key, or the first field by which leads are recognised, where a source fills only such.
    fn told_apart_by(&self, mappings: &[Mapping]) -> FieldId {
        let fills = |field: &FieldId| mappings.iter().any(|mapping| mapping.field == *field);
        let identities = self.pact.identities.iter().map(|identity| identity.field);
        [self.pact.key].into_iter().chain(identities).find(fills).unwrap_or(self.pact.key)
    }

    /// A field by its name. To fill a field is not to use it.
    pub(super) fn column_field(&mut self, name: &tree::Name) -> Option<FieldId> {
        let id = self.pact.field(&name.text);
        if id.is_none() {
            let fields: Vec<Arc<str>> = self.pact.fields.iter().map(|field| field.name.clone()).collect();
            self.out.push(unknown("field", name, fields.iter().map(|name| &**name)));
        }
        id
    }

    /// Formats as chrono writes them, such as `%d.%m.%Y`, and counts of days or seconds.
    fn time_forms(&mut self, written: &[tree::TimeFormNode]) -> Vec<TimeForm> {
        let forms = written.iter().map(|form| match form {
            tree::TimeFormNode::Excel => TimeForm::Excel,
            tree::TimeFormNode::Milliseconds => TimeForm::Milliseconds,
            tree::TimeFormNode::Seconds => TimeForm::Seconds,
            tree::TimeFormNode::Format(format) => {
                let empty = !format.text.contains('%');
                if empty || StrftimeItems::new(&format.text).any(|item| item == Item::Error) {
                    let message = format!("`{}` is not a format of dates or times", format.text);
                    let finding = Diagnostic::new(Code::BadFormat, format.span, message)
                        .help("write `%d` for the day, `%m` for the month, `%Y` for the year, `%H:%M:%S` for the time");
                    self.out.push(finding);
                }
                TimeForm::Format(format.text.clone())
            }
        });
        forms.collect()
    }

    fn number_form(&mut self, written: &[Text]) -> Option<NumberForm> {
        self.once("numbers", &written.iter().map(|text| text.span).collect::<Vec<_>>());
        let example = written.first()?;
        let form = NumberForm::like(&example.text);
        if form.is_none() {
            let message = format!("`{}` does not show how numbers are written", example.text);
            let finding = Diagnostic::new(Code::BadFormat, example.span, message)
                .help("write the number 1234.56 as the file does: `numbers \"1.234,56\"`, or `\"1234,56\"` where digits are not grouped");
            self.out.push(finding);
        }
        form
    }

    fn row_number(&mut self, row: &Spanned<i64>) -> Option<u32> {
        let number = u32::try_from(row.node).ok().filter(|row| *row > 0);
        if number.is_none() {
            let help = "rows are counted from 1";
            self.out
                .push(Diagnostic::new(Code::BadFormat, row.span, format!("there is no row {}", row.node)).help(help));
        }
        number
    }

    /// No text means both.
    fn yes_or_no(&mut self, source: &tree::SourceNode) {
        let folding = self.pact.folding;
        let same = |a: &Text, b: &Text| folding.fold(a.text.trim()) == folding.fold(b.text.trim());
        for no in &source.no {
            let Some(yes) = source.yes.iter().find(|yes| same(yes, no)) else { continue };
            let message = format!("`{}` means yes and no", no.text);
            let finding = Diagnostic::new(Code::DeclaredTwice, no.span, message)
                .and(yes.span, "here it means yes")
                .help("keep it on one side");
            self.out.push(finding);
        }
    }

    fn row_guard(&self, guard: Option<&tree::RowGuardNode>) -> Option<RowGuard> {
        let folding = self.pact.folding;
        let texts = |texts: &[Text]| texts.iter().map(|text| folding.fold(text.text.trim()).into_owned()).collect();
        guard.map(|guard| RowGuard { column: guard.column.text.clone(), texts: texts(&guard.texts) })
    }

    fn mappings(&mut self, written: &[tree::MappingNode]) -> Vec<Mapping> {
        let mut mappings: Vec<Mapping> = Vec::new();
        for mapping in written {
            let Some(field) = self.column_field(&mapping.field) else { continue };
            if let Some(first) = mappings.iter().find(|m| m.field == field) {
                let message = format!("`{}` is filled twice", mapping.field.text);
                let finding = Diagnostic::new(Code::DeclaredTwice, mapping.field.span, message)
                    .and(first.span, "here already")
                    .help("name several columns with `or`: `phone = \"Phone\" or \"MobilePhone\"`");
                self.out.push(finding);
                continue;
            }
            let ty = self.pact[field].ty.clone();
            if let Some(factor) = &mapping.factor
                && !ty.is_numeric()
                && !matches!(ty, Ty::Money(_) | Ty::Unknown)
            {
                let message =
                    format!("`{}` is {}: it cannot be multiplied", mapping.field.text, super::expr::describe(&ty));
                let help = "use `times` for numbers and money only";
                self.out.push(Diagnostic::new(Code::WrongValue, factor.span, message).help(help));
            }
            if let Some(split) = &mapping.split {
                if !matches!(ty, Ty::List(_) | Ty::Unknown) {
                    let message =
                        format!("`{}` is {}: it cannot be split", mapping.field.text, super::expr::describe(&ty));
                    let help = format!("declare it as a list: `{} list of text?`", mapping.field.text);
                    self.out.push(Diagnostic::new(Code::WrongValue, split.span, message).help(help));
                } else if split.text.is_empty() {
                    let message = "nothing stands between the values";
                    let help = "say what does: `split \";\"`";
                    self.out.push(Diagnostic::new(Code::BadFormat, split.span, message).help(help));
                }
            }
            let folding = self.pact.folding;
            let mut to = |to: &tree::MapToNode| match to {
                tree::MapToNode::Missing => Some(MapTo::Missing),
                tree::MapToNode::Reject => Some(MapTo::Reject),
                tree::MapToNode::Value(value) => self.value_of(value, &ty).map(MapTo::Value),
            };
            let cases = mapping.cases.iter().filter_map(|(texts, target)| {
                let texts = texts.iter().map(|text| folding.fold(text.text.trim()).into_owned()).collect();
                to(target).map(|target| (texts, target))
            });
            let cases = cases.collect();
            let otherwise = mapping.otherwise.as_ref().and_then(&mut to);
            mappings.push(Mapping {
                field,
                columns: mapping.columns.iter().map(|column| column.text.clone()).collect(),
                guard: self.row_guard(mapping.guard.as_ref()),
                split: mapping.split.as_ref().map(|split| split.text.clone()),
                factor: mapping.factor.as_ref().map(|factor| factor.node),
                cases,
                otherwise,
                cell_missing: mapping.cell_missing,
                span: mapping.span,
            });
        }
        mappings
    }

    fn event_from(&mut self, event: &tree::EventFromNode) -> Option<EventFrom> {
        self.names.get(Space::Kind, "activity, touch or disposition", &event.kind, &mut self.out)?;
        let id = self.pact.kind(&event.kind.text)?;
        let mut values = Vec::new();
        let mut all_known = true;
        for (name, column) in &event.values {
            match self.pact[id].property(&name.text) {
                Some(at) => values.push((at, column.text.clone())),
                None => {
                    all_known = false;
                    let names: Vec<Arc<str>> = self.pact[id].properties.iter().map(|p| p.name.clone()).collect();
                    self.out.push(unknown("property", name, names.iter().map(|name| &**name)));
                }
            }
        }
        let needed = self.pact[id].properties.iter().enumerate();
        let lacking: Vec<Arc<str>> = needed
            // a misspelt property may be the one that lacks
            .filter(|(at, property)| all_known && !property.optional && !values.iter().any(|(v, _)| *v as usize == *at))
            .map(|(_, property)| property.name.clone())
            .collect();
        for name in lacking {
            let message = format!("`{}` needs `{name}`, and no column fills it", event.kind.text);
            let help = format!("add `{{ {name} = \"COLUMN\" }}`");
            self.out.push(Diagnostic::new(Code::NoColumn, event.kind.span, message).help(help));
        }
        Some(EventFrom {
            kind: id,
            at: event.at.text.clone(),
            guard: self.row_guard(event.guard.as_ref()),
            values,
            span: event.span,
        })
    }
}

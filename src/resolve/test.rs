//! Tests in the language.

use std::sync::Arc;

use chrono::NaiveTime;

use super::Resolver;
use super::names::{Space, unknown};
use crate::diagnostic::{Code, Diagnostic};
use crate::pact::{Expectation, FieldId, Happens, KindId, Property, Test, TestLead};
use crate::record::{Event, Record};
use crate::span::Span;
use crate::syntax::tree::{self, Ago, FieldValue, Happening, Spanned, TestClause, When};
use crate::time::Instant;
use crate::ty::Ty;
use crate::value::Value;

/// The time of day of a test that names none, in the pact's zone.
const NOON: (u32, u32) = (12, 0);

impl Resolver<'_> {
    pub(super) fn tests(&mut self, items: &[Spanned<tree::TestNode>]) {
        for item in items {
            if let Some(first) = self.pact.tests.iter().find(|test| test.name == item.node.name.text) {
                let finding = Diagnostic::new(Code::DeclaredTwice, item.node.name.span, "two tests have this name")
                    .and(first.span, "the first one")
                    .help("say in each what it shows");
                self.out.push(finding);
            }
            let test = self.test(item);
            self.pact.tests.push(test);
        }
    }

    fn test(&mut self, item: &Spanned<tree::TestNode>) -> Test {
        let clauses = &item.node.clauses;
        let at = self.test_instant(clauses);
        let mut test = Test {
            name: item.node.name.text.clone(),
            environment: None,
            leads: self.test_leads(&item.node, at),
            begin: self.named_instants(clauses).min().unwrap_or(at),
            at,
            expectations: Vec::new(),
            span: item.span,
        };
        for clause in clauses {
            match clause {
                TestClause::Env(name) => {
                    self.environment(&name.text, name.span);
                    test.environment = Some(name.text.clone());
                }
                TestClause::Expect(when, outcomes) => {
                    let at = when.as_ref().map(|when| self.moment(when.node));
                    let kinds = outcomes.iter().map(|outcome| (self.outcome(outcome), outcome.span));
                    let expected = kinds.filter_map(|(kind, span)| Some(Expectation { at, kind: kind?, span }));
                    test.expectations.extend(expected.collect::<Vec<_>>());
                }
                TestClause::Lead(..)
                | TestClause::Stage(_)
                | TestClause::At(_)
                | TestClause::Happens(..)
                | TestClause::Had(..) => {}
            }
        }
        let places = |of: fn(&TestClause) -> Option<Span>| clauses.iter().filter_map(of).collect::<Vec<Span>>();
        self.once("at", &places(|clause| if let TestClause::At(when) = clause { Some(when.span) } else { None }));
        self.once("in env", &places(|clause| if let TestClause::Env(name) = clause { Some(name.span) } else { None }));
        let of_one = |expectation: &&Expectation| !expectation.kind.is_of_all();
        for expectation in test.expectations.iter().filter(|_| test.leads.len() > 1).filter(of_one) {
            let message = "a test of several leads expects figures, and this is about one";
            let help = "write a test of its own for the lead";
            self.out.push(Diagnostic::new(Code::WrongValue, expectation.span, message).help(help));
        }
        let expects = clauses.iter().any(|clause| matches!(clause, TestClause::Expect(..)));
        if !expects {
            let finding = Diagnostic::new(Code::NothingExpected, item.node.name.span, "the test expects nothing")
                .help("say what must come out: `expect stage mql`");
            self.out.push(finding);
        }
        test
    }

    /// The leads of a test: one, or several that have names, each with what stands below its name.
    fn test_leads(&mut self, test: &tree::TestNode, at: Instant) -> Vec<TestLead> {
        let leads: Vec<(Option<&tree::Name>, Span)> = test.clauses.iter().filter_map(of_lead).collect();
        if leads.len() < 2 || leads.iter().all(|(name, _)| name.is_none()) {
            self.once("lead", &leads.iter().map(|(_, span)| *span).collect::<Vec<_>>());
            return vec![self.test_lead(test, &test.clauses, None, at)];
        }
        let mut all = Vec::new();
        let mut names: Vec<&tree::Name> = Vec::new();
        for part in test.clauses.chunk_by(|_, next| of_lead(next).is_none()) {
            if let Some((name, span)) = part.first().and_then(of_lead) {
                self.named_lead(name, span, &mut names);
                all.push(self.test_lead(test, part, name, at));
            } else {
                part.iter().for_each(|clause| self.of_no_lead(clause));
            }
        }
        all
    }

    /// What stands before the first of several leads can be about none of them.
    fn of_no_lead(&mut self, clause: &TestClause) {
        let place = match clause {
            TestClause::Stage(name) => Some(name.span),
            TestClause::Happens(when, _) => Some(when.span),
            TestClause::Had(_, times) => times.first().map(|time| time.span),
            TestClause::Lead(..) | TestClause::Env(_) | TestClause::At(_) | TestClause::Expect(..) => None,
        };
        if let Some(place) = place {
            let message = "this stands before the first of several leads, and is about none of them";
            let help = "write it below the lead that it is about";
            self.out.push(Diagnostic::new(Code::WrongValue, place, message).help(help));
        }
    }

    /// A lead of a test: its record, and what happened to it. It is called by its name, or as the test is.
    fn test_lead(
        &mut self,
        test: &tree::TestNode,
        clauses: &[TestClause],
        name: Option<&tree::Name>,
        now: Instant,
    ) -> TestLead {
        let mut record = Record::new(&self.pact);
        if let Some(Ty::Text) = self.pact.fields.get(self.pact.key.0 as usize).map(|field| &field.ty) {
            record.set(self.pact.key, Some(Value::text(name.map_or(&*test.name.text, |name| &name.text))));
        }
        let mut lead = TestLead { record, happens: Vec::new() };
        let mut stages: Vec<Span> = Vec::new();
        let mut written: Vec<&FieldValue> = Vec::new();
        for clause in clauses {
            match clause {
                TestClause::Lead(_, values, _) => {
                    self.lead(values, &mut lead.record);
                    written.extend(values);
                }
                TestClause::Stage(name) => {
                    stages.push(name.span);
                    lead.record.stage = self.stage_named(name);
                }
                TestClause::Happens(when, happenings) => {
                    let at = self.moment(when.node);
                    let happens = happenings.iter().filter_map(|happening| self.happens(happening));
                    lead.happens.extend(happens.map(|happens| (at, happens)));
                }
                TestClause::Had(happening, times) => {
                    let happens = self.happens(happening);
                    for time in times {
                        match (self.ago(time, now), happens.clone()) {
                            (Some(at), Some(Happens::Event(kind, values))) => {
                                lead.record.history.push(Event { kind, at, values });
                            }
                            (Some(at), Some(happens)) => lead.happens.push((at, happens)),
                            _ => {}
                        }
                    }
                }
                TestClause::Env(_) | TestClause::At(_) | TestClause::Expect(..) => {}
            }
        }
        self.once("in stage", &stages);
        self.required(test, name, &written, &lead.record);
        lead.record.sort();
        lead.happens.sort_by_key(|(at, _)| *at);
        lead
    }

    /// Each of several leads has a name of its own.
    fn named_lead<'n>(&mut self, name: Option<&'n tree::Name>, span: Span, names: &mut Vec<&'n tree::Name>) {
        let Some(name) = name else {
            let message = "a test of several leads says which is which";
            let place = Span { end: span.start.saturating_add(4), ..span };
            self.out.push(Diagnostic::new(Code::WrongValue, place, message).help("name each: `lead ana { … }`"));
            return;
        };
        if let Some(first) = names.iter().find(|other| other.text == name.text) {
            let finding = Diagnostic::new(Code::DeclaredTwice, name.span, format!("`{}` is here twice", name.text));
            self.out.push(finding.and(first.span, "here already").help("give each lead a name of its own"));
        }
        names.push(name);
    }

    /// The instant of a test: the last one that it names; without one, noon of the day on which the pact takes effect.
    fn test_instant(&self, clauses: &[TestClause]) -> Instant {
        self.named_instants(clauses).max().unwrap_or_else(|| {
            let date = self.pact.effective.or_else(|| chrono::NaiveDate::from_ymd_opt(2026, 1, 1)).unwrap_or_default();
            self.moment(When::Date(date))
        })
    }

    fn named_instants(&self, clauses: &[TestClause]) -> impl Iterator<Item = Instant> {
        clauses.iter().filter_map(|clause| match clause {
            TestClause::At(when) | TestClause::Happens(when, _) | TestClause::Expect(Some(when), _) => {
                Some(self.moment(when.node))
            }
            _ => None,
        })
    }

    /// A date in a test is its noon, in the pact's zone.
    fn moment(&self, when: When) -> Instant {
        let noon = NaiveTime::from_hms_opt(NOON.0, NOON.1, 0).unwrap_or_default();
        self.pact.zone.instant(match when {
            When::Date(date) => date.and_time(noon),
            When::Time(local) => local,
        })
    }

    fn ago(&mut self, time: &Spanned<Ago>, at: Instant) -> Option<Instant> {
        let zone = self.pact.zone.clone();
        match &time.node {
            Ago::Today => Some(at),
            Ago::Yesterday => crate::time::Duration::days(1).before(at, &zone),
            Ago::At(when) => Some(self.moment(*when)),
            Ago::Before(written) => self.window(written, "`ago`").and_then(|duration| duration.before(at, &zone)),
        }
    }

    fn lead(&mut self, values: &[FieldValue], record: &mut Record) {
        for value in values {
            let Some(id) = self.field_named(&value.name) else { continue };
            let ty = self.pact[id].ty.clone();
            let set = self.values(value, &ty);
            record.set(id, set);
        }
    }

    /// A field by its name. A test may name every field, so naming one there does not make it used.
    pub(super) fn field_named(&mut self, name: &tree::Name) -> Option<FieldId> {
        let id = self.pact.field(&name.text);
        if id.is_none() {
            let fields: Vec<Arc<str>> = self.pact.fields.iter().map(|field| field.name.clone()).collect();
            self.out.push(unknown("field", name, fields.iter().map(|name| &**name)));
        }
        id
    }

    /// The value of a field or property as a test writes it; none is `missing`.
    fn values(&mut self, written: &FieldValue, ty: &Ty) -> Option<Value> {
        if let Ty::List(of) = ty {
            let values: Vec<Value> = written.values.iter().filter_map(|v| self.value_of(v, of)).collect();
            return (!written.values.is_empty()).then(|| Value::List(values.into()));
        }
        if let Some(second) = written.values.get(1) {
            let message = format!("`{}` has one value, not several", written.name.text);
            self.out.push(Diagnostic::new(Code::WrongValue, second.span, message).help("write one value"));
        }
        written.values.first().and_then(|value| self.value_of(value, ty))
    }

    /// Required fields that a test's lead lacks; one whose value does not fit has a finding already.
    fn required(&mut self, test: &tree::TestNode, name: Option<&tree::Name>, values: &[&FieldValue], record: &Record) {
        let written: Vec<&str> = values.iter().filter(|v| !v.values.is_empty()).map(|v| &*v.name.text).collect();
        let lacking: Vec<String> = self
            .pact
            .fields
            .iter()
            .zip(&record.values)
            .filter(|(field, value)| !field.optional && value.is_none() && !written.contains(&&*field.name))
            .map(|(field, _)| format!("`{}`", field.name))
            .collect();
        if !lacking.is_empty() {
            let message = format!("the test's lead lacks {}", lacking.join(", "));
            let finding = Diagnostic::new(Code::LacksField, name.map_or(test.name.span, |name| name.span), message)
                .help("give it a value in `lead { … }`, make the field optional with `?`, or give it a `default`");
            self.out.push(finding);
        }
    }

    fn happens(&mut self, happening: &Happening) -> Option<Happens> {
        Some(match happening {
            Happening::Event(name, written) => {
                self.names.get(Space::Kind, "activity, touch or disposition", name, &mut self.out)?;
                let id = self.pact.kind(&name.text)?;
                Happens::Event(id, self.properties(id, name, written))
            }
            Happening::Change(written) => {
                let id = self.field_named(&written.name)?;
                let ty = self.pact[id].ty.clone();
                Happens::Change(id, self.values(written, &ty))
            }
            Happening::Assigned(name) => Happens::Assigned(name.text.clone()),
        })
    }

    fn properties(&mut self, kind: KindId, name: &tree::Name, written: &[FieldValue]) -> Vec<Option<Value>> {
        let properties = self.pact[kind].properties.clone();
        let mut values = vec![None; properties.len()];
        for value in written {
            match self.pact[kind].property(&value.name.text) {
                Some(at) => {
                    let ty = properties.get(at as usize).map_or(Ty::Unknown, |p| p.ty.clone());
                    if let Some(place) = values.get_mut(at as usize) {
                        *place = self.values(value, &ty);
                    }
                }
                None => {
                    self.out.push(unknown("property", &value.name, properties.iter().map(|p| &*p.name)));
                }
            }
        }
        // one that is misspelt or has a wrong value has a finding already
        let lacking = |property: &Property| {
            !property.optional
                && written.iter().all(|value| {
                    value.name.text != property.name && properties.iter().any(|p| p.name == value.name.text)
                })
        };
        for (property, _) in properties.iter().zip(&values).filter(|(p, value)| value.is_none() && lacking(p)) {
            let message = format!("`{}` needs `{}`", name.text, property.name);
            let finding = Diagnostic::new(Code::LacksField, name.span, message)
                .help(format!("write `{} {{ {} … }}`", name.text, property.name));
            self.out.push(finding);
        }
        values
    }
}

/// The name and the place of a clause that begins a lead.
fn of_lead(clause: &TestClause) -> Option<(Option<&tree::Name>, Span)> {
    match clause {
        TestClause::Lead(name, _, span) => Some((name.as_ref(), *span)),
        _ => None,
    }
}

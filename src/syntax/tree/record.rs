//! What a lead record holds, what a lead does, and the lists, tables and params of a pact.

use super::value::lower_value;
use super::{Name, Spanned, Text, ValueNode};
use crate::span::Span;
use crate::syntax::cursor::{Children, Findings, Node};
use crate::syntax::grammar::Rule;

/// `lead { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its fields, in order.
    pub fields: Vec<FieldNode>,
    /// `match on`: what leads are recognised by besides the key, that which decides first; and where it stands.
    pub identities: Vec<(Vec<IdentityNode>, Span)>,
}

/// `FIELD in COUNTRY`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityNode {
    /// The field.
    pub field: Name,
    /// The country of phone numbers.
    pub country: Option<CountryNode>,
}

/// How the country of a phone number is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CountryNode {
    /// By a field.
    Field(Name),
    /// One for all.
    Code(Text),
}

/// `NAME TYPE key pii default VALUE "…"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldNode {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// `key`: tells records apart.
    pub key: Option<Span>,
    /// `pii`: personal data.
    pub pii: bool,
    /// What it is when a record does not say.
    pub default: Option<ValueNode>,
    /// What it means.
    pub description: Option<Text>,
    /// The whole field.
    pub span: Span,
}

/// A type as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// What values are.
    pub kind: TypeKind,
    /// Whether a value may be missing.
    pub optional: bool,
    /// Its place.
    pub span: Span,
}

/// What values of a type are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeKind {
    Text,
    Integer,
    Number,
    Bool,
    Date,
    Time,
    Duration,
    Money(Name),
    OneOf(Vec<Name>),
    List(Box<TypeKind>),
}

impl Lead {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut lead = Self { fields: Vec::new(), identities: Vec::new() };
        let mut parts = node.children();
        while let Some(clause) = parts.next() {
            match clause.rule() {
                Rule::identities => {
                    let span = clause.span();
                    let identities = clause.children().all(Rule::identity).map(lower_identity).collect();
                    lead.identities.push((identities, span));
                }
                _ => lead.fields.push(lower_field(clause, out)),
            }
        }
        lead
    }
}

fn lower_identity(node: Node<'_>) -> IdentityNode {
    let mut parts = node.children();
    let field = parts.name();
    let name = parts.take(Rule::name).map(|name| CountryNode::Field(name.name()));
    IdentityNode { field, country: name.or_else(|| parts.string().map(CountryNode::Code)) }
}

fn lower_field(node: Node<'_>, out: &mut Findings) -> FieldNode {
    let span = node.span();
    let mut parts = node.children();
    let (name, ty) = (parts.name(), the_type(&mut parts));
    let mut field = FieldNode { name, ty, key: None, pii: false, default: None, description: None, span };
    while let Some(mark) = parts.next() {
        match mark.rule() {
            Rule::key_mark => field.key = Some(mark.span()),
            Rule::pii_mark => field.pii = true,
            Rule::default_mark => field.default = mark.children().take(Rule::constant).map(|n| lower_value(n, out)),
            _ => field.description = Some(mark.string()),
        }
    }
    field
}

fn the_type(parts: &mut Children<'_>) -> Type {
    let Some(node) = parts.take(Rule::type_) else {
        let span = Span { file: crate::span::FileId(0), start: 0, end: 0 };
        return Type { kind: TypeKind::Text, optional: false, span };
    };
    let span = node.span();
    let mut inner = node.children();
    let (kind, inner_optional) = inner.next().map_or((TypeKind::Text, false), type_kind);
    Type { kind, optional: inner_optional || inner.take(Rule::optional).is_some(), span }
}

/// The kind, and whether `?` stood inside it, as in `money? USD`.
fn type_kind(node: Node<'_>) -> (TypeKind, bool) {
    let rule = node.rule();
    let mut parts = node.children();
    match rule {
        Rule::money_type => {
            let optional = parts.take(Rule::optional).is_some();
            let currency = parts.take(Rule::currency).map(|n| n.name());
            (TypeKind::Money(currency.unwrap_or_else(|| parts.name())), optional)
        }
        Rule::one_of_type => (TypeKind::OneOf(parts.names()), false),
        Rule::list_type => {
            let (kind, optional) = parts.next().map_or((TypeKind::Text, false), type_kind);
            (TypeKind::List(Box::new(kind)), optional)
        }
        _ => {
            let kinds = [
                (Rule::kw_integer, TypeKind::Integer),
                (Rule::kw_number, TypeKind::Number),
                (Rule::kw_bool, TypeKind::Bool),
                (Rule::kw_date, TypeKind::Date),
                (Rule::kw_time, TypeKind::Time),
                (Rule::kw_duration, TypeKind::Duration),
            ];
            let kind = kinds.into_iter().find(|(keyword, _)| parts.has(*keyword));
            (kind.map_or(TypeKind::Text, |(_, kind)| kind), false)
        }
    }
}

/// `activity a, b { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// What the lead does.
    pub kinds: Vec<KindNode>,
}

/// `touch a, b { … }`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Touch {
    /// What sales does to the lead.
    pub kinds: Vec<KindNode>,
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindNode {
    /// Its name.
    pub name: Name,
    /// What it means.
    pub description: Option<Text>,
    /// What each event says.
    pub properties: Vec<PropertyNode>,
}

/// A property of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyNode {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: Type,
}

impl Activity {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        Self { kinds: lower_kinds(node) }
    }
}

impl Touch {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        Self { kinds: lower_kinds(node) }
    }
}

fn lower_kinds(node: Node<'_>) -> Vec<KindNode> {
    let kinds = node.children().only(Rule::kind).map(|n| {
        let mut parts = n.children();
        KindNode { name: parts.name(), description: parts.string(), properties: lower_properties(&mut parts) }
    });
    kinds.collect()
}

pub(super) fn lower_properties(parts: &mut Children<'_>) -> Vec<PropertyNode> {
    let Some(node) = parts.take(Rule::properties) else {
        return Vec::new();
    };
    let properties = node.children().only(Rule::property).map(|n| {
        let mut inner = n.children();
        PropertyNode { name: inner.name(), ty: the_type(&mut inner) }
    });
    properties.collect()
}

/// `list NAME = …` or `list NAME from "file"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListNode {
    /// Its name.
    pub name: Name,
    /// What it holds, in words.
    pub description: Option<Text>,
    /// Its values as written, or where they are.
    pub values: ListValues,
}

/// Where the values of a list are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListValues {
    /// In the pact.
    Inline(Vec<ValueNode>),
    /// In a file, one a line, or in a column of a CSV file.
    File {
        /// The file, inside the pact's folder.
        file: Text,
        /// The column.
        column: Option<Text>,
    },
}

impl ListNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let values = match parts.take(Rule::from_file) {
            Some(node) => {
                let mut inner = node.children();
                let file = the_file(&mut inner);
                ListValues::File { file, column: inner.take(Rule::column).map(|n| n.children().the_string()) }
            }
            None => {
                let values = parts.take(Rule::list_values).map(Node::children);
                let values = values.map(|mut v| v.all(Rule::constant).map(|n| lower_value(n, out)).collect());
                ListValues::Inline(values.unwrap_or_default())
            }
        };
        Self { name, description, values }
    }
}

/// `table NAME from "file.csv"`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableNode {
    /// Its name.
    pub name: Name,
    /// What it holds, in words.
    pub description: Option<Text>,
    /// The file, inside the pact's folder.
    pub file: Text,
}

impl TableNode {
    pub(super) fn lower(node: Node<'_>, _: &mut Findings) -> Self {
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let mut file = parts.take(Rule::table_file).map_or(parts, Node::children);
        Self { name, description, file: the_file(&mut file) }
    }
}

/// `"file.csv"`, or `"file.xlsx" sheet "Name"`, which is named `file.xlsx#Name`.
pub(super) fn the_file(parts: &mut Children<'_>) -> Text {
    let mut file = parts.the_string();
    if let Some(node) = parts.take(Rule::sheet) {
        let sheet = node.children().the_string();
        file = Text { text: format!("{}#{}", file.text, sheet.text).into(), span: file.span.to(sheet.span) };
    }
    file
}

/// `param NAME = VALUE in staging VALUE`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParamNode {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Option<Text>,
    /// Its value where no environment says otherwise.
    pub value: ValueNode,
    /// Its value in an environment.
    pub overrides: Vec<(Name, ValueNode)>,
}

impl ParamNode {
    pub(super) fn lower(node: Node<'_>, out: &mut Findings) -> Self {
        let span = node.span();
        let mut parts = node.children();
        let (name, description) = (parts.name(), parts.string());
        let value = the_value(&mut parts, span, out);
        let mut overrides = Vec::new();
        while let Some(node) = parts.take(Rule::param_override) {
            let mut inner = node.children();
            overrides.push((inner.name(), the_value(&mut inner, span, out)));
        }
        Self { name, description, value, overrides }
    }
}

/// The next value, which the grammar places.
pub(super) fn the_value(parts: &mut Children<'_>, end: Span, out: &mut Findings) -> ValueNode {
    let node = parts.take(Rule::constant);
    node.map_or(Spanned { node: super::Literal::Bool(false), span: end }, |n| lower_value(n, out))
}

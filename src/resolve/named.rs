//! Values and bands: what has a name and is worked out.

use std::sync::Arc;

use super::Resolver;
use super::expr::{Context, describe, unknown};
use super::handover::words;
use super::names::{Space, one};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::pact::{Band, BandCase, BandRest, Expr, ExprKind, Grid, GridRow, NamedKind, NamedValue, ValueId};
use crate::syntax::tree::{self, BandNode, Name, Spanned};
use crate::ty::Ty;

/// A `value` or `band` item that waits to be resolved.
#[derive(Debug, Clone)]
pub(super) enum NamedItem {
    Value(Spanned<tree::NamedValueNode>),
    Band(Spanned<BandNode>),
}

impl NamedItem {
    pub(super) fn name(&self) -> &Name {
        match self {
            Self::Value(item) => &item.node.name,
            Self::Band(item) => &item.node.name,
        }
    }
}

impl Resolver<'_> {
    /// Gives every value its place. Each is resolved when it is first asked for, since others need its type.
    pub(super) fn place_values(&mut self, items: Vec<NamedItem>) {
        for item in &items {
            let (span, name) = match item {
                NamedItem::Value(of) => (of.span, &of.node.name),
                NamedItem::Band(of) => (of.span, &of.node.name),
            };
            self.pact.values.push(NamedValue {
                name: name.text.clone(),
                description: "".into(),
                ty: Ty::Unknown,
                kind: NamedKind::Value(unknown(name.span)),
                span,
            });
        }
        self.waiting = items.into_iter().map(Some).collect();
    }

    /// Resolves those that nothing else asked for.
    pub(super) fn named_values(&mut self) {
        for at in 0..self.pact.values.len() {
            self.named_value(ValueId(at as u32));
        }
    }

    /// The type of a named value. One that asks for itself has none; its circle is found later.
    pub(super) fn named_value(&mut self, id: ValueId) -> Ty {
        let at = id.0 as usize;
        let Some(item) = self.waiting.get_mut(at).and_then(Option::take) else {
            return self.pact.values.get(at).map_or(Ty::Unknown, |value| value.ty.clone());
        };
        let resolved = match &item {
            NamedItem::Value(item) => {
                let value = self.expr(&item.node.value, Context::LEAD);
                (words(item.node.description.as_ref()), value.ty.clone(), NamedKind::Value(value))
            }
            NamedItem::Band(item) => {
                let (ty, kind) = match &item.node.by {
                    Some(by) => self.grid(&item.node, by),
                    None => self.band(&item.node),
                };
                (words(item.node.description.as_ref()), ty, kind)
            }
        };
        if let Some(value) = self.pact.values.get_mut(at) {
            (value.description, value.ty, value.kind) = resolved;
        }
        self.pact.values.get(at).map_or(Ty::Unknown, |value| value.ty.clone())
    }

    fn band(&mut self, band: &BandNode) -> (Ty, NamedKind) {
        let none = (Ty::Unknown, NamedKind::Value(unknown(band.name.span)));
        if let Some(row) = band.rows.first() {
            let finding = Diagnostic::new(Code::BadBand, row.span, "a row needs columns")
                .help(format!("cross it with another band: `band {} of {} by …`", band.name.text, band.of.text));
            self.out.push(finding);
            return none;
        }
        let name = tree::ExprNode { kind: tree::ExprKindNode::Name(band.of.clone()), span: band.of.span };
        let of = self.expr(&name, Context::LEAD);
        if of.ty != Ty::Unknown && !of.ty.is_ordered() {
            let message = format!("`{}` is {}: it has no more and less", band.of.text, describe(&of.ty));
            let help = "part a score, a value or a field that is a number, money, a date or a duration";
            self.out.push(Diagnostic::new(Code::BadBand, band.of.span, message).help(help));
            return none;
        }
        let Some(otherwise) = self.the_rest(band) else { return none };
        let mut cases = Vec::new();
        for case in &band.cases {
            let end = self.value_of(&case.end, if of.ty == Ty::Integer { &Ty::Number } else { &of.ty });
            let Some(end) = end else { continue };
            let end = Expr { kind: ExprKind::Value(end), ty: of.ty.clone(), span: case.end.span };
            let kind = ExprKind::Compare(case.comparison, false, Box::new(of.clone()), Box::new(end));
            let when = Expr { kind, ty: Ty::Bool, span: case.span };
            cases.push(BandCase { word: case.word.text.clone(), when, span: case.span });
        }
        if cases.is_empty() && of.ty != Ty::Unknown && band.cases.is_empty() {
            let message = format!("every lead would be `{}`", otherwise.word);
            let finding = Diagnostic::new(Code::BadBand, band.name.span, message)
                .help(format!("say where a band begins: `hot >= 80  otherwise {}`", otherwise.word));
            self.out.push(finding);
        }
        self.shadowed_bands(&cases);
        let band = Band { of, cases, otherwise };
        (each_once(band.words().map(|(word, _)| word)), NamedKind::Band(band))
    }

    /// The word of all else, which a band needs once.
    fn the_rest(&mut self, band: &BandNode) -> Option<BandRest> {
        self.once("otherwise", &band.otherwise.iter().map(|rest| rest.span).collect::<Vec<_>>());
        if band.otherwise.is_empty() {
            let message = format!("`{}` does not say what all other leads are", band.name.text);
            let finding =
                Diagnostic::new(Code::BadBand, band.name.span, message).help("add the last band: `otherwise cold`");
            self.out.push(finding);
        }
        band.otherwise.first().map(|rest| BandRest { word: rest.word.text.clone(), span: rest.span })
    }

    /// A band behind another one that takes all of its values never comes up.
    fn shadowed_bands(&mut self, cases: &[BandCase]) {
        use crate::pact::Comparison as C;
        let end = |case: &BandCase| match &case.when.kind {
            ExprKind::Compare(op, _, _, end) => match &end.kind {
                ExprKind::Value(value) => Some((*op, value.as_number()?)),
                _ => None,
            },
            _ => None,
        };
        for (at, case) in cases.iter().enumerate() {
            let Some((op, of)) = end(case) else { continue };
            let above = cases.iter().take(at).find(|earlier| {
                end(earlier).is_some_and(|(earlier, first)| match (earlier, op) {
                    (C::AtLeast, C::AtLeast | C::More) | (C::More, C::More) => first <= of,
                    (C::More, C::AtLeast) => first < of,
                    (C::AtMost, C::AtMost | C::Less) | (C::Less, C::Less) => first >= of,
                    (C::Less, C::AtMost) => first > of,
                    _ => false,
                })
            });
            if let Some(above) = above {
                let message = format!("no lead comes to be `{}`", case.word);
                let finding = Diagnostic::new(Code::BadBand, case.span, message)
                    .and(above.span, format!("`{}` takes them all before", above.word))
                    .help("the first band that holds counts: write the highest first");
                self.out.push(finding);
            }
        }
    }

    fn grid(&mut self, grid: &BandNode, by: &Name) -> (Ty, NamedKind) {
        let none = (Ty::Unknown, NamedKind::Value(unknown(grid.name.span)));
        let (rows, columns) = (self.crossed(&grid.of), self.crossed(by));
        let (Some((rows, row_words)), Some((columns, column_words))) = (rows, columns) else { return none };
        for (span, name) in grid
            .cases
            .iter()
            .map(|case| (case.span, &case.word))
            .chain(grid.otherwise.iter().map(|rest| (rest.span, &rest.word)))
        {
            let message = format!("`{}` is no row", name.text);
            let help = format!("write a row for each word of `{}`: `{} -> …`", grid.of.text, row_words.join("`, `"));
            self.out.push(Diagnostic::new(Code::BadBand, span, message).help(help));
        }
        let mut cells: Vec<Option<GridRow>> = vec![None; row_words.len()];
        for row in &grid.rows {
            let Some(at) = row_words.iter().position(|word| *word == row.word.text) else {
                let message = format!("`{}` has no band `{}`", grid.of.text, row.word.text);
                let meant = closest(&row.word.text, row_words.iter().map(|word| &**word));
                let help = match meant {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("there are `{}`", row_words.join("`, `")),
                };
                self.out.push(Diagnostic::new(Code::UnknownWord, row.word.span, message).help(help));
                continue;
            };
            if row.words.len() != column_words.len() {
                let message = format!("this row has {} words for {} columns", row.words.len(), column_words.len());
                let help = format!("the columns are the bands of `{}`: {}", by.text, column_words.join(", "));
                self.out.push(Diagnostic::new(Code::BadBand, row.span, message).help(help));
            }
            let Some(place) = cells.get_mut(at) else { continue };
            if let Some(GridRow { span: first, .. }) = place {
                let finding =
                    Diagnostic::new(Code::DeclaredTwice, row.span, format!("`{}` has its row", row.word.text))
                        .and(*first, "here")
                        .help("keep one of them");
                self.out.push(finding);
                continue;
            }
            let words = row.words.iter().map(|word| word.text.clone()).collect();
            *place = Some(GridRow { of: row.word.text.clone(), words, span: row.span });
        }
        let lacking: Vec<String> = row_words
            .iter()
            .zip(&cells)
            .filter(|(_, row)| row.is_none())
            .map(|(word, _)| format!("`{word}`"))
            .collect();
        if !lacking.is_empty() {
            let message = format!("there is no row for {}", lacking.join(", "));
            let help = format!("write one: `{} -> …`", lacking.first().map_or("", |word| word.trim_matches('`')));
            self.out.push(Diagnostic::new(Code::BadBand, grid.name.span, message).help(help));
        }
        let cells: Vec<GridRow> = cells.into_iter().flatten().collect();
        let ty = each_once(cells.iter().flat_map(|row| &row.words));
        (ty, NamedKind::Grid(Grid { rows, columns, cells }))
    }

    /// A band that a grid crosses, and its words.
    fn crossed(&mut self, name: &Name) -> Option<(ValueId, Vec<Arc<str>>)> {
        let found = self.names.get(Space::Value, "band", name, &mut self.out)?;
        let id = ValueId(found.id);
        let ty = if found.what == "value" { self.named_value(id) } else { Ty::Bool };
        match self.pact.values.get(found.id as usize).filter(|_| found.what == "value") {
            _ if ty == Ty::Unknown => None,
            Some(value) if value.is_band() => Some((id, value.words().to_vec())),
            _ => {
                let what = if found.what == "value" { "a value".to_owned() } else { one(found.what) };
                let finding =
                    Diagnostic::new(Code::BadBand, name.span, format!("`{}` is {what}, not a band", name.text))
                        .help(format!("part it into bands first: `band … of {} {{ … }}`", name.text));
                self.out.push(finding);
                None
            }
        }
    }
}

/// Words as a type, each once, in the order in which they come.
fn each_once<'w>(words: impl Iterator<Item = &'w Arc<str>>) -> Ty {
    let mut all: Vec<Arc<str>> = Vec::new();
    for word in words {
        if !all.contains(word) {
            all.push(word.clone());
        }
    }
    Ty::Word(all.into())
}

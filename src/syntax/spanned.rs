//! Parts of a text with their places.

use std::sync::Arc;

use crate::span::Span;

/// An identifier as written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Name {
    /// Its letters.
    pub text: Arc<str>,
    /// Its place.
    pub span: Span,
}

/// A text in quotes, escapes resolved.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Text {
    /// The text between the quotes.
    pub text: Arc<str>,
    /// Its place, quotes included.
    pub span: Span,
}

/// A part with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The part.
    pub node: T,
    /// Its place.
    pub span: Span,
}

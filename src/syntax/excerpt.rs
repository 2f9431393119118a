//! Parts of a text put together as a text of their own, which knows where its letters come from.

use std::ops::Range;

/// The kept parts of a text, a line end between them.
pub(super) struct Excerpt {
    /// The text to parse.
    pub(super) text: String,
    /// Where each part starts here, and where it lies in the whole text.
    parts: Vec<(usize, Range<usize>)>,
}

impl Excerpt {
    /// The excerpt of these parts, in their order.
    pub(super) fn of<'r>(whole: &str, ranges: impl IntoIterator<Item = &'r Range<usize>>) -> Self {
        let mut excerpt = Self { text: String::new(), parts: Vec::new() };
        for range in ranges {
            excerpt.parts.push((excerpt.text.len(), range.clone()));
            excerpt.text.push_str(whole.get(range.clone()).unwrap_or(""));
            excerpt.text.push('\n');
        }
        excerpt
    }

    /// Where a byte of the excerpt lies in the whole text.
    pub(super) fn place(&self, at: usize) -> usize {
        let part = self.parts.partition_point(|(start, _)| *start <= at);
        match self.parts.get(part.wrapping_sub(1)) {
            Some((start, range)) => (range.start + at - start).min(range.end),
            None => at,
        }
    }
}

/// The text with ranges, which are in order, turned to white space; every other byte stays where it is.
pub(super) fn blank(text: &str, ranges: &[Range<usize>]) -> String {
    let mut blanked = String::with_capacity(text.len());
    for range in ranges {
        let Some((kept, gone)) = text.get(blanked.len()..range.start).zip(text.get(range.clone())) else {
            continue;
        };
        blanked.push_str(kept);
        for c in gone.chars() {
            let space = if c == '\n' { '\n' } else { ' ' };
            blanked.extend(std::iter::repeat_n(space, c.len_utf8()));
        }
    }
    blanked.push_str(text.get(blanked.len()..).unwrap_or(""));
    blanked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_lead_back() {
        let excerpt = Excerpt::of("ab{cd;ef}", &[0..3, 6..8, 8..9]);
        assert_eq!(excerpt.text, "ab{\nef\n}\n");
        assert_eq!([0, 2, 4, 5, 6, 7, 99].map(|at| excerpt.place(at)), [0, 2, 6, 7, 8, 8, 9]);
    }

    #[test]
    fn blanking_keeps_every_other_byte_in_its_place() {
        assert_eq!(blank("aลb\nc", &[1..4, 5..6]), "a   b\nc");
        assert_eq!(blank("abc", &[]), "abc");
    }
}

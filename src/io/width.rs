use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many columns of a terminal `text` takes.
pub(super) fn of(text: &str) -> usize {
    text.width()
}

/// `text` cut to `limit` columns, the last of them `…` where something is missing.
pub(super) fn cut(text: &str, limit: usize) -> Cow<'_, str> {
    if of(text) <= limit {
        return text.into();
    }
    let mut room = limit.saturating_sub(1);
    let mut end = 0;
    for (at, c) in text.char_indices() {
        let Some(rest) = room.checked_sub(c.width().unwrap_or(0)) else { break };
        room = rest;
        end = at + c.len_utf8();
    }
    format!("{}…", &text[..end]).into()
}

use super::input::Cut;

/// As much of JSON's shape as tells where an element ends.
pub(super) struct Shape {
    depth: usize,
    in_text: bool,
    escaped: bool,
    /// Some text ran into the end of its line, so the element is bad whatever follows.
    broken: bool,
    /// The columns where the element starts and where the next byte stands, and whether only blanks stand before it.
    start: u64,
    column: u64,
    indent: bool,
}

impl Shape {
    /// The shape of an element that starts in this column.
    pub(super) fn at(column: u64) -> Self {
        Self { depth: 0, in_text: false, escaped: false, broken: false, start: column, column, indent: false }
    }

    /// Where an element of a list ends.
    pub(super) fn in_list(&mut self, byte: u8) -> Cut {
        let ends = self.depth == 0 && !self.in_text && matches!(byte, b',' | b']');
        if ends || self.next_starts(byte) {
            return Cut::Before;
        }
        self.follow(byte);
        Cut::No
    }

    /// Where one of several objects in a row ends.
    pub(super) fn loose(&mut self, byte: u8) -> Cut {
        if self.next_starts(byte) {
            return Cut::Before;
        }
        let inside = self.depth > 0;
        self.follow(byte);
        let closed = inside && self.depth == 0;
        let bare_line = !inside && byte == b'\n';
        if closed || bare_line { Cut::After } else { Cut::No }
    }

    /// A brace that forgotten quotes hid may leave a bad element open. The next element is then known by its own
    /// brace, first on a line and no deeper than where this one started, which no object inside this one would be.
    fn next_starts(&self, byte: u8) -> bool {
        self.broken && self.indent && byte == b'{' && self.column <= self.start
    }

    fn follow(&mut self, byte: u8) {
        if byte == b'\n' {
            // JSON text cannot run over a line's end, so a forgotten quote does no harm to other lines.
            self.broken |= self.in_text;
            (self.in_text, self.escaped) = (false, false);
            (self.column, self.indent) = (1, true);
            return;
        }
        self.column += 1;
        self.indent &= byte.is_ascii_whitespace();
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_text => self.escaped = true,
            b'"' => self.in_text = !self.in_text,
            _ if self.in_text => {}
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }
}

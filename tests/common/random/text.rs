//! The text of a pact, one clause a line, so that clauses can be taken out one by one.

/// An item that opens and closes on lines of its own, with a clause on each line between them.
pub fn item(head: &str, clauses: &[String]) -> String {
    let mut text = format!("{head} {{\n");
    for line in clauses.iter().flat_map(|clause| clause.lines()) {
        text.push_str(&format!("  {line}\n"));
    }
    text + "}\n"
}

/// A text without each of its parts in turn, the larger parts first: an item or block, then a line.
pub fn without_parts(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().collect();
    let mut parts: Vec<(usize, usize)> = (0..lines.len()).map(|at| (at, end_of(&lines, at))).collect();
    parts.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
    let without = parts.into_iter().filter(|(from, _)| lines[*from].trim() != "}").map(|(from, to)| {
        let left = lines.iter().enumerate().filter(|(at, _)| *at < from || *at > to);
        left.map(|(_, line)| format!("{line}\n")).collect()
    });
    without.collect()
}

/// The last line of the block that a line opens; the line itself where it opens none.
fn end_of(lines: &[&str], from: usize) -> usize {
    let mut depth = 0_i32;
    for (at, line) in lines.iter().enumerate().skip(from) {
        depth += line.matches('{').count() as i32 - line.matches('}').count() as i32;
        if depth <= 0 {
            return at;
        }
    }
    from
}

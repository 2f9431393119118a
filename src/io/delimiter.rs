/// What may stand between fields, the likelier first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter of the header line that `head` starts with: the one that stands there most often outside quotes.
pub(super) fn detect(head: &[u8]) -> u8 {
    let mut counts = [0usize; CANDIDATES.len()];
    let mut quoted = false;
    let header = head.iter().skip_while(|byte| matches!(byte, b'\r' | b'\n'));
    for byte in header {
        match byte {
            b'"' => quoted = !quoted,
            b'\r' | b'\n' if !quoted => break,
            _ if quoted => {}
            _ => {
                if let Some(at) = CANDIDATES.iter().position(|candidate| candidate == byte) {
                    counts[at] += 1;
                }
            }
        }
    }
    let most = counts.iter().max().copied().unwrap_or_default();
    CANDIDATES.into_iter().zip(counts).find(|(_, count)| *count == most).map_or(b',', |(candidate, _)| candidate)
}

/// The delimiter that a first line `sep=;` declares, as spreadsheets write it.
pub(super) fn declared(line: &[u8]) -> Option<u8> {
    match line.trim_ascii_end() {
        // A tab or blank is trimmed away, and only the tab makes sense as one.
        b"sep=" => Some(b'\t').filter(|tab| line.contains(tab)),
        [b's', b'e', b'p', b'=', mark] if mark.is_ascii_punctuation() && *mark != b'"' => Some(*mark),
        _ => None,
    }
}

/// The delimiter as a person would call it.
pub(super) fn name(delimiter: u8) -> String {
    if delimiter == b'\t' { "tab".to_owned() } else { format!("`{}`", char::from(delimiter)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_and_quotes_are_seen_through() {
        assert_eq!(detect(b"a,b,c\n1;2;3;4;5"), b',');
        assert_eq!(detect(b"\r\n\"Name, full, legal\";city\n"), b';');
        assert_eq!(detect(b"a\tb\r\n"), b'\t');
        assert_eq!(detect(b"a|b"), b'|');
        assert_eq!(detect(b"alone"), b',');
        assert_eq!(declared(b"sep=;\r\n"), Some(b';'));
        assert_eq!(declared(b"sep=\t\n"), Some(b'\t'));
        assert_eq!(declared(b"separate,b"), None);
    }
}

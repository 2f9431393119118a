//! Instants as nearly everybody writes them: `2026-03-01T09:00:00Z`.

/// Days before each month of a year that is no leap year.
const BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// The nanoseconds since 1970 of an instant with seconds and `Z`, or hours and minutes from it; none where it is written
/// otherwise, or is none.
pub(super) fn plain_moment(text: &[u8]) -> Option<i64> {
    let (local, zone) = text.split_at_checked(19)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, b'T', h1, h2, b':', n1, n2, b':', s1, s2] = local else {
        return None;
    };
    let offset = match *zone {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', n1, n2] => {
            let (hours, minutes) = (two(h1, h2)?, two(n1, n2)?);
            if hours > 23 || minutes > 59 {
                return None;
            }
            (hours * 3600 + minutes * 60) * if sign == b'+' { 1 } else { -1 }
        }
        _ => return None,
    };
    let year = two(y1, y2)? * 100 + two(y3, y4)?;
    let (month, day) = (two(m1, m2)?, two(d1, d2)?);
    let (hour, minute, second) = (two(h1, h2)?, two(n1, n2)?, two(s1, s2)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = usize::try_from(month - 1).ok().and_then(|month| BEFORE.get(month))?;
    let last = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if !(1..=last).contains(&day) || hour > 23 || minute > 59 || second > 59 || year < 1 {
        return None;
    }
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let days = 365 * (year - 1970) + leaps(year - 1) - leaps(1969) + before + i64::from(leap && month > 2) + day - 1;
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset;
    seconds.checked_mul(1_000_000_000)
}

fn two(tens: u8, ones: u8) -> Option<i64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    #[test]
    fn instants_are_those_that_the_reader_of_all_rows_reads() {
        let mut seen = 0;
        for year in [1680, 1899, 1900, 1969, 1970, 1999, 2000, 2024, 2026, 2100, 2261] {
            for month in 0..=13 {
                for day in [0, 1, 28, 29, 30, 31, 32] {
                    for rest in ["T00:00:00Z", "T23:59:59+05:30", "T24:00:00Z", "T12:60:00Z", "T09:00:00-12:00"] {
                        let text = format!("{year:04}-{month:02}-{day:02}{rest}");
                        let exact = DateTime::parse_from_rfc3339(&text).ok().and_then(|at| at.timestamp_nanos_opt());
                        assert_eq!(plain_moment(text.as_bytes()), exact, "{text}");
                        seen += i32::from(exact.is_some());
                    }
                }
            }
        }
        assert!(seen > 1_000);
        for text in ["2026-03-01t09:00:00Z", "2026-03-01T09:00:00.5Z", "2026-03-01", "", "2026-03-01T09:00:60Z"] {
            assert_eq!(plain_moment(text.as_bytes()), None, "{text}");
        }
    }
}

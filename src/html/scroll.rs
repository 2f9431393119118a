//! Tables that are wider than the paper.

use maud::{Markup, html};

/// A table with its heads, and rows of which the first cell is the head. What does not fit is scrolled to.
pub(super) fn table(caption: &str, heads: &[&str], rows: &[Vec<Markup>]) -> Markup {
    html! {
        div .scroll role="group" aria-label=(caption) tabindex="0" {
            table {
                caption { (caption) }
                thead { tr { @for (at, head) in heads.iter().enumerate() { th scope="col" .num[at > 0] { bdi { (head) } } } } }
                tbody {
                    @for row in rows {
                        tr {
                            @for (at, cell) in row.iter().enumerate() {
                                @if at == 0 { th scope="row" { bdi { (cell) } } } @else { td { bdi { (cell) } } }
                            }
                        }
                    }
                }
            }
        }
    }
}

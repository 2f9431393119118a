//! The frame of a page: its head, its title, and what it is about.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::locale::Locale;

const STYLE: &str = include_str!("style.css");

/// Nothing is asked of any place, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// What stands above all else on a page.
pub(super) struct Head<'h> {
    /// What the page is.
    pub(super) title: String,
    /// Of what: the pact and its version.
    pub(super) of: String,
    /// Since when and up to when.
    pub(super) time: String,
    /// What there is to say in a sentence or two.
    pub(super) lede: Vec<String>,
    /// The text that the pact has for people.
    pub(super) description: &'h str,
    /// What the pact means, as a hash.
    pub(super) digest: &'h str,
}

/// A whole page.
pub(super) fn page(locale: &Locale<'_>, head: &Head<'_>, body: &Markup) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(locale.code()) dir=(locale.direction()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="color-scheme" content="light dark";
                title { (head.title) " · " (head.of) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                header .wrap {
                    p .of { bdi { (head.of) } }
                    h1 { bdi { (head.title) } }
                    p .time { (head.time) }
                    @if !head.description.is_empty() { p .description { bdi { (head.description) } } }
                    @if !head.lede.is_empty() {
                        p .lede { @for sentence in &head.lede { span { bdi { (sentence) } } " " } }
                    }
                }
                main .wrap { (body) }
                footer .wrap {
                    p { bdi { (head.of) } " " code { (head.digest) } }
                }
            }
        }
    };
    page.into_string()
}

//! The grammar, compiled by pest. Nothing outside `syntax` sees a `Rule`.

use pest_derive::Parser;

/// The parser that pest derives from `grammar/pact.pest`.
#[derive(Parser)]
#[grammar = "../grammar/pact.pest"]
pub(super) struct Grammar;

impl Rule {
    /// Whether the rule is a mark or keyword: those close the grammar file.
    pub(super) fn is_keyword(self) -> bool {
        self >= Rule::open
    }

    /// The keywords with which the rule opens, as the grammar spells them: `move to`, or both of `give` and `take`.
    pub(super) fn openings(self) -> Vec<String> {
        let head = format!("\n{self:?} ");
        let text = include_str!("../../grammar/pact.pest");
        let body = text.find(&head).and_then(|at| text[at..].split_once('{')).map_or("", |(_, body)| body);
        let mut openings = Vec::new();
        let mut words = Vec::new();
        for part in body.split_whitespace() {
            match part.trim_matches(['(', ')']).strip_prefix("kw_") {
                Some(word) => words.push(word),
                None if part == "~" => {}
                None if part == "|" => openings.push(std::mem::take(&mut words).join(" ")),
                None => break,
            }
            if part.ends_with(')') {
                break;
            }
        }
        openings.push(words.join(" "));
        openings.retain(|words| !words.is_empty());
        openings
    }

    /// The keywords that open an item.
    pub(super) fn item_keywords() -> Vec<String> {
        let text = include_str!("../../grammar/pact.pest");
        let body = text.split_once("\nitem = {").and_then(|(_, rest)| rest.split_once('}')).map_or("", |(b, _)| b);
        body.split('|').map(|word| word.trim().to_owned()).collect()
    }

    /// Whether the rule is an operator of expressions.
    pub(super) fn is_operator(self) -> bool {
        self >= Rule::op_or && self <= Rule::op_in
    }

    /// How a message names the rule.
    pub(super) fn describe(self) -> String {
        let name = format!("{self:?}");
        if let Some(word) = name.strip_prefix("kw_") {
            return format!("`{word}`");
        }
        match self {
            Rule::open => "`{`".into(),
            Rule::close => "`}`".into(),
            Rule::equals => "`=`".into(),
            Rule::EOI => "the end of the file".into(),
            Rule::string => "a text in quotes".into(),
            Rule::string_text => "text".into(),
            Rule::integer => "a whole number".into(),
            Rule::percent => "a percentage".into(),
            Rule::duration | Rule::duration_part => "a duration such as `4 hours`".into(),
            Rule::date | Rule::datetime | Rule::when => "a date such as `2026-03-02`".into(),
            Rule::clock | Rule::clock_seconds => "a time of day such as `09:00`".into(),
            Rule::names => "a name".into(),
            Rule::dotted => "a name with a dot, such as `won.amount`".into(),
            Rule::currency => "a currency such as `USD`".into(),
            Rule::group => "`(`".into(),
            Rule::question => "a question such as `any visit`".into(),
            Rule::expr | Rule::operand => "a condition or value".into(),
            Rule::item => "an item such as `stage` or `score`".into(),
            Rule::type_ => "a type such as `text` or `integer?`".into(),
            Rule::optional => "`?`".into(),
            _ if self.is_operator() => "an operator".into(),
            Rule::members | Rule::constant | Rule::literal | Rule::signed_literal => "a value".into(),
            _ => name.replace('_', " "),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Rule;

    #[test]
    fn keywords_are_exactly_the_rules_that_close_the_grammar() {
        for rule in Rule::all_rules() {
            let mark = matches!(rule, Rule::open | Rule::close | Rule::equals);
            assert_eq!(rule.is_keyword(), mark || format!("{rule:?}").starts_with("kw_"), "{rule:?}");
        }
    }

    #[test]
    fn openings_are_read_off_the_grammar() {
        assert_eq!(Rule::move_to.openings(), ["move to"]);
        assert_eq!(Rule::points.openings(), ["give", "take"]);
        assert_eq!(Rule::expr.openings(), Vec::<String>::new());
    }
}

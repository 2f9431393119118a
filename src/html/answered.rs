//! What sales answered, by what had let the leads through.

use maud::{Markup, html};

use super::definition::inline;
use super::scroll::table;
use crate::locale::Locale;
use crate::measure::{AnswerReport, answers_by_cause, answers_by_route};
use crate::pact::Clause;

/// Each answer with its reason and the clause that had let the leads in; then by the clause that had given them away.
pub(super) fn answered(locale: &Locale<'_>, answers: &[AnswerReport]) -> Markup {
    let (causes, routes) = (answers_by_cause(answers), answers_by_route(answers));
    let caption = locale.say("What sales answered");
    let name = |answer: &AnswerReport| html! { bdi { (locale.name(&answer.answer)) } };
    let count = |answer: &AnswerReport| html! { (locale.count(answer.count)) };
    let clause =
        |clause: &Option<Clause>| html! { @if let Some(clause) = clause { span .definition { (inline(clause)) } } };
    let by_cause = |answer: &AnswerReport| -> Vec<Markup> {
        let reason = answer.reason.as_deref().map(|reason| locale.name(reason)).unwrap_or_default();
        vec![name(answer), html! { bdi { (reason) } }, count(answer), clause(&answer.cause)]
    };
    let by_route = |answer: &AnswerReport| -> Vec<Markup> { vec![name(answer), count(answer), clause(&answer.route)] };
    let heads = |words: &[&'static str]| words.iter().map(|word| locale.say(word)).collect::<Vec<&str>>();
    html! {
        (table(caption, &heads(&["answer", "reason", "times", "let in by"]), &causes.iter().map(by_cause).collect::<Vec<_>>()))
        @if !routes.is_empty() {
            @let given = locale.say("given by");
            details {
                summary { (given) }
                (table(&format!("{caption}: {given}"), &heads(&["answer", "times", "given by"]), &routes.iter().map(by_route).collect::<Vec<_>>()))
            }
        }
    }
}

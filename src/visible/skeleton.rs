use unicode_security::confusable_detection::skeleton as confusables;

use super::control::ignorable;

/// What a name looks like: two names with one skeleton can be taken for each other (UTS 39).
///
/// ```
/// use leadpact::internals::visible::skeleton;
/// assert_eq!(skeleton("mql"), skeleton("mq1"));
/// assert_eq!(skeleton("score"), skeleton("\u{455}\u{441}ore"));
/// assert_ne!(skeleton("open"), skeleton("opened"));
/// ```
pub fn skeleton(name: &str) -> String {
    let seen: String = name.chars().filter(|c| !ignorable(*c)).collect();
    confusables(&seen).collect()
}

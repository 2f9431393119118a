//! Kleene's three-valued logic: a missing fact is never silently false.

use crate::pact::Verdict;

impl Verdict {
    /// The verdict of something known.
    pub fn known(holds: bool) -> Self {
        if holds { Self::Met } else { Self::NotMet }
    }

    /// Both hold: not met when one is not, unknown when that hangs on an unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::NotMet, _) | (_, Self::NotMet) => Self::NotMet,
            (Self::Met, Self::Met) => Self::Met,
            _ => Self::Unknown,
        }
    }

    /// One holds: met when one is, unknown when that hangs on an unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Met, _) | (_, Self::Met) => Self::Met,
            (Self::NotMet, Self::NotMet) => Self::NotMet,
            _ => Self::Unknown,
        }
    }

    /// What all of them are; unknown where they are not the same.
    pub fn agreed(mut verdicts: impl Iterator<Item = Self>) -> Self {
        let first = verdicts.next().unwrap_or(Self::Unknown);
        if verdicts.all(|verdict| verdict == first) { first } else { Self::Unknown }
    }

    /// As data says it: `met`, `not_met`, `unknown`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
        }
    }
}

impl std::ops::Not for Verdict {
    type Output = Self;
    fn not(self) -> Self {
        match self {
            Self::Met => Self::NotMet,
            Self::NotMet => Self::Met,
            Self::Unknown => Self::Unknown,
        }
    }
}

impl serde::Serialize for Verdict {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

//! The topics that a receiver can subscribe to.

/// What kind of effect a message is about, which a target can subscribe to. The words are those of a decision's
/// effects, with those that a decision says elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EffectTopic {
    /// The lead is to be enrolled in a program.
    Enroll,
    /// Somebody is to be alerted.
    Alert,
    /// A record of another kind is to be made of the lead.
    Convert,
    /// The lead is to go to another member of its team.
    Reassign,
    /// The engine answered for sales.
    Dispose,
    /// The lead is in another stage, by whichever clause.
    Move,
    /// The lead is given to a queue, a team or a person.
    Route,
    /// A warning about a service level has passed.
    Warn,
    /// A service level was breached.
    Breach,
    /// A list of leads that a party is sent on certain days.
    Digest,
    /// The page of a meeting.
    Review,
}

impl EffectTopic {
    /// Every effect.
    pub const ALL: [Self; 11] = [
        Self::Enroll,
        Self::Alert,
        Self::Convert,
        Self::Reassign,
        Self::Dispose,
        Self::Move,
        Self::Route,
        Self::Warn,
        Self::Breach,
        Self::Digest,
        Self::Review,
    ];

    /// Its stable word, as the file of webhooks and the type of a message say it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enroll => "enroll",
            Self::Alert => "alert",
            Self::Convert => "convert",
            Self::Reassign => "reassign",
            Self::Dispose => "dispose",
            Self::Move => "move",
            Self::Route => "route",
            Self::Warn => "warn",
            Self::Breach => "breach",
            Self::Digest => "digest",
            Self::Review => "review",
        }
    }

    /// The effect with this word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.word() == word)
    }
}

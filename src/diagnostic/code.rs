//! Every stable code, in one list. A code never changes its meaning and is never reused.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know; exit codes do not change.
    Note,
    /// Probably a mistake; the pact still runs.
    Warning,
    /// The pact does not run.
    Error,
}

macro_rules! codes {
    ($($name:ident = $id:literal $severity:ident $title:literal;)+) => {
        /// The code of a finding. `docs/errors/` has a page for each.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $title] $name,)+ }

        impl Code {
            /// Every code, in the order of the list.
            pub const ALL: &[Code] = &[$(Code::$name,)+];

            /// The stable identifier, such as `E0101`.
            pub fn id(self) -> &'static str {
                match self { $(Code::$name => $id,)+ }
            }

            /// What it stands for, in a few words.
            pub fn title(self) -> &'static str {
                match self { $(Code::$name => $title,)+ }
            }

            /// How grave it is.
            pub fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)+ }
            }
        }
    };
}

codes! {
    // reading the text
    UnexpectedText = "E0101" Error "the text is not what the grammar expects here";
    UnclosedString = "E0102" Error "a text in quotes does not end";
    UnclosedBrace = "E0103" Error "a brace or parenthesis is not closed, or closes nothing";
    NestedTooDeep = "E0104" Error "nesting is deeper than the language allows";
    BadValue = "E0105" Error "a value is written right but does not exist";
    UnreadableFile = "E0106" Error "a file of the pact cannot be read";

    // names
    UnknownName = "E0201" Error "a name is used that nothing declares";
    DeclaredTwice = "E0202" Error "a name is declared twice";
}

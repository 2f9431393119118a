//! Every stable code, in one list. A code never changes its meaning and is never reused.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
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
        #[non_exhaustive]
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
    HiddenCharacter = "W0101" Warning "a character that nobody sees";

    // names
    UnknownName = "E0201" Error "a name is used that nothing declares";
    DeclaredTwice = "E0202" Error "a name is declared twice";
    UnknownWord = "E0203" Error "a word that its type does not have";
    OutOfPlace = "E0204" Error "a name stands where it means nothing";
    NoPact = "E0210" Error "there is not exactly one `pact` item";
    NoLead = "E0211" Error "there is not exactly one `lead` item";
    NoKey = "E0212" Error "a lead has no key, or several";
    OptionalKey = "E0213" Error "the key of a lead may be missing";
    UnknownZone = "E0215" Error "a time zone that the IANA database does not have";
    UnknownEnvironment = "E0217" Error "an environment that no param speaks of";
    NoParty = "E0214" Error "a pact names no party";
    Unused = "W0201" Warning "something is declared that nothing uses";
    LooksLikeAnother = "W0202" Warning "a name that looks like another one";

    // types
    Unlike = "E0301" Error "two values cannot be compared";
    NotACondition = "E0302" Error "a value stands where a condition is needed";
    NoOrder = "E0303" Error "values without an order are put in order";
    NotThatMoney = "E0304" Error "money meets a number, or another currency";
    NotText = "E0305" Error "a test of letters on something that is no text";
    BadPattern = "E0306" Error "a pattern that is not a regular expression";
    BadArithmetic = "E0307" Error "two values that arithmetic cannot join";
    BadCall = "E0308" Error "a function is called with the wrong values";
    MayBeMissing = "E0309" Error "a value that may be missing where one must be there";
    BadWindow = "E0310" Error "a window of time that is none";
    WrongValue = "E0312" Error "a value that does not fit where it stands";
    MixedTime = "E0313" Error "business time and elapsed time in one duration";
    NotASum = "E0311" Error "a sum over something that does not add up";
    AlwaysThere = "W0301" Warning "a question whether something is there that always is";

    // files
    BadTable = "E0401" Error "a file that is not a table";
    BadCell = "E0402" Error "a cell that does not fit its column";
    NoColumn = "E0403" Error "no column fills what a record needs";
    BadFormat = "E0404" Error "a form of dates or numbers that is none";
    BadFeed = "E0405" Error "a calendar feed says something that cannot be read";
    EmptyList = "W0401" Warning "a list that holds nothing";
    NoRules = "E0410" Error "the folder holds no rule file";

    // qualification
    EmptyCriteria = "E0501" Error "criteria that ask nothing";
    BadRange = "E0502" Error "a range of points that holds none";
    BadCap = "E0503" Error "a cap below one point";
    BadFade = "E0504" Error "a fade that is no fade";
    Cycle = "E0505" Error "criteria, scores or values that ask for themselves";
    BadBand = "E0506" Error "a band that parts nothing, or a grid with a hole";
    ZeroPoints = "W0501" Warning "points that change nothing";
    IdleFade = "W0502" Warning "a fade with nothing to fade";
    NotAgreed = "N0501" Note "criteria that nobody agreed to";

    // the way
    ClauseTwice = "E0601" Error "a clause stands twice that may stand once";
    NoOwner = "E0602" Error "a stage without an owner";
    MoveToItself = "E0603" Error "a stage moves to itself";
    FinalMoves = "E0604" Error "a final stage with moves";
    AlwaysMoves = "E0605" Error "a move without `when` or `after`";
    MoveOnEnter = "E0606" Error "a move among the actions on entering a stage";
    NoWayOut = "E0607" Error "a stage without a way out";
    SeveralForAll = "E0608" Error "several pipelines for all leads";
    NoStages = "E0609" Error "a pipeline without stages";
    OtherPipeline = "E0610" Error "a move into another pipeline";
    MoveCircle = "E0611" Error "moves that lead round in a circle at one instant";
    NoWayIn = "W0601" Warning "a stage without a way in";
    NoEnd = "W0602" Warning "a pipeline that never ends";
    LikelyMisspelt = "W0603" Warning "a name that is one letter away from a known one";

    // hand-overs
    BadTeam = "E0701" Error "a team that cannot take leads as it says";
    NoFallback = "E0702" Error "a route that may lose a lead";
    NoReceiver = "E0703" Error "an entry of a route that names nobody";
    NoSuchMove = "E0704" Error "a hand-over where no move leads";
    NotCarried = "E0705" Error "something that cannot go with a lead";
    AfterOtherwise = "E0706" Error "an entry of a route after `otherwise`";
    NeverReached = "W0701" Warning "a row of a table that is never reached";
    NotLookedAt = "N0701" Note "rows of a table that were not all compared";

    // promises and measures
    NotPromised = "E0801" Error "a clause about a promise that nobody made";
    NoClock = "E0802" Error "time limits without the clock they need";
    HalfRecycle = "E0803" Error "a recycle without its stages or reasons";
    OutOfRange = "E0804" Error "a count or share that makes no sense";
    BadHours = "E0805" Error "hours of a calendar that never open";
    MetricCycle = "E0806" Error "a metric that is measured by itself";
    StillThere = "E0807" Error "a migration of leads out of something that is still there";

    // tests
    NothingExpected = "E0901" Error "a test that expects nothing";
    LacksField = "E0902" Error "a test's lead or event lacks what it must have";

    // the project file
    BadProject = "E1001" Error "a project file that is not YAML";
    UnknownProjectKey = "E1002" Error "a key that a project file does not have";
    BadProjectValue = "E1003" Error "a value that does not fit its key in a project file";
}

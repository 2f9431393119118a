//! Files that a rule file names.

//! What the tests share.

use std::path::PathBuf;

/// A folder of real data, which lies beside the project or where `LEADPACT_DATA` says. None, and a word about it,
/// when it is absent: its terms do not allow a copy in the project.
pub fn data(folder: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LEADPACT_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = root.join(folder);
    if !path.is_dir() {
        println!("skipped: there is no {}", path.display());
        return None;
    }
    Some(path)
}

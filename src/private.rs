//! Files for the operator alone: made so that nobody else can read them, and refused where others can.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

#[cfg(feature = "serve")]
use crate::file;

/// Makes a file that its owner alone can read and write, or empties the one that is there and makes it so.
///
/// # Errors
/// When the system refuses it.
pub fn create(file: &Path) -> io::Result<File> {
    let made = owned(OpenOptions::new().write(true).create(true).truncate(true)).open(file)?;
    own(&made)?;
    Ok(made)
}

/// Makes a file that its owner alone can read and write, where there is none; one that is there stays as it is.
///
/// # Errors
/// When the system refuses it.
#[cfg(feature = "serve")]
pub fn ensure(file: &Path) -> io::Result<()> {
    let made = owned(OpenOptions::new().write(true).create_new(true)).open(file);
    match made {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made.map(drop),
    }
}

/// Reads a small text that others can neither read nor write. Members of its group may read it.
///
/// # Errors
/// When it cannot be read, is no regular file, has more bytes than it may, or others can read or write it.
#[cfg(feature = "serve")]
pub fn read(path: &Path, most: usize) -> io::Result<String> {
    let file = file::open(path)?;
    if is_open(&file.metadata()?) {
        let why = "others can read or write it: take the right from them, as by `chmod 600`";
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, why));
    }
    file::text(file::bytes(file, most)?)
}

#[cfg(unix)]
fn owned(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

/// Takes a file from all others; a pipe or a device is everybody's as it was.
#[cfg(unix)]
fn own(file: &File) -> io::Result<()> {
    if !file.metadata()?.is_file() {
        return Ok(());
    }
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))
}

/// Other systems say rights in other ways.
#[cfg(not(unix))]
fn own(_: &File) -> io::Result<()> {
    Ok(())
}

/// Other systems say rights in other ways.
#[cfg(not(unix))]
fn owned(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Whether everyone can read or write it, or its group can write it.
#[cfg(all(unix, feature = "serve"))]
fn is_open(about: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&about.permissions()) & 0o026 != 0
}

/// Other systems say rights in other ways.
#[cfg(all(not(unix), feature = "serve"))]
fn is_open(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(all(test, unix, feature = "serve"))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn what_is_made_is_for_its_owner_and_what_others_reach_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |file: &Path| std::fs::metadata(file).unwrap().permissions().mode() & 0o777;
        let (new, kept) = (folder.path().join("new"), folder.path().join("kept"));
        std::fs::write(&new, "text").unwrap();
        create(&new).unwrap();
        ensure(&kept).unwrap();
        assert_eq!((mode(&new), mode(&kept)), (0o600, 0o600));
        std::fs::write(&kept, "text").unwrap();
        ensure(&kept).unwrap();
        assert_eq!(read(&kept, 4).unwrap(), "text");
        assert_eq!(read(&kept, 3).unwrap_err().kind(), io::ErrorKind::FileTooLarge);
        for open in [0o644, 0o604, 0o602, 0o620, 0o666] {
            std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(open)).unwrap();
            assert_eq!(read(&kept, 4).unwrap_err().kind(), io::ErrorKind::PermissionDenied, "{open:o}");
        }
        for own in [0o400, 0o440, 0o600, 0o640] {
            std::fs::set_permissions(&kept, std::fs::Permissions::from_mode(own)).unwrap();
            assert!(read(&kept, 4).is_ok(), "{own:o}");
        }
        assert_eq!(read(folder.path(), 4).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
}

//! Regular files: opened without waiting for anybody, read up to a bound, and written through no link.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

#[cfg(unix)]
use rustix::fs::OFlags;

/// The bytes of a regular file. A pipe, a device or a folder is none, and nobody waits for one.
///
/// # Errors
/// When it cannot be read, is no regular file, or has more than `most` bytes.
pub fn read(path: &Path, most: usize) -> io::Result<Vec<u8>> {
    bytes(open(path)?, most)
}

/// A regular file, to be read.
///
/// # Errors
/// When it cannot be opened, or is no regular file.
pub fn open(path: &Path) -> io::Result<File> {
    regular(path, OpenOptions::new().read(true), 0)
}

/// The bytes of a file that was opened.
///
/// # Errors
/// When it cannot be read, or has more than `most` bytes.
pub fn bytes(file: File, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // what is said of its size may be wrong, and it may grow
    file.take(most as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > most {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, format!("it has more than {most} bytes")));
    }
    Ok(bytes)
}

/// The text of a regular file.
///
/// # Errors
/// As [`read`]; also when it is not UTF-8.
pub fn read_text(path: &Path, most: usize) -> io::Result<String> {
    text(read(path, most)?)
}

/// Bytes as text.
///
/// # Errors
/// When they are not UTF-8.
pub fn text(bytes: Vec<u8>) -> io::Result<String> {
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        io::Error::new(io::ErrorKind::InvalidData, format!("it is not UTF-8 text: byte {at} does not fit"))
    })
}

/// Puts a text in place of what a regular file holds.
///
/// # Errors
/// When it cannot be written, is no regular file, or is a link.
#[cfg(feature = "cli")]
pub fn write(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;

    if path.is_symlink() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is a link: name the file that it leads to"));
    }
    let mut file = regular(path, OpenOptions::new().write(true), through_no_link())?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())
}

fn regular(path: &Path, options: &mut OpenOptions, flags: i32) -> io::Result<File> {
    let file = flagged(options, flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    Ok(file)
}

#[cfg(unix)]
fn flagged(options: &mut OpenOptions, flags: i32) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;
    // a pipe without a writer, and a terminal, are opened at once
    options.custom_flags(flags | bits(OFlags::NONBLOCK | OFlags::NOCTTY))
}

/// Flags as the standard library takes them.
#[cfg(unix)]
fn bits(flags: OFlags) -> i32 {
    flags.bits().cast_signed()
}

#[cfg(all(unix, feature = "cli"))]
fn through_no_link() -> i32 {
    bits(OFlags::NOFOLLOW)
}

/// Other systems have no pipes among their files.
#[cfg(not(unix))]
fn flagged(options: &mut OpenOptions, _: i32) -> &mut OpenOptions {
    options
}

#[cfg(all(not(unix), feature = "cli"))]
fn through_no_link() -> i32 {
    0
}

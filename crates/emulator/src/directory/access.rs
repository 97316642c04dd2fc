//! Who may read and write the emulator's files.

use std::fs;
use std::io;
use std::path::Path;

/// Who may read a file.
#[derive(Clone, Copy)]
pub(crate) enum Access {
    AllUsers,
    /// It holds a key.
    Owner,
}

/// Takes a file with keys from the group and from others, and says so. It may have been read already.
#[cfg(unix)]
pub(crate) fn tighten(path: &Path) -> io::Result<Option<String>> {
    use std::os::unix::fs::PermissionsExt as _;

    let Ok(found) = fs::symlink_metadata(path) else { return Ok(None) };
    let mode = found.permissions().mode() & 0o7777;
    let private = mode & 0o700;
    if !found.is_file() || private == mode {
        return Ok(None);
    }
    fs::set_permissions(path, fs::Permissions::from_mode(private))?;
    Ok(Some(format!(
        "{} had the mode {mode:04o} and has {private:04o} now; others could read the keys in it, so delete it \
         if they may have",
        path.display()
    )))
}

/// Elsewhere a file has the access that its directory gives it.
#[cfg(not(unix))]
pub(crate) fn tighten(_: &Path) -> io::Result<Option<String>> {
    Ok(None)
}

/// Says that others can put their own files in place of those of a directory. Its mode is the user's
/// choice, and stays; the sticky bit keeps others from replacing files, not from adding them.
#[cfg(unix)]
pub(super) fn open_to_writers(path: &Path) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;

    let mode = fs::metadata(path).ok()?.permissions().mode() & 0o7777;
    let who = match mode & 0o022 {
        0 => return None,
        0o020 => "its group",
        _ => "all users",
    };
    Some(format!(
        "{} can be written by {who} (mode {mode:04o}), who can put their own certificates there; \
         chmod go-w it",
        path.display()
    ))
}

/// Elsewhere access lists decide.
#[cfg(not(unix))]
pub(super) fn open_to_writers(_: &Path) -> Option<String> {
    None
}

#[cfg(unix)]
pub(super) fn limit(options: &mut fs::OpenOptions, access: Access) {
    use std::os::unix::fs::OpenOptionsExt as _;

    options.mode(match access {
        Access::AllUsers => 0o644,
        Access::Owner => 0o600,
    });
}

/// Elsewhere a file has the access that its directory gives it.
#[cfg(not(unix))]
pub(super) fn limit(_: &mut fs::OpenOptions, _: Access) {}

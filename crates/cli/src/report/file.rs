//! A report's file: written whole, or left as it was.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::Builder;

/// Writes a file that the user has named. A full disk leaves what was there before; links are followed.
pub(super) fn write_atomically(file: &Path, text: &str) -> io::Result<()> {
    let there = fs::metadata(file).ok();
    // A pipe or a device takes the text as it comes.
    if there.as_ref().is_some_and(|it| !it.is_file()) {
        return fs::write(file, text);
    }
    let target = if there.is_some() { fs::canonicalize(file)? } else { file.to_owned() };
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty());
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut next = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    next.write_all(text.as_bytes())?;
    if let Some(there) = there {
        next.as_file().set_permissions(there.permissions())?;
    }
    next.as_file().sync_all()?;
    next.persist(target).map_err(|error| error.error)?;
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    #[test]
    fn a_file_keeps_its_mode_and_its_link() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("report.svg"), dir.path().join("link.svg"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("report.svg", &link).unwrap();
        write_atomically(&link, "new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_device_is_written_to_and_nothing_is_left_of_a_failure() {
        write_atomically(Path::new("/dev/null"), "text").unwrap();
        let full = Path::new("/dev/full");
        if full.exists() {
            assert_eq!(
                write_atomically(full, "text").unwrap_err().kind(),
                io::ErrorKind::StorageFull
            );
        }
        let dir = tempfile::tempdir().unwrap();
        write_atomically(&dir.path().join("missing/report.svg"), "text").unwrap_err();
        write_atomically(dir.path(), "text").unwrap_err();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

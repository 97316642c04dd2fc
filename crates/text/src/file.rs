//! Reads files up to a limit.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::decode;

/// Reads a text file of at most `limit` bytes and decodes it with [`decode`].
///
/// # Errors
///
/// As for [`read_file`]; [`ErrorKind::InvalidData`] with the [`DecodeError`](crate::DecodeError) if the file
/// is not text.
///
/// # Example
///
/// ```no_run
/// use azure_classic_text::read_text_file;
///
/// let configuration = read_text_file("ServiceConfiguration.cscfg".as_ref(), 1 << 20)?;
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn read_text_file(path: &Path, limit: usize) -> io::Result<String> {
    let bytes = read_file(path, limit)?;
    match decode(&bytes) {
        Ok(text) => Ok(text.into_owned()),
        Err(error) => Err(io::Error::new(ErrorKind::InvalidData, error)),
    }
}

/// Reads a file of at most `limit` bytes.
///
/// It must be a regular file, or an inherited descriptor (`/dev/stdin`, `/dev/fd/63` as shells write it for
/// `<(…)`): opening any other pipe blocks until there is a writer.
///
/// # Errors
///
/// If the file cannot be read, is a directory, a pipe or a device, or has more than `limit` bytes
/// ([`ErrorKind::FileTooLarge`]).
pub fn read_file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let kind = fs::metadata(path)?.file_type();
    if kind.is_dir() {
        return Err(io::Error::new(ErrorKind::IsADirectory, "it is a directory, not a file"));
    }
    let is_inherited = path.starts_with("/dev/fd") || path == Path::new("/dev/stdin");
    if !kind.is_file() && !is_inherited {
        let what = "it is a pipe or a device, not a regular file";
        return Err(io::Error::new(ErrorKind::InvalidInput, what));
    }
    read_stream(File::open(path)?, limit)
}

/// Reads a stream of at most `limit` bytes to its end.
///
/// # Errors
///
/// If reading fails, or the stream is longer ([`ErrorKind::FileTooLarge`]).
pub fn read_stream(stream: impl Read, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    stream.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        let what = format!("it is too large: the limit is {}", size_text(limit));
        return Err(io::Error::new(ErrorKind::FileTooLarge, what));
    }
    Ok(bytes)
}

fn size_text(bytes: usize) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..0x10_0000 => format!("{} KiB", bytes >> 10),
        _ => format!("{} MiB", bytes >> 20),
    }
}

#[cfg(test)]
mod tests {
    use std::env;
    use std::path::PathBuf;
    use std::process;

    use super::*;

    /// A file that is removed when the test ends.
    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str, content: &[u8]) -> Self {
            let path = env::temp_dir().join(format!("text-{}-{name}", process::id()));
            fs::write(&path, content).unwrap();
            Self(path)
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_file(&self.0);
        }
    }

    #[test]
    fn a_file_is_read_up_to_its_limit() {
        let file = Scratch::new("limit", b"contoso");
        assert_eq!(read_file(&file.0, 7).unwrap(), b"contoso");
        let error = read_file(&file.0, 6).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        assert_eq!(error.to_string(), "it is too large: the limit is 6 bytes");
        assert_eq!(read_stream(&b"abc"[..], usize::MAX).unwrap(), b"abc");
        let error = read_stream(io::repeat(b'a'), 3 << 20).unwrap_err();
        assert_eq!(error.to_string(), "it is too large: the limit is 3 MiB");
    }

    #[test]
    fn a_text_file_is_decoded() {
        for (name, bytes) in [
            ("utf-8", &b"ok"[..]),
            ("mark", b"\xef\xbb\xbfok"),
            ("little", b"\xff\xfeo\0k\0"),
            ("big", b"\xfe\xff\0o\0k"),
        ] {
            let file = Scratch::new(name, bytes);
            assert_eq!(read_text_file(&file.0, 100).unwrap(), "ok", "{name}");
        }
        let file = Scratch::new("latin", b"gr\xf6\xdfe");
        let error = read_text_file(&file.0, 100).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        assert!(error.to_string().starts_with("not UTF-8: invalid byte 0xf6"), "{error}");
    }

    #[test]
    fn only_a_regular_file_is_read() {
        let error = read_file(&env::temp_dir(), 100).unwrap_err();
        assert_eq!(error.to_string(), "it is a directory, not a file");
        let missing = env::temp_dir().join("no/such/file");
        assert_eq!(read_file(&missing, 100).unwrap_err().kind(), ErrorKind::NotFound);
    }

    #[cfg(unix)]
    #[test]
    fn devices_and_pipes_are_rejected() {
        let pipe = Scratch(env::temp_dir().join(format!("text-{}-pipe", process::id())));
        assert!(process::Command::new("mkfifo").arg(&pipe.0).status().unwrap().success());
        for path in [Path::new("/dev/zero"), Path::new("/dev/null"), &pipe.0] {
            let error = read_file(path, 100).unwrap_err();
            assert!(error.to_string().contains("a pipe or a device"), "{error}");
        }
    }
}

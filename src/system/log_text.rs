//! Logs and errors as text: the end of what is too long, whatever it is encoded in.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use super::storage::StorageError;

/// The end of a file, at most so many bytes.
///
/// # Errors
/// A file that does not exist, is none or cannot be read.
pub fn of_file(path: &Path, most: usize) -> Result<String, StorageError> {
    let read = || -> io::Result<Vec<u8>> {
        let mut file = File::open(path)?;
        let length = file.metadata()?.len();
        file.seek(SeekFrom::Start(length.saturating_sub(most as u64)))?;
        let mut bytes = Vec::new();
        file.take(most as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    if path.is_dir() {
        return Err(StorageError::Folder(path.to_owned()));
    }
    read().map(|bytes| decoded(&bytes)).map_err(|error| StorageError::reading(path, error))
}

/// The end of standard input, at most so many bytes.
///
/// # Errors
/// Where it cannot be read.
pub fn of_standard_input(most: usize) -> Result<String, StorageError> {
    let mut input = io::stdin().lock();
    let mut bytes = Vec::new();
    loop {
        let read = (&mut input).take(most as u64).read_to_end(&mut bytes);
        let read = read.map_err(|error| StorageError::reading(Path::new("-"), error))?;
        if read == 0 {
            return Ok(decoded(&bytes));
        }
        if bytes.len() > most {
            bytes.drain(..bytes.len() - most);
        }
    }
}

/// UTF-16 where the text says so (PowerShell writes it), else UTF-8; what is neither is kept readable around.
fn decoded(bytes: &[u8]) -> String {
    let units =
        |of: fn([u8; 2]) -> u16| bytes[2..].chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect::<Vec<_>>();
    match bytes {
        [0xFF, 0xFE, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        [0xFE, 0xFF, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_windows_shells_is_read() {
        let words = "os error 1455 页面";
        let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(words.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(&little), words);
        assert_eq!(decoded(words.as_bytes()), words);
        assert_eq!(decoded(&[0xFF, 0xFE]), "");
        assert!(decoded(&[b'a', 0xC3, b'b']).starts_with('a'));
    }

    #[test]
    fn of_a_long_file_the_end_is_read() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let path = folder.path().join("log");
        std::fs::write(&path, "beginning end").expect("written");
        assert_eq!(of_file(&path, 3).expect("read"), "end");
        assert!(of_file(folder.path(), 3).is_err() && of_file(&folder.path().join("none"), 3).is_err());
    }
}

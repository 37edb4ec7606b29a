//! Earlier saves of documents, beside the copies of unsaved work: each is a plan file that opens as any other.
//!
//! A document's versions lie in a folder named after its file. Their names begin with the time in milliseconds since 1970, so
//! that they sort by age. What was written by a program of an older schema is kept apart: it is the way back from what was
//! made of it, and makes no room for later saves.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::folders::Folders;
use super::storage::{self, StorageError};

/// The most saves of one document that are kept.
pub const MOST: usize = 10;
/// The most that all versions of all documents take, in bytes.
pub const MOST_BYTES: u64 = 64 << 20;
/// How long a version is kept.
pub const OLDEST: Duration = Duration::from_hours(24 * 180);

/// The largest file that is kept, in bytes: no plan file is larger.
const MAX_BYTES: usize = 4 << 20;
const EXTENSION: &str = "ron";
/// Stands in the names of what an older program wrote, before its schema.
const SCHEMA: &str = "schema";
/// The longest part of a file's name that its folder is named after, in characters.
const NAME: usize = 40;

/// One save of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Where it lies.
    pub path: PathBuf,
    /// When it was kept.
    pub kept: SystemTime,
    /// The schema that it was written in, where that is an older one.
    pub schema: Option<u32>,
    bytes: u64,
}

/// Where earlier saves are kept.
#[derive(Debug, Clone)]
pub struct Versions {
    folder: PathBuf,
}

impl Versions {
    /// In the user's folder.
    pub fn of(folders: &Folders) -> Self {
        Self { folder: folders.versions() }
    }

    /// The versions of the document in `file`, the newest first.
    pub fn of_file(&self, file: &Path) -> Vec<Version> {
        listed(&self.of_document(file))
    }

    /// Keeps a save of the document in `file`, unless the newest version holds the same, then makes room.
    pub fn keep(&self, file: &Path, bytes: &[u8], now: SystemTime) -> Result<(), StorageError> {
        let folder = self.of_document(file);
        let same = |version: &Version| storage::read(&version.path, MAX_BYTES).is_ok_and(|kept| kept == bytes);
        if listed(&folder).first().is_some_and(same) {
            return Ok(());
        }
        put(&folder, "", bytes, now)?;
        storage::sweep(&folder);
        self.make_room(now);
        Ok(())
    }

    /// Keeps what a program of an older schema wrote into `file`, unless that was kept before. It is whole on the disk when
    /// this returns.
    pub fn keep_older(&self, file: &Path, schema: u32, bytes: &[u8], now: SystemTime) -> Result<(), StorageError> {
        let folder = self.of_document(file);
        let same = |version: &Version| {
            version.schema.is_some() && storage::read(&version.path, MAX_BYTES).is_ok_and(|kept| kept == bytes)
        };
        if listed(&folder).iter().any(same) {
            return Ok(());
        }
        put(&folder, &format!("-{SCHEMA}-{schema}"), bytes, now)
    }

    /// Removes what is more, larger or older than is kept. What cannot be removed does no harm.
    fn make_room(&self, now: SystemTime) {
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let (older, saves): (Vec<_>, Vec<_>) =
                listed(&entry.path()).into_iter().partition(|version| version.schema.is_some());
            let (within, beyond) = saves.split_at(saves.len().min(MOST));
            beyond.iter().for_each(remove);
            let fresh = |version: &&Version| now.duration_since(version.kept).unwrap_or_default() <= OLDEST;
            within.iter().filter(|version| !fresh(version)).for_each(remove);
            kept.extend(within.iter().filter(fresh).cloned());
            kept.extend(older);
            // Goes where nothing is left in it.
            drop(fs::remove_dir(entry.path()));
        }
        kept.sort_by_key(|version| std::cmp::Reverse((version.schema.is_some(), version.kept)));
        let mut bytes = 0;
        for version in kept {
            bytes += version.bytes;
            if bytes > MOST_BYTES {
                remove(&version);
            }
        }
    }

    /// The folder of one document: a part of its name, for people, and a number that is another for every path.
    fn of_document(&self, file: &Path) -> PathBuf {
        let path = fs::canonicalize(file).or_else(|_missing| std::path::absolute(file));
        let path = path.unwrap_or_else(|_nowhere| file.to_owned());
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name: String = stem.chars().filter(|letter| letter.is_alphanumeric()).take(NAME).collect();
        self.folder.join(format!("{name}-{:016x}", fnv_1a(path.as_os_str().as_encoded_bytes())))
    }
}

fn put(folder: &Path, ending: &str, bytes: &[u8], now: SystemTime) -> Result<(), StorageError> {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
    // Two in one millisecond, or a clock that was set back: behind what is there.
    let newest = listed(folder).first().map(|version| version.kept);
    let newest = newest.and_then(|kept| kept.duration_since(UNIX_EPOCH).ok()).map_or(0, |since| since.as_millis() + 1);
    let path = folder.join(format!("{:015}{ending}.{EXTENSION}", since.max(newest)));
    fs::create_dir_all(folder).map_err(|error| StorageError::unwritten(&path, error))?;
    storage::write_bytes(&path, bytes)
}

/// What lies in the folder of one document, the newest first.
fn listed(folder: &Path) -> Vec<Version> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut versions: Vec<Version> = entries.filter_map(|entry| version(&entry.path())).collect();
    versions.sort_by(|a, b| b.kept.cmp(&a.kept).then_with(|| b.path.cmp(&a.path)));
    versions
}

/// Reads the name of a version; none where it is something else.
fn version(path: &Path) -> Option<Version> {
    if path.extension()? != EXTENSION {
        return None;
    }
    let mut parts = path.file_stem()?.to_str()?.split('-');
    let kept = UNIX_EPOCH.checked_add(Duration::from_millis(parts.next()?.parse().ok()?))?;
    let schema = match (parts.next(), parts.next(), parts.next()) {
        (None, ..) => None,
        (Some(SCHEMA), Some(schema), None) => Some(schema.parse().ok()?),
        _ => return None,
    };
    let bytes = fs::metadata(path).ok().filter(fs::Metadata::is_file)?.len();
    Some(Version { path: path.to_owned(), kept, schema, bytes })
}

fn remove(version: &Version) {
    drop(fs::remove_file(&version.path));
}

/// A number of 64 bits that is the same in every program and release, as names on the disk need (Fowler, Noll, Vo).
fn fnv_1a(bytes: &[u8]) -> u64 {
    const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    bytes.iter().fold(BASIS, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(2_000_000_000 + seconds)
    }

    fn texts(versions: &[Version]) -> Vec<String> {
        versions.iter().map(|version| fs::read_to_string(&version.path).unwrap()).collect()
    }

    #[test]
    fn the_last_ten_saves_are_kept_the_newest_first() {
        let home = tempfile::tempdir().unwrap();
        let versions = Versions::of(&Folders::at(home.path().to_owned()));
        let file = home.path().join("Two cards.ron");
        for second in 0..15 {
            versions.keep(&file, second.to_string().as_bytes(), at(second)).unwrap();
        }
        versions.keep(&file, b"14", at(15)).unwrap();
        let kept = versions.of_file(&file);
        assert_eq!(texts(&kept), ["14", "13", "12", "11", "10", "9", "8", "7", "6", "5"], "and one alike not twice");
        assert_eq!(kept[0].kept, at(14));
        assert!(versions.of_file(&home.path().join("Two cards 2.ron")).is_empty(), "each file its own");
    }

    #[test]
    fn saves_within_one_moment_and_after_the_clock_was_set_back_stay_in_order() {
        let home = tempfile::tempdir().unwrap();
        let versions = Versions::of(&Folders::at(home.path().to_owned()));
        let file = home.path().join("a.ron");
        for (text, second) in [("a", 5), ("b", 5), ("c", 1)] {
            versions.keep(&file, text.as_bytes(), at(second)).unwrap();
        }
        assert_eq!(texts(&versions.of_file(&file)), ["c", "b", "a"]);
    }

    #[test]
    fn old_and_large_ones_make_room() {
        let home = tempfile::tempdir().unwrap();
        let versions = Versions::of(&Folders::at(home.path().to_owned()));
        let (old, new) = (home.path().join("old.ron"), home.path().join("new.ron"));
        versions.keep(&old, b"old", at(0)).unwrap();
        versions.keep(&new, b"new", at(OLDEST.as_secs() + 1)).unwrap();
        assert!(versions.of_file(&old).is_empty() && versions.of_file(&new).len() == 1);
        assert_eq!(fs::read_dir(versions.folder.clone()).unwrap().count(), 1, "no empty folder stays");
        for (place, name) in ["1.ron", "2.ron", "3.ron"].iter().enumerate() {
            versions.keep(&home.path().join(name), name.as_bytes(), at(OLDEST.as_secs() + 2 + place as u64)).unwrap();
            let kept = versions.of_file(&home.path().join(name));
            // Sparse: takes no room on the disk.
            fs::File::options().write(true).open(&kept[0].path).unwrap().set_len(MOST_BYTES / 2).unwrap();
        }
        versions.keep(&new, b"newer", at(OLDEST.as_secs() + 9)).unwrap();
        let counts = ["1.ron", "2.ron", "3.ron"].map(|name| versions.of_file(&home.path().join(name)).len());
        assert_eq!(counts, [0, 0, 1], "the oldest go");
        assert_eq!(texts(&versions.of_file(&new)), ["newer"]);
    }

    #[test]
    fn what_an_older_program_wrote_makes_no_room_for_later_saves() {
        let home = tempfile::tempdir().unwrap();
        let versions = Versions::of(&Folders::at(home.path().to_owned()));
        let file = home.path().join("a.ron");
        versions.keep_older(&file, 1, b"as it was", at(0)).unwrap();
        versions.keep_older(&file, 1, b"as it was", at(1)).unwrap();
        for second in 2..20 {
            versions.keep(&file, second.to_string().as_bytes(), at(second)).unwrap();
        }
        versions.keep(&file, b"much later", at(OLDEST.as_secs() * 2)).unwrap();
        let kept = versions.of_file(&file);
        assert_eq!(texts(&kept), ["much later", "as it was"]);
        assert_eq!((kept[0].schema, kept[1].schema), (None, Some(1)));
    }

    #[test]
    fn what_else_lies_in_the_folder_is_no_version() {
        let home = tempfile::tempdir().unwrap();
        let versions = Versions::of(&Folders::at(home.path().to_owned()));
        let file = home.path().join("a.ron");
        versions.keep(&file, b"mine", at(0)).unwrap();
        let folder = versions.of_document(&file);
        for name in ["notes.txt", "1-2.ron", "1-schema-x.ron", "99999999999999999999.ron", "-.ron", "1-schema-1-1.ron"]
        {
            fs::write(folder.join(name), "").unwrap();
        }
        fs::create_dir(folder.join("5.ron")).unwrap();
        assert_eq!(texts(&versions.of_file(&file)), ["mine"]);
    }
}

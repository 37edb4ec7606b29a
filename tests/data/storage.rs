//! Files on disk: bounded reading, writing whole or not at all, recent files, the overlay.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rigplan::catalog::TableFile;
use rigplan::system::folders::{Folders, from_home, read_overlay};
use rigplan::system::recent::{MOST, RecentFiles};
use rigplan::system::storage::{StorageError, read, sweep, write};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_file_is_written_and_replaced_whole() {
    let folder = folder();
    let path = folder.path().join("计划 plan.ron");
    write(&path, "first, and rather long").unwrap();
    write(&path, "second").unwrap();
    assert_eq!(read(&path, 100).unwrap(), b"second");
    assert_eq!(names(folder.path()), ["计划 plan.ron"], "no temporary file stays");
}

#[test]
fn what_cannot_be_read_says_why() {
    let folder = folder();
    let line = |path: &Path| read(path, 10).unwrap_err().to_string();
    assert!(line(folder.path()).ends_with("is a folder; name a file inside it"));
    assert!(line(&folder.path().join("none.ron")).ends_with("none.ron: no such file; check the name"));
    let file = folder.path().join("file");
    fs::write(&file, "0123456789").unwrap();
    assert!(line(&file.join("below.ron")).ends_with("no such file; check the name"));
    assert_eq!(read(&file, 10).unwrap().len(), 10);
    assert!(matches!(read(&file, 9), Err(StorageError::TooLarge { max_bytes: 9, .. })));
    assert!(!line(Path::new("no\nsuch\u{1b}[31m")).contains(['\n', '\u{1b}']));
}

#[test]
fn a_huge_file_is_refused_without_reading_it() {
    let folder = folder();
    let path = folder.path().join("huge.ron");
    // Sparse: takes no room on the disk, but would take memory if it were read.
    fs::File::create(&path).unwrap().set_len(1 << 30).unwrap();
    let message = read(&path, 4 << 20).unwrap_err().to_string();
    assert!(message.ends_with("huge.ron is larger than 4 MiB, more than such a file ever is"), "{message}");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_without_waiting_for_its_writer() {
    let folder = folder();
    let path = folder.path().join("pipe.ron");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    assert!(matches!(read(&path, 10), Err(StorageError::NotRegular(_))));
    assert!(matches!(write(&path, "text"), Err(StorageError::NotRegular(_))));
}

#[test]
fn what_cannot_be_written_leaves_everything_as_it_was() {
    let folder = folder();
    assert!(matches!(write(folder.path(), "text"), Err(StorageError::Folder(_))));
    let missing = folder.path().join("none/plan.ron");
    assert!(matches!(write(&missing, "text"), Err(StorageError::NoFolder(_))));
    let file = folder.path().join("plan.ron");
    fs::write(&file, "old").unwrap();
    assert!(matches!(write(&file.join("below.ron"), "text"), Err(StorageError::NoFolder(_))));

    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let message = write(&file, "new").unwrap_err().to_string();
    assert!(message.ends_with("plan.ron: the file is read-only; save under another name"), "{message}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "old");
    assert_eq!(names(folder.path()), ["plan.ron"]);
}

#[cfg(unix)]
#[test]
fn an_unwritable_folder_keeps_the_old_file() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let closed = folder.path().join("closed");
    fs::create_dir(&closed).unwrap();
    let file = closed.join("plan.ron");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).unwrap();
    let outcome = write(&file, "new");
    let text = fs::read_to_string(&file).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    // The superuser may write anywhere; then the file is replaced whole.
    match outcome {
        Ok(()) => assert_eq!(text, "new"),
        Err(error) => {
            assert_eq!(text, "old");
            assert!(error.to_string().ends_with("permission denied; save elsewhere"), "{error}");
        }
    }
    assert_eq!(names(&closed), ["plan.ron"]);
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("real.ron"), "old").unwrap();
    fs::set_permissions(at("real.ron"), fs::Permissions::from_mode(0o640)).unwrap();
    symlink("real.ron", at("link.ron")).unwrap();
    symlink("later.ron", at("dangling.ron")).unwrap();
    write(&at("link.ron"), "new").unwrap();
    write(&at("dangling.ron"), "made").unwrap();
    assert_eq!(fs::read_to_string(at("real.ron")).unwrap(), "new");
    assert_eq!(fs::metadata(at("real.ron")).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(fs::read_to_string(at("later.ron")).unwrap(), "made");
    assert!(at("link.ron").is_symlink() && at("dangling.ron").is_symlink(), "the links stay links");
}

#[test]
fn recent_files_are_kept_newest_first() {
    let home = folder();
    let folders = Folders::at(home.path().join("new/config"));
    assert_eq!(RecentFiles::load(&folders), RecentFiles::default(), "none yet");
    let path = |number: usize| home.path().join(format!("{number}.ron"));
    let mut recent = RecentFiles::default();
    for number in (0..MOST + 3).chain([5]) {
        recent.add(&path(number));
    }
    recent.save(&folders).unwrap();
    let loaded = RecentFiles::load(&folders);
    assert_eq!(loaded, recent);
    assert_eq!(loaded.paths().len(), MOST);
    assert_eq!(loaded.paths()[..2], [path(5), path(MOST + 2)]);
    recent.forget(&path(5));
    assert!(!recent.paths().contains(&path(5)));

    fs::write(folders.recent_files(), "[\"cut off").unwrap();
    assert_eq!(RecentFiles::load(&folders), RecentFiles::default(), "a broken list is no reason to fail");
}

#[test]
fn relative_paths_are_remembered_whole() {
    let mut recent = RecentFiles::default();
    recent.add(Path::new("plan.ron"));
    assert!(recent.paths()[0].is_absolute());
}

#[test]
fn the_overlay_lists_tables_and_problems() {
    let home = folder();
    let folders = Folders::at(home.path().to_owned());
    assert_eq!(read_overlay(&folders.overlay()), rigplan::system::folders::Overlay::default(), "none is fine");
    let put = |name: &str, bytes: &[u8]| {
        let path: PathBuf = folders.overlay().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("platforms.ron", b"[]");
    put("cards/mine.ron", b"[1]");
    put("cards/notes.txt", b"no table");
    put("cards/deeper/hidden.ron", b"not looked for");
    put("models/broken.ron", b"\xff\xfe");
    let overlay = read_overlay(&folders.overlay());
    let file = |name: &str, text: &str| TableFile { name: name.to_owned(), text: text.to_owned() };
    assert_eq!(overlay.files, [file("cards/mine.ron", "[1]"), file("platforms.ron", "[]")]);
    assert_eq!(overlay.faults.len(), 1);
    assert!(overlay.faults[0].to_string().ends_with("broken.ron is not a text file; remove or mend it"));
}

#[test]
fn only_what_a_write_left_behind_a_day_ago_is_swept() {
    let home = folder();
    let put = |name: &str, age: Duration| {
        let file = fs::File::create(home.path().join(name)).unwrap();
        file.set_modified(SystemTime::now() - age).unwrap();
    };
    let day = Duration::from_hours(24);
    put(".rigplan-abc.tmp", day * 2);
    put(".rigplan-new.tmp", Duration::from_hours(1));
    put("plan.ron", day * 400);
    put(".other-abc.tmp", day * 2);
    fs::create_dir(home.path().join(".rigplan-folder.tmp")).unwrap();
    sweep(home.path());
    assert_eq!(names(home.path()), [".other-abc.tmp", ".rigplan-folder.tmp", ".rigplan-new.tmp", "plan.ron"]);
}

#[test]
fn a_tilde_stands_for_the_home() {
    let home = Some(Path::new("/home/ann"));
    for (typed, path) in [
        ("~", "/home/ann"),
        ("~/plan.ron", "/home/ann/plan.ron"),
        ("~//plan.ron", "/home/ann/plan.ron"),
        ("~bob/plan.ron", "~bob/plan.ron"),
        ("/a/~/b", "/a/~/b"),
    ] {
        assert_eq!(from_home(typed, home), Path::new(path), "{typed}");
    }
    assert_eq!(from_home("~/a", None), Path::new("~/a"));
}

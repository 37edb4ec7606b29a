//! What packages carry beside the program: manual pages and the completions of shells, which say what the command line
//! takes now. `UPDATE_SNAPSHOTS=1` writes them anew.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap_complete::Shell;
use rigplan::cli::command_line;
use rigplan::text::Locale;

fn assets(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(folder)
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let read =
        |entry: fs::DirEntry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap());
    fs::read_dir(folder).unwrap().map(Result::unwrap).map(read).collect()
}

/// The files in `assets` are those that `write` makes.
fn hold(folder: &str, write: impl FnOnce(&Path)) {
    let made = tempfile::tempdir().unwrap();
    write(made.path());
    let (made, kept) = (files(made.path()), assets(folder));
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::remove_dir_all(&kept).unwrap();
        fs::create_dir_all(&kept).unwrap();
        for (name, text) in &made {
            fs::write(kept.join(name), text).unwrap();
        }
    }
    let old: Vec<String> =
        files(&kept).into_iter().filter(|(name, text)| made.get(name) != Some(text)).map(|it| it.0).collect();
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&files(&kept)), names(&made), "files of assets/{folder}: UPDATE_SNAPSHOTS=1 writes them");
    assert!(
        old.is_empty(),
        "assets/{folder} says what the command line took before: {old:?}; UPDATE_SNAPSHOTS=1 writes it"
    );
}

#[test]
fn manual_pages_say_what_can_be_typed() {
    hold("man", |folder| clap_mangen::generate_to(command_line(Locale::En), folder).unwrap());
}

#[test]
fn completions_say_what_can_be_typed() {
    hold("completions", |folder| {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            clap_complete::generate_to(shell, &mut command_line(Locale::En), "rigplan", folder).unwrap();
        }
    });
}

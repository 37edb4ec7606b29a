//! Programs that are killed while they save: no half file, and nothing lost of what was said to be kept.
//!
//! The program that is killed is this test itself, started once more. A few kills are enough to see that the ways still
//! hold; `RIGPLAN_KILLS=200 cargo test --test programs kills` goes through all their moments.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use rigplan::plan::Document;
use rigplan::share::plan_file;
use rigplan::system::folders::Folders;
use rigplan::system::recovery::{self, RecoveryCopy, RecoveryPlace};
use rigplan::system::storage;
use rigplan::system::versions::{MOST, Versions};

/// Where the program that will be killed writes; unset in the one that kills.
const WHERE: &str = "RIGPLAN_TEST_SAVES_IN";
/// How often it is killed, where somebody has the time.
const HOW_OFTEN: &str = "RIGPLAN_KILLS";
const KILLS: u64 = 25;

/// A document that can be told from every other, long enough to be cut off.
fn numbered(number: u64) -> Document {
    Document { name: number.to_string(), notes: "n".repeat(20_000), ..Document::default() }
}

fn number_of(text: &str) -> u64 {
    let document = plan_file::from_text(text).unwrap_or_else(|error| panic!("a whole file, not: {error}"));
    assert_eq!(document.notes.len(), 20_000);
    document.name.parse().unwrap()
}

/// Saves and keeps for ever, each number said once it is done.
#[test]
fn saves_until_it_is_killed() {
    let Some(home) = env::var_os(WHERE) else { return };
    let home = Path::new(&home);
    let folders = Folders::at(home.join("config"));
    let (mut place, versions) = (RecoveryPlace::of(&folders), Versions::of(&folders));
    let mut said = std::io::stdout();
    for number in 1.. {
        let text = plan_file::to_text(&numbered(number)).unwrap();
        let path = home.join("plan.ron");
        storage::write(&path, &text).unwrap();
        versions.keep(&path, text.as_bytes(), SystemTime::now()).unwrap();
        let file = Some(path);
        place.keep(&RecoveryCopy { file, seen: None, made: SystemTime::now(), text }).unwrap();
        writeln!(said, "\nkept {number}").unwrap();
        said.flush().unwrap();
    }
}

#[test]
fn a_kill_while_saving_loses_nothing_and_leaves_no_half_file() {
    let home = tempfile::tempdir().unwrap();
    let folders = Folders::at(home.path().join("config"));
    let kills = env::var(HOW_OFTEN).ok().and_then(|often| often.parse().ok()).unwrap_or(KILLS);
    let versions = Versions::of(&folders);
    for kill in 0..kills {
        let mut program = Command::new(env::current_exe().unwrap())
            .args(["--exact", "kills::saves_until_it_is_killed", "--nocapture"])
            .env(WHERE, home.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
        let kept = |line: &str| line.strip_prefix("kept ")?.parse::<u64>().ok();
        // Somewhere within the write after this one.
        let wanted = 1 + kill % 5;
        let mut last =
            lines.by_ref().map_while(Result::ok).filter_map(|line| kept(&line)).find(|n| *n >= wanted).unwrap();
        assert!(recovery::left(&folders).copies.is_empty(), "it still runs");
        program.kill().unwrap();
        program.wait().unwrap();
        last = lines.map_while(Result::ok).filter_map(|line| kept(&line)).last().unwrap_or(last);

        let saved = number_of(&fs::read_to_string(home.path().join("plan.ron")).unwrap());
        assert!(saved >= last, "saved {last}, found {saved}");
        let left = recovery::left(&folders);
        assert!(left.broken.is_empty(), "{:?}", left.broken);
        let found: Vec<u64> = left.copies.iter().map(|left| number_of(&left.copy.text)).collect();
        assert!(found.len() == 1 && found[0] >= last && found[0] <= saved, "kept {last}, found {found:?}");
        left.copies.into_iter().for_each(recovery::LeftCopy::settle);
        let kept = versions.of_file(&home.path().join("plan.ron"));
        let numbers: Vec<u64> = kept.iter().map(|it| number_of(&fs::read_to_string(&it.path).unwrap())).collect();
        assert!(numbers.len() <= MOST + 1, "one more where it is killed before it made room: {numbers:?}");
        // Each run counts from 1 again.
        assert!(numbers[0] >= last && numbers[0] <= saved, "kept {last}, found {numbers:?}");
    }
    for folder in [home.path().to_owned(), folders.recovery()] {
        // What was cut off goes a day later.
        for entry in fs::read_dir(&folder).unwrap() {
            let file = fs::File::options().write(true).open(entry.unwrap().path());
            drop(file.and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH)));
        }
        storage::sweep(&folder);
    }
    assert_eq!(fs::read_dir(folders.recovery()).unwrap().count(), 0);
    assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "the plan and the folder of the settings");
}

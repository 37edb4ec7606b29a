//! Which memory ran out: texts in the words of the programs, with figures of their own, after reports in public trackers.

use std::fs;
use std::path::Path;

use rigplan::advise::diagnose::{Cure, Finding, Kind, Look, Memory, Note, Tool, diagnose, words};
use rigplan::text::Locale;

use crate::diagnose_calls::CALLS;
use crate::diagnose_more::MORE;
use crate::diagnose_others::OTHERS;
use crate::diagnose_systems::SYSTEMS;
use crate::diagnose_texts::{ALLOCATORS, Case, NOTHING};

fn cases() -> impl Iterator<Item = &'static Case> {
    ALLOCATORS.iter().chain(SYSTEMS).chain(MORE).chain(OTHERS).chain(CALLS)
}

#[test]
fn the_words_of_programs_are_read() {
    let mut wrong = Vec::new();
    for case in cases() {
        let Some(found) = diagnose(case.text) else {
            wrong.push(format!("{}: not read", case.source));
            continue;
        };
        let amounts = found.amounts;
        let seen = (found.memory, found.kind, found.tool, found.device);
        let wanted = (case.memory, case.kind, case.tool, case.device);
        let seen_amounts = [amounts.asked, amounts.free, amounts.total, amounts.reserved_unallocated];
        if seen != wanted || seen_amounts != case.amounts {
            wrong.push(format!("{}: {seen:?} {seen_amounts:?}, wanted {wanted:?} {:?}", case.source, case.amounts));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts in files: `## source | memory=… kind=…`, then the text. What is not named is not to be told.
fn texts_of_files() -> Vec<(String, String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/errors");
    let mut texts = Vec::new();
    for file in ["engines", "frameworks", "systems", "listings"] {
        let file = fs::read_to_string(folder.join(file).with_extension("txt")).expect(file);
        for part in file.split("\n## ").skip(1) {
            let (head, text) = part.split_once('\n').expect("a text below its head");
            let (source, wanted) = head.split_once(" | ").expect(head);
            texts.push((source.to_owned(), wanted.to_owned(), text.trim_end().to_owned()));
        }
    }
    texts
}

/// What a finding says, as the files say it.
fn told(found: Option<&Finding>) -> String {
    let Some(found) = found else { return "memory=unread".to_owned() };
    let number = |name: &str, value: Option<u64>| value.map(|value| format!("{name}={value}"));
    let amounts = found.amounts;
    let parts = [
        Some(format!("memory={}", found.memory.name())),
        found.kind.map(|kind| format!("kind={}", kind.name())),
        found.tool.map(|tool| format!("tool={}", tool.name())),
        number("device", found.device.map(u64::from)),
        number("asked", amounts.asked),
        number("free", amounts.free),
        number("total", amounts.total),
        number("unused", amounts.reserved_unallocated),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_texts_of_the_files_are_read_alone_and_in_a_long_log() {
    let noise = "INFO 11-29 10:00:00 [loader.py:300] step 12 took 3.1 s, 14.2 GiB\n".repeat(1_200);
    let texts = texts_of_files();
    assert!(texts.len() >= 240, "{}", texts.len());
    let mut wrong = Vec::new();
    for (source, wanted, text) in &texts {
        let found = diagnose(text);
        let seen = told(found.as_ref());
        if seen != *wanted {
            wrong.push(format!("{source}: {seen}, wanted {wanted}"));
        }
        let buried = diagnose(&format!("{noise}{text}\n{noise}"));
        let memory = |found: &Option<Finding>| found.as_ref().map(|found| (found.memory, found.kind));
        if memory(&buried) != memory(&found) {
            wrong.push(format!("{source}: in a long log {}", told(buried.as_ref())));
        }
        if let Some(found) = found {
            let helps = !found.cures.is_empty() || !found.looks.is_empty() || found.note.is_some();
            assert!(helps, "{source}: neither a cure nor where to look");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_cannot_be_told_says_where_to_look_and_all_else_what_helps() {
    for case in cases() {
        let found = diagnose(case.text).expect("read");
        match found.memory {
            Memory::Unknown => assert!(!found.looks.is_empty(), "{}", case.source),
            Memory::None if found.kind.is_none() => assert!(found.note.is_some(), "{}", case.source),
            _ => assert!(!found.cures.is_empty(), "{}", case.source),
        }
    }
}

#[test]
fn a_message_is_found_in_a_long_log_and_broken_by_the_terminal() {
    let noise = "INFO 11-29 10:00:00 [loader.py:300] step 12 took 3.1 s, 14.2 GiB\n".repeat(1_200);
    for case in cases().filter(|case| case.tool != Some(Tool::Free)) {
        let buried = format!("{noise}{}\n{noise}", case.text);
        let found = diagnose(&buried).expect("read");
        assert_eq!((found.memory, found.kind), (case.memory, case.kind), "{}", case.source);
    }
    let broken = "\u{1b}[31mRuntimeError: CUDA out of memory. Tried to allocate 2.50\n GiB (GPU 1; 7.79 GiB total\n capacity; \
                  5.50 GiB already allocated; 1.25 GiB free; 6.00 GiB\nreserved in total by PyTorch)\u{1b}[0m";
    let found = diagnose(broken).expect("read");
    assert_eq!((found.device, found.amounts.asked, found.amounts.free), (Some(1), Some(5 << 29), Some(5 << 28)));
}

#[test]
fn a_text_that_tells_of_no_memory_is_not_read() {
    for text in NOTHING {
        assert_eq!(diagnose(text), None, "{text}");
    }
}

/// Any text at all, whatever it is cut out of.
#[test]
fn no_text_breaks_the_reader() {
    for case in cases() {
        let ends = case.text.char_indices().map(|(at, _)| at).filter(|at| at % 7 == 0);
        for at in ends {
            let (before, after) = case.text.split_at(at);
            let _ = (diagnose(before), diagnose(after));
            let _ = diagnose(&format!("{before}\u{1b}[页{after}"));
        }
    }
}

#[test]
fn a_finding_is_said_in_both_languages() {
    for case in cases() {
        let found = diagnose(case.text).expect("read");
        for locale in Locale::ALL {
            let said = words::headline(&found, locale);
            assert!(!said.is_empty() && !said.contains(['{', '}']), "{said}");
            let figures = words::figures(&found, locale).unwrap_or_default();
            assert!(!figures.contains(['{', '}']), "{figures}");
        }
    }
    let keys = Cure::ALL.iter().map(|cure| cure.key()).chain(Look::ALL.iter().map(|look| look.key()));
    for key in keys.chain(Note::ALL.iter().map(|note| note.key())) {
        assert!(Locale::ALL.iter().all(|locale| !locale.word(key).is_empty()), "{key:?}");
    }
}

#[test]
fn a_share_is_raised_or_lowered_as_the_message_means() {
    let cures = |text: &str| diagnose(text).map(|found| found.cures.to_vec()).unwrap_or_default();
    let raised =
        cures("ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`.");
    assert!(raised.contains(&Cure::RaiseUtilization) && !raised.contains(&Cure::LowerUtilization));
    let lowered = cures(
        "ValueError: Free memory on device (5.20/23.64 GiB) on startup is less than desired GPU memory utilization \
         (0.9, 21.28 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
    );
    assert!(lowered.contains(&Cure::LowerUtilization) && !lowered.contains(&Cure::RaiseUtilization));
    let found =
        diagnose("RuntimeError: Not enough memory. Please try to increase --mem-fraction-static.").expect("read");
    assert_eq!((found.kind, found.cures.first()), (Some(Kind::Limit), Some(&Cure::RaiseMemFraction)));
}

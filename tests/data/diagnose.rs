//! Which memory ran out: texts in the words of the programs, with figures of their own, after reports in public trackers.

use rigplan::advise::diagnose::{Cure, Kind, Look, Memory, Note, Tool, diagnose, words};
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

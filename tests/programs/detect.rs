//! Detection against a stand-in for the driver's library, with scripted cards and faults.
//!
//! The stand-in is C (`fixtures/nvml/standin.c`), built here for each scenario: it takes a compiler named `cc`, `gcc` or
//! `clang`, or the one that `CC` names.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rigplan::catalog::Catalog;
use rigplan::plan::{CardChoice, CardCount, Machine, Plan};
use rigplan::system::detect::{
    Detected, DetectedCard, DriverFault, Host, NvmlState, Probe, ThisMachine, UnreadableCard, detect_in_background,
};
use rigplan::text::Locale;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/nvml")
}

/// Builds the stand-in for a scenario of the fixtures in a folder of its own.
pub(crate) fn build(scenario: &str, extra: &[&str]) -> (tempfile::TempDir, PathBuf) {
    build_for(&fixtures().join(format!("{scenario}.txt")), extra)
}

/// Builds the stand-in that reads `script` when it is loaded.
pub(crate) fn build_for(script: &Path, extra: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let library =
        folder.path().join(format!("{}standin{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX));
    assert!(script.is_file(), "no scenario {}", script.display());
    let define = format!("-DSCENARIO=\"{}\"", script.display().to_string().replace('\\', "/"));
    let named = std::env::var("CC").ok();
    for compiler in named.iter().map(String::as_str).chain(["cc", "gcc", "clang"]) {
        let mut command = Command::new(compiler);
        command
            .args(["-shared", "-Wall", "-Werror", &define])
            .args(cfg!(unix).then_some("-fPIC"))
            .args(extra)
            .arg("-o")
            .arg(&library);
        match command.arg(fixtures().join("standin.c")).output() {
            Ok(output) if output.status.success() => return (folder, library),
            Ok(output) => panic!("{compiler} refused the stand-in: {}", String::from_utf8_lossy(&output.stderr)),
            Err(_) => {}
        }
    }
    panic!("no C compiler found: install gcc or clang, or name one in CC; the stand-in for NVML is built with it");
}

pub(crate) fn detect_with(scenario: &str, extra: &[&str]) -> Detected {
    let (_folder, library) = build(scenario, extra);
    asked(library).detect()
}

/// The driver that `library` stands for, waited for as long as a slow machine may need.
pub(crate) fn asked(library: PathBuf) -> ThisMachine {
    ThisMachine::asked_by(PathBuf::from(env!("CARGO_BIN_EXE_rigplan")), library).waiting(Duration::from_mins(2))
}

pub(crate) fn detect(scenario: &str) -> Detected {
    detect_with(scenario, &[])
}

fn ready(driver: &str, cuda: &str) -> NvmlState {
    NvmlState::Ready { driver_version: Some(driver.to_owned()), cuda_version: Some(cuda.to_owned()) }
}

#[test]
fn two_cards_are_read_whole() {
    let found = detect("two-cards");
    assert_eq!(found.nvml, ready("570.86.15", "12.8"));
    assert_eq!(found.unreadable, []);
    let first = DetectedCard {
        index: 0,
        name: Some("NVIDIA GeForce RTX 4090".to_owned()),
        memory_total_bytes: Some(25_757_220_864),
        memory_free_bytes: Some(24_696_061_952),
        memory_used_bytes: Some(600_000_000),
        pcie_gen: Some(1),
        pcie_gen_max: Some(4),
        pcie_lanes: Some(16),
        pcie_lanes_max: Some(16),
        mig: None,
        display_active: Some(true),
        pci_bus_id: Some("00000000:01:00.0".to_owned()),
        ..DetectedCard::default()
    };
    assert_eq!(found.cards[0], first);
    assert_eq!(found.cards[1].index, 1);
    assert_eq!(found.cards[1].pcie_lanes_max, Some(4));
    assert_eq!(found.cards[1].mig, Some(false));
    assert_eq!(found.cards.len(), 2);
}

#[test]
fn lost_cards_do_not_hide_the_others() {
    let found = detect("one-lost");
    assert_eq!(found.cards.iter().map(|card| card.index).collect::<Vec<_>>(), [0, 3]);
    let reason = "device fell off the bus or has otherwise become inacessible".to_owned();
    let lost = |index| UnreadableCard { index, fault: DriverFault::Lost, reason: reason.clone() };
    let said = found.unreadable[0].why(Locale::Zh);
    assert!(said.starts_with("显卡已从总线掉线") && said.contains(&reason), "{said}");
    assert_eq!(found.unreadable, [lost(1), lost(2)]);
}

#[test]
fn questions_without_answer_stay_unknown() {
    let found = detect("wsl");
    let card = &found.cards[0];
    assert_eq!(card.memory_total_bytes, Some(8_585_740_288));
    assert_eq!((card.pcie_gen, card.pcie_gen_max), (None, None));
    // The driver says 0 lanes, which means it does not know.
    assert_eq!((card.pcie_lanes, card.pcie_lanes_max), (None, None));
    assert_eq!((card.mig, card.display_active, &card.pci_bus_id), (None, None, &None));
}

#[test]
fn an_old_driver_lacks_the_memory_question() {
    let found = detect_with("two-cards", &["-DWITHOUT_MEMORY_V2"]);
    assert_eq!(found.cards.len(), 2);
    assert_eq!(found.cards[0].memory_total_bytes, None);
    assert_eq!(found.cards[0].pcie_gen_max, Some(4));
}

#[test]
fn a_library_without_shutdown_does_no_harm() {
    assert_eq!(detect_with("two-cards", &["-DWITHOUT_SHUTDOWN"]).cards.len(), 2);
}

#[test]
fn many_cards_and_none() {
    assert_eq!(detect("eight-cards").cards.len(), 8);
    let none = detect("no-cards");
    assert_eq!((none.nvml, none.cards), (ready("570.86.15", "12.8"), vec![]));
}

#[test]
fn faults_are_told_apart() {
    assert_eq!(detect("mismatch").nvml, NvmlState::VersionMismatch);
    assert_eq!(detect("not-running").nvml, NvmlState::NotRunning);
    assert_eq!(detect("no-permission").nvml, NvmlState::NoPermission);
    let reason = "an internal driver error occurred".to_owned();
    let failed = NvmlState::Failed { fault: DriverFault::Unknown, reason };
    assert_eq!(detect("unknown-error").nvml, failed);
    assert_eq!(detect("no-count").nvml, failed);
}

#[test]
fn absurd_answers_are_bounded() {
    let found = detect("absurd");
    let card = &found.cards[0];
    assert_eq!(card.name.as_deref(), Some("tab and no memory"));
    assert_eq!(card.memory_total_bytes, None);
    assert_eq!([card.pcie_gen, card.pcie_gen_max, card.pcie_lanes, card.pcie_lanes_max], [None; 4]);
    // −1, "not available" of some drivers.
    let card = &found.cards[1];
    let memory = (card.memory_total_bytes, card.memory_free_bytes, card.memory_used_bytes);
    assert_eq!(memory, (Some(25_769_803_776), None, None));
    assert_eq!(card.name, None, "a name with control characters");
    assert_eq!(found.cards[2].memory_total_bytes, None, "all bits set");
    // The library claims 2,000,000,000 cards.
    assert_eq!(found.unreadable.len(), 253);
    let machine = found.machine(&Machine::default(), Catalog::embedded());
    let nameless = CardChoice::Detected { name: "NVIDIA".to_owned(), memory_bytes: 25_769_803_776 };
    assert_eq!(machine.cards, [CardCount::of(nameless, 1)]);
    assert_eq!((machine.pcie_gen, machine.pcie_lanes), (None, None));
}

#[test]
fn a_named_library_that_is_missing_or_none_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("libnvidia-ml.so");
    for content in [None, Some("not a library")] {
        if let Some(content) = content {
            std::fs::write(&path, content).unwrap();
        }
        let NvmlState::Failed { fault: DriverFault::NotLoaded, reason } = asked(path.clone()).detect().nvml else {
            panic!("a library that was asked for and cannot be loaded must be told");
        };
        assert!(!reason.contains('\n') && reason.contains("libnvidia-ml.so"), "{reason}");
    }
}

fn machine(scenario: &str) -> Machine {
    detect(scenario).machine(&Machine::default(), Catalog::embedded())
}

fn of_catalog(id: &str, count: u32) -> CardCount {
    CardCount::of(CardChoice::Catalog(id.to_owned()), count)
}

#[test]
fn the_machine_of_a_plan_is_what_was_found() {
    let mut found = detect("two-cards");
    found.host = Host { ram_total_bytes: Some(67_300_000_000), ..Host::default() };
    let before = Machine { ram_gb_s: Some(80.0), disk_gb_s: Some(7.0), ..Machine::default() };
    let machine = found.machine(&before, Catalog::embedded());
    assert_eq!(machine.cards, [of_catalog("rtx-4090", 1), of_catalog("rtx-3090", 1)]);
    assert_eq!((machine.pcie_gen, machine.pcie_lanes), (Some(3), Some(4)), "the slower slot counts");
    assert_eq!((machine.ram_gib, machine.screen), (62.67, true));
    assert_eq!((machine.ram_gb_s, machine.disk_gb_s), (Some(80.0), Some(7.0)), "not found out, so kept");
}

#[test]
fn devices_become_cards() {
    assert_eq!(machine("eight-cards").cards, [of_catalog("h100-sxm5", 8)]);
    assert_eq!(machine("boards").cards, [of_catalog("a16", 2)], "four devices lie on one card");
    assert_ne!(machine("wsl").cards, [of_catalog("rtx-4070", 1)], "a laptop card is no desktop card");
    assert_eq!(machine("unified").cards, [of_catalog("gb10-dgx-spark", 1)], "found without a memory size");
}

#[test]
fn measured_memory_is_kept() {
    let unknown = CardChoice::Detected { name: "NVIDIA GeForce RTX 7090".to_owned(), memory_bytes: 51_539_607_552 };
    let cards = machine("unknown-card").cards;
    assert_eq!(cards[0], CardCount::of(unknown, 1));
    // Error correction switched on takes a sixteenth.
    let expected = CardCount { memory_gib: Some(22.5), ..of_catalog("rtx-a5000", 1) };
    assert_eq!(cards[1..], [expected]);
}

#[test]
fn the_answer_comes_through_the_channel_and_wakes() {
    let woken = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&woken);
    let wake = Arc::new(move || flag.store(true, Ordering::SeqCst));
    let scripted = Detected { host: Host { physical_cores: Some(12), ..Host::default() }, ..Detected::default() };
    let receiver = detect_in_background(scripted.clone(), wake);
    assert_eq!(receiver.recv_timeout(Duration::from_mins(1)).unwrap(), scripted);
    // The sender is gone only when the thread is done, hence after waking.
    assert!(receiver.recv_timeout(Duration::from_mins(1)).is_err());
    assert!(woken.load(Ordering::SeqCst));
}

#[test]
fn scripts_get_stable_keys() {
    let found = Detected {
        nvml: ready("570.86.15", "12.8"),
        unreadable: vec![UnreadableCard { index: 1, fault: DriverFault::Lost, reason: "lost".to_owned() }],
        ..Detected::default()
    };
    let json = serde_json::to_string(&found).unwrap();
    let expected = concat!(
        r#"{"nvml":{"state":"ready","driver_version":"570.86.15","cuda_version":"12.8"},"cards":[],"#,
        r#""unreadable":[{"index":1,"fault":"lost","reason":"lost"}],"host":{"ram_total_bytes":null,"#,
        r#""ram_available_bytes":null,"cpu":null,"physical_cores":null,"os":null}}"#
    );
    assert_eq!(json, expected);
    assert_eq!(serde_json::to_string(&NvmlState::NoDriver).unwrap(), r#"{"state":"no_driver"}"#);
}

#[test]
fn a_card_that_is_cut_is_planned_as_its_largest_slice() {
    let found = detect("mig");
    let names: Vec<_> = found.cards.iter().map(|card| card.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["NVIDIA A100-SXM4-80GB MIG 3g.40gb", "NVIDIA A100-SXM4-80GB MIG 1g.10gb"]);
    assert!(found.cards.iter().all(|card| card.index == 0 && card.slice_of.is_some() && card.pcie_gen_max == Some(4)));
    // The second card is cut, and none of its slices is this user's.
    assert_eq!(found.unreadable.iter().map(|card| card.index).collect::<Vec<_>>(), [1]);
    assert!(found.unreadable[0].reason.contains("MIG"), "{}", found.unreadable[0].reason);

    let catalog = Catalog::embedded();
    let machine = found.machine(&Machine::default(), catalog);
    let slice = CardCount { memory_gib: Some(39.25), ..of_catalog("a100-sxm4-80gb/3g.40gb", 1) };
    assert_eq!(machine.cards, [slice], "a program sees one slice, the largest");

    let decode = |machine: Machine| {
        let plan = Plan { machine, ..Plan::default() };
        let estimate = rigplan::estimate::estimate(&plan, catalog).unwrap();
        (estimate.devices[0].capacity, estimate.speed.decode.map(|band| band.expected))
    };
    let whole = Machine { cards: vec![of_catalog("a100-sxm4-80gb", 1)], ..machine.clone() };
    let ((memory, Some(part)), (_, Some(all))) = (decode(machine), decode(whole)) else { panic!("speeds") };
    assert!(memory.gib() < 40.0, "{memory}");
    assert!(part < all * 0.75 && part > all * 0.3, "half of the bandwidth: {part} of {all}");
}

#[test]
fn a_slice_of_another_name_has_its_memory_and_no_speed() {
    let mut found = detect("mig");
    found.cards[0].name = Some("NVIDIA A100-SXM4-80GB MIG 1c.3g.40gb".to_owned());
    let machine = found.machine(&Machine::default(), Catalog::embedded());
    assert!(
        matches!(&machine.cards[0].card, CardChoice::Detected { memory_bytes: 42_144_366_592, .. }),
        "{:?}",
        machine.cards
    );
    let none = Detected { cards: vec![DetectedCard { slice_of: None, ..found.cards[1].clone() }], ..found };
    assert_eq!(none.machine(&Machine::default(), Catalog::embedded()).cards, [], "never the whole card");
}

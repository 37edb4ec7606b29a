//! "Use this machine".

use std::cell::RefCell;
use std::sync::mpsc;

use eframe::egui::Key;
use egui_kittest::kittest::Queryable;
use rigplan::catalog::card::PciId;
use rigplan::plan::{CardChoice, CardCount, Machine};
use rigplan::system::detect::{Detected, DetectedCard, DriverFault, GraphicsChip, Host, Inside, NvmlState, WholeCard};
use rigplan::text::{Key as Words, Locale};
use rigplan::units::GIB;

use super::support::Start;
use crate::support::{click, press};

fn found(name: &str, memory_gib: u64) -> Detected {
    Detected {
        nvml: NvmlState::Ready { driver_version: None, cuda_version: None },
        cards: vec![DetectedCard {
            name: Some(name.to_owned()),
            memory_total_bytes: Some(memory_gib * GIB),
            ..DetectedCard::default()
        }],
        host: Host {
            ram_total_bytes: Some(48 * GIB),
            ram_kind: Some("DDR5".to_owned()),
            cpu: Some("AMD Ryzen 9 7950X".to_owned()),
            physical_cores: Some(16),
            ..Host::default()
        },
        ..Detected::default()
    }
}

fn machine(window: &egui_kittest::Harness<'_, rigplan::app::App>) -> Machine {
    window.state().document().plans[0].plan.machine.clone()
}

/// The words stand on the screen.
fn says(window: &egui_kittest::Harness<'_, rigplan::app::App>, words: &str) {
    assert!(window.query_by_label(words).is_some(), "{words}");
}

fn of_catalog(id: &str) -> Vec<CardCount> {
    vec![CardCount::of(CardChoice::Catalog(id.to_owned()), 1)]
}

#[test]
fn what_is_found_at_the_start_leaves_the_plan_alone() {
    let window = Start { found: found("NVIDIA GeForce RTX 3060", 12), ..Start::again() }.window();
    assert_eq!(machine(&window), Machine::default());
}

#[test]
fn use_this_machine_asks_first_then_is_one_named_step() {
    let mut window = Start { found: found("NVIDIA Something New", 40), ..Start::again() }.window();
    click(&mut window, "Use this machine");
    assert_eq!(machine(&window), Machine::default(), "nothing before the choice");
    says(&window, "NVIDIA Something New, 40.0 GiB; not in the catalog, so its speed is not known");
    says(&window, "48.0 GiB DDR5");
    says(&window, "AMD Ryzen 9 7950X, 16 cores");
    click(&mut window, "Plan this machine");
    let expected = CardChoice::Detected { name: "NVIDIA Something New".to_owned(), memory_bytes: 40 * GIB };
    assert_eq!(machine(&window).cards[0].card, expected, "usable with its measured memory");
    assert_eq!(machine(&window).ram_gib, 48.0);
    click(&mut window, "Undo: card and system RAM");
    assert_eq!(machine(&window), Machine::default(), "one step");
}

#[test]
fn without_a_card_it_asks_for_the_processor_or_the_planned_card() {
    let start = || {
        let found = Detected { cards: Vec::new(), nvml: NvmlState::NoDriver, ..found("", 1) };
        let mut window = Start { found, ..Start::again() }.window();
        click(&mut window, "Use this machine");
        says(&window, "No NVIDIA driver is installed, so no card was asked");
        says(&window, "“Keep the planned card” plans GeForce RTX 4090 with this machine’s RAM");
        window
    };
    let mut window = start();
    click(&mut window, "Plan CPU only");
    assert_eq!((machine(&window).cards, machine(&window).ram_gib), (vec![], 48.0));
    click(&mut window, "Undo: card and system RAM");
    assert_eq!(machine(&window), Machine::default(), "one step");

    let mut window = start();
    click(&mut window, "Keep the planned card");
    assert_eq!((machine(&window).cards, machine(&window).ram_gib), (Machine::default().cards, 48.0));

    let mut window = start();
    press(&mut window, Key::Escape);
    assert_eq!(machine(&window), Machine::default(), "left as it was");
    assert!(window.query_by_label("Plan CPU only").is_none() && !window.state().is_unsaved());
}

#[test]
fn the_keyboard_chooses() {
    let found = Detected { cards: Vec::new(), nvml: NvmlState::NoDriver, ..found("", 1) };
    let mut window = Start { found, ..Start::again() }.window();
    click(&mut window, "Use this machine");
    assert!(window.get_by_label("Plan CPU only").is_focused());
    press(&mut window, Key::Tab);
    assert!(window.get_by_label("Keep the planned card").is_focused());
    press(&mut window, Key::Enter);
    assert_eq!((machine(&window).cards, machine(&window).ram_gib), (Machine::default().cards, 48.0));
}

#[test]
fn why_there_is_no_card_is_said_in_both_languages() {
    let states = [
        NvmlState::NoDriver,
        NvmlState::NotRunning,
        NvmlState::VersionMismatch,
        NvmlState::NoPermission,
        NvmlState::TimedOut { seconds: 5 },
        NvmlState::Ended { signal: Some(6), code: None },
        NvmlState::Ended { signal: None, code: Some(77) },
        NvmlState::NotAsked { fault: None, reason: "no such file".to_owned() },
        NvmlState::Failed { fault: DriverFault::Unknown, reason: "an internal driver error occurred".to_owned() },
    ];
    for state in states {
        for locale in [Locale::En, Locale::Zh] {
            let found = Detected { nvml: state.clone(), ..Detected::default() };
            let mut window = Start { found, ..Start::again() }.window();
            if locale == Locale::Zh {
                click(&mut window, "Language, English");
            }
            click(&mut window, locale.word(Words::UseThisMachine));
            says(&window, &state.say(locale));
            for choice in [Words::PlanCpuOnly, Words::KeepPlannedCard, Words::Cancel] {
                assert!(window.query_by_label(locale.word(choice)).is_some(), "{choice:?} {locale:?}");
            }
        }
    }
}

#[test]
fn a_container_and_wsl_are_told() {
    for (inside, words) in [(Inside::Container, "docker run --gpus all"), (Inside::Wsl, "installed in Windows")] {
        let host = Host { inside: Some(inside), ..Host::default() };
        let mut window = Start { found: Detected { host, ..Detected::default() }, ..Start::again() }.window();
        click(&mut window, "Use this machine");
        assert!(window.query_by_label_contains(words).is_some(), "{words}");
    }
}

#[test]
fn slices_and_chips_of_the_processor_are_told_apart() {
    let slice = |profile: &str, gib| DetectedCard {
        name: Some(format!("NVIDIA A100-SXM4-80GB MIG {profile}")),
        memory_total_bytes: Some(gib * GIB),
        mig: Some(true),
        slice_of: Some(WholeCard {
            name: Some("NVIDIA A100-SXM4-80GB".to_owned()),
            memory_total_bytes: Some(80 * GIB),
        }),
        ..DetectedCard::default()
    };
    let graphics = GraphicsChip {
        integrated: true,
        ..GraphicsChip::new(PciId { vendor: 0x8086, device: 0xA780 }, "0000:00:02.0".to_owned())
    };
    let cards = vec![slice("1g.10gb", 9), slice("1g.10gb", 9), slice("3g.40gb", 39)];
    let found = Detected { cards, graphics: vec![graphics], ..found("", 1) };
    let mut window = Start { found, ..Start::again() }.window();
    click(&mut window, "Use this machine");
    says(&window, "Slice of A100 SXM4 80GB: 9.0 GiB (2 of them)");
    says(&window, "Intel 8086:A780: part of the processor, without VRAM of its own");
    assert!(window.query_by_label_contains("the largest is planned").is_some());
    click(&mut window, "Plan this machine");
    let card = CardChoice::Catalog("a100-sxm4-80gb/3g.40gb".to_owned());
    assert_eq!(machine(&window).cards, [CardCount { memory_gib: Some(39.0), ..CardCount::of(card, 1) }]);
}

#[test]
fn while_it_looks_it_says_so_and_can_be_left() {
    let (at_start, first) = mpsc::channel();
    let (slow, second) = mpsc::channel();
    at_start.send(Detected::default()).expect("the receiver is here");
    let detections = RefCell::new([first, second].into());
    let mut window = Start { detections, ..Start::again() }.window();
    click(&mut window, "Use this machine");
    says(&window, "Looking at this machine…");
    click(&mut window, "Cancel");
    assert!(window.query_by_label("Looking at this machine…").is_none());
    click(&mut window, "Use this machine");
    says(&window, "Looking at this machine…");
    slow.send(found("NVIDIA GeForce RTX 3060", 12)).expect("it is still awaited");
    window.run();
    says(&window, "GeForce RTX 3060 12GB, 12.0 GiB");
    assert!(window.get_by_label("Plan this machine").is_focused());
    press(&mut window, Key::Enter);
    assert_eq!(machine(&window).cards, of_catalog("rtx-3060-12gb"));
}

#[test]
fn a_search_that_broke_off_is_said() {
    let (at_start, first) = mpsc::channel();
    let (gone, second) = mpsc::channel::<Detected>();
    at_start.send(Detected::default()).expect("the receiver is here");
    drop(gone);
    let detections = RefCell::new([first, second].into());
    let mut window = Start { detections, ..Start::again() }.window();
    click(&mut window, "Use this machine");
    says(&window, Locale::En.word(Words::MachineBroken));
    press(&mut window, Key::Enter);
    assert_eq!(machine(&window), Machine::default());
}

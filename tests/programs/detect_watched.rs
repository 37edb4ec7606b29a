//! What NVIDIA's driver tells of cards at work, by scripted situations of the stand-in library; and a machine that is looked
//! at again and again.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use rigplan::catalog::Catalog;
use rigplan::plan::{CardChoice, Machine};
use rigplan::system::detect::{
    CardFacts, CardReading, Detected, DeviceWarning, DriverFault, NvmlState, Probe, Throttle,
};
use rigplan::text::Locale;

use super::detect::{asked, build, detect, detect_with};
use super::run::rigplan;

fn warnings(scenario: &str) -> Vec<Vec<DeviceWarning>> {
    detect(scenario).devices(Catalog::embedded()).iter().map(rigplan::system::detect::SeenDevice::warnings).collect()
}

#[test]
fn a_card_at_work_is_read_whole() {
    let found = detect("working");
    let card = &found.cards[0];
    assert_eq!(card.facts.compute_capability.as_deref(), Some("8.9"));
    assert_eq!((card.facts.clock_max_mhz, card.facts.memory_clock_max_mhz), (Some(3120), Some(10_501)));
    assert_eq!((card.facts.power_default_w, card.facts.bar1_total_bytes), (Some(450), Some(32 << 30)));
    let now = &card.now;
    assert_eq!((now.busy_percent, now.temperature_c), (Some(64), Some(78)));
    assert_eq!((now.power_w, now.power_limit_w), (Some(269), Some(450)));
    assert_eq!((now.clock_mhz, now.memory_clock_mhz), (Some(2520), Some(10_501)));
    assert_eq!(now.throttled, [Throttle::PowerLimit]);
    let programs = now.processes.as_ref().unwrap();
    let named: Vec<_> = programs.iter().map(|it| (it.pid, it.name.as_deref().unwrap(), it.vram_bytes)).collect();
    let expected = [(4127, "llama-server", Some(22_656_000_000)), (2210, "gnome-shell", Some(660_000_000))];
    assert_eq!(named, expected, "once each, without folders");
}

#[test]
fn what_holds_a_card_back_is_told() {
    let reasons = |scenario: &str| warnings(scenario).into_iter().flatten().collect::<Vec<_>>();
    let working = warnings("working");
    assert_eq!(working[0], [], "its power limit is usual under load");
    let slot = [
        DeviceWarning::Lanes { now: 8, of: 16 },
        DeviceWarning::Generation { now: 3, of: 4 },
        DeviceWarning::PowerLimit { now: 120, of: 170 },
    ];
    assert_eq!(working[1], slot);
    let held = [Throttle::Heat, Throttle::PowerBrake, Throttle::Hardware].map(DeviceWarning::HeldBack);
    assert_eq!(reasons("hot"), held);
    assert_eq!(warnings("ecc"), [vec![DeviceWarning::Ecc], vec![], vec![]], "HBM loses nothing to it");
}

#[test]
fn an_idle_card_that_lowers_its_link_is_no_fault() {
    let found = detect("two-cards");
    let first = &found.devices(Catalog::embedded())[0];
    assert_eq!((first.link.generation, first.link.generation_max), (Some(1), Some(4)));
    assert_eq!(first.warnings(), []);
}

#[test]
fn links_between_cards_are_counted() {
    let found = detect("nvlinked");
    let links: Vec<_> = found.cards.iter().map(|card| card.facts.nvlinks).collect();
    assert_eq!(links, [Some(4), Some(4), Some(0)]);
    let linked: Vec<_> = (0..3).map(|card| found.linked_to(card)).collect();
    assert_eq!(linked, [vec![(1, 4)], vec![(0, 4)], vec![]], "which cards");
    let said = found.places_in_words(Catalog::embedded(), Locale::En);
    assert!(said.iter().any(|line| line.starts_with("GPU 0") && line.ends_with("4 of them to GPU 1")), "{said:?}");
    assert_eq!(detect("two-cards").cards[0].facts.nvlinks, None, "not told");
}

#[test]
fn sixteen_cards_are_all_there() {
    let found = detect("sixteen-cards");
    assert_eq!(found.cards.len(), 16);
    assert_eq!(found.cards[15].now.busy_percent, Some(15));
    let machine = found.machine(&Machine::default(), Catalog::embedded());
    assert_eq!(machine.cards.iter().map(|kind| kind.count).sum::<u32>(), 16);
}

#[test]
fn where_every_question_is_refused_nothing_is_made_up() {
    let found = detect("unsupported");
    let card = &found.cards[0];
    assert_eq!(card.name.as_deref(), Some("GRID A100-10C"));
    assert_eq!((&card.facts, &card.now), (&CardFacts::default(), &CardReading::default()));
    let device = &found.devices(Catalog::embedded())[0];
    assert_eq!((device.total, device.used, device.warnings().len()), (None, None, 0));
    assert_eq!(found.machine(&Machine::default(), Catalog::embedded()).cards, [], "nothing to plan with");
}

#[test]
fn windows_names_programs_without_their_share() {
    let programs = detect("wddm").cards[0].now.processes.clone().unwrap();
    let named: Vec<_> = programs.iter().map(|it| (it.name.as_deref().unwrap(), it.vram_bytes)).collect();
    assert_eq!(named, [("explorer.exe", None), ("ollama.exe", None)]);
}

#[test]
fn of_many_programs_the_largest_are_kept() {
    let programs = detect("many-programs").cards[0].now.processes.clone().unwrap();
    assert_eq!(programs.len(), 64);
    assert_eq!((programs[0].name.as_deref(), programs[0].vram_bytes), (Some("worker100"), Some(1_000_000_000)));
}

#[test]
fn a_driver_before_the_lists_of_programs_has_none() {
    let found = detect_with("working", &["-DWITHOUT_PROCESSES"]);
    assert_eq!((found.cards[0].now.processes.as_ref(), found.cards[0].now.temperature_c), (None, Some(78)));
}

#[test]
fn a_program_on_a_slice_is_not_on_the_other() {
    let found = detect("mig-programs");
    let held: Vec<_> = found.cards.iter().map(|card| card.now.processes.as_ref().map_or(0, Vec::len)).collect();
    assert_eq!(held, [1, 0]);
}

#[test]
fn figures_that_cannot_be_are_no_data() {
    let card = &detect("noise-figures").cards[0];
    assert_eq!(card.facts.compute_capability.as_deref(), Some("8.9"), "what can be stays");
    let now = &card.now;
    assert_eq!((now.busy_percent, now.temperature_c, now.power_w, now.clock_mhz), (None, None, None, None));
    assert_eq!((card.facts.bar1_total_bytes, card.facts.clock_max_mhz), (None, None));
    assert_eq!(now.processes.as_ref().unwrap()[0].vram_bytes, None, "more than the card has");
}

#[test]
fn a_card_that_is_lost_while_it_is_watched_is_said_to_be() {
    let (_folder, library) = build("lost-later", &[]);
    let mut watched = asked(library).watch();
    let looks: Vec<Detected> = (0..3).map(|_| watched.look()).collect();
    assert_eq!((looks[0].cards.len(), looks[1].cards.len()), (1, 1));
    assert_eq!(looks[0].cards[0].now.busy_percent, Some(5));
    assert_eq!(looks[2].cards, []);
    assert_eq!(looks[2].unreadable[0].fault, DriverFault::Lost);
    assert!(matches!(looks[2].nvml, NvmlState::Ready { .. }));
}

#[test]
fn the_command_shows_cards_at_work_and_writes_them_down() {
    let (_folder, library) = build("working", &[]);
    let home = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = rigplan(home.path());
        let output = command.arg("detect").args(arguments).env("RIGPLAN_NVML", &library).output().expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&["--lang", "en"]);
    for line in [
        "  78 °C, 269 of 450 W, busy 64 %, 8.9",
        "  programs: llama-server 21.1 GiB, gnome-shell 0.6 GiB",
        "  warning: 8 of the card’s 16 lanes: loading and offload are slower",
    ] {
        assert!(text.lines().any(|it| it == line), "{line} in\n{text}");
    }
    let file = home.path().join("their machine.json");
    let path = file.to_str().unwrap();
    run(&["--save", path]);
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(!written.contains("someone") && !written.contains("llama-server"), "{written}");
    let opened = run(&[path, "--json"]);
    let read = Detected::from_description(opened.as_bytes()).unwrap();
    assert_eq!(read.cards[1].now.power_limit_w, Some(120));
    let machine = read.machine(&Machine::default(), Catalog::embedded());
    assert_eq!(machine.cards[0].card, CardChoice::Catalog("rtx-4090".to_owned()));
}

#[test]
fn a_file_that_is_no_machine_is_one_line() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("plan.json");
    std::fs::write(&file, "{\"cards\":").unwrap();
    for (arguments, words) in [(&[][..], "describes no machine"), (&["--watch"][..], "A file does not change")] {
        let output =
            rigplan(home.path()).arg("detect").arg(&file).args(arguments).args(["--lang", "en"]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), said.lines().count()), (Some(2), 1), "{said}");
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn watching_writes_a_line_a_look_until_nobody_reads() {
    let (_folder, library) = build("working", &[]);
    let home = tempfile::tempdir().unwrap();
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_rigplan"))
        .args(["detect", "--watch", "--json"])
        .env("RIGPLAN_NVML", &library)
        .env("HOME", home.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let line = lines.next().unwrap().unwrap();
        assert_eq!(Detected::from_description(line.as_bytes()).unwrap().cards.len(), 2);
    }
    drop(lines);
    assert!(child.wait().unwrap().success());
}

//! The view "My machine": driven by what a screen reader hears.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rigplan::app::App;
use rigplan::catalog::card::PciId;
use rigplan::system::detect::{
    CardFacts, CardReading, Detected, DetectedCard, Feed, GraphicsChip, Host, Inside, MeasuredRates, NvmlState,
    PciPlace, RunningProgram, Throttle, VramProcess, Watch,
};
use rigplan::units::GIB;

use super::support::{Script, Start};
use crate::support::{click, ctrl, labels};

fn process(pid: u32, name: &str, gib: u64, ram_gib: u64) -> VramProcess {
    let bytes = |gib: u64| Some(gib * GIB);
    VramProcess {
        pid,
        name: Some(name.to_owned()),
        vram_bytes: bytes(gib),
        ram_bytes: bytes(ram_gib),
        swap_bytes: None,
    }
}

fn card(index: u32, name: &str, total: u64, free: u64) -> DetectedCard {
    DetectedCard {
        index,
        name: Some(name.to_owned()),
        memory_total_bytes: Some(total * GIB),
        memory_free_bytes: Some(free * GIB),
        pcie_gen_max: Some(4),
        pcie_lanes_max: Some(16),
        ..DetectedCard::default()
    }
}

/// Two cards at work, RAM nearly full, swap in use.
pub(crate) fn working() -> Detected {
    let now = CardReading {
        busy_percent: Some(64),
        temperature_c: Some(78),
        power_w: Some(268),
        power_limit_w: Some(450),
        processes: Some(vec![process(4127, "llama-server", 20, 1)]),
        ..CardReading::default()
    };
    let hot = CardReading {
        throttled: vec![Throttle::Heat],
        processes: Some(vec![process(5210, "python3", 8, 20)]),
        ..CardReading::default()
    };
    let facts = CardFacts { power_default_w: Some(450), ..CardFacts::default() };
    Detected {
        nvml: NvmlState::Ready { driver_version: Some("570.86".to_owned()), cuda_version: Some("12.8".to_owned()) },
        cards: vec![
            DetectedCard { now, facts, ..card(0, "NVIDIA GeForce RTX 4090", 24, 3) },
            DetectedCard { now: hot, pcie_lanes_max: Some(8), ..card(1, "NVIDIA GeForce RTX 3060", 12, 4) },
        ],
        host: Host {
            ram_total_bytes: Some(32 * GIB),
            ram_available_bytes: Some(GIB),
            swap_total_bytes: Some(8 * GIB),
            swap_free_bytes: Some(5 * GIB),
            cpu: Some("AMD Ryzen 9 7950X".to_owned()),
            physical_cores: Some(16),
            ..Host::default()
        },
        ..Detected::default()
    }
}

fn shown(found: Detected) -> Harness<'static, App> {
    shown_with(Start { found, ..Start::again() })
}

fn shown_with(start: Start) -> Harness<'static, App> {
    let mut window = start.window();
    ctrl(&mut window, Key::Num6);
    settle(&mut window);
    window
}

/// Frames until the first look has come.
fn settle(window: &mut Harness<'_, App>) {
    for _ in 0..3 {
        std::thread::sleep(Duration::from_millis(20));
        window.run_ok();
    }
}

/// Whether something with these words in it is heard.
fn is_heard(window: &Harness<'_, App>, words: &str) -> bool {
    window.query_all_by_label_contains(words).next().is_some()
}

fn hears(window: &Harness<'_, App>, words: &str) {
    let heard = || labels(window, Role::Image).join("\n");
    assert!(is_heard(window, words), "{words} in\n{}", heard());
}

#[test]
fn cards_at_work_are_told_with_their_programs_and_warnings() {
    let window = shown(working());
    hears(&window, "2 cards, 32.0 GiB of RAM, read once a second while this view is open");
    hears(
        &window,
        "GPU 0, GeForce RTX 4090, 1,008 GB/s, 21.0 of 24.0 GiB, 3.0 GiB free, 78 °C, 268 of 450 W, busy 64 %, llama-server 20.0 GiB, driver and other programs 1.0 GiB",
    );
    hears(&window, "GPU 1: 8 of the card’s 16 lanes: loading and offload are slower");
    hears(&window, "GPU 1: held back by heat: cool it better");
    hears(
        &window,
        "RAM, 31.0 of 32.0 GiB, 1.0 GiB free, llama-server 1.0 GiB, python3 20.0 GiB, system and other programs 10.0 GiB",
    );
    hears(&window, "swap on the disk 3.0 of 8.0 GiB");
    hears(&window, "RAM is nearly full and swap is in use: everything slows down");
    hears(&window, "Last ten minutes, GPU 0 21.0 GiB, GPU 1 8.0 GiB, RAM 31.0 GiB, Swap 3.0 GiB");
    hears(&window, "python3, program 5210, VRAM 8.0 GiB, RAM 20.0 GiB");
}

#[test]
fn what_is_planned_for_these_cards_stands_under_what_is_measured() {
    let found = Detected { cards: vec![card(0, "NVIDIA GeForce RTX 4090", 24, 3)], ..working() };
    let window = shown(found);
    hears(&window, " in plan A");
    assert!(!is_heard(&shown(working()), " in plan A"), "of other cards nothing is said");
}

#[test]
fn what_is_not_told_is_no_data_and_never_zero() {
    let found = Detected {
        cards: vec![DetectedCard {
            memory_total_bytes: None,
            memory_free_bytes: None,
            ..card(0, "GRID A100-10C", 1, 1)
        }],
        ..working()
    };
    let window = shown(found);
    hears(&window, "GPU 0, GRID A100-10C, no data");
    hears(&window, "The driver does not tell which programs hold VRAM");
}

#[test]
fn one_pool_is_one_bar() {
    let chip = GraphicsChip {
        integrated: true,
        memory_total_bytes: Some(GIB / 2),
        shared_total_bytes: Some(115 * GIB),
        ..GraphicsChip::new(PciId { vendor: 0x1002, device: 0x1586 }, "0000:c5:00.0".to_owned())
    };
    let host = Host { ram_total_bytes: Some(125 * GIB), ram_available_bytes: Some(60 * GIB), ..Host::default() };
    let window = shown(Detected { graphics: vec![chip], host, ..Detected::default() });
    hears(&window, "Unified memory, 125.0 GiB, read once a second");
    hears(&window, "Unified memory, 65.0 of 125.0 GiB, 60.0 GiB free");
    assert!(!labels(&window, Role::Image).iter().any(|label| label.starts_with("RAM,")), "no second bar");
}

#[test]
fn walls_are_drawn_with_what_to_do() {
    let host = Host {
        ram_total_bytes: Some(31 * GIB),
        ram_available_bytes: Some(25 * GIB),
        ram_limit_bytes: Some(16 * GIB),
        ram_limit_used_bytes: Some(3 * GIB),
        inside: Some(Inside::ContainerInWsl),
        ..Host::default()
    };
    let window = shown(Detected { host, ..Detected::default() });
    hears(&window, "No card, 16.0 GiB of RAM");
    hears(&window, "Windows PC, RAM of Windows: hidden, cards: hidden from here");
    hears(&window, "WSL 2, RAM 31.0 GiB, seen");
    hears(&window, "This container, limit 16.0 GiB, seen: past it a program is killed, no card was passed on");
    for command in ["docker run --gpus all …", "docker run --memory 29g …", "memory=46GB"] {
        hears(&window, &format!("Copy: {command}"));
    }
    hears(&window, "Container in WSL 2; the limit, WSL’s RAM, programs inside");
}

#[test]
fn without_a_card_there_is_still_something_to_do() {
    let host = Host { ram_total_bytes: Some(16 * GIB), ..Host::default() };
    let mut window = shown(Detected { host, ..Detected::default() });
    hears(&window, "This computer, RAM 16.0 GiB, seen, no card");
    hears(&window, "No NVIDIA driver is installed");
    click(&mut window, "Choose a card");
    window.run_ok();
    assert!(!is_heard(&window, "This computer, RAM"), "another view");
}

#[test]
fn a_model_that_runs_here_is_planned_beside_what_there_is() {
    let mut window = shown(working());
    window.get_by_label("What runs here?").click();
    window.run_ok();
    hears(&window, "models run here, those fast enough to read along first");
    let before = window.state().document().plans.len();
    let named = |label: &String| label.starts_with("Plan ") && label.contains("tok/s");
    let first = labels(&window, Role::Button).into_iter().find(named).expect("a model");
    window.get_by_label(&first).click();
    window.run_ok();
    let plans = &window.state().document().plans;
    assert_eq!(plans.len(), before + 1);
    assert_eq!(plans[before].plan.machine.ram_gib, 32.0, "on this machine");
}

#[test]
fn an_upgrade_is_told_with_its_price_and_what_then_runs() {
    let found = Detected { cards: vec![card(0, "NVIDIA GeForce RTX 3060", 12, 11)], ..working() };
    let mut window = shown(found);
    click(&mut window, "What would an upgrade bring?");
    window.run_ok();
    hears(&window, "$");
    hears(&window, "more models fast enough to read along");
    hears(&window, "The best thought of: ");
}

#[test]
fn a_machine_is_saved_without_its_owner_and_opened_again() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("their machine.json");
    let script = Script::default();
    script.will_choose(&file);
    script.will_choose(&file);
    let mut window = shown_with(Start { script, found: working(), ..Start::again() });
    click(&mut window, "Save this machine…");
    window.run_ok();
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("RTX 4090") && !text.contains("llama-server"), "{text}");
    click(&mut window, "Open a machine…");
    window.run_ok();
    hears(&window, "2 cards, 32.0 GiB of RAM, as it was saved in their machine.json");
    click(&mut window, "Back to this machine");
    settle(&mut window);
    hears(&window, "read once a second while this view is open");
}

#[test]
fn a_file_that_is_no_machine_is_told_in_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("other.json");
    fs::write(&file, "{\"a\":").unwrap();
    let script = Script::default();
    script.will_choose(&file);
    let mut window = shown_with(Start { script, found: working(), ..Start::again() });
    click(&mut window, "Open a machine…");
    window.run_ok();
    let said = window.state().notices();
    assert!(said.iter().any(|line| line.contains("other.json describes no machine")), "{said:?}");
}

/// Counts how often a machine is looked at.
struct Counted(Arc<AtomicUsize>);

impl Watch for Counted {
    fn look(&mut self) -> Detected {
        self.0.fetch_add(1, Ordering::SeqCst);
        Detected::default()
    }
}

#[test]
fn nothing_is_looked_at_while_nobody_asks() {
    let looks = Arc::new(AtomicUsize::new(0));
    let mut feed = Feed::start(Box::new(Counted(Arc::clone(&looks))), Arc::new(|| ()));
    let patience = Instant::now() + Duration::from_mins(1);
    while feed.take().is_none() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(looks.load(Ordering::SeqCst) >= 1, "the first comes at once");
    // One more was asked for by taking the first; without further questions there are no more.
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!(looks.load(Ordering::SeqCst), 2);
    drop(feed);
    std::thread::sleep(Duration::from_millis(1200));
    assert_eq!(looks.load(Ordering::SeqCst), 2);
}

/// A server on the first card, as its command tells.
fn serving() -> Detected {
    let words = ["llama-server", "-hf", "Qwen/Qwen2.5-32B-Instruct-GGUF:Q4_K_M", "-c", "8192", "-ngl", "99"];
    let server = RunningProgram {
        pid: 4127,
        name: "llama-server".to_owned(),
        words: words.map(str::to_owned).to_vec(),
        ram_bytes: Some(GIB),
        ..RunningProgram::default()
    };
    Detected { programs: vec![server], ..working() }
}

#[test]
fn a_running_server_stands_beside_what_its_command_amounts_to() {
    let mut window = shown(serving());
    hears(&window, "llama-server, program 4127: Qwen2.5 32B");
    hears(&window, "GPU 0 · Held by the program, 20.00 GiB, ");
    let before = window.state().document().plans.len();
    click(&mut window, "Make a plan of it");
    window.run_ok();
    let plans = &window.state().document().plans;
    assert_eq!(plans.len(), before + 1);
    assert_eq!(plans[before].plan.workload.context, 8192);
    assert_eq!(plans[before].plan.machine.cards.len(), 1, "on the card that it holds");
}

#[test]
fn where_cards_are_plugged_in_and_what_was_measured_is_told() {
    let place = |address: &str| PciPlace {
        address: address.to_owned(),
        slot: Some("7".to_owned()),
        numa_node: Some(1),
        port: Some("0000:40:01.1".to_owned()),
        bridges: 1,
    };
    let mut found = working();
    found.cards[0].pci_bus_id = Some("00000000:41:00.0".to_owned());
    found.cards[1].pci_bus_id = Some("00000000:42:00.0".to_owned());
    found.places = vec![place("0000:41:00.0"), place("0000:42:00.0")];
    found.host.ram_kind = Some("DDR5".to_owned());
    (found.host.ram_mt_s, found.host.ram_channels) = (Some(5200), Some(2));
    found.host.measured = Some(MeasuredRates {
        ram_bytes_per_s: Some(71_250_000_000),
        disk_bytes_per_s: None,
        date: "2026-11-30".to_owned(),
    });
    let window = shown(Detected { programs: Vec::new(), ..found });
    hears(&window, "GPU 0: slot 7, PCIe 4.0 x16, NUMA node 1, on port 0000:40:01.1 with GPU 1: they share its lanes");
    hears(&window, "DDR5-5200, 2 channels, 83.2 GB/s");
    assert!(is_heard(&window, "Measure RAM and disk"));
}

#[test]
fn which_memory_is_full_now_is_judged_by_what_is_watched() {
    let mut window = shown(working());
    click(&mut window, "What ran out?");
    window.run_ok();
    click(&mut window, "See what is full on this machine now");
    window.run_ok();
    hears(&window, "RAM ran out");
    hears(&window, "By what is in use on this machine now");
    click(&mut window, "Windows: no error, but 10 times slower");
    window.run_ok();
    hears(&window, "VRAM, and RAM lent to it ran out");
    hears(&window, "By what was seen");
}

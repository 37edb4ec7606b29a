//! Machines that were recorded: trees of `/sys` and `/proc` in the kernel's formats, and what Apple's tools say.

use std::fs;
use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::plan::{CardChoice, CardCount, Machine, OperatingSystem};
use rigplan::system::detect::{Detected, DeviceKind, DeviceWarning, DiskKind, Inside, PciLink, Probe, ThisMachine};
use rigplan::units::{GIB, MIB};

/// Lays out a tree: `path = content` with `|` for line ends, `path -> path` for links, `#` for remarks.
fn laid_out(machine: &str) -> tempfile::TempDir {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/machines").join(format!("{machine}.txt"));
    let text = fs::read_to_string(&source).unwrap_or_else(|error| panic!("{}: {error}", source.display()));
    let root = tempfile::tempdir().unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let place = |path: &str| root.path().join(path);
        if let Some((link, target)) = line.split_once(" -> ") {
            fs::create_dir_all(place(link).parent().unwrap()).unwrap();
            #[cfg(unix)]
            std::os::unix::fs::symlink(place(target), place(link)).unwrap();
            #[cfg(windows)]
            std::os::windows::fs::symlink_dir(place(target), place(link)).unwrap();
            continue;
        }
        let (path, content) = line.split_once(" =").unwrap_or_else(|| panic!("{line}"));
        fs::create_dir_all(place(path).parent().unwrap()).unwrap();
        fs::write(place(path), format!("{}\n", content.trim_start().replace('|', "\n"))).unwrap();
    }
    root
}

fn detect(machine: &str) -> Detected {
    let root = laid_out(machine);
    let program = Path::new(env!("CARGO_BIN_EXE_rigplan")).to_owned();
    ThisMachine::asked_by(program, root.path().join("none.so")).under(root.path().to_owned()).detect()
}

fn planned(found: &Detected) -> Machine {
    found.machine(&Machine::default(), Catalog::embedded())
}

fn of_catalog(id: &str, memory_gib: Option<f64>) -> CardCount {
    CardCount { memory_gib, ..CardCount::of(CardChoice::Catalog(id.to_owned()), 1) }
}

fn link(generation: u32, lanes: u32) -> PciLink {
    PciLink {
        generation: Some(generation),
        generation_max: Some(generation),
        lanes: Some(lanes),
        lanes_max: Some(lanes),
    }
}

#[test]
fn a_radeon_is_read_with_sensors_programs_and_the_link_to_its_slot() {
    let found = detect("radeon-7900-xtx");
    let devices = found.devices(Catalog::embedded());
    assert_eq!(devices.iter().map(|it| it.kind).collect::<Vec<_>>(), [DeviceKind::Card, DeviceKind::Integrated]);
    let (card, chip) = (&devices[0], &found.graphics[0]);
    assert_eq!(card.free().unwrap().0, 4_000_000_000);
    assert_eq!(card.link, link(4, 8), "not the sixteen lanes inside of the card");
    assert_eq!(chip.shared_total_bytes, None, "a card with VRAM of its own");
    assert_eq!(card.facts.compute_capability.as_deref(), Some("gfx1100"));
    let now = card.now;
    assert_eq!((now.busy_percent, now.temperature_c, now.power_w), (Some(97), Some(67), Some(301)));
    assert_eq!((now.clock_mhz, now.memory_clock_mhz), (Some(2482), Some(1249)));
    let programs = now.processes.as_ref().unwrap();
    assert_eq!(programs.len(), 1, "those that hold nothing are left out");
    let program = &programs[0];
    assert_eq!((program.name.as_deref(), program.vram_bytes), (Some("llama-server"), Some(19_456 * MIB)));
    assert_eq!(program.ram_bytes, Some(1_153_434 * 1024));
    let expected = [DeviceWarning::Lanes { now: 8, of: 16 }, DeviceWarning::PowerLimit { now: 303, of: 339 }];
    assert_eq!(card.warnings(), expected);
    let machine = planned(&found);
    assert_eq!(machine.cards[0].card, CardChoice::Catalog("rx-7900-xtx".to_owned()));
    assert_eq!((machine.pcie_gen, machine.pcie_lanes), (Some(4), Some(8)));
    let host = &found.host;
    assert_eq!((host.ram_total_bytes, host.swap_used_bytes()), (Some(65_780_928 * 1024), Some(3_251_604 * 1024)));
    assert_eq!((host.cpu.as_deref(), host.physical_cores), (Some("AMD Ryzen 9 7950X 16-Core Processor"), Some(2)));
    let disks: Vec<_> = host.disks.iter().map(|disk| (disk.kind, disk.bytes)).collect();
    assert_eq!(disks, [(DiskKind::Nvme, 2_000_398_934_016), (DiskKind::Hdd, 4_000_787_030_016)]);
}

#[test]
fn windows_tells_cards_use_and_modules_by_its_registry_and_counters() {
    let found = detect("windows-two-makers");
    let devices = found.devices(Catalog::embedded());
    assert_eq!(devices.iter().map(|it| it.kind).collect::<Vec<_>>(), [DeviceKind::Card, DeviceKind::Integrated]);
    let card = &devices[0];
    assert_eq!(card.free().unwrap().0, 25_753_026_560 - 2048 * MIB);
    let programs = card.now.processes.as_ref().unwrap();
    assert_eq!((programs[0].name.as_deref(), programs[0].vram_bytes), (Some("llama-server"), Some(1024 * MIB)));
    let machine = planned(&found);
    assert_eq!(machine.cards, [of_catalog("rx-7900-xtx", None)]);
    assert_eq!((machine.os, machine.pcie_gen, machine.pcie_lanes), (OperatingSystem::Windows, Some(4), Some(16)));
    assert_eq!((found.host.ram_kind.as_deref(), machine.ram_gb_s), (Some("DDR5"), Some(96.0)));
    assert_eq!(found.host.laptop, Some(false));
}

#[test]
fn an_accelerator_without_a_screen_is_found_on_the_bus() {
    let found = detect("instinct-mi300x");
    assert_eq!(planned(&found).cards, [of_catalog("mi300x", None)]);
    let device = &found.devices(Catalog::embedded())[0];
    assert_eq!((device.link, device.facts.compute_capability.as_deref()), (link(5, 16), Some("gfx942")));
    assert_eq!((device.now.power_w, device.now.temperature_c), (Some(138), Some(41)));
    assert_eq!(device.now.processes.as_deref(), Some(&[][..]), "told, and there are none");
    assert_eq!(found.host.ram_total_bytes, Some(2_113_447_920 * 1024));
}

#[test]
fn sensors_that_say_nonsense_are_no_data() {
    let found = detect("radeon-old-kernel");
    let device = &found.devices(Catalog::embedded())[0];
    assert_eq!(device.total.map(|bytes| bytes.0), Some(17_163_091_968));
    assert_eq!((device.used, device.now.busy_percent, device.now.power_w), (None, None, None));
    assert_eq!((device.now.power_limit_w, device.now.temperature_c), (None, None));
    assert_eq!((device.link.lanes, device.link.lanes_max, device.link.generation), (None, None, None));
    assert_eq!(device.link.generation_max, Some(3));
}

#[test]
fn an_arc_tells_its_memory_by_tile_or_beside_the_screen() {
    let found = detect("arc-b580-xe");
    assert_eq!(planned(&found).cards[0].card, CardChoice::Catalog("arc-b580".to_owned()));
    let devices = found.devices(Catalog::embedded());
    assert_eq!(devices.iter().map(|it| it.kind).collect::<Vec<_>>(), [DeviceKind::Integrated, DeviceKind::Card]);
    let card = &devices[1];
    assert_eq!((card.total.map(|it| it.0), card.used), (Some(12 * GIB), None), "how much is held only root may know");
    assert_eq!((card.link, card.warnings().len()), (link(4, 8), 0), "all eight lanes that it has");
    assert_eq!(
        (card.now.clock_mhz, card.facts.clock_max_mhz, card.now.temperature_c),
        (Some(2850), Some(2850), Some(58))
    );

    let found = detect("arc-a770-i915");
    let card = &found.devices(Catalog::embedded())[0];
    assert_eq!((card.total.map(|it| it.0), card.now.clock_mhz), (Some(17_079_205_888), Some(2400)));
    assert_eq!(card.facts.power_default_w, Some(190));
    assert!(matches!(&planned(&found).cards[0].card, CardChoice::Catalog(id) if id.starts_with("arc-a770")));
}

#[test]
fn one_pool_is_told_with_what_the_system_gives_of_it() {
    let found = detect("strix-halo");
    let device = &found.devices(Catalog::embedded())[0];
    assert_eq!((device.kind, device.facts.compute_capability.as_deref()), (DeviceKind::Unified, Some("gfx1151")));
    let chip = &found.graphics[0];
    assert_eq!((chip.memory_total_bytes, chip.shared_total_bytes), (Some(GIB / 2), Some(115 * GIB)));
    assert_eq!(planned(&found).cards, [of_catalog("ryzen-ai-max-395", Some(128.0))]);
    assert_eq!(planned(&found).unified_gib, Some(115.0), "what the driver lends");

    let found = detect("gb10");
    assert_eq!(planned(&found).unified_gib, None, "nobody tells");
    assert_eq!(found.devices(Catalog::embedded())[0].total, None, "it has no VRAM of its own");

    let found = detect("jetson-agx-orin");
    assert_eq!(planned(&found).cards, [of_catalog("jetson-agx-orin-64gb", None)]);
}

#[test]
fn a_mac_is_the_chip_with_as_many_cores() {
    let found = detect("apple-m4-max");
    let device = &found.devices(Catalog::embedded())[0];
    assert_eq!(
        (device.kind, device.known.map(|card| card.id.as_str())),
        (DeviceKind::Unified, Some("apple-m4-max-32-core"))
    );
    assert_eq!(found.graphics[0].shared_total_bytes, Some(32 * GIB), "the limit was raised");
    assert_eq!((found.host.ram_total_bytes, found.host.system), (Some(36 * GIB), Some(OperatingSystem::MacOs)));
    let machine = planned(&found);
    assert_eq!(
        (machine.cards[0].card.clone(), machine.ram_gib),
        (CardChoice::Catalog("apple-m4-max-32-core".to_owned()), 36.0)
    );
    assert_eq!(machine.unified_gib, Some(32.0), "as the limit was set");
}

#[test]
fn walls_are_told_and_the_limit_within_them_counts() {
    let found = detect("container-in-wsl");
    assert_eq!(found.host.inside, Some(Inside::ContainerInWsl));
    assert_eq!((found.host.ram_bytes(), found.host.ram_limit_bytes), (Some(16 * GIB), Some(16 * GIB)));
    assert_eq!(found.host.ram_free_bytes(), Some(16 * GIB - 3_650_722_201));
    assert_eq!(planned(&found).ram_gib, 16.0);

    let found = detect("service-cgroup-v1");
    assert_eq!((found.host.ram_limit_bytes, found.host.ram_limit_used_bytes), (Some(8 * GIB), Some(GIB)));
    assert_eq!(found.host.inside, None);
    assert_eq!(detect("strix-halo").host.ram_limit_bytes, None);
}

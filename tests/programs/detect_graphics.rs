//! Graphics chips of any maker, found in recorded trees of `/sys`.

use std::fs;
use std::path::Path;

use rigplan::catalog::Catalog;
use rigplan::plan::{CardChoice, CardCount, Machine};
use rigplan::system::detect::{Detected, Inside, NvmlState, Probe, ThisMachine};
use rigplan::units::GIB;

/// A tree of small files, as path and content.
fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{content}\n")).unwrap();
    }
    root
}

/// A machine without NVIDIA's driver and with these files.
fn detect(files: &[(&str, &str)]) -> Detected {
    let root = tree(files);
    let program = Path::new(env!("CARGO_BIN_EXE_rigplan")).to_owned();
    ThisMachine::asked_by(program, root.path().join("none.so")).under(root.path().to_owned()).detect()
}

/// A desktop with a Radeon, as amdgpu shows it, beside the graphics of its processor.
const RADEON: [(&str, &str); 12] = [
    ("sys/class/drm/card1/device/vendor", "0x1002"),
    ("sys/class/drm/card1/device/device", "0x744c"),
    ("sys/class/drm/card1/device/mem_info_vram_total", "25753026560"),
    ("sys/class/drm/card1/device/mem_info_vram_used", "1753026560"),
    ("sys/class/drm/card1/device/uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:03:00.0"),
    ("sys/class/drm/card1-DP-1/status", "connected"),
    ("sys/class/drm/card0/device/vendor", "0x1002"),
    ("sys/class/drm/card0/device/device", "0x164e"),
    ("sys/class/drm/card0/device/mem_info_vram_total", "536870912"),
    ("sys/class/drm/card0/device/uevent", "DRIVER=amdgpu\nPCI_SLOT_NAME=0000:13:00.0"),
    ("sys/class/dmi/id/chassis_type", "3"),
    ("sys/devices/system/edac/mc/mc0/dimm0/dimm_mem_type", "Unbuffered-DDR5"),
];

fn cards(found: &Detected) -> Vec<CardCount> {
    found.machine(&Machine::default(), Catalog::embedded()).cards
}

fn of_catalog(id: &str) -> CardCount {
    CardCount::of(CardChoice::Catalog(id.to_owned()), 1)
}

#[test]
fn a_radeon_is_planned_and_the_processors_graphics_are_not() {
    let found = detect(&RADEON);
    assert_eq!(found.graphics.len(), 2);
    assert_eq!(found.graphics.iter().map(|chip| chip.integrated).collect::<Vec<_>>(), [false, true]);
    let planned = cards(&found);
    assert_eq!(planned.len(), 1);
    assert_eq!(planned[0].card, CardChoice::Catalog("rx-7900-xtx".to_owned()));
    assert_eq!(found.plannable(Catalog::embedded())[0].free.unwrap().0, 24_000_000_000);
    assert_eq!((found.host.ram_kind.as_deref(), found.host.laptop), (Some("DDR5"), Some(false)));
}

#[test]
fn the_same_chip_in_a_laptop_is_the_laptops_card() {
    let mut files = RADEON;
    files[2].1 = "17163091968";
    files[3].1 = "0";
    files[10].1 = "10";
    assert_eq!(cards(&detect(&files))[0].card, CardChoice::Catalog("rx-7900m".to_owned()));
}

#[test]
fn an_arc_tells_no_memory_but_its_id_does() {
    let slot = "sys/bus/pci/devices/0000:03:00.0";
    let built_in = "sys/bus/pci/devices/0000:00:02.0";
    let screen = "sys/bus/pci/devices/0000:07:00.0";
    let file = |folder: &str, name: &str| format!("{folder}/{name}");
    let files = [
        (file(slot, "class"), "0x030000"),
        (file(slot, "vendor"), "0x8086"),
        (file(slot, "device"), "0xe20b"),
        (file(slot, "uevent"), "PCI_SLOT_NAME=0000:03:00.0"),
        (file(built_in, "class"), "0x030000"),
        (file(built_in, "vendor"), "0x8086"),
        (file(built_in, "device"), "0xa780"),
        (file(built_in, "uevent"), "PCI_SLOT_NAME=0000:00:02.0"),
        (file(screen, "class"), "0x030000"),
        (file(screen, "vendor"), "0x1a03"),
        (file(screen, "device"), "0x2000"),
        (file(screen, "uevent"), "PCI_SLOT_NAME=0000:07:00.0"),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, content)| (path.as_str(), *content)).collect();
    let found = detect(&files);
    let addresses: Vec<_> = found.graphics.iter().map(|chip| (chip.pci_bus_id.as_str(), chip.integrated)).collect();
    assert_eq!(addresses, [("0000:00:02.0", true), ("0000:03:00.0", false)], "a server's screen is no card");
    assert_eq!(cards(&found), [of_catalog("arc-b580")]);
}

#[test]
fn an_unknown_chip_keeps_its_memory_and_absurd_ones_have_none() {
    let mut files = RADEON;
    files[1].1 = "0x7fff";
    let unknown = CardChoice::Detected { name: "AMD 1002:7FFF".to_owned(), memory_bytes: 25_753_026_560 };
    assert_eq!(cards(&detect(&files))[0].card, unknown);
    for absurd in ["-1", "18446744073709551615", "0", "many", ""] {
        files[2].1 = absurd;
        let found = detect(&files);
        assert_eq!((found.graphics[0].memory_total_bytes, cards(&found)), (None, vec![]), "{absurd}");
    }
}

#[test]
fn one_memory_with_the_processor_is_planned_as_such() {
    let mut found = detect(&[
        ("sys/class/drm/card0/device/vendor", "0x1002"),
        ("sys/class/drm/card0/device/device", "0x1586"),
        ("sys/class/drm/card0/device/mem_info_vram_total", "536870912"),
        ("sys/class/drm/card0/device/uevent", "PCI_SLOT_NAME=0000:c5:00.0"),
    ]);
    found.host.ram_total_bytes = Some(126 * GIB);
    let unified = CardCount { memory_gib: Some(128.0), ..of_catalog("ryzen-ai-max-395") };
    assert_eq!(cards(&found), [unified]);
    found.host.ram_total_bytes = Some(30 * GIB);
    assert_eq!(cards(&found), [], "it is not sold with so little");
}

#[test]
fn what_keeps_cards_away_is_told() {
    assert_eq!(detect(&[(".dockerenv", "")]).host.inside, Some(Inside::Container));
    let wsl = [("proc/sys/kernel/osrelease", "5.15.167.4-microsoft-standard-WSL2")];
    assert_eq!(detect(&wsl).host.inside, Some(Inside::Wsl));
    let found = detect(&[]);
    assert_eq!((found.host.inside, found.graphics.len()), (None, 0));
    assert!(matches!(found.nvml, NvmlState::Failed { .. }), "a library was named and is not there");
}

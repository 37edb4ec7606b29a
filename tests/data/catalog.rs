//! The built-in tables hold what they promise; each test lists all that is wrong, then fails once.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rigplan::catalog::card::{Card, Vendor};
use rigplan::catalog::entry_table::{Entry, parse};
use rigplan::catalog::parts::{Tier, TierId};
use rigplan::catalog::priced::{Condition, Priced};
use rigplan::catalog::{Catalog, CatalogError, TableFile};
use rigplan::units::{Bytes, MIB, Usd};

fn catalog() -> &'static Catalog {
    Catalog::embedded()
}

fn card(id: &str) -> &'static Card {
    catalog().card(id).unwrap_or_else(|| panic!("no card {id}"))
}

fn fail_on(violations: &[String]) {
    assert!(violations.is_empty(), "{} violations:\n{}", violations.len(), violations.join("\n"));
}

/// Problems and doubled ids of one table.
fn violations<'a, T: Entry + 'a>(entries: impl Iterator<Item = &'a T>) -> Vec<String> {
    let mut ids = BTreeSet::new();
    let mut found = Vec::new();
    for entry in entries {
        if !ids.insert(entry.id().to_owned()) {
            found.push(format!("{}: id is there twice", entry.id()));
        }
        found.extend(entry.problems().into_iter().map(|problem| format!("{}: {problem}", entry.id())));
    }
    found
}

#[test]
fn entries_have_sound_figures() {
    let mut found = violations(catalog().cards());
    found.extend(violations(catalog().platforms()));
    found.extend(violations(catalog().models()));
    found.extend(violations(catalog().boards()));
    found.extend(violations(catalog().ram_kits()));
    found.extend(violations(catalog().disks()));
    found.extend(violations(catalog().power_supplies()));
    found.extend(violations(catalog().efficiency_curves()));
    found.extend(violations(catalog().cases()));
    found.extend(violations(catalog().fittings()));
    found.extend(violations(catalog().coolers()));
    found.extend(violations(catalog().network_parts()));
    found.extend(violations(catalog().systems()));
    fail_on(&found);
}

#[test]
fn tables_are_whole() {
    assert!(catalog().cards().count() >= 166, "{}", catalog().cards().count());
    assert_eq!(catalog().platforms().count(), 84);
    assert!(catalog().boards().count() >= 35, "{}", catalog().boards().count());
    assert!(catalog().ram_kits().count() >= 29, "{}", catalog().ram_kits().count());
    assert_eq!(catalog().disks().count(), 9);
    assert_eq!(catalog().power_supplies().count(), 18);
    assert_eq!(catalog().cases().count(), 13);
    assert_eq!(catalog().fittings().count(), 2);
    assert!(catalog().coolers().count() >= 10);
    assert_eq!(catalog().network_parts().count(), 10);
    assert!(catalog().systems().count() >= 29);
    assert_eq!(catalog().efficiency_curves().count(), 5);
    assert_eq!(Tier::all().iter().map(|tier| tier.id).collect::<Vec<_>>(), TierId::ALL);
    assert!(catalog().rents().count() >= 120, "{}", catalog().rents().count());
    assert!(catalog().runtimes().pcie.len() >= 4);
}

/// Locks and what is owned name a part by its id alone.
#[test]
fn no_two_parts_have_one_id() {
    let all = catalog();
    let mut ids: Vec<&str> = all.cards().map(Entry::id).chain(all.platforms().map(Entry::id)).collect();
    ids.extend(all.boards().map(Entry::id).chain(all.ram_kits().map(Entry::id)).chain(all.disks().map(Entry::id)));
    ids.extend(all.power_supplies().map(Entry::id).chain(all.cases().map(Entry::id)));
    ids.extend(all.fittings().map(Entry::id));
    ids.extend(all.coolers().map(Entry::id).chain(all.network_parts().map(Entry::id)));
    ids.extend(all.systems().map(Entry::id));
    let mut seen = BTreeSet::new();
    fail_on(&ids.iter().filter(|id| !seen.insert(**id)).map(|id| format!("{id} is there twice")).collect::<Vec<_>>());
}

/// Saved plans and scripts name platforms by the ids they had when they were families.
#[test]
fn ids_that_platforms_had_before_still_find_one() {
    for (before, gb_s) in [
        ("sp3-epyc-7002", 204.8),
        ("sp5-epyc-9004", 460.8),
        ("sp5-epyc-9005", 576.0),
        ("lga4677-w3400", 307.2),
        ("lga4677-w2400", 153.6),
        ("lga4710-xeon6-6700p", 409.6),
        ("lga7529-xeon6-6900p", 614.4),
        ("fp11-ryzen-ai-max-395", 256.0),
        ("apple-m4-pro-mini", 273.0),
        ("apple-m3-ultra-studio", 819.2),
        ("nvidia-dgx-spark", 273.0),
    ] {
        assert_eq!(catalog().platform(before).map(|platform| platform.memory_bandwidth_gb_s), Some(gb_s), "{before}");
    }
}

/// Every board has a processor and RAM, every processor a cooler, and every node a card of the catalog.
#[test]
fn parts_find_their_counterparts() {
    let all = catalog();
    let mut found = Vec::new();
    for board in all.boards() {
        if !all.platforms().any(|cpu| cpu.socket == board.socket && cpu.max_sockets >= board.sockets) {
            found.push(format!("{}: no processor fits", board.id));
        }
        if !all.ram_kits().any(|kit| kit.kind == board.memory_kind && kit.dimm == board.dimm) {
            found.push(format!("{}: no RAM fits", board.id));
        }
        if !all.coolers().any(|cooler| cooler.sockets.contains(&board.socket)) {
            found.push(format!("{}: no cooler fits", board.id));
        }
    }
    for system in all.systems() {
        let cards = system.cards.iter().map(|cards| &cards.card).chain(&system.unified_card);
        found.extend(cards.filter(|id| all.card(id).is_none()).map(|id| format!("{}: no card {id}", system.id)));
    }
    fail_on(&found);
}

#[test]
fn every_rule_of_a_tier_has_its_reason_in_both_languages() {
    for tier in Tier::all() {
        assert!(tier.bracket.from_usd < tier.bracket.to_usd, "{tier:?}");
        assert!(tier.rules.iter().all(|rule| !rule.reason.en.is_empty() && !rule.reason.zh.is_empty()), "{tier:?}");
    }
    let by_budget = [1000.0, 2000.0, 5000.0, 20_000.0, 100_000.0, 1e6].map(|usd| TierId::for_budget(Usd(usd)));

    let [starter, team, enterprise] = TierId::ALL;
    assert_eq!(by_budget, [starter, starter, team, team, enterprise, enterprise]);
}

#[test]
fn every_card_file_is_embedded_and_parses() {
    let mut found = Vec::new();
    let mut count = 0;
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("data/cards")).unwrap() {
        let path = file.unwrap().path();
        match parse::<Vec<Card>>(&std::fs::read_to_string(&path).unwrap()) {
            Ok(cards) => {
                count += cards.len();
                let missing = cards.iter().filter(|card| catalog().card(&card.id) != Some(card));
                found.extend(missing.map(|card| format!("{}: {} is not embedded", path.display(), card.id)));
            }
            Err(error) => found.push(format!("{}: {error}", path.display())),
        }
    }
    fail_on(&found);
    assert_eq!(count, catalog().cards().count());
}

#[test]
fn device_memory_is_within_bounds() {
    let mut found = Vec::new();
    for card in catalog().cards() {
        for &size in card.memory_sizes_gib() {
            match card.device_memory(Some(size)) {
                Ok(memory) => {
                    let share = memory.usable.gib() / size;
                    // Systems give integrated graphics half of the RAM.
                    let least = if card.is_unified() { 0.5 } else { 0.6 };
                    if memory.usable > memory.capacity || !(least..=1.0).contains(&share) {
                        found.push(format!("{} {size} GiB: {memory:?}", card.id));
                    }
                }
                Err(error) => found.push(error.to_string()),
            }
        }
    }
    fail_on(&found);
}

#[test]
fn names_are_told_apart() {
    let mut found = Vec::new();
    let mut owners = BTreeMap::new();
    for card in catalog().cards() {
        for name in [&card.id, &card.name].into_iter().chain(&card.aliases) {
            let owner = owners.insert(name.to_lowercase(), &card.id);
            if let Some(other) = owner.filter(|other| **other != card.id) {
                found.push(format!("{}: the name `{name}` is also {other}'s", card.id));
            }
        }
    }
    fail_on(&found);
}

#[test]
fn ids_and_aliases_find_their_entries() {
    let mut found = Vec::new();
    for card in catalog().cards() {
        for name in std::iter::once(&card.id).chain(&card.aliases) {
            for name in [name.clone(), name.to_uppercase()] {
                if catalog().card(&name) != Some(card) {
                    found.push(format!("{name} does not find {}", card.id));
                }
            }
        }
    }
    for model in catalog().models() {
        for name in std::iter::once(&model.id).chain(&model.aliases) {
            if catalog().model(name).map(|other| &other.id) != Some(&model.id) {
                found.push(format!("{name} does not find {}", model.id));
            }
        }
    }
    fail_on(&found);
    assert_eq!(catalog().card("no-such-card"), None);
    assert_eq!(catalog().card(""), None);
}

#[test]
fn rents_and_platforms_name_cards_of_the_catalog() {
    let rented = catalog().rents().map(|rent| rent.card.as_str());
    let built_in = catalog().platforms().filter_map(|platform| platform.unified_card.as_deref());
    let unknown = rented.chain(built_in).filter(|id| catalog().card(id).is_none());
    fail_on(&unknown.map(str::to_owned).collect::<Vec<_>>());
}

#[test]
fn bands_are_ordered_and_sourced() {
    let runtimes = catalog().runtimes();
    let by_backend = &runtimes.overhead;
    let mut bands = vec![
        &by_backend.cuda,
        &by_backend.rocm,
        &by_backend.vulkan,
        &by_backend.metal,
        &by_backend.sycl,
        &by_backend.cpu,
    ];
    for system in [&runtimes.screen, &runtimes.desktop_ram, &runtimes.headless_ram] {
        bands.extend([&system.linux, &system.windows, &system.macos]);
    }
    for band in bands {
        assert!(band.low_mib <= band.expected_mib && band.expected_mib <= band.high_mib, "{band:?}");
        assert!(!band.source.is_empty(), "{band:?}");
    }
}

#[test]
fn links_and_ram_have_the_rates_of_their_standards() {
    let runtimes = catalog().runtimes();
    let rate = |generation, lanes| (runtimes.pcie_gb_s(generation, lanes).unwrap() * 100.0).round() / 100.0;
    assert_eq!(rate(3, 16), 15.75);
    assert_eq!(rate(4, 16), 31.51);
    assert_eq!(rate(4, 8), 15.75);
    assert_eq!(rate(5, 16), 63.02);
    assert_eq!(runtimes.pcie_gb_s(9, 16), None);
    let ram = runtimes.ram.iter().find(|ram| ram.name() == "DDR5-5200").unwrap();
    assert_eq!(ram.gb_s(2), 83.2);
}

/// What the driver reports and what a program gets, for each rule.
#[test]
fn device_memory_follows_its_rules() {
    let memory = |id: &str, size| card(id).device_memory(size).unwrap();
    let known = memory("rtx-4090", None);
    assert_eq!((known.capacity, known.usable), (Bytes(24564 * MIB), Bytes::from_gib(23.512)));
    assert!(!known.usable_is_estimate);
    // GeForce: what the driver reports less what it keeps, which is less before Turing.
    let geforce = memory("rtx-3070", None);
    assert!(geforce.usable_is_estimate);
    assert_eq!(geforce.usable, Bytes((8192 - 510) * MIB));
    assert_eq!(memory("gtx-1080-ti", None).usable, Bytes((11_264 - 270) * MIB));
    // Data center: the same amounts, after ECC has taken its share of GDDR.
    assert_eq!(memory("h200-sxm", None).usable, Bytes((143_771 - 770) * MIB));
    assert_eq!(memory("a40", None).usable, Bytes((46_068 - 770) * MIB));
    assert_eq!(memory("a2", None).capacity, Bytes::from_gib(16.0).scaled(0.937));
    assert_eq!(memory("tesla-p40", None).usable, Bytes::from_gib(24.0).scaled(0.931) - Bytes(270 * MIB));
    // AMD's driver keeps next to nothing.
    assert_eq!(memory("rx-7900-xtx", None).usable, Bytes(24_560 * MIB).scaled(0.995));
    // Unified: the platform's share.
    assert_eq!(memory("gb10-dgx-spark", None).usable, Bytes::from_gib(121.6));
    assert_eq!(memory("apple-m2-ultra", None).usable, Bytes::from_gib(192.0 * 0.84));
    assert_eq!(memory("apple-m1", Some(8.0)).capacity, Bytes::from_gib(8.0));
    assert_eq!(memory("apple-m1", Some(16.0)).usable, Bytes::from_gib(16.0 * 0.74));
}

#[test]
fn memory_sizes_are_those_on_sale_or_measured() {
    let error = card("apple-m1").device_memory(Some(12.0)).unwrap_err().to_string();
    assert_eq!(error, "`apple-m1` has no 12 GiB version: take 8 or 16 GiB");
    assert!(card("rtx-4090").device_memory(Some(48.0)).is_err());
    let measured = card("l40s").device_memory(Some(44.988)).unwrap();
    assert_eq!(measured.capacity, Bytes::from_gib(44.988));
    assert!(measured.usable <= Bytes::from_gib(44.4));
    for absurd in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(card("rtx-4090").device_memory(Some(absurd)).is_err());
    }
}

#[test]
fn drivers_names_find_their_cards() {
    let table = [
        ("NVIDIA GeForce RTX 4090", 24_564, Some("rtx-4090")),
        ("NVIDIA GeForce RTX 4090", 49_140, Some("rtx-4090-48gb")),
        ("NVIDIA GeForce RTX 4060 Ti", 8_188, Some("rtx-4060-ti-8gb")),
        ("NVIDIA GeForce RTX 4060 Ti", 16_380, Some("rtx-4060-ti-16gb")),
        ("NVIDIA GeForce RTX 3080", 10_240, Some("rtx-3080-10gb")),
        ("NVIDIA GeForce RTX 3080", 12_288, Some("rtx-3080-12gb")),
        ("NVIDIA GeForce GTX 1080 Ti", 11_264, Some("gtx-1080-ti")),
        ("NVIDIA GeForce RTX 5090", 32_607, Some("rtx-5090")),
        ("NVIDIA GeForce RTX 5090 D v2", 24_463, Some("rtx-5090-d-v2")),
        ("NVIDIA H100 80GB HBM3", 81_559, Some("h100-sxm5")),
        ("NVIDIA H100 PCIe", 81_559, Some("h100-pcie")),
        ("NVIDIA H100 NVL", 95_830, Some("h100-nvl")),
        ("NVIDIA A100-SXM4-80GB", 81_920, Some("a100-sxm4-80gb")),
        ("NVIDIA A100-SXM4-40GB", 40_960, Some("a100-sxm4-40gb")),
        ("NVIDIA A100 80GB PCIe", 81_920, Some("a100-pcie-80gb")),
        ("NVIDIA A100-PCIE-40GB", 40_960, Some("a100-pcie-40gb")),
        ("NVIDIA A10", 23_028, Some("a10")),
        ("NVIDIA A10G", 23_028, Some("a10g")),
        ("NVIDIA RTX A1000", 8_188, Some("rtx-a1000")),
        ("NVIDIA RTX A1000 6GB Laptop GPU", 6_138, Some("rtx-a1000-6gb-laptop")),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 16_376, Some("rtx-4090-laptop")),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", 24_564, None),
        ("NVIDIA GeForce RTX 4090 D", 24_564, Some("rtx-4090-d")),
        ("NVIDIA GeForce RTX 3080 Laptop GPU", 8_192, Some("rtx-3080-laptop")),
        ("NVIDIA GeForce RTX 3080 Laptop GPU", 16_384, Some("rtx-3080-laptop")),
        ("NVIDIA GeForce RTX 2060", 6_144, Some("rtx-2060-6gb")),
        ("NVIDIA GeForce RTX 2060", 12_288, Some("rtx-2060-12gb")),
        ("NVIDIA GeForce RTX 3050", 6_144, Some("rtx-3050-6gb")),
        ("Tesla K80", 11_441, Some("tesla-k80")),
        ("Tesla M40 24GB", 22_945, Some("tesla-m40-24gb")),
        ("NVIDIA RTX 5000 Ada Generation Laptop GPU", 16_376, Some("rtx-5000-ada-laptop")),
        ("AMD Radeon RX 7900M", 16_368, Some("rx-7900m")),
        ("NVIDIA L40S", 46_068, Some("l40s")),
        ("NVIDIA L4", 23_034, Some("l4")),
        ("Tesla T4", 15_360, Some("t4")),
        ("Tesla P40", 24_576, Some("tesla-p40")),
        ("Tesla V100-SXM2-16GB", 16_384, Some("v100-sxm2-16gb")),
        ("Tesla V100-SXM2-32GB", 32_768, Some("v100-sxm2-32gb")),
        ("Tesla V100-PCIE-32GB", 32_768, Some("v100-pcie-32gb")),
        ("Tesla P100-PCIE-16GB", 16_384, Some("tesla-p100-16gb")),
        ("NVIDIA RTX A6000", 49_140, Some("rtx-a6000")),
        ("NVIDIA RTX 6000 Ada Generation", 49_140, Some("rtx-6000-ada")),
        ("Quadro RTX 6000", 24_576, Some("quadro-rtx-6000")),
        ("NVIDIA RTX PRO 6000 Blackwell Workstation Edition", 97_887, Some("rtx-pro-6000-blackwell")),
        ("NVIDIA RTX PRO 5000 Blackwell", 48_935, Some("rtx-pro-5000-blackwell-48gb")),
        ("NVIDIA GB10", 124_518, Some("gb10-dgx-spark")),
        ("NVIDIA B200", 183_359, Some("b200")),
        ("AMD Radeon RX 7900 XTX", 24_560, Some("rx-7900-xtx")),
        ("AMD Radeon RX 7900 XT", 20_464, Some("rx-7900-xt")),
        ("AMD Radeon RX 9060 XT", 16_304, Some("rx-9060-xt-16gb")),
        ("AMD Instinct MI300X", 196_592, Some("mi300x")),
        ("Radeon 8060S Graphics", 98_304, Some("ryzen-ai-max-395")),
        ("Intel(R) Arc(TM) A770 Graphics", 15_473, Some("arc-a770-16gb")),
        ("Intel(R) Arc(TM) B580 Graphics", 11_605, Some("arc-b580")),
        ("Apple M3 Max", 131_072, Some("apple-m3-max")),
        ("Apple M1", 16_384, Some("apple-m1")),
        ("NVIDIA Graphics Device", 8_192, None),
        ("", 8_192, None),
    ];
    let mut found = Vec::new();
    for (name, mib, wanted) in table {
        let seen = catalog().find_card(name, Bytes(mib * MIB)).map(|card| card.id.as_str());
        if seen != wanted {
            found.push(format!("{name} with {mib} MiB: {seen:?}, not {wanted:?}"));
        }
    }
    fail_on(&found);
}

#[test]
fn slips_of_the_pen_find_the_nearest_names() {
    assert_eq!(catalog().nearest_cards("rtx4090")[0], "rtx-4090");
    assert_eq!(catalog().nearest_cards("RTX 5009")[..1], ["rtx-5090"]);
    assert_eq!(catalog().nearest_cards("h100")[0][..4], *"h100");
    assert!(catalog().nearest_cards("zzzzqqqq").is_empty());
    assert!(catalog().nearest_cards("").is_empty());
    assert!(catalog().nearest_cards(&"rtx 4090 ".repeat(10_000)).len() <= 3);
}

const OWN_CARD: &str = r#"[(
    id: "ID", name: "NAME", vendor: Nvidia, segment: Consumer, architecture: "Ada Lovelace", year: 2024,
    memory_gib: 48.0, ecc: false, form: Slots(2), source: "measured", confidence: High,
)]"#;

fn overlay(files: &[(&str, &str)]) -> (Catalog, Vec<CatalogError>) {
    let file = |&(name, text): &(&str, &str)| TableFile { name: name.to_owned(), text: text.to_owned() };
    Catalog::with_overlay(&files.iter().map(file).collect::<Vec<_>>())
}

fn own_card(id: &str) -> String {
    OWN_CARD.replace("ID", id).replace("NAME", "Own card")
}

#[test]
fn an_overlay_adds_and_replaces_by_id() {
    let all = catalog().cards().count();
    let (own, errors) = overlay(&[("cards/a.ron", &own_card("rtx-4090")), ("cards/b.ron", &own_card("own-card"))]);
    assert_eq!(errors, []);
    assert_eq!(own.cards().count(), all + 1);
    assert_eq!(own.card("rtx-4090").unwrap().memory_gib, 48.0);
    assert_eq!(own.card("own-card").unwrap().vendor, Vendor::Nvidia);
    assert_eq!(own.cards().filter(|card| card.id == "rtx-4090").count(), 1);
    assert_eq!(own.cards().last().unwrap().id, "own-card");
    assert_eq!(own.card("RTX-4090").unwrap().memory_gib, 48.0);
    assert_eq!(own.card("mi300x"), catalog().card("mi300x"));
    // The built-in catalog stays as it is.
    assert_eq!(card("rtx-4090").memory_gib, 24.0);
}

#[test]
fn a_bad_overlay_is_named_and_the_rest_counts() {
    let typo = own_card("typo").replace("ecc:", "ecx:");
    let absurd = own_card("absurd").replace("48.0", "-48.0");
    let undated = own_card("undated-price")
        .replace("ecc:", r#"prices: [(kind: Street, usd: 9.0, date: "soon", source: "x")], ecc:"#);
    let twice = format!("[{0},{0}]", own_card("twice").trim_start_matches('[').trim_end_matches(']'));
    let (own, errors) = overlay(&[
        ("cards/typo.ron", &typo),
        ("cards/absurd.ron", &absurd),
        ("cards/undated.ron", &undated),
        ("cards/twice.ron", &twice),
        ("cards/good.ron", &own_card("good")),
        ("cards/empty.ron", ""),
        ("runtimes.ron", "()"),
        ("shoes.ron", "[]"),
    ]);
    assert!(own.card("good").is_some());
    assert!(own.card("twice").is_some());
    for id in ["typo", "absurd", "undated-price"] {
        assert!(own.card(id).is_none(), "{id}");
    }
    let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expected = [
        ("cards/typo.ron:3:", "ecx"),
        ("cards/absurd.ron: `absurd`:", "memory_gib is -48"),
        ("cards/undated.ron:3:", "`soon` is no date"),
        ("cards/twice.ron: `twice`", "twice"),
        ("cards/empty.ron:1:1:", ""),
        ("runtimes.ron:1:", "overhead"),
        ("shoes.ron:", "cards/mine.ron"),
    ];
    assert_eq!(words.len(), expected.len(), "{words:#?}");
    for (word, (start, part)) in words.iter().zip(expected) {
        assert!(word.starts_with(start) && word.contains(part), "{word}");
    }
    assert_eq!(own.overhead(rigplan::catalog::runtime::Backend::Cuda).thread_bytes, 1920);
}

#[test]
fn own_prices_take_the_place_of_the_catalogs() {
    let text = r#"[
        (part: "rtx-3090", kind: Used, usd: 640.0, date: "2026-11-22", source: "typed by you"),
        (part: "rtx-3090", kind: Street, usd: -5.0, date: "2026-11-22", source: "typed by you"),
        (part: "am5-atx", kind: Street, usd: 150.0, date: "2026-11-20", source: "a shop"),
        (part: "am5-atx", kind: Used, usd: 90.0, date: "2026-11-22", source: "typed by you"),
        (part: "no-such-card", kind: Used, usd: 5.0, date: "2026-11-22", source: "typed by you"),
    ]"#;
    let shipped = Catalog::embedded();
    let (catalog, errors) = overlay(&[("own_prices.ron", text)]);
    let price =
        |catalog: &Catalog, condition| catalog.card("rtx-3090").and_then(|card| card.price_in(condition)).cloned();
    assert_eq!(price(&catalog, Condition::Used).map(|price| price.usd), Some(Usd(640.0)));
    assert_eq!(price(&catalog, Condition::New), price(shipped, Condition::New), "as before");
    let board = |catalog: &Catalog, condition| {
        catalog.boards().find(|board| board.id == "am5-atx").and_then(|it| it.price_in(condition).cloned())
    };
    let board_usd = |condition| board(&catalog, condition).map(|price| price.usd);
    assert_eq!(
        Condition::ALL.map(board_usd),
        [Some(Usd(150.0)), Some(Usd(90.0))],
        "new and used stand beside each other"
    );
    let laid: Vec<_> = catalog.own_prices().iter().map(|laid| (laid.own.usd, laid.shipped.clone())).collect();
    let used = price(shipped, Condition::Used);
    let boards = [(Usd(150.0), board(shipped, Condition::New)), (Usd(90.0), board(shipped, Condition::Used))];
    assert_eq!(laid[0], (Usd(640.0), used), "what was shipped is remembered");
    assert_eq!(laid[1..], boards);
    let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(
        lines[0].starts_with("own_prices.ron:3: `rtx-3090`") && lines[1].contains(":6: `no-such-card`"),
        "{lines:?}"
    );
    assert_eq!(catalog.cards().count(), shipped.cards().count(), "no card is lost or there twice");
    assert_eq!(catalog.boards().count(), shipped.boards().count());
}

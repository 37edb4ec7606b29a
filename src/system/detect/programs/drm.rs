//! VRAM of a program as the kernel's drivers of graphics count it, in the lists of its open files: AMD's with any library,
//! Intel's, whose chips tell nobody else. Keys: Documentation/gpu/drm-usage-stats.rst of Linux.

use std::collections::BTreeMap;
use std::path::Path;

use crate::system::detect::small_file::{below, text};

const KIB: u64 = 1024;
/// Names of the regions that lie on the card.
const ON_CARD: [&str; 2] = ["vram", "local"];
/// What is counted, the most telling first: what lies there now, what lay there when it was asked for, all that is asked for.
const COUNTED: [&str; 3] = ["drm-resident-", "drm-memory-", "drm-total-"];

/// What one opened device says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Client {
    address: String,
    id: String,
    bytes: u64,
}

/// Bytes by the address of the chip. A device that is open several times under one number counts once.
pub(super) fn held(process: &Path) -> Vec<(String, u64)> {
    let mut clients: BTreeMap<(String, String), u64> = BTreeMap::new();
    for file in below(&process.join("fdinfo")) {
        // Most files are none of a device, and say so in a few short lines.
        let Some(client) = text(&file).filter(|text| text.contains("drm-pdev")).and_then(|text| read(&text)) else {
            continue;
        };
        clients.insert((client.address, client.id), client.bytes);
    }
    let mut held: BTreeMap<String, u64> = BTreeMap::new();
    for ((address, _), bytes) in clients {
        let sum = held.entry(address).or_insert(0);
        *sum = sum.saturating_add(bytes);
    }
    held.into_iter().filter(|(_, bytes)| *bytes > 0).collect()
}

fn read(text: &str) -> Option<Client> {
    let fields: Vec<(&str, &str)> =
        text.lines().filter_map(|line| line.split_once(':')).map(|(key, value)| (key.trim(), value.trim())).collect();
    let value = |name: &str| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    let regions = |counted: &str| -> Option<u64> {
        let on_card = |key: &str| {
            key.strip_prefix(counted).is_some_and(|region| ON_CARD.iter().any(|name| region.starts_with(name)))
        };
        let sizes: Vec<u64> =
            fields.iter().filter(|(key, _)| on_card(key)).filter_map(|(_, value)| bytes(value)).collect();
        sizes.into_iter().reduce(u64::saturating_add)
    };
    Some(Client {
        address: value("drm-pdev")?,
        id: value("drm-client-id").unwrap_or_default(),
        bytes: COUNTED.iter().find_map(|counted| regions(counted)).unwrap_or(0),
    })
}

/// `123456 KiB`, `12 MiB`, or bytes.
fn bytes(value: &str) -> Option<u64> {
    let (number, unit) = value.split_once(' ').unwrap_or((value, ""));
    let unit = match unit.trim() {
        "KiB" => KIB,
        "MiB" => KIB * KIB,
        "" => 1,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_driver_counts_in_its_own_words() {
        let of = |text: &str| read(text).map(|client| (client.address, client.bytes));
        let amd = "pos:\t0\nflags:\t02100002\ndrm-driver:\tamdgpu\ndrm-client-id:\t84\ndrm-pdev:\t0000:03:00.0\n\
                   drm-memory-vram:\t19456 KiB\ndrm-memory-gtt:\t512 KiB\ndrm-shared-vram:\t4 KiB\n";
        assert_eq!(of(amd), Some(("0000:03:00.0".to_owned(), 19_456 * KIB)));
        let xe = "drm-driver:\txe\ndrm-client-id:\t7\ndrm-pdev:\t0000:04:00.0\ndrm-total-system:\t0\ndrm-total-vram0:\t9 MiB\n\
                  drm-resident-vram0:\t8 MiB\ndrm-resident-vram1:\t2 MiB\n";
        assert_eq!(of(xe), Some(("0000:04:00.0".to_owned(), 10 * KIB * KIB)));
        let i915 =
            "drm-driver:\ti915\ndrm-pdev:\t0000:00:02.0\ndrm-total-local0:\t100 KiB\ndrm-resident-system0:\t5 KiB\n";
        assert_eq!(of(i915), Some(("0000:00:02.0".to_owned(), 100 * KIB)));
        assert_eq!(of("drm-driver:\tamdgpu\ndrm-memory-vram:\t1 KiB\n"), None);
        assert_eq!((bytes("99999999999999999999 KiB"), bytes("x KiB"), bytes("5 apples")), (None, None, None));
    }

    #[test]
    fn a_device_that_is_open_twice_counts_once() {
        let process = tempfile::tempdir().unwrap();
        std::fs::create_dir(process.path().join("fdinfo")).unwrap();
        let write = |file: &str, id: u32, kib: u32| {
            let text = format!("drm-client-id:\t{id}\ndrm-pdev:\t0000:03:00.0\ndrm-memory-vram:\t{kib} KiB\n");
            std::fs::write(process.path().join("fdinfo").join(file), text).unwrap();
        };
        write("3", 1, 100);
        write("4", 1, 100);
        write("5", 2, 50);
        std::fs::write(process.path().join("fdinfo/6"), "pos:\t0\n").unwrap();
        assert_eq!(held(process.path()), [("0000:03:00.0".to_owned(), 150 * KIB)]);
    }
}

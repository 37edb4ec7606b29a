//! Huawei's Ascend, as the table of `npu-smi info` shows it: two lines a chip, cells between bars.

use std::path::Path;

use super::{GraphicsChip, MOST};
use crate::catalog::card::PciId;
use crate::system::detect::reading::VramProcess;
use crate::system::detect::small_file::text;
use crate::system::detect::tool::{self, is_own};
use crate::units::MIB;

const VENDOR: u16 = 0x19E5;

/// The chips of this machine, or of one whose table lies in a file `npu-smi` under a root of its own.
pub(super) fn chips(root: &Path) -> Vec<GraphicsChip> {
    let table = match is_own(root) {
        true if cfg!(target_os = "linux") && root.join("dev/davinci_manager").exists() => {
            tool::says("npu-smi", &["info"])
        }
        true => None,
        false => text(&root.join("npu-smi")),
    };
    table.map(|table| read(&table)).unwrap_or_default()
}

fn read(table: &str) -> Vec<GraphicsChip> {
    let rows: Vec<Vec<Vec<&str>>> = table.lines().filter_map(cells).collect();
    let mut found: Vec<GraphicsChip> = Vec::new();
    let mut boards: Vec<&str> = Vec::new();
    for pair in rows.windows(2) {
        let [card, chip] = pair else { continue };
        let ([name, _, sensors], [_, address, memory]) = (&card[..], &chip[..]) else { continue };
        let ([board, name, ..], [address]) = (&name[..], &address[..]) else { continue };
        if !address.contains(':') || !address.contains('.') || found.len() == MOST {
            continue;
        }
        let mut seen = GraphicsChip::new(PciId { vendor: VENDOR, device: 0 }, (*address).to_owned());
        seen.name = Some(format!("Ascend {name}"));
        seen.now.power_w = sensors.first().and_then(|watts| rounded(watts));
        seen.now.temperature_c = sensors.get(1).and_then(|degrees| degrees.parse().ok());
        seen.now.busy_percent = memory.first().and_then(|percent| percent.parse().ok());
        // Two memories, used and whole: what the chip's own processors use, and what models lie in.
        let figures: Vec<u64> =
            memory[1..].iter().flat_map(|cell| cell.split('/')).filter_map(|it| it.parse().ok()).collect();
        if let [.., used, whole] = figures[..] {
            (seen.memory_used_bytes, seen.memory_total_bytes) = (used.checked_mul(MIB), whole.checked_mul(MIB));
        }
        found.push(seen);
        boards.push(board);
    }
    for (board, process) in rows.iter().filter_map(|row| process(row)) {
        if let Some(place) = boards.iter().position(|known| *known == board) {
            found[place].now.processes.get_or_insert_default().push(process);
        }
    }
    found
}

/// The words of each cell of a line between bars.
fn cells(line: &str) -> Option<Vec<Vec<&str>>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.split_whitespace().collect()).collect())
}

/// A line of programs: board and chip, number, name, MiB; newer tables have more cells.
fn process<'a>(row: &[Vec<&'a str>]) -> Option<(&'a str, VramProcess)> {
    let [chip, pid, name, memory, ..] = row else { return None };
    let ([board, _], [pid], [name, ..], [mib]) = (&chip[..], &pid[..], &name[..], &memory[..]) else { return None };
    let bytes = mib.parse::<u64>().ok()?.checked_mul(MIB);
    Some((
        board,
        VramProcess {
            pid: pid.parse().ok()?,
            name: Some((*name).to_owned()),
            vram_bytes: bytes,
            ..VramProcess::default()
        },
    ))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn rounded(watts: &str) -> Option<u32> {
    let watts: f64 = watts.parse().ok()?;
    (0.0..1e6).contains(&watts).then_some(watts.ceil() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
+------------------------------------------------------------------------------------------------+
| npu-smi 24.1.rc1                 Version: 24.1.rc1                                             |
+---------------------------+---------------+----------------------------------------------------+
| NPU   Name                | Health        | Power(W)    Temp(C)           Hugepages-Usage(page)|
| Chip                      | Bus-Id        | AICore(%)   Memory-Usage(MB)  HBM-Usage(MB)        |
+===========================+===============+====================================================+
| 0     910B3               | OK            | 90.7        37                0    / 0             |
| 0                         | 0000:C1:00.0  | 7           0    / 0          53984/ 65536         |
+===========================+===============+====================================================+
| 1     910B3               | OK            | 96.9        36                0    / 0             |
| 0                         | 0000:C2:00.0  | 42          0    / 0          3314 / 65536         |
+===========================+===============+====================================================+
| NPU     Chip              | Process id    | Process name             | Process memory(MB)      |
+===========================+===============+====================================================+
| 0       0                 | 1712733       | python3                  | 48954                   |
";

    #[test]
    fn a_table_of_two_chips_is_read() {
        let found = read(TABLE);
        assert_eq!(found.len(), 2);
        let first = &found[0];
        assert_eq!((first.name.as_deref(), &*first.pci_bus_id), (Some("Ascend 910B3"), "0000:C1:00.0"));
        assert_eq!((first.memory_used_bytes, first.memory_total_bytes), (Some(53_984 * MIB), Some(64 << 30)));
        assert_eq!((first.now.power_w, first.now.temperature_c, first.now.busy_percent), (Some(91), Some(37), Some(7)));
        let held = &first.now.processes.as_ref().unwrap()[0];
        assert_eq!((held.pid, held.name.as_deref(), held.vram_bytes), (1_712_733, Some("python3"), Some(48_954 * MIB)));
        assert_eq!(found[1].memory_used_bytes, Some(3314 * MIB));
        assert_eq!((read("").len(), read("| a | b | c |\n| d | 0:0.0 | |").len()), (0, 0));
    }
}

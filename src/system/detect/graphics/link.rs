//! The link between a card and the board. A card with several functions has a switch of its own: what its chip says of the
//! link inside of it means nothing, so the first bridge of the maker's counts, as seen from the board.

use std::path::Path;

use crate::system::detect::pci_link::PciLink;
use crate::system::detect::small_file::text;

/// The link of the chip whose folder lies at `real`, by its place on the bus.
pub(super) fn read(real: &Path) -> PciLink {
    let vendor = text(&real.join("vendor"));
    let is_bridge_of_card = |bridge: &&Path| {
        let is_root = bridge
            .parent()
            .is_none_or(|above| above.file_name().is_none_or(|name| name.to_string_lossy().starts_with("pci")));
        !is_root && text(&bridge.join("vendor")) == vendor && vendor.is_some()
    };
    let port = real.ancestors().skip(1).take_while(is_bridge_of_card).last().unwrap_or(real);
    let slot = port.parent().filter(|slot| slot.join("max_link_width").exists());
    let both = |file: &str, figure: fn(&str) -> Option<u32>| {
        let of = |place: &Path| figure(&text(&place.join(file))?);
        let reached = [of(port), slot.and_then(of)];
        reached.into_iter().flatten().min()
    };
    let now = |file: &str, figure: fn(&str) -> Option<u32>| figure(&text(&port.join(file))?);
    PciLink {
        generation: now("current_link_speed", generation),
        generation_max: both("max_link_speed", generation),
        lanes: now("current_link_width", lanes),
        lanes_max: both("max_link_width", lanes),
    }
}

/// `16.0 GT/s PCIe` is the fourth.
fn generation(speed: &str) -> Option<u32> {
    let rate: f64 = speed.split_whitespace().next()?.parse().ok()?;
    let rates = [2.5, 5.0, 8.0, 16.0, 32.0, 64.0];
    let place = rates.iter().position(|known| *known == rate)?;
    u32::try_from(place + 1).ok()
}

fn lanes(width: &str) -> Option<u32> {
    width.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_a_generation() {
        assert_eq!(generation("2.5 GT/s PCIe"), Some(1));
        assert_eq!(generation("32.0 GT/s PCIe"), Some(5));
        assert_eq!((generation("Unknown"), generation("")), (None, None));
    }
}

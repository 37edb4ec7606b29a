//! What the stage would show with a way out taken: the picture of its stop, with what the changed plan comes to in place of
//! what lies there now.

use super::kit::{cells, found, gb_cells, system};
use super::memory;
use crate::catalog::Catalog;
use crate::estimate::{Estimate, Memory, Parts};
use crate::scenes::Scene;
use crate::scenes::draw::Thing;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::shelf::{CellUnit, Lies, Portion, Shelf};
use crate::scenes::figure::Figure;
use crate::scenes::picture::{Picture, Placed};
use crate::units::Bytes;

/// Adds the previews that a scene did not make itself.
pub(super) fn add(scene: &mut Scene, catalog: &Catalog) {
    for offer in scene.offers.iter_mut().filter(|offer| offer.preview.is_none()) {
        let picture = scene.pictures.get(offer.stop);
        offer.preview = picture.zip(found(&offer.plan, catalog)).and_then(|(picture, found)| with(picture, &found));
    }
}

/// The picture with what an estimate has; `None` where nothing in it shows memory.
fn with(picture: &Picture, found: &Estimate) -> Option<Picture> {
    let mut things = Vec::with_capacity(picture.things.len());
    let mut shows = false;
    for placed in &picture.things {
        let thing = match &placed.thing {
            // The message goes with what caused it.
            Thing::Bubble(_) => continue,
            Thing::Shelf(shelf) if shelf.unit == CellUnit::Gb => shelf_with(placed, shelf, found).map(Thing::from),
            Thing::Bars(bars) => bars_with(bars, found).map(Thing::from),
            _ => None,
        };
        shows |= thing.is_some();
        let thing = thing.unwrap_or_else(|| placed.thing.clone());
        things.push(Placed { thing, ..placed.clone() });
    }
    shows.then(|| Picture::of(things))
}

/// Parts of one place in cells, weights first.
fn portions(parts: &Parts, rest: Bytes, lies: Lies) -> Vec<Portion> {
    let caches = parts.caches().unwrap_or_default();
    let compute = parts.working().unwrap_or_default();
    let all = [
        (Memory::Weights, parts.loaded().unwrap_or_default()),
        (Memory::Kv, caches),
        (Memory::Compute, compute),
        (Memory::Overhead, rest),
    ];
    let held = all.into_iter().filter(|(_, bytes)| *bytes > Bytes::ZERO);
    held.map(|(component, bytes)| Portion::new(component, gb_cells(bytes), lies)).collect()
}

/// RAM or VRAM, dashed as what is not there yet where it is another card.
fn shelf_with(placed: &Placed, shelf: &Shelf, found: &Estimate) -> Option<Shelf> {
    match placed.id {
        "ram" => {
            let mut held = vec![system(found)];
            held.extend(portions(&found.host.parts, Bytes::ZERO, Lies::Hatched));
            Some(Shelf { portions: held, ..shelf.clone() })
        }
        "vram" => {
            let held = cells(found.vram().gib().round());
            Some(Shelf {
                portions: portions(&found.parts_in_vram(), found.overhead(), Lies::Solid),
                cells: held,
                planned: held != shelf.cells,
                amount: shelf.amount.as_ref().map(|_| Figure::Gb(f64::from(held)).into()),
                ..shelf.clone()
            })
        }
        _ => None,
    }
}

/// A single bar of what a card holds; several bars show the ways themselves.
fn bars_with(bars: &Bars, found: &Estimate) -> Option<Bars> {
    let [bar] = &*bars.rows else { return None };
    let total = memory::needs(found)?;
    let row = Bar { portions: memory::portions(found)?, total, ..bar.clone() };
    Some(Bars { rows: vec![row], ..bars.clone() })
}

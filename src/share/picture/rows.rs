//! Every memory as a bar, all on one axis.

use super::super::sheet::Sheet;
use super::cut;
use crate::estimate::printed::{MemoryFigures, PlanFigures, PlanPart};
use crate::estimate::{DeviceEstimate, Estimate, Memory};
use crate::scenes::draw::axis::Axis;
use crate::scenes::draw::bars::{Bar, Bars};
use crate::scenes::draw::key::Key as Legend;
use crate::scenes::draw::pencil::Pencil;
use crate::scenes::draw::shelf::{Lies, Portion};
use crate::scenes::mark::Face;
use crate::scenes::picture::Say;
use crate::text::{Key, Locale, Placeholder, PrintedFigure};
use crate::units::Bytes;

/// Room for names at the left, and for what is free at the right.
const NAMES: f32 = 236.0;
const ENDS: f32 = 190.0;
/// A row with the words under it, and what is over and under all of them.
const ROW: f32 = 62.0;
const AROUND: f32 = 78.0;
/// A longer RAM is cut at the end of the axis, in lengths of the longest card.
const LONGEST_RAM: f64 = 1.3;
/// The most devices that have a bar of their own.
const MOST: usize = 16;

/// How high the bars stand.
pub(super) fn height(bars: &Bars) -> f32 {
    AROUND + ROW * bars.rows.len() as f32
}

/// The bars of a plan.
pub(super) fn bars(sheet: &Sheet<'_>, locale: Locale, pencil: &Pencil<'_>) -> Bars {
    let estimate = sheet.estimate;
    let figures = PlanFigures::of(estimate);
    let teller = Teller { sheet, locale, pencil };
    // Several computers have a memory each.
    let mut rows = if is_one_pool(estimate) { vec![teller.pool(&figures)] } else { teller.devices(&figures) };
    if !estimate.is_unified() {
        rows.push(teller.ram(&figures.ram));
    }
    Bars {
        rows,
        axis: Axis::gib(end(estimate)),
        limit: None,
        flow: None,
        key: Legend(teller.legend(&figures)),
        names: NAMES,
        ends: ENDS,
    }
}

/// CPU and GPU share one memory, and there is no other.
fn is_one_pool(estimate: &Estimate) -> bool {
    estimate.is_unified() && estimate.devices.len() == 1
}

/// Where the axis ends, in GiB: with the longest card and all that is needed; a long RAM is cut.
fn end(estimate: &Estimate) -> f64 {
    let host = &estimate.host;
    let needed = |total: Option<Bytes>, room: Bytes| total.unwrap_or_default().max(room).gib();
    let cards = estimate.devices.iter().map(|device| needed(device.total, device.usable)).fold(0.0, f64::max);
    if is_one_pool(estimate) {
        return needed(estimate.needed().map(|all| all + host.os), host.capacity).max(cards);
    }
    let in_ram = (host.total.unwrap_or_default() + host.os).gib();
    let longest = cards.max(in_ram);
    let ram = host.capacity.gib();
    if cards <= 0.0 || ram <= LONGEST_RAM * longest { longest.max(ram) } else { longest * LONGEST_RAM }
}

/// Puts bars into words.
struct Teller<'a> {
    sheet: &'a Sheet<'a>,
    locale: Locale,
    pencil: &'a Pencil<'a>,
}

impl Teller<'_> {
    /// A bar each for so many devices, and one line for the others.
    fn devices(&self, figures: &PlanFigures) -> Vec<Bar> {
        let devices = &self.sheet.estimate.devices;
        let rows = devices.iter().zip(&figures.devices).enumerate().take(MOST);
        let mut rows: Vec<Bar> = rows.map(|(place, (device, side))| self.device(place, device, side)).collect();
        if let Some(last) = rows.last_mut().filter(|_| devices.len() > MOST) {
            let more = (devices.len() - MOST).to_string();
            last.about = Say::Name(self.locale.sentence(Key::ReportMoreDevices, &[(Placeholder::Count, &more)]));
        }
        rows
    }

    fn device(&self, place: usize, device: &DeviceEstimate, side: &MemoryFigures) -> Bar {
        let name = match self.sheet.estimate.devices.len() {
            1 => self.locale.word(Key::Vram).to_owned(),
            _ => format!("GPU {place}"),
        };
        let mut portions = self.portions(side, Lies::Solid);
        let reserved = device.kv_pool.zip(device.parts.caches()).map_or(0.0, |(pool, need)| pool.gib() - need.gib());
        if reserved > 0.0 {
            portions.push(portion(Memory::Kv, reserved, Lies::Ghost, self.locale.word(Key::KvPool).to_owned()));
        }
        let card = self.sheet.plan.machine.cards.get(device.card).map_or("", |kind| self.sheet.card_name(&kind.card));
        let usable = crate::text::decimal(device.usable.gib(), 1);
        let holes = [(Placeholder::Card, card), (Placeholder::Value, &usable), (Placeholder::Other, "GiB")];
        let about = self.locale.sentence(Key::CardAndUsableBrief, &holes);
        Bar::new(Say::Name(name), portions)
            .about(self.named(&about))
            .holding(device.usable.gib())
            .total(self.total(side))
    }

    fn ram(&self, side: &MemoryFigures) -> Bar {
        let host = &self.sheet.estimate.host;
        let mut portions = vec![self.system()];
        portions.extend(self.portions(side, Lies::Hatched));
        Bar::new(Say::Name(self.locale.word(Key::Ram).to_owned()), portions)
            .about(Say::Name(crate::text::gib(host.capacity.gib(), 1)))
            .holding(host.capacity.gib())
            .total(self.total(side))
    }

    /// One pool of CPU and GPU.
    fn pool(&self, figures: &PlanFigures) -> Bar {
        let host = &self.sheet.estimate.host;
        let pool = figures.pool(self.sheet.estimate);
        let mut portions = self.portions(pool.as_ref().unwrap_or(&figures.vram), Lies::Solid);
        portions.push(self.system());
        let card = self.sheet.plan.machine.cards.first().map_or("", |kind| self.sheet.card_name(&kind.card));
        let judged = self.sheet.estimate.judged();
        let total = judged.map(|judged| crate::estimate::printed::prose(&judged.balance));
        let total = total.map_or_else(String::new, |column| self.free(column.free, column.excess));
        Bar::new(Say::Name(self.locale.word(Key::UnifiedMemory).to_owned()), portions)
            .about(self.named(card))
            .holding(host.capacity.gib())
            .total(Say::Name(total))
    }

    fn system(&self) -> Portion {
        let os = self.sheet.estimate.host.os.gib();
        let name = format!("{} {}", self.locale.word(Key::OsShort), crate::text::decimal(os, 1));
        portion(Memory::Os, os, Lies::Solid, name)
    }

    /// What lies there, each part with its amount.
    fn portions(&self, side: &MemoryFigures, lies: Lies) -> Vec<Portion> {
        let part = |(part, bytes): (PlanPart, Option<Bytes>)| {
            let (bytes, printed) = (bytes?, side.part(part)?);
            let label = format!("{} {}", self.locale.word(part.name()), printed.write());
            (bytes > Bytes::ZERO && !printed.is_zero()).then(|| portion(part.memory(), bytes.gib(), lies, label))
        };
        side.amounts().iter().filter_map(part).collect()
    }

    /// What is free in a memory, or too much.
    fn total(&self, side: &MemoryFigures) -> Say {
        if !side.is_known() {
            return Say::Name(self.locale.word(Key::NoData).to_owned());
        }
        Say::Name(self.free(side.column().free, side.column().excess))
    }

    fn free(&self, free: PrintedFigure, excess: PrintedFigure) -> String {
        let (key, amount) = if excess.is_zero() { (Key::ValueFree, free) } else { (Key::ValueOver, excess) };
        self.locale.sentence(key, &[(Placeholder::Value, &format!("{} GiB", amount.write()))])
    }

    fn named(&self, words: &str) -> Say {
        Say::Name(cut(&crate::text::one_line(words), Face::Small, NAMES - 16.0, self.pencil))
    }

    /// The components that are there, each once.
    fn legend(&self, figures: &PlanFigures) -> Vec<(Memory, Say)> {
        let mut legend: Vec<(Memory, Say)> = Vec::new();
        let sides = figures.devices.iter().chain([&figures.ram]);
        for (part, bytes) in sides.flat_map(|side| side.amounts().iter()) {
            let is_new = legend.iter().all(|(memory, _)| *memory != part.memory());
            if is_new && bytes.is_some_and(|bytes| bytes > Bytes::ZERO) {
                legend.push((part.memory(), Say::Name(self.locale.word(part.name()).to_owned())));
            }
        }
        legend.push((Memory::Os, Say::Name(self.locale.word(Key::OsAndApps).to_owned())));
        legend
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a width of a picture")]
fn portion(component: Memory, gib: f64, lies: Lies, label: String) -> Portion {
    Portion::new(component, gib as f32, lies).labeled(Say::Name(label))
}

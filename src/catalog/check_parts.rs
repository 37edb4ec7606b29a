//! What can be wrong with the figures of parts.

use super::check::Problems;
use super::entry_table::Entry;
use super::origin::Origin;
use super::parts::{
    Board, Case, Cooler, EfficiencyCurve, Fitting, MemoryKit, Network, PowerSupply, Storage, System, Written,
};
use super::source::Price;
use crate::text::{Key, Phrase};

/// The methods that every part answers alike: where its figures come from, what it costs, and what else is looked at.
macro_rules! part {
    ($part:ty, $written:expr, $source:expr, $more:expr) => {
        impl Entry for $part {
            fn id(&self) -> &str {
                &self.id
            }

            fn name(&self) -> &str {
                &self.name
            }

            fn written(&self) -> Written<'_> {
                let written: fn(&Self) -> Written<'_> = $written;
                written(self)
            }

            fn problems(&self) -> Vec<Phrase> {
                let source: fn(&Self) -> Option<&Origin> = $source;
                let more: fn(&Self, &mut Problems) = $more;
                let mut found = Problems::of(&self.id, &self.name, source(self).unwrap_or(&Origin::default()));
                for price in &self.prices {
                    found.price(price);
                }
                more(self, &mut found);
                found.list
            }
        }
    };
}

/// A part that is written by its name.
const fn named<'a>(name: &'a str, zh: Option<&'a str>) -> Written<'a> {
    Written::Named { name, zh }
}

/// The source of the price, for parts whose name says all their figures.
fn of_price(prices: &[Price]) -> Option<&Origin> {
    prices.first().map(|price| &price.source)
}

part!(Board, |part| named(&part.name, part.name_zh.as_deref()), |part| Some(&part.source), |part, found| {
    found.within("sockets", Some(f64::from(part.sockets)), 1.0, 8.0);
    found.within("dimm_slots", Some(f64::from(part.dimm_slots)), 1.0, 64.0);
    found.within("max_memory_gib", Some(f64::from(part.max_memory_gib)), 1.0, 65_536.0);
    for slot in &part.slots {
        found.within("slots.gen", Some(f64::from(slot.r#gen)), 1.0, 7.0);
        found.one_of("slots.lanes", slot.lanes.into(), &[1, 4, 8, 16]);
    }
    let rising = part.slot_splits.windows(2).all(|pair| pair[0].len() < pair[1].len());
    found.unless(rising, || Phrase::new(Key::EntrySplitOrder));
    let many = part.slot_splits.iter().any(|split| split.len() > part.slots.len());
    found.unless(!many, || Phrase::new(Key::EntrySplitMany));
});

part!(MemoryKit, |part| Written::Ram(part), |part| of_price(&part.prices), |part, found| {
    found.within("stick_gib", Some(f64::from(part.stick_gib)), 1.0, 1024.0);
    found.within("sticks", Some(f64::from(part.sticks)), 1.0, 64.0);
    found.within("mt_s", Some(f64::from(part.mt_s)), 800.0, 20_000.0);
});

part!(Storage, |part| named(&part.name, None), |part| of_price(&part.prices), |part, found| {
    found.within("capacity_gb", Some(f64::from(part.capacity_gb)), 100.0, 1e6);
    found.within("read_gb_s", part.read_gb_s, 0.05, 100.0);
});

part!(PowerSupply, |part| Written::Supply(part), |part| of_price(&part.prices), |part, found| {
    found.within("watts", Some(f64::from(part.watts)), 100.0, 20_000.0);
    found.within("least_volts", part.least_volts.map(f64::from), 90.0, 480.0);
});

part!(Case, |part| named(&part.name, part.name_zh.as_deref()), |part| Some(&part.source), |part, found| {
    found.within("card_slots", Some(f64::from(part.card_slots)), 1.0, 64.0);
    found.within("supplies", Some(f64::from(part.supplies)), 1.0, 8.0);
    found.within("riser_gen", part.riser_gen.map(f64::from), 1.0, 7.0);
    found.filled("boards", !part.boards.is_empty());
});

part!(Fitting, |part| named(&part.name, part.name_zh.as_deref()), |part| Some(&part.source), |_, _| {});

part!(
    Cooler,
    |part| named(&part.name, part.name_zh.as_deref()),
    |part| part.source.as_ref().or_else(|| of_price(&part.prices)),
    |part, found| {
        found.filled("sockets", !part.sockets.is_empty());
        found.within("cools_w", part.cools_w.map(f64::from), 10.0, 2000.0);
    }
);

part!(
    Network,
    |part| named(&part.name, part.name_zh.as_deref()),
    |part| part.source.as_ref().or_else(|| of_price(&part.prices)),
    |part, found| found.within("gbit", Some(part.gbit), 0.1, 10_000.0)
);

part!(System, |part| named(&part.name, part.name_zh.as_deref()), |part| Some(&part.source), |part, found| {
    found.within("memory_gib", part.memory_gib.map(f64::from), 1.0, 65_536.0);
    found.within("power_w", part.power_w.map(f64::from), 5.0, 1e6);
});

impl Entry for EfficiencyCurve {
    fn id(&self) -> &str {
        &self.id
    }

    fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::of(&self.id, &self.id, &self.source);
        for percent in [self.at_10, Some(self.at_20), Some(self.at_50), Some(self.at_100)] {
            found.within("percent", percent, 50.0, 100.0);
        }
        found.list
    }
}

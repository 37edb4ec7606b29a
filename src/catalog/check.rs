//! What can be wrong with an entry's figures. The tests hold the built-in tables to it, and a user's entry that fails is
//! refused with these words.

use std::borrow::Cow;

use super::card::{Card, Vendor};
use super::entry_table::Entry;
use super::model::Model;
use super::origin::Origin;
use super::platform::Platform;
use super::source::{Price, USD};
use crate::text::{Join, Key, Phrase, Placeholder, foreign};

/// How far a bandwidth may lie from bus × rate: makers round.
const BANDWIDTH_TOLERANCE: f64 = 0.015;
/// The same for Apple, which rounds 204.8 to 200.
const APPLE_TOLERANCE: f64 = 0.027;

/// What an entry with other names is found by.
macro_rules! names {
    () => {
        fn id(&self) -> &str {
            &self.id
        }

        fn name(&self) -> &str {
            &self.name
        }

        fn aliases(&self) -> &[String] {
            &self.aliases
        }
    };
}

impl Entry for Card {
    names!();

    fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::of(&self.id, &self.name, &self.source);
        found.within("memory_gib", Some(self.memory_gib), 0.5, 4096.0);
        found.within("bandwidth_gb_s", self.bandwidth_gb_s, 1.0, 100_000.0);
        found.within("bus_width_bit", self.bus_width_bit.map(f64::from), 32.0, 65_536.0);
        found.within("data_rate_gbps", self.data_rate_gbps, 0.1, 100.0);
        found.within("tdp_w", self.tdp_w.map(f64::from), 5.0, 10_000.0);
        found.within("pcie_gen", self.pcie_gen.map(f64::from), 1.0, 7.0);
        found.within("usable_share", self.usable_share, 0.1, 1.0);
        found.within("compute_units", self.compute_units.map(f64::from), 1.0, 1024.0);
        found.within("year", Some(f64::from(self.year)), 2005.0, 2100.0);
        found.within("cuda_total_gib", self.cuda_total_gib, 0.5, self.memory_gib);
        let reported = self.reported_memory_mib.map(|mib| f64::from(mib) / 1024.0);
        found.within("reported_memory_mib / 1024", reported, self.memory_gib * 0.9, self.memory_gib * 1.02);
        if let Some(lanes) = self.pcie_lanes {
            found.one_of("pcie_lanes", lanes.into(), &[1, 2, 4, 8, 16]);
        }
        found.within("devices_per_card", Some(f64::from(self.devices_per_card)), 1.0, 16.0);
        for &size in &self.memory_options_gib {
            found.within("memory_options_gib", Some(size), 0.5, self.memory_gib);
        }
        if let (Some(bus), Some(rate), Some(stated)) = (self.bus_width_bit, self.data_rate_gbps, self.bandwidth_gb_s) {
            let tolerance = if self.vendor == Vendor::Apple { APPLE_TOLERANCE } else { BANDWIDTH_TOLERANCE };
            found.agree(
                "bandwidth_gb_s",
                stated,
                "bus_width_bit × data_rate_gbps",
                f64::from(bus) * rate / 8.0,
                tolerance,
            );
        }
        for price in &self.prices {
            found.price(price);
            let sold = price.memory_gib.is_none_or(|gib| self.memory_sizes_gib().contains(&gib));
            found.unless(sold, || Phrase::new(Key::EntryPriceMemory).with(Placeholder::Value, &price.date));
        }
        found.list
    }
}

impl Entry for Model {
    names!();

    fn problems(&self) -> Vec<Phrase> {
        // The figures were checked when the model was made.
        Problems::of(&self.id, &self.name, &self.source).list
    }
}

impl Entry for Platform {
    names!();

    fn problems(&self) -> Vec<Phrase> {
        let mut found = Problems::of(&self.id, &self.name, &self.source);
        found.within("cores", Some(f64::from(self.cores)), 1.0, 1024.0);
        found.within("max_sockets", Some(f64::from(self.max_sockets)), 1.0, 8.0);
        found.within("tdp_w", self.tdp_w.map(f64::from), 5.0, 2000.0);
        found.within("power_limit_w", self.power_limit_w.map(f64::from), 5.0, 2000.0);
        found.within("lanes", Some(f64::from(self.lanes())), f64::from(self.storage_lanes), 512.0);
        found.within("max_memory_gib", Some(f64::from(self.max_memory_gib)), 1.0, 65_536.0);
        found.within("memory_bus_bit", Some(f64::from(self.memory_bus_bit)), 32.0, 4096.0);
        found.within("pcie_gen", self.pcie_gen().map(f64::from), 1.0, 7.0);
        let computed = f64::from(self.memory_bus_bit) / 8.0 * f64::from(self.memory_mt_s) / 1000.0;
        found.agree(
            "memory_bandwidth_gb_s",
            self.memory_bandwidth_gb_s,
            "memory_bus_bit × memory_mt_s",
            computed,
            BANDWIDTH_TOLERANCE,
        );
        for price in &self.prices {
            found.price(price);
        }
        found.list
    }
}

/// A figure that no such thing has.
pub(super) fn outside(field: &str, value: f64, least: f64, most: f64) -> Phrase {
    let allowed = Phrase::new(Key::AllowedRange).with(Placeholder::Value, least).with(Placeholder::Other, most);
    Phrase::new(Key::ErrorOutOfRange)
        .with(Placeholder::Name, field)
        .with(Placeholder::Value, value)
        .with_phrase(Placeholder::Other, allowed)
}

/// What is wrong with a price, one sentence each.
pub(super) fn price_problems(price: &Price) -> Vec<Phrase> {
    let mut found = Problems::default();
    found.price(price);
    found.list
}

/// Problems of one entry as they are found.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Phrase>,
}

impl Problems {
    pub(super) fn of(id: &str, name: &str, source: &Origin) -> Self {
        let mut found = Self::default();
        found.unless(is_kebab_case(id), || Phrase::new(Key::EntryId).with(Placeholder::Value, foreign(id)));
        found.unless(matches!(foreign(name), Cow::Borrowed(_)), || Phrase::new(Key::EntryName));
        found.filled("name", !name.trim().is_empty());
        found.filled("source", !source.text().trim().is_empty());
        found
    }

    pub(super) fn unless(&mut self, fine: bool, problem: impl FnOnce() -> Phrase) {
        if !fine {
            self.list.push(problem());
        }
    }

    pub(super) fn within(&mut self, field: &str, value: Option<f64>, least: f64, most: f64) {
        if let Some(value) = value {
            self.unless((least..=most).contains(&value), || outside(field, value, least, most));
        }
    }

    /// A list or a text that must not be empty.
    pub(super) fn filled(&mut self, field: &str, fine: bool) {
        self.unless(fine, || Phrase::new(Key::EntryEmpty).with(Placeholder::Name, field));
    }

    pub(super) fn one_of(&mut self, field: &str, value: u32, known: &[u32]) {
        self.unless(known.contains(&value), || {
            Phrase::new(Key::EntryNoneOf).with(Placeholder::Name, field).with(Placeholder::Value, value).with_list(
                Placeholder::Other,
                Join::Items,
                known,
            )
        });
    }

    fn agree(&mut self, field: &str, stated: f64, rule: &str, computed: f64, tolerance: f64) {
        let fine = (stated / computed - 1.0).abs() <= tolerance;
        self.unless(fine, || {
            Phrase::new(Key::EntryDisagrees)
                .with(Placeholder::Name, field)
                .with(Placeholder::Value, stated)
                .with(Placeholder::Other, format!("{rule} = {computed:.1}"))
        });
    }

    pub(super) fn price(&mut self, price: &Price) {
        self.within("prices.usd", Some(price.usd.0), USD.start().0, USD.end().0);
        self.within("prices.usd_to", price.usd_to.map(|to| to.0), price.usd.0, USD.end().0);
        self.filled("prices.source", !price.source.text().trim().is_empty());
    }
}

/// Whether a text is small letters and digits, joined by single dashes or dots.
pub(super) fn is_kebab_case(text: &str) -> bool {
    text.split(['-', '.'])
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
}

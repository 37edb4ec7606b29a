//! What an outlet carries, by country: `data/circuits.ron`.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::Reason;
use crate::catalog::entry_table;
use crate::catalog::origin::Origin;
use crate::text::Locale;
use crate::units::Watts;

/// An outlet, and the circuit behind it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circuit {
    /// Which one.
    pub id: CircuitId,
    /// Volts.
    pub volts: u32,
    /// Amperes that it is rated for.
    pub amps: f64,
    /// Amperes that it carries for hours.
    pub hours_amps: f64,
    /// The circuit of its own that is laid where a machine draws more; `None` = none is known.
    pub own: Option<CircuitId>,
    /// What it is called.
    pub name: Reason,
    /// Countries where it is the usual one, by their ISO codes.
    pub regions: Vec<String>,
    /// Where the figures come from.
    pub source: Origin,
}

/// One of the outlets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[allow(missing_docs, reason = "a country or region, volts and amperes")]
pub enum CircuitId {
    #[default]
    Us120V15A,
    Us120V20A,
    Us240V30A,
    Eu230V16A,
    EuCee16A,
    Uk230V13A,
    Cn220V10A,
    Cn220V16A,
    Jp100V15A,
}

impl Circuit {
    /// All of them.
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Circuit>> =
            // A test holds the built-in text to being readable and complete.
            LazyLock::new(|| entry_table::parse(include_str!("../../../data/circuits.ron")).unwrap_or_default());
        &ALL
    }

    /// What it carries for hours.
    pub fn carries(&self) -> Watts {
        Watts(f64::from(self.volts) * self.hours_amps)
    }
}

impl CircuitId {
    /// Its figures; `None` where the built-in file does not parse, which the tests refuse.
    pub fn circuit(self) -> Option<&'static Circuit> {
        Circuit::all().iter().find(|circuit| circuit.id == self)
    }

    /// Volts of the outlet; none where they are not known.
    pub fn volts(self) -> u32 {
        self.circuit().map_or(0, |circuit| circuit.volts)
    }

    /// The circuit of its own that is laid in its place for a server; itself where none is known.
    #[must_use]
    pub fn for_server(self) -> Self {
        self.circuit().and_then(|circuit| circuit.own).unwrap_or(self)
    }

    /// What it carries for hours.
    pub fn carries(self) -> Watts {
        self.circuit().map_or(Watts::ZERO, Circuit::carries)
    }

    /// The usual one of where a system is set to be, by its tag such as `en-GB`, or else of where people read this language.
    pub fn usual(tag: Option<&str>, locale: Locale) -> Self {
        // Who reads Chinese on a system that is set to another language is not where that is spoken.
        let tag = tag.filter(|tag| locale == Locale::En || Locale::from_system(tag) == locale);
        let region = tag.and_then(|tag| {
            // Without the encoding of a Unix locale.
            let tag = tag.split('.').next()?;
            tag.split(['-', '_']).skip(1).find(|part| part.len() == 2)
        });
        let here = region.and_then(|region| {
            Circuit::all().iter().find(|circuit| circuit.regions.iter().any(|here| here.eq_ignore_ascii_case(region)))
        });
        match (here, locale) {
            (Some(circuit), _) => circuit.id,
            (None, Locale::Zh) => Self::Cn220V10A,
            (None, Locale::En) => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_circuit_has_its_figures_and_carries_what_its_country_allows_for_hours() {
        for (id, volts, watts) in [
            (CircuitId::Us120V15A, 120, 1440.0),
            (CircuitId::Us120V20A, 120, 1920.0),
            (CircuitId::Us240V30A, 240, 5760.0),
            (CircuitId::Eu230V16A, 230, 2300.0),
            (CircuitId::EuCee16A, 230, 3680.0),
            (CircuitId::Uk230V13A, 230, 2300.0),
            (CircuitId::Cn220V10A, 220, 1760.0),
            (CircuitId::Cn220V16A, 220, 2816.0),
            (CircuitId::Jp100V15A, 100, 1200.0),
        ] {
            let circuit = id.circuit().unwrap_or_else(|| panic!("{id:?}"));
            assert_eq!((circuit.volts, circuit.carries().0), (volts, watts), "{id:?}");
            assert!(circuit.hours_amps <= circuit.amps && !circuit.source.is_empty(), "{id:?}");
        }
        assert_eq!(Circuit::all().len(), 9);
        for circuit in Circuit::all() {
            let own = circuit.id.for_server();
            assert!(own == circuit.id || own.carries() > circuit.carries(), "{:?}", circuit.id);
        }
    }

    #[test]
    fn the_outlet_follows_the_country_and_else_the_language() {
        let of = |tag: &str| CircuitId::usual(Some(tag), Locale::from_system(tag));
        assert_eq!(of("en-US"), CircuitId::Us120V15A);
        assert_eq!(of("en_GB.UTF-8"), CircuitId::Uk230V13A);
        assert_eq!(of("de-DE"), CircuitId::Eu230V16A);
        assert_eq!(of("ja_JP.UTF-8"), CircuitId::Jp100V15A);
        assert_eq!(of("zh-Hans-CN"), CircuitId::Cn220V10A);
        assert_eq!(of("zh_TW.UTF-8"), CircuitId::Us120V15A);
        assert_eq!(CircuitId::usual(None, Locale::Zh), CircuitId::Cn220V10A);
        assert_eq!(CircuitId::usual(Some("en-US"), Locale::Zh), CircuitId::Cn220V10A);
        assert_eq!(CircuitId::usual(Some("C"), Locale::En), CircuitId::Us120V15A);
    }
}

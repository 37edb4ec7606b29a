//! How parts are written by people who build machines: RAM by its whole size and its sticks, power supplies by what they
//! deliver and their class, all else by name.

use super::{Dimm, Efficiency, MemoryKit, PowerSupply, SupplyForm};
use crate::catalog::source::PriceKind;
use crate::text::{Join, Key, Locale, Placeholder};

/// A part, by what is written of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Written<'a> {
    /// A kit of RAM.
    Ram(&'a MemoryKit),
    /// A power supply.
    Supply(&'a PowerSupply),
    /// Any other part.
    Named {
        /// As a shop writes it.
        name: &'a str,
        /// The same in Chinese, where that is no proper name.
        zh: Option<&'a str>,
    },
}

impl Written<'_> {
    /// One of it: `32 GB DDR4-3600, 2 × 16`.
    pub fn one(self, locale: Locale) -> String {
        self.counted(1, locale)
    }

    /// So many of it: `64 GB DDR4-3600, 4 × 16`, `2 × 1600 W Titanium`.
    pub fn counted(self, count: u32, locale: Locale) -> String {
        let name = match self {
            Self::Ram(kit) => return ram(kit, count, locale),
            Self::Supply(supply) => power_supply(supply, locale),
            Self::Named { name, zh } => match locale {
                Locale::En => name.to_owned(),
                Locale::Zh => zh.unwrap_or(name).to_owned(),
            },
        };
        if count > 1 { format!("{count} × {name}") } else { name }
    }
}

fn ram(kit: &MemoryKit, count: u32, locale: Locale) -> String {
    let registered = if kit.dimm == Dimm::Rdimm { " RDIMM" } else { "" };
    let kind = format!("{}-{}{registered}", kit.kind, kit.mt_s);
    let (all, sticks) = ((kit.gib() * count).to_string(), (kit.sticks * count).to_string());
    let stick = kit.stick_gib.to_string();
    let holes = [
        (Placeholder::Ram, all.as_str()),
        (Placeholder::Name, &kind),
        (Placeholder::Count, &sticks),
        (Placeholder::Value, &stick),
    ];
    let written = locale.sentence(Key::RamWritten, &holes);
    let wholesale = !kit.prices.is_empty() && kit.prices.iter().all(|price| price.kind == PriceKind::Spot);
    let wholesale = wholesale.then(|| locale.word(Key::BookSpot).to_owned());
    locale.join(Join::Phrases, std::iter::once(written).chain(wholesale))
}

fn power_supply(supply: &PowerSupply, locale: Locale) -> String {
    let of_class = format!("{} W {:?}", supply.watts, supply.efficiency);
    let watts = supply.watts.to_string();
    if supply.form == SupplyForm::Crps {
        return locale.sentence(Key::SupplyServer, &[(Placeholder::Value, &watts)]);
    }
    if !supply.name.eq_ignore_ascii_case(&of_class) {
        return supply.name.clone();
    }
    let class = locale.word(class(supply.efficiency));
    locale.sentence(Key::SupplyWritten, &[(Placeholder::Value, watts.as_str()), (Placeholder::Name, class)])
}

/// The name of a class of the 80 PLUS program.
pub const fn class(class: Efficiency) -> Key {
    match class {
        Efficiency::Bronze => Key::ClassBronze,
        Efficiency::Gold => Key::ClassGold,
        Efficiency::Platinum => Key::ClassPlatinum,
        Efficiency::Titanium => Key::ClassTitanium,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;
    use crate::catalog::entry_table::Entry;

    #[test]
    fn parts_are_written_as_builders_write_them() {
        let catalog = Catalog::embedded();
        let kit = catalog.ram_kits().find(|kit| kit.id == "ddr4-udimm-2x16").unwrap();
        assert_eq!(kit.written().counted(2, Locale::En), "64 GB DDR4-3600, 4 × 16");
        assert_eq!(kit.written().counted(2, Locale::Zh), "64 GB DDR4-3600，4 × 16");
        let registered = catalog.ram_kits().find(|kit| kit.id == "ddr5-rdimm-64").unwrap();
        assert_eq!(registered.written().counted(8, Locale::En), "512 GB DDR5-5600 RDIMM, 8 × 64");
        let supply = |id: &str| catalog.power_supplies().find(|supply| supply.id == id).unwrap().written();
        assert_eq!(supply("psu-1200-gold").one(Locale::En), "1200 W Gold");
        assert_eq!(supply("psu-1600-titanium").counted(2, Locale::Zh), "2 × 1600 W 钛金");
        assert_eq!(supply("psu-2050-silverstone-hela").one(Locale::Zh), "SilverStone HELA 2050 W");
        let board = catalog.boards().find(|board| board.id == "am5-matx").unwrap();
        assert_eq!(
            (board.written().one(Locale::En), board.written().one(Locale::Zh)),
            ("AM5 micro ATX board".to_owned(), "AM5 microATX 主板".to_owned())
        );
    }
}

//! `own_prices.ron`: prices that a user typed or imported, for cards and parts alike. One entry a line, so that a line
//! with a mistake costs no other.

use std::collections::HashMap;

use super::Catalog;
use super::entry_table::{Entry, Table, parse};
use super::overlay::{CatalogError, TableFile};
use super::price::OwnPrice;
use super::priced::Priced;
use super::source::{Price, PriceKind};
use crate::text::{Key, Phrase, RonFault, foreign};

/// What stands above the entries.
const HEAD: &str = "// Own prices in US dollars, one entry a line; they take the place of the catalog's.\n[\n";

/// An own price that counts, and the price that it stands in for.
#[derive(Debug, Clone, PartialEq)]
pub struct Laid {
    /// The own price.
    pub own: OwnPrice,
    /// The catalog's; `None` = it has none of this kind.
    pub shipped: Option<Price>,
}

/// The prices of a file that can be read; the others are named with their lines.
pub fn read(file: &str, text: &str, errors: &mut Vec<CatalogError>) -> Vec<OwnPrice> {
    let whole = match parse::<Vec<OwnPrice>>(text) {
        Ok(prices) => return prices,
        Err(fault) => fault,
    };
    let unreadable = |fault| CatalogError::Unreadable { file: file.to_owned(), fault };
    let mut prices = Vec::new();
    let mut wrong = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let entry = line.trim().trim_end_matches(',');
        if !entry.starts_with('(') {
            continue;
        }
        match parse(entry) {
            Ok(price) => prices.push(price),
            Err(fault) => wrong.push(unreadable(RonFault { line: place + 1, ..fault })),
        }
    }
    // An entry over several lines cannot be told from a mistake: then the whole file says what is wrong.
    if wrong.is_empty() || prices.is_empty() {
        wrong = vec![unreadable(whole)];
    }
    errors.extend(wrong);
    prices
}

/// The text of a file with these prices.
pub fn to_text(prices: &[OwnPrice]) -> String {
    let mut text = HEAD.to_owned();
    for price in prices {
        if let Ok(entry) = ron::to_string(price) {
            text.push_str("    ");
            text.push_str(&entry);
            text.push_str(",\n");
        }
    }
    text.push_str("]\n");
    text
}

/// `prices` with one more, in place of one of the same part and kind.
pub fn with(prices: Vec<OwnPrice>, new: OwnPrice) -> Vec<OwnPrice> {
    let mut prices = without(prices, &new.part, new.kind);
    prices.push(new);
    prices
}

/// `prices` without those of this part and kind.
pub fn without(mut prices: Vec<OwnPrice>, part: &str, kind: PriceKind) -> Vec<OwnPrice> {
    prices.retain(|old| old.part != part || old.kind != kind);
    prices
}

/// Puts prices in place of those that cards and parts have.
pub(super) fn lay_over(catalog: &mut Catalog, file: &TableFile, prices: Vec<OwnPrice>, errors: &mut Vec<CatalogError>) {
    let mut lines = None;
    for own in prices {
        let mut reasons = own.problems();
        if reasons.is_empty() {
            match catalog.parts.set_price(&NewPrice { part: &own.part, kind: own.kind, price: Some(own.price()) }) {
                Some(shipped) => {
                    catalog.remember(own, shipped);
                    continue;
                }
                None => reasons.push(Phrase::new(Key::EntryNoPart)),
            }
        }
        let mut entries = lines.get_or_insert_with(|| entries_by_part(&file.text)).get(&own.part).into_iter().flatten();
        let line = entries.find(|(_, entry)| *entry == own).map(|(line, _)| *line);
        errors.push(CatalogError::Refused {
            file: file.name.clone(),
            line,
            id: foreign(&own.part).into_owned(),
            reasons,
        });
    }
}

/// The entries that stand alone on a line, with that line from 1, by their part.
fn entries_by_part(text: &str) -> HashMap<String, Vec<(usize, OwnPrice)>> {
    let mut by_part: HashMap<String, Vec<(usize, OwnPrice)>> = HashMap::new();
    for (place, line) in text.lines().enumerate() {
        if let Ok(entry) = parse::<OwnPrice>(line.trim().trim_end_matches(',')) {
            by_part.entry(entry.part.clone()).or_default().push((place + 1, entry));
        }
    }
    by_part
}

impl Catalog {
    /// The own prices that count, each with the price that it stands in for.
    pub fn own_prices(&self) -> &[Laid] {
        &self.own_prices
    }

    /// This catalog with other own prices in place of those that it has; one that cannot count is named by its line in
    /// `file`.
    pub fn with_own_prices(&self, file: &str, prices: Vec<OwnPrice>) -> (Self, Vec<CatalogError>) {
        let mut catalog = self.clone();
        for Laid { own, .. } in std::mem::take(&mut catalog.own_prices) {
            catalog.parts.set_price(&NewPrice { part: &own.part, kind: own.kind, price: None });
        }
        let mut errors = Vec::new();
        let file = TableFile { name: file.to_owned(), text: to_text(&prices) };
        lay_over(&mut catalog, &file, prices, &mut errors);
        (catalog, errors)
    }

    /// Keeps it with what it stands in for, in place of an earlier one.
    fn remember(&mut self, own: OwnPrice, shipped: Option<Price>) {
        self.own_prices.retain(|earlier| earlier.own.part != own.part || earlier.own.kind != own.kind);
        self.own_prices.push(Laid { own, shipped });
    }
}

/// What a part is to cost.
pub(super) struct NewPrice<'a> {
    part: &'a str,
    kind: PriceKind,
    /// `None` = nothing known.
    price: Option<Price>,
}

impl NewPrice<'_> {
    /// Puts it into its part, where the table has that: what counts of the catalog's prices of this kind.
    #[expect(clippy::option_option, reason = "a part that had no price is no missing part")]
    pub(super) fn put_into<T: Entry + Priced + Clone>(&self, table: &mut Table<T>) -> Option<Option<Price>> {
        let mut part = table.get(self.part).filter(|part| part.id() == self.part)?.clone();
        let shipped = part.set_own_price(self.kind, self.price.clone());
        table.lay_over(vec![part]);
        Some(shipped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::origin::Origin;
    use crate::catalog::priced::Condition;
    use crate::catalog::source::Date;
    use crate::units::Usd;

    fn price(part: &str, usd: f64) -> OwnPrice {
        let date = Date::try_from("2026-11-22".to_owned()).unwrap();
        OwnPrice { part: part.to_owned(), kind: PriceKind::Used, usd: Usd(usd), date, source: Origin::own() }
    }

    #[test]
    fn prices_are_read_as_they_were_written() {
        let prices = vec![price("rtx-3090", 650.0), price("am5-atx", 150.5)];
        let mut errors = Vec::new();
        assert_eq!(read("own_prices.ron", &to_text(&prices), &mut errors), prices);
        assert!(errors.is_empty(), "{errors:?}");
        let prices = with(prices, price("rtx-3090", 600.0));
        assert_eq!(prices.len(), 2, "one of the same part and kind is replaced");
        assert_eq!(without(prices, "rtx-3090", PriceKind::Used), [price("am5-atx", 150.5)]);
    }

    /// Other own prices replace those before, and without any the catalog's own count again.
    #[test]
    fn own_prices_are_taken_back_as_they_were_laid() {
        let shipped = Catalog::embedded();
        let cost = |catalog: &Catalog, condition| catalog.card("rtx-3090").unwrap().price_in(condition).cloned();
        let board = |catalog: &Catalog| catalog.boards().find(|it| it.id == "am5-atx").unwrap().prices.clone();
        let laid = |catalog: &Catalog, prices: Vec<OwnPrice>| catalog.with_own_prices("own_prices.ron", prices).0;
        let typed = laid(shipped, vec![price("rtx-3090", 650.0), price("am5-atx", 150.5)]);
        let again = laid(&typed, vec![price("rtx-3090", 600.0)]);
        assert_eq!(cost(&again, Condition::Used).map(|price| price.usd), Some(Usd(600.0)));
        assert_eq!((board(&again), cost(&again, Condition::New)), (board(shipped), cost(shipped, Condition::New)));
        assert_eq!(again.own_prices()[0].shipped, cost(shipped, Condition::Used));
        let back = laid(&again, Vec::new());
        assert_eq!((cost(&back, Condition::Used), back.own_prices().len()), (cost(shipped, Condition::Used), 0));
    }

    #[test]
    fn a_line_with_a_mistake_is_named_and_costs_no_other() {
        let text = to_text(&[price("rtx-3090", 650.0), price("rtx-4090", 1500.0)]).replace("1500.0", "dear");
        let mut errors = Vec::new();
        assert_eq!(read("own_prices.ron", &text, &mut errors), [price("rtx-3090", 650.0)]);
        assert!(errors[0].to_string().starts_with("own_prices.ron:4:"), "{errors:?}");
    }
}

//! `card_prices.ron`: prices of cards that a user typed, one entry a line, so that a line with a mistake costs no other.

use super::card::Card;
use super::overlay::{CatalogError, unreadable};
use super::price::CardPrice;
use super::table::{Table, parse};

/// What stands above the entries.
const HEAD: &str = "// Prices of cards in US dollars, one entry a line; they take the place of the catalog's.\n[\n";

/// The prices of a file that can be read; the others are named with their lines.
pub fn read(file: &str, text: &str, errors: &mut Vec<CatalogError>) -> Vec<CardPrice> {
    let whole = match parse::<Vec<CardPrice>>(text) {
        Ok(prices) => return prices,
        Err(error) => unreadable(file, &error),
    };
    let mut prices = Vec::new();
    let mut wrong = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let entry = line.trim().trim_end_matches(',');
        if !entry.starts_with('(') {
            continue;
        }
        match parse(entry) {
            Ok(price) => prices.push(price),
            Err(error) => wrong.push(on_line(place + 1, unreadable(file, &error))),
        }
    }
    // An entry over several lines cannot be told from a mistake: then the whole file says what is wrong.
    if wrong.is_empty() || prices.is_empty() {
        wrong = vec![whole];
    }
    errors.extend(wrong);
    prices
}

/// The same error, read from this line of the file.
fn on_line(line: usize, error: CatalogError) -> CatalogError {
    match error {
        CatalogError::Unreadable { file, column, reason, .. } => {
            CatalogError::Unreadable { file, line, column, reason }
        }
        other => other,
    }
}

/// The text of a file with these prices.
#[must_use]
pub fn to_text(prices: &[CardPrice]) -> String {
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

/// `prices` with one more, in place of one of the same card and kind.
#[must_use]
pub fn with(mut prices: Vec<CardPrice>, new: CardPrice) -> Vec<CardPrice> {
    prices.retain(|old| old.card != new.card || old.kind != new.kind);
    prices.push(new);
    prices
}

/// Puts prices in place of those that cards have.
pub(super) fn lay_over(cards: &mut Table<Card>, file: &str, prices: Vec<CardPrice>, errors: &mut Vec<CatalogError>) {
    for new in prices {
        let reason = new.problems().join(", ");
        let Some(mut card) = cards.get(&new.card).cloned() else {
            let reason = "no card of this id".to_owned();
            errors.push(CatalogError::Refused { file: file.to_owned(), id: new.card, reason });
            continue;
        };
        if !reason.is_empty() {
            errors.push(CatalogError::Refused { file: file.to_owned(), id: new.card, reason });
            continue;
        }
        // What is typed is a price with all the memory.
        let whole = card.memory_gib;
        card.prices.retain(|old| old.kind != new.kind || old.memory_gib.is_some_and(|gib| gib != whole));
        card.prices.push(new.price());
        cards.lay_over(vec![card]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::source::{Date, PriceKind};

    fn price(card: &str, usd: f64) -> CardPrice {
        let date = Date::try_from("2026-11-22".to_owned()).unwrap();
        CardPrice { card: card.to_owned(), kind: PriceKind::Used, usd, date, source: "typed by you".to_owned() }
    }

    #[test]
    fn prices_are_read_as_they_were_written() {
        let prices = vec![price("rtx-3090", 650.0), price("rtx-4090", 1500.5)];
        let mut errors = Vec::new();
        assert_eq!(read("card_prices.ron", &to_text(&prices), &mut errors), prices);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(with(prices, price("rtx-3090", 600.0)).len(), 2, "one of the same card and kind is replaced");
    }

    #[test]
    fn a_line_with_a_mistake_is_named_and_costs_no_other() {
        let text = to_text(&[price("rtx-3090", 650.0), price("rtx-4090", 1500.0)]).replace("1500.0", "dear");
        let mut errors = Vec::new();
        assert_eq!(read("card_prices.ron", &text, &mut errors), [price("rtx-3090", 650.0)]);
        assert!(errors[0].to_string().starts_with("card_prices.ron:4:"), "{errors:?}");
    }
}

//! What a card is worth at most: where its price per token and second meets that of the next better one.

use super::offer::Offer;
use crate::units::Usd;

/// Fills in [`Offer::fair_price`].
///
/// The next better card of an offer is, of all offers of *other* cards that are sold and run faster, the cheapest (of equally
/// cheap ones the fastest). The offer is worth at most `price ÷ decode` of that one, times its own decode speed: for
/// more, each token and second is cheaper to have from the better card. The fastest offers have no better card, so
/// nothing is said about them. Speeds are the expected ones of one sequence.
pub(super) fn fill(offers: &mut [Offer<'_>]) {
    let mut by_speed: Vec<(usize, f64)> =
        offers.iter().enumerate().filter_map(|(place, offer)| Some((place, offer.decode()?.expected))).collect();
    by_speed.sort_by(|a, b| b.1.total_cmp(&a.1));
    // The cheapest faster offer, and the cheapest of another card than that.
    let mut cheapest: Vec<Better<'_>> = Vec::new();
    let mut start = 0;
    while let Some(&(_, speed)) = by_speed.get(start) {
        let same = by_speed[start..].iter().take_while(|(_, other)| *other == speed).count();
        for &(place, _) in &by_speed[start..start + same] {
            let card = &offers[place].card.id;
            let better = cheapest.iter().find(|better| better.card != card);
            offers[place].fair_price = better.map(|better| better.usd / better.speed * speed);
        }
        for &(place, _) in &by_speed[start..start + same] {
            let offer = &offers[place];
            if let Some(usd) = offer.sold_for() {
                take(&mut cheapest, Better { card: &offer.card.id, usd, speed });
            }
        }
        start += same;
    }
}

/// An offer that others are measured against.
#[derive(Debug, Clone, Copy)]
struct Better<'a> {
    card: &'a str,
    usd: Usd,
    speed: f64,
}

/// Keeps the cheapest of each of the two cheapest cards, cheapest first.
fn take<'a>(cheapest: &mut Vec<Better<'a>>, new: Better<'a>) {
    match cheapest.iter().position(|known| known.card == new.card) {
        // Faster ones came first, so an equal price does not replace.
        Some(place) if cheapest[place].usd <= new.usd => return,
        Some(place) => drop(cheapest.remove(place)),
        None => {}
    }
    let place = cheapest.iter().position(|known| known.usd > new.usd).unwrap_or(cheapest.len());
    cheapest.insert(place, new);
    cheapest.truncate(2);
}

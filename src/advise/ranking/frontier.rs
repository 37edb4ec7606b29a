//! The offers that no other beats in price and speed at once.

use super::offer::Offer;

/// The Pareto frontier of price against decode speed among the offers that run and are sold: for each of them every cheaper
/// or equally cheap offer is slower. Places in `offers`, cheapest first; of equal ones the first.
pub fn frontier<'o, 'a: 'o>(offers: impl IntoIterator<Item = (usize, &'o Offer<'a>)>) -> Vec<usize> {
    let mut points: Vec<(usize, f64, f64)> = offers
        .into_iter()
        .filter_map(|(place, offer)| Some((place, offer.sold_for()?.0, offer.decode()?.expected)))
        .collect();
    points.sort_by(|a, b| a.1.total_cmp(&b.1).then(b.2.total_cmp(&a.2)).then(a.0.cmp(&b.0)));
    let mut fastest = 0.0;
    points.retain(|&(_, _, speed)| {
        let better = speed > fastest;
        if better {
            fastest = speed;
        }
        better
    });
    points.into_iter().map(|(place, _, _)| place).collect()
}

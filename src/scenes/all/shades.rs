//! Sample numbers as shades, and what rounding to fewer bits makes of them: worked out, not drawn by hand.

/// Numbers beside each other in a sample.
pub(super) const SIDE: u32 = 10;
/// Numbers in a row of the sample that is ruled.
pub(super) const WAVE: u32 = 18;
/// How loud its rows are, against the loudest.
const LOUD: [f32; 6] = [1.0, 0.08, 0.5, 0.12, 0.8, 0.05];
/// Bits of a ruled row.
const RULED: u32 = 4;

/// A block of numbers from 0 to 1: a smooth hill, in which steps are seen.
pub(super) fn sample() -> Vec<f32> {
    let at = |place: u32| {
        let (x, y) = ((place % SIDE) as f32 + 0.5, (place / SIDE) as f32 + 0.5);
        let far = (x / SIDE as f32 - 0.38).hypot(y / SIDE as f32 - 0.42);
        (1.0 - far / 0.82).clamp(0.0, 1.0)
    };
    (0..SIDE * SIDE).map(at).collect()
}

/// The same in so many bits: on the nearest of 2^bits steps.
pub(super) fn rounded(numbers: &[f32], bits: u32) -> Vec<f32> {
    // Beyond this many bits no eye sees a step.
    let steps = 2_f32.powi(i32::try_from(bits.clamp(1, 16)).unwrap_or(1)) - 1.0;
    numbers.iter().map(|number| (number * steps).round() / steps).collect()
}

/// Rows of a wave in 4 bits, each shown at full contrast: first with one ruler for all rows, then with one a row.
pub(super) fn ruled() -> (Vec<f32>, Vec<f32>) {
    let wave = |place: u32, row: usize| {
        let angle = (place as f32 / WAVE as f32 + row as f32 * 0.13) * std::f32::consts::TAU;
        0.5 + 0.5 * angle.sin()
    };
    let (mut fixed, mut own) = (Vec::new(), Vec::new());
    for (row, loud) in LOUD.into_iter().enumerate() {
        let numbers: Vec<f32> = (0..WAVE).map(|place| wave(place, row)).collect();
        let quiet: Vec<f32> = numbers.iter().map(|number| number * loud).collect();
        fixed.extend(rounded(&quiet, RULED).into_iter().map(|number| (number / loud).min(1.0)));
        own.extend(rounded(&numbers, RULED));
    }
    (fixed, own)
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shades of 0 to 1, told apart")]
mod tests {
    use super::*;

    fn worst(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn fewer_bits_are_fewer_shades_and_larger_errors() {
        let sample = sample();
        let mut last = 0.0;
        for bits in [8, 4, 3, 2] {
            let rounded = rounded(&sample, bits);
            let mut shades: Vec<u32> = rounded.iter().map(|shade| (shade * 1e6).round() as u32).collect();
            shades.sort_unstable();
            shades.dedup();
            assert!(shades.len() <= 1 << bits, "{bits}: {}", shades.len());
            let error = worst(&sample, &rounded);
            assert!(error > last, "{bits}: {error}");
            last = error;
        }
    }

    #[test]
    fn a_ruler_a_row_keeps_quiet_rows() {
        let (fixed, own) = ruled();
        let quiet = WAVE as usize..2 * WAVE as usize;
        let shades =
            |row: &[f32]| row.iter().map(|shade| (shade * 1e3) as u32).collect::<std::collections::BTreeSet<_>>().len();
        assert!(shades(&fixed[quiet.clone()]) <= 3 && shades(&own[quiet]) > 8);
    }
}

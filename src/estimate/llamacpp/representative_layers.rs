//! Which layers stand for all when a graph is laid out: layers that repeat reuse the same places.

/// What tells a layer from others in the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Class {
    /// Backend of its weights and its cache.
    pub backend: u8,
    /// Backend of its experts.
    pub experts_backend: u8,
    /// Some of its weights are copied to a device for each batch, so their sizes matter.
    pub copied: bool,
    /// The first layer of the same shape (and sizes, where they matter).
    pub alike: u32,
    /// Queries and keys are turned by their position.
    pub turns: bool,
}

/// Which repeats of a run of layers are laid out; further ones reuse the same places.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thinning {
    /// The first so many.
    first: usize,
    /// What is left out is a multiple of this: the places recur only so often.
    period: usize,
    /// Among copied layers, which free all their weights, the first of each size and the last count besides.
    by_size: bool,
}

/// Every layer ends before the next begins.
pub(super) const ATTENTION: Thinning = Thinning { first: 4, period: 1, by_size: true };
/// A recurrent layer's end is only reached within the next, and places alternate.
pub(super) const RECURRENT: Thinning = Thinning { first: 8, period: 12, by_size: false };
/// The longest run of layers that is looked for.
const LONGEST_RUN: usize = 12;

/// Indices that stand for all.
pub(super) fn representative(classes: &[Class], thinning: Thinning) -> Vec<usize> {
    let mut shown = Vec::new();
    let mut at = 0;
    while at < classes.len() {
        let rest = &classes[at..];
        let (mut show, length) = runs(rest, thinning);
        if thinning.by_size && rest[0].copied {
            show.extend(sizes(rest, length));
            show.sort_unstable();
            show.dedup();
        }
        shown.extend(show.into_iter().map(|index| at + index));
        at += length;
    }
    shown
}

/// Of copied layers, which lie in one place up to a point: those that are the first of their size, and the last. Of so
/// many.
fn sizes(classes: &[Class], length: usize) -> impl Iterator<Item = usize> {
    let place = |class: &Class| (class.copied, class.backend, class.experts_backend);
    let placed = classes.iter().take_while(|class| place(class) == place(&classes[0])).count();
    (0..length).filter(move |index| *index + 1 == placed || !classes[..*index].contains(&classes[*index]))
}

/// The first repeats of the run that saves most, or one layer. Gives how many it covers.
fn runs(classes: &[Class], Thinning { first, period, .. }: Thinning) -> (Vec<usize>, usize) {
    let repeats = |run: usize| {
        let one = &classes[..run];
        classes.chunks_exact(run).take_while(|chunk| *chunk == one).count()
    };
    let best = (1..=LONGEST_RUN.min(classes.len()))
        .map(|run| (run * (repeats(run).saturating_sub(first) / period * period), run))
        .max_by_key(|&(saved, run)| (saved, std::cmp::Reverse(run)));
    match best {
        Some((saved, run)) if saved > 0 => ((0..run * first).collect(), run * first + saved),
        _ => (vec![0], 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(alike: u32, copied: bool) -> Class {
        Class { backend: 0, experts_backend: 0, copied, alike, turns: true }
    }

    #[test]
    fn equal_layers_are_shown_four_times() {
        let layers = vec![class(0, false); 80];
        assert_eq!(representative(&layers, ATTENTION), [0, 1, 2, 3], "the rest reuses their places");
    }

    #[test]
    fn a_pattern_is_shown_whole() {
        let layers: Vec<Class> = (0..12).map(|index| class(u32::from(index % 2 == 1), false)).collect();
        assert_eq!(representative(&layers, ATTENTION), [0, 1, 2, 3, 4, 5, 6, 7], "four times two");
    }

    #[test]
    fn copied_layers_are_shown_for_each_size() {
        let sizes = [0, 0, 0, 0, 4, 0, 4, 0, 8, 8];
        let layers: Vec<Class> = sizes.iter().map(|size| class(*size, true)).collect();
        let shown = representative(&layers, ATTENTION);
        assert!([0, 1, 2, 3, 4, 8, 9].iter().all(|index| shown.contains(index)), "four, the new sizes, and the last");
    }
}

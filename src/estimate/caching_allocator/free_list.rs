//! Free blocks in the order in which they are looked for: size, then address. A step has tensors of few sizes and many of each.

/// A block's place in the list of all.
pub(super) type Index = usize;
/// Segment, offset in it, and the block.
pub(super) type Place = (usize, u64, Index);

/// Free blocks.
#[derive(Debug)]
pub(super) struct FreeList {
    /// By size, the smallest first; those of one size from the highest address to the lowest, which is looked for first.
    sizes: Vec<(u64, Vec<Place>)>,
    /// Lists that hold nothing.
    spare: Vec<Vec<Place>>,
}

impl FreeList {
    pub(super) const fn new() -> Self {
        Self { sizes: Vec::new(), spare: Vec::new() }
    }

    /// Those of a size or more, in order.
    pub(super) fn sized_from(&self, size: u64) -> impl Iterator<Item = Index> {
        let from = self.sizes.partition_point(|(other, _)| *other < size);
        let larger = self.sizes.get(from..).unwrap_or_default();
        larger.iter().flat_map(|(_, places)| places.iter().rev().map(|(.., block)| *block))
    }

    pub(super) fn insert(&mut self, size: u64, place: Place) {
        let at = self.sizes.partition_point(|(other, _)| *other < size);
        if let Some((_, places)) = self.sizes.get_mut(at).filter(|(other, _)| *other == size) {
            let at = places.partition_point(|other| *other > place);
            places.insert(at, place);
        } else {
            let mut places = self.spare.pop().unwrap_or_default();
            places.push(place);
            self.sizes.insert(at, (size, places));
        }
    }

    pub(super) fn remove(&mut self, size: u64, place: Place) {
        let Ok(at) = self.sizes.binary_search_by_key(&size, |(other, _)| *other) else { return };
        let places = &mut self.sizes[at].1;
        if let Ok(found) = places.binary_search_by(|other| place.cmp(other)) {
            places.remove(found);
        }
        if places.is_empty() {
            let (_, places) = self.sizes.remove(at);
            self.spare.push(places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_comes_first_and_of_those_the_lowest() {
        let mut free = FreeList::new();
        for (size, place) in [(8, (1, 0, 10)), (4, (2, 0, 11)), (8, (0, 4, 12)), (8, (0, 2, 13)), (9, (0, 0, 14))] {
            free.insert(size, place);
        }
        let from = |free: &FreeList, size| free.sized_from(size).collect::<Vec<_>>();
        assert_eq!(from(&free, 0), [11, 13, 12, 10, 14]);
        assert_eq!(from(&free, 5), [13, 12, 10, 14]);
        free.remove(8, (0, 4, 12));
        free.remove(4, (2, 0, 11));
        assert_eq!(from(&free, 0), [13, 10, 14]);
        assert_eq!(from(&free, 10), [0; 0]);
    }
}

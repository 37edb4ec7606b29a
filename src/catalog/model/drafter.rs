//! Which models may guess tokens for others.

use super::Model;

/// Tokens by which the vocabularies of a model and its drafter may differ (`SPEC_VOCAB_MAX_SIZE_DIFFERENCE` in
/// common/speculative.cpp of llama.cpp 0c1e57098).
const OTHER_TOKENS: u64 = 128;
/// A drafter takes at most this part of the model, or guessing takes as long as it saves.
const DRAFTER_PART: u64 = 4;

impl Model {
    /// Whether this guesses tokens for `model`: it is of the same family, speaks of the same tokens and is much smaller.
    pub fn drafts_for(&self, model: &Self) -> bool {
        let sizes = self.total_parameters.zip(model.total_parameters);
        self.family == model.family
            && self.vocab_size.abs_diff(model.vocab_size) <= OTHER_TOKENS
            && sizes.is_some_and(|(own, whole)| own.saturating_mul(DRAFTER_PART) <= whole)
    }
}

//! From figures to one of five words.

use super::{Basis, FileRecipe, LossWord, Measure, QualityLoss, QualityTable, QuantizedPart, SizeClass, Summary};

/// A median counts in full from so many rows on ...
const ENOUGH_ROWS: u32 = 3;
/// ... of so many models.
const ENOUGH_MODELS: u32 = 2;

/// The loss of `method` on models of `size`.
///
/// Where nothing of that size was measured, a sound word for the next smaller size stands in, doubted: smaller models
/// lose more, so it errs on the careful side. Larger ones never stand in, nor does anything for KV caches, whose error
/// grows with the context rather than falls with the size.
pub(super) fn loss(table: &QualityTable, method: QuantizedPart, size: SizeClass) -> Option<QualityLoss> {
    if method.is_reference() {
        return Some(QualityLoss { word: LossWord::None, basis: Basis::Reference });
    }
    if let Some(own) = measured(table, method, size) {
        return Some(own);
    }
    let smaller = size.smaller().filter(|_| matches!(method, QuantizedPart::Weights(_)))?;
    measured(table, method, smaller)
        .filter(|it| it.basis == Basis::Measured)
        .map(|it| QualityLoss { basis: Basis::OtherSize(smaller), ..it })
}

/// The worse word of perplexity and task scores, of those with enough rows; where neither has, the worse of both,
/// doubted.
fn measured(table: &QualityTable, method: QuantizedPart, size: SizeClass) -> Option<QualityLoss> {
    let whole = || table.of(method, size).filter(|it| counts(it, table));
    let worst = |enough: bool| whole().filter(|it| !enough || is_enough(it)).filter_map(word).max();
    worst(true)
        .map(|word| QualityLoss { word, basis: Basis::Measured })
        .or_else(|| worst(false).map(|word| QualityLoss { word, basis: Basis::FewRows }))
}

/// Whether a line stands for itself and is not a part of one that says it all.
fn counts(it: &Summary, table: &QualityTable) -> bool {
    it.recipe == FileRecipe::All
        || !table.of(it.method, it.size).any(|other| other.measure == it.measure && other.recipe == FileRecipe::All)
}

const fn is_enough(it: &Summary) -> bool {
    it.rows >= ENOUGH_ROWS && it.models >= ENOUGH_MODELS
}

/// The word of one median; divergence and equal tokens are for reading, not for the word.
fn word(it: &Summary) -> Option<LossWord> {
    let limits = match it.measure {
        Measure::Perplexity => [0.5, 2.0, 6.0, 20.0],
        Measure::TaskScore => [0.5, 2.0, 5.0, 15.0],
        Measure::Divergence | Measure::SameToken => return None,
    };
    let words = [LossWord::None, LossWord::Small, LossWord::Noticeable, LossWord::Marked];
    let found = words.into_iter().zip(limits).find(|(_, limit)| it.median < *limit);
    Some(found.map_or(LossWord::Severe, |(word, _)| word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::quantization::{KvPrecision, Quantization};

    /// Lines of the study's own table: method, then the word for each size; `-` = nothing was measured.
    const STUDY: &str = "
        Q8_0    none? none none? none?
        Q6_K    - none none? none
        Q5_K_M  - small none? small?
        Q4_K_M  - small small? noticeable?
        Q4_K_S  noticeable? small small? noticeable?
        IQ4_XS  noticeable? small small marked?
        Q4_0    marked? noticeable noticeable noticeable?
        Q3_K_M  - noticeable noticeable? marked?
        Q3_K_S  - marked noticeable? marked
        IQ3_XXS - marked noticeable? severe?
        Q2_K    severe? severe marked? marked
        IQ2_XXS - severe severe? severe?
        fp8     - none none none
        int8    - small small small
        gptq    marked noticeable noticeable small
        awq     noticeable noticeable small small
        int4    severe noticeable small? none
        nf4     noticeable? small small? none?
        nvfp4   - noticeable small none?
    ";

    fn spelled(loss: Option<QualityLoss>) -> String {
        let Some(loss) = loss else { return "-".to_owned() };
        format!("{:?}{}", loss.word, if loss.is_doubtful() { "?" } else { "" }).to_lowercase()
    }

    #[test]
    fn words_are_those_of_the_study() {
        let sizes = [SizeClass::Under4B, SizeClass::From4To15B, SizeClass::From15To50B, SizeClass::Over50B];
        for line in STUDY.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let mut parts = line.split_whitespace();
            let method = QuantizedPart::Weights(parts.next().unwrap().parse().unwrap());
            for (size, expected) in sizes.into_iter().zip(parts) {
                assert_eq!(spelled(measured(QualityTable::built_in(), method, size)), expected, "{line}: {size:?}");
            }
        }
    }

    #[test]
    fn only_smaller_models_stand_in_and_never_for_caches() {
        let table = QualityTable::built_in();
        let of = |method, size| loss(table, method, size);
        let weights = QuantizedPart::Weights(Quantization::IQ3_S);
        assert_eq!(of(weights, SizeClass::From15To50B).unwrap().basis, Basis::OtherSize(SizeClass::From4To15B));
        assert_eq!(of(weights, SizeClass::Under4B), None, "nothing stands in for the smallest");
        assert_eq!(of(QuantizedPart::KvCache(KvPrecision::q8_0), SizeClass::Over50B), None);
        assert_eq!(of(QuantizedPart::Weights(Quantization::TQ1_0), SizeClass::Over50B), None);
    }

    #[test]
    fn a_rotated_cache_and_a_plain_one_give_the_worse_word() {
        let loss = |size| loss(QualityTable::built_in(), QuantizedPart::KvCache(KvPrecision::q4_0), size);
        assert_eq!(loss(SizeClass::From15To50B).unwrap().word, LossWord::Marked);
        assert_eq!(loss(SizeClass::From4To15B).unwrap().word, LossWord::Noticeable);
    }

    #[test]
    fn full_precision_loses_nothing() {
        let loss =
            loss(QualityTable::built_in(), QuantizedPart::KvCache(KvPrecision::f16), SizeClass::Over50B).unwrap();
        assert_eq!((loss.word, loss.basis), (LossWord::None, Basis::Reference));
    }
}

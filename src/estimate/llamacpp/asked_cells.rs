//! The caches that a workload asks for, and what of them the engine refuses.

use crate::catalog::model::Model;
use crate::catalog::quantization::KvPrecision;
use crate::estimate::limits::MOST_CELLS;
use crate::estimate::{EstimateError, Refusal};
use crate::model::block_type::BlockType;
use crate::model::cache::Cells;
use crate::plan::Workload;

/// The caches of a workload, or what the engine would refuse.
pub(super) fn cells(workload: &Workload, model: &Model) -> Result<Cells, EstimateError> {
    if workload.context.saturating_mul(u64::from(workload.sequences)) > MOST_CELLS {
        return Err(Refusal::TooManyCells.into());
    }
    let block = |precision: KvPrecision| precision.block_type().ok_or(Refusal::Fp8Cache);
    let (key, value) = (block(workload.kv_cache.k)?, block(workload.kv_cache.v)?);
    if value.is_quantized() && !workload.flash_attention {
        return Err(Refusal::QuantizedValues.into());
    }
    if (model.mla.is_some() || model.compressed.is_some()) && key != value {
        return Err(Refusal::OneCacheType.into());
    }
    let fits = |block: BlockType, head: u64| !block.is_quantized() || model.mla.is_some() || block.divides(head);
    if !fits(key, model.head_dim) || !fits(value, model.v_head_dim.unwrap_or(model.head_dim)) {
        return Err(Refusal::HeadSize.into());
    }
    Ok(Cells::of(workload, key, value))
}

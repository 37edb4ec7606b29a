//! Whether a card computes in the precision that weights are stored in.

use crate::catalog::card::Card;
use crate::catalog::quantization::Quantization;

/// Whether `card` has an arithmetic rate for the numbers that these weights are multiplied as, without widening them
/// first.
///
/// Plain formats are multiplied as what they are. llama.cpp multiplies the blocks of its quantized types as 8-bit
/// integers (`mmq` and `mmvq` of its CUDA code quantize the other side to `q8_1`); MXFP4 and NVFP4 ask for FP4.
/// 4-bit integers of servers (AWQ, GPTQ, NF4) are widened to 16 bits on every card, so they ask for FP16.
pub fn runs_natively(card: &Card, quantization: Quantization) -> bool {
    use Quantization as Q;
    let rates = &card.rates;
    let rate = match quantization {
        Q::F32 | Q::fp32 => rates.fp32,
        Q::BF16 | Q::bf16 => rates.bf16,
        Q::F16 | Q::fp16 | Q::int4 | Q::awq | Q::gptq | Q::nf4 => rates.fp16.or(rates.fp16_vector),
        Q::fp8 => rates.fp8,
        Q::MXFP4_MOE | Q::mxfp4 | Q::nvfp4 => rates.fp4,
        _ => rates.int8,
    };
    rate.is_some()
}

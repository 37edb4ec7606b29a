//! The graph of the layer that predicts a further token: its own block behind what joins the last token's embedding and
//! the model's result before it (`graph_mtp` in `src/models/qwen35.cpp` and `glm4-moe.cpp` of llama.cpp 0c1e57098).

use super::{Block, Frame, Weight, end, inputs};
use crate::model::graph::{F32, Graph, I32, shape};
use crate::model::tensor::TensorKind as K;

/// Builds the graph of `block` with the embedding on the CPU and the output matrix on `output_backend`.
pub(crate) fn build_ahead(graph: &mut Graph, frame: &Frame, block: &Block<'_>, output: (&[Weight], u8)) {
    graph.clear();
    let (tokens, hidden) = (frame.tokens, frame.hidden);
    let row = shape(hidden, tokens, 1);
    // An embedding of its own lies with the layer.
    let own = block.weights.iter().any(|weight| weight.kind == K::NextnEmbedTokens);
    let table = graph.weight(0, if own { block.backend } else { frame.cpu });
    let token_ids = graph.input(shape(tokens, 1, 1), I32);
    let embedded = graph.get_rows(row, table, token_ids);
    let result = graph.input(row, F32);
    let mut builder = inputs(graph, frame, std::slice::from_ref(block), token_ids);
    let out_ids = builder.out_ids;
    let result = builder.norm(result, block, K::NextnHnorm);
    let embedded = builder.norm(embedded, block, K::NextnEnorm);
    let joined = builder.graph.compute(shape(2 * hidden, tokens, 1), &[embedded, result]);
    let x = builder.matmul(block, K::NextnEhProj, joined, hidden);
    let x = builder.block(x, block, None);
    let x = builder.norm(x, block, K::NextnSharedHeadNorm);
    let x = builder.handed_out(x, out_ids);
    let logits = if block.weights.iter().any(|weight| weight.kind == K::NextnSharedHeadHead) {
        builder.matmul(block, K::NextnSharedHeadHead, x, frame.vocabulary)
    } else {
        builder.matmul(&end(block.index + 1, output), K::Output, x, frame.vocabulary)
    };
    builder.graph.expand(logits);
}

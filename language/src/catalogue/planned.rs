//! Functions that the language has and nothing executes yet. A script that
//! calls one is told so when it is checked, before a model is loaded.

/// Whether `name` is a function of the language that cannot be executed yet.
pub fn is_planned(name: &str) -> bool {
    PLANNED.binary_search(&name).is_ok()
}

/// Sorted, so that a look-up can halve it.
const PLANNED: &[&str] = &[
    "abs", "adam", "adamw", "add", "aggregate_neighbors", "all", "any", "apply_causal_mask", "apply_mask",
    "arange", "argmin", "assert_about_eq", "attention", "attention_with_cache", "backward",
    "batch_norm", "binary_cross_entropy", "ceil", "chunk", "cleanup", "clear", "cndl_load_gguf_tensor",
    "cndl_load_model_safetensor", "cndl_rope", "cndl_silu", "combine_masks", "complex_score", "compute_hits_at_k",
    "compute_mean_rank", "compute_mrr", "compute_rank", "concat_strings", "cos", "cosine", "create_cache",
    "detokenize_incremental", "detokenize_single", "distmult_score", "div", "dropout", "entity_dim",
    "entity_onehot", "exp", "exponential", "flatten", "floor", "from_array", "from_vec",
    "fused_add_relu", "fused_affine", "fused_gelu_linear", "fused_mul_relu", "gather", "gelu", "generate",
    "get_metal_device", "get_weight", "graph_attention", "index_select", "int_to_tokenids", "is_finite",
    "layer_norm", "learnable", "load", "load_f16", "load_f32", "load_weight_cache_f16", "load_weight_cache_f32",
    "load_weight_cache_gguf_f16", "load_weight_cache_gguf_f32", "log", "margin_ranking_loss", "maximum", "minimum",
    "mul", "new_tensor_buffer", "norm", "normalize_features", "numel", "padding_mask", "permute", "pop",
    "positional_encoding", "pow", "precompute_rope_cos", "precompute_rope_sin", "predict_head_complex",
    "predict_head_distmult", "predict_head_transe", "predict_tail_complex", "predict_tail_distmult",
    "predict_tail_transe", "print_top_k", "push", "rand", "random_normal", "rank", "relational_aggregate", "relu",
    "repeat_kv", "round", "sample", "sample_top_k", "save", "scatter", "set_lr", "sgd", "sin",
    "split", "sqrt", "squeeze", "step", "string", "string_length", "string_substring", "sub", "tan",
    "tanh", "temperature", "tensor", "top_k", "top_p", "top_p_sample", "transe_score", "unsqueeze", "vec", "where",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planned_names_are_sorted_and_not_declared() {
        assert!(PLANNED.is_sorted());
        for name in PLANNED {
            assert!(super::super::find(name).is_none(), "`{name}` is declared and planned");
        }
    }
}

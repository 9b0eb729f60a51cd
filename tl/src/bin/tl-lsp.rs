//! `tl-lsp`: TensorLogic in the editor.

fn main() {
    tensorlogic_tl::tl_lsp()
}

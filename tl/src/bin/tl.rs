//! `tl`: TensorLogic on the command line.

fn main() {
    tensorlogic_tl::tl()
}

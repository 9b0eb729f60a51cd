//! Compiles the generated parser and the external scanner.

use std::path::Path;

fn main() {
    let sources = Path::new("src");

    let mut build = cc::Build::new();
    build.std("c11").include(sources);
    if std::env::var("TARGET").is_ok_and(|target| target.contains("msvc")) {
        build.flag("-utf-8");
    }
    for name in ["parser.c", "scanner.c"] {
        let path = sources.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        build.file(path);
    }
    // The generated parser leaves some of its parameters unused.
    build.warnings(false);
    build.compile("tree-sitter-tensorlogic");
}

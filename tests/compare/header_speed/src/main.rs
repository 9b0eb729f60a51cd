//! How long the index of a model takes beside reading the same bytes.
//!
//!     bash tests/compare/header_speed.sh
//!
//! The header is that of a model of 32 layers with 291 tensors, 128,000 tokens
//! and their merges, 280,000 texts in all. It is in the system's cache. Behind
//! Criterion's figures stands the ratio of both, from runs in turn; the bound
//! is 2.5.

use std::error::Error;
use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::Instant;

use criterion::Criterion;
use tensorlogic_language::files::{Disk, Files};
use tensorlogic_language::gguf::{GgmlType, Llama};
use tensorlogic_language::weights::{Index, open};

/// The index may take this many times as long as reading its bytes.
const BOUND: f64 = 2.5;

const SIZES: Llama = Llama {
    layers: 32,
    embedding: 4096,
    heads: 32,
    kv_heads: 8,
    feed_forward: 14_336,
    vocabulary: 128_000,
    context: 8192,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let path = std::env::temp_dir().join(format!("tl-header-{}.gguf", std::process::id()));
    let draft = SIZES.draft(GgmlType::Q4_K).set("tokenizer.ggml.merges", merges(152_000));
    draft.save(&path)?;
    let length = draft.header().len();
    println!("{} tensors, a header of {length} bytes", index(&path)?.tensors().len());

    let mut criterion = Criterion::default().configure_from_args();
    criterion.bench_function("read", |bench| bench.iter(|| read(&path, length)));
    criterion.bench_function("index", |bench| bench.iter(|| index(&path)));
    criterion.final_summary();

    let ratio = median_ratio(&path, length)?;
    std::fs::remove_file(&path)?;
    println!("the index takes {ratio:.2} times as long as reading its bytes; the bound is {BOUND}");
    if ratio <= BOUND { Ok(()) } else { Err("it takes too long".into()) }
}

fn merges(count: usize) -> Vec<&'static str> {
    const PAIRS: [&str; 4] = ["Ġ t", "in g", "Ġhous es", "Ġunder standing"];
    PAIRS.into_iter().cycle().take(count).collect()
}

fn read(path: &Path, length: usize) -> Outcome<Vec<u8>> {
    let mut bytes = vec![0; length];
    Disk.open(path)?.read_exact(&mut bytes)?;
    Ok(black_box(bytes))
}

fn index(path: &Path) -> Outcome<Index> {
    Ok(black_box(open(&Disk, path)?))
}

/// The median of the ratios of neighbouring runs.
fn median_ratio(path: &Path, length: usize) -> Outcome<f64> {
    let mut ratios = Vec::new();
    for _ in 0..301 {
        let started = Instant::now();
        index(path)?;
        let indexed = Instant::now();
        read(path, length)?;
        ratios.push((indexed - started).as_secs_f64() / indexed.elapsed().as_secs_f64());
    }
    ratios.sort_by(f64::total_cmp);
    Ok(ratios[ratios.len() / 2])
}

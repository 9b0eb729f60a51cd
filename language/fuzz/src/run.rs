//! Tries changed headers for some time, with any compiler.
//!
//!     run MINUTES [--seed N]
//!
//! Each try changes a sound header in one to eight places: bits, numbers at their
//! limits, bytes taken away or put in. A run repeats with its seed. The first
//! panic ends it.

use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (minutes, seed) = match words[..] {
        [minutes] => (minutes.parse::<f64>(), Ok(std::time::UNIX_EPOCH.elapsed().map_or(1, |since| since.as_secs()))),
        [minutes, "--seed", seed] => (minutes.parse(), seed.parse()),
        _ => return usage(),
    };
    let (Ok(minutes), Ok(seed)) = (minutes, seed) else { return usage() };
    println!("seed {seed}");
    let mut random = Random(seed);
    let seeds = fuzz::seeds();
    let end = Instant::now() + Duration::from_secs_f64(minutes * 60.0);
    let (mut tries, mut indexed) = (0u64, 0u64);
    while Instant::now() < end {
        let (bytes, size) = &seeds[random.below(seeds.len())];
        let mut bytes = bytes.clone();
        for _ in 0..1 + random.below(8) {
            change(&mut bytes, &mut random);
        }
        indexed += u64::from(fuzz::check(&bytes, *size));
        tries += 1;
    }
    println!("{tries} headers, {indexed} of them indexed, the others refused");
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: run MINUTES [--seed N]");
    ExitCode::from(2)
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    const LIMITS: [u64; 8] = [0, 1, 0x7fff_ffff, 1 << 32, 1 << 40, i64::MAX as u64, u64::MAX - 31, u64::MAX];
    // Most of what decides stands at the beginning.
    let near = if random.below(2) == 0 { bytes.len().min(400) } else { bytes.len() };
    let at = random.below(near);
    let end = (at + 1 + random.below(24)).min(bytes.len());
    match random.below(5) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        1 => {
            let number = LIMITS[random.below(LIMITS.len())].to_le_bytes();
            bytes.iter_mut().skip(at).zip(number).for_each(|(byte, new)| *byte = new);
        }
        2 => drop(bytes.drain(at..end)),
        3 => {
            let copy = bytes[at..end].to_vec();
            bytes.splice(at..at, copy);
        }
        _ => bytes.iter_mut().skip(at).take(4).for_each(|byte| *byte = byte.wrapping_add(1)),
    }
}

/// A generator of random numbers: splitmix64.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound.max(1) as u64) as usize
    }
}

//! Changed headers of weight files. Each try changes a sound header in one to eight
//! places: bits, numbers at their limits, bytes taken away or put in.

use std::time::Instant;

use fuzz::{Random, header};

/// Tries headers until `end`.
pub fn run(end: Instant, random: &mut Random) {
    let seeds = header::seeds();
    let (mut tries, mut indexed) = (0u64, 0u64);
    while Instant::now() < end {
        let (bytes, size) = &seeds[random.below(seeds.len())];
        let mut bytes = bytes.clone();
        for _ in 0..1 + random.below(8) {
            change(&mut bytes, random);
        }
        indexed += u64::from(header::check(&bytes, *size));
        tries += 1;
    }
    println!("{tries} headers, {indexed} of them indexed, the others refused");
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

//! The run's one stream of random numbers: ChaCha8 on the host, so that a seed
//! gives the same numbers on every device.

use std::hash::{BuildHasher, Hasher, RandomState};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of random numbers and where it started.
#[derive(Clone, Debug)]
pub struct RandomStream {
    generator: ChaCha8Rng,
    seed: u64,
    /// The second of the two normals that one pair of uniforms gives.
    spare: Option<f64>,
}

impl RandomStream {
    /// The stream of a seed.
    pub fn from_seed(seed: u64) -> RandomStream {
        RandomStream { generator: ChaCha8Rng::seed_from_u64(seed), seed, spare: None }
    }

    /// A stream that starts where the system's randomness says.
    pub fn from_system() -> RandomStream {
        // The standard library seeds its hashers from the system. 32 bits are
        // easy to copy from a report and to pass to `--seed`.
        let mut hasher = RandomState::new().build_hasher();
        hasher.write_u64(0);
        RandomStream::from_seed(hasher.finish() >> 32)
    }

    /// Where the stream started.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// A number from 0 up to 1, which is not reached: 53 random bits.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1u64 << 53) as f64;
        (self.generator.next_u64() >> 11) as f64 * STEP
    }

    /// A number from the normal distribution of mean 0 and deviation 1, by Box
    /// and Muller.
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        // From (0, 1], so that the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.uniform();
        self.spare = Some(radius * angle.sin());
        radius * angle.cos()
    }

    /// An index drawn by its weight: the first one at which the sum of the
    /// weights exceeds a uniform share of the whole sum. Weights are finite and
    /// not negative; `None` where their sum is 0.
    pub fn index(&mut self, weights: &[f64]) -> Option<usize> {
        let total: f64 = weights.iter().sum();
        if total <= 0.0 {
            return None;
        }
        let target = self.uniform() * total;
        let mut sum = 0.0;
        for (index, weight) in weights.iter().enumerate() {
            sum += weight;
            if sum > target {
                return Some(index);
            }
        }
        // Rounding may leave the target at the whole sum.
        weights.iter().rposition(|weight| *weight > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_repeat() {
        let draw = |seed: u64| {
            let mut stream = RandomStream::from_seed(seed);
            (0..4).map(|_| stream.uniform()).collect::<Vec<f64>>()
        };
        assert_eq!(draw(7), draw(7));
        assert_ne!(draw(7), draw(8));
        // The stream is part of what a seed promises.
        assert_eq!(RandomStream::from_seed(0).uniform(), 0.7090754154265618);
        assert!((0..1000).all(|seed| (0.0..1.0).contains(&RandomStream::from_seed(seed).uniform())));
    }

    #[test]
    fn normals_have_their_moments() {
        let mut stream = RandomStream::from_seed(1);
        let all: Vec<f64> = (0..100_000).map(|_| stream.normal()).collect();
        let mean = all.iter().sum::<f64>() / all.len() as f64;
        let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / all.len() as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn indices_follow_their_weights() {
        let mut stream = RandomStream::from_seed(2);
        let mut counts = [0; 4];
        for _ in 0..100_000 {
            counts[stream.index(&[1.0, 0.0, 3.0, 6.0]).unwrap()] += 1;
        }
        let close = |count: i32, share: f64| (f64::from(count) - share * 100_000.0).abs() < 700.0;
        assert!(
            close(counts[0], 0.1) && counts[1] == 0 && close(counts[2], 0.3) && close(counts[3], 0.6),
            "{counts:?}"
        );
        assert_eq!(stream.index(&[0.0, 0.0]), None);
        assert_eq!(stream.index(&[0.0, 1e-300]), Some(1));
    }
}

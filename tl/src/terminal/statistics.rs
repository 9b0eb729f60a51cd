//! The figures of `--stats`.

use tensorlogic_runtime::device::Device;
use tensorlogic_runtime::run::Outcome;

use crate::execution::Timing;

/// The figures of a run, one a line.
pub fn text(timing: &Timing, outcome: &Outcome, device: &Device) -> String {
    let mut lines = vec![("device", device.description())];
    if let Some(first) = timing.first_token {
        lines.push(("time to first token", seconds(first.duration_since(timing.started).as_secs_f64())));
    }
    lines.push(("tokens", timing.tokens.to_string()));
    if let (Some(first), Some(last), true) = (timing.first_token, timing.last_token, timing.tokens > 1) {
        let speed = (timing.tokens - 1) as f64 / last.duration_since(first).as_secs_f64().max(1e-9);
        lines.push(("tokens per second", format!("{speed:.1}, after the first")));
    }
    lines.push(("total time", seconds(timing.started.elapsed().as_secs_f64())));
    lines.push(("seed", outcome.seed.to_string()));
    if let Some(bytes) = peak_memory() {
        lines.push(("peak memory", format!("{:.1} MiB", bytes as f64 / (1024.0 * 1024.0))));
    }
    lines.iter().map(|(name, value)| format!("{name:<20} {value}\n")).collect()
}

fn seconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.1} ms", seconds * 1e3) } else { format!("{seconds:.2} s") }
}

/// The most memory this process has held at once, in bytes, where the system
/// tells it.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

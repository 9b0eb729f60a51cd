//! The same script on a GPU and on the processor. `TL_WGPU` names an
//! executable that was built with the cargo feature `wgpu`; `tests/check.sh`
//! makes one. A software adapter will do.

use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Failed, Trial};

use crate::numbers::{TOKENS, distance, logits};
use crate::{Trials, folders, models, tool};

/// How far the logits of two devices may lie apart.
const BOUND: f64 = 1e-3;

type Check = Box<dyn FnOnce(&Path) -> Result<(), Failed> + Send>;

/// One trial for each model and question; without `TL_WGPU` all are ignored.
pub fn trials() -> Trials {
    let executable = std::env::var_os("TL_WGPU").map(|path| folders::root().join(path));
    let kind = if executable.is_some() { "wgpu" } else { "no TL_WGPU" };
    let trial = |name: String, check: Check| {
        let executable = executable.clone();
        let ignored = executable.is_none();
        let run = move || check(&executable.ok_or("TL_WGPU names no executable")?);
        Trial::test(format!("devices: {name}"), run).with_kind(kind).with_ignored_flag(ignored)
    };
    let mut trials = vec![
        trial("the adapter is named".into(), Box::new(adapter)),
        trial("chat.tl tells the same story on the GPU".into(), Box::new(same_story)),
    ];
    for kind in ["f32", "f16", "q8_0", "q4_0"] {
        let name = format!("logits of a random {kind} model agree within {BOUND}");
        trials.push(trial(name, Box::new(move |executable| same_logits(executable, &models::random(kind, 1)?))));
    }
    for kind in models::SHIPPED {
        let name = format!("logits of stories-{kind} agree within {BOUND}");
        trials.push(trial(name, Box::new(move |executable| same_logits(executable, &models::shipped(kind)))));
    }
    Ok(trials)
}

fn same_logits(executable: &Path, model: &Path) -> Result<(), Failed> {
    let cpu = logits(tool::prepared(executable), model, &TOKENS, "cpu")?;
    let gpu = logits(tool::prepared(executable), model, &TOKENS, "wgpu")?;
    let distance = distance(&gpu, &cpu)?;
    if distance <= BOUND { Ok(()) } else { Err(format!("the logits differ by {distance:.2e}").into()) }
}

fn adapter(executable: &Path) -> Result<(), Failed> {
    let script: PathBuf = folders::scratch()?.join("one.tl");
    std::fs::write(&script, "main { print(sum([1.5, 2])) }")?;
    let mut command = tool::prepared(executable);
    let finished = tool::finish(command.args(["run", "--device", "wgpu", "--stats"]).arg(script))?.expect_code(0)?;
    if finished.output != "3.5\n" || !finished.errors.contains("wgpu: ") {
        return Err(finished.describe().into());
    }
    Ok(())
}

fn same_story(executable: &Path) -> Result<(), Failed> {
    let story = |device: &str| {
        let mut command: Command = tool::prepared(executable);
        let words = ["run", "--device", device, "examples/chat.tl", "--", "--tokens", "40"];
        tool::finish(command.args(words))?.expect_code(0)
    };
    let (cpu, gpu) = (story("cpu")?, story("wgpu")?);
    if cpu.output == gpu.output { Ok(()) } else { Err(format!("{}\n{}", cpu.output, gpu.output).into()) }
}

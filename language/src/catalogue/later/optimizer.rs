//! Optimizers and schedulers: what `learn` changes its parameters and its learning
//! rate by. Their arguments are numbers that the text spells.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::operands::number;
use crate::shape::Mismatch;

/// Whether a name is that of an optimizer or a scheduler.
pub fn is_one(name: &str) -> bool {
    ENTRIES.iter().any(|entry| entry.name == name)
}

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "sgd",
        spellings: &[],
        parameters: &[
            Parameter::optional("lr", Accepts::Number, "0.01"),
            Parameter::optional("momentum", Accepts::Number, "0"),
            Parameter::optional("nesterov", Accepts::Boolean, "false"),
            Parameter::optional("weight_decay", Accepts::Number, "0"),
        ],
        result: "an Optimizer",
        summary: "Stochastic gradient descent: w - lr · g, with momentum where it is asked for.",
        documentation: "With g = gradient + weight_decay · w and b = momentum · b + g (at first b = g) the step is w - lr · b, or w - lr · (g + momentum · b) under `nesterov`. <https://proceedings.mlr.press/v28/sutskever13.html>",
        example: "tensor w: float32[1] learnable = [3.0]\nmain {\n    learn { objective: sum(w * w), optimizer: sgd(lr = 0.5), epochs: 1 }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| optimizer("sgd", &["lr", "momentum", "", "weight_decay"], a),
    },
    Entry {
        name: "adam",
        spellings: &[],
        parameters: &[LR, BETA1, BETA2, EPS, Parameter::optional("weight_decay", Accepts::Number, "0")],
        result: "an Optimizer",
        summary: "Adam: every parameter by its own rate, from running means of its gradient and the square of it.",
        documentation: "With g = gradient + weight_decay · w, m = beta1 · m + (1 - beta1) · g and v = beta2 · v + (1 - beta2) · g², the step t is w - lr · m̂ / (√v̂ + eps) with m̂ = m / (1 - beta1ᵗ) and v̂ = v / (1 - beta2ᵗ). <https://arxiv.org/abs/1412.6980>",
        example: "tensor w: float32[1] learnable = [0.0]\nmain {\n    learn { objective: sum(w * w), optimizer: adam(lr = 0.1), epochs: 5 }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| optimizer("adam", &["lr", "beta1", "beta2", "eps", "weight_decay"], a),
    },
    Entry {
        name: "adamw",
        spellings: &[],
        parameters: &[LR, BETA1, BETA2, EPS, Parameter::optional("weight_decay", Accepts::Number, "0.01")],
        result: "an Optimizer",
        summary: "Adam with weight decay that does not pass through its means.",
        documentation: "The step is that of `adam` without decay, and w - lr · weight_decay · w before it. <https://arxiv.org/abs/1711.05101>",
        example: "tensor w: float32[1] learnable = [0.0]\nmain {\n    learn { objective: sum(w * w), optimizer: adamw(lr = 0.1, weight_decay = 0.1), epochs: 5 }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| optimizer("adamw", &["lr", "beta1", "beta2", "eps", "weight_decay"], a),
    },
    Entry {
        name: "step",
        spellings: &[],
        parameters: &[
            Parameter::optional("step_size", Accepts::Integer, "10"),
            Parameter::optional("gamma", Accepts::Number, "0.1"),
        ],
        result: "a Scheduler",
        summary: "Multiplies the learning rate by gamma after every `step_size` epochs.",
        documentation: "",
        example: "tensor w: float32[1] learnable = [3.0]\nmain {\n    learn { objective: sum(w * w), optimizer: sgd(lr = 0.5), epochs: 1, scheduler: step(step_size = 5) }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| {
            number("step", (0, "step_size", "a count above 0"), a, |n| n >= 1.0)?;
            scheduler("step", (1, "gamma"), a)
        },
    },
    Entry {
        name: "exponential",
        spellings: &[],
        parameters: &[Parameter::optional("gamma", Accepts::Number, "0.95")],
        result: "a Scheduler",
        summary: "Multiplies the learning rate by gamma after every epoch.",
        documentation: "",
        example: "tensor w: float32[1] learnable = [3.0]\nmain {\n    learn { objective: sum(w * w), optimizer: sgd(lr = 0.5), epochs: 1, scheduler: exponential() }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| scheduler("exponential", (0, "gamma"), a),
    },
    Entry {
        name: "cosine",
        spellings: &[],
        parameters: &[
            Parameter::optional("t_max", Accepts::Integer, "epochs"),
            Parameter::optional("eta_min", Accepts::Number, "0"),
        ],
        result: "a Scheduler",
        summary: "Lets the learning rate fall along half a cosine to `eta_min`, and anew every `t_max` epochs.",
        documentation: "eta_min + (lr - eta_min) · (1 + cos(π · (t mod t_max) / t_max)) / 2 in epoch t. <https://arxiv.org/abs/1608.03983>",
        example: "tensor w: float32[1] learnable = [3.0]\nmain {\n    learn { objective: sum(w * w), optimizer: sgd(lr = 0.5), epochs: 1, scheduler: cosine(eta_min = 0.01) }\n    print(w)\n}",
        prints: "[0]",
        rule: |a| {
            number("cosine", (0, "t_max", "a count above 0"), a, |n| n >= 1.0)?;
            scheduler("cosine", (1, "eta_min"), a)
        },
    },
];

const LR: Parameter = Parameter::optional("lr", Accepts::Number, "0.001");
const BETA1: Parameter = Parameter::optional("beta1", Accepts::Number, "0.9");
const BETA2: Parameter = Parameter::optional("beta2", Accepts::Number, "0.999");
const EPS: Parameter = Parameter::optional("eps", Accepts::Number, "1e-8");

/// No setting is negative, and what a running mean keeps is less than all.
fn optimizer(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    for (slot, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        match *name {
            "beta1" | "beta2" | "momentum" => {
                let expected = "a number from 0 to below 1";
                number(function, (slot, name, expected), arguments, |x| (0.0..1.0).contains(&x))?;
            }
            _ => number(function, (slot, name, "a number of at least 0"), arguments, |x| x >= 0.0)?,
        }
    }
    Ok(Fact::Handle(HandleKind::Optimizer))
}

fn scheduler(function: &str, (slot, name): (usize, &str), arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    number(function, (slot, name, "a number of at least 0"), arguments, |x| x >= 0.0)?;
    Ok(Fact::Handle(HandleKind::Scheduler))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    fn check(name: &str, named: &[(&str, Fact)], expected: Result<HandleKind, &str>) {
        let entry = crate::catalogue::find(name).unwrap().entry();
        let names: Vec<Option<&str>> = named.iter().map(|(name, _)| Some(*name)).collect();
        let assigned = entry.assign(&names).unwrap();
        let found = entry.infer(&assigned, named.iter().map(|(_, fact)| fact.clone()).collect());
        let found = found.map_err(|mismatch| {
            assert_eq!(mismatch.code, Code::ArgumentType);
            mismatch.message
        });
        assert_eq!(found, expected.map(Fact::Handle).map_err(String::from));
    }

    #[test]
    fn settings_have_their_bounds() {
        check("sgd", &[("lr", Fact::float(0.1)), ("nesterov", Fact::Boolean(Some(true)))], Ok(HandleKind::Optimizer));
        check("step", &[("gamma", Fact::float(0.5))], Ok(HandleKind::Scheduler));
        let message = "`adam` needs a number of at least 0 for `lr`, found -0.1";
        check("adam", &[("lr", Fact::float(-0.1))], Err(message));
        let message = "`adamw` needs a number from 0 to below 1 for `beta2`, found 1";
        check("adamw", &[("beta2", Fact::int(1))], Err(message));
    }

    #[test]
    fn unknown_settings_are_told() {
        let entry = crate::catalogue::find("sgd").unwrap().entry();
        let message = "`sgd` has no parameter `rate`; it has `lr`, `momentum`, `nesterov`, `weight_decay`";
        assert_eq!(entry.assign(&[Some("rate")]).unwrap_err().message, message);
    }
}

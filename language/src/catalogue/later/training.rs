//! Training: gradients and the steps that follow them. `learn` does the same with
//! an objective, an optimizer and a number of epochs.

use crate::catalogue::entry::{Accepts, Bound, Entry, Parameter};
use crate::catalogue::fact::{Fact, HandleKind};
use crate::catalogue::operands::{like_first, number, one_shape};
use crate::catalogue::rules::common_element;
use crate::diagnostic::Code;
use crate::shape::Mismatch;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        name: "learnable",
        spellings: &[],
        parameters: &[Parameter::required("x", Accepts::Tensor)],
        result: "the same tensor",
        summary: "Marks a tensor as a parameter that `learn` changes.",
        documentation: "The declaration `tensor w: float32[2, 3] learnable = …` says the same.",
        example: "let w = learnable(zeros([2]))\nprint(w)",
        prints: "[0, 0]",
        rule: like_first,
    },
    Entry {
        name: "backward",
        spellings: &[],
        parameters: &[Parameter::required("loss", Accepts::Tensor)],
        result: "nothing",
        summary: "Finds the gradients of a loss of one element and lets the optimizer of `learn` take a step.",
        documentation: "Stands in the loop form of `learn`; the form with `objective` does it by itself.",
        example: "let w = learnable([3.0])\nlearn {\n    optimizer: sgd(lr = 0.5),\n    for epoch in range(1) { backward(sum(w * w)) }\n}\nprint(w)",
        prints: "[0]",
        rule: backward,
    },
    Entry {
        name: "set_lr",
        spellings: &[],
        parameters: &[
            Parameter::required("optimizer", Accepts::Handle(HandleKind::Optimizer)),
            Parameter::required("lr", Accepts::Number),
        ],
        result: "nothing",
        summary: "Gives an optimizer another learning rate.",
        documentation: "A `scheduler` in `learn` changes it by a rule.",
        example: "let optimizer = sgd(lr = 0.1)\nset_lr(optimizer, 0.01)\nprint(\"slower\")",
        prints: "slower",
        rule: |a| {
            number("set_lr", (1, "lr", "a rate of at least 0"), a, |lr| lr >= 0.0)?;
            Ok(Fact::Void)
        },
    },
    Entry {
        name: "sgd_step",
        spellings: &[],
        parameters: &[PARAMS, GRADS, Parameter::optional("lr", Accepts::Number, "0.01")],
        result: "a tensor of the same shape",
        summary: "params - lr · grads: one step of gradient descent.",
        documentation: "",
        example: "print(sgd_step([1.0, 2.0], [2.0, 4.0], 0.5))",
        prints: "[0, 0]",
        rule: |a| step("sgd_step", &["params", "grads"], a),
    },
    Entry {
        name: "adam_step",
        spellings: &[],
        parameters: &[
            PARAMS,
            GRADS,
            Parameter::required("m", Accepts::Tensor),
            Parameter::required("v", Accepts::Tensor),
            Parameter::optional("lr", Accepts::Number, "0.001"),
            Parameter::optional("beta1", Accepts::Number, "0.9"),
            Parameter::optional("beta2", Accepts::Number, "0.999"),
            Parameter::optional("eps", Accepts::Number, "1e-8"),
        ],
        result: "a tensor of the same shape",
        summary: "One step of Adam from the moments m and v of the steps before.",
        documentation: "params - lr · m' / (√v' + eps) with m' = beta1 · m + (1 - beta1) · grads and v' = beta2 · v + (1 - beta2) · grads². The number of the step is not known here, so the moments are taken as they are; `adam` in `learn` corrects their bias. <https://arxiv.org/abs/1412.6980>",
        example: "print(adam_step([1.0], [0.0], [0.0], [1.0]))",
        prints: "[1]",
        rule: |a| step("adam_step", &["params", "grads", "m", "v"], a),
    },
    Entry {
        name: "dropout",
        spellings: &[],
        parameters: &[
            Parameter::required("x", Accepts::Tensor),
            Parameter::optional("p", Accepts::Number, "0.5"),
            Parameter::optional("training", Accepts::Boolean, "true"),
        ],
        result: "a tensor of the same shape",
        summary: "Sets each element to 0 with probability p and divides the others by 1 - p, while training.",
        documentation: "Without `training` x stays as it is. The draws come from the run's random numbers. <https://jmlr.org/papers/v15/srivastava14a.html>",
        example: "print(dropout([1, 2], 0.5, false))",
        prints: "[1, 2]",
        rule: |a| {
            number("dropout", (1, "p", "a probability from 0 to below 1"), a, |p| (0.0..1.0).contains(&p))?;
            like_first(a)
        },
    },
];

const PARAMS: Parameter = Parameter::required("params", Accepts::Tensor);
const GRADS: Parameter = Parameter::required("grads", Accepts::Tensor);

fn backward(arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let loss = arguments.fact(0);
    if loss.shape().is_some_and(|shape| shape.known_count().is_some_and(|count| count != 1)) {
        let message = format!("`backward` needs a loss of one element, found {}", loss.describe());
        return Err(Mismatch::new(Code::ShapeMismatch, message).argument(0).help("reduce it with `sum` or `mean`"));
    }
    Ok(Fact::Void)
}

fn step(function: &str, names: &[&str], arguments: &Bound<Fact>) -> Result<Fact, Mismatch> {
    let shape = one_shape(function, names, arguments)?;
    Ok(Fact::Tensor { element: common_element((0..names.len()).map(|slot| arguments.fact(slot))), shape })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::rules::testing::*;

    #[test]
    fn a_loss_is_one_number() {
        let entry = |name: &str| crate::catalogue::find(name).unwrap().entry();
        check(entry("backward"), &[tensor("")], Ok(Fact::Void));
        check(entry("backward"), &[tensor("1")], Ok(Fact::Void));
        let message = "`backward` needs a loss of one element, found float32[3]";
        check(entry("backward"), &[tensor("3")], Err((Code::ShapeMismatch, message)));
        check(entry("sgd_step"), &[tensor("n 3"), tensor("n 3")], Ok(tensor("n 3")));
    }
}

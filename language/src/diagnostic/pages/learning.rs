//! Pages on `learn` and on relations.

use super::Page;
use crate::diagnostic::Code;

pub(super) const PAGES: &[Page] = &[
    Page {
        code: Code::LearnNoParameters,
        meaning: "No tensor that a `learn` block can see is declared `learnable`.",
        example: r#"
tensor w: float32[1] = [0.5]

main {
    learn {
        objective: sum(w * w),
        optimizer: sgd(lr = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
        beside: &[],
        matters: "There is nothing to change, so every epoch would be the same.",
        repair: "Declare what is to be learnt:",
        repaired: r#"
tensor w: float32[1] learnable = [0.5]

main {
    learn {
        objective: sum(w * w),
        optimizer: sgd(lr = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
    },
    Page {
        code: Code::LearnObjective,
        meaning: "The objective of `learn` is one number that depends on a learnable tensor. Here it has several \
                  elements, or depends on none.",
        example: r#"
tensor w: float32[2] learnable = [0.5, 0.25]

main {
    learn {
        objective: w * w,
        optimizer: sgd(lr = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
        beside: &[],
        matters: "Only of one number can it be said in which direction it shrinks.",
        repair: "Reduce it with `sum` or `mean`:",
        repaired: r#"
tensor w: float32[2] learnable = [0.5, 0.25]

main {
    learn {
        objective: sum(w * w),
        optimizer: sgd(lr = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
    },
    Page {
        code: Code::OptimizerArgument,
        meaning: "An optimizer or scheduler is given an argument that it does not have.",
        example: r#"
tensor w: float32[1] learnable = [0.5]

main {
    learn {
        objective: sum(w * w),
        optimizer: sgd(rate = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
        beside: &[],
        matters: "Older interpreters passed over it: the value had no effect, and nobody was told.",
        repair: "Use the name that it has, such as `lr`:",
        repaired: r#"
tensor w: float32[1] learnable = [0.5]

main {
    learn {
        objective: sum(w * w),
        optimizer: sgd(lr = 0.1),
        epochs: 10
    }
    print(w)
}
"#,
    },
    Page {
        code: Code::SingletonLogicVariable,
        meaning: "A variable of a rule occurs once, so it joins nothing. A name that begins with `_` says that this is \
                  meant.",
        example: r#"
relation Parent(x: entity, y: entity)
relation Grandparent(x: entity, y: entity)

Grandparent(X, Z) <- Parent(X, Y), Parent(W, Z)

main {
    Parent(alice, bob)
    Parent(bob, carol)
    Grandparent(alice, Z)?
}
"#,
        beside: &[],
        matters: "A misspelt variable matches anything: the rule has too many answers.",
        repair: "Write the same variable where the same thing is meant:",
        repaired: r#"
relation Parent(x: entity, y: entity)
relation Grandparent(x: entity, y: entity)

Grandparent(X, Z) <- Parent(X, Y), Parent(Y, Z)

main {
    Parent(alice, bob)
    Parent(bob, carol)
    Grandparent(alice, Z)?
}
"#,
    },
    Page {
        code: Code::RelationArity,
        meaning: "A fact, a rule or a query gives a relation more or fewer arguments than its declaration.",
        example: r#"
relation Parent(x: entity, y: entity)

main {
    Parent(alice)
    Parent(alice, X)?
}
"#,
        beside: &[],
        matters: "It can never match a fact of the declared form, so the query would have no answer.",
        repair: "Give what the relation declares:",
        repaired: r#"
relation Parent(x: entity, y: entity)

main {
    Parent(alice, bob)
    Parent(alice, X)?
}
"#,
    },
];

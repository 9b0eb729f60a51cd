; Functions, methods and the sections of a file that run

(function_declaration
  body: (block)) @function.outer

(function_declaration
  body: (block
    .
    "{"
    _+ @function.inner
    "}"))

(legacy_main
  body: (block
    .
    "{"
    _+ @function.inner
    "}")) @function.outer

(main_block
  body: (block
    .
    "{"
    _+ @function.inner
    "}")) @function.outer

(test_block
  body: (block
    .
    "{"
    _+ @function.inner
    "}")) @function.outer

(bench_block
  body: (block
    .
    "{"
    _+ @function.inner
    "}")) @function.outer

; Declarations of types

(struct_declaration) @class.outer

(struct_body
  .
  "{"
  _+ @class.inner
  "}")

(impl_declaration) @class.outer

(impl_body
  .
  "{"
  _+ @class.inner
  "}")

(entity_declaration) @class.outer

(entity_set
  .
  "{"
  _+ @class.inner
  "}")

(embedding_declaration) @class.outer

(relation_embedding_declaration) @class.outer

; Parameters and arguments, the outer ones with their comma

(parameter_list
  "," @parameter.outer
  .
  (parameter) @parameter.inner @parameter.outer)

(parameter_list
  .
  (parameter) @parameter.inner @parameter.outer
  .
  ","? @parameter.outer)

(argument_list
  "," @parameter.outer
  .
  (_) @parameter.inner @parameter.outer)

(argument_list
  .
  "("
  .
  (_) @parameter.inner @parameter.outer
  .
  ","? @parameter.outer)

; Blocks, branches and loops

(block) @block.outer

(block
  .
  "{"
  _+ @block.inner
  "}")

(learn_block) @block.outer

(learn_block
  .
  "{"
  _+ @block.inner
  "}")

[
  (if_expression)
  (inline_if_expression)
  (match_expression)
] @conditional.outer

(if_expression
  consequence: (block
    .
    "{"
    _+ @conditional.inner
    "}"))

(if_expression
  alternative: (block
    .
    "{"
    _+ @conditional.inner
    "}"))

(match_arm
  value: (_) @conditional.inner)

[
  (for_statement)
  (while_statement)
  (loop_statement)
] @loop.outer

(for_statement
  body: (block
    .
    "{"
    _+ @loop.inner
    "}"))

(while_statement
  body: (block
    .
    "{"
    _+ @loop.inner
    "}"))

(loop_statement
  body: (block
    .
    "{"
    _+ @loop.inner
    "}"))

; Calls, assignments and values that are returned

[
  (call_expression)
  (python_call)
] @call.outer

(argument_list
  .
  "("
  .
  _+ @call.inner
  ")")

(let_statement
  name: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer

(assignment_statement
  target: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer

(tensor_declaration
  name: (_) @assignment.lhs
  value: (_) @assignment.rhs @assignment.inner) @assignment.outer

(return_statement
  value: (_) @return.inner) @return.outer

; Statements, numbers and comments

(block
  (_) @statement.outer)

[
  (integer)
  (float)
  (complex_number)
] @number.inner

[
  (line_comment)
  (block_comment)
] @comment.inner

(line_comment)+ @comment.outer

(block_comment) @comment.outer

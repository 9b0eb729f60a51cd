; Functions, methods and the sections of a file that run

(function_declaration
  body: (_) @function.inside) @function.around

(legacy_main
  body: (_) @function.inside) @function.around

(main_block
  body: (_) @function.inside) @function.around

(bench_block
  body: (_) @function.inside) @function.around

(test_block
  body: (_) @test.inside) @test.around

; Declarations of types

(struct_declaration
  body: (_) @class.inside) @class.around

(impl_declaration
  body: (_) @class.inside) @class.around

(entity_declaration
  members: (_) @class.inside) @class.around

[
  (embedding_declaration)
  (relation_embedding_declaration)
] @class.around

; Parameters and arguments, with the comma behind them

(parameter_list
  ((parameter) @parameter.inside
    .
    ","? @parameter.around) @parameter.around)

(argument_list
  ((_) @parameter.inside
    .
    ","? @parameter.around) @parameter.around)

(type_parameters
  ((_) @parameter.inside
    .
    ","? @parameter.around) @parameter.around)

(type_arguments
  ((_) @parameter.inside
    .
    ","? @parameter.around) @parameter.around)

; Entries of lists

(array_literal
  (_) @entry.around)

(struct_literal
  (field_initializer
    value: (_) @entry.inside) @entry.around)

(match_expression
  (match_arm
    value: (_) @entry.inside) @entry.around)

(field_declaration
  type: (_) @entry.inside) @entry.around

(entity_set
  (_) @entry.around)

; Comments

[
  (line_comment)
  (block_comment)
] @comment.inside

(line_comment)+ @comment.around

(block_comment) @comment.around

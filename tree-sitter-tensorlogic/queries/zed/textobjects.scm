; Functions, methods and the sections of a file that run

(function_declaration
  body: (_
    "{"
    (_)* @function.inside
    "}")) @function.around

(legacy_main
  body: (_
    "{"
    (_)* @function.inside
    "}")) @function.around

(main_block
  body: (_
    "{"
    (_)* @function.inside
    "}")) @function.around

(test_block
  body: (_
    "{"
    (_)* @function.inside
    "}")) @function.around

(bench_block
  body: (_
    "{"
    (_)* @function.inside
    "}")) @function.around

; Declarations of types

(struct_declaration
  body: (_
    "{"
    (_)* @class.inside
    "}")) @class.around

(impl_declaration
  body: (_
    "{"
    (_)* @class.inside
    "}")) @class.around

(entity_declaration
  members: (_
    "{"
    (_)* @class.inside
    "}")) @class.around

[
  (embedding_declaration)
  (relation_embedding_declaration)
] @class.around

; Comments

(line_comment)+ @comment.around

(block_comment) @comment.around

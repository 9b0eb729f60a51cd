; Later patterns win over earlier ones.

; Names

(identifier) @variable

(parameter
  name: (identifier) @variable.parameter)

(named_argument
  name: (identifier) @variable.parameter)

((identifier) @variable.builtin
  (#eq? @variable.builtin "self"))

(property_identifier) @variable.other.member

(field_declaration
  name: (identifier) @variable.other.member)

(field_initializer
  name: (identifier) @variable.other.member)

(field_pattern
  name: (identifier) @variable.other.member)

(embedding_field
  name: (identifier) @variable.other.member)

(learn_field
  name: (identifier) @variable.other.member)

; Logic: names that begin with a capital are variables, the others are constants

(entity_set
  (identifier) @constant)

(query_statement
  query: (call_expression
    arguments: (argument_list
      (identifier) @constant)
    (#match? @constant "^[a-z]")))

(query_expression
  query: (call_expression
    arguments: (argument_list
      (identifier) @constant)
    (#match? @constant "^[a-z]")))

; Functions and methods

(call_expression
  function: (identifier) @function)

(call_expression
  function: (field_expression
    field: (property_identifier) @function.method))

(call_expression
  function: (scoped_identifier
    name: (identifier) @function))

(function_declaration
  name: (identifier) @function)

(impl_body
  (function_declaration
    name: (identifier) @function.method))

((call_expression
  function: (identifier) @function.builtin)
  (#any-of? @function.builtin
    "print" "write" "eprint" "panic" "assert" "assert_eq" "assert_about_eq" "exit" "range"
    "range_i" "len" "shape" "str" "tensor" "learnable" "load_model" "load_model_f16"
    "load_model_f32" "load_tokenizer"))

; Relations, rules and queries

(relation_declaration
  name: (identifier) @type)

(rule_declaration
  head: (call_expression
    function: (identifier) @function))

(query_statement
  query: (call_expression
    function: (identifier) @function))

; Types

(primitive_type) @type.builtin

(entity_type) @type.builtin

(cast_type) @type

((cast_type) @type.builtin
  (#match? @type.builtin "^(u?int|float|bool|string|[fi])[0-9]*$"))

(named_type
  name: (identifier) @type)

(tensor_type
  element: (identifier) @type)

(type_parameters
  (identifier) @type)

(scoped_identifier
  scope: (identifier) @type)

((scoped_identifier
  scope: (identifier) @type.builtin)
  (#any-of? @type.builtin "f16" "f32"))

(struct_declaration
  name: (identifier) @type)

(entity_declaration
  name: (identifier) @type)

(embedding_declaration
  name: (identifier) @type)

(relation_embedding_declaration
  name: (identifier) @type)

(dimension_list
  (identifier) @variable.parameter)

(wildcard_dimension) @special

(wildcard_pattern) @comment.unused

; Sections of a file

(test_block
  name: (identifier) @label)

(bench_block
  name: (identifier) @label)

(with_statement
  name: (identifier) @type)

(infer_clause
  method: (identifier) @keyword)

(dotted_name
  (identifier) @namespace)

(python_import_statement
  alias: (identifier) @namespace)

; Literals

(integer) @constant.numeric.integer

(float) @constant.numeric.float

(complex_number) @constant.numeric.integer

(negative_number) @constant.numeric.integer

(boolean) @constant.builtin.boolean

(string) @string

(unterminated_string) @string

(single_quoted_string) @string

(formatted_string) @string

(escape_sequence) @constant.character.escape

(import_declaration
  path: (string) @string.special.path)

; Keywords

[
  "bench"
  "infer"
  "learn"
  "main"
  "query"
  "rule"
  "test"
  "where"
  "with"
] @keyword

[
  "embed"
  "embedding"
  "impl"
  "relation"
  "relation_embedding"
  "tensor"
] @keyword.storage.type

; As a type the word is one: `x: entity`.
(entity_declaration
  "entity" @keyword.storage.type)

"let" @keyword.storage

(modifier) @keyword.storage.modifier

"struct" @keyword.storage.type

"fn" @keyword.function

[
  "and"
  "as"
  "in"
  "inv"
  "not"
  "or"
] @keyword.operator

[
  "else"
  "if"
  "match"
  "then"
] @keyword.control.conditional

[
  "for"
  "loop"
  "while"
] @keyword.control.repeat

[
  (break_statement)
  (continue_statement)
] @keyword.control.repeat

"return" @keyword.control.return

[
  "import"
  "python"
] @keyword.control.import

(python_call
  [
    "python"
    "call"
  ] @function.builtin)

(impl_declaration
  "for" @keyword)

(call_expression
  function: (identifier) @function.builtin
  (#eq? @function.builtin "tensor"))

; Operators and punctuation

[
  "!"
  "!="
  "%"
  "&&"
  "*"
  "**"
  "*="
  "+"
  "+="
  "-"
  "-="
  "->"
  ".."
  "/"
  "/="
  ":-"
  ":="
  "<"
  "<-"
  "<="
  "="
  "=="
  "=>"
  ">"
  ">="
  "?"
  "@"
  "|"
  "||"
  "~"
  "≈"
  "⊗"
  "⊙"
] @operator

[
  "("
  ")"
  "["
  "]"
  "{"
  "}"
] @punctuation.bracket

(type_arguments
  [
    "<"
    ">"
  ] @punctuation.bracket)

(type_parameters
  [
    "<"
    ">"
  ] @punctuation.bracket)

[
  ","
  "."
  ":"
  "::"
] @punctuation.delimiter

(semicolon) @punctuation.delimiter

(array_repeat
  ";" @punctuation.delimiter)

; Comments

[
  (line_comment)
  (invalid_hash_comment)
] @comment.line

[
  (block_comment)
  (unterminated_block_comment)
] @comment.block

; What is never right

[
  (malformed_number)
  (invalid_name)
  (invalid_space)
  (reserved_name)
  (stray_comma)
] @error

; Later patterns win over earlier ones.

; Names

(identifier) @variable

(parameter
  name: (identifier) @variable.parameter)

(named_argument
  name: (identifier) @variable.parameter)

((identifier) @variable.builtin
  (#eq? @variable.builtin "self"))

(property_identifier) @variable.member

(field_declaration
  name: (identifier) @variable.member)

(field_initializer
  name: (identifier) @variable.member)

(field_pattern
  name: (identifier) @variable.member)

(embedding_field
  name: (identifier) @property)

(learn_field
  name: (identifier) @property)

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
  function: (identifier) @function.call)

(call_expression
  function: (field_expression
    field: (property_identifier) @function.method.call))

(call_expression
  function: (scoped_identifier
    name: (identifier) @function.call))

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
  name: (identifier) @type.definition)

(rule_declaration
  head: (call_expression
    function: (identifier) @function))

(query_statement
  query: (call_expression
    function: (identifier) @function.call))

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
  name: (identifier) @type.definition)

(entity_declaration
  name: (identifier) @type.definition)

(embedding_declaration
  name: (identifier) @type.definition)

(relation_embedding_declaration
  name: (identifier) @type.definition)

(dimension_list
  (identifier) @variable.parameter)

(wildcard_dimension) @character.special

(wildcard_pattern) @character.special

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
  (identifier) @module)

(python_import_statement
  alias: (identifier) @module)

; Literals

(integer) @number

(float) @number.float

(complex_number) @number

(negative_number) @number

(boolean) @boolean

(string) @string

(unterminated_string) @string

(single_quoted_string) @string

(formatted_string) @string

(escape_sequence) @string.escape

(import_declaration
  path: (string) @string.special.path)

; Keywords

[
  "as"
  "bench"
  "embed"
  "embedding"
  "impl"
  "infer"
  "learn"
  "let"
  "main"
  "query"
  "relation"
  "relation_embedding"
  "rule"
  "tensor"
  "test"
  "where"
  "with"
] @keyword

; As a type the word is one: `x: entity`.
(entity_declaration
  "entity" @keyword)

(modifier) @keyword.modifier

"struct" @keyword.type

"fn" @keyword.function

[
  "and"
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
] @keyword.conditional

[
  "for"
  "loop"
  "while"
] @keyword.repeat

[
  (break_statement)
  (continue_statement)
] @keyword.repeat

"return" @keyword.return

[
  "import"
  "python"
] @keyword.import

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
  (block_comment)
  (unterminated_block_comment)
  (invalid_hash_comment)
] @comment

; What is never right

[
  (malformed_number)
  (invalid_name)
  (invalid_space)
  (reserved_name)
  (stray_comma)
] @error

; Scopes

[
  (function_declaration)
  (legacy_main)
  (block)
  (learn_block)
  (for_statement)
  (match_arm)
  (rule_declaration)
] @local.scope

; Definitions

(parameter
  name: (identifier) @local.definition)

(let_statement
  name: (identifier) @local.definition)

(tensor_declaration
  name: (identifier) @local.definition)

(for_statement
  variable: (identifier) @local.definition)

(match_arm
  pattern: (identifier) @local.definition)

(or_pattern
  (identifier) @local.definition)

(tuple_pattern
  (identifier) @local.definition)

(field_pattern
  pattern: (identifier) @local.definition)

(python_import_statement
  alias: (identifier) @local.definition)

; References

(identifier) @local.reference

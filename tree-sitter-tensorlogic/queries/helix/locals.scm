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
  name: (identifier) @local.definition.variable.parameter)

(let_statement
  name: (identifier) @local.definition.variable)

(for_statement
  variable: (identifier) @local.definition.variable)

(match_arm
  pattern: (identifier) @local.definition.variable)

(or_pattern
  (identifier) @local.definition.variable)

(tuple_pattern
  (identifier) @local.definition.variable)

(field_pattern
  pattern: (identifier) @local.definition.variable)

(type_parameters
  (identifier) @local.definition.type.parameter)

(python_import_statement
  alias: (identifier) @local.definition.namespace)

; References

(identifier) @local.reference

(named_type
  name: (identifier) @local.reference)

; Scopes

[
  (source_file)
  (function_declaration)
  (legacy_main)
  (block)
  (learn_block)
  (for_statement)
  (match_arm)
  (rule_declaration)
] @local.scope

; Definitions

(function_declaration
  name: (identifier) @local.definition.function)

(impl_body
  (function_declaration
    name: (identifier) @local.definition.method))

(struct_declaration
  name: (identifier) @local.definition.type)

(entity_declaration
  name: (identifier) @local.definition.type)

(relation_declaration
  name: (identifier) @local.definition.function)

(rule_declaration
  head: (call_expression
    function: (identifier) @local.definition.function))

(embedding_declaration
  name: (identifier) @local.definition.constant)

(relation_embedding_declaration
  name: (identifier) @local.definition.constant)

(field_declaration
  name: (identifier) @local.definition.field)

(type_parameters
  (identifier) @local.definition.type)

(parameter
  name: (identifier) @local.definition.parameter)

(let_statement
  name: (identifier) @local.definition.var)

(tensor_declaration
  name: (identifier) @local.definition.var)

(for_statement
  variable: (identifier) @local.definition.var)

(match_arm
  pattern: (identifier) @local.definition.var)

(or_pattern
  (identifier) @local.definition.var)

(tuple_pattern
  (identifier) @local.definition.var)

(field_pattern
  pattern: (identifier) @local.definition.var)

(python_import_statement
  alias: (identifier) @local.definition.import)

; References

(identifier) @local.reference

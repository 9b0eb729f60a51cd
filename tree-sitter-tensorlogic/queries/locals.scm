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
  name: (identifier) @local.definition)

(parameter
  name: (identifier) @local.definition)

(let_statement
  name: (identifier) @local.definition)

(let_statement
  name: (tuple_pattern
    (identifier) @local.definition))

(tensor_declaration
  name: (identifier) @local.definition)

(for_statement
  variable: (identifier) @local.definition)

(match_arm
  pattern: (identifier) @local.definition)

(field_pattern
  pattern: (identifier) @local.definition)

(struct_declaration
  name: (identifier) @local.definition)

(entity_declaration
  name: (identifier) @local.definition)

(relation_declaration
  name: (identifier) @local.definition)

(embedding_declaration
  name: (identifier) @local.definition)

(relation_embedding_declaration
  name: (identifier) @local.definition)

; References

(identifier) @local.reference

; Copied from tree-sitter-tensorlogic/queries/indents.scm by scripts/queries.lua

[
  (block)
  (learn_block)
  (struct_body)
  (impl_body)
  (embedding_declaration)
  (relation_embedding_declaration)
  (infer_statement)
  (match_expression)
  (struct_literal)
  (struct_pattern)
  (entity_set)
  (array_literal)
  (array_repeat)
  (argument_list)
  (index_list)
  (parameter_list)
  (dimension_list)
  (parenthesized_expression)
  (tuple_expression)
] @indent.begin

[
  "}"
  "]"
  ")"
] @indent.end @indent.branch

[
  (line_comment)
  (block_comment)
] @indent.auto

(string) @indent.ignore

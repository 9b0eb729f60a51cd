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
] @indent

[
  "}"
  "]"
  ")"
] @outdent

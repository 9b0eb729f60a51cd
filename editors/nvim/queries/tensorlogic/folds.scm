; Copied from tree-sitter-tensorlogic/queries/folds.scm by scripts/queries.lua

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
  (array_literal)
  (argument_list)
  (parameter_list)
  (rule_declaration)
  (block_comment)
] @fold

(import_declaration)+ @fold

(line_comment)+ @fold

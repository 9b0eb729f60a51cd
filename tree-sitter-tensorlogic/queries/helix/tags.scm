(function_declaration
  name: (identifier) @name) @definition.function

(struct_declaration
  name: (identifier) @name) @definition.struct

(entity_declaration
  name: (identifier) @name) @definition.type

(relation_declaration
  name: (identifier) @name) @definition.function

(rule_declaration
  head: (call_expression
    function: (identifier) @name)) @definition.function

(embedding_declaration
  name: (identifier) @name) @definition.constant

(relation_embedding_declaration
  name: (identifier) @name) @definition.constant

(source_file
  (tensor_declaration
    name: (identifier) @name) @definition.constant)

(test_block
  name: (identifier) @name) @definition.function

(bench_block
  name: (identifier) @name) @definition.function

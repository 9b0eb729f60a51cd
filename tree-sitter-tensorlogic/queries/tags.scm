(function_declaration
  name: (identifier) @name) @definition.function

(impl_body
  (function_declaration
    name: (identifier) @name) @definition.method)

(struct_declaration
  name: (identifier) @name) @definition.class

(entity_declaration
  name: (identifier) @name) @definition.class

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

(call_expression
  function: (identifier) @name) @reference.call

(call_expression
  function: (field_expression
    field: (property_identifier) @name)) @reference.call

(call_expression
  function: (scoped_identifier
    name: (identifier) @name)) @reference.call

(named_type
  name: (identifier) @name) @reference.class

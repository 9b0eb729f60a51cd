(main_block
  "main" @name) @item

(legacy_main
  "fn" @context
  "main" @name) @item

(function_declaration
  "fn" @context
  name: (_) @name
  parameters: (parameter_list)? @context.extra) @item

(struct_declaration
  "struct" @context
  name: (_) @name) @item

(field_declaration
  name: (_) @name) @item

(impl_declaration
  "impl" @context
  trait: (_)? @context
  "for"? @context
  type: (_) @name) @item

(entity_declaration
  "entity" @context
  name: (_) @name) @item

(relation_declaration
  "relation" @context
  name: (_) @name
  parameters: (parameter_list)? @context.extra) @item

(rule_declaration
  head: (_) @name) @item

(embedding_declaration
  "embedding" @context
  name: (_) @name) @item

(relation_embedding_declaration
  "relation_embedding" @context
  name: (_) @name) @item

(source_file
  (tensor_declaration
    "tensor" @context
    name: (_) @name) @item)

(test_block
  "test" @context
  name: (_) @name) @item

(bench_block
  "bench" @context
  name: (_) @name) @item

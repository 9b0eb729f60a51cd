/**
 * @file What stands at the top level: imports, the facts and rules of logic, functions, structs, tests.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const { comma_separated, comma_separated1 } = require('./lists');

module.exports = {
  _item: $ => choice(
    $.import_declaration,
    $.entity_declaration,
    $.relation_declaration,
    $.embedding_declaration,
    $.relation_embedding_declaration,
    $.function_declaration,
    $.struct_declaration,
    $.impl_declaration,
    $.main_block,
    $.legacy_main,
    $.test_block,
    $.bench_block,
    seq(choice($.tensor_declaration, $.rule_declaration), $._statement_end),
    $._stray_item,
    $.semicolon,
  ),

  // Statements belong inside `main`, a function or a test. At the top level they
  // are kept whole, so that a message can say so.
  _stray_item: $ => choice(
    seq($.stray_statement, $._statement_end),
    seq(alias($._stray_call, $.stray_statement), $._call_end),
    seq(alias($._stray_bare_return, $.stray_statement), $._line_end),
    alias($._stray_compound, $.stray_statement),
  ),

  stray_statement: $ => field('statement', $._simple_statement),

  _stray_call: $ => field('statement', alias($._call_statement, $.expression_statement)),

  _stray_bare_return: $ => field('statement', alias($._bare_return, $.return_statement)),

  _stray_compound: $ => field('statement', $._compound_statement),

  import_declaration: $ => seq('import', field('path', $._any_string)),

  entity_declaration: $ => seq(
    'entity',
    field('name', $._new_name),
    optional(seq('=', field('members', $.entity_set))),
  ),

  entity_set: $ => seq('{', comma_separated(choice($.identifier, $.string)), $._end),

  relation_declaration: $ => prec.right(seq(
    'relation',
    field('name', $._new_name),
    optional(field('parameters', $.parameter_list)),
    optional(seq(
      'embed',
      field('embedding', $._annotation),
      optional(field('modifier', $.modifier)),
    )),
  )),

  rule_declaration: $ => seq(
    optional(field('keyword', alias($._rule, 'rule'))),
    field('head', choice($.call_expression, $.equation)),
    field('arrow', choice('<-', ':-')),
    field('body', $.rule_body),
  ),

  rule_body: $ => comma_separated1(choice($.expression, $.equation, $.missing_value)),

  equation: $ => seq(field('left', $.expression), '~', field('right', $._operand)),

  embedding_declaration: $ => seq(
    alias($._embedding, 'embedding'),
    field('name', $.identifier),
    $._embedding_body,
  ),

  relation_embedding_declaration: $ => seq(
    alias($._relation_embedding, 'relation_embedding'),
    field('name', $.identifier),
    $._embedding_body,
  ),

  _embedding_body: $ => choice(
    seq(
      '{',
      repeat(seq($.embedding_field, optional(choice(',', $.semicolon)))),
      $._end,
    ),
    $._no_block,
  ),

  embedding_field: $ => seq(
    field('name', $.identifier),
    ':',
    field('value', choice(
      $.entity_set,
      $.identifier,
      $._number,
      alias($._missing_whole_value, $.missing_value),
    )),
  ),

  function_declaration: $ => seq(
    'fn',
    field('name', $._new_name),
    optional(field('parameters', $.parameter_list)),
    optional($._return_type),
    field('body', $._body),
  ),

  _return_type: $ => seq(
    '->',
    field('return_type', choice($.type, $.tuple_type, $.missing_type)),
    optional(field('modifier', $.modifier)),
  ),

  _body: $ => choice($.block, $._no_block),

  // A block that has still to be typed, or a `:` in its place, as Python has it.
  _no_block: $ => choice($.missing_block, $.header_colon),

  // The end of a block, which a declaration at the start of a line implies.
  _end: $ => choice('}', alias($._missing_end, $.missing_bracket)),

  legacy_main: $ => seq(
    'fn',
    'main',
    '(',
    ')',
    optional($._return_type),
    field('body', $._body),
  ),

  parameter_list: $ => seq(
    '(',
    comma_separated($.parameter),
    choice(')', alias($._missing_end, $.missing_bracket)),
  ),

  parameter: $ => seq(
    field('name', choice($.identifier, $.invalid_name, $.reserved_name)),
    optional(seq(':', field('type', $._annotation))),
    optional(field('modifier', $.modifier)),
    optional(seq('=', field('default', $.expression))),
  ),

  struct_declaration: $ => seq(
    'struct',
    field('name', $._new_name),
    optional(field('type_parameters', $.type_parameters)),
    field('body', choice($.struct_body, $._no_block)),
  ),

  struct_body: $ => seq(
    '{',
    repeat(seq($.field_declaration, optional(choice(',', $.semicolon)))),
    $._end,
  ),

  field_declaration: $ => seq(
    field('name', $.identifier),
    ':',
    field('type', $._annotation),
    optional(field('modifier', $.modifier)),
  ),

  modifier: _ => choice('learnable', 'frozen'),

  impl_declaration: $ => seq(
    'impl',
    optional(field('type_parameters', $.type_parameters)),
    optional(seq(field('trait', $.named_type), 'for')),
    field('type', $.named_type),
    field('body', choice($.impl_body, $._no_block)),
  ),

  impl_body: $ => seq('{', repeat($.function_declaration), '}'),

  main_block: $ => seq('main', field('body', $._body)),

  test_block: $ => seq(
    alias($._test, 'test'),
    field('name', $.identifier),
    field('body', $._body),
  ),

  bench_block: $ => seq(
    alias($._bench, 'bench'),
    field('name', $.identifier),
    field('body', $._body),
  ),

  // A declaration and a statement alike.
  tensor_declaration: $ => seq(
    'tensor',
    field('name', $._new_name),
    optional(seq(':', field('type', $._annotation))),
    optional(choice(field('modifier', $.modifier), $._before_modifier)),
    optional(seq('=', field('value', $._value))),
  ),
};

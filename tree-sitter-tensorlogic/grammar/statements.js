/**
 * @file What stands in a block, and what stands alone at the top level by mistake.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const { comma_separated1 } = require('./lists');

module.exports = {
  block: $ => seq('{', repeat($._statement), $._end),

  _statement: $ => choice(
    seq(choice($._simple_statement, $.tensor_declaration, $.rule_declaration), $._statement_end),
    seq(choice($.let_statement, $.assignment_statement, $.expression_statement), $.stray_comma),
    seq(alias($._call_statement, $.expression_statement), $._call_end),
    seq(alias($._bare_return, $.return_statement), $._line_end),
    $._compound_statement,
    $.misplaced_declaration,
    $.semicolon,
  ),

  // Declarations belong at the top level; here they are kept for a message.
  misplaced_declaration: $ => field('declaration', choice(
    $.function_declaration,
    $.struct_declaration,
    $.impl_declaration,
    $.entity_declaration,
    $.relation_declaration,
    $.import_declaration,
  )),

  _simple_statement: $ => choice(
    $.let_statement,
    $.assignment_statement,
    $.step_statement,
    $.query_statement,
    $.equation_statement,
    $.return_statement,
    $.infer_statement,
    $.python_import_statement,
    $.expression_statement,
  ),

  _compound_statement: $ => choice(
    $.break_statement,
    $.continue_statement,
    $.for_statement,
    $.while_statement,
    $.loop_statement,
    $.learn_statement,
    $.with_statement,
    $.block,
  ),

  semicolon: _ => ';',

  // A comma does not part statements; it is kept for a message of its own.
  stray_comma: _ => ',',

  let_statement: $ => seq(
    'let',
    field('name', choice($._new_name, $.tuple_pattern)),
    optional(seq(
      ':',
      field('type', $._annotation),
      optional(choice(field('modifier', $.modifier), $._before_modifier)),
    )),
    optional(seq(field('operator', choice('=', ':=')), field('value', $._value))),
  ),

  assignment_statement: $ => seq(
    field('target', $._place),
    field('operator', choice('=', ':=', '+=', '-=', '*=', '/=')),
    field('value', $._value),
  ),

  // There is no `x++`; it is kept for a message of its own.
  step_statement: $ => seq(
    field('target', $._place),
    field('operator', choice(alias($._increment, '++'), alias($._decrement, '--'))),
  ),

  _place: $ => choice(
    $.identifier,
    $.invalid_name,
    alias($._reserved_value, $.reserved_name),
    $.field_expression,
    $.numeric_field_expression,
    $.index_expression,
  ),

  _value: $ => choice(
    $._condition,
    // A block is no value; it is kept for a message of its own.
    alias($.block, $.block_value),
  ),

  // What may stand before a block.
  _condition: $ => choice(
    $.expression,
    $.range_expression,
    $.assignment_expression,
    alias($._missing_whole_value, $.missing_value),
  ),

  // What a block decides on, where the block comes at once.
  _no_header: $ => alias($._missing_header, $.missing_value),

  // The right side of an operator, which may still have to be typed.
  _operand: $ => choice($.expression, $.missing_value),

  // An assignment where a value belongs, as in `a = b = 3` and `if a = 3 { }`.
  assignment_expression: $ => seq(
    field('target', $._place),
    field('operator', choice('=', ':=')),
    field('value', $._condition),
  ),

  expression_statement: $ => field('expression', $.expression),

  _call_statement: $ => field('expression', choice(
    $.call_expression,
    $.if_expression,
    $.match_expression,
  )),

  query_statement: $ => prec(2, choice(
    seq(field('query', $.call_expression), '?', where($)),
    seq(
      field('keyword', alias($._query, 'query')),
      field('query', $.call_expression),
      optional('?'),
      where($),
    ),
  )),

  constraint_list: $ => comma_separated1($.expression),

  equation_statement: $ => seq(
    field('left', $.expression),
    '~',
    field('right', $._operand),
  ),

  return_statement: $ => seq(
    'return',
    field('value', choice($.expression, alias($._bare_tuple, $.tuple_expression))),
  ),

  _bare_return: _ => 'return',

  _bare_tuple: $ => seq($.expression, repeat1(seq(',', $.expression))),

  break_statement: _ => 'break',

  continue_statement: _ => 'continue',

  for_statement: $ => seq(
    'for',
    choice(
      seq(
        field('variable', choice(
          $.identifier,
          $.invalid_name,
          $.reserved_name,
          $.tuple_pattern,
          alias($._bare_names, $.tuple_pattern),
        )),
        optional(seq(
          'in',
          field('iterable', choice(
            $.expression,
            $.range_expression,
            $.entity_set,
            alias($._missing_iterable, $.missing_value),
          )),
        )),
      ),
      field('header', $.foreign_header),
    ),
    field('body', $._body),
  ),

  // A loop binds one name; several are kept for a message of their own.
  _bare_names: $ => seq($.identifier, repeat1(seq(',', $.identifier))),

  range_expression: $ => seq(field('start', $.expression), '..', field('end', $.expression)),

  while_statement: $ => seq(
    'while',
    field('condition', choice($._condition, $._no_header)),
    field('body', $._body),
  ),

  loop_statement: $ => seq('loop', field('body', $._body)),

  with_statement: $ => seq(
    alias($._with, 'with'),
    field('name', $.identifier),
    field('body', $._body),
  ),

  infer_statement: $ => seq(
    'infer',
    choice(
      $.infer_clause,
      seq('{', repeat(choice(seq($.infer_clause, $._statement_end), $.semicolon)), $._end),
    ),
  ),

  infer_clause: $ => seq(
    field('method', $.identifier),
    choice(
      seq(field('query', $.call_expression), '?'),
      seq(
        field('keyword', alias($._query, 'query')),
        field('query', $.call_expression),
        optional('?'),
      ),
    ),
    where($),
  ),

  learn_statement: $ => seq('learn', field('body', choice($.learn_block, $._no_block))),

  learn_block: $ => seq(
    '{',
    repeat(choice(
      $._statement,
      seq($.learn_field, choice(',', $._statement_end)),
    )),
    $._end,
  ),

  learn_field: $ => seq(
    field('name', $.identifier),
    ':',
    field('value', $._field_value),
  ),

  _field_value: $ => choice(
    $.expression,
    alias($._missing_whole_value, $.missing_value),
  ),

  python_import_statement: $ => seq(
    'python',
    'import',
    field('module', $.dotted_name),
    optional(seq('as', field('alias', $.identifier))),
  ),

  dotted_name: $ => seq($.identifier, repeat(seq('.', $.identifier))),
};

/**
 * The conditions of a query, if there are any.
 *
 * @param {GrammarSymbols<any>} $
 */
function where($) {
  return optional(choice(
    seq('where', field('constraints', $.constraint_list)),
    $._before_where,
  ));
}

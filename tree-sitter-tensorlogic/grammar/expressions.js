/**
 * @file Values, from the loosest to the tightest.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const { close, comma_separated } = require('./lists');

// Binding strength, from the loosest to the tightest operator.
const PREC = {
  query: 1,
  inline_if: 2,
  or: 3,
  and: 4,
  not: 5,
  equality: 6,
  comparison: 7,
  cast: 8,
  add: 9,
  multiply: 10,
  outer: 11,
  unary: 12,
  power: 13,
  postfix: 14,
};

module.exports = {
  expression: $ => choice(
    $.binary_expression,
    $.unary_expression,
    $.cast_expression,
    $.inline_if_expression,
    $._primary,
  ),

  // What a call, an index or a field may follow.
  _primary: $ => choice(
    $.identifier,
    $.invalid_name,
    alias($._reserved_value, $.reserved_name),
    $.integer,
    $.float,
    $.complex_number,
    $.malformed_number,
    $.boolean,
    $.string,
    $.unterminated_string,
    $.single_quoted_string,
    $.formatted_string,
    $.parenthesized_expression,
    $.tuple_expression,
    $.array_literal,
    $.array_repeat,
    $.dictionary,
    $.struct_literal,
    $.call_expression,
    $.python_call,
    $.scoped_identifier,
    $.field_expression,
    $.numeric_field_expression,
    $.index_expression,
    $.query_expression,
    $.match_expression,
    $.if_expression,
  ),

  binary_expression: $ => choice(
    binary($, prec.left, PREC.or, choice('||', 'or')),
    binary($, prec.left, PREC.and, choice('&&', 'and')),
    binary($, prec.left, PREC.equality, choice('==', '!=', '≈')),
    binary($, prec.left, PREC.comparison, choice('<', '<=', '>', '>=')),
    binary($, prec.left, PREC.add, choice('+', '-')),
    binary($, prec.left, PREC.multiply, choice('*', '/', '%', '@', '⊙')),
    binary($, prec.left, PREC.outer, '⊗'),
    binary($, prec.right, PREC.power, '**'),
  ),

  unary_expression: $ => choice(
    prec(PREC.unary, seq(
      field('operator', choice('-', '!', alias($._inv, 'inv'))),
      field('operand', $._operand),
    )),
    prec(PREC.not, seq(field('operator', 'not'), field('operand', $._operand))),
  ),

  cast_expression: $ => prec.left(PREC.cast, seq(
    field('value', $.expression),
    'as',
    field('type', alias($.identifier, $.cast_type)),
  )),

  // Refused in favour of `if c { a } else { b }`.
  inline_if_expression: $ => prec.right(PREC.inline_if, seq(
    'if',
    field('condition', $._condition),
    'then',
    field('consequence', $.expression),
    optional(seq('else', field('alternative', $.expression))),
  )),

  parenthesized_expression: $ => seq(
    '(',
    field('expression', choice(
      $.expression,
      $.range_expression,
      $.assignment_expression,
      $.missing_value,
    )),
    close(')', $),
  ),

  // There are no tuples; the form is kept for a message of its own.
  tuple_expression: $ => seq(
    '(',
    $.expression,
    ',',
    comma_separated($.expression),
    close(')', $),
  ),

  array_literal: $ => seq(
    '[',
    comma_separated(choice($.expression, $.wildcard_dimension)),
    close(']', $),
  ),

  array_repeat: $ => seq(
    '[',
    field('value', $.expression),
    ';',
    field('count', $.expression),
    close(']', $),
  ),

  // There are no dictionaries and no sets; the forms are kept for a message of their own.
  dictionary: $ => seq(
    alias($._dictionary_open, '{'),
    comma_separated(choice($.expression, $.dictionary_entry)),
    $._close_brace,
  ),

  dictionary_entry: $ => seq(
    field('key', $.expression),
    ':',
    field('value', $._operand),
  ),

  struct_literal: $ => seq(
    field('type', alias($.constructed_type, $.named_type)),
    $._struct_ahead,
    '{',
    comma_separated($.field_initializer),
    $._close_brace,
  ),

  // A type named inside an expression, where `<` is otherwise a comparison. It has a
  // name of its own so that its fields stay out of the node around it.
  constructed_type: $ => seq(
    field('name', $.identifier),
    optional(field('arguments', alias($._constructed_arguments, $.type_arguments))),
  ),

  _constructed_arguments: $ => seq(
    alias($._type_open, '<'),
    comma_separated($.type),
    '>',
  ),

  field_initializer: $ => seq(
    field('name', $.identifier),
    ':',
    field('value', $._field_value),
  ),

  call_expression: $ => prec(PREC.postfix, seq(
    field('function', choice($._primary, alias('tensor', $.identifier))),
    field('arguments', $.argument_list),
  )),

  python_call: $ => seq(
    'python',
    '.',
    'call',
    field('arguments', $.argument_list),
  ),

  argument_list: $ => seq(
    '(',
    comma_separated(choice($.expression, $.range_expression, $.named_argument)),
    close(')', $),
  ),

  named_argument: $ => seq(
    field('name', $.identifier),
    field('separator', choice('=', ':')),
    field('value', $._operand),
  ),

  scoped_identifier: $ => seq(
    field('scope', choice(
      $.identifier,
      alias($.generic_scope, $.named_type),
    )),
    '::',
    field('name', choice(
      reserved('member', $.identifier),
      alias($.invalid_name, $.identifier),
      $.missing_name,
    )),
  ),

  generic_scope: $ => seq(
    field('name', $.identifier),
    field('arguments', alias($._constructed_arguments, $.type_arguments)),
  ),

  field_expression: $ => prec(PREC.postfix, seq(
    field('object', $._primary),
    '.',
    field('field', choice(
      reserved('member', alias($.identifier, $.property_identifier)),
      alias($.invalid_name, $.property_identifier),
      $.missing_name,
    )),
  )),

  numeric_field_expression: $ => prec(PREC.postfix, seq(
    field('object', $._primary),
    '.',
    field('index', alias($._property_number, $.integer)),
  )),

  index_expression: $ => prec(PREC.postfix, seq(
    field('object', $._primary),
    field('index', $.index_list),
  )),

  index_list: $ => seq(
    '[',
    comma_separated(choice($.expression, $.slice_range, $.range_expression)),
    close(']', $),
  ),

  slice_range: $ => seq(
    optional(field('start', $.expression)),
    ':',
    optional(field('end', $.expression)),
  ),

  query_expression: $ => prec(PREC.query, seq(
    field('query', $.call_expression),
    '?',
  )),

  if_expression: $ => prec.right(seq(
    'if',
    field('condition', choice($._condition, $._no_header)),
    field('consequence', $._body),
    optional(choice(
      seq('else', field('alternative', choice($._body, $.if_expression))),
      $._before_else,
    )),
  )),

  match_expression: $ => seq(
    'match',
    field('value', choice($._operand, $._no_header)),
    choice(
      seq('{', optional($._match_arms), $._close_brace),
      $._no_block,
    ),
  ),

  // Behind a block no comma is needed.
  _match_arms: $ => choice(
    $.match_arm,
    seq(
      repeat1(choice(
        seq($.match_arm, ','),
        seq(alias($._block_arm, $.match_arm), optional(',')),
      )),
      optional($.match_arm),
    ),
  ),

  _close_brace: $ => choice('}', alias($._missing_brace, $.missing_bracket)),

  match_arm: $ => seq($._match_case, field('value', $._operand)),

  _block_arm: $ => seq($._match_case, field('value', $.block)),

  _match_case: $ => seq(
    field('pattern', choice($.pattern, $.or_pattern)),
    optional(seq('if', field('guard', $.expression))),
    '=>',
  ),
};

/**
 * A binary operator whose right side may still be missing.
 *
 * @param {GrammarSymbols<any>} $
 * @param {(level: number, rule: RuleOrLiteral) => Rule} associativity
 * @param {number} level
 * @param {RuleOrLiteral} operator
 */
function binary($, associativity, level, operator) {
  return associativity(level, seq(
    field('left', $.expression),
    field('operator', operator),
    field('right', $._operand),
  ));
}

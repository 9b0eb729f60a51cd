/**
 * @file Types, as they are written behind a `:` and an `->`.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const { close, comma_separated } = require('./lists');

module.exports = {
  type: $ => choice(
    $.tensor_type,
    $.primitive_type,
    $.entity_type,
    $.named_type,
  ),

  // A type that may still have to be typed.
  _annotation: $ => choice($.type, $.missing_type),

  // A name that is being declared.
  _new_name: $ => choice($.identifier, $.invalid_name, $.reserved_name, $.missing_name),

  tensor_type: $ => prec(1, seq(
    field('element', choice($.primitive_type, $.identifier)),
    field('dimensions', $.dimension_list),
  )),

  dimension_list: $ => seq('[', comma_separated($._dimension), close(']', $)),

  _dimension: $ => choice($._number, $.identifier, $.wildcard_dimension),

  wildcard_dimension: _ => '?',

  primitive_type: _ => choice(
    'int', 'float', 'bool', 'string', 'void',
    'int16', 'int32', 'int64',
    'float16', 'float32', 'float64',
    'complex16', 'complex64',
  ),

  entity_type: _ => choice('entity', 'concept'),

  named_type: $ => seq(
    field('name', $.identifier),
    optional(field('arguments', $.type_arguments)),
  ),

  type_arguments: $ => seq('<', comma_separated($.type), '>'),

  type_parameters: $ => seq('<', comma_separated($.identifier), '>'),

  // Functions return one value; the form is kept for a message of its own.
  tuple_type: $ => seq('(', comma_separated($.type), ')'),
};

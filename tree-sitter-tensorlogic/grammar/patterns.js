/**
 * @file What an arm of `match` compares with.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

const { comma_separated } = require('./lists');

module.exports = {
  pattern: $ => choice(
    $.wildcard_pattern,
    $.identifier,
    $.integer,
    $.float,
    $.malformed_number,
    $.complex_number,
    $.negative_number,
    $.boolean,
    $.string,
    $.unterminated_string,
    $.single_quoted_string,
    $.tuple_pattern,
    $.struct_pattern,
  ),

  or_pattern: $ => seq($.pattern, repeat1(seq('|', $.pattern))),

  wildcard_pattern: _ => '_',

  negative_number: $ => seq('-', choice($.integer, $.float)),

  tuple_pattern: $ => seq('(', comma_separated(choice($.pattern, $.or_pattern)), ')'),

  struct_pattern: $ => seq(
    field('type', $.named_type),
    '{',
    comma_separated($.field_pattern),
    '}',
  ),

  field_pattern: $ => seq(
    field('name', $.identifier),
    ':',
    field('pattern', choice($.pattern, $.or_pattern)),
  ),
};

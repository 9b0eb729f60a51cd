/**
 * @file TensorLogic, a small language for tensors, logic and learning.
 * @license MIT OR Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// The rules, by subject.
const declarations = require('./grammar/declarations');
const types = require('./grammar/types');
const statements = require('./grammar/statements');
const expressions = require('./grammar/expressions');
const patterns = require('./grammar/patterns');
const tokens = require('./grammar/tokens');

module.exports = grammar({
  name: 'tensorlogic',

  word: $ => $.identifier,

  extras: $ => [
    /[ \t\r\n\f]/,
    $.line_comment,
    $.block_comment,
    $.unterminated_block_comment,
    $.invalid_hash_comment,
    $.invalid_space,
  ],

  // The order is the order of `enum TokenType` in src/scanner.c.
  externals: $ => [
    // The end of a statement: a line end that nothing continues, or no text at all
    // where the next word on the line cannot continue the statement.
    $._statement_end,
    // The same, where a bare call stands as a statement: there a `-` that begins the
    // next line begins a statement.
    $._call_end,
    // The end of a `return` without a value.
    $._line_end,
    // A `{` that opens a dictionary of another language, a header of a loop in parentheses,
    // and `++` or `--` behind a variable.
    $._dictionary_open,
    $.foreign_header,
    $._increment,
    $._decrement,
    $._struct_ahead,
    $._type_open,
    // A number after `.`.
    $._property_number,
    // The opening quote of a string that is closed somewhere; one that is not, and the
    // rest of its line.
    $._string_start,
    $._unterminated_start,
    $._unterminated_rest,
    // What has still to be typed. These have no text and stand where the next line
    // begins something else instead.
    $.missing_value,
    $._missing_whole_value,
    $._missing_header,
    $._missing_iterable,
    $.missing_name,
    $.missing_type,
    $.missing_block,
    // A `:` in the place of a block, as Python has it.
    $.header_colon,
    $.missing_bracket,
    $._missing_brace,
    $._missing_end,
    // A reserved word in the place of a new name, and in that of a value.
    $.reserved_name,
    $._reserved_value,
    // Words that are keywords only in front of a name.
    $._test,
    $._bench,
    $._embedding,
    $._relation_embedding,
    $._rule,
    $._query,
    $._with,
    $._inv,
    // These are never produced. They tell the scanner where it is.
    $._before_where,
    $._before_modifier,
    $._before_else,
    $._recovering,
  ],

  reserved: {
    global: _ => [
      'and', 'as', 'break', 'continue', 'else', 'entity', 'false', 'fn', 'for', 'if',
      'impl', 'import', 'in', 'infer', 'learn', 'let', 'loop', 'main', 'match', 'not',
      'or', 'python', 'relation', 'return', 'struct', 'tensor', 'true', 'while',
    ],
    // After `.` and `::` every word is a name.
    member: _ => [],
  },

  // Written out where they stand: operands so that the precedence of their operators
  // counts, all else so that a parser has less to do.
  inline: $ => [
    $._operand,
    $._primary,
    $._value,
    $._condition,
    $._no_block,
    $._no_header,
    $._statement,
    $._simple_statement,
  ],

  supertypes: $ => [
    $.expression,
    $.type,
    $.pattern,
  ],

  rules: {
    source_file: $ => repeat($._item),

    ...declarations,
    ...types,
    ...statements,
    ...expressions,
    ...patterns,
    ...tokens,
  },
});

/**
 * @file Names, numbers, strings and comments.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// The letters that people are likely to write in a name although names are ASCII: Latin,
// Greek, Cyrillic, subscripts, kana, Chinese and Korean.
const FOREIGN_LETTER = new RustRegex(
  '[\\u{AA}\\u{B5}\\u{BA}\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{24F}\\u{370}-\\u{52F}' +
  '\\u{1E00}-\\u{1FFF}\\u{2080}-\\u{209C}\\u{3041}-\\u{9FFF}\\u{AC00}-\\u{D7A3}]',
);

module.exports = {
  identifier: _ => /[A-Za-z_][A-Za-z0-9_]*/,

  // Names are ASCII; one with other letters is kept whole for a message of its own.
  invalid_name: _ => token(seq(
    /[A-Za-z0-9_]*/,
    FOREIGN_LETTER,
    repeat(choice(/[A-Za-z0-9_]/, FOREIGN_LETTER)),
  )),

  _number: $ => choice($.integer, $.float, $.complex_number, $.malformed_number),

  integer: _ => /[0-9]+/,

  float: _ => token(choice(
    /[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?/,
    /[0-9]+[eE][+-]?[0-9]+/,
  )),

  complex_number: _ => /[0-9]+(\.[0-9]+)?i/,

  // Digits with letters on their heels, such as `10x`, `1_000`, `0x1F` and `1.5f32`.
  malformed_number: _ => token(choice(
    /[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?[A-Za-z_][A-Za-z0-9_]*/,
    /\.[0-9][A-Za-z0-9_]*/,
  )),

  boolean: _ => choice('true', 'false'),

  _any_string: $ => choice($.string, $.unterminated_string, $.single_quoted_string),

  string: $ => seq(
    alias($._string_start, '"'),
    repeat(choice(
      $.string_content,
      $.escape_sequence,
      $.unknown_escape_sequence,
    )),
    token.immediate('"'),
  ),

  // A string whose quote has been forgotten ends with its line.
  unterminated_string: $ => seq(
    alias($._unterminated_start, '"'),
    alias($._unterminated_rest, $.string_content),
  ),

  string_content: _ => token.immediate(prec(1, /[^"\\]+/)),

  escape_sequence: _ => token.immediate(prec(2, /\\[\\"ntr]/)),

  // A backslash before anything else stands for itself.
  unknown_escape_sequence: _ => token.immediate(prec(1, /\\[^\\"ntr]/)),

  single_quoted_string: _ => token(/'([^'\\\r\n]|\\[^\r\n])*'?/),

  formatted_string: _ => token(/f"([^"\\\r\n]|\\[^\r\n])*"?/),

  line_comment: _ => token(seq('//', /[^\r\n]*/)),

  block_comment: _ => token(seq('/*', /[^*]*\*+([^/*][^*]*\*+)*/, '/')),

  // Ends with its line, so that the rest of the file stays what it is.
  unterminated_block_comment: _ => token(seq('/*', /([^*\r\n]|\*+[^*\/\r\n])*\**/)),

  invalid_hash_comment: _ => token(seq('#', /[^\r\n]*/)),

  invalid_space: _ => token(/[\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+/),
};

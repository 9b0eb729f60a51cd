/**
 * @file Lists and their brackets.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

module.exports = { close, comma_separated, comma_separated1 };

/**
 * A bracket that closes, or the mark that it has been forgotten.
 *
 * @param {string} bracket
 * @param {GrammarSymbols<any>} $
 */
function close(bracket, $) {
  return choice(bracket, $.missing_bracket);
}

/**
 * Nothing, or a list with an optional comma at its end.
 *
 * @param {RuleOrLiteral} rule
 */
function comma_separated(rule) {
  return optional(seq(rule, repeat(seq(',', rule)), optional(',')));
}

/**
 * A list of at least one, without a comma at its end.
 *
 * @param {RuleOrLiteral} rule
 */
function comma_separated1(rule) {
  return seq(rule, repeat(seq(',', rule)));
}

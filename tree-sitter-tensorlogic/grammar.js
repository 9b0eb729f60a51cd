/**
 * @file TensorLogic, a small language for tensors, logic and learning.
 * @license MIT OR Apache-2.0
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

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

// The letters that people are likely to write in a name although names are ASCII: Latin,
// Greek, Cyrillic, subscripts, kana, Chinese and Korean.
const FOREIGN_LETTER = new RustRegex(
  '[\\u{AA}\\u{B5}\\u{BA}\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{24F}\\u{370}-\\u{52F}' +
  '\\u{1E00}-\\u{1FFF}\\u{2080}-\\u{209C}\\u{3041}-\\u{9FFF}\\u{AC00}-\\u{D7A3}]',
);

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
    $.missing_name,
    $.missing_type,
    $.missing_block,
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

    // ------------------------------------------------------------ declarations

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
      '<-',
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
      $.missing_block,
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

    _body: $ => choice($.block, $.missing_block),

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
      field('body', choice($.struct_body, $.missing_block)),
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
      field('body', choice($.impl_body, $.missing_block)),
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

    // ------------------------------------------------------------------- types

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

    // -------------------------------------------------------------- statements

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

    _place: $ => choice(
      $.identifier,
      $.invalid_name,
      alias($._reserved_value, $.reserved_name),
      $.field_expression,
      $.numeric_field_expression,
      $.index_expression,
    ),

    _value: $ => choice(
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
      field('value', $._value),
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
      field('variable', choice(
        $.identifier,
        $.invalid_name,
        $.reserved_name,
        $.tuple_pattern,
      )),
      optional(seq(
        'in',
        field('iterable', choice(
          $.expression,
          $.range_expression,
          $.entity_set,
          alias($._missing_whole_value, $.missing_value),
        )),
      )),
      field('body', $._body),
    ),

    range_expression: $ => seq(field('start', $.expression), '..', field('end', $.expression)),

    while_statement: $ => seq(
      'while',
      field('condition', choice($._value, $._no_header)),
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

    learn_statement: $ => seq('learn', field('body', choice($.learn_block, $.missing_block))),

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

    // ------------------------------------------------------------- expressions

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
      field('condition', $._value),
      'then',
      field('consequence', $.expression),
      optional(seq('else', field('alternative', $.expression))),
    )),

    parenthesized_expression: $ => seq(
      '(',
      field('expression', choice($.expression, $.assignment_expression, $.missing_value)),
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
      field('condition', choice($._value, $._no_header)),
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
        seq('{', comma_separated($.match_arm), $._close_brace),
        $.missing_block,
      ),
    ),

    _close_brace: $ => choice('}', alias($._missing_brace, $.missing_bracket)),

    match_arm: $ => seq(
      field('pattern', choice($.pattern, $.or_pattern)),
      optional(seq('if', field('guard', $.expression))),
      '=>',
      field('value', choice($._operand, $.block)),
    ),

    // ---------------------------------------------------------------- patterns

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

    // ------------------------------------------------------------------ tokens

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
    unterminated_block_comment: _ => token(seq('/*', /([^*\r\n]|\*[^/\r\n])*/)),

    invalid_hash_comment: _ => token(seq('#', /[^\r\n]*/)),

    invalid_space: _ => token(/[\u00A0\u1680\u2000-\u200B\u2028\u2029\u202F\u205F\u3000\uFEFF]+/),
  },
});

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

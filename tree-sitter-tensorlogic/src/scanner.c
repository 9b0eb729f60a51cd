// The external scanner of TensorLogic. It keeps no state: the parser's own state says
// which tokens are possible, and that alone tells in which context one is looked for.
//
// It decides what needs more than the next character: where a statement ends, whether a
// bracket continues the expression to its left, whether a `{` opens a struct literal and
// a `<` a list of types, whether a string is ever closed, whether a word such as `test`
// is a keyword, and what has still to be typed.

#include "tree_sitter/parser.h"

#include <string.h>

// The order is the order of `externals` in grammar.js.
enum TokenType {
  STATEMENT_END,
  CALL_END,
  LINE_END,
  DICTIONARY_OPEN,
  FOREIGN_HEADER,
  INCREMENT,
  DECREMENT,
  STRUCT_AHEAD,
  TYPE_OPEN,
  PROPERTY_NUMBER,
  STRING_START,
  UNTERMINATED_START,
  UNTERMINATED_REST,
  MISSING_VALUE,
  MISSING_WHOLE_VALUE,
  MISSING_HEADER,
  MISSING_ITERABLE,
  MISSING_NAME,
  MISSING_TYPE,
  MISSING_BLOCK,
  HEADER_COLON,
  MISSING_BRACKET,
  MISSING_BRACE,
  MISSING_END,
  RESERVED_NAME,
  RESERVED_VALUE,
  WORD_TEST,
  WORD_BENCH,
  WORD_EMBEDDING,
  WORD_RELATION_EMBEDDING,
  WORD_RULE,
  WORD_QUERY,
  WORD_WITH,
  WORD_INV,
  BEFORE_WHERE,
  BEFORE_MODIFIER,
  BEFORE_ELSE,
  RECOVERING,
};

// Long enough for every word the scanner knows; longer words are cut off.
#define WORD_SIZE 24

// How far a forgotten bracket is looked for, and through how many others.
#define BRACKET_DISTANCE 4096
#define BRACKET_DEPTH 32

// Words that begin a statement or a declaration and never an expression.
static const char *const STATEMENT_WORDS[] = {
    "let",  "for",    "while", "loop",     "return", "break", "continue", "learn", "infer",
    "fn",   "struct", "impl",  "relation", "import", "main",  NULL,
};

// Names of the fields of `learn`, which begin something new when a `:` follows.
static const char *const LEARN_WORDS[] = {"objective", "optimizer", "epochs", "scheduler", NULL};

// Words that begin a declaration.
static const char *const DECLARATION_WORDS[] = {
    "fn", "main", "struct", "impl", "entity", "relation", "import", NULL,
};

// Words that declare a variable in the header of a loop in other languages.
static const char *const FOREIGN_DECLARING_WORDS[] = {"let", "const", "var", "int", "auto", NULL};

// Words that continue the expression before them, and those that continue a header.
static const char *const OPERATOR_WORDS[] = {"and", "or", "as", NULL};
static const char *const HEADER_WORDS[] = {"in", "then", NULL};

// Words that are keywords in front of a name and begin a declaration.
static const char *const DECLARING_WORDS[] = {
    "test", "bench", "embedding", "relation_embedding", NULL,
};

// Words that are never names, apart from `main`, which `fn` may name.
static const char *const RESERVED_WORDS[] = {
    "and",    "as",   "break", "continue", "else",   "entity", "false", "fn",       "for",
    "if",     "impl", "in",    "import",   "infer",  "learn",  "let",   "loop",     "match",
    "not",    "or",   "true",  "python",   "return", "struct", "while", "relation", "tensor",
    NULL,
};

// ---------------------------------------------------- characters and words

static inline void advance(TSLexer *lexer) { lexer->advance(lexer, false); }

static inline void skip(TSLexer *lexer) { lexer->advance(lexer, true); }

static inline bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f'; }

static inline bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }

static inline bool is_name_start(int32_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool is_name(int32_t c) { return is_name_start(c) || is_digit(c); }

// The letters of `invalid_name`.
static bool is_foreign_letter(int32_t c) {
  return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c <= 0x24F && c != 0xD7 && c != 0xF7) ||
         (c >= 0x370 && c <= 0x52F) || (c >= 0x1E00 && c <= 0x1FFF) ||
         (c >= 0x2080 && c <= 0x209C) || (c >= 0x3041 && c <= 0x9FFF) ||
         (c >= 0xAC00 && c <= 0xD7A3);
}

// The spaces that `invalid_space` reports.
static bool is_invalid_space(int32_t c) {
  return c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

static inline bool is_one_of_chars(int32_t c, const char *ascii) {
  return c > 0 && c < 0x80 && strchr(ascii, c) != NULL;
}

static bool is_one_of(const char *word, const char *const *words) {
  for (; *words; words++) {
    if (word[0] == (*words)[0] && strcmp(word, *words) == 0) return true;
  }
  return false;
}

// Reads the name at the current position, which may be empty.
static void read_word(TSLexer *lexer, char word[WORD_SIZE]) {
  unsigned length = 0;
  while (is_name(lexer->lookahead)) {
    if (length < WORD_SIZE - 1) word[length++] = (char)lexer->lookahead;
    advance(lexer);
  }
  word[length] = '\0';
}

static void skip_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) skip(lexer);
}

// Skips spaces and line ends. True if there was a line end.
static bool skip_space(TSLexer *lexer) {
  bool new_line = false;
  while (is_blank(lexer->lookahead) || lexer->lookahead == '\n') {
    if (lexer->lookahead == '\n') new_line = true;
    skip(lexer);
  }
  return new_line;
}

static void advance_blanks(TSLexer *lexer) {
  while (is_blank(lexer->lookahead)) advance(lexer);
}

static void advance_line(TSLexer *lexer) {
  while (lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
}

// After a `/`: passes the rest of a comment. False if it was a division.
static bool advance_comment(TSLexer *lexer) {
  if (lexer->lookahead == '/') {
    advance_line(lexer);
    return true;
  }
  if (lexer->lookahead != '*') return false;
  advance(lexer);
  int32_t previous = 0;
  while (!lexer->eof(lexer) && !(previous == '*' && lexer->lookahead == '/')) {
    previous = lexer->lookahead;
    advance(lexer);
  }
  if (!lexer->eof(lexer)) advance(lexer);
  return true;
}

// Passes spaces, line ends and comments. The result is the character that comes next,
// 0 at the end of the file, and '/' if a division has been passed.
static int32_t advance_to_text(TSLexer *lexer) {
  for (;;) {
    if (lexer->eof(lexer)) return 0;
    int32_t c = lexer->lookahead;
    if (is_blank(c) || c == '\n' || is_invalid_space(c)) {
      advance(lexer);
    } else if (c == '#') {
      advance_line(lexer);
    } else if (c == '/') {
      advance(lexer);
      if (!advance_comment(lexer)) return '/';
    } else {
      return c;
    }
  }
}

// Passes blanks and block comments. The result is the character that comes next, '/' if
// that is a division or another comment, which has been begun.
static int32_t advance_blanks_and_comments(TSLexer *lexer) {
  advance_blanks(lexer);
  while (lexer->lookahead == '/') {
    advance(lexer);
    if (lexer->lookahead != '*' || !advance_comment(lexer)) return '/';
    advance_blanks(lexer);
  }
  return lexer->lookahead;
}

// Whether a name follows on the same line, which makes the word before it a keyword.
static bool before_name(TSLexer *lexer) {
  if (!is_name_start(advance_blanks_and_comments(lexer))) return false;
  char word[WORD_SIZE];
  read_word(lexer, word);
  return !is_one_of(word, RESERVED_WORDS);
}

// Whether the word that has been read begins a statement or a declaration.
static bool begins_statement(TSLexer *lexer, const char *word) {
  if (is_one_of(word, STATEMENT_WORDS)) return true;
  if (strcmp(word, "tensor") == 0 || strcmp(word, "entity") == 0 || is_one_of(word, DECLARING_WORDS)) {
    return before_name(lexer);
  }
  return false;
}

// Whether the word that has been read is that of a field of `learn`.
static bool begins_learn_field(TSLexer *lexer, const char *word) {
  if (!is_one_of(word, LEARN_WORDS)) return false;
  advance_blanks(lexer);
  if (lexer->lookahead != ':') return false;
  advance(lexer);
  return lexer->lookahead != ':' && lexer->lookahead != '=';
}

// Whether an assignment operator comes next, apart from blanks.
static bool before_assignment(TSLexer *lexer) {
  advance_blanks(lexer);
  int32_t c = lexer->lookahead;
  if (c == ':' || c == '+' || c == '-' || c == '*' || c == '/') {
    advance(lexer);
    return lexer->lookahead == '=';
  }
  if (c != '=') return false;
  advance(lexer);
  return lexer->lookahead != '=' && lexer->lookahead != '>';
}

// Whether the `:` of the next field comes next, or an assignment.
static bool before_field(TSLexer *lexer) {
  advance_blanks(lexer);
  if (lexer->lookahead != ':') return before_assignment(lexer);
  advance(lexer);
  return lexer->lookahead != ':';
}

// Passes a `(` and everything up to its `)`, which has to stand on the same line.
static bool advance_parentheses(TSLexer *lexer) {
  unsigned depth = 0;
  do {
    if (lexer->eof(lexer) || lexer->lookahead == '\n') return false;
    if (lexer->lookahead == '(') depth++;
    if (lexer->lookahead == ')') depth--;
    advance(lexer);
  } while (depth > 0);
  return true;
}

// Whether the word before is that of an atom which is the head of a rule.
static bool before_arrow(TSLexer *lexer) {
  if (lexer->lookahead != '(' || !advance_parentheses(lexer)) return false;
  advance_blanks(lexer);
  if (lexer->lookahead != '<') return false;
  advance(lexer);
  return lexer->lookahead == '-';
}

// ----------------------------------------------------------------- strings

// Passes the rest of a string on this line. True if its quote was found.
static bool advance_string(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '"') return true;
    if (c == '\\' && lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
  }
  return false;
}

enum LineStrings { NO_STRINGS, WHOLE_STRINGS, OPEN_STRING };

// Reads a line as code that begins outside a string.
static enum LineStrings read_line_of_code(TSLexer *lexer) {
  enum LineStrings result = NO_STRINGS;
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (c == '/' && lexer->lookahead == '/') {
      advance_line(lexer);
    } else if (c == '"') {
      if (!advance_string(lexer)) return OPEN_STRING;
      result = WHOLE_STRINGS;
    }
  }
  return result;
}

// A string may go on over line ends, but one whose quote has been forgotten shall not
// swallow the lines below it. The next line with a quote decides: if its strings are
// whole when it is read as code, the quote has been forgotten.
static bool scan_string(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = STRING_START;
  if (advance_string(lexer)) return true;
  while (!lexer->eof(lexer)) {
    advance(lexer);
    enum LineStrings strings = read_line_of_code(lexer);
    if (strings == OPEN_STRING) return true;
    if (strings == WHOLE_STRINGS) break;
  }
  lexer->result_symbol = UNTERMINATED_START;
  return true;
}

// The rest of a line that belongs to a string without its quote.
static bool scan_unterminated_rest(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n' && lexer->lookahead != '\r') advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = UNTERMINATED_REST;
  return true;
}

// ---------------------------------------------------------------- brackets

// Whether the text after a `{` is that of a struct literal: `}` or `name :`.
static bool begins_struct(TSLexer *lexer) {
  int32_t c = advance_to_text(lexer);
  if (c == '}') return true;
  if (!is_name_start(c)) return false;
  while (is_name(lexer->lookahead)) advance(lexer);
  if (advance_to_text(lexer) != ':') return false;
  advance(lexer);
  return lexer->lookahead != ':' && lexer->lookahead != '=';
}

// Whether the text after a `<` is a list of types, its `>`, and then `::` or a struct.
static bool begins_type_arguments(TSLexer *lexer, bool in_header) {
  unsigned depth = 1;
  bool empty = true;
  while (depth > 0) {
    int32_t c = lexer->lookahead;
    if (c == '<') {
      depth++;
    } else if (c == '>') {
      if (empty) return false;
      depth--;
    } else if (is_name(c)) {
      empty = false;
    } else if (c == '/') {
      advance(lexer);
      if (!advance_comment(lexer)) return false;
      continue;
    } else if (!is_blank(c) && c != '\n' && c != ',' && c != '[' && c != ']' && c != '?') {
      return false;
    }
    advance(lexer);
  }
  int32_t c = advance_blanks_and_comments(lexer);
  if (c == ':') {
    advance(lexer);
    return lexer->lookahead == ':';
  }
  if (c != '{' || in_header) return false;
  advance(lexer);
  return begins_struct(lexer);
}

// A `<` that opens a list of types, or no token.
static bool scan_type_open(TSLexer *lexer, const bool *valid) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = TYPE_OPEN;
  return begins_type_arguments(lexer, valid[MISSING_BLOCK]);
}

// Inside a bracket, after a line end and the first word of the next line: whether that
// line is a statement, since the bracket is never closed, or one of the items. A comma at
// the end of the line tells that it is an item, if it `may_be_item`. Reads on to the
// closing bracket, for a limited distance.
static bool bracket_is_open(TSLexer *lexer, bool may_be_item) {
  char stack[BRACKET_DEPTH];
  unsigned depth = 0, braces = 0;
  bool first_line = may_be_item;
  int32_t last = 0;
  for (unsigned distance = 0; distance < BRACKET_DISTANCE; distance++) {
    if (lexer->eof(lexer)) return !(first_line && last == ',');
    int32_t c = lexer->lookahead;
    if (c == '\n') {
      if (first_line && last == ',') return false;
      first_line = false;
      advance(lexer);
      advance_blanks(lexer);
      if (is_name_start(lexer->lookahead)) {
        char word[WORD_SIZE];
        read_word(lexer, word);
        if (braces == 0 && is_one_of(word, STATEMENT_WORDS)) return true;
      }
      continue;
    }
    advance(lexer);
    if (c == '/' && advance_comment(lexer)) continue;
    if (c == '"') {
      while (!advance_string(lexer) && !lexer->eof(lexer) && distance++ < BRACKET_DISTANCE) {
        advance(lexer);
      }
    } else if (c == '(' || c == '[' || c == '{') {
      if (depth == BRACKET_DEPTH) return false;
      stack[depth++] = (char)c;
      if (c == '{') braces++;
    } else if (c == ')' || c == ']' || c == '}') {
      if (depth == 0) return c == '}';
      char open = stack[--depth];
      if (c == '}' && open != '{') return true;
      if (open == '{') braces--;
    }
    if (!is_blank(c)) last = c;
  }
  return false;
}

// Inside a bracket, at the first word of a line: whether the bracket has been forgotten.
static bool bracket_is_missing(TSLexer *lexer, const char *word) {
  if (begins_statement(lexer, word)) return true;
  if (is_one_of(word, OPERATOR_WORDS) || strcmp(word, "else") == 0) return false;
  return bracket_is_open(lexer, !begins_learn_field(lexer, word));
}

// Inside the braces of a struct literal, a dictionary or a match, where names may follow:
// whether a statement begins instead.
static bool brace_is_missing(TSLexer *lexer, int32_t c, bool new_line) {
  if (lexer->eof(lexer)) return true;
  if (!new_line || !is_name_start(c)) return false;
  char word[WORD_SIZE];
  read_word(lexer, word);
  return begins_statement(lexer, word) || is_one_of_chars(lexer->lookahead, "(.[") ||
         before_assignment(lexer);
}

// ------------------------------------------------- forms of other languages

// Whether the text after a `{` is that of a dictionary or a set of another language:
// entries with keys, or a list. `{}` and lists may be something else where `more_ahead`.
static bool begins_dictionary(TSLexer *lexer, bool more_ahead) {
  int32_t c = advance_to_text(lexer);
  if (c == '}') return !more_ahead;
  if (c == '"') {
    advance(lexer);
    if (!advance_string(lexer)) return false;
  } else if (!is_name(c)) {
    return false;
  }
  while (is_name(lexer->lookahead)) advance(lexer);
  c = advance_to_text(lexer);
  if (c == ',') return !more_ahead;
  if (c != ':') return false;
  advance(lexer);
  return lexer->lookahead != ':' && lexer->lookahead != '=';
}

// The header of a loop as C, JavaScript and others write it: `(let i = 0; i < n; i++)`,
// `(const x of xs)`. It ends with its line if it is not closed.
static bool scan_foreign_header(TSLexer *lexer) {
  unsigned depth = 0;
  unsigned words = 0;
  bool foreign = false;
  do {
    int32_t c = lexer->lookahead;
    if (is_name_start(c)) {
      char word[WORD_SIZE];
      read_word(lexer, word);
      words++;
      if (words == 1 && is_one_of(word, FOREIGN_DECLARING_WORDS)) foreign = true;
      if (words == 2 && (strcmp(word, "in") == 0 || strcmp(word, "of") == 0)) foreign = true;
      lexer->mark_end(lexer);
      continue;
    }
    if (c == ';') foreign = true;
    if (c == '(') depth++;
    if (c == ')') depth--;
    advance(lexer);
    if (!is_blank(c)) lexer->mark_end(lexer);
  } while (depth > 0 && lexer->lookahead != '\n' && lexer->lookahead != '{' && !lexer->eof(lexer));
  lexer->result_symbol = FOREIGN_HEADER;
  return foreign || depth > 0;
}

// `++` or `--` behind a variable. The latter may as well be two operators between values.
static bool scan_step(TSLexer *lexer, int32_t sign) {
  advance(lexer);
  if (lexer->lookahead != sign) return false;
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = sign == '+' ? INCREMENT : DECREMENT;
  if (sign == '+') return true;
  int32_t c = advance_blanks_and_comments(lexer);
  return lexer->eof(lexer) || is_one_of_chars(c, "\n;}/");
}

// ------------------------------------------------------------------- words

// The words that are keywords only in front of a name.
static const struct {
  const char *word;
  enum TokenType token;
} WORDS_BEFORE_NAMES[] = {
    {"test", WORD_TEST},
    {"bench", WORD_BENCH},
    {"embedding", WORD_EMBEDDING},
    {"relation_embedding", WORD_RELATION_EMBEDDING},
    {"rule", WORD_RULE},
    {"query", WORD_QUERY},
    {"with", WORD_WITH},
    {"inv", WORD_INV},
};

// The token of such a word, or no token.
static bool scan_word(TSLexer *lexer, const bool *valid, const char *word) {
  for (unsigned i = 0; i < sizeof(WORDS_BEFORE_NAMES) / sizeof(WORDS_BEFORE_NAMES[0]); i++) {
    if (strcmp(word, WORDS_BEFORE_NAMES[i].word) != 0) continue;
    if (!valid[WORDS_BEFORE_NAMES[i].token]) return false;
    lexer->mark_end(lexer);
    lexer->result_symbol = WORDS_BEFORE_NAMES[i].token;
    return before_name(lexer);
  }
  return false;
}

// Inside the braces of a block or the brackets of a declaration, before the character
// `c`: whether the file ends or a declaration begins at the start of a line, so that
// these brackets have been forgotten. A word that has been read is left in `word`.
static bool end_is_missing(TSLexer *lexer, int32_t c, char word[WORD_SIZE]) {
  word[0] = '\0';
  if (lexer->eof(lexer)) return true;
  if (!is_name_start(c)) return false;
  read_word(lexer, word);
  bool declaring = is_one_of(word, DECLARING_WORDS);
  if (!declaring && !is_one_of(word, DECLARATION_WORDS)) return false;
  // Only now, since the column is looked for from the start of the line.
  if (lexer->get_column(lexer) != strlen(word)) return false;
  return !declaring || before_name(lexer);
}

// Whether the rest of the line tells that it lies inside of brackets: by a comma, or by a
// bracket that closes and was not opened. A line that ends with a `.` goes on.
static bool is_inside_brackets(TSLexer *lexer) {
  unsigned depth = 0;
  int32_t last = 0;
  while (!lexer->eof(lexer) && (lexer->lookahead != '\n' || last == '.')) {
    int32_t c = lexer->lookahead;
    advance(lexer);
    if (!is_blank(c) && c != '\n') last = c;
    if (c == '"' && !advance_string(lexer)) return false;
    if (c == '/' && advance_comment(lexer)) continue;
    if (c == '(' || c == '[' || c == '{') depth++;
    if (depth == 0 && (c == ',' || c == ')' || c == ']')) return true;
    if (depth > 0 && (c == ')' || c == ']' || c == '}')) depth--;
  }
  return false;
}

// After a `.` and a line end: whether the name that comes next is the member, since both
// lie inside of brackets.
static bool member_is_on_next_line(TSLexer *lexer) {
  if (!is_name_start(advance_to_text(lexer))) return false;
  char word[WORD_SIZE];
  read_word(lexer, word);
  return !begins_statement(lexer, word) && !before_field(lexer) && is_inside_brackets(lexer);
}

// The number after a `.`, or the mark that a name is missing after `.` or `::`. These stand
// on the same line, so that a dot at the end of a line that is being typed leaves the next
// line alone. Names themselves, and comments before them, are left to the parser.
static bool scan_member(TSLexer *lexer, const bool *valid) {
  lexer->mark_end(lexer);
  skip_blanks(lexer);
  int32_t c = lexer->lookahead;
  if (is_name_start(c) || is_foreign_letter(c)) return false;
  if (valid[PROPERTY_NUMBER] && is_digit(c)) {
    while (is_digit(lexer->lookahead)) advance(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = PROPERTY_NUMBER;
    return true;
  }
  lexer->result_symbol = MISSING_NAME;
  if (c == '/') {
    advance(lexer);
    if (lexer->lookahead != '/') return lexer->lookahead != '*';
    advance_line(lexer);
    c = lexer->lookahead;
  }
  return c != '\n' || !member_is_on_next_line(lexer);
}

// Whether the name that has been read is being declared: a `=`, the `:` of a type, the `{`
// of a body or the parameters of a function come next.
static bool before_header(TSLexer *lexer) {
  int32_t c = advance_to_text(lexer);
  if (c == '{') return true;
  if (c == '(') {
    if (!advance_parentheses(lexer)) return false;
    c = advance_to_text(lexer);
    if (c == '{') return true;
    if (c != '-') return false;
    advance(lexer);
    return lexer->lookahead == '>';
  }
  if (c != '=' && c != ':') return false;
  advance(lexer);
  return lexer->lookahead != '=' && lexer->lookahead != ':';
}

// After the first word of a line inside the brackets of a declaration: whether it is no
// parameter and no field, since it begins a statement or is part of one by what follows.
static bool ends_list(TSLexer *lexer, const char *word) {
  int32_t c = advance_to_text(lexer);
  if (is_one_of(word, STATEMENT_WORDS)) return !is_one_of_chars(c, ":,)=");
  return is_one_of_chars(c, "(.[+-*/<>{");
}

// The place of a new name: a reserved word, or no name at all. A name on the next line is
// the start of something else unless a value or a type follows it.
static bool scan_new_name(TSLexer *lexer, const bool *valid) {
  lexer->mark_end(lexer);
  bool new_line = skip_space(lexer);
  int32_t c = lexer->lookahead;
  if (c == '(' && valid[FOREIGN_HEADER]) return scan_foreign_header(lexer);
  char word[WORD_SIZE];
  if (valid[MISSING_END]) {
    lexer->result_symbol = MISSING_END;
    if (c == '}' || end_is_missing(lexer, c, word)) return true;
  } else {
    read_word(lexer, word);
  }
  lexer->result_symbol = MISSING_NAME;
  if (!is_name_start(c)) {
    return valid[MISSING_NAME] && (lexer->eof(lexer) || c == '}' || c == '=' || c == ':');
  }
  if (new_line && valid[MISSING_NAME]) {
    if (is_one_of(word, RESERVED_WORDS)) return true;
    return begins_learn_field(lexer, word) || !before_header(lexer);
  }
  if (new_line && valid[MISSING_END]) {
    lexer->result_symbol = MISSING_END;
    return ends_list(lexer, word);
  }
  if (!is_one_of(word, RESERVED_WORDS)) return false;
  lexer->mark_end(lexer);
  lexer->result_symbol = RESERVED_NAME;
  advance_blanks(lexer);
  c = lexer->lookahead;
  if (c == 'i') {
    read_word(lexer, word);
    return strcmp(word, "in") == 0;
  }
  return lexer->eof(lexer) || is_one_of_chars(c, "\n=:(,){");
}

// The place of a type: whether there is none.
static bool scan_missing_type(TSLexer *lexer) {
  lexer->mark_end(lexer);
  bool new_line = skip_space(lexer);
  int32_t c = lexer->lookahead;
  lexer->result_symbol = MISSING_TYPE;
  if (!is_name_start(c)) return lexer->eof(lexer) || is_one_of_chars(c, "=),;{}");
  if (!new_line) return false;
  char word[WORD_SIZE];
  read_word(lexer, word);
  if (begins_statement(lexer, word)) return true;
  advance_blanks(lexer);
  return lexer->lookahead == '(' || lexer->lookahead == '.' || before_field(lexer);
}

// -------------------------------------------------------------- statements

// Whether the rest of the line has a `{` outside of comments. An `else` without one
// belongs to `if … then`.
static bool brace_on_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    int32_t c = lexer->lookahead;
    if (c == '{') return true;
    if (c == '#') return false;
    advance(lexer);
    if (c == '/') advance_comment(lexer);
  }
  return false;
}

// The `:` behind the header of a statement or a declaration, unless it parts that from
// a type and a block on the same line.
static bool scan_header_colon(TSLexer *lexer) {
  advance(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = HEADER_COLON;
  return lexer->lookahead != ':' && lexer->lookahead != '=' && !brace_on_line(lexer);
}

// Whether what stands to the left ends before the character `c`, which comes next.
// Reads on from there, so the token has to be marked before.
static bool ends_before(TSLexer *lexer, const bool *valid, int32_t c, bool new_line) {
  switch (c) {
    case '+':
    case '*':
    case '/':
    case '%':
    case '@':
    case '<':
    case '>':
    case '=':
    case '.':
    case ',':
    case ':':
    case '?':
    case '~':
    case '&':
    case '|':
    case 0x2248: // ≈
    case 0x2297: // ⊗
    case 0x2299: // ⊙
      return false;
    case '-':
      return new_line && valid[CALL_END];
    case '!':
      advance(lexer);
      return lexer->lookahead != '=';
    case '#':
      return false;
    default:
      break;
  }
  if (is_invalid_space(c)) return false;
  if (!is_name_start(c)) return true;

  char word[WORD_SIZE];
  read_word(lexer, word);
  if (is_one_of(word, OPERATOR_WORDS)) return false;
  if (valid[MISSING_BLOCK] && is_one_of(word, HEADER_WORDS)) return false;
  if (strcmp(word, "else") == 0) return new_line && !valid[BEFORE_ELSE] && brace_on_line(lexer);
  bool before_where = valid[BEFORE_WHERE] && strcmp(word, "where") == 0;
  bool before_modifier =
      valid[BEFORE_MODIFIER] && (strcmp(word, "learnable") == 0 || strcmp(word, "frozen") == 0);
  if (before_where || before_modifier) {
    advance_blanks(lexer);
    return new_line && lexer->lookahead == '(';
  }
  return true;
}

// Where a statement may end.
static bool scan_after_statement(TSLexer *lexer, const bool *valid) {
  skip_blanks(lexer);
  lexer->mark_end(lexer);
  lexer->result_symbol = STATEMENT_END;
  if (lexer->eof(lexer)) return true;

  int32_t c = lexer->lookahead;
  if (c == '\n') {
    advance(lexer);
    lexer->mark_end(lexer);
    c = advance_to_text(lexer);
    if (c == '-' && valid[CALL_END]) lexer->result_symbol = CALL_END;
    return ends_before(lexer, valid, c, true);
  }
  // On the same line these continue what is to their left, be it an expression or a type.
  if (c == '(' || c == '[') return false;
  if ((c == '+' || c == '-') && valid[INCREMENT]) return scan_step(lexer, c);
  if (c == '{' && valid[STRUCT_AHEAD]) {
    advance(lexer);
    if (begins_struct(lexer)) lexer->result_symbol = STRUCT_AHEAD;
    return true;
  }
  if (c == '<' && valid[TYPE_OPEN]) return scan_type_open(lexer, valid);
  return ends_before(lexer, valid, c, false);
}

// After an expression that no statement end follows: inside brackets, before a block, in
// an arm of a match. Line ends mean nothing here.
static bool scan_after_expression(TSLexer *lexer, const bool *valid) {
  skip_blanks(lexer);
  lexer->mark_end(lexer);
  bool new_line = skip_space(lexer);
  int32_t c = lexer->lookahead;
  if (c == '<' && valid[TYPE_OPEN]) return scan_type_open(lexer, valid);
  if (valid[MISSING_BLOCK]) {
    if (c == ':') return scan_header_colon(lexer);
    lexer->result_symbol = MISSING_BLOCK;
    if (c == '{') return false;
    if (lexer->eof(lexer) || c == '}') return true;
    return new_line && is_name_start(c) && ends_before(lexer, valid, c, true);
  }
  if (c == '{') {
    if (!valid[STRUCT_AHEAD] && !valid[MISSING_BRACKET]) return false;
    lexer->result_symbol = MISSING_BRACKET;
    advance(lexer);
    if (valid[STRUCT_AHEAD] && begins_struct(lexer)) {
      lexer->result_symbol = STRUCT_AHEAD;
      return true;
    }
    return valid[MISSING_BRACKET];
  }
  if (valid[MISSING_BRACKET]) {
    lexer->result_symbol = MISSING_BRACKET;
    if (lexer->eof(lexer) || c == '}') return true;
    if (!new_line || !is_name_start(c)) return false;
    char word[WORD_SIZE];
    read_word(lexer, word);
    return bracket_is_missing(lexer, word);
  }
  if (valid[MISSING_BRACE]) {
    lexer->result_symbol = MISSING_BRACE;
    return brace_is_missing(lexer, c, new_line);
  }
  if (valid[MISSING_END]) {
    char word[WORD_SIZE];
    lexer->result_symbol = MISSING_END;
    if (end_is_missing(lexer, c, word)) return true;
    if (!new_line || !is_name_start(c)) return false;
    return ends_list(lexer, word) || lexer->lookahead == '=';
  }
  return false;
}

// Whether the word is one that no value begins with and that is taken for a name here.
static bool is_reserved_value(const char *word) {
  return is_one_of(word, OPERATOR_WORDS) || strcmp(word, "in") == 0;
}

static bool scan_reserved_value(TSLexer *lexer) {
  lexer->mark_end(lexer);
  lexer->result_symbol = RESERVED_VALUE;
  return true;
}

// After a `then` where a condition belongs: whether a value follows, so that there is no
// condition. Otherwise `then` is a name.
static bool before_consequence(TSLexer *lexer) {
  advance_blanks(lexer);
  int32_t c = lexer->lookahead;
  if (!is_name_start(c)) return is_digit(c) || c == '"';
  char word[WORD_SIZE];
  read_word(lexer, word);
  return !is_one_of(word, OPERATOR_WORDS) && !is_one_of(word, HEADER_WORDS);
}

// Where an expression, a pattern or a statement may begin.
static bool scan_before_expression(TSLexer *lexer, const bool *valid) {
  skip_blanks(lexer);
  lexer->mark_end(lexer);
  bool new_line = skip_space(lexer);
  int32_t c = lexer->lookahead;
  if (c == '"') return valid[STRING_START] && scan_string(lexer);
  if (c == '{') {
    lexer->result_symbol = MISSING_HEADER;
    if (valid[MISSING_HEADER]) return true;
    // At the start of a statement it opens a block.
    if (!valid[DICTIONARY_OPEN] || valid[WORD_QUERY]) return false;
    advance(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = DICTIONARY_OPEN;
    return begins_dictionary(lexer, valid[MISSING_VALUE] || valid[MISSING_ITERABLE]);
  }

  if (valid[MISSING_VALUE] || valid[MISSING_WHOLE_VALUE] || valid[MISSING_ITERABLE]) {
    lexer->result_symbol = valid[MISSING_VALUE]      ? MISSING_VALUE
                           : valid[MISSING_ITERABLE] ? MISSING_ITERABLE
                                                     : MISSING_WHOLE_VALUE;
    if (!is_name_start(c)) {
      return lexer->eof(lexer) || is_one_of_chars(c, "}]),;");
    }
    char word[WORD_SIZE];
    read_word(lexer, word);
    if (is_reserved_value(word)) return scan_reserved_value(lexer);
    if (strcmp(word, "inv") == 0) return scan_word(lexer, valid, word);
    if (is_one_of(word, STATEMENT_WORDS)) return true;
    bool then = valid[MISSING_HEADER] && strcmp(word, "then") == 0;
    if (then && before_consequence(lexer)) return true;
    if (!new_line) return false;
    if (begins_statement(lexer, word) || begins_learn_field(lexer, word)) return true;
    if (before_arrow(lexer)) return true;
    return valid[MISSING_VALUE] ? before_assignment(lexer) : before_field(lexer);
  }
  if (valid[MISSING_BRACKET] && (lexer->eof(lexer) || c == '}')) {
    lexer->result_symbol = MISSING_BRACKET;
    return true;
  }
  if (valid[MISSING_BRACE]) {
    lexer->result_symbol = MISSING_BRACE;
    return brace_is_missing(lexer, c, new_line);
  }
  char word[WORD_SIZE];
  if (valid[MISSING_END]) {
    lexer->result_symbol = MISSING_END;
    if (end_is_missing(lexer, c, word)) return true;
  } else {
    read_word(lexer, word);
  }
  if (word[0] == '\0') return false;
  if (valid[RESERVED_VALUE] && is_reserved_value(word)) return scan_reserved_value(lexer);
  if (!valid[MISSING_BRACKET] || strcmp(word, "inv") == 0) return scan_word(lexer, valid, word);
  lexer->result_symbol = MISSING_BRACKET;
  return valid[MISSING_BRACKET] && new_line && bracket_is_missing(lexer, word);
}

// After `return`: whether the line ends without a value.
static bool scan_line_end(TSLexer *lexer) {
  skip_blanks(lexer);
  int32_t c = lexer->lookahead;
  if (c == '\n') {
    advance(lexer);
  } else if (!lexer->eof(lexer) && c != '}' && c != ';') {
    return false;
  }
  lexer->mark_end(lexer);
  lexer->result_symbol = LINE_END;
  return true;
}

// While the parser recovers from an error every token is possible. A line end that ends
// a statement gives it a place to go on, and strings have to stay strings.
static bool scan_in_recovery(TSLexer *lexer, const bool *valid) {
  skip_blanks(lexer);
  int32_t c = lexer->lookahead;
  if (c == '\n') {
    advance(lexer);
    lexer->mark_end(lexer);
    lexer->result_symbol = STATEMENT_END;
    return ends_before(lexer, valid, advance_to_text(lexer), true);
  }
  if (c == '"') return scan_string(lexer);
  if (!is_name_start(c)) return false;
  char word[WORD_SIZE];
  read_word(lexer, word);
  return scan_word(lexer, valid, word) && lexer->result_symbol <= WORD_RULE;
}

// ----------------------------------------------------------- the interface

void *tree_sitter_tensorlogic_external_scanner_create(void) { return NULL; }

void tree_sitter_tensorlogic_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_tensorlogic_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_tensorlogic_external_scanner_deserialize(void *payload, const char *buffer,
                                                          unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}

bool tree_sitter_tensorlogic_external_scanner_scan(void *payload, TSLexer *lexer,
                                                   const bool *valid) {
  (void)payload;
  if (valid[RECOVERING]) return scan_in_recovery(lexer, valid);
  if (valid[UNTERMINATED_REST]) return scan_unterminated_rest(lexer);
  if (valid[RESERVED_NAME]) return scan_new_name(lexer, valid);
  if (valid[MISSING_NAME]) return scan_member(lexer, valid);
  if (valid[MISSING_TYPE]) return scan_missing_type(lexer);
  if (valid[STATEMENT_END]) return scan_after_statement(lexer, valid);
  if (valid[LINE_END] && scan_line_end(lexer)) return true;
  bool before_expression = valid[STRING_START] || valid[MISSING_VALUE] || valid[MISSING_ITERABLE] ||
                           valid[MISSING_WHOLE_VALUE] || valid[WORD_QUERY] || valid[WORD_RULE];
  if (before_expression) return scan_before_expression(lexer, valid);
  return scan_after_expression(lexer, valid);
}

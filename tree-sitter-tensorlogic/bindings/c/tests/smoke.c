// Loads the language as an installed library and parses one program with it.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tree_sitter/api.h>
#include <tree_sitter/tree-sitter-tensorlogic.h>

static const char *const PROGRAM = "main { print(1 + 2) }";
static const char *const EXPECTED = "(source_file (main_block ";

int main(void) {
  TSParser *parser = ts_parser_new();
  if (!ts_parser_set_language(parser, tree_sitter_tensorlogic())) {
    fprintf(stderr, "this tree-sitter does not take the language\n");
    return EXIT_FAILURE;
  }
  TSTree *tree = ts_parser_parse_string(parser, NULL, PROGRAM, (uint32_t)strlen(PROGRAM));
  TSNode root = ts_tree_root_node(tree);
  char *found = ts_node_string(root);
  int status = EXIT_SUCCESS;
  if (ts_node_has_error(root) || strncmp(found, EXPECTED, strlen(EXPECTED)) != 0) {
    fprintf(stderr, "unexpected tree: %s\n", found);
    status = EXIT_FAILURE;
  }
  free(found);
  ts_tree_delete(tree);
  ts_parser_delete(parser);
  return status;
}

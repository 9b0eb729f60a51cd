#ifndef TREE_SITTER_TENSORLOGIC_H_
#define TREE_SITTER_TENSORLOGIC_H_

typedef struct TSLanguage TSLanguage;

#ifdef __cplusplus
extern "C" {
#endif

// The language, to be handed to `ts_parser_set_language`. It lives as long as the program.
const TSLanguage *tree_sitter_tensorlogic(void);

#ifdef __cplusplus
}
#endif

#endif  // TREE_SITTER_TENSORLOGIC_H_

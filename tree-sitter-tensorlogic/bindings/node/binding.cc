// Hands the language to Node.js, in the form that the package `tree-sitter` asks for.

#include <napi.h>

typedef struct TSLanguage TSLanguage;

extern "C" const TSLanguage *tree_sitter_tensorlogic(void);

namespace {

// The tag by which the package `tree-sitter` recognises a language.
const napi_type_tag LANGUAGE_TYPE_TAG = {0x8AF2E5212AD58ABF, 0xD5006CAD83ABBA16};

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  auto *language = const_cast<TSLanguage *>(tree_sitter_tensorlogic());
  auto external = Napi::External<TSLanguage>::New(env, language);
  external.TypeTag(&LANGUAGE_TYPE_TAG);
  exports["name"] = Napi::String::New(env, "tensorlogic");
  exports["language"] = external;
  return exports;
}

}  // namespace

NODE_API_MODULE(tree_sitter_tensorlogic_binding, Init)

from unittest import TestCase, main

import tree_sitter_tensorlogic as tensorlogic
from tree_sitter import Language, Parser, Query


class TestBinding(TestCase):
    def setUp(self):
        self.language = Language(tensorlogic.language())

    def test_a_program_parses_without_an_error(self):
        root = Parser(self.language).parse(b"main { print(1 + 2) }").root_node
        self.assertFalse(root.has_error, str(root))
        self.assertEqual(root.named_children[0].type, "main_block")

    def test_the_queries_fit_the_language(self):
        for name in ["HIGHLIGHTS_QUERY", "INJECTIONS_QUERY", "LOCALS_QUERY", "TAGS_QUERY"]:
            with self.subTest(name):
                Query(self.language, getattr(tensorlogic, name))


if __name__ == "__main__":
    main()

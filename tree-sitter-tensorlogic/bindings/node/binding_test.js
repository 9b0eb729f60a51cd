const assert = require('node:assert');
const { test } = require('node:test');

const Parser = require('tree-sitter');
const tensorlogic = require('.');

const parser = new Parser();
parser.setLanguage(tensorlogic);

test('a program parses without an error', () => {
  const root = parser.parse('main { print(1 + 2) }').rootNode;
  assert.strictEqual(root.hasError, false, root.toString());
  assert.strictEqual(root.firstNamedChild.type, 'main_block');
});

test('the queries fit the language', () => {
  for (const name of ['HIGHLIGHTS_QUERY', 'INJECTIONS_QUERY', 'LOCALS_QUERY', 'TAGS_QUERY']) {
    new Parser.Query(tensorlogic, tensorlogic[name]);
  }
});

test('the kinds of nodes are told', () => {
  assert.ok(tensorlogic.nodeTypeInfo.some((node) => node.type === 'main_block'));
});

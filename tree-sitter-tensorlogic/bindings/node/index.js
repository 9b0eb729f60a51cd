// The language for `parser.setLanguage`, the kinds of its nodes and its queries.

const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..');
const binding = require('node-gyp-build')(root);

binding.nodeTypeInfo = require('../../src/node-types.json');

// A query is read when it is asked for.
for (const name of ['highlights', 'injections', 'locals', 'tags']) {
  Object.defineProperty(binding, `${name.toUpperCase()}_QUERY`, {
    enumerable: true,
    get: () => readFileSync(join(root, 'queries', `${name}.scm`), 'utf8'),
  });
}

module.exports = binding;

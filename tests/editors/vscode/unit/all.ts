// The tests of single parts, for mocha.

import './content.test';
import './grammar.test';
import './server.test';

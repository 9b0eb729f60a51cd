// The tests that run inside of the editor, for mocha.

import './language.test';
import './runs.test';

// The tests of what a person sees, for mocha.

import './story.test';

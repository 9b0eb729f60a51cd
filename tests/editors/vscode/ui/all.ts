// The tests of what a person sees, for mocha.

import './picture.test';
import './story.test';

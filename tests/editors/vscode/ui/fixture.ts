// The editor that the tests of the person's view look at; `main.ts` starts it.

import type { Editor } from '../harness/editor';

const global = globalThis as { tensorLogicPerson?: { editor?: Editor } };

/** Shared by the bundles of one process. */
export const person: { editor?: Editor } = (global.tensorLogicPerson ??= {});

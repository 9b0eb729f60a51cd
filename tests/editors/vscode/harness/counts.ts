// How many tests passed and failed, from either side of the editor.

import type Mocha from 'mocha';

export interface Counts {
    passed: number;
    failed: number;
}

/** Runs mocha to its end. */
export function collect(mocha: Mocha): Promise<Counts> {
    return new Promise((resolve) => {
        const runner = mocha.run(() => {
            const { passes = 0, failures = 0 } = runner.stats ?? {};
            resolve({ passed: passes, failed: failures });
        });
    });
}

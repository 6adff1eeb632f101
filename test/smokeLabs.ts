/** Labs of profile smoke for the tests of a file: each is closed after the test that opened it. */
import { afterEach } from 'vitest';
import * as fun from '../src/index';

/** Those that the running test has open, and how to open one more (default: of NLI). */
export function smokeLabs() {
  const labs: fun.Lab[] = [];
  afterEach(async () => {
    for (const lab of labs.splice(0)) await lab.close();
  });
  async function open(options: Partial<fun.OpenOptions> = {}): Promise<fun.Lab> {
    const lab = await fun.open({ task: 'nli', profile: 'smoke', ...options });
    labs.push(lab);
    return lab;
  }
  return { labs, open };
}

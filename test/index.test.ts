/** What scripts see of `src/index`, by a process of their own: as CommonJS (`.ts`) and as an ES module (`.mts`). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { projectRoot } from '../src/engine/places';
import * as figures from '../src/figures/index';
import * as fun from '../src/index';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'fun-index-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const names = (module: object) => Object.keys(module).sort();

test.each(['ts', 'mts'])(
  'a .%s script has every name',
  (kind) => {
    const script = join(folder, `script.${kind}`);
    const [index, figuresIndex] = ['src/index', 'src/figures/index'].map((path) =>
      JSON.stringify(join(projectRoot(), path)),
    );
    writeFileSync(
      script,
      `import { gradualUnfreezing } from ${index};
import * as all from ${index};
import * as drawing from ${figuresIndex};
const namesOf = (module: object) => Object.keys(module).filter((name) => !['default', 'module.exports'].includes(name)).sort();
const { name } = gradualUnfreezing({ every: 2 });
console.log(JSON.stringify({ name, all: namesOf(all), figures: namesOf(drawing) }));
`,
    );
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
      cwd: projectRoot(),
      encoding: 'utf8',
    });
    expect(stderr).not.toContain('Error');
    expect(JSON.parse(stdout)).toEqual({ name: 'gradual', all: names(fun), figures: names(figures) });
  },
  60_000,
);

/** A worker process with the fake lab, for tests of launchers: `--list FILE --index N`. */
import { parseArgs } from 'node:util';
import { runWorker } from '../../src/experiments/worker';
import { openFakeLab } from './fakeLab';

const { values } = parseArgs({ options: { list: { type: 'string' }, index: { type: 'string' } } });

void runWorker(values.list!, Number(values.index), openFakeLab).then((code) => (process.exitCode = code));

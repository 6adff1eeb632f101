/** Where the set-up puts the embedded model file. */
import { join } from 'node:path';
import { funHome } from '../../src/engine/places';

export function embeddedModelPath(): string {
  return join(funHome(), 'models', 'multilingual-e5-small', 'e5-small-q4.bin');
}

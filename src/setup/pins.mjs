// What is fetched from outside: exact versions and SHA-256 of every wheel, in pins.json.
import { readFileSync } from 'node:fs';

export const pins = JSON.parse(readFileSync(new URL('pins.json', import.meta.url), 'utf8'));

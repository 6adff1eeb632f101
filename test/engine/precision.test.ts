import { afterEach, expect, test, vi } from 'vitest';
import { defaultPrecision } from '../../src/engine/precision';

afterEach(() => vi.unstubAllEnvs());

test.each([
  ['', 'float32'],
  ['float32', 'float32'],
  ['bf16', 'bf16'],
])('FUN_PRECISION="%s" is %s', (value, precision) => {
  vi.stubEnv('FUN_PRECISION', value);
  expect(defaultPrecision()).toBe(precision);
});

test('another value is refused by name', () => {
  vi.stubEnv('FUN_PRECISION', 'half');
  expect(() => defaultPrecision()).toThrow('FUN_PRECISION "half" is not known. Allowed: float32, bf16.');
});

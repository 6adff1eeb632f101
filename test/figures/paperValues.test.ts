import { describe, expect, test } from 'vitest';
import { describeSetting, paperValue, paperValues } from '../../src/figures/paperValues';
import { mean } from '../../src/figures/statistics';

describe('the numbers of the paper as rows', () => {
  test.each([
    [{ model: 'xlmr', dataset: 'xnli', schedule: 'gradual', language: 'average' }, 73.44, 0.24, '1, 10'],
    [{ model: 'mbert', dataset: 'xquad', schedule: 'random', language: 'th' }, 38.91, undefined, '1, 8'],
    [{ model: 'mbert', dataset: 'mlqa', schedule: 'fun', language: 'average', metric: 'em' }, 38.29, 0.63, '1, 8'],
    [{ model: 'xlmr', dataset: 'xcopa', schedule: 'full', language: 'average' }, 54.99, undefined, '7'],
    [{ model: 'xlmr', dataset: 'xnli', adapter: 'lora', schedule: 'fun', language: 'average' }, 73.65, 0.57, '2, 14'],
    [
      { model: 'xlmr', dataset: 'xquad', trainExamples: 5000, schedule: 'fun', language: 'average' },
      60.72,
      1.07,
      '11, 13',
    ],
    [{ model: 'mbert', dataset: 'mlqa', schedule: 'gradual-reverse', language: 'average' }, 49.09, undefined, '12'],
    [{ model: 'mdeberta', dataset: 'xcopa', schedule: 'standard', language: 'en' }, 65.75, undefined, '16-18'],
  ] as const)('%j', (lookup, value, sd, table) => {
    expect(paperValue(lookup)).toMatchObject({ value, table });
    expect(paperValue(lookup)?.sd).toBe(sd);
  });

  test('what the paper does not print is undefined; what it has not at all is an error', () => {
    expect(
      paperValue({ model: 'mbert', dataset: 'xcopa', adapter: 'lora', schedule: 'fun', language: 'average' }),
    ).toBeUndefined();
    expect(paperValue({ model: 'xlmr', dataset: 'xnli', schedule: 'lpft', language: 'average' })).toBeUndefined();
    const unknown = { model: 'gpt' as 'xlmr', dataset: 'xnli' as const, schedule: 'fun', language: 'en' };
    expect(() => paperValue(unknown)).toThrow(/model of the paper "gpt" is not known\. Allowed: mbert, xlmr, mdeberta/);
  });

  test('no two rows claim one cell', () => {
    const cells = paperValues.map(({ value: _value, sd: _sd, table: _table, ...cell }) => JSON.stringify(cell));
    expect(new Set(cells).size).toBe(cells.length);
  });

  test('each average is the mean of its languages, to rounding', () => {
    const sameCell = (a: (typeof paperValues)[number]) => (b: typeof a) =>
      (['model', 'dataset', 'adapter', 'trainExamples', 'schedule', 'metric'] as const).every(
        (key) => a[key] === b[key],
      );
    const off = paperValues
      .filter((row) => row.language === 'average')
      .flatMap((average) => {
        const languages = paperValues.filter(
          (row) => sameCell(average)(row) && !['en', 'average'].includes(row.language),
        );
        const found = languages.length > 0 ? mean(languages.map((row) => row.value)) : average.value;
        return Math.abs(found - average.value) > 0.06
          ? [`${average.model} ${average.dataset} ${average.schedule}`]
          : [];
      });
    expect(off).toEqual([]);
  });

  test('a setting in words', () => {
    expect(describeSetting({ model: 'xlmr', dataset: 'xnli' })).toBe('XLM-R base, XNLI');
    expect(describeSetting({ model: 'mbert', dataset: 'xquad', adapter: 'lora', trainExamples: 1000 })).toBe(
      'mBERT, XQUAD, LoRA, 1,000 examples',
    );
  });
});

/** Where heads have dropout in training: where those of the Python libraries have it, whatever rate a run chooses. */
import { expect, test } from 'vitest';
import { AdapterModel } from '../../src/models/adapterModel';
import { tinyEncoder } from '../../src/models/baseModel';
import type { EncoderConfig } from '../../src/models/config';
import type { HeadConfig } from '../../src/models/heads';
import { dropoutOfStep } from '../../src/nn/dropout';

const classification = { type: 'classification', classes: 3 } as const;
const choice = { type: 'multipleChoice' } as const;
const span = { type: 'span' } as const;
const deberta = { modelType: 'deberta-v2', positionBuckets: 4 } as const;
const xlmRoberta = { modelType: 'xlm-roberta', padTokenId: 1, typeVocabularySize: 1 } as const;

/** The rates of the head's own dropouts in a run with rate 0.5, by a pass that runs through the head alone. */
function ratesOf(base: Partial<EncoderConfig>, kind: HeadConfig['kind'], family: HeadConfig['family']): number[] {
  const model = new AdapterModel('tiny-random', tinyEncoder(base));
  model.addHead('task', { kind, family, pooling: 'first' }, 1);
  model.activate({ head: 'task' });
  const of = dropoutOfStep(1, 0, 0.5);
  const rates: number[] = [];
  const dropout = {
    next: (rate: number) => {
      const site = of.next(rate);
      rates.push(site?.rate ?? 0);
      return site;
    },
  };
  const ids = Int32Array.from([5, 6, 7, 8]);
  const batch = {
    examples: 1,
    sequencesPerExample: kind === choice ? 2 : 1,
    tokens: kind === choice ? 2 : 4,
    inputIds: ids,
    attentionMask: ids.map(() => 1),
    tokenTypeIds: ids.map(() => 0),
  };
  // No layer is in training, so that none has dropout.
  model.forward(batch, { wanted: new Set(model.head!.parameters), dropout, prefixDropout: false }).release();
  model.dispose();
  return rates;
}

test.each([
  ['BERT', {}, classification, 1],
  ['BERT', {}, choice, 1],
  ['BERT', {}, span, 0],
  ['XLM-R', xlmRoberta, classification, 2],
  ['XLM-R', xlmRoberta, choice, 1],
  ['XLM-R', xlmRoberta, span, 0],
  ['DeBERTa', deberta, classification, 1],
  ['DeBERTa', deberta, span, 0],
] as const)('%s (%o), transformers, %o: before %i of the dense layers', (_, base, kind, count) => {
  expect(ratesOf(base, kind, 'transformers')).toEqual(Array<number>(count).fill(0.5));
  // A rate of 0 in the model's own configuration is one that a run may choose another for.
  expect(ratesOf({ ...base, hiddenDropout: 0 }, kind, 'transformers')).toEqual(Array<number>(count).fill(0.5));
});

test.each([
  [classification, 2],
  [choice, 2],
  [span, 1],
] as const)('the adapters library, %o: before each of its %i dense layers', (kind, count) => {
  expect(ratesOf({}, kind, 'adapters')).toEqual(Array<number>(count).fill(0.5));
});

/**
 * tr(F) of language adapters under masked-LM: an example is a sequence, its label the words at all of its masked
 * positions, independent given the sequence. With a vocabulary of 250,000 words only drawn (`mc`) and gold
 * (`empirical`) words are affordable; one pass serves all positions, because the cross terms between them vanish in
 * expectation.
 */
import { refuseUnknownKeys, UserError, wholeNumber } from '../engine/errors';
import { randomStream, type RandomStream } from '../engine/random';
import type { tf } from '../engine/tf';
import type { AdapterModel, ModelBatch } from '../models/adapterModel';
import { maskedLmPass, type MaskedLmHead } from '../models/maskedLmHead';
import { wholeVocabulary } from '../models/tiedDecoder';
import { drawWords } from '../models/wordDraws';
import type { Parameter } from '../nn/parameter';
import { perExampleNorms } from './perExampleNorms';
import { layerOf } from './perExampleTraces';
import { checkUntil, type Until } from './precision';
import { toEnd, traceOver, type FisherTrace } from './trace';

export interface MaskedLmBatch extends ModelBatch {
  /** Masked positions among the B·T tokens, and the words that stood there. */
  readonly masked: { readonly rows: Int32Array; readonly labels: Int32Array };
}

export interface MaskedLmOptions {
  readonly estimator: 'mc' | 'empirical';
  /** `mc`: draws per example; default 1. Each is a forward and a backward pass. */
  readonly mcSamples?: number;
  readonly parameters: readonly Parameter[];
  /** Default: the parameter's layer. The invertible adapter has none. */
  readonly groupOf?: (parameter: Parameter) => number | undefined;
  readonly until?: Until;
  /** Where words are drawn from; default the stream "fisher" of seed 0. */
  readonly stream?: RandomStream;
}

const maskedLmKeys = ['estimator', 'mcSamples', 'parameters', 'groupOf', 'until', 'stream'];

/**
 * tr(F) of each group: the mean over sequences of E ‖∇ log p(words|sequence)‖², where log p is the sum over a
 * sequence's masked positions and not their mean, so that a sequence with more of them counts for more. Base, language
 * adapter and head as they are active in `model`; for `empirical` the words are those that stood there.
 *
 * @throws UserError for options that do not go together.
 */
export function maskedLmTrace(
  model: AdapterModel,
  head: MaskedLmHead,
  batches: Iterable<MaskedLmBatch>,
  options: MaskedLmOptions,
): FisherTrace {
  refuseUnknownKeys('maskedLmTrace', options, maskedLmKeys);
  const { estimator, mcSamples = 1, parameters, groupOf = layerOf, until } = options;
  const { stream = randomStream(0, 'fisher') } = options;
  wholeNumber('mcSamples', mcSamples);
  if (estimator !== 'mc' && estimator !== 'empirical') {
    throw new UserError(`Masked words take estimator "mc" or "empirical", not "${String(estimator)}".`);
  }
  if (until !== undefined) checkUntil(until, estimator);
  const wanted = new Set(parameters);
  const counted = (parameter: Parameter) => (wanted.has(parameter) ? groupOf(parameter) : undefined);
  const everyWord = wholeVocabulary(head.words.count);
  const passes = estimator === 'mc' ? mcSamples : 1;
  const draw = (z: tf.Tensor2D) => drawWords(z, head.words, stream);

  const tracesOf = (batch: MaskedLmBatch) => {
    const { rows, labels } = batch.masked;
    const tokensOfExample = batch.inputIds.length / batch.examples;
    const rowExamples = rows.map((row) => Math.floor(row / tokensOfExample));
    const norms = perExampleNorms({ examples: batch.examples, rowExamples, groupOf: counted });
    for (let pass = 0; pass < passes; pass++) {
      const positions = { rows, labels: estimator === 'mc' ? draw : labels };
      const sent = maskedLmPass(model, head, batch, positions, everyWord, { wanted });
      sent.backwardAndRelease(norms);
      norms.endPass();
      sent.loss.dispose();
    }
    // The loss is the mean over all masked positions of the batch; log p of an example is a sum over its own.
    const scale = rows.length ** 2 / passes;
    return { traces: new Map([...norms.finish()].map(([group, xs]) => [group, xs.map((x) => scale * x)])) };
  };
  return toEnd(traceOver(estimator, batches, tracesOf, until));
}

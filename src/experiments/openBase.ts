/** The base model of runs, with its tokenizer, on this machine's engine and in a precision. */
import { funHome } from '../engine/places';
import { defaultPrecision, type Precision } from '../engine/precision';
import { openEngine, type EngineInfo } from '../engine/tf';
import { computeProductsIn, disposeEncoder } from '../models/encoder';
import { fetchModel } from '../models/hub/index';
import { openModel, type OpenedModel } from '../models/openModel';
import { makeTokenizer } from '../tokenizers/makeTokenizer';
import type { Tokenizer } from '../tokenizers/tokenizer';
import type { Method } from './configuration';

/** A base model with its tokenizer, which several runs of one process may share. */
export interface SharedBase {
  readonly opened: OpenedModel;
  readonly tokenizer: Tokenizer;
  readonly engine: EngineInfo;
  /** Of the products with its weights. */
  readonly precision: Precision;
  close(): void;
}

/** What decides how a base is opened; without a precision that of FUN_PRECISION, else float32. */
export interface BaseChoices {
  readonly model: string;
  readonly method: Pick<Method, 'type'>;
  readonly precision?: Precision;
}

export async function openBase(choices: BaseChoices): Promise<SharedBase> {
  const { model, method, precision = defaultPrecision() } = choices;
  const engine = await openEngine();
  const wordTable = method.type === 'full' ? 'device' : 'host';
  const opened = await openModel(model, { home: funHome(), wordTable, fetchModel });
  computeProductsIn(precision, opened.encoder);
  const tokenizer = makeTokenizer(opened.tokenizer);
  return { opened, engine, precision, tokenizer, close: () => disposeEncoder(opened.encoder) };
}

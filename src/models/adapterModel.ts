/**
 * A frozen base model with the adapters and heads that were added to it: what is trained, evaluated and saved. The
 * counterpart of the adapters library's model classes.
 */
import type { BottleneckConfig } from '../adapters/bottleneck';
import { createBottleneckAdapter, createLoraAdapter, type BaseShape } from '../adapters/create';
import type { LoraConfig } from '../adapters/lora';
import { adapterParameters, checkStack, type Adapter, type LanguageAdapter, type Stack } from '../adapters/stack';
import { UserError } from '../engine/errors';
import type { tf } from '../engine/tf';
import { noDropout, type DropoutSource } from '../nn/dropout';
import { nothingWanted, type Wanted } from '../nn/gradientSink';
import type { Parameter } from '../nn/parameter';
import { parameterFactory, randomTensors, type ReadTensor } from '../nn/parameterFactory';
import { namePrefix } from './config';
import { attentionNames, baseParameters, type Encoder } from './encoder';
import { forwardPass, lowestLayer, type ForwardPass, type HiddenStates } from './forwardPass';
import { createHead, type Head, type HeadConfig } from './heads';

/** A padded batch, as `tasks/batch` makes it. */
export interface ModelBatch {
  /** [E], for a prefix. */
  readonly exampleIds?: Int32Array;
  readonly examples: number;
  readonly sequencesPerExample: number;
  readonly tokens: number;
  readonly inputIds: Int32Array;
  readonly attentionMask: Int32Array;
  readonly tokenTypeIds: Int32Array;
}

/** Knows the hidden states of a prefix of layers that nothing changes, so that a pass need not compute them. */
export interface Prefix {
  /** The deepest states that it has for this batch at or below `layer`; the caller owns them. */
  enter(batch: ModelBatch, layer: number): HiddenStates | undefined;
}

export interface ForwardOptions {
  /** Parameters whose gradients `backward` will give; default none. */
  readonly wanted?: Wanted;
  /** Default: evaluation mode. */
  readonly dropout?: DropoutSource;
  /** Whether dropout also acts below the lowest layer with a wanted parameter (the paper's setting); default true. */
  readonly prefixDropout?: boolean;
  /** Stands in for layers below the lowest one with a wanted parameter, where these run without dropout. */
  readonly prefix?: Prefix;
  /** Called with the output of the embeddings (0) and of every layer (1 … L), [B·T, H]; not to be kept. */
  readonly onHidden?: (index: number, hidden: tf.Tensor2D) => void;
}

export class AdapterModel {
  private readonly adapters = new Map<string, Adapter>();
  private readonly heads = new Map<string, Head>();
  /** The adapters that a forward pass runs through. */
  private active: Stack = {};
  private activeHead: Head | undefined;

  constructor(
    /** As the user named it. */
    readonly name: string,
    readonly encoder: Encoder,
    /** Lets go of the base; default: it stays, as several models may share it. */
    private readonly closeBase: () => void = () => undefined,
  ) {}

  get layers(): number {
    return this.encoder.config.layers;
  }

  get stack(): Stack {
    return this.active;
  }

  get head(): Head | undefined {
    return this.activeHead;
  }

  /** @param init a seed, or the values of a file. */
  addTaskAdapter(name: string, config: BottleneckConfig | LoraConfig, init: number | ReadTensor): Adapter {
    const make = this.factory(init);
    return this.register(name, () =>
      config.type === 'lora'
        ? createLoraAdapter(name, config, this.baseShape(), make)
        : createBottleneckAdapter(name, 'taskAdapter', config, this.baseShape(), make),
    );
  }

  addLanguageAdapter(name: string, config: BottleneckConfig, init: number | ReadTensor): LanguageAdapter {
    return this.register(name, () =>
      createBottleneckAdapter(name, 'languageAdapter', config, this.baseShape(), this.factory(init)),
    );
  }

  addHead(name: string, config: HeadConfig, init: number | ReadTensor): Head {
    if (this.heads.has(name)) throw new UserError(`There is a head "${name}" already.`);
    const head = createHead(name, config, this.encoder.config, this.factory(init), this.encoder.pooler);
    this.heads.set(name, head);
    return head;
  }

  /** Chooses what the next passes run through, by name; both parts may be left out. */
  activate({ language, task, head }: { language?: string; task?: string; head?: string }): void {
    const stack = {
      ...(language === undefined ? {} : { language: this.adapter(language) }),
      ...(task === undefined ? {} : { task: this.adapter(task) }),
    } as Stack;
    checkStack(stack, this.layers);
    this.active = stack;
    if (head !== undefined) this.activeHead = this.headNamed(head);
  }

  /** Swaps the language adapter under the task adapter: zero-shot transfer to another language. */
  setLanguage(language: string | undefined): void {
    const { task } = this.active;
    this.activate({
      ...(language === undefined ? {} : { language }),
      ...(task === undefined ? {} : { task: task.name }),
    });
  }

  adapter(name: string): Adapter {
    const found = this.adapters.get(name);
    if (found !== undefined) return found;
    if (this.adapters.size > 0) {
      throw new UserError(`No adapter "${name}". Adapters: ${[...this.adapters.keys()].join(', ')}.`);
    }
    throw new UserError(
      `No adapter "${name}": this model has none. Full fine-tuning (method: { type: 'full' }) trains the base model ` +
        `itself; train with method: { type: 'bottleneck', reductionFactor: 16 } or a 'lora' one to have an adapter, or ` +
        `load one (loadTaskAdapter).`,
    );
  }

  headNamed(name: string): Head {
    const found = this.heads.get(name);
    if (found !== undefined) return found;
    throw new UserError(`No head "${name}". Heads: ${[...this.heads.keys()].join(', ') || 'none'}.`);
  }

  parametersOf(adapter: string): Parameter[] {
    return adapterParameters(this.adapter(adapter));
  }

  /** Every parameter: base, adapters, heads. */
  parameters(): Parameter[] {
    return [
      ...baseParameters(this.encoder),
      ...[...this.adapters.values()].flatMap(adapterParameters),
      ...[...this.heads.values()].flatMap(({ parameters }) => parameters),
    ];
  }

  forward(batch: ModelBatch, options: ForwardOptions = {}): ForwardPass {
    const { wanted = nothingWanted, dropout = noDropout, prefixDropout = true, prefix, onHidden } = options;
    const sequences = batch.examples * batch.sequencesPerExample;
    this.checkBatch(batch, sequences);
    const runsWithoutDropout = dropout === noDropout || !prefixDropout;
    const start =
      runsWithoutDropout && onHidden === undefined ? prefix?.enter(batch, lowestLayer(wanted, this.layers)) : undefined;
    return forwardPass({
      encoder: this.encoder,
      stack: this.active,
      ...(this.activeHead === undefined ? {} : { head: this.activeHead }),
      batch: { ...batch, sequences },
      wanted,
      dropout,
      prefixDropout,
      ...(start === undefined ? {} : { start }),
      ...(onHidden === undefined ? {} : { onHidden }),
    });
  }

  /**
   * The embeddings and the lowest `end` layers alone, in evaluation mode; `onHidden` gets the output [B·T, H] of the
   * embeddings (0) and of every layer (1 … end), not to be kept.
   *
   * @param start states to go on from; they are freed.
   */
  runLayers(
    batch: ModelBatch,
    end: number,
    onHidden: (index: number, hidden: tf.Tensor2D) => void,
    start?: HiddenStates,
  ): void {
    const sequences = batch.examples * batch.sequencesPerExample;
    this.checkBatch(batch, sequences);
    forwardPass({
      encoder: this.encoder,
      stack: this.active,
      batch: { ...batch, sequences },
      wanted: nothingWanted,
      dropout: noDropout,
      prefixDropout: false,
      ...(start === undefined ? {} : { start }),
      end,
      onHidden,
    }).release();
  }

  /** Frees adapters and heads, and lets go of the base where the model was given that to do (`openAdapterModel`). */
  dispose(): void {
    for (const adapter of this.adapters.values()) adapterParameters(adapter).forEach((p) => p.dispose());
    for (const head of this.heads.values()) head.parameters.forEach((p) => p.dispose());
    this.adapters.clear();
    this.heads.clear();
    this.closeBase();
  }

  private factory(init: number | ReadTensor) {
    return parameterFactory(typeof init === 'number' ? randomTensors(init) : init);
  }

  /** Keeps what `create` makes; it makes nothing when the name is taken. */
  private register<A extends Adapter>(name: string, create: () => A): A {
    if (this.adapters.has(name)) throw new UserError(`There is an adapter "${name}" already.`);
    const adapter = create();
    this.adapters.set(name, adapter);
    return adapter;
  }

  baseShape(): BaseShape {
    const { modelType, hiddenSize, layers } = this.encoder.config;
    const names = modelType === 'deberta-v2' ? attentionNames.deberta : attentionNames.bert;
    return { prefix: namePrefix[modelType], hiddenSize, layers, queryName: names.query, valueName: names.value };
  }

  private checkBatch({ tokens, inputIds }: ModelBatch, sequences: number): void {
    // The fused operations divide by these sizes.
    if (!(sequences > 0 && tokens > 0)) {
      throw new UserError(`A batch of ${sequences} sequences × ${tokens} tokens is empty; give at least one of each.`);
    }
    const { maxPositions, modelType, padTokenId } = this.encoder.config;
    const limit = modelType === 'xlm-roberta' ? maxPositions - padTokenId - 1 : maxPositions;
    if (modelType !== 'deberta-v2' && tokens > limit) {
      throw new UserError(`Sequences of ${tokens} tokens; ${this.name} takes at most ${limit}. Lower maxLength.`);
    }
    if (inputIds.length !== sequences * tokens) {
      throw new UserError(`A batch of ${sequences} × ${tokens} tokens has ${inputIds.length} ids.`);
    }
  }
}

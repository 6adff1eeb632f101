/**
 * The frozen prefix, computed once an example instead of once a step. Layers below the lowest trainable one, adapters
 * included, are constant; without dropout in them (`prefixDropout: false`) so is what they give for an example. Every
 * depth is kept, so that the next layer down finds its input ready when it opens.
 *
 * Examples are filled in fixed chunks, whoever of a chunk is asked for first: the stored numbers do not depend on the
 * order of batches, so a resumed run equals an uninterrupted one bit for bit. (Where a disk fails, what cannot be kept
 * is computed with the step, which may change last bits.)
 */
import { UserError } from '../engine/errors';
import { tf } from '../engine/tf';
import type { AdapterModel, ModelBatch, Prefix } from '../models/adapterModel';
import type { HiddenStates } from '../models/forwardPass';
import { lengthOf, padBatch, type EncodedExample } from '../tasks/batch';
import { prefixContent, prefixWeights } from './prefixContent';
import type { PrefixFiles } from './prefixFiles';

export interface PrefixCacheOptions {
  readonly model: AdapterModel;
  /** Whatever is asked for later must be among these. */
  readonly examples: readonly EncodedExample[];
  readonly padId: number;
  /** Bytes of hidden states in memory. */
  readonly memoryBytes: number;
  /** Takes what does not fit in memory. */
  readonly files?: PrefixFiles;
}

/** Examples that are computed together. */
const CHUNK = 32;

/** Hidden states [rows, H] of one depth, or of a part of its rows. */
export type ReadRows = (depth: number, from: number, to: number) => Float32Array;

interface Chunk {
  readonly examples: readonly EncodedExample[];
  /** Tokens of its longest sequence. */
  readonly tokens: number;
  readonly sequences: number;
  /** Depth → [sequences · tokens, H]; absent until somebody asks, and when it lies in a file. */
  inMemory?: Map<number, Float32Array>;
  inFile?: ReadRows | undefined;
  /** There was no room for it. */
  isLeftOut?: true;
}

export class PrefixCache implements Prefix {
  private readonly chunks: Chunk[];
  private readonly placeOf = new Map<number, { chunk: Chunk; index: number }>();
  private readonly width: number;
  /** Depths are kept at multiples of this: 1 when there is room for all. */
  private readonly stride: number;
  /** Nothing at or above this layer is constant any more. */
  private limit: number;
  private bytesInMemory = 0;
  private weightsContent: { readonly limit: number; readonly content: string } | undefined;

  constructor(private readonly options: PrefixCacheOptions) {
    const { model, examples, memoryBytes, files } = options;
    this.width = model.encoder.config.hiddenSize;
    this.limit = model.layers;
    this.chunks = chunksOf(examples);
    for (const chunk of this.chunks) {
      chunk.examples.forEach(({ id }, index) => this.placeOf.set(id, { chunk, index }));
    }
    const perDepth = this.chunks.reduce((sum, chunk) => sum + this.bytesOf(chunk), 0);
    this.stride = Math.max(1, Math.ceil((perDepth * model.layers) / (memoryBytes + (files?.bytes ?? 0))));
  }

  /** Tells which layer is the lowest that is trained from now on; it can only move down. What lies above is freed. */
  limitTo(lowest: number): void {
    if (lowest >= this.limit) return;
    this.limit = lowest;
    for (const chunk of this.chunks) {
      for (const depth of chunk.inMemory?.keys() ?? []) {
        if (depth > lowest) this.forget(chunk, depth);
      }
    }
  }

  enter(batch: ModelBatch, layer: number): HiddenStates | undefined {
    const depth = this.storedDepth(Math.min(layer, this.limit));
    if (depth === 0 || batch.exampleIds === undefined) return undefined;
    const { sequencesPerExample: S, tokens: T } = batch;
    const H = this.width;
    const places = Array.from(batch.exampleIds, (id) => this.place(id));
    if (!places.every(({ chunk }) => this.holds(chunk))) return undefined;
    const states = new Float32Array(batch.examples * S * T * H); // zeros where there is padding
    places.forEach(({ chunk, index }, e) => {
      const own = this.rows(chunk, depth, index * S * chunk.tokens, (index + 1) * S * chunk.tokens);
      const kept = Math.min(T, chunk.tokens) * H;
      for (let s = 0; s < S; s++) {
        const from = s * chunk.tokens * H;
        states.set(own.subarray(from, from + kept), (e * S + s) * T * H);
      }
    });
    return { layer: depth, hidden: tf.tensor2d(states, [batch.examples * S * T, H]) };
  }

  private place(id: number): { chunk: Chunk; index: number } {
    const place = this.placeOf.get(id);
    if (place !== undefined) return place;
    throw new UserError(`Example ${id} is none of those that the prefix cache was made for.`);
  }

  /** Whether the chunk's states are kept; computes them when first asked. */
  private holds(chunk: Chunk): boolean {
    if (chunk.inMemory === undefined && chunk.inFile === undefined && !chunk.isLeftOut) this.fill(chunk);
    return !chunk.isLeftOut;
  }

  private rows(chunk: Chunk, depth: number, from: number, to: number): Float32Array {
    const of = (states: Map<number, Float32Array>) => states.get(depth)!.subarray(from * this.width, to * this.width);
    if (chunk.inMemory !== undefined) return of(chunk.inMemory);
    try {
      return chunk.inFile!(depth, from, to);
    } catch {
      // Somebody removed or damaged the file: computed again, to the same numbers.
      return of(this.fill(chunk, { lookInFiles: false })!);
    }
  }

  /**
   * Computes every depth up to the limit: into memory while there is room, else into a file; where neither takes them,
   * the chunk is left out. Undefined when the file was found written.
   */
  private fill(chunk: Chunk, { lookInFiles = true } = {}): Map<number, Float32Array> | undefined {
    const { model, padId, memoryBytes, files } = this.options;
    const batch = padBatch(chunk.examples, { padId });
    const depths = Array.from({ length: this.limit }, (_, i) => i + 1).filter((d) => this.storedDepth(d) === d);
    const fits = this.bytesInMemory + depths.length * this.bytesOf(chunk) <= memoryBytes;
    const content = fits || files === undefined ? undefined : prefixContent(this.weights(), model, batch);
    const found = content !== undefined && lookInFiles ? files!.open(content, depths) : undefined;
    if (found !== undefined) {
      chunk.inFile = found;
      return undefined;
    }
    const states = new Map<number, Float32Array>();
    model.runLayers(batch, depths.at(-1)!, (depth, hidden) => {
      if (depths.includes(depth)) states.set(depth, hidden.dataSync<'float32'>().slice());
    });
    if (fits) {
      chunk.inMemory = states;
      this.bytesInMemory += states.size * this.bytesOf(chunk);
    } else {
      chunk.inFile = content === undefined ? undefined : files!.write(content, states, this.width);
      if (chunk.inFile === undefined) chunk.isLeftOut = true;
    }
    return states;
  }

  /** Hashed once a limit: it reads every weight. */
  private weights(): string {
    if (this.weightsContent?.limit !== this.limit) {
      this.weightsContent = { limit: this.limit, content: prefixWeights(this.options.model, this.limit) };
    }
    return this.weightsContent.content;
  }

  private forget(chunk: Chunk, depth: number): void {
    chunk.inMemory!.delete(depth);
    this.bytesInMemory -= this.bytesOf(chunk);
  }

  private storedDepth(layer: number): number {
    return Math.max(0, Math.floor(layer / this.stride) * this.stride);
  }

  /** Of one depth. */
  private bytesOf({ sequences, tokens }: Chunk): number {
    return 4 * sequences * tokens * this.width;
  }
}

/**
 * Whether a run sees its examples often enough. Filling costs one pass of the base an example; what is saved is half a
 * pass, on average, each time an example comes while layers are still closed (about half of a run).
 */
export function isWorthCaching({
  examples,
  steps,
  batchSize,
}: {
  readonly examples: number;
  readonly steps: number;
  readonly batchSize: number;
}): boolean {
  return steps * batchSize >= 5 * examples;
}

/** Fixed chunks of examples of similar length. */
function chunksOf(examples: readonly EncodedExample[]): Chunk[] {
  const sorted = [...examples].sort((a, b) => lengthOf(a) - lengthOf(b) || a.id - b.id);
  return Array.from({ length: Math.ceil(sorted.length / CHUNK) }, (_, i) => {
    const own = sorted.slice(i * CHUNK, (i + 1) * CHUNK);
    const sequences = own.reduce((sum, example) => sum + example.sequences.length, 0);
    return { examples: own, tokens: lengthOf(own.at(-1)!), sequences };
  });
}

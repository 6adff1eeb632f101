/**
 * Blocks one on the other, and the way back through them. Asked from the bottom up, the chain tells each block what to
 * keep for it: nothing below the lowest wanted parameter.
 */
import type { tf } from '../engine/tf';
import type { Block, Needs } from './block';
import type { GradientSink, Wanted } from './gradientSink';
import type { Parameter } from './parameter';

export class Chain {
  /** Those that a gradient passes, bottom first. */
  private readonly stages: Block[] = [];
  /** What the next block frees. */
  private top: tf.Tensor2D | undefined;
  private passesGradient: boolean;

  /**
   * @param options.input freed when the first block stands on it; by default what that reads is the caller's.
   * @param options.hasWantedBelow whether a wanted parameter lies below the first block. Default: no.
   */
  constructor(
    private readonly wanted: Wanted,
    { input, hasWantedBelow = false }: { input?: tf.Tensor2D | undefined; hasWantedBelow?: boolean } = {},
  ) {
    this.top = input;
    this.passesGradient = hasWantedBelow;
  }

  /** Whether some wanted parameter lies in the chain so far, or below it. */
  get hasWanted(): boolean {
    return this.passesGradient;
  }

  /** What a block with these parameters must be ready to send back; to be asked for every part, from the bottom up. */
  readonly needs = (own: readonly Parameter[]): Needs => {
    const needs = { inputGradient: this.passesGradient, ownGradients: own.some((p) => this.wanted.has(p)) };
    this.passesGradient ||= needs.ownGradients;
    return needs;
  };

  /**
   * Puts a block on top, made with what `needs` said, and frees what it read. The next one frees its output, which is
   * returned; the last one's is the caller's.
   */
  add(block: Block): tf.Tensor2D {
    this.top?.dispose();
    this.top = block.y;
    if (this.passesGradient) this.stages.push(block);
    return block.y;
  }

  /**
   * Sends dy, which is freed, back through all blocks: their parameters' gradients to the sink. May be called several
   * times, unless each block is released as soon as it is passed. Returns the gradient of what the lowest block read,
   * for the caller to free, when a wanted parameter lies below.
   */
  sendBack(
    dy: tf.Tensor2D,
    sink: GradientSink,
    { releases = false }: { releases?: boolean } = {},
  ): tf.Tensor2D | undefined {
    let gradient: tf.Tensor2D | undefined = dy;
    for (const stage of [...this.stages].reverse()) {
      const below: tf.Tensor2D | undefined = gradient && stage.pullback(gradient, sink);
      gradient?.dispose();
      gradient = below;
      if (releases) stage.release();
    }
    return gradient;
  }

  /** Frees what the blocks kept. */
  release(): void {
    for (const stage of this.stages.splice(0)) stage.release();
  }
}

/** How long the rest of a run will take: the steps by their own time, and what comes now and then by its own. */

/** Work between steps: tr(F) for the schedule's choices, tr(F) that is tracked, English validation. */
export type Between = 'choice' | 'tracking' | 'validation';

/** How many steps there are still to do, and how often the rest will come. */
export type Ahead = Readonly<Record<Between | 'step', number>>;

/**
 * What is still to come when the step `done` is done, with intervals in steps (Infinity: never). tr(F) is tracked
 * before a step and at the end, validation follows a step; a schedule that reads tr(F) chooses as often as there are
 * frozen layers.
 */
export function aheadOf(
  done: number,
  { steps, tracking, validation, choice }: { steps: number } & Readonly<Record<Between, number>>,
): Ahead {
  return {
    step: steps - done - 1,
    tracking: Math.floor(steps / tracking) - Math.floor(done / tracking),
    validation: Math.ceil(steps / validation) - Math.floor(done / validation),
    choice,
  };
}

interface Spent {
  readonly seconds: number;
  readonly times: number;
}

const nothing: Spent = { seconds: 0, times: 0 };

export class Pace {
  private readonly started: number;
  private readonly spent = new Map<Between, Spent>();
  private steps = 0;

  /** @param now seconds on a clock that only goes forward */
  constructor(private readonly now: () => number = () => performance.now() / 1000) {
    this.started = now();
  }

  async time<Result>(kind: Between, work: () => Promise<Result>): Promise<Result> {
    const begun = this.now();
    try {
      return await work();
    } finally {
      const { seconds, times } = this.spent.get(kind) ?? nothing;
      this.spent.set(kind, { seconds: seconds + this.now() - begun, times: times + 1 });
    }
  }

  stepDone(): void {
    this.steps += 1;
  }

  /**
   * Seconds, once a step is done. What is neither step nor work between steps (checkpoints, whoever reads the events)
   * counts as part of the steps; work that has not come yet, as nothing.
   *
   * @param ahead what is still to come
   */
  secondsLeft(ahead: Ahead): number {
    const between = [...this.spent];
    const secondsBetween = between.reduce((sum, [, { seconds }]) => sum + seconds, 0);
    const aStep = (this.now() - this.started - secondsBetween) / this.steps;
    return between.reduce(
      (sum, [kind, { seconds, times }]) => sum + (ahead[kind] * seconds) / times,
      ahead.step * aStep,
    );
  }
}

/** Lets messages, displays and interrupts be served before the next step, or the next batch of an estimate. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Where the labels of dots go, so that they cover neither dots nor each other. */

const positions = [
  'top center',
  'bottom center',
  'middle right',
  'middle left',
  'top right',
  'bottom right',
  'top left',
  'bottom left',
] as const;
/** plotly's names. */
export type LabelPosition = (typeof positions)[number];

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Pixels of a dot, and of a letter at the size that labels have (10 px). */
const dot = 8;
const letter = { width: 6, height: 12 };

/**
 * For each dot the first position at which its label covers nothing, else the one at which it covers least. Dots are
 * taken in their order.
 *
 * @param size pixels that the dots' ranges of x and y take.
 */
export function labelPositions(
  x: readonly number[],
  y: readonly number[],
  labels: readonly string[],
  size: { readonly width: number; readonly height: number },
): LabelPosition[] {
  const across = pixels(x, size.width);
  const down = pixels(y, size.height).map((up) => size.height - up);
  const taken: Box[] = x.map((_, i) => around(across[i]!, down[i]!, dot, dot));
  return labels.map((label, i) => {
    const boxes = positions.map((position) => labelBox(position, across[i]!, down[i]!, letter.width * label.length));
    const covered = boxes.map((box) => taken.reduce((sum, other) => sum + overlap(box, other), 0));
    const best = covered.indexOf(Math.min(...covered));
    taken.push(boxes[best]!);
    return positions[best]!;
  });
}

function pixels(values: readonly number[], length: number): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.map((value) => ((value - low) / (high - low || 1)) * length);
}

function labelBox(position: LabelPosition, x: number, y: number, width: number): Box {
  const [vertical, horizontal] = position.split(' ');
  const byRow = { top: -1, middle: 0, bottom: 1 }[vertical as 'top' | 'middle' | 'bottom'];
  const byColumn = { left: -1, center: 0, right: 1 }[horizontal as 'left' | 'center' | 'right'];
  return around(
    x + (byColumn * (width + dot)) / 2,
    y + (byRow * (letter.height + dot)) / 2,
    // A hair's breadth smaller, so that a label does not cover the dot that it touches.
    width - 0.5,
    letter.height - 0.5,
  );
}

const around = (x: number, y: number, width: number, height: number): Box => ({
  left: x - width / 2,
  right: x + width / 2,
  top: y - height / 2,
  bottom: y + height / 2,
});

/** Square pixels. */
function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return Math.max(0, width) * Math.max(0, height);
}

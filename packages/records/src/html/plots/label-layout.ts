/** Font size of labels in SVG units: the larger of the stylesheet's two (screens up to 520 px wide). */
export const LABEL_FONT = 14;

/**
 * Upper bounds of a character's width, in units of the font size. A page does not know the font of its reader. The widest
 * usual one for `system-ui` (Verdana, DejaVu Sans) has digits of 0.64 and an m of 0.98.
 */
const CHARACTER_EM = { narrow: 0.4, usual: 0.66, wide: 1.1 };

const emOf = (character: string): number =>
  /[ .,:;'|il]/.test(character)
    ? CHARACTER_EM.narrow
    : /[mwMW%@−+–—]/.test(character)
      ? CHARACTER_EM.wide
      : CHARACTER_EM.usual;

/** An upper bound of the width of a label, in SVG units. */
export function labelWidth(text: string): number {
  let em = 0;
  for (const character of text) em += emOf(character);
  return em * LABEL_FONT;
}

/** Labels keep this distance from each other, in SVG units. */
export const LABEL_GAP = 6;

/** A label below an axis. */
export interface AxisLabel {
  /** Which tick it belongs to. */
  tick: number;
  text: string;
  /** Where the text is anchored, in SVG units. */
  x: number;
  anchor: 'start' | 'middle' | 'end';
}

/** From where to where a label reaches at most. */
export function labelExtent({ text, x, anchor }: AxisLabel): { from: number; to: number } {
  const width = labelWidth(text);
  const from = anchor === 'start' ? x : anchor === 'end' ? x - width : x - width / 2;
  return { from, to: from + width };
}

/** Numbers with as many decimals as their distance needs: `0`, `0.5`, `1`, with a typographic minus sign. */
export function tickTexts(ticks: readonly number[]): string[] {
  const step = ticks.length > 1 ? Math.abs(ticks[1]! - ticks[0]!) : 1;
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((tick) =>
    tick
      .toFixed(decimals)
      .replace('-', '−')
      .replace(/^−?0\.?0*$/, '0'),
  );
}

/** Whether each label begins behind the one before it. `labels` are in order. */
function areApart(labels: readonly AxisLabel[]): boolean {
  return labels.every((label, i) => {
    const before = labels[i - 1];
    return before === undefined || labelExtent(label).from - labelExtent(before).to >= LABEL_GAP;
  });
}

/**
 * The labels of a horizontal axis. None overlap and none reach over the edges: where there is no room for all, every
 * second, third … is left out. The last one is always there and carries the unit.
 * @param ticks values, ascending, at least one
 * @param x position of a value
 * @param edges the labels stay between these positions
 */
export function axisLabels(
  ticks: readonly number[],
  x: (value: number) => number,
  options: { unit: string; edges: { from: number; to: number } },
): AxisLabel[] {
  const { unit, edges } = options;
  const texts = tickTexts(ticks);
  const place = (tick: number): AxisLabel => {
    const at = x(ticks[tick]!);
    const middle: AxisLabel = { tick, text: texts[tick]!, x: at, anchor: 'middle' };
    return labelExtent(middle).from < edges.from ? { ...middle, x: edges.from, anchor: 'start' } : middle;
  };
  const end = ticks.length - 1;
  const last: AxisLabel = { tick: end, text: `${texts[end]} ${unit}`, x: x(ticks[end]!), anchor: 'end' };
  if (labelExtent(last).from < edges.from) return [{ ...last, x: edges.from, anchor: 'start' }];
  const others = ticks.slice(0, -1).map((_, tick) => place(tick));
  for (let stride = 1; stride < ticks.length; stride += 1) {
    const shown = others.filter((_, tick) => tick % stride === 0);
    if (!areApart(shown)) continue;
    // The unit makes the last label longer than the others: it may hide the one before it.
    return [...shown.filter((label) => areApart([label, last])), last];
  }
  return [last];
}

/**
 * Baselines for labels beside the right ends of curves, from the highest curve to the lowest, in SVG units: each is at the
 * height of its curve, and further away where two would overlap.
 * @param curves y of each curve's end, the highest (the least y) first
 * @param edges the baselines stay between these where all have room there
 */
export function endLabels(curves: readonly number[], edges: { top: number; bottom: number }): number[] {
  /** From the middle of a letter to its baseline. */
  const MIDDLE = 4;
  const placed: number[] = [];
  for (const y of curves) {
    const least = placed.length === 0 ? edges.top : placed.at(-1)! + LABEL_FONT;
    placed.push(Math.max(y + MIDDLE, least));
  }
  let below = edges.bottom;
  for (let i = placed.length - 1; i >= 0 && placed[i]! > below; i -= 1) {
    placed[i] = below;
    below -= LABEL_FONT;
  }
  return placed;
}

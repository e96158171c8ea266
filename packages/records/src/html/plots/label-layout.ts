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
 * Baselines for labels at the ends of curves, from the highest curve to the lowest, in SVG units: each is a little above
 * its curve, and further up where two would overlap.
 * @param curves y of each curve's end, the highest (the least y) first
 * @param top no label is higher
 */
export function endLabels(curves: readonly number[], top: number): number[] {
  const ABOVE = 8;
  const placed: number[] = [];
  let below = Number.POSITIVE_INFINITY;
  for (const y of [...curves].reverse()) {
    below = Math.min(y - ABOVE, below - LABEL_FONT);
    placed.unshift(below);
  }
  // Where the highest does not fit below the top edge, all that follow move down as far as they must.
  let above = top + LABEL_FONT;
  return placed.map((y) => {
    const at = Math.max(y, above);
    above = at + LABEL_FONT;
    return at;
  });
}

/** A time span on a recording, ms from its beginning. */
export interface Span {
  startMs: number;
  endMs: number;
}

/** Merges spans that are less than `gapMs` apart. The spans are in order. */
export function merged(spans: readonly Span[], gapMs: number): Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last && span.startMs - last.endMs < gapMs) last.endMs = Math.max(last.endMs, span.endMs);
    else out.push({ ...span });
  }
  return out;
}

import type { TimelineSegment } from './waterfall-layout.js';

/** The segments of a silence in one coloured line, in which `scaleMs` is the whole width. */
export function Strip({ segments, scaleMs }: { segments: readonly TimelineSegment[]; scaleMs: number }) {
  return (
    <span class="strip" aria-hidden="true">
      {segments.map(({ name, fromMs, durationMs, owner }) => (
        <span
          key={`${name} ${fromMs}`}
          class="bar"
          data-owner={owner.kind}
          style={{ width: `${((durationMs / scaleMs) * 100).toFixed(3)}%` }}
        />
      ))}
    </span>
  );
}

/** Root mean square of 16-bit samples, 0 to 32 768. */
export function rms(samples: Int16Array): number {
  if (samples.length === 0) return 0;
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length);
}

/** Root mean square of each whole frame. */
export function frameLevels(samples: Int16Array, frameSamples: number): number[] {
  return Array.from({ length: Math.floor(samples.length / frameSamples) }, (_, i) =>
    rms(samples.subarray(i * frameSamples, (i + 1) * frameSamples)),
  );
}

/** Position of the middle of the clip's quietest frame, in samples: the best place to cut. */
export function quietestPlace(samples: Int16Array, frameSamples: number): number {
  const levels = frameLevels(samples, frameSamples);
  const quietest = levels.indexOf(Math.min(...levels));
  return Math.max(0, Math.round((quietest + 0.5) * frameSamples));
}

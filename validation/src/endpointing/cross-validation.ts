import { DEFAULT_ENDPOINTING, type EndpointingOptions } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { commitDelays, cutShareOf, evaluate, type PolicyResult } from './evaluate.js';
import type { EndpointingRecording } from './pause.js';
import { firstwordPolicy, livekitPolicy } from './policies.js';

/** The parameters that are tried, of which each fold takes the best. */
export const CHOICES: readonly EndpointingOptions[] = [
  1000, 1300, 1600, 2000, 2500, 2900, 3500, 4200, 5200, 6500,
]
  .flatMap((cutOffCostMs) =>
    [800, 1000, 1200, 1400, 1600].map((maxDelayMs) => ({ cutOffCostMs, maxDelayMs })),
  )
  .flatMap((given) => [256, 350].map((minDelayMs) => ({ ...given, minDelayMs })));

const LIVEKIT = livekitPolicy(300, 2500);

/** Splits the lines alternately, so that both halves have all kinds. All voices of a line are in the same half. */
function halves({ livekit, firstword }: EndpointingRecording): [EndpointingRecording, EndpointingRecording] {
  const lines = new Set([...livekit, ...firstword].map(({ line }) => line));
  const order = new Map([...lines].map((line, i) => [line, i]));
  const half = (rest: number) => {
    const isIn = ({ line }: { line: string }) => order.get(line)! % 2 === rest;
    return { livekit: livekit.filter(isIn), firstword: firstword.filter(isIn) };
  };
  return [half(0), half(1)];
}

/** The parameters with the smallest sum of p50 and p95 that cut off no more lines than LiveKit's defaults. */
function fastestAtParity({ livekit, firstword: pauses }: EndpointingRecording): EndpointingOptions {
  const allowed = cutShareOf(livekit, LIVEKIT);
  let best: { options: EndpointingOptions; cost: number } | undefined;
  for (const options of CHOICES) {
    const policy = firstwordPolicy('', options);
    if (cutShareOf(pauses, policy) > allowed) continue;
    const delays = ascending(commitDelays(pauses, policy));
    const cost = percentile(delays, 50) + percentile(delays, 95);
    if (!best || cost < best.cost) best = { options, cost };
  }
  return best?.options ?? DEFAULT_ENDPOINTING;
}

/** Two-fold cross-validation: each half with parameters fitted to the other half, and with the defaults. */
export function crossValidate(recording: EndpointingRecording): PolicyResult[] {
  const [a, b] = halves(recording);
  return [
    { fitted: a, held: b, name: 'second half' },
    { fitted: b, held: a, name: 'first half' },
  ].flatMap(({ fitted, held, name }) => {
    const waits = fastestAtParity(fitted);
    const { cutOffCostMs, minDelayMs, maxDelayMs } = waits;
    const label = `${minDelayMs}/${maxDelayMs} ms, cost ${cutOffCostMs} ms, fitted to the other half`;
    return [
      evaluate(held.livekit, { ...LIVEKIT, name: `${name}: livekit 300/2500` }),
      evaluate(held.firstword, firstwordPolicy(`${name}: firstword (its defaults)`, DEFAULT_ENDPOINTING)),
      evaluate(held.firstword, firstwordPolicy(`${name}: ${label}`, waits)),
    ];
  });
}

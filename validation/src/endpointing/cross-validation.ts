import { DEFAULT_ENDPOINTING, type EndpointingOptions } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { commitDelays, cutShareOf, evaluate, type PolicyResult } from './evaluate.js';
import type { EndpointingRecording } from './pause.js';
import { firstwordPolicy, livekitPolicy } from './policies.js';

const SURE = [0.36, 0.45, 0.55];
const SURE_MS = [256, 300, 400];
const DOUBTFUL_MS = [256, 600, 1000, 1500, 2500];
const INCOMPLETE_MS = [0, 800, 1200, 1500];

const CHOICES: readonly EndpointingOptions[] = SURE.flatMap((sure) =>
  SURE_MS.flatMap((sureMs) =>
    DOUBTFUL_MS.filter((doubtfulMs) => doubtfulMs >= sureMs).flatMap((doubtfulMs) =>
      INCOMPLETE_MS.map((incompleteMs) => ({
        ...DEFAULT_ENDPOINTING,
        sure,
        sureMs,
        doubtfulMs,
        incompleteMs,
      })),
    ),
  ),
);

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
    const { sure, sureMs, doubtfulMs, incompleteMs } = waits;
    const label = `sure ${sure}, ${sureMs}/${doubtfulMs}/${incompleteMs} ms, fitted to the other half`;
    return [
      evaluate(held.livekit, { ...LIVEKIT, name: `${name}: livekit 300/2500` }),
      evaluate(held.firstword, firstwordPolicy(`${name}: firstword (its defaults)`, DEFAULT_ENDPOINTING)),
      evaluate(held.firstword, firstwordPolicy(`${name}: ${label}`, waits)),
    ];
  });
}

import { DEFAULT_ENDPOINTING, type EndpointingOptions } from '@firstword/turn';
import { ascending, percentile } from '@firstword/turn/statistics';
import { commitDelays, cutShareOf, evaluate, type PolicyFigures } from './evaluate.js';
import type { Recording } from './pause.js';
import { firstwordPolicy, livekitPolicy } from './policies.js';

const SURE = [0.36, 0.45, 0.55];
const SURE_MS = [256, 300, 400];
const DOUBTFUL_MS = [256, 600, 1000, 1500, 2500];
const OPEN_MS = [0, 800, 1200, 1500];

const CHOICES: readonly EndpointingOptions[] = SURE.flatMap((sure) =>
  SURE_MS.flatMap((sureMs) =>
    DOUBTFUL_MS.filter((doubtfulMs) => doubtfulMs >= sureMs).flatMap((doubtfulMs) =>
      OPEN_MS.map((incompleteMs) => ({ ...DEFAULT_ENDPOINTING, sure, sureMs, doubtfulMs, incompleteMs })),
    ),
  ),
);

const LIVEKIT = livekitPolicy(300, 2500);

/** Lines alternate, so that both halves have all kinds; a line's voices stay together. */
function halves({ livekit, firstword }: Recording): [Recording, Recording] {
  const lines = new Set([...livekit, ...firstword].map(({ line }) => line));
  const order = new Map([...lines].map((line, i) => [line, i]));
  const half = (rest: number) => {
    const isIn = ({ line }: { line: string }) => order.get(line)! % 2 === rest;
    return { livekit: livekit.filter(isIn), firstword: firstword.filter(isIn) };
  };
  return [half(0), half(1)];
}

/** The quickest waits, by p50 and p95 together, that cut no more lines off than LiveKit's defaults do. */
function quickestAtParity({ livekit, firstword: pauses }: Recording): EndpointingOptions {
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

/** Each half of the lines under waits that were fitted to the other, beside the same half under the defaults. */
export function splitReport(recording: Recording): PolicyFigures[] {
  const [a, b] = halves(recording);
  return [
    { fitted: a, held: b, name: 'second half' },
    { fitted: b, held: a, name: 'first half' },
  ].flatMap(({ fitted, held, name }) => {
    const waits = quickestAtParity(fitted);
    const { sure, sureMs, doubtfulMs, incompleteMs } = waits;
    const label = `sure ${sure}, ${sureMs}/${doubtfulMs}/${incompleteMs} ms, fitted to the other half`;
    return [
      evaluate(held.livekit, { ...LIVEKIT, name: `${name}: livekit 300/2500` }),
      evaluate(held.firstword, firstwordPolicy(`${name}: firstword (its defaults)`, DEFAULT_ENDPOINTING)),
      evaluate(held.firstword, firstwordPolicy(`${name}: ${label}`, waits)),
    ];
  });
}

import { DEFAULT_ENDPOINTING, type EndpointingOptions } from '@firstword/turn';
import { evaluate, type PolicyResult } from './evaluate.js';
import type { EndpointingRecording } from './pause.js';
import { firstwordPolicy, learnedPolicy, livekitPolicy, type Policy } from './policies.js';

/** LiveKit 1.9.0's default delays with a streaming end-of-turn model, ms. */
const LIVEKIT = livekitPolicy(300, 2500);

const firstwordWith = (name: string, change: Partial<EndpointingOptions> = {}): Policy =>
  firstwordPolicy(name, { ...DEFAULT_ENDPOINTING, ...change });

/** LiveKit's policy with several delays. */
const LIVEKIT_POLICIES: readonly Policy[] = [
  { ...LIVEKIT, name: 'livekit 300/2500 (its defaults)' },
  ...[500, 800, 1200].map((minDelayMs) => livekitPolicy(minDelayMs, 2500)),
  livekitPolicy(300, 1000),
];

/** Firstword's policy with one parameter changed at a time. */
const FIRSTWORD_POLICIES: readonly Policy[] = [
  firstwordWith('firstword (its defaults)'),
  firstwordWith('firstword without the words', { incompleteMs: 0 }),
  ...[256, 600, 2500].map((doubtfulMs) =>
    firstwordWith(`firstword, doubtfulMs ${doubtfulMs}`, { doubtfulMs }),
  ),
  ...[800, 1200, 2500].map((incompleteMs) =>
    firstwordWith(`firstword, incompleteMs ${incompleteMs}`, { incompleteMs }),
  ),
  ...[0, 0.6, 0.95].map((incompleteConfidence) =>
    firstwordWith(`firstword, incompleteConfidence ${incompleteConfidence}`, { incompleteConfidence }),
  ),
  ...[0.45, 0.55, 0.65].map((sure) => firstwordWith(`firstword, sure ${sure}`, { sure })),
  ...[[160], [256], [160, 416]].map((queriesMs) =>
    firstwordPolicy(`firstword, asked at ${queriesMs.join(' and ')}`, DEFAULT_ENDPOINTING, queriesMs),
  ),
  ...[400, 600].map((sureMs) => firstwordWith(`firstword, sureMs ${sureMs}`, { sureMs })),
];

/** The trade-off between commit delay and cut-offs: every policy on the recorded lines. */
export function curve({ livekit, firstword }: EndpointingRecording): PolicyResult[] {
  const learned = learnedPolicy('firstword, learned per voice', DEFAULT_ENDPOINTING, firstword);
  return [
    ...LIVEKIT_POLICIES.map((policy) => evaluate(livekit, policy)),
    ...[...FIRSTWORD_POLICIES, learned].map((policy) => evaluate(firstword, policy)),
  ];
}

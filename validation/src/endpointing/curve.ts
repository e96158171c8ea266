import { DEFAULT_ENDPOINTING, ENDPOINTING_PRESETS, type EndpointingOptions } from '@firstword/turn';
import { evaluate, type PolicyResult } from './evaluate.js';
import type { EndpointingRecording } from './pause.js';
import { firstwordPolicy, livekitPolicy, type Policy } from './policies.js';

/** LiveKit 1.9.0's default delays with a streaming end-of-turn model, ms. */
const LIVEKIT = livekitPolicy(300, 2500);

const firstwordWith = (name: string, change: Partial<EndpointingOptions>): Policy =>
  firstwordPolicy(name, { ...DEFAULT_ENDPOINTING, ...change });

/** LiveKit's policy with several delays. */
const LIVEKIT_POLICIES: readonly Policy[] = [
  { ...LIVEKIT, name: 'livekit 300/2500 (its defaults)' },
  ...[500, 800, 1200].map((minDelayMs) => livekitPolicy(minDelayMs, 2500)),
  livekitPolicy(300, 1000),
];

/** Firstword's presets, and its default with one thing changed at a time. */
const FIRSTWORD_POLICIES: readonly Policy[] = [
  ...Object.entries(ENDPOINTING_PRESETS).map(([name, options]) =>
    firstwordPolicy(`firstword ${name}`, options),
  ),
  firstwordPolicy('firstword without the words', DEFAULT_ENDPOINTING, { words: false }),
  ...[800, 2500].map((maxDelayMs) => firstwordWith(`firstword, maxDelayMs ${maxDelayMs}`, { maxDelayMs })),
  ...[400, 600].map((minDelayMs) => firstwordWith(`firstword, minDelayMs ${minDelayMs}`, { minDelayMs })),
  ...[[160], [256], [160, 416]].map((queriesMs) =>
    firstwordPolicy(`firstword, asked at ${queriesMs.join(' and ')}`, DEFAULT_ENDPOINTING, { queriesMs }),
  ),
];

/** The trade-off between commit delay and cut-offs: every policy on the recorded lines. */
export function curve({ livekit, firstword }: EndpointingRecording): PolicyResult[] {
  return [
    ...LIVEKIT_POLICIES.map((policy) => evaluate(livekit, policy)),
    ...FIRSTWORD_POLICIES.map((policy) => evaluate(firstword, policy)),
  ];
}

import { DEFAULT_ENDPOINTING, type EndpointingOptions } from '@firstword/turn';
import { evaluate, type PolicyFigures } from './evaluate.js';
import type { Recording } from './pause.js';
import { firstwordPolicy, learnedPolicy, livekitPolicy, type Policy } from './policies.js';

/** LiveKit 1.9.0's delays with a streaming end-of-turn model, ms. */
const LIVEKIT = livekitPolicy(300, 2500);

const ours = (name: string, change: Partial<EndpointingOptions> = {}): Policy =>
  firstwordPolicy(name, { ...DEFAULT_ENDPOINTING, ...change });

/** LiveKit with shorter and longer delays. */
const LIVEKITS: readonly Policy[] = [
  { ...LIVEKIT, name: 'livekit 300/2500 (its defaults)' },
  ...[500, 800, 1200].map((minDelayMs) => livekitPolicy(minDelayMs, 2500)),
  livekitPolicy(300, 1000),
];

/** Firstword, with one thing changed at a time. */
const OURS: readonly Policy[] = [
  ours('firstword (its defaults)'),
  ours('firstword without the words', { incompleteMs: 0 }),
  ...[256, 600, 2500].map((doubtfulMs) => ours(`firstword, doubtfulMs ${doubtfulMs}`, { doubtfulMs })),
  ...[800, 1200, 2500].map((incompleteMs) =>
    ours(`firstword, incompleteMs ${incompleteMs}`, { incompleteMs }),
  ),
  ...[0, 0.6, 0.95].map((incompleteConfidence) =>
    ours(`firstword, incompleteConfidence ${incompleteConfidence}`, { incompleteConfidence }),
  ),
  ...[0.45, 0.55, 0.65].map((sure) => ours(`firstword, sure ${sure}`, { sure })),
  firstwordPolicy('firstword, asked at 224', DEFAULT_ENDPOINTING, { atMs: 224 }),
  firstwordPolicy('firstword, asked at 256', DEFAULT_ENDPOINTING, { atMs: 256 }),
  firstwordPolicy('firstword, asked again at 416', DEFAULT_ENDPOINTING, { againAtMs: 416 }),
  ...[400, 600].map((sureMs) => ours(`firstword, sureMs ${sureMs}`, { sureMs })),
];

/** The whole trade-off on some recorded lines. */
export function curve({ livekit, firstword }: Recording): PolicyFigures[] {
  const learned = learnedPolicy('firstword, learned per voice', DEFAULT_ENDPOINTING, firstword);
  return [
    ...LIVEKITS.map((policy) => evaluate(livekit, policy)),
    ...[...OURS, learned].map((policy) => evaluate(firstword, policy)),
  ];
}

import type { LabelledCase } from '../doctor-corpus/cases.js';
import type { SetUpChanges } from '../doctor-corpus/set-up.js';
import { HEALTHY, type RealtimeSetUp } from './set-up.js';

/** One case: the injected causes and the set-up that injects them. */
export interface RealtimeCase extends LabelledCase {
  setUp: RealtimeSetUp;
}

type Changes = Partial<RealtimeSetUp>;

const silence = (ms: number): Changes => ({
  turnDetection: { type: 'server_vad', silence_duration_ms: ms },
});
const semantic = (eagerness: 'low' | 'medium' | 'high', incompleteEvery: number): Changes => ({
  turnDetection: { type: 'semantic_vad', eagerness },
  incompleteEvery,
});
const faulty = (
  kind: 'silent-generation' | 'no-audio' | 'silent-audio' | 'never-created',
  every: number,
): Changes => ({
  turnsPerCall: 10,
  faults: { rules: [{ fault: { kind }, every }] },
});
const late = (delayMs: number, every: number): Changes => ({
  turnsPerCall: 10,
  faults: { rules: [{ fault: { kind: 'late-audio', delayMs }, every }] },
});
const firstAudio = (p50Ms: number, p95Ms: number): Changes => ({ firstAudio: { p50Ms, p95Ms } });
/** A cascade without the levers, with a wait of LiveKit's default. */
const cascadeOf = (p50Ms: number, firstByteMs: number): Changes => ({
  cascade: {
    calls: 2,
    turnsPerCall: 6,
    llm: { profile: { p50Ms, p95Ms: p50Ms * 1.4, maxMs: p50Ms * 2 } },
    tts: { firstByteMs: [firstByteMs, firstByteMs + 60] },
    levers: { speculation: false, preemptiveTts: false },
    preemptiveGeneration: false,
    turn: { minDelayMs: 350 },
  } satisfies SetUpChanges,
});

/** Each cause with its strengths, by the id of the rule that has to find it. */
const CAUSES: Readonly<Record<string, readonly Changes[]>> = {
  'realtime-turn-silence': [silence(800), silence(1000), silence(1200), silence(1500), silence(2000)],
  'realtime-eagerness': [
    semantic('low', 2),
    semantic('low', 3),
    semantic('medium', 2),
    semantic('medium', 3),
    semantic('low', 4),
  ],
  'realtime-leading-silence': [
    { leadingSilenceMs: 250 },
    { leadingSilenceMs: 350 },
    { leadingSilenceMs: 500 },
    { leadingSilenceMs: 700 },
  ],
  'realtime-silent-responses': [
    faulty('silent-generation', 5),
    faulty('silent-audio', 6),
    faulty('no-audio', 7),
    { ...faulty('silent-generation', 4), rescueAfterMs: 3000 },
    { ...faulty('never-created', 5), rescueAfterMs: 2500 },
    { ...faulty('silent-audio', 5), rescueAfterMs: 2000 },
    { ...faulty('silent-generation', 8), rescueAfterMs: 3000 },
  ],
  'realtime-tools': [
    { tool: { every: 2, tookMs: 600 } },
    { tool: { every: 2, tookMs: 1500 } },
    { tool: { every: 3, tookMs: 1000 } },
    { tool: { every: 3, tookMs: 2500 } },
  ],
  'realtime-slow': [
    firstAudio(1700, 2200),
    firstAudio(2400, 3000),
    firstAudio(1500, 4000),
    late(2500, 4),
    late(4000, 5),
  ],
  'realtime-distance': [{ rttMs: 260 }, { rttMs: 320 }, { rttMs: 400 }],
  'realtime-behind-cascade': [
    firstAudio(1004, 1100),
    firstAudio(1120, 1220),
    { ...cascadeOf(180, 60) },
    { ...cascadeOf(220, 100), ...firstAudio(760, 900) },
  ],
  'cascade-behind-realtime': [
    { ...cascadeOf(750, 300), ...firstAudio(420, 500), ...silence(300) },
    { ...cascadeOf(900, 250), ...firstAudio(420, 500) },
    { ...cascadeOf(1100, 350) },
    { ...cascadeOf(650, 500), ...firstAudio(380, 450), ...silence(400) },
  ],
};

/** Two causes at a time, each with its second strength. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['realtime-turn-silence', 'realtime-leading-silence'],
  ['realtime-turn-silence', 'realtime-tools'],
  ['realtime-slow', 'realtime-leading-silence'],
  ['realtime-silent-responses', 'realtime-turn-silence'],
  ['realtime-eagerness', 'realtime-leading-silence'],
  ['realtime-tools', 'realtime-leading-silence'],
  ['realtime-slow', 'realtime-turn-silence'],
  ['realtime-distance', 'realtime-leading-silence'],
];

/** Healthy agents that differ in one property or two. */
const HEALTHY_VARIANTS: Readonly<Record<string, Changes>> = {
  plain: {},
  'one long call': { calls: 1, turnsPerCall: 12 },
  'short calls': { calls: 4, turnsPerCall: 3 },
  'a shorter silence': silence(300),
  'the silence of xAI': silence(200),
  'a faster model': firstAudio(380, 480),
  'a model with a spread': firstAudio(560, 1000),
  'semantic turn detection': { turnDetection: { type: 'semantic_vad', eagerness: 'medium' } },
  'semantic, eager': { turnDetection: { type: 'semantic_vad', eagerness: 'high' } },
  'semantic, patient, complete sentences': { turnDetection: { type: 'semantic_vad', eagerness: 'low' } },
  'a little silence': { leadingSilenceMs: 50 },
  'a longer way': { rttMs: 90 },
  'a later creation': { createdMs: 150 },
  'asked again if silent, which it never is': { rescueAfterMs: 3000 },
  'a fast tool': { tool: { every: 7, tookMs: 20 }, ...firstAudio(300, 360) },
  'beside a cascade as fast': { ...cascadeOf(330, 150), ...firstAudio(420, 520) },
};

const caseOf = (name: string, causes: readonly string[], changes: Changes): RealtimeCase => ({
  name: `realtime, ${name}`,
  causes,
  setUp: { ...HEALTHY, ...changes },
});

/** Every case of the corpus. A name decides whether a case is held out, and its seed: names must not change. */
export const REALTIME_CASES: readonly RealtimeCase[] = [
  ...Object.entries(CAUSES).flatMap(([rule, strengths]) =>
    strengths.map((changes, at) => caseOf(`${rule} ${at + 1}`, [rule], changes)),
  ),
  ...PAIRS.map(([one, other]) =>
    caseOf(`${one} and ${other}`, [one, other], { ...CAUSES[one]![1], ...CAUSES[other]![1] }),
  ),
  ...Object.entries(HEALTHY_VARIANTS).map(([name, changes]) => caseOf(`healthy, ${name}`, [], changes)),
];

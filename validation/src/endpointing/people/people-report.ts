import {
  baseLanguage,
  DEFAULT_ENDPOINTING,
  ENDPOINTING_PRESETS,
  type EndpointingOptions,
} from '@firstword/turn';
import { ascending, mean, percentile } from '@firstword/turn/statistics';
import { type BootstrappedFigure, bootstrapped } from '../bootstrapped.js';
import { CHOICES } from '../cross-validation.js';
import { commitDelays, cutShareOf, cutsOff } from '../evaluate.js';
import { foldsOf } from '../folds.js';
import type { EndpointingRecording, RecordedPause } from '../pause.js';
import { firstwordPolicy, livekitPolicy, type Policy, withFinalsAfter } from '../policies.js';

/** A policy on people's pauses. Intervals resample speakers. */
export interface PeopleResult {
  policy: string;
  /** Kind of recording; `all` for all together; a language other than English for its recordings of every kind. */
  kind: string;
  /** Number of natural ends, and of pauses inside turns in which a session may commit. */
  ends: number;
  pauses: number;
  /** From the last speech sample to the commit at an end, ms. */
  meanMs: BootstrappedFigure;
  p50Ms: BootstrappedFigure;
  p95Ms: BootstrappedFigure;
  /** Share of the pauses, and of the turns, that were cut off. */
  pausesCut: BootstrappedFigure;
  turnsCut: BootstrappedFigure;
}

const LIVEKIT: Policy = { ...livekitPolicy(300, 2500), name: 'livekit 300/2500 (its defaults)' };

const isInside = ({ resumedAfterMs }: RecordedPause) => resumedAfterMs !== undefined;
const cutShare = (pauses: readonly RecordedPause[], policy: Policy) =>
  mean(pauses.filter(isInside).map((pause) => (cutsOff(policy, pause) ? 1 : 0)));

/** The English recordings of each kind and of all, and those of each other language. */
export function groupsOf({ kind, language = 'en' }: RecordedPause): string[] {
  const base = baseLanguage(language) ?? language;
  return base === 'en' ? ['all', ...(kind === undefined ? [] : [kind])] : [base];
}

function resultOf(policy: Policy, kind: string, all: readonly RecordedPause[]): PeopleResult {
  const pauses = all.filter((pause) => groupsOf(pause).includes(kind));
  const figure = (statistic: (drawn: readonly RecordedPause[]) => number) =>
    bootstrapped(pauses, ({ voice }) => voice, statistic);
  const delays = (drawn: readonly RecordedPause[]) => ascending(commitDelays(drawn, policy));
  return {
    policy: policy.name,
    kind,
    ends: pauses.filter(({ end }) => end).length,
    pauses: pauses.filter(isInside).length,
    meanMs: figure((drawn) => mean(delays(drawn))),
    p50Ms: figure((drawn) => percentile(delays(drawn), 50)),
    p95Ms: figure((drawn) => percentile(delays(drawn), 95)),
    pausesCut: figure((drawn) => cutShare(drawn, policy)),
    turnsCut: figure((drawn) => cutShareOf(drawn, policy)),
  };
}

/** The parameters with the least mean delay that cut off at most this share of the pauses. */
export function fastestWithin(pauses: readonly RecordedPause[], share: number): EndpointingOptions {
  let best: { options: EndpointingOptions; meanMs: number } | undefined;
  for (const options of CHOICES) {
    const policy = firstwordPolicy('', options);
    if (cutShare(pauses, policy) > share) continue;
    const meanMs = mean(commitDelays(pauses, policy));
    if (!best || meanMs < best.meanMs) best = { options, meanMs };
  }
  return best?.options ?? DEFAULT_ENDPOINTING;
}

const FOLDS = 5;

/**
 * The fastest parameters at LiveKit's share of cut pauses, chosen for each fifth of the speakers on the other four fifths:
 * nobody is measured with what was fitted to them.
 */
export function crossValidated({ livekit, firstword }: EndpointingRecording): Policy {
  const foldOf = foldsOf(
    firstword.map(({ voice }) => voice),
    FOLDS,
  );
  const policies = Array.from({ length: FOLDS }, (_, fold) => {
    const isOther = ({ voice }: RecordedPause) => foldOf.get(voice) !== fold;
    const share = cutShare(livekit.filter(isOther), LIVEKIT);
    return firstwordPolicy('', fastestWithin(firstword.filter(isOther), share));
  });
  return {
    name: 'firstword, fitted to other speakers',
    waitMs: (pause) => policies[foldOf.get(pause.voice) ?? 0]!.waitMs(pause),
  };
}

/**
 * LiveKit's defaults, Firstword's presets, and Firstword fitted to other speakers, on all recordings and on each kind.
 * @param options.finalAfterMs how long after the last sound final transcripts come, ms; default 0: the STT is never waited for
 */
export function peopleReport(
  recording: EndpointingRecording,
  { finalAfterMs = 0 }: { finalAfterMs?: number } = {},
): PeopleResult[] {
  const { livekit, firstword } = recording;
  const result = (policy: Policy, kind: string, pauses: readonly RecordedPause[]) =>
    resultOf(withFinalsAfter(policy, finalAfterMs), kind, pauses);
  const presets = Object.entries(ENDPOINTING_PRESETS);
  const ours = [
    ...presets.map(([name, options]) => firstwordPolicy(`firstword ${name}`, options)),
    crossValidated(recording),
  ];
  const groups = [...new Set(['all', ...firstword.flatMap(groupsOf)])];
  return groups
    .filter((kind) => firstword.some((pause) => pause.end && groupsOf(pause).includes(kind)))
    .flatMap((kind) => [
      result(LIVEKIT, kind, livekit),
      ...ours.map((policy) => result(policy, kind, firstword)),
    ]);
}

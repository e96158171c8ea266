import {
  type Arm,
  type CallOutcome,
  type ComparisonOptions,
  playComparison,
  type SpokenCall,
} from '@firstword/calls';
import type { LanguageModel } from '@firstword/llm';
import { LlmShelf } from '../../llm/shelf.js';
import { APOLOGY, GREETING, INSTRUCTIONS } from '../../receptionist.js';
import type { VoiceParts } from '../../voice-parts.js';
import type { CompareOptions } from './options.js';
import type { ComparePlan, Subject } from './plan.js';
import { openSetup } from './setups.js';

/** Begins the names of a run's files. */
function newRunId(): string {
  return new Date().toISOString().replace(/\D/g, '').slice(0, 14);
}

/**
 * A shelf for each arm: what one has used up or learned is not the other's. The same question meets the same delay in
 * every arm, so that their difference is not the luck of the draw.
 */
async function openModels(options: {
  arms: readonly Arm[];
  subject: Subject;
  compare: CompareOptions;
  memories: ComparePlan['memories'];
  shelves: LlmShelf[];
  signal: AbortSignal;
}): Promise<Map<string, LanguageModel>> {
  const { arms, subject, compare, memories, shelves, signal } = options;
  const { setup } = subject;
  const models = new Map<string, LanguageModel>();
  for (const arm of arms) {
    const shelf = new LlmShelf({ seed: compare.seed, ttftSequence: 'per-question' });
    shelves.push(shelf);
    const memory = memories.get(arm.name);
    const model = setup
      ? await openSetup({ setup, shelf, routed: arm.levers !== undefined, memory, signal })
      : await shelf.get(compare.profile, { signal });
    models.set(arm.name, model);
  }
  return models;
}

/** Plays every call of one comparison; outcomes are handed over as they come, so that stopping loses none. */
export async function playSubject(options: {
  compare: CompareOptions;
  subject: Subject;
  arms: readonly Arm[];
  memories: ComparePlan['memories'];
  calls: readonly SpokenCall[];
  parts: VoiceParts;
  dir: string;
  isPlayed: NonNullable<ComparisonOptions['isPlayed']>;
  onCall: NonNullable<ComparisonOptions['onCall']>;
  onOutcome: (outcome: CallOutcome) => void;
  signal: AbortSignal;
}): Promise<void> {
  const { compare, subject, arms, memories, calls, parts, dir, isPlayed, onCall, onOutcome, signal } =
    options;
  const shelves: LlmShelf[] = [];
  try {
    const models = await openModels({ arms, subject, compare, memories, shelves, signal });
    await playComparison({
      arms,
      calls,
      rounds: compare.rounds,
      seed: compare.seed,
      warmUp: compare.warmUp,
      agentOf: (arm) => ({
        stt: parts.stt,
        tts: parts.agentVoice,
        llm: models.get(arm.name)!,
        instructions: INSTRUCTIONS,
        greeting: GREETING,
        apology: APOLOGY,
      }),
      dir,
      runId: newRunId(),
      transcripts: compare.transcripts ?? false,
      isPlayed,
      onCall,
      onOutcome,
      signal,
    });
  } finally {
    for (const shelf of shelves) await shelf.close();
  }
}

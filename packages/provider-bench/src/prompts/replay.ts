import { readTurns } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import type { Exchange } from './language.js';
import type { Script } from './prompts.js';

/** More calls than this say nothing more about a provider. */
const MAX_CALLS = 200;

/**
 * The conversations of recorded calls (turn records with transcripts), a call a script, each with this system prompt.
 * @throws FirstwordError `bad_input` where there are no records, or none with what both sides said
 */
export async function replayedScripts(options: {
  path: string;
  system: string;
  /** BCP 47, for the samples: records do not tell it. */
  language: string;
  signal: AbortSignal;
}): Promise<Script[]> {
  const { path, system, language, signal } = options;
  const calls = new Map<string, Exchange[]>();
  for await (const { callId, transcript } of readTurns(path, { signal, onBadLine: () => {} })) {
    if (!transcript?.caller || !transcript.agent) continue;
    if (!calls.has(callId) && calls.size >= MAX_CALLS) continue;
    const call = calls.get(callId) ?? [];
    call.push({ caller: transcript.caller, agent: transcript.agent });
    calls.set(callId, call);
  }
  if (calls.size === 0) {
    throw new FirstwordError(
      'bad_input',
      `the records at ${path} hold no words to replay: record calls with transcripts on (--transcripts).`,
    );
  }
  return [...calls.values()].map((call) => ({ language, system, call }));
}

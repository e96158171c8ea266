import { readTurns } from '@firstword/records';
import { FirstwordError } from '@firstword/turn';
import type { Exchange } from './language.js';
import type { Script } from './prompts.js';

/** At most this many calls are replayed. */
const MAX_CALLS = 200;

/**
 * Scripts from recorded calls (turn records with transcripts), one per call, each with the given system prompt.
 * @throws FirstwordError `bad_input` where there are no records with transcripts of both sides
 */
export async function replayedScripts(options: {
  path: string;
  system: string;
  /** BCP 47 code for the samples, because records do not contain the language. */
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
      `the records at ${path} contain no transcripts to replay: record calls with --transcripts.`,
    );
  }
  return [...calls.values()].map((call) => ({ language, system, call }));
}

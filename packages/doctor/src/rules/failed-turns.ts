import type { TurnFailure } from '@firstword/turn';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { failedByReason } from '../failed-turns.js';
import { confidenceFrom, evidenceLine } from '../figures.js';
import type { Finding } from '../finding.js';
import type { Rule } from '../rule.js';
import { findingOf, sameRemedy } from './finding-of.js';
import { isSilentTurn } from './realtime-silent-responses.js';

const BACKUP: Finding['fix'] = {
  livekit: {
    text: 'Add a second provider, and give its attempts a short timeout',
    code: 'new llm.FallbackAdapter({ llms: [a, b], attemptTimeout: 1.5, maxRetryPerLLM: 0 })',
    python: 'llm.FallbackAdapter([a, b], attempt_timeout=1.5, max_retry_per_llm=0)',
  },
  firstword: {
    text: 'A router asks the next model at once when one fails before its first words',
    code: 'router({ models: [a, b] })',
  },
};

const KEY = sameRemedy(
  'Check the key, its project and its permissions: the provider refuses it',
  'curl $BASE_URL/models -H "Authorization: Bearer $KEY"',
);

const FIXES: Readonly<Record<string, Finding['fix']>> = {
  auth: KEY,
  model_not_found: sameRemedy(
    'List the models that the provider serves, and change the name',
    'curl $BASE_URL/models -H "Authorization: Bearer $KEY"',
  ),
  prepare_failed: sameRemedy('Let `prepare` catch its own errors, and answer without what it could not load'),
  empty_answer: sameRemedy(
    'Log such a request and its `finish` reason: a filter, or a token limit spent on reasoning',
  ),
  no_words: sameRemedy(
    'Try another STT or model, for the telephone or the language of the callers, and look at the level of their audio',
  ),
  no_audio: sameRemedy('Look at the text of such an answer: a TTS says nothing for emoji or Markdown alone'),
};

/** For a realtime model, which neither a router nor a fallback of LLMs replaces. */
const REALTIME_BACKUP: Finding['fix'] = {
  livekit: {
    text: 'Add a second model: Python has an adapter that goes on with it in the same conversation; in Node, answer such a turn with STT, LLM and TTS',
    python: 'llm.RealtimeModelFallbackAdapter([a, b])',
  },
  firstword: {
    text: '`AgentSession` asks a realtime model again when nothing is heard; an error of the provider ends the turn',
  },
};

function fixOf({ failure, isRealtime }: EvidenceTurn): Finding['fix'] {
  const fix = fixOfFailure(failure);
  return isRealtime && fix === BACKUP ? REALTIME_BACKUP : fix;
}

function fixOfFailure(failure: TurnFailure | undefined): Finding['fix'] {
  if (failure?.part === 'tts' && FIXES[failure.code] === undefined)
    return sameRemedy(
      'Add a second voice, and cache the apology’s audio so that it can be said without the TTS',
    );
  return FIXES[failure?.code ?? ''] ?? BACKUP;
}

function seenText(reason: string, turns: readonly EvidenceTurn[]): string {
  const of = (outcome: EvidenceTurn['outcome']) => turns.filter((turn) => turn.outcome === outcome).length;
  const [apologies, asked, broken] = [of('apology'), of('asked_again'), of('cut_short')];
  const how = [
    apologies > 0 ? `${apologies} with an apology` : '',
    asked > 0 ? `${asked} with a question to repeat` : '',
    broken > 0 ? `${broken} broke off` : '',
  ].filter(Boolean);
  return `${reason}${how.length > 0 ? ` (${how.join(', ')})` : ''}`;
}

/** A log without outcomes: LiveKit says that it gave up on the LLM, and no metrics follow. */
function unanswered(rule: Rule, turns: number, events: Evidence['events']): Finding[] {
  const failures = events.filter(({ kind }) => kind === 'llm failed');
  const closed = events.filter(({ kind }) => kind === 'session closed');
  const count = Math.max(failures.length, closed.length);
  // A quota or an unknown model has a finding of its own.
  if (count === 0 || events.some(({ kind }) => kind === 'quota used up' || kind === 'model refused'))
    return [];
  const ended = closed.length > 0 ? ', and the session was closed: the caller hears nothing more' : '';
  return [
    findingOf(rule, {
      verdict: `LiveKit gives up on ${count} answers: every attempt at the LLM failed${ended}. Their silence is in no figure.`,
      evidence: [...failures, ...closed]
        .slice(0, 3)
        .map(({ place }) => evidenceLine(`given up at ${place}`, [])),
      confidence: { value: 0.95, why: 'LiveKit says so' },
      failedShare: count / (turns + count),
      fix: BACKUP,
      check: 'The errors are gone from the log; `firstword report --budget failed=0` exits with 0.',
    }),
  ];
}

/** Finds turns without an answer, or with one that broke off. */
export const failedTurns: Rule = {
  id: 'failed-turns',
  title: 'Turns fail',
  looksFor: 'turns that failed, were answered by an apology, or whose answer broke off',
  needs: 'the outcome of the turns: Firstword’s records, or exports that report errors',
  part: 'whole turn',
  examine({ turns, events }) {
    // Silent responses of a realtime model have a rule of their own.
    const found = failedByReason(turns.filter((turn) => !isSilentTurn(turn))).map(([reason, failed]) => {
      const failedShare = failed.length / turns.length;
      const { llm, failure } = failed[0]!;
      const who = llm && failure?.part === 'llm' ? ` (${llm.provider} ${llm.model})` : '';
      return findingOf(this, {
        verdict: `${failed.length} of ${turns.length} turns failed: ${reason}${who}. Their silence is in no figure.`,
        evidence: [evidenceLine(seenText(reason, failed), failed)],
        confidence: confidenceFrom(0.98, failed.length, 'the error was recorded with the turn'),
        failedShare,
        fix: fixOf(failed[0]!),
        check: '`firstword report --budget failed=0` exits with 0.',
      });
    });
    return found.length > 0 ? found : unanswered(this, turns.length, events);
  },
};

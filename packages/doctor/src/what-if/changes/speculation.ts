import { type MarkName, timesOf } from '@firstword/turn';
import { type Change, rejectValue } from '../change.js';
import { hasMarks, type ReplayPlan } from '../replay-plan.js';
import { ttsGateOf } from '../tts-gate.js';

const USUAL_KEPT = 0.8;

/** The last interim transcript has all words only if it came after the end of speech; the final one always has them. */
function startOf(plan: ReplayPlan): MarkName | undefined {
  const times = timesOf(plan);
  const endedMs = times.get('speechEnded')!;
  return (['interimTranscript', 'finalTranscript'] as const).find(
    (mark) => (times.get(mark) ?? Number.NEGATIVE_INFINITY) >= endedMs,
  );
}

/** Starts the LLM, and the user's code before it, with the words instead of with the commit. */
function startEarly(plan: ReplayPlan, from: MarkName): void {
  const times = timesOf(plan);
  if (times.get('llmRequested')! <= times.get(from)!) return;
  if (hasMarks(plan, 'logicStarted', 'logicEnded')) {
    plan.dependencies.set('logicStarted', [{ from, lagMs: 0 }]);
    plan.dependencies.set('llmRequested', [{ from: 'logicEnded', lagMs: 0 }]);
  } else plan.dependencies.set('llmRequested', [{ from, lagMs: 0 }]);
}

/** Starts the LLM on words that are probably complete. */
export const speculation: Change = {
  name: 'speculation',
  usage: 'speculation[=KEPT]',
  what: 'the LLM starts on the last interim transcript; KEPT of the starts (default 0.8) are kept',
  prepare(value, study) {
    const kept = value === undefined || value === 'on' ? USUAL_KEPT : Number(value);
    if (!(kept >= 0 && kept <= 1)) throw rejectValue(this, value, 'a share from 0 to 1');
    const gate = ttsGateOf(study);
    return {
      text: `speculation, ${Math.round(kept * 100)} % kept`,
      assumes: [
        'a start that is kept begins at the last interim transcript after the caller’s last sound, or else at the final one; another costs nothing but tokens',
        'your own code before the LLM is moved to `prepare`, and runs with it',
        gate.assumes,
      ],
      cannotKnow: [
        'how sure the speech-to-text was, and so which starts would be kept',
        'what the starts cost in tokens',
      ],
      gap: {
        missing: ({ plan }) => {
          if (!hasMarks(plan, 'llmRequested', 'firstContent', 'turnCommitted'))
            return 'no commit, or no time to first content';
          if (!hasMarks(plan, 'ttsRequested')) return 'the voice’s start was not recorded';
          return startOf(plan) ? undefined : 'no transcript’s time was recorded';
        },
        apply(plan, turn, random) {
          if (random.uniform() >= kept) return;
          startEarly(plan, startOf(plan)!);
          gate.hold(plan, turn);
        },
      },
    };
  },
};

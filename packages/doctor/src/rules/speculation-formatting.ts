import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, percent, savingOn } from '../figures.js';
import type { Rule } from '../rule.js';
import { hasLedger } from '../waited.js';
import { findingOf } from './finding-of.js';
import { hasSpeculated, MAX_DISCARDED, savedFromInterimMs, wasDiscarded } from './speculated.js';

const MIN_TURNS = 3;
const MAX_LOGIC_MS = 3;

/** Speculated and discarded although no user code ran: the final transcript differed from the one it began with. */
const isVoid = (turn: EvidenceTurn): boolean =>
  wasDiscarded(turn) && (turn.parts.logicMs ?? 0) < MAX_LOGIC_MS;
/** Restarted at the final transcript: kept, but late. */
const isRestarted = ({ speculation }: EvidenceTurn): boolean =>
  speculation !== undefined &&
  speculation.kept === 1 &&
  speculation.cancelled > 0 &&
  (speculation.hiddenMs ?? 0) < 100;

/** Finds speculative answers that are discarded although only the formatting of the transcript changed. */
export const speculationFormatting: Rule = {
  id: 'speculation-formatting',
  title: 'Speculative answers are discarded over spelling',
  looksFor:
    'speculations that are cancelled when the final transcript comes: LiveKit compares it letter by letter',
  needs: 'Firstword’s records',
  part: 'speculation',
  examine(evidence) {
    const started = evidence.answered.filter((turn) => hasLedger(turn) && hasSpeculated(turn));
    const turns = started.filter((turn) => isVoid(turn) || isRestarted(turn));
    if (turns.length < MIN_TURNS || turns.length < MAX_DISCARDED * started.length) return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => {
        const most = members.has(turn) ? savedFromInterimMs(turn) : 0;
        return [most * 0.4, most * 0.8, most];
      },
      'transcripts with the same words count as equal, whatever their formatting',
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(this, {
        verdict: `${percent(turns.length / started.length)} of the speculative answers are cancelled when the final transcript comes, and none of your code ran: its formatting differs from the transcript they began with.`,
        evidence: [
          evidenceLine('cancelled or begun anew at the final transcript', turns, savedFromInterimMs),
        ],
        confidence: confidenceFrom(
          0.68,
          turns.length,
          'callers who said more are the other possible reason; records contain no words to distinguish them',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Configure the same formatting for interim and final transcripts',
            code: 'new deepgram.STT({ smartFormat: false, punctuate: false, numerals: false })',
          },
          firstword: {
            text: 'EagerSTT reports a final transcript with the same words in the spelling that the speculation began with',
            code: 'new AgentSession({ stt, llm, tts, firstword: { levers: { speculation: true } } })',
          },
        },
        check: '`speculation.cancelled` is 0 in turns of one sentence.',
        experiment: 'Record one call with `transcripts: true` and compare each preflight with its final.',
        logNext: {
          text: 'Log both spellings for one call',
          code: 'session.on(voice.AgentSessionEventTypes.UserInputTranscribed, (e) => console.log(e.isFinal, e.transcript));',
        },
      }),
    ];
  },
};

import type { Turn } from '../evidence.js';
import { isWorthTelling, median, ms, percent, proof, savingOn, sureFrom } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './make.js';

const isCold = ({ llm }: Turn): boolean => llm?.connection !== undefined && llm.connection.state !== 'reused';

export const coldConnection: Rule = {
  id: 'cold-connection',
  title: 'The connection to the LLM is cold',
  looksFor: 'requests that first had to look up, connect and shake hands: at the first turn, or after idling',
  needs: 'Firstword’s records',
  part: 'LLM',
  examine(evidence) {
    const turns = evidence.answered.filter((turn) => isCold(turn) && waitedMs(turn, 'connection') > 0);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? waitedMs(turn, 'connection') : 0),
      'a connection that is there when the request is made',
    );
    if (!isWorthTelling(saving)) return [];
    const first = turns.filter(({ turn }) => turn === 1).length;
    const wait = median(turns.map((turn) => waitedMs(turn, 'connection')))!;
    const share = percent(turns.length / evidence.answered.length);
    return [
      findingOf(this, {
        verdict: `${share} of the turns wait ${ms(wait)} for a new connection to the LLM; ${first} of these ${turns.length} are first turns.`,
        evidence: [
          proof(`connecting took ${ms(wait)} in the middle, n ${turns.length}`, turns, (turn) =>
            waitedMs(turn, 'connection'),
          ),
          ...(turns.length > first
            ? [
                proof(
                  'after the first turn: the connection had been closed while idle',
                  turns.filter(({ turn }) => turn > 1),
                ),
              ]
            : []),
        ],
        confidence: sureFrom(0.93, turns.length, 'each phase of the connection was timed'),
        saving,
        fix: {
          livekit: {
            text: 'Warm the LLM before the call, and keep sockets open: Node’s fetch closes an idle one after 4 s',
            code: 'llm.prewarm(); // before session.start()',
          },
          firstword: {
            text: 'It opens connections before the call, and again after each loss',
            code: 'const llm = new FirstwordLLM(groq({ model })); llm.prewarm(); // before the call',
          },
        },
        check: '`llm.connection.state` is `reused` in every record.',
        experiment: 'Ask twice within a second: if the second request is as slow, it is not the connection.',
      }),
    ];
  },
};

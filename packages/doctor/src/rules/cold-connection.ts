import { median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import {
  type Amount,
  confidenceFrom,
  evidenceLine,
  isNoticeable,
  likeliest,
  ms,
  percent,
  savingOn,
  valuesOf,
} from '../figures.js';
import { publishedTtft } from '../references.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

const isCold = ({ llm }: EvidenceTurn): boolean =>
  llm?.connection !== undefined && llm.connection.state !== 'reused';

/** A handshake as short as this ended at a nearby proxy, which still has to connect to the provider. */
const NEARBY_MS = 10;

/** The cost of connecting: the handshake, and, where that ended at a proxy, how much later than usual the response began. */
function costOf(turn: EvidenceTurn, usualHeadersMs: number | undefined): Amount {
  const seen = waitedMs(turn, 'connection');
  const { headersMs } = turn.parts;
  if (seen > NEARBY_MS || headersMs === undefined || usualHeadersMs === undefined) return seen;
  const behind = Math.max(0, Math.min(headersMs - usualHeadersMs, waitedMs(turn, 'llm')));
  return [seen + behind * 0.3, seen + behind * 0.8, seen + behind];
}

/** How long a response takes to begin on an open connection: measured in these turns, or else published. */
function usualHeaders(turns: readonly EvidenceTurn[]): number | undefined {
  const own = median(
    valuesOf(
      turns.filter((turn) => turn.llm?.connection?.state === 'reused'),
      ({ parts }) => parts.headersMs,
    ),
  );
  const llm = turns[0]?.llm;
  return own ?? (llm && publishedTtft(llm)?.p50Ms);
}

/** Finds LLM requests that waited for a new connection. */
export const coldConnection: Rule = {
  id: 'cold-connection',
  title: 'The connection to the LLM is cold',
  looksFor: 'requests that first needed DNS, TCP and TLS: at the first turn, or after an idle period',
  needs: 'Firstword’s records',
  part: 'LLM',
  examine(evidence) {
    const cold = evidence.answered.filter(isCold);
    const usual = usualHeaders(evidence.answered);
    const likely = (turn: EvidenceTurn): number => likeliest(costOf(turn, usual));
    const turns = cold.filter((turn) => likely(turn) > 0);
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? costOf(turn, usual) : 0),
      'a connection that is already open when the request is made',
      ['connection', 'llm'],
    );
    if (!isNoticeable(saving)) return [];
    const first = turns.filter(({ turn }) => turn === 1).length;
    const wait = median(turns.map(likely))!;
    const isTimed = median(turns.map((turn) => waitedMs(turn, 'connection')))! > NEARBY_MS;
    const share = percent(turns.length / evidence.answered.length);
    return [
      findingOf(this, {
        verdict: `${share} of the turns wait ${ms(wait)} for a new connection to the LLM; ${first} of these ${turns.length} are first turns.`,
        evidence: [
          evidenceLine(`connecting took ${ms(wait)} at the median, n ${turns.length}`, turns, likely),
          ...(turns.length > first
            ? [
                evidenceLine(
                  'after the first turn: the connection had been closed while idle',
                  turns.filter(({ turn }) => turn > 1),
                ),
              ]
            : []),
        ],
        confidence: confidenceFrom(
          isTimed ? 0.93 : 0.65,
          turns.length,
          isTimed
            ? 'each phase of the connection was timed'
            : 'the connection was reported as new; its handshake ended at a proxy, and the cost behind it is estimated from slow responses',
        ),
        saving,
        fix: {
          livekit: {
            text: 'Warm the LLM before the call, and keep sockets open: Node’s fetch closes an idle one after 4 s',
            code: 'llm.prewarm(); // before session.start()',
            python: 'llm.prewarm()  # before session.start()',
          },
          firstword: {
            text: 'It opens connections before the call, and again whenever one closes',
            code: 'const llm = new FirstwordLLM(groq({ model })); llm.prewarm(); // before the call',
          },
        },
        check: '`llm.connection.state` is `reused` in every record.',
        experiment:
          'Send two requests within a second: if the second is as slow, the connection is not the cause.',
      }),
    ];
  },
};

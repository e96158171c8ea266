import { groupBy, median } from '@firstword/turn/statistics';
import type { EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';

/** One round trip within a continent is below this; India to the United States is 200 to 280 ms. */
const FAR_MS = 90;
const NEAR_MS = 25;

const REGION = {
  text: 'Run the agent in the provider’s region, or choose the provider’s endpoint near the agent, such as OpenAI’s for Europe',
  code: "new openai.LLM({ model, baseURL: 'https://eu.api.openai.com/v1' })",
  python: 'openai.LLM(model=model, base_url="https://eu.api.openai.com/v1")',
};

const roundTrip = ({ llm }: EvidenceTurn): number | undefined => llm?.connection?.tcpMs;

/** Finds providers that are far away, by the TCP handshake. */
export const distantRegion: Rule = {
  id: 'distant-region',
  title: 'The LLM is far away',
  looksFor: 'slow TCP connects: a handshake is one round trip',
  needs: 'Firstword’s records with at least one new connection',
  part: 'LLM',
  examine(evidence) {
    const timed = evidence.turns.filter((turn) => roundTrip(turn) !== undefined);
    const hosts = groupBy(timed, ({ llm }) => llm!.provider);
    return [...hosts].flatMap(([provider, turns]) => {
      const trip = median(valuesOf(turns, roundTrip))!;
      if (trip < FAR_MS) return [];
      const saving = savingOn(
        evidence,
        (turn) => {
          if (turn.llm?.provider !== provider) return 0;
          const trips = turn.llm.connection?.state === 'cold' ? 3 : 1;
          const most = Math.min((trip - NEAR_MS) * trips, waitedMs(turn, 'llm', 'connection', 'request'));
          return [most * 0.8, most, most];
        },
        `a round trip of ${NEAR_MS} ms; a request on an open connection takes one, a new one two more`,
        ['llm', 'connection', 'request'],
      );
      if (!isNoticeable(saving)) return [];
      return [
        findingOf(this, {
          verdict: `${provider} is ${ms(trip)} away: every request pays that once, a new connection three times.`,
          evidence: [
            evidenceLine(`TCP handshakes of ${ms(trip)} at the median`, turns, (turn) => roundTrip(turn)!),
          ],
          confidence: confidenceFrom(
            0.85,
            turns.length * 2,
            'a TCP handshake is one round trip and nothing else',
          ),
          saving,
          fix: {
            livekit: REGION,
            firstword: {
              text: 'Let the router prefer the provider that answers first from your location',
              code: "router({ models: [near, far], order: 'fastest' })",
            },
          },
          check: 'TCP connect time is below 50 ms.',
          experiment:
            '`curl -so /dev/null -w "%{time_connect} %{time_appconnect}\\n"` to the endpoint from the agent’s machine and from one in the provider’s region.',
        }),
      ];
    });
  },
};

import { ascending, groupBy, median, percentile } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { confidenceFrom, evidenceLine, isNoticeable, ms, savingOn, valuesOf } from '../figures.js';
import type { Finding } from '../finding.js';
import { publishedTtft } from '../references.js';
import type { Rule } from '../rule.js';
import { waitedMs } from '../waited.js';
import { findingOf } from './finding-of.js';
import { llmBurst } from './llm-burst.js';
import { promptGrowth } from './prompt-growth.js';
import { FASTEST_SHARE, isPlain, sharedDelay } from './shared-delay.js';

/** One round trip within a continent is below this; India to the United States is 200 to 280 ms. */
const FAR_MS = 90;
const NEAR_MS = 25;

const REGION = {
  text: 'Run the agent in the provider’s region, or choose the provider’s endpoint near the agent, such as OpenAI’s for Europe',
  code: "new openai.LLM({ model, baseURL: 'https://eu.api.openai.com/v1' })",
  python: 'openai.LLM(model=model, base_url="https://eu.api.openai.com/v1")',
};

const roundTrip = ({ llm }: EvidenceTurn): number | undefined => llm?.connection?.tcpMs;

/** A distance adds so much to each request, with one or two round trips and a handshake now and then; more is something else. */
const MIN_CONSTANT_MS = 250;
const MAX_CONSTANT_MS = 900;
/** The times differ by no more than this share of the constant: it is only shifted, not stretched. */
const MAX_SPREAD = 0.6;
const MIN_CONSTANT_TURNS = 6;

/** Without a handshake in the data: every first token comes later than this model's fastest elsewhere, by a constant. */
function constantDelay(rule: Rule, evidence: Evidence): Finding[] {
  if (llmBurst.examine(evidence).length > 0 || promptGrowth.examine(evidence).length > 0) return [];
  const groups = groupBy(evidence.answered.filter(isPlain), ({ llm }) => `${llm?.provider} ${llm?.model}`);
  return [...groups.values()].flatMap((turns) => {
    const { llm } = turns[0]!;
    const published = llm && publishedTtft(llm, evidence.ranges);
    if (!published || turns.length < MIN_CONSTANT_TURNS) return [];
    const times = ascending(turns.map(({ parts }) => parts.ttftMs!));
    const [fastest, slowest] = [percentile(times, 10), percentile(times, 90)];
    const constant = fastest - FASTEST_SHARE * published.p50Ms;
    if (constant < MIN_CONSTANT_MS || constant > MAX_CONSTANT_MS || slowest - fastest > MAX_SPREAD * constant)
      return [];
    const members = new Set(turns);
    const saving = savingOn(
      evidence,
      (turn) => (members.has(turn) ? [constant * 0.4, constant, constant] : 0),
      `a first token as early as ${published.models[0]}’s fastest elsewhere (half of the published median, ${published.source})`,
      ['llm'],
    );
    if (!isNoticeable(saving)) return [];
    return [
      findingOf(rule, {
        verdict: `Every first token of ${llm.model} is late by a constant: even the fastest tenth takes ${ms(fastest)}, about ${ms(constant)} more than this model’s fastest elsewhere, and nine of ten lie within ${ms(slowest - fastest)} of it. A distance does that: the provider’s region, or a proxy or gateway on the way.`,
        evidence: [
          evidenceLine(
            `fastest tenth ${ms(fastest)}, slowest ${ms(slowest)}, n ${turns.length}`,
            turns,
            ({ parts }) => parts.ttftMs!,
          ),
        ],
        confidence: confidenceFrom(
          0.52,
          turns.length,
          'a slow model or a queue spreads the times; a constant does not come from them',
        ),
        saving,
        fix: {
          livekit: REGION,
          firstword: {
            text: 'Let the router prefer the provider that answers first from your location',
            code: "router({ models: [near, far], order: 'fastest' })",
          },
        },
        check: 'The fastest tenth of the first tokens comes down by the constant.',
        experiment: HANDSHAKES,
      }),
    ];
  });
}

const HANDSHAKES =
  '`curl -so /dev/null -w "%{time_connect} %{time_appconnect}\\n"` to the endpoint from the agent’s machine and from one in the provider’s region: a handshake is one round trip.';

/** LLM and voice are late by the same constant: what both have in common is the way to them. */
function commonDelay(rule: Rule, evidence: Evidence): Finding[] {
  const shared = sharedDelay(evidence);
  if (!shared) return [];
  const { llmMs, voiceMs, turns } = shared;
  const members = new Set(turns);
  const sum = llmMs + voiceMs;
  const saving = savingOn(
    evidence,
    (turn) => (members.has(turn) ? [sum * 0.4, sum * 0.9, sum] : 0),
    'an agent near its providers: LLM and voice as early as the fastest elsewhere',
    ['llm', 'voice'],
  );
  if (!isNoticeable(saving)) return [];
  return [
    findingOf(rule, {
      part: 'whole turn',
      verdict: `The LLM and the voice are late by about the same constant, ${ms(llmMs)} and ${ms(voiceMs)}, in every turn. Two vendors are not slow alike: the agent is far from both, or a proxy or gateway is on the way.`,
      evidence: [
        evidenceLine(
          'even the fastest first tokens and first bytes are that late',
          turns,
          ({ parts }) => parts.ttftMs!,
        ),
      ],
      confidence: confidenceFrom(
        0.65,
        turns.length,
        'a slow model or a queue spreads the times, and would not delay the voice',
      ),
      saving,
      fix: {
        livekit: {
          text: 'Run the agent in the region of its providers, and choose their endpoints near it; measure a handshake to each first',
          code: REGION.code,
          python: REGION.python,
        },
        firstword: { text: 'The same: Firstword cannot shorten the way' },
      },
      check: 'The fastest first tokens and first bytes come down by about the constant.',
      experiment: HANDSHAKES,
    }),
  ];
}

/** Finds providers that are far away, by the TCP handshake. */
export const distantRegion: Rule = {
  id: 'distant-region',
  title: 'The LLM is far away',
  looksFor: 'slow TCP connects, or first tokens, and with them the voice, that are all late by one constant',
  needs:
    'Firstword’s records with at least one new connection, or times to first token of a model with a published range',
  part: 'LLM',
  examine(evidence) {
    const timed = evidence.turns.filter((turn) => roundTrip(turn) !== undefined);
    const hosts = groupBy(timed, ({ llm }) => llm!.provider);
    const measured = [...hosts].flatMap(([provider, turns]) => {
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
    if (hosts.size > 0) return measured;
    const common = commonDelay(this, evidence);
    return common.length > 0 ? common : constantDelay(this, evidence);
  },
};

import { ascending, groupBy, median, percentile } from '@firstword/turn/statistics';
import type { Evidence, EvidenceTurn } from '../evidence.js';
import { type Amount, confidenceFrom, evidenceLine, isNoticeable, ms, savingOn } from '../figures.js';
import type { Finding } from '../finding.js';
import { PUBLISHED_TTFT, type PublishedTtft, publishedAt, publishedTtft } from '../references.js';
import type { Rule } from '../rule.js';
import { LLM_STAGES, waitedMs } from '../waited.js';
import { findingOf, LOG_TURNS } from './finding-of.js';
import { unexplainedTtftMs } from './unexplained-ttft.js';

/** A model's calls differ: one is slow only above this multiple of their median, and by this many ms. */
const OWN_FACTOR = 2;
const OWN_LEAST_MS = 250;
const MIN_CALLS = 4;
/** Allowance for the network: figures are published from near the provider. */
const ALLOWANCE_MS = 100;

interface Range {
  p50Ms: number;
  p95Ms: number;
  what: string;
  source: string;
}

const ofPublished = (published: PublishedTtft, isHost: boolean): Range => ({
  p50Ms: published.p50Ms,
  p95Ms: published.p95Ms,
  what: isHost
    ? `${published.provider} (${published.models[0]} there: p50 ${published.p50Ms}, p95 ${published.p95Ms} ms)`
    : `${published.models[0]} at ${published.provider} (p50 ${published.p50Ms}, p95 ${published.p95Ms} ms)`,
  source: published.readOn === undefined ? published.source : `${published.source}, ${published.readOn}`,
});

/** Above this p95, a model is not chosen for its speed. */
const FAST_P95_MS = 900;

/** The model is unknown: take the slowest of the fast ones. */
function anyRange(): Range {
  const fast = PUBLISHED_TTFT.filter(({ p95Ms }) => p95Ms < FAST_P95_MS);
  const slowest = fast.reduce((a, b) => (b.p95Ms > a.p95Ms ? b : a));
  const fastest = Math.min(...fast.map(({ p95Ms }) => p95Ms));
  return {
    p50Ms: slowest.p50Ms,
    p95Ms: slowest.p95Ms,
    what: `the fast models (p95 ${fastest} to ${slowest.p95Ms} ms); the model is unknown, \`--llm groq\` names it`,
    source: slowest.source,
  };
}

function rangeOf(llm: EvidenceTurn['llm'], ranges: Evidence['ranges']): Range | undefined {
  if (!llm || llm.provider === 'unknown') return anyRange();
  const model = publishedTtft(llm, ranges);
  if (model) return ofPublished(model, false);
  const host = publishedAt(llm.provider);
  return host && (host.provider === 'groq' || host.provider === 'cerebras')
    ? ofPublished(host, true)
    : undefined;
}

const modelOf = ({ llm }: EvidenceTurn): string =>
  llm
    ? llm.model === 'unknown'
      ? llm.provider
      : `${llm.provider} ${llm.model}`
    : 'a model that is not named';

/** The cost of first tokens later than their range, as far as the turn waited for them. */
const beyond = (turn: EvidenceTurn, { p50Ms, p95Ms }: Range): Amount => {
  const waited = Math.min(waitedMs(turn, 'llm', 'request'), unexplainedTtftMs(turn));
  if (unexplainedTtftMs(turn) <= p95Ms + ALLOWANCE_MS) return 0;
  return [waited - p95Ms - ALLOWANCE_MS, waited - p50Ms - ALLOWANCE_MS, waited - p50Ms];
};

const EXPERIMENT =
  'Send the same request five times on one connection, with curl, and note the first content of each: slow only the first time is a cold connection; fast with a short prompt is the prompt or its tools; content after slow, empty deltas is reasoning; slow at busy hours is a queue; fast from elsewhere is distance.';

function finding(rule: Rule, evidence: Evidence, group: readonly EvidenceTurn[], range: Range): Finding[] {
  const slow = group.filter((turn) => unexplainedTtftMs(turn) > range.p95Ms + ALLOWANCE_MS);
  const middle = median(group.map(unexplainedTtftMs))!;
  // By definition 5 % are above p95: report only a model that is slow most of the time.
  if (middle <= range.p95Ms + ALLOWANCE_MS) return [];
  const members = new Set(group);
  const assumes = `first tokens within the published range of ${range.source}`;
  const saving = savingOn(
    evidence,
    (turn) => (members.has(turn) ? beyond(turn, range) : 0),
    assumes,
    LLM_STAGES,
  );
  if (!isNoticeable(saving)) return [];
  const named = group[0]!.llm !== undefined;
  const verdict = `The LLM’s first token takes ${ms(middle)}: outside the published range of ${range.what}.`;
  return [
    findingOf(rule, {
      kind: 'unknown',
      verdict,
      evidence: [
        evidenceLine(
          `${modelOf(group[0]!)}: median ${ms(middle)}, n ${group.length}; the range is ${range.source}`,
          slow,
          unexplainedTtftMs,
        ),
        evidenceLine(
          'can cause it, likeliest first: reasoning before the answer (gpt-oss reasons unless set to `low`), a cold or far connection, a queue at the rate limit, a long or uncached prompt, a substitute for a retired model',
          [],
        ),
      ],
      confidence: confidenceFrom(
        named ? 0.8 : 0.75,
        slow.length,
        'it is certainly slow; the cause is unknown',
      ),
      saving,
      fix: {
        livekit: {
          text: 'Keep reasoning short and the connection warm; then see which cause remains',
          code: "new inference.LLM({ model: 'openai/gpt-oss-120b', modelOptions: { reasoning_effort: 'low' } }) // Python: openai.LLM(reasoning_effort='low')",
        },
        firstword: {
          text: 'It measures every phase of a request, keeps connections warm and asks gpt-oss for low effort',
          code: "new FirstwordLLM(groq({ model: 'openai/gpt-oss-120b' }))",
        },
      },
      check: `The median time to first token comes below ${ms(range.p95Ms)}.`,
      logNext: LOG_TURNS,
      experiment: EXPERIMENT,
    }),
  ];
}

/** A model without a published range, or within it: calls that are slow compared with its other calls. */
function againstOwn(rule: Rule, evidence: Evidence, group: readonly EvidenceTurn[]): Finding[] {
  const calls = groupBy(group, ({ callId }) => callId);
  if (calls.size < MIN_CALLS) return [];
  const own = median(group.map(unexplainedTtftMs))!;
  const slow = [...calls.values()].filter((turns) => {
    const middle = median(turns.map(unexplainedTtftMs))!;
    return turns.length >= 3 && middle > OWN_FACTOR * own && middle > own + OWN_LEAST_MS;
  });
  const members = new Set(slow.flat());
  const saving = savingOn(
    evidence,
    (turn) =>
      members.has(turn) ? Math.min(unexplainedTtftMs(turn) - own, waitedMs(turn, ...LLM_STAGES)) : 0,
    'these calls as fast as your others',
    LLM_STAGES,
  );
  if (!isNoticeable(saving)) return [];
  const verdict = `In ${slow.length} of ${calls.size} calls the LLM is more than ${OWN_FACTOR} times slower than in your others (median ${ms(own)}).`;
  return [
    findingOf(rule, {
      kind: 'unknown',
      verdict,
      evidence: [
        evidenceLine(
          `${modelOf(group[0]!)}: your own median ${ms(own)}; turns of the slow calls`,
          [...members],
          unexplainedTtftMs,
        ),
      ],
      confidence: confidenceFrom(0.5, slow.length, 'whole calls are slow, so it is no single straggler'),
      saving,
      fix: {
        livekit: { text: 'Compare when and where those calls ran: hour, region, worker' },
        firstword: {
          text: 'Race a second provider',
          code: "router({ models: [a, b], order: 'fastest' })",
        },
      },
      check: 'No call’s median is more than twice that of the others.',
      logNext: LOG_TURNS,
    }),
  ];
}

/** The fastest tenth is the range where none is published: slower than this multiple of it, and by this many ms. */
const FASTEST_FACTOR = 2;
const FASTEST_LEAST_MS = 400;
const MIN_OWN_TURNS = 8;

/** A model without a published range: most of its answers are slow compared with its own fastest tenth. */
function againstFastest(rule: Rule, evidence: Evidence, group: readonly EvidenceTurn[]): Finding[] {
  if (group.length < MIN_OWN_TURNS) return [];
  const times = ascending(group.map(unexplainedTtftMs));
  const fastest = percentile(times, 10);
  const middle = percentile(times, 50);
  if (middle < FASTEST_FACTOR * fastest || middle < fastest + FASTEST_LEAST_MS) return [];
  const members = new Set(group);
  const saving = savingOn(
    evidence,
    (turn) => {
      const excess = members.has(turn) ? unexplainedTtftMs(turn) - fastest : 0;
      return [
        0,
        Math.min(excess, waitedMs(turn, ...LLM_STAGES)) * 0.5,
        Math.min(excess, waitedMs(turn, ...LLM_STAGES)),
      ];
    },
    'half of what is above your own fastest tenth',
    LLM_STAGES,
  );
  if (!isNoticeable(saving)) return [];
  return [
    findingOf(rule, {
      kind: 'unknown',
      verdict: `No range is published for ${modelOf(group[0]!)}. Your own fastest tenth of its first tokens comes within ${ms(fastest)}, the median takes ${ms(middle)}.`,
      evidence: [
        evidenceLine(
          `median ${ms(middle)}, fastest tenth ${ms(fastest)}, n ${group.length}`,
          group,
          unexplainedTtftMs,
        ),
      ],
      confidence: confidenceFrom(
        0.4,
        group.length,
        'what the same model reaches here in other turns; why not always is unknown',
      ),
      saving,
      fix: {
        livekit: {
          text: 'Compare the fast turns with the slow ones: prompt length, hour, cached tokens, tools',
        },
        firstword: { text: 'Race a second provider', code: "router({ models: [a, b], order: 'fastest' })" },
      },
      check: 'The median comes near the fastest tenth.',
      logNext: LOG_TURNS,
      experiment: EXPERIMENT,
    }),
  ];
}

/** Finds models that are slower than their published range. */
export const ttftRange: Rule = {
  id: 'ttft-range',
  title: 'First token outside its range',
  looksFor: 'a time to first token beyond what is published for the model, or beyond your own other calls',
  needs: 'a time to first token; better with provider and model',
  part: 'LLM',
  examine(evidence) {
    const measured = evidence.answered.filter(
      ({ parts, isRealtime }) => parts.ttftMs !== undefined && !isRealtime,
    );
    return [...groupBy(measured, modelOf).values()].flatMap((group) => {
      const range = rangeOf(group[0]!.llm, evidence.ranges);
      const found = range ? finding(this, evidence, group, range) : [];
      if (found.length > 0) return found;
      const calls = againstOwn(this, evidence, group);
      return calls.length > 0 || range ? calls : againstFastest(this, evidence, group);
    });
  },
};

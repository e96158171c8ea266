import type { Random } from '@firstword/turn/statistics';
import { answering, type WildCall } from '../call.js';
import { hexDigits } from '../draw.js';
import { seconds } from '../record.js';
import type { WildShape } from '../shape.js';

/** A call of Twilio's API: it has no figure of any stage. */
const twilioCall = (call: WildCall, random: Random): string =>
  `${JSON.stringify(
    {
      sid: `CA${hexDigits(random, 32)}`,
      account_sid: `AC${hexDigits(random, 32)}`,
      from_formatted: '(555) 010-0199',
      to_formatted: '(555) 010-0142',
      status: 'completed',
      direction: 'inbound',
      duration: '184',
      start_time: new Date(call.startedAtMs).toUTCString(),
      queue_time: '0',
      price_unit: 'USD',
      subresource_uris: { recordings: '/2010-04-01/Accounts/AC/Calls/CA/Recordings.json' },
    },
    null,
    2,
  )}\n`;

/** LiveKit's histograms as OTLP metrics: sums over calls, without turns. */
function otlpMetrics(calls: readonly WildCall[]): string {
  const turns = calls.flatMap((call) => call.turns);
  const histogram = (name: string, values: readonly number[]) => ({
    name,
    unit: 's',
    histogram: {
      aggregationTemporality: 2,
      dataPoints: [
        {
          count: String(values.length),
          sum: values.reduce((sum, value) => sum + seconds(value), 0),
          bucketCounts: ['0', String(values.length)],
          explicitBounds: [0.1],
        },
      ],
    },
  });
  const metrics = [
    histogram(
      'lk.agents.turn.e2e_latency',
      turns.map((turn) => turn.e2eMs),
    ),
    histogram(
      'lk.agents.turn.llm_ttft',
      turns.map((turn) => answering(turn)?.ttftMs ?? 0),
    ),
    histogram(
      'lk.agents.turn.tts_ttfb',
      turns.map((turn) => turn.ttfbMs),
    ),
  ];
  return `${JSON.stringify({ resourceMetrics: [{ resource: {}, scopeMetrics: [{ scope: { name: 'livekit-agents' }, metrics }] }] })}\n`;
}

const prose = (calls: readonly WildCall[]): string => {
  const { llm, tts } = calls[0]!.stack;
  return `Hello, we have a voice agent with ${llm.model} and ${tts.model}. In the playground it takes about two seconds until it answers, on the phone even longer. We have tried a smaller prompt, but nothing changed. What else can we look at?\n`;
};

const unreadable = (
  id: string,
  name: string,
  refusal: RegExp,
  text: (calls: readonly WildCall[], random: Random) => string,
): WildShape => ({
  id,
  sdk: 'python',
  carries: [],
  refusal,
  isLines: false,
  print: (calls, random) => ({ name, text: text(calls, random) }),
});

/** Formats from which no turn can be read: the doctor should name them and say what to export. */
export const UNREADABLE_SHAPES: readonly WildShape[] = [
  unreadable('twilio-call', 'twilio.json', /twilio/i, (calls, random) => twilioCall(calls[0]!, random)),
  unreadable('otlp-metrics', 'metrics.json', /metrics|histogram/i, otlpMetrics),
  unreadable('prose', 'question.txt', /prose|sentences|description|not a log|words/i, prose),
];

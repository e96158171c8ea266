// Generates turn records for benches from seeded marks, with the product's own code.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { toTurnRecord } from '@firstword/turn';
import { seededRandom } from '@firstword/turn/statistics';

/** Number of distinct ledgers. Further turns repeat them with other call ids and times. */
const DISTINCT = 50_000;
const TURNS_A_CALL = 10;
const FIRST_MS = Date.UTC(2026, 9, 1);
const MODELS = [
  ['groq', 'gpt-oss-120b', 100, 120],
  ['openai', 'gpt-4o-mini', 450, 600],
  ['cerebras', 'kimi-k2.6', 220, 150],
];

function marksOf(random, [, , ttftMs, spreadMs]) {
  const speechEnded = 4000 + Math.floor(random() * 60_000);
  const endpointingElapsed = speechEnded + 500;
  const turnCommitted = endpointingElapsed + 3;
  const llmRequested = random() < 0.7 ? speechEnded + 180 : turnCommitted + 1;
  const responseHeaders = llmRequested + 2 + ttftMs + spreadMs * random() ** 4;
  const firstContent = responseHeaders + 20;
  const firstClause = Math.max(firstContent + 60, turnCommitted);
  const ttsFirstByte = firstClause + 50 + 100 * random();
  return {
    speechEnded,
    interimTranscript: speechEnded - 300,
    ...(llmRequested < turnCommitted ? { speculationStarted: llmRequested - 1 } : {}),
    finalTranscript: speechEnded + 150 + 200 * random(),
    endpointingElapsed,
    turnCommitted,
    logicStarted: turnCommitted,
    logicEnded: turnCommitted + 1,
    llmRequested,
    connectionReady: llmRequested + 1,
    requestSent: llmRequested + 2,
    responseHeaders,
    firstDelta: responseHeaders + 5,
    firstContent,
    firstClause,
    ttsRequested: firstClause + 1,
    ttsFirstByte,
    framePublished: ttsFirstByte + 2,
    firstAudible: ttsFirstByte + 30 + 120 * random(),
  };
}

function recordOf(random, at) {
  const model = MODELS[Math.floor(random() * MODELS.length)];
  const [provider, name] = model;
  const marks = marksOf(random, model);
  const speculated = marks.speculationStarted !== undefined;
  return toTurnRecord({
    callId: `call-${Math.floor(at / TURNS_A_CALL)}`,
    turn: (at % TURNS_A_CALL) + 1,
    at: new Date(FIRST_MS + at * 2000).toISOString(),
    marks,
    interrupted: random() < 0.03,
    bargeIn: random() < 0.05,
    toolCalls: random() < 0.1 ? 1 : 0,
    llm: {
      provider,
      model: name,
      emulated: true,
      region: random() < 0.5 ? 'eu-west' : 'us-east',
      requests: 1,
      connection: { state: 'reused' },
      tokens: { promptTokens: 900, completionTokens: 40, cachedTokens: 512 },
    },
    stt: { provider: 'moonshine', model: 'tiny' },
    tts: { provider: 'flite', model: 'slt' },
    speculation: { started: speculated ? 1 : 0, kept: speculated ? 1 : 0, cancelled: 0 },
    levers: { speculation: speculated, clause: true },
    settings: { 'endpointing.bound': 'endpointing.minDelay', 'endpointing.minDelay': 500 },
  });
}

/** Writes `count` turn records, one per line. */
export async function writeTurns(path, count, seed = 1) {
  const random = seededRandom(seed).uniform;
  const records = Array.from({ length: Math.min(count, DISTINCT) }, (_, at) => recordOf(random, at));
  const out = createWriteStream(path);
  let text = '';
  for (let at = 0; at < count; at += 1) {
    const record = records[at % DISTINCT];
    record.callId = `call-${Math.floor(at / TURNS_A_CALL)}`;
    record.at = new Date(FIRST_MS + at * 2000).toISOString();
    text += `${JSON.stringify(record)}\n`;
    if (text.length > 1 << 20) {
      if (!out.write(text)) await once(out, 'drain');
      text = '';
    }
  }
  out.end(text);
  await once(out, 'finish');
}

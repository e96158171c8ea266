import { estimateTokens } from '../../chat/tokens.js';
import { bytesOf, durationMs } from '../../speech/audio/pcm.js';
import type { Fields } from '../../wire/fields.js';
import { OUTPUT_RATE_HZ, type PlannedResponse, TOKENS_PER_SECOND } from '../core/plan.js';

const CHUNK_MS = 100;
const CHUNK_SAMPLES = (OUTPUT_RATE_HZ * CHUNK_MS) / 1000;

/** One message of the server and its time, ms from the moment in which the response was asked for. */
export interface GeminiEvent {
  atMs: number;
  message: Fields;
  /** Audio of the answer that has been sent with this message, ms. */
  audioMs?: number;
  /** It is of the model's answer, not of the caller's words. */
  isAnswer?: true;
}

/** What a response is made of. */
export interface GeminiScript {
  events: GeminiEvent[];
  /** When the turn is complete, ms; `undefined` if never. */
  doneMs: number | undefined;
}

/** What is needed besides the planned response. */
export interface GeminiScriptOptions {
  planned: PlannedResponse;
  modality: 'audio' | 'text';
  /** At `OUTPUT_RATE_HZ`; empty for text. */
  audio: Int16Array;
  audioSpeed: number;
  /** The caller's words, if they are to be reported, and when, ms. */
  heard: { text: string; atMs: number } | undefined;
  transcribesModel: boolean;
}

const content = (serverContent: Fields): Fields => ({ serverContent });

/** The messages of one response. A fault changes them. */
export function geminiScript(options: GeminiScriptOptions): GeminiScript {
  const { planned, heard, modality } = options;
  const { fault, answer, firstContentMs } = planned;
  const events: GeminiEvent[] = [];
  if (heard && heard.text !== '') {
    const atMs = Math.min(heard.atMs, firstContentMs);
    events.push({ atMs, message: content({ inputTranscription: { text: heard.text } }) });
  }
  if (fault?.kind === 'silent-generation') return { events, doneMs: firstContentMs };
  if (fault?.kind === 'garbage') {
    events.push({ atMs: firstContentMs, message: { unheardOf: {} } });
    events.push({ atMs: firstContentMs, message: content({}) });
  }
  let atMs = firstContentMs;
  let playedMs = firstContentMs;
  if (answer.text !== '') {
    const said = modality === 'audio' ? spoken(options) : written(answer.text, atMs);
    events.push(...said.events);
    atMs = said.endMs;
    playedMs = Math.max(atMs, firstContentMs + said.audioMs);
  }
  if (fault?.kind === 'audio-stops')
    return { events: stopped(events, fault.afterMs ?? 300), doneMs: undefined };
  if (answer.toolCalls.length > 0) {
    const functionCalls = answer.toolCalls.map(({ id, name, arguments: json }) => ({
      id,
      name,
      args: parsed(json),
    }));
    // The turn goes on with the tools' results.
    events.push({ atMs, message: { toolCall: { functionCalls } }, isAnswer: true });
    return { events, doneMs: atMs };
  }
  events.push({ atMs, message: content({ generationComplete: true }), isAnswer: true });
  // The turn is complete when a client that plays the audio as it comes has played it.
  return { events, doneMs: playedMs };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

/** The events up to the moment in which `audioMs` of audio have been sent. */
function stopped(events: readonly GeminiEvent[], audioMs: number): GeminiEvent[] {
  const last = events.findIndex((one) => (one.audioMs ?? 0) >= audioMs);
  return last < 0 ? [...events] : events.slice(0, last + 1);
}

interface Said {
  events: GeminiEvent[];
  endMs: number;
  audioMs: number;
}

function spoken({ planned, audio, audioSpeed, transcribesModel }: GeminiScriptOptions): Said {
  const { fault, answer, firstContentMs } = planned;
  const words = answer.text.split(/(?<=\s)/);
  const chunks = Math.max(1, Math.ceil(audio.length / CHUNK_SAMPLES));
  const events: GeminiEvent[] = [];
  let word = 0;
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const atMs = firstContentMs + (chunk * CHUNK_MS) / audioSpeed;
    const samples = audio.subarray(chunk * CHUNK_SAMPLES, (chunk + 1) * CHUNK_SAMPLES);
    if (fault?.kind !== 'no-audio' && samples.length > 0) {
      const sent = fault?.kind === 'silent-audio' ? new Int16Array(samples.length) : samples;
      const data = bytesOf(sent).toString('base64');
      const parts = [{ inlineData: { mimeType: `audio/pcm;rate=${OUTPUT_RATE_HZ}`, data } }];
      const audioMs = durationMs(audio.subarray(0, (chunk + 1) * CHUNK_SAMPLES), OUTPUT_RATE_HZ);
      events.push({ atMs, message: content({ modelTurn: { parts } }), audioMs, isAnswer: true });
    }
    const until = Math.ceil(((chunk + 1) * words.length) / chunks);
    const text = words.slice(word, until).join('');
    word = until;
    if (transcribesModel && text !== '')
      events.push({ atMs, message: content({ outputTranscription: { text } }), isAnswer: true });
  }
  const endMs = firstContentMs + (chunks * CHUNK_MS) / audioSpeed;
  return { events, endMs, audioMs: durationMs(audio, OUTPUT_RATE_HZ) };
}

function written(answer: string, firstMs: number): Said {
  let atMs = firstMs;
  const events = answer.split(/(?<=\s)/).map((text): GeminiEvent => {
    const event: GeminiEvent = {
      atMs,
      message: content({ modelTurn: { parts: [{ text }] } }),
      isAnswer: true,
    };
    atMs += (estimateTokens(text) * 1000) / TOKENS_PER_SECOND;
    return event;
  });
  return { events, endMs: atMs, audioMs: 0 };
}

/** Tokens of audio a second. An assumption. */
const AUDIO_TOKENS_PER_SECOND = 25;

/** Token counts of one response, estimated. */
export function geminiUsage(parts: {
  promptText: string;
  callerAudioMs: number;
  answerText: string;
  answerAudioMs: number;
}): Fields {
  const count = (text: string, audioMs: number) => ({
    text: estimateTokens(text),
    audio: Math.round((audioMs * AUDIO_TOKENS_PER_SECOND) / 1000),
  });
  const details = ({ text, audio }: { text: number; audio: number }) =>
    [
      { modality: 'TEXT', tokenCount: text },
      { modality: 'AUDIO', tokenCount: audio },
    ].filter(({ tokenCount }) => tokenCount > 0);
  const prompt = count(parts.promptText, parts.callerAudioMs);
  // If the model speaks, its words are not counted in addition to its audio.
  const answer = count(parts.answerAudioMs > 0 ? '' : parts.answerText, parts.answerAudioMs);
  const promptTokenCount = prompt.text + prompt.audio;
  const responseTokenCount = answer.text + answer.audio;
  return {
    promptTokenCount,
    responseTokenCount,
    totalTokenCount: promptTokenCount + responseTokenCount,
    promptTokensDetails: details(prompt),
    responseTokensDetails: details(answer),
  };
}

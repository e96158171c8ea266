import type { TurnObservation } from '@firstword/turn';
import { arrayAt, definedOnly, isObject, MAX_DURATION_MS, numberAt, objectAt, textAt } from '../json.js';

/** `imported.from` of turns that were read from a log or from RTVI messages of Pipecat. */
export const PIPECAT = 'Pipecat metrics';

type Part = 'stt' | 'llm' | 'tts';

/** Something that Pipecat reports of a turn. */
export type PipecatEvent =
  | { kind: 'stopped'; atMs?: number | undefined }
  | { kind: 'started'; atMs?: number | undefined }
  | { kind: 'ttfb'; part: Part; ms: number; model: string | undefined; processor: string }
  /** Of the whole turn, or of its end (VAD, transcription, turn analyzer). */
  | { kind: 'turn'; ms: number }
  | { kind: 'end'; ms: number }
  | { kind: 'tokens'; promptTokens: number; completionTokens: number; reasoningTokens?: number };

/** `OpenAILLMService#0`: the class of a processor names its part; realtime models are LLM services. */
function partOf(processor: string): Part | undefined {
  if (/STT/i.test(processor)) return 'stt';
  if (/TTS/i.test(processor)) return 'tts';
  return /LLM|Realtime|GeminiLive|NovaSonic|Ultravox/i.test(processor) ? 'llm' : undefined;
}

const isDuration = (ms: number | undefined): ms is number =>
  ms !== undefined && ms >= 0 && ms <= MAX_DURATION_MS;

function ttfb(processor: string, seconds: number, model?: string): PipecatEvent[] {
  const part = partOf(processor);
  const ms = Math.round(seconds * 1e6) / 1e3;
  return part && isDuration(ms) ? [{ kind: 'ttfb', part, ms, model, processor }] : [];
}

const FIGURE = /(\w{1,80}(?:#\d{1,4})?):? TTFB:? ([\d.]{1,24})s?/;
const TOKENS = /prompt tokens: (\d{1,9}), completion tokens: (\d{1,9})/;
const REASONING = /reasoning tokens: (\d{1,9})/;
/** Both as Pipecat's observers have printed them, and as its documentation advises to. */
const WHOLE =
  /(?:LATENCY FROM USER STOPPED SPEAKING TO BOT STARTED SPEAKING|User-to-bot latency|Response latency):? ([\d.]{1,24})s?/i;
const END = /User turn: ([\d.]{1,24})s/;
/** loguru's format, which Pipecat keeps: time, level, place, message. */
const LOGURU = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3})\d{0,3} \| [A-Z]{4,8} {0,4}\| ([\w.<>]{1,120}):/;

/** Whether a line is loguru's of Pipecat itself. */
export const isPipecatLine = (text: string): boolean =>
  LOGURU.exec(text)?.[2]?.startsWith('pipecat.') ?? false;

/** What a line of Pipecat's log reports; none for other lines. Read in pipecat 1.7 (21 August 2026), times in seconds. */
export function pipecatEventsOf(text: string): PipecatEvent[] {
  const figure = FIGURE.exec(text);
  if (figure) return ttfb(figure[1]!, Number(figure[2]));
  const tokens = TOKENS.exec(text);
  if (tokens) {
    const reasoning = REASONING.exec(text)?.[1];
    return [
      {
        kind: 'tokens',
        promptTokens: Number(tokens[1]),
        completionTokens: Number(tokens[2]),
        ...(reasoning === undefined ? {} : { reasoningTokens: Number(reasoning) }),
      },
    ];
  }
  const whole = WHOLE.exec(text);
  if (whole) return [{ kind: 'turn', ms: Number(whole[1]) * 1000 }];
  const end = END.exec(text);
  if (end) return [{ kind: 'end', ms: Number(end[1]) * 1000 }];
  const atMs = Date.parse(`${LOGURU.exec(text)?.[1]?.replace(' ', 'T')}Z`);
  const at = Number.isNaN(atMs) ? {} : { atMs };
  if (/\bUser stopped speaking/i.test(text)) return [{ kind: 'stopped', ...at }];
  return /\bBot(?: \[[^\]]{0,80}\])? started speaking/i.test(text) ? [{ kind: 'started', ...at }] : [];
}

/** What an RTVI message reports (`rtvi/observer.py`); `undefined` where the value is none. */
export function pipecatEventsOfRtvi(value: unknown): PipecatEvent[] | undefined {
  if (textAt(value, 'label') !== 'rtvi-ai') return undefined;
  const type = textAt(value, 'type');
  if (type === 'user-stopped-speaking') return [{ kind: 'stopped' }];
  if (type === 'bot-started-speaking') return [{ kind: 'started' }];
  if (type !== 'metrics') return [];
  const data = objectAt(value, 'data');
  const figures = arrayAt(data, 'ttfb').flatMap((one) =>
    ttfb(textAt(one, 'processor') ?? '', numberAt(one, 'value') ?? -1, textAt(one, 'model')),
  );
  const tokens = arrayAt(data, 'tokens').flatMap((one): PipecatEvent[] => {
    const [promptTokens, completionTokens] = [
      numberAt(one, 'prompt_tokens'),
      numberAt(one, 'completion_tokens'),
    ];
    return promptTokens === undefined || completionTokens === undefined || !isObject(one)
      ? []
      : [{ kind: 'tokens', promptTokens, completionTokens }];
  });
  return [...figures, ...tokens];
}

interface Pending {
  place: string;
  stoppedMs?: number | undefined;
  /** The bot has begun to speak. */
  isHeard?: boolean;
  parts: Partial<Record<Part, { ms: number; model: string | undefined; processor: string }>>;
  e2eMs?: number;
  endOfTurnMs?: number;
  tokens?: { promptTokens: number; completionTokens: number; reasoningTokens?: number };
  llmRequests: number;
}

/**
 * Builds turns of what Pipecat reports, in its order: the end of the user's turn, then the TTFB of STT, LLM and TTS, then the
 * start of the bot's speech. What is written once in a turn and comes again begins the next turn.
 */
export class PipecatTurns {
  #pending: Pending | undefined;
  #turns = 0;

  /** @returns the turn that this event completed, with the place of its first event, mostly none */
  add(
    event: PipecatEvent,
    { file, place }: { file: string; place: string },
  ): { observation: TurnObservation; place: string }[] {
    const done = this.#beginsTurn(event) ? this.finish(file) : [];
    this.#pending ??= { place, parts: {}, llmRequests: 0 };
    const turn = this.#pending;
    note(turn, event);
    return done;
  }

  /** A second request before the TTS is one after a tool; its figure replaces the first. */
  #beginsTurn(event: PipecatEvent): boolean {
    const turn = this.#pending;
    if (!turn) return false;
    const isAnswered = turn.parts.tts !== undefined || turn.isHeard === true;
    if (event.kind === 'stopped') return isAnswered || turn.parts.llm !== undefined;
    if (event.kind === 'ttfb') return event.part !== 'tts' && isAnswered;
    return false;
  }

  /** The turn that is still open. @param callId the file, where the log names no call */
  finish(callId: string): { observation: TurnObservation; place: string }[] {
    const turn = this.#pending;
    this.#pending = undefined;
    if (!turn || (turn.parts.llm === undefined && turn.parts.tts === undefined && turn.e2eMs === undefined))
      return [];
    this.#turns += 1;
    return [{ place: turn.place, observation: observationOf(turn, callId, this.#turns) }];
  }
}

function note(turn: Pending, event: PipecatEvent): void {
  if (event.kind === 'stopped') turn.stoppedMs = event.atMs;
  else if (event.kind === 'started') turn.isHeard = true;
  else if (event.kind === 'turn') turn.e2eMs = event.ms;
  else if (event.kind === 'end') turn.endOfTurnMs = event.ms;
  else if (event.kind === 'tokens') turn.tokens = event;
  else {
    turn.parts[event.part] = event;
    if (event.part === 'llm') turn.llmRequests += 1;
  }
}

/** `OpenAILLMService#0` → `OpenAI`. */
const providerOf = (processor: string): string =>
  processor.replace(/(?:LLM|STT|TTS)?(?:Service)?(?:#\d+)?$/, '');

function observationOf(turn: Pending, callId: string, number: number): TurnObservation {
  const { llm, stt, tts } = turn.parts;
  const named = (part: typeof llm) =>
    part && { provider: providerOf(part.processor), model: part.model ?? 'unknown' };
  const model = named(llm);
  return {
    callId,
    turn: number,
    at: new Date(turn.stoppedMs ?? 0).toISOString(),
    marks: {},
    interrupted: false,
    bargeIn: false,
    toolCalls: Math.max(0, turn.llmRequests - 1),
    ...definedOnly({
      llm: model && {
        ...model,
        emulated: false,
        requests: turn.llmRequests,
        ...(turn.tokens
          ? {
              tokens: {
                promptTokens: turn.tokens.promptTokens,
                completionTokens: turn.tokens.completionTokens,
                ...definedOnly({ reasoningTokens: turn.tokens.reasoningTokens }),
              },
            }
          : {}),
      },
      stt: named(stt),
      tts: named(tts),
    }),
    imported: {
      from: PIPECAT,
      ...definedOnly({
        e2eMs: turn.e2eMs,
        endOfTurnDelayMs: turn.endOfTurnMs,
        transcriptionDelayMs: stt?.ms,
        llmTtftMs: llm?.ms,
        ttsTtfbMs: tts?.ms,
      }),
    },
  };
}

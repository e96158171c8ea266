import { FirstwordError, systemClock } from '@firstword/turn';
import { oneOf, type Random } from '@firstword/turn/statistics';
import type { Pool } from '../connection/pool.js';
import { PROVIDERS } from '../providers/index.js';
import { DEFAULT_TIMEOUTS, type Endpoint } from '../stream/endpoint.js';
import { responseBody } from '../stream/response-body.js';
import type { ResponseHeaders } from '../wire/headers.js';
import { isJsonObject } from '../wire/schema.js';
import type { WireSignal } from '../wire/wire.js';
import { mutateStream, splitRandomly } from './mutate-stream.js';

/** A recorded stream, which inputs are made from. */
export interface FuzzSample {
  /** Name of the provider whose wire reads it. */
  provider: string;
  bytes: Buffer;
}

/** A response that a broken server could send. */
export interface FuzzedStream {
  provider: string;
  status: number;
  headers: ResponseHeaders;
  bytes: Buffer;
  /** The same bytes as they arrive. */
  pieces: Buffer[];
  /** Whether they are read in one piece too, which must give the same. */
  alsoWhole: boolean;
}

/** What became of an input: `answer`, or the code of its error. */
export type FuzzOutcome = string;

const TYPES = [
  'text/event-stream',
  'text/event-stream; charset=utf-8',
  'application/json',
  'text/html',
  undefined,
];
const STATUSES = [201, 204, 302, 400, 401, 404, 429, 500, 503];
const RETRY_AFTER = [undefined, '2', '1.2.3s', '1e400', '-1', 'Mon, 30 Nov 2026 03:00:03 GMT', '{}'];

/** A mutated sample. The same numbers give the same one. */
export function makeStream(samples: readonly FuzzSample[], random: Random): FuzzedStream {
  const sample = oneOf(samples, random);
  const wire = random.uniform() < 0.9 ? sample : oneOf(samples, random);
  const bytes = mutateStream(sample.bytes, oneOf(samples, random).bytes, random);
  return {
    provider: wire.provider,
    status: random.uniform() < 0.85 ? 200 : oneOf(STATUSES, random),
    headers: {
      'content-type': random.uniform() < 0.8 ? TYPES[0] : oneOf(TYPES, random),
      'retry-after': oneOf(RETRY_AFTER, random),
    },
    bytes,
    pieces: splitRandomly(bytes, random),
    alsoWhole: random.uniform() < 1 / 8,
  };
}

function endpointOf(name: string): Endpoint {
  return {
    provider: PROVIDERS.find((provider) => provider.name === name)!,
    model: 'm',
    origin: new URL('http://127.0.0.1'),
    basePath: '/v1',
    query: '',
    headers: () => ({}),
    hasKey: true,
    keyVariable: 'KEY',
    clock: systemClock,
    timeouts: DEFAULT_TIMEOUTS,
    // No request is sent.
    pool: undefined as unknown as Pool,
  };
}

interface Reading {
  signals: WireSignal[];
  error?: FirstwordError;
}

/** Reads a response as `HttpChat` does: until its end, or its first error. */
function read({ provider, status, headers }: FuzzedStream, pieces: readonly Buffer[]): Reading {
  const signals: WireSignal[] = [];
  const emit = (some: WireSignal[]) => signals.push(...some);
  const onError = (error: unknown) => {
    throw error;
  };
  try {
    const body = responseBody(endpointOf(provider), { status, headers, callIds: ['call_taken'], onError });
    for (const piece of pieces) body.push(piece, emit);
    body.end(emit);
  } catch (error) {
    if (!(error instanceof FirstwordError)) throw error;
    return { signals, error };
  }
  return { signals };
}

const isCount = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;

/** What is wrong with a signal; `undefined` if nothing is. */
function faultOf(signal: WireSignal): string | undefined {
  if (signal.type === 'text' || signal.type === 'reasoning')
    return typeof signal.text === 'string' ? undefined : 'a text is not a string';
  if (signal.type === 'finish')
    return typeof signal.reason === 'string' && signal.reason ? undefined : 'a finish reason is not a text';
  if (signal.type === 'usage')
    return Object.values(signal.usage).every(isCount) ? undefined : 'usage is not numbers';
  if (signal.type === 'providerTime')
    return Object.values(signal.providerTime).every(isCount) ? undefined : 'a time is not a number';
  if (signal.type !== 'toolCall') return undefined;
  const { id, name, arguments: args } = signal.call;
  if (typeof id !== 'string' || id === '' || id === 'call_taken') return 'a call has no id of its own';
  if (typeof name !== 'string' || name === '') return 'a call has no name';
  return isJsonObject(JSON.parse(args)) ? undefined : 'arguments are not an object';
}

function textOf({ signals }: Reading): string {
  return signals.map((signal) => (signal.type === 'text' ? signal.text : '')).join('');
}

/** What the reading did wrong; `undefined` if nothing. */
function problemOf(input: FuzzedStream, { signals, error }: Reading): string | undefined {
  const fault = signals.map(faultOf).find((each) => each !== undefined);
  if (fault) return fault;
  const ids = signals.flatMap((signal) => (signal.type === 'toolCall' ? [signal.call.id] : []));
  if (new Set(ids).size < ids.length) return 'two calls have the same id';
  const text = textOf({ signals });
  if (text.length > input.bytes.length) return 'it says more than it was sent';
  const raw = input.bytes.toString('utf8');
  if (`${text}${error?.message}`.includes('[object') && !raw.includes('[object'))
    return 'an object is spoken';
  return undefined;
}

/**
 * Reads a response, as the pieces arrive.
 * @throws Error that says what was wrong: another error than a FirstwordError, a signal of another type, or another
 * result when the same bytes arrive in one piece
 */
export function readStream(input: FuzzedStream): FuzzOutcome {
  const reading = read(input, input.pieces);
  const problem = problemOf(input, reading);
  if (problem) throw new Error(problem);
  if (input.alsoWhole) {
    const whole = read(input, [input.bytes]);
    // Bytes that are not UTF-8 take the events before them along, if they arrive together.
    const isSame = whole.error
      ? textOf(reading).startsWith(textOf(whole))
      : textOf(whole) === textOf(reading);
    if (!isSame || whole.error?.code !== reading.error?.code)
      throw new Error('the result depends on where the bytes are split');
  }
  return reading.error?.code ?? 'answer';
}

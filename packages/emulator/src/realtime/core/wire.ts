/**
 * The realtime wire formats that are emulated: OpenAI's realtime API, xAI's use of it, OpenAI's GPT-Live, and Google's Gemini Live.
 */
export const REALTIME_WIRES = ['openai', 'xai', 'gpt-live', 'gemini'] as const;

/** Name of an emulated realtime wire format. */
export type RealtimeWire = (typeof REALTIME_WIRES)[number];

const GEMINI_PATH =
  /^\/+ws\/google\.ai\.generativelanguage\.v\w+\.GenerativeService\.BidiGenerateContent(?:Constrained)?\/?$/;

/**
 * The wire that a client wants, by the URL of its WebSocket. xAI's has OpenAI's path: it is known by `/xai` before it, or by the model.
 */
export function wireOf({ pathname, searchParams }: URL): RealtimeWire | undefined {
  if (/^(?:\/[^/]+)?\/live\/sessions\/?$/.test(pathname)) return 'gpt-live';
  if (GEMINI_PATH.test(pathname)) return 'gemini';
  if (/^\/xai(?:\/v1)?\/realtime\/?$/.test(pathname)) return 'xai';
  if (!/^(?:\/[^/]+)?\/realtime\/?$/.test(pathname)) return undefined;
  return searchParams.get('model')?.startsWith('grok') ? 'xai' : 'openai';
}

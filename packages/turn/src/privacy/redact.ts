/** What stands for a name of a person or a secret that was taken out. */
export const REDACTED = '[redacted]';

/** What to take out, and how much of it stays. Each is linear in the text. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // The name and password of an address, and the keys among its parameters.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`],
  [
    /([?&](?:api[-_]?key|key|token|access[-_]token|secret|password|sig|signature)=)[^&\s"']+/gi,
    `$1${REDACTED}`,
  ],
  [/(\bBearer\s+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
  // A signed token (JWT), such as LiveKit's.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, REDACTED],
  // Keys as OpenAI and Anthropic, Groq, Cerebras, xAI, Hugging Face, Fireworks, NVIDIA, Together and Google make them.
  [/\b(?:sk|csk|xai|nvapi)-[\w-]{12,}|\b(?:gsk|hf|fw|tgp)_\w{12,}|\bAIza[\w-]{20,}/g, REDACTED],
  // Without a word boundary before it: in names the parts are joined by underscores.
  [/[\p{L}\d.%+-]{1,64}@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu, REDACTED],
  // A telephone number with its country, and the one that LiveKit calls a SIP participant or a room by.
  [/\+\d(?:[ ().-]{0,2}\d){6,14}/g, REDACTED],
  [/((?:^|[^a-z])(?:sips?|tel)[_:-])\d{5,15}(?!\d)/gi, `$1${REDACTED}`],
];

/**
 * Takes keys, tokens, passwords in addresses, e-mail addresses and telephone numbers out of a text. It knows them by
 * their form: a key of no known form, a name, or a telephone number without its country is not found.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((left, [pattern, stays]) => left.replace(pattern, stays), text);
}

/** The same for every text in plain data (JSON), however deep; names of fields stay. */
export function redactAll<T>(value: T): T {
  return redactedCopy(value) as T;
}

function redactedCopy(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactedCopy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactedCopy(one)]));
}

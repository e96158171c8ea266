/** What replaces a secret or a personal identifier. */
export const REDACTED = '[redacted]';

/** What to replace, and with what. Each pattern takes time linear in the length of the text. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // User name and password in a URL, and keys among its parameters.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@]+@/gi, `$1${REDACTED}@`],
  [
    /([?&](?:api[-_]?key|key|token|access[-_]token|secret|password|sig|signature)=)[^&\s"']+/gi,
    `$1${REDACTED}`,
  ],
  [/(\bBearer\s+)[\w.~+/=-]{8,}/gi, `$1${REDACTED}`],
  // A signed token (JWT), such as LiveKit's.
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, REDACTED],
  // API keys of OpenAI, Anthropic, Groq, Cerebras, xAI, Hugging Face, Fireworks, NVIDIA, Together and Google.
  [/\b(?:sk|csk|xai|nvapi)-[\w-]{12,}|\b(?:gsk|hf|fw|tgp)_\w{12,}|\bAIza[\w-]{20,}/g, REDACTED],
  // E-mail addresses, without a word boundary before them: room names join their parts with underscores.
  [/[\p{L}\d.%+-]{1,64}@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/gu, REDACTED],
  // Telephone numbers with a country code, and those in LiveKit's names of SIP participants and rooms.
  [/\+\d(?:[ ().-]{0,2}\d){6,14}/g, REDACTED],
  [/((?:^|[^a-z])(?:sips?|tel)[_:-])\d{5,15}(?!\d)/gi, `$1${REDACTED}`],
];

/**
 * Replaces keys, tokens, passwords in URLs, e-mail addresses and telephone numbers in a text. They are recognized by
 * their format: a key of an unknown format, a person's name, or a telephone number without a country code stays.
 */
export function redact(text: string): string {
  return PATTERNS.reduce((left, [pattern, stays]) => left.replace(pattern, stays), text);
}

/** Applies `redact` to every string in JSON data, at any depth. Field names stay. Returns a copy. */
export function redactAll<T>(value: T): T {
  return redactedCopy(value) as T;
}

function redactedCopy(value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactedCopy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, redactedCopy(one)]));
}

import type { SdkLanguage } from './evidence.js';
import type { Finding, Remedy } from './finding.js';

/** Names of LiveKit's Node SDK that findings use in sentences, and what they are called in its Python SDK. */
export const PYTHON_NAMES: Readonly<Record<string, string>> = {
  minDelay: 'min_delay',
  maxDelay: 'max_delay',
  maxRetries: 'max_retries',
  onUserTurnCompleted: 'on_user_turn_completed',
  ttsNode: 'tts_node',
};

const NODE_NAME = new RegExp(`\\b(${Object.keys(PYTHON_NAMES).join('|')})\\b`, 'g');

/** A sentence with the names of LiveKit's Python SDK. */
export const inPython = (text: string): string => text.replace(NODE_NAME, (name) => PYTHON_NAMES[name]!);

/** A line for a shell, or for both SDKs. */
const isForAny = (code: string): boolean => /^(curl |[A-Z_]+=)/.test(code);

/** A remedy for an agent of another framework, which has other names for it. */
const withoutLiveKit = ({ text }: Remedy): Remedy => ({
  text: `In LiveKit’s terms, for which your framework has its own: ${text}`,
});

/** A remedy in the reader's language; where that is not known, in both. */
function remedyIn({ text, code, python }: Remedy, sdk: SdkLanguage | undefined): Remedy {
  if (sdk === 'python') {
    const own = python ?? (code !== undefined && isForAny(code) ? code : undefined);
    return own === undefined ? { text: inPython(text) } : { text: inPython(text), code: own };
  }
  if (code === undefined) return sdk === 'node' || python === undefined ? { text } : { text, code: python };
  const both = sdk === undefined && python !== undefined && !python.includes('\n');
  return { text, code: both ? `${code}\n# Python: ${python}` : code };
}

/** The finding with the names and the code of the reader's SDK. Firstword's remedies are for Node: others get LiveKit's alone. */
export function inSdk(finding: Finding, sdk: SdkLanguage | undefined): Finding {
  const { fix, logNext } = finding;
  if (sdk === 'none') {
    const other = withoutLiveKit(fix.livekit);
    return { ...finding, fix: { livekit: other, firstword: other } };
  }
  const livekit = remedyIn(fix.livekit, sdk);
  const next = logNext && { logNext: remedyIn(logNext, sdk) };
  if (sdk !== 'python')
    return { ...finding, ...next, fix: { livekit, firstword: remedyIn(fix.firstword, sdk) } };
  const { verdict, check, experiment, evidence, confidence } = finding;
  return {
    ...finding,
    ...next,
    verdict: inPython(verdict),
    check: inPython(check),
    ...(experiment === undefined ? {} : { experiment: inPython(experiment) }),
    evidence: evidence.map((line) => ({ ...line, text: inPython(line.text) })),
    confidence: { ...confidence, why: inPython(confidence.why) },
    fix: { livekit, firstword: livekit },
  };
}

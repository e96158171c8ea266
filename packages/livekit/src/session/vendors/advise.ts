import { log, type stt, type tts } from '@livekit/agents';
import { EagerSTT } from '../../stt/eager-stt.js';
import { ClauseTTS } from '../../tts/clause-tts.js';
import { sttPart, ttsPart, type VendorPart } from './part.js';
import { RULES, type VendorAdvice } from './rules.js';

/** The advice of all rules about the parts. */
export function adviceFor(parts: readonly VendorPart[]): VendorAdvice[] {
  return parts.flatMap((part) =>
    RULES.flatMap((rule) => {
      const advice = rule(part);
      return advice ? [{ part: part.label, ...advice }] : [];
    }),
  );
}

/**
 * Vendor settings of STT and TTS that shorten the felt gap; settings that cost time now come first. It changes nothing:
 * plugins cannot be changed once created, and most do not show their options.
 */
export function adviseVendors(parts: {
  stt?: stt.STT | undefined;
  tts?: tts.TTS | undefined;
}): VendorAdvice[] {
  const inner = parts.stt instanceof EagerSTT ? parts.stt.inner : parts.stt;
  const voice = parts.tts instanceof ClauseTTS ? parts.tts.wrapped.tts : parts.tts;
  const seen = [...(inner ? [sttPart(inner)] : []), ...(voice ? [ttsPart(voice)] : [])];
  return adviceFor(seen).sort((a, b) => Number(b.isProblem) - Number(a.isProblem));
}

const warned = new Set<string>();

/** Logs each problem once in this process, as a warning. */
export function warnOfVendors(parts: Parameters<typeof adviseVendors>[0]): void {
  for (const { part, isProblem, text, options, source } of adviseVendors(parts)) {
    const message = `firstword: ${part} ${text}`;
    if (!isProblem || warned.has(message)) continue;
    warned.add(message);
    log().warn({ ...(options ? { options } : {}), source }, message);
  }
}

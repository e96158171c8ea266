import { z } from 'zod';

/** A mark, ms. */
export const ms = z.number();
/** A duration, ms. */
export const durationMs = z.number().min(0);

/** Validates an owner. */
export const ownerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('setting'), name: z.string() }),
  z.object({ kind: z.literal('provider'), name: z.string() }),
  z.object({ kind: z.literal('network') }),
  z.object({ kind: z.literal('app') }),
  z.object({ kind: z.literal('unaccounted') }),
]);

/** Validates a part of a silence. */
export const silenceSegmentSchema = z.object({
  name: z.string(),
  owner: ownerSchema,
  fromMs: ms,
  toMs: ms,
  durationMs,
});

/** Validates a tool call. */
export const toolSpanSchema = z.object({
  name: z.string(),
  startedMs: ms,
  /** Absent if it was still running when the turn ended. */
  endedMs: ms.optional(),
  /** Whether the tool threw. Absent if it did not, or if it did not end. */
  isError: z.boolean().optional(),
  /** The tool is marked as read-only, and was started before the turn was committed. Absent if not. */
  isSpeculative: z.boolean().optional(),
});

/** Validates a stretch of audible speech of the agent. Pauses up to 200 ms are part of it. */
export const speechSpanSchema = z.object({
  fromMs: ms,
  toMs: ms,
  /** A filler phrase. Absent if it is not one. */
  isFiller: z.boolean().optional(),
});

/** Validates a request to the LLM with the results of tools. */
export const afterToolsSchema = z.object({ requestedMs: ms, firstContentMs: ms.optional() });

/** Validates an interruption by the caller while the agent could be heard. */
export const interruptionSchema = z.object({
  /** The caller's first sample. */
  callerFromMs: ms,
  /** The agent's last audible sample after it. Absent if the agent did not stop. */
  stoppedMs: ms.optional(),
  /** The caller did not want to interrupt (a backchannel, a cough, echo). Absent if not known. */
  isFalse: z.boolean().optional(),
  /** When speech went on after a false stop. Absent if it did not. */
  resumedMs: ms.optional(),
});

/** Validates the longest silence of a turn with tools. */
export const toolSilenceSchema = z.object({
  /** Longest time without a sound of the agent, from the caller's last sample to the answer after the tools. */
  longestMs: durationMs,
  /** From the caller's last sample to the agent's first sound. */
  afterCallerMs: durationMs.optional(),
  /** Longest time without a sound after the agent had begun. Absent if there was none. */
  afterAgentMs: durationMs.optional(),
  /** Parts of the longest silence; they sum to `longestMs` exactly. */
  segments: z.array(silenceSegmentSchema),
});

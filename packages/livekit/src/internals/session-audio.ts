/**
 * Wraps every audio input or output that is set on a session from now on. LiveKit's own setter runs afterwards, unchanged.
 *
 * A room's audio is set while the session starts, and LiveKit ignores an input that is set later: the setter is the only
 * place where it can be wrapped.
 *
 * - Read in: `@livekit/agents` 1.9.0, `voice/io.ts`, accessors `AgentInput.audio` and `AgentOutput.audio`.
 * - If it changes: `watchRoom` throws, or has no effect: the records then carry no `firstAudible`. `internals.test.ts`
 *   fails.
 */
export function wrapSessionAudio<Audio>(io: { audio: Audio | null }, wrap: (audio: Audio) => Audio): void {
  const own = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(io), 'audio')!;
  Object.defineProperty(io, 'audio', {
    ...own,
    set: (audio: Audio | null) => own.set!.call(io, audio && wrap(audio)),
  });
}

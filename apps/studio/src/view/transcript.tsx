import { useEffect, useRef } from 'preact/hooks';
import type { CallTranscript, Speaker } from '../state/state.js';

const NAMES: Record<Speaker, string> = { caller: 'Caller', agent: 'Agent' };
/** The list scrolls with new lines only if it is scrolled to within this distance of the end, px. */
const FOLLOW_WITHIN_PX = 60;

/** The transcript; interim text is greyed. Screen readers announce finished lines only. */
export function TranscriptView({ transcript }: { transcript: CallTranscript }) {
  const box = useRef<HTMLElement>(null);
  const follows = useRef(true);
  // Scrolls to the end when the transcript changes.
  useEffect(() => {
    if (box.current && follows.current) box.current.scrollTop = box.current.scrollHeight;
  }, [transcript]);
  const { lines, interim } = transcript;
  const speaking = (['caller', 'agent'] as const).filter((who) => interim[who]);
  const isEmpty = lines.length === 0 && speaking.length === 0;
  return (
    <section class="panel transcript" aria-labelledby="transcript-title">
      <h2 id="transcript-title" class="eyebrow">
        Transcript
      </h2>
      <section
        class="transcript-box"
        ref={box}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Conversation"
        data-testid="transcript"
        onScroll={({ currentTarget: el }) => {
          follows.current = el.scrollHeight - el.scrollTop - el.clientHeight < FOLLOW_WITHIN_PX;
        }}
      >
        {isEmpty && <p class="muted">The conversation appears here while it is transcribed.</p>}
        <div role="log" aria-live="polite">
          {lines.map(({ id, who, text }) => (
            <p key={id} class="line" data-who={who}>
              <span class="who">{NAMES[who]}</span> {text}
            </p>
          ))}
        </div>
        {speaking.map((who) => (
          <p key={who} class="line interim" data-who={who} data-testid={`interim-${who}`} aria-live="off">
            <span class="who">{NAMES[who]}</span> {interim[who]} …
          </p>
        ))}
      </section>
    </section>
  );
}

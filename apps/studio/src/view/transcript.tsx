import { useEffect, useRef } from 'preact/hooks';
import type { CallTranscript, Speaker } from '../state/state.js';

const NAMES: Record<Speaker, string> = { caller: 'Caller', agent: 'Agent' };
/** Nearer to the end than this, the list follows what is said; further up, the reader is left in peace. */
const FOLLOW_WITHIN_PX = 60;

/** What was said, and greyed what is being said. Only finished lines are read out. */
export function TranscriptView({ transcript }: { transcript: CallTranscript }) {
  const box = useRef<HTMLElement>(null);
  const follows = useRef(true);
  // The list scrolls when what is in it changes.
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
        aria-label="What was said"
        data-testid="transcript"
        onScroll={({ currentTarget: el }) => {
          follows.current = el.scrollHeight - el.scrollTop - el.clientHeight < FOLLOW_WITHIN_PX;
        }}
      >
        {isEmpty && <p class="muted">What is said appears here as it is heard.</p>}
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

import { useEffect, useRef } from 'preact/hooks';
import { meterShare } from '../audio/pcm.js';
import type { Live } from '../studio.js';

/** How fast a meter falls, share of its width per second: slow enough to be read. */
const FALL_PER_S = 1.6;
/** Where the user asked for less motion, a meter moves this seldom, ms. */
const CALM_EVERY_MS = 500;

function Meter({ label, active, read }: { label: string; active: boolean; read: () => number }) {
  const fill = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = fill.current;
    if (!active || !element) return;
    let shown = 0;
    let lastMs = performance.now();
    let frame = 0;
    const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? CALM_EVERY_MS : 0;
    const draw = (nowMs: number) => {
      frame = requestAnimationFrame(draw);
      if (nowMs - lastMs < everyMs) return;
      shown = Math.max(meterShare(read()), shown - (FALL_PER_S * (nowMs - lastMs)) / 1000, 0);
      lastMs = nowMs;
      element.style.transform = `scaleX(${shown.toFixed(3)})`;
    };
    frame = requestAnimationFrame(draw);
    return () => {
      cancelAnimationFrame(frame);
      element.style.transform = 'scaleX(0)';
    };
  }, [active, read]);
  return (
    <div class="meter">
      <span class="meter-label">{label}</span>
      <div class="meter-track" aria-hidden="true">
        <div class="meter-fill" ref={fill} />
      </div>
    </div>
  );
}

/** Levels of both voices. They are drawn past the state, because they change with every frame of the screen. */
export function Meters({ live, active }: { live: Live; active: boolean }) {
  const readCaller = useRef(() => live.callerRms).current;
  const readAgent = useRef(() => live.agentRms).current;
  return (
    <div class="meters">
      <Meter label="Caller" active={active} read={readCaller} />
      <Meter label="Agent" active={active} read={readAgent} />
    </div>
  );
}

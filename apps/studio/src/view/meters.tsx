import { useEffect, useRef } from 'preact/hooks';
import { meterShare } from '../audio/pcm.js';
import type { AudioProgress } from '../studio-controller.js';

/** How fast a meter falls, in widths per second: slowly enough to be read. */
const FALL_PER_S = 1.6;
/** Update interval of a meter with `prefers-reduced-motion`, ms. */
const REDUCED_MOTION_INTERVAL_MS = 500;

function Meter({ label, active, read }: { label: string; active: boolean; read: () => number }) {
  const fill = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = fill.current;
    if (!active || !element) return;
    let shown = 0;
    let lastMs = performance.now();
    let frame = 0;
    const everyMs = matchMedia('(prefers-reduced-motion: reduce)').matches ? REDUCED_MOTION_INTERVAL_MS : 0;
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

/** The audio levels of caller and agent. They bypass the state because they change with every animation frame. */
export function Meters({ progress, active }: { progress: AudioProgress; active: boolean }) {
  const readCaller = useRef(() => progress.callerRms).current;
  const readAgent = useRef(() => progress.agentRms).current;
  return (
    <div class="meters">
      <Meter label="Caller" active={active} read={readCaller} />
      <Meter label="Agent" active={active} read={readAgent} />
    </div>
  );
}

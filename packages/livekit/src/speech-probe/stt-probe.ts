import { FirstwordError, type SpeechProbe, type SttMeasurement } from '@firstword/turn';
import { watchUpgrades } from '../hosted/upgrade-watch.js';
import { SttLane, type SttLaneOptions } from './stt-lane.js';

/**
 * Measures an STT of LiveKit: plays the line at its pace and times the transcripts. A stream stays open between
 * measurements and hears silence, as in a call.
 */
export function sttProbe(options: SttLaneOptions): SpeechProbe {
  const lanes = new Set<SttLane>();
  const unwatch = watchUpgrades();
  const open = () => {
    const lane = new SttLane(options);
    lanes.add(lane);
    return lane;
  };
  const free = () => [...lanes].find(({ isFree }) => isFree) ?? open();
  const close = () => {
    for (const lane of lanes) lane.close();
    lanes.clear();
    unwatch();
  };
  return {
    ready: async ({ signal }) => {
      const lane = free();
      await untilAborted(lane.connected(), signal);
    },
    measure: async ({ signal }): Promise<SttMeasurement> => {
      const lane = free();
      const onAbort = () => lane.close();
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      const measured = await lane.play();
      signal.removeEventListener('abort', onAbort);
      if (signal.aborted) throw new FirstwordError('aborted', 'the measurement was stopped');
      if (lane.isOver) {
        lane.close();
        lanes.delete(lane);
      }
      return measured;
    },
    close: async () => {
      close();
    },
  };
}

/** Resolves with the work, or when the signal fires. */
function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal.removeEventListener('abort', done);
      resolve();
    };
    signal.addEventListener('abort', done, { once: true });
    if (signal.aborted) done();
    void work.then(done);
  });
}

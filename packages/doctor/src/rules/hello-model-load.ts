import type { Rule } from '../rule.js';
import { helloFinding } from './hello-waits.js';

/** Finds local models that were loaded after the job had been taken. */
export const helloModelLoad: Rule = {
  id: 'hello-model-load',
  title: 'Models are loaded while the caller waits',
  looksFor: 'local models that were loaded after the job had been taken',
  needs: 'Firstword’s records of calls, from LiveKit jobs',
  part: 'hello',
  examine({ hellos }) {
    return helloFinding(this, hellos, {
      names: ['model loading'],
      verdict: (calls, of, middle) =>
        `In ${calls} of ${of} calls local models were loaded on the way to the first words: ${middle}.`,
      assumes: 'the models are loaded before the job is taken',
      confidence: 0.95,
      why: 'the loading was timed within the job',
      fix: {
        livekit: {
          text: 'Load VAD and turn detector in `prewarm`, and keep them in `proc.userData`',
          code: 'prewarm: async (proc) => { proc.userData.vad = await silero.VAD.load(); }',
          python: 'def prewarm(proc: JobProcess):\n    proc.userdata["vad"] = silero.VAD.load()',
        },
        firstword: {
          text: 'Import `@firstword/livekit` in the agent’s file, not inside `entry`: LiveKit’s local models are then loaded before the job. Load your own in `prewarm`',
          code: "import { loadLocalModels } from '@firstword/livekit';\nloadLocalModels();",
        },
      },
      check: '`model loading` is gone from the time to hello in `firstword report`.',
    });
  },
};

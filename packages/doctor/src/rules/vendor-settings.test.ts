import { expect, it } from 'vitest';
import { evidence, later, PATIENT_MARKS } from '../testing/evidence.js';
import { vendorSettings } from './vendor-settings.js';

it('finds it and estimates the saving', () => {
  const [found] = vendorSettings.examine(
    evidence(10, () => ({
      tts: { provider: 'ElevenLabs', model: 'eleven_turbo_v2_5' },
      marks: later(PATIENT_MARKS, 'ttsFirstByte', 200),
    })),
  );
  expect(found!.saving!.meanMs).toBeGreaterThan(220);
  expect(found!.saving!.meanMs).toBeLessThan(230);
  expect(found!.fix.livekit.code).toContain('eleven_flash_v2_5');
});

it('finds nothing for the fast model', () => {
  expect(
    vendorSettings.examine(
      evidence(10, () => ({
        tts: { provider: 'ElevenLabs', model: 'eleven_flash_v2_5' },
        marks: later(PATIENT_MARKS, 'ttsFirstByte', 200),
      })),
    ),
  ).toEqual([]);
});

/**
 * The English voices inside the flite package. slt (US, female), rms (US, male) and awb (Scottish, male) are the
 * natural ones, at 16 kHz; kal (8 kHz) and kal16 are older, robotic and faster.
 */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal', 'kal16'] as const;

/** Name of a flite voice. */
export type FliteVoice = (typeof FLITE_VOICES)[number];

/** Whether a name is one of `FLITE_VOICES`. */
export function isFliteVoice(name: string): name is FliteVoice {
  return (FLITE_VOICES as readonly string[]).includes(name);
}

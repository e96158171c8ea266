import type { NoiseCancellationOptions } from '@livekit/rtc-node';

/** The shape that a noise cancellation plugin returns. */
export const noiseCancellation = (): NoiseCancellationOptions => ({ moduleId: 'scripted', options: {} });

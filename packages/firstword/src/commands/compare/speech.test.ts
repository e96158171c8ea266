import { expect, it } from 'vitest';
import { speechChoice } from './speech.js';

it('takes a pair of an STT and a TTS, embedded ones included, or LiveKit Inference for both', () => {
  expect(speechChoice(undefined)).toBeUndefined();
  expect(speechChoice('deepgram+cartesia')).toMatchObject({ stt: 'deepgram', tts: 'cartesia' });
  expect(speechChoice('flux + embedded')).toMatchObject({ stt: 'flux', tts: 'embedded' });
  expect(speechChoice('livekit-inference')).toEqual({
    name: 'livekit-inference',
    label: 'deepgram/nova-3 through LiveKit Inference, cartesia/sonic-3 through LiveKit Inference (emulated)',
    stt: 'inference-deepgram',
    tts: 'inference-cartesia',
  });
});

it.each([
  ['deepgram', /two names with a \+/],
  ['deepgram+cartesia+x', /two names with a \+/],
  ['deepgraam+cartesia', /deepgram/],
  ['deepgram+cartesia-x', /cartesia/],
])('refuses %s before anything is played', (given, message) => {
  expect(() => speechChoice(given)).toThrow(message);
});

import { stt } from '@livekit/agents';
import { expect, it, vi } from 'vitest';
import { fileOfFunction } from './function-file.js';

it('finds the file of a class, and leaves nothing behind', () => {
  const before = Reflect.ownKeys(globalThis).length;
  expect(fileOfFunction(stt.STT)).toMatch(/@livekit\/agents\/dist\/stt\/stt\.js$/);
  expect(Reflect.ownKeys(globalThis)).toHaveLength(before);
});

it('finds nothing for a built-in function, or what is no function', () => {
  expect(fileOfFunction(Map)).toBeUndefined();
  expect(fileOfFunction('text')).toBeUndefined();
});

it('finds nothing where the inspector is not available', () => {
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
  expect(fileOfFunction(stt.STT)).toBeUndefined();
  builtin.mockRestore();
});

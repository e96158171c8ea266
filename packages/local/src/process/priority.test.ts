import * as os from 'node:os';
import { beforeEach, expect, it, vi } from 'vitest';
import { yieldToAgent } from './priority.js';

vi.mock('node:os', { spy: true });

const { getPriority, setPriority } = vi.mocked(os);
const refused = () => {
  throw new Error('uv_os_setpriority returned EACCES');
};

beforeEach(() => {
  vi.resetAllMocks();
  setPriority.mockReturnValue(undefined);
});

it('lowers the priority below normal', () => {
  getPriority.mockReturnValue(0);
  yieldToAgent();
  expect(setPriority.mock.calls).toEqual([[os.constants.priority.PRIORITY_BELOW_NORMAL]]);
});

it('keeps a priority that is lower already', () => {
  getPriority.mockReturnValue(os.constants.priority.PRIORITY_LOW);
  yieldToAgent();
  expect(setPriority).not.toHaveBeenCalled();
});

it('goes on where it is refused', () => {
  getPriority.mockReturnValue(0);
  setPriority.mockImplementation(refused);
  expect(yieldToAgent).not.toThrow();
  getPriority.mockImplementation(refused);
  expect(yieldToAgent).not.toThrow();
});

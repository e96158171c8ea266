import { memoryConformance } from '../testing/memory-conformance.js';
import { sharedMemory } from './shared-memory.js';

memoryConformance('sharedMemory', () => {
  const memory = sharedMemory();
  return { open: () => memory };
});

import { type Clock, systemClock } from '@firstword/turn';
import { MemoryHub } from './memory-hub.js';
import type { RouterMemory } from './router-memory.js';

/**
 * Shares what routers learn among the routers of this process: give each router the same memory. Keeps the last 800 times of a
 * model. Nothing outlives the process.
 * @param options.clock clock for the age of news; default the system's
 */
export function sharedMemory(options: { clock?: Clock } = {}): Required<RouterMemory> {
  const hub = new MemoryHub(options.clock ?? systemClock);
  return {
    load: (model) => hub.times(model),
    append: (model, seen, by) => hub.addTimes(model, [seen], by),
    report: (model, news, by) => hub.addNews(model, news, by ? { by } : {}),
    follow: (model, follower) => hub.follow(model, follower),
    ready: async () => {},
  };
}

export type { Route } from './route.js';

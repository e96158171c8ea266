export type { AnsweredRequest } from './answer/answered.js';
export { type Gateway, startGateway } from './gateway.js';
export { DEFAULT_LIMITS, type GatewayLimits, type GatewayOptions } from './options.js';
export type { Route } from './route.js';
export { type GatewayStore, openStore, type StoreOptions } from './store/open-store.js';

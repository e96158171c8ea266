export { ConfigError, type ConfigProblem } from './config-error.js';
export { describeRoute, modelsText, type RouteDescription } from './describe.js';
export type { ModelSource } from './open-model.js';
export { type OpenRoute, type OpenRoutesOptions, openRoutes, toRoutes } from './open-routes.js';
export { parseConfig, type ReadConfig, type ReadConfigOptions, readConfig } from './read-config.js';
export { missingVariables, type PlannedModel, type PlannedRoute, planModels } from './route-plan.js';
export {
  configJsonSchema,
  type GatewayConfig,
  type RouteSettingsConfig,
  type ServerConfig,
  type StoreConfig,
} from './schema.js';

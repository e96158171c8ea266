import { ConfigError, describeRoute } from '@firstword/gateway/config';
import type { GatewayCommandOptions } from './options.js';
import { type GatewayPlan, type MissingVariable, missingIn, readGatewayPlan } from './read-plan.js';

function checkText(plan: GatewayPlan, missing: readonly MissingVariable[]): string {
  const routes = plan.routes.map((route) => {
    const { name, isDefault, models, text } = describeRoute(route);
    return [
      `${name}${isDefault ? ' and every model name that no other route has' : ''}`,
      ...models.map(({ model, keyVariables, missing: lacking }, at) => {
        const key = keyVariables.length === 0 ? 'no key needed' : `key from ${keyVariables.join(' and ')}`;
        const lack = lacking.length > 0 ? `; not set: ${lacking.join(', ')}` : '';
        return `  ${at + 1}. ${model} (${key}${lack})`;
      }),
      ...text.map((sentence) => `  ${sentence}`),
    ].join('\n');
  });
  const list = missing.map(({ variable, neededFor }) => `  ${variable} for ${neededFor}`);
  return [
    ...routes,
    `Listens on ${plan.host}, port ${plan.port}.`,
    missing.length === 0 ? 'Ready to start.' : `Set these variables first:\n${list.join('\n')}`,
  ].join('\n\n');
}

/** `firstword gateway --check`: says what each route would do. Opens nothing and asks nobody. */
export function checkGateway(options: GatewayCommandOptions): void {
  let plan: GatewayPlan;
  try {
    plan = readGatewayPlan(options);
  } catch (error) {
    if (!options.json || !(error instanceof ConfigError)) throw error;
    console.log(JSON.stringify({ usable: false, problems: error.problems }, null, 2));
    process.exitCode = 2;
    return;
  }
  const missing = missingIn(plan);
  if (missing.length > 0) process.exitCode = 1;
  if (!options.json) {
    console.log(checkText(plan, missing));
    return;
  }
  const { host, port, drainMs } = plan;
  const routes = plan.routes.map((route) => describeRoute(route));
  console.log(JSON.stringify({ usable: true, host, port, drainMs, routes, missing }, null, 2));
}

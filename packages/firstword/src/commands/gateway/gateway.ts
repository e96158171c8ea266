import { readFileSync } from 'node:fs';
import { type Gateway, type GatewayStore, openStore, startGateway } from '@firstword/gateway';
import { FirstwordError, systemClock } from '@firstword/turn';
import { isLoopback } from '../../loopback.js';
import { drainWhenStopped, stopSignal, untilStopped } from '../../stop-signal.js';
import { checkGateway } from './check.js';
import type { GatewayCommandOptions } from './options.js';
import { ProblemLog } from './problem-log.js';
import { type GatewayPlan, readGatewayPlan, requireVariables } from './read-plan.js';
import { ServedRoutes } from './served-routes.js';
import { routeLines, startText } from './start-text.js';

function readPem(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const message = `${file} cannot be read: check server.tls, and who may read the file`;
    throw new FirstwordError('bad_input', message, { cause });
  }
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** What `start` needs. */
interface Start {
  plan: GatewayPlan;
  served: ServedRoutes;
  store: GatewayStore;
  log: ProblemLog;
  warmUp: boolean;
}

async function start({ plan, served, store, log, warmUp }: Start): Promise<Gateway> {
  const { server, host, port, tokenVariable } = plan;
  const token = process.env[tokenVariable];
  const { tls, limits = {} } = server;
  const open = await served.open(plan);
  const given = Object.entries(limits).filter(([, value]) => value !== undefined);
  try {
    return await startGateway({
      routes: served.use(open),
      store,
      host,
      port,
      limits: Object.fromEntries(given),
      warmUp,
      onAnswered: (answered) => log.answered(answered),
      ...(token ? { token } : {}),
      ...(server.hosts ? { hosts: [...server.hosts, host, ...LOOPBACK_NAMES] } : {}),
      ...(server.corsOrigins ? { corsOrigins: server.corsOrigins } : {}),
      ...(tls ? { tls: { cert: readPem(tls.certFile), key: readPem(tls.keyFile) } } : {}),
    });
  } catch (error) {
    await Promise.all(open.map(({ router }) => router.close()));
    throw error;
  }
}

/** Reads the config file again, one signal after the other. What cannot be used changes nothing. */
function reloadOnSignal(running: {
  options: GatewayCommandOptions;
  plan: GatewayPlan;
  gateway: Gateway;
  served: ServedRoutes;
  log: ProblemLog;
  signal: AbortSignal;
}): void {
  const { options, gateway, served, log, signal } = running;
  const { config } = options;
  // Without a config file there is nothing to read again: the signal ends the command, as when its terminal is closed.
  if (config === undefined) return;
  const reload = async () => {
    try {
      const plan = readGatewayPlan(options);
      requireVariables(plan);
      const open = await served.open(plan);
      await served.warm((text) => log.tell(text), signal, open);
      if (signal.aborted) return;
      gateway.replaceRoutes(served.use(open));
      const kept = open.filter(({ isKept }) => isKept).length;
      log.tell(`${config} was read again: ${open.length} routes, ${kept} of them as before`);
      for (const line of routeLines(plan.routes)) log.tell(line.trim());
      for (const part of ['server', 'store'] as const) {
        if (JSON.stringify(plan[part]) !== JSON.stringify(running.plan[part]))
          log.tell(`what has changed below ${part}: needs a restart`);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.tell(`${config} was not taken over, and the routes stay as they are: ${reason}`);
    }
  };
  let last = Promise.resolve();
  process.on('SIGHUP', () => {
    last = last.then(reload);
  });
}

/** Waits for the answers under way, for the time that the config allows. */
async function drain(gateway: Gateway, { drainMs }: GatewayPlan, log: ProblemLog): Promise<void> {
  if (gateway.running > 0) {
    log.tell(
      `stopping: waits up to ${drainMs / 1_000} s for ${gateway.running} answers; a second signal ends them`,
    );
  }
  await gateway.drain({ signal: AbortSignal.timeout(drainMs) });
}

/** `firstword gateway`. */
export async function gateway(options: GatewayCommandOptions): Promise<void> {
  if (options.check) {
    checkGateway(options);
    return;
  }
  const signal = stopSignal();
  const plan = readGatewayPlan(options);
  requireVariables(plan);
  const log = new ProblemLog({
    level: options.log,
    clock: systemClock,
    write: (line) => process.stderr.write(line),
  });
  const store = await openStore(plan.store, { onStatus: (line) => log.tell(line) });
  const served = new ServedRoutes(store);
  try {
    const running = await start({ plan, served, store, log, warmUp: options.warmUp });
    drainWhenStopped();
    reloadOnSignal({ options, plan, gateway: running, served, log, signal });
    const { url, origin } = running;
    const tokenVariable = process.env[plan.tokenVariable] ? plan.tokenVariable : undefined;
    const { emulates } = served;
    const text = startText({ url, origin, routes: plan.routes, tokenVariable, emulates });
    console.log(options.json ? JSON.stringify({ url, origin, pid: process.pid, emulated: emulates }) : text);
    if (!isLoopback(plan.host) && !plan.server.tls)
      log.tell(
        'other machines send the token and their prompts unencrypted: set server.tls, or use a private network',
      );
    await served.warm((line) => log.tell(line), signal);
    await untilStopped();
    await drain(running, plan, log);
  } finally {
    served.close();
    await store.close();
  }
}

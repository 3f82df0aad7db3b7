import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import tls from 'node:tls';
import { setTimeout as delay } from 'node:timers/promises';
import pty from 'node-pty';
import { cloudFromSettings } from '../src/azure/clouds.ts';
import { ResourceManagerClient } from '../src/azure/resourceManager/client.ts';
import { isCancellation } from '../src/base/cancellation.ts';
import { followLog } from '../src/logs/followLog.ts';
import { signInAzureCli } from '../test/emulator/azureCli.ts';
import { customEnvironment } from '../test/emulator/customEnvironment.ts';
import { startEmulator, type Emulator, type TimedRequest } from '../test/emulator/emulator.ts';
import type { ScenarioGroup } from '../test/emulator/scenario.ts';

/** What following a log costs one client. */
export interface LogTraffic {
  /** The answers after the first one, in bytes. */
  readonly received: number;
  /** What was written meanwhile, in bytes, without timestamps. */
  readonly written: number;
}

export interface LogFigures {
  /** How long the logs were followed for these figures, in milliseconds. */
  readonly followedMs: number;
  readonly ours: LogTraffic;
  readonly azureCli: LogTraffic;
  /** Of a log in which nothing is written, once it has been quiet for a while. */
  readonly idleRequestsPerMinute: number;
}

const subscriptionId = '11111111-0001-4000-8000-000000000001';

/** Ten lines a second. */
const lineMs = 100;

/** A log of more than 4 MB, of a kind that web servers write. */
const line = `127.0.0.1 - - "GET /orders/4711 HTTP/1.1" 200 612 "-" "Mozilla/5.0 (X11; Linux x86_64)" 0.012`;
const largeLog = Array.from({ length: 45_000 }, () => line);

/** After so long without news, the time between two polls has grown to its longest, in milliseconds. */
const settledMs = 16_000;

/** Follows logs with the core of the extension, and beside it with `az container logs --follow`. */
export async function measureLogs(followedMs: number): Promise<LogFigures> {
  const emulator = await startEmulator({
    scenario: {
      subscriptions: [
        {
          subscriptionId,
          displayName: 'Logs',
          groups: [groupOf('ours', largeLog), groupOf('az', largeLog), groupOf('idle', ['ready'])],
        },
      ],
      timings: { logLineMs: 0 },
    },
  });
  const ended = new AbortController();
  try {
    tls.setDefaultCACertificates([
      ...tls.getCACertificates('default'),
      readFileSync(emulator.caPath, 'utf8'),
    ]);
    const signIn = await signInAzureCli(emulator);
    const args = ['container', 'logs', '--resource-group', 'rg', '--name', 'az', '--follow'];
    const az = pty.spawn('az', args, { cols: 200, rows: 24, env: signIn.env });
    const azEnded = new Promise<void>((resolve) => az.onExit(() => resolve()));
    try {
      const following = Promise.all(['ours', 'idle'].map((name) => follow(emulator, name, ended.signal)));
      await untilAsked(emulator, 'az');
      const startedAt = Date.now();
      let lines = 0;
      for (; Date.now() - startedAt < followedMs; lines++) {
        emulator.writeLog(idOf('ours'), [line]);
        emulator.writeLog(idOf('az'), [line]);
        await delay(lineMs);
      }
      ended.abort();
      await following;
      const endedAt = Date.now();
      const idle = requestsOf(emulator, 'idle').filter(({ at }) => at > startedAt + settledMs);
      const traffic = (name: string): LogTraffic => ({
        received: requestsOf(emulator, name)
          .slice(1)
          .reduce((sum, { bytes }) => sum + bytes, 0),
        written: lines * (line.length + 1),
      });
      return {
        followedMs: endedAt - startedAt,
        ours: traffic('ours'),
        azureCli: traffic('az'),
        idleRequestsPerMinute: idle.length / ((endedAt - startedAt - settledMs) / 60_000),
      };
    } finally {
      az.kill('SIGKILL');
      await azEnded;
      await rm(signIn.folder, { recursive: true, force: true });
    }
  } finally {
    ended.abort();
    await emulator.close();
  }
}

function groupOf(name: string, log: readonly string[]): ScenarioGroup {
  return { name, resourceGroup: 'rg', location: 'westeurope', containers: [{ name, image: 'nginx', log }] };
}

function idOf(name: string): string {
  return `/subscriptions/${subscriptionId}/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/${name}`;
}

function requestsOf(emulator: Emulator, name: string): readonly TimedRequest[] {
  return emulator.timedRequests.filter(
    ({ operation, path }) => operation === 'logs' && path.includes(`/containers/${name}/`),
  );
}

/** Waits for a client's first question for its log: it takes a while to start. */
async function untilAsked(emulator: Emulator, name: string): Promise<void> {
  while (requestsOf(emulator, name).length === 0) {
    await delay(lineMs);
  }
}

/** Follows a log as the terminal of "Follow Logs" does, until the signal is aborted. */
async function follow({ endpoint, credentials }: Emulator, name: string, signal: AbortSignal): Promise<void> {
  const token = { token: credentials.bearerToken, expiresOnTimestamp: Date.now() + 3_600_000 };
  const cloud = cloudFromSettings('custom', customEnvironment(endpoint));
  const { containers } = new ResourceManagerClient(cloud, { getToken: () => Promise.resolve(token) });
  const source = {
    read: (tail: number) =>
      containers.listLogs({ groupId: idOf(name), container: name, tail, timestamps: true }, signal),
    run: () => Promise.resolve({ id: name, isRunning: true }),
  };
  try {
    for await (const event of followLog(source, { firstLines: 1_000, signal })) {
      if (event.kind === 'gap') {
        throw new Error('lines are missing');
      }
    }
  } catch (error) {
    if (!isCancellation(error)) {
      throw error;
    }
  }
}

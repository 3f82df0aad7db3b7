import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocketServer } from 'ws';
import { AzureError, type AzureProblem } from '../../src/azure/errors.ts';
import { AttachSignal } from '../../src/logs/attachSignal.ts';
import { followLog, type LogSource } from '../../src/logs/followLog.ts';
import type { Random } from '../emulator/random.ts';
import { SimulatedLog } from '../support/logs/simulatedLog.ts';
import { inTime, type FuzzCase } from './cases.ts';
import { inFastTime } from './fastTime.ts';
import { kindOf } from './guard.ts';
import { damaged, hostileTexts, pick, randomBytes } from './mutations.ts';
import { nonsense, oddAddresses, refusals } from './sessions.ts';

const problems: readonly [AzureProblem, ...AzureProblem[]] = [
  { kind: 'brokenOff' },
  { kind: 'notAzure', detail: '' },
  { kind: 'throttled', retryAfterSeconds: 1 },
  { kind: 'unreachable', host: 'h', code: 'ECONNRESET' },
  { kind: 'logNotAvailable', detail: '' },
];

/** A log that is polled, or told of by a hostile socket: of a true one each line comes once and in order. */
export const logs: FuzzCase = ({ random, server, count }) =>
  inFastTime(async () => {
    const log = new SimulatedLog();
    const isTrue = random.below(3) > 0;
    const source: LogSource = {
      read: async (tail, signal) => {
        if (random.below(6) === 0) {
          throw new AzureError(pick(random, problems));
        }
        const content = await log.read(tail, signal);
        return isTrue ? content : falsified(random, content);
      },
      run: (signal) => {
        signal.throwIfAborted();
        return log.run();
      },
    };
    const sockets = new WebSocketServer({ noServer: true });
    server.behaviour = {
      request: (_request, _body, response) => response.destroy(),
      upgrade: (request, socket, head) => {
        if (random.below(4) === 0) {
          socket.end(pick(random, refusals));
          return;
        }
        sockets.handleUpgrade(request, socket, head, (opened) => {
          opened.on('error', () => opened.terminate());
          for (let frame = random.below(30); frame > 0; frame--) {
            opened.send(randomBytes(random, random.below(500)), { binary: random.below(2) === 0 });
          }
          const end = random.below(3);
          if (end === 0) {
            socket.write(pick(random, nonsense));
          } else if (end === 1) {
            opened.terminate();
          }
        });
      },
    };
    const ended = new AbortController();
    const { signal } = ended;
    const attached = new AttachSignal({
      attach: () =>
        Promise.resolve({
          webSocketUri: random.below(6) === 0 ? pick(random, oddAddresses) : `wss://${server.host}/log`,
          password: pick(random, ['p', ...hostileTexts]),
        }),
      onFallBack: (error) => count(`fell back: ${error instanceof AzureError ? kindOf(error) : 'socket'}`),
      signal,
    });
    const wait =
      random.below(2) === 0 ? {} : { wait: (ms: number, until: AbortSignal) => attached.wait(ms, until) };
    const got: string[] = [];
    const follow = (async () => {
      for await (const event of followLog(source, { firstLines: 1_000, signal, ...wait })) {
        count(event.kind);
        if (event.kind === 'lines') {
          got.push(...event.lines.map(({ raw }) => raw));
        }
      }
    })().catch((error: unknown) => count(kindOf(error)));
    for (let step = random.below(20); step >= 0; step--) {
      log.now += random.below(3);
      log.write(
        pick(random, ['a', 'a', ...hostileTexts])
          .replaceAll('\n', ' ')
          .slice(0, 5_000),
      );
      await Promise.race([follow, delay(random.below(20))]);
    }
    log.now++;
    log.write('the last one');
    const [all = []] = log.runs;
    for (let waited = 0; isTrue && waited < 1_000 && got.at(-1) !== all.at(-1); waited++) {
      await delay(10);
    }
    ended.abort();
    await inTime(follow);
    if (isTrue) {
      assert.deepEqual(got, all);
    }
    sockets.clients.forEach((client) => client.terminate());
    sockets.close();
  });

/** What is no log, or another one. */
function falsified(random: Random, content: string): string {
  switch (random.below(5)) {
    case 0:
      return damaged(random, Buffer.from(content)).toString();
    case 1:
      return pick(random, hostileTexts).repeat(random.below(10));
    case 2:
      return content.repeat(random.below(20));
    case 3:
      return '2026-01-01T00:00:00Z\n'.repeat(random.below(20_000));
    default:
      return content;
  }
}

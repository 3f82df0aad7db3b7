import assert from 'node:assert/strict';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import { after, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { RemoteShellUnavailable } from '../../../src/exec/remoteShell/errors.ts';
import { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { LocalPortTaken, NoRelayTool } from '../../../src/ports/errors.ts';
import { PortForward, type PortTrouble } from '../../../src/ports/portForward.ts';
import type { RelayTool } from '../../../src/ports/relayTool.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import { findExecutable } from '../../emulator/executables.ts';
import { Random } from '../../emulator/random.ts';
import { Containers } from '../../support/exec/containers.ts';
import { TestServer, type Plan } from '../../support/ports/testServer.ts';

/** How many connections with random data for each image; more with `CASES=500`. */
const cases = Number(process.env['CASES'] ?? 12);

/** What each image has for it. */
const tools = {
  alpine: 'nc',
  debian: 'bash',
  bash: 'bash',
  perl: 'perl',
  python: 'python3',
  socat: 'socat',
} as const;
/** Few machines have socat; without it there is no such image. */
const hasSocat = findExecutable('socat') !== undefined;
const images = (Object.keys(tools) as readonly (keyof typeof tools)[]) // its own
  .filter((image) => image !== 'socat' || hasSocat);

const never = new AbortController().signal;

describe('PortForward', () => {
  let containers: Containers;
  const stops = new Set<() => void>();
  before(async () => {
    containers = await Containers.start([...images, 'noChecksum', 'noBase64', 'noBash', 'noShell']);
  });
  after(async () => {
    stops.forEach((stop) => stop());
    await containers.close();
  });

  /** A forward with an engine of its own. */
  async function forward(image: RootImage, port: number, localPorts = [0]) {
    const engine = containers.engine(image);
    const started = await PortForward.start({ engine, port, localPorts, signal: never }).catch(
      (error: unknown) => {
        engine.dispose();
        throw error;
      },
    );
    const troubles: PortTrouble[] = [];
    started.onDidMeetTrouble((trouble) => troubles.push(trouble));
    const stop = () => {
      started.dispose();
      engine.dispose();
    };
    stops.add(stop);
    return { started, troubles, stop };
  }

  /** Nothing runs in a container but remote shells at rest, which are the engine's. */
  const expectEmpty = (image: RootImage) =>
    until(
      () => containers.commands(image).length === 0,
      () => containers.commands(image),
    );

  for (const image of images) {
    it(`random bytes both ways in random pieces, with either end first, are equal: ${tools[image]} in ${image}`, async () => {
      const server = await TestServer.start();
      const forwarded = await forward(image, server.port);
      assert.equal(forwarded.started.tools.tool, tools[image]);
      const random = new Random(image.length);
      await sideBySide(cases, 4, async () => {
        const plan = makePlan(random, forwarded.started.tools.tool);
        assert.equal(await server.exchange(forwarded.started.localPort, plan), 'equal');
      });
      await until(() => forwarded.started.traffic.connections === 0);
      const { up, down } = forwarded.started.traffic;
      assert.ok(up > 0 && down > 0);
      assert.deepEqual(forwarded.troubles, []);
      forwarded.stop();
      await server.close();
      await expectEmpty(image);
    });
  }

  it('without a checksum tool, and without base64', async () => {
    const server = await TestServer.start();
    for (const image of ['noChecksum', 'noBase64'] as const) {
      const forwarded = await forward(image, server.port);
      const plan = { up: 60_000, down: 60_000, end: 'counted', seed: 1 } as const;
      assert.equal(await server.exchange(forwarded.started.localPort, plan), 'equal');
      forwarded.stop();
    }
    await server.close();
  });

  it('many connections at once, with no more sessions than twelve', async () => {
    const server = await TestServer.start();
    const forwarded = await forward('alpine', server.port);
    let most = 0;
    forwarded.started.onDidChange(() => (most = Math.max(most, containers.azure.openSessions)));
    await sideBySide(40, 40, async (seed) => {
      const plan = { up: 2_000, down: 2_000, end: 'client', seed } as const;
      assert.equal(await server.exchange(forwarded.started.localPort, plan), 'equal');
    });
    assert.ok(most > 1 && most <= 12, `${most} sessions`);
    forwarded.stop();
    await server.close();
    await expectEmpty('alpine');
  });

  for (const direction of ['in', 'out'] as const) {
    it(`bytes lost or changed (${direction}): equal, or the connection is reset`, async () => {
      const server = await TestServer.start();
      let whole = 0;
      for (const [index, effect] of (['lose', 'change'] as const).entries()) {
        for (const image of ['alpine', 'perl'] as const) {
          const forwarded = await forward(image, server.port);
          const noise = { kind: 'noise', direction, effect, oneIn: 8_000, times: 'always' } as const;
          containers.azure.addFault({ ...noise, operation: 'socket', path: containers.execPath(image) });
          await sideBySide(cases / 2, 6, async (seed) => {
            const size = seed % 3 === 0 ? 12_000 : 300;
            const plan = { up: size, down: size, end: 'counted', seed: seed + index } as const;
            const end = await server.exchange(forwarded.started.localPort, plan);
            whole += end === 'equal' ? 1 : 0;
          });
          containers.azure.clearFaults();
          forwarded.stop();
        }
      }
      assert.ok(whole > cases / 2, `${whole} of ${2 * cases} came through`);
      await server.close();
    });
  }

  it('a session that drops resets its connection, and nothing is left', async () => {
    const server = await TestServer.start();
    for (const image of ['alpine', 'debian', 'perl', 'python'] as const) {
      const forwarded = await forward(image, server.port);
      const client = await connected(forwarded.started.localPort, server);
      containers.azure.dropSessions(containers.groupId(image));
      await assert.rejects(once(client, 'end'), { code: 'ECONNRESET' });
      assert.deepEqual(forwarded.troubles[0], { kind: 'connection', end: 'lost' });
      forwarded.stop();
      await expectEmpty(image);
    }
    await server.close();
  });

  it('a client that resets, and a forward that stops, end all that ran in the container', async () => {
    const server = await TestServer.start();
    for (const image of images) {
      const forwarded = await forward(image, server.port);
      const [one, other] = await Promise.all(
        [1, 2].map(() => connected(forwarded.started.localPort, server)),
      );
      one?.resetAndDestroy();
      await until(() => forwarded.started.traffic.connections === 1);
      forwarded.stop();
      assert.ok(other !== undefined);
      await assert.rejects(once(other, 'end'), { code: 'ECONNRESET' });
      await expectEmpty(image);
    }
    await server.close();
  });

  it('a port on which nothing listens: reset, and the session serves the next one', async () => {
    const server = await TestServer.start();
    const { port } = server;
    await server.close();
    for (const image of images) {
      const forwarded = await forward(image, port);
      for (let count = 1; count <= 2; count++) {
        const client = net.connect(forwarded.started.localPort, '127.0.0.1');
        await assert.rejects(once(client, 'end'), { code: 'ECONNRESET' });
        await until(() => forwarded.troubles.length === count);
      }
      const refused = { kind: 'connection', end: 'refused' };
      assert.deepEqual(forwarded.troubles, [refused, refused]);
      forwarded.stop();
      await expectEmpty(image);
    }
  });

  it('who does not read holds the other side up, in either direction', async () => {
    const size = 40_000_000;
    const server = await TestServer.start();
    const forwarded = await forward('perl', server.port);
    const accepted = server.next();
    const client = await connected(forwarded.started.localPort, server);
    const peer = await accepted;
    for (const [from, to] of [
      [peer, client],
      [client, peer],
    ] as const) {
      to.pause();
      let taken = 0;
      const piece = Buffer.alloc(60_000, 'x');
      const write = () => {
        from.write(piece, () => {
          taken += piece.length;
          if (taken < size) {
            write();
          }
        });
      };
      write();
      await untilStill(() => taken);
      assert.ok(taken < 0.75 * size, `${taken} bytes were taken`);
      to.resume();
      if (from === peer) {
        let got = 0;
        to.on('data', (data: Buffer) => (got += data.length));
        await until(() => got >= size);
      }
    }
    forwarded.stop();
    await server.close();
    await expectEmpty('perl');
  });

  it('listens on 127.0.0.1 alone; a port that is taken is said', async () => {
    const server = await TestServer.start();
    const forwarded = await forward('alpine', server.port, [server.port, 0]);
    assert.notEqual(forwarded.started.localPort, server.port);
    const others = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
    for (const { address, family } of others.filter((each) => each.address !== '127.0.0.1')) {
      const host = family === 'IPv6' ? '::1' : address;
      const client = net.connect(forwarded.started.localPort, host);
      await assert.rejects(once(client, 'connect'), `${host} is listened on`);
    }
    await assert.rejects(
      forward('alpine', server.port, [server.port]),
      (error) => error instanceof LocalPortTaken && error.port === server.port,
    );
    forwarded.stop();
    await server.close();
  });

  it('a spare session that has died unseen: the connection takes another one', async (context) => {
    const server = await TestServer.start();
    let opened = 0;
    const engine = new RemoteEngine(async (signal) => {
      const shell = await containers.shell('alpine', signal);
      opened++;
      return shell;
    });
    // More than an agent says when it starts, and less than that and the first word of a relay.
    containers.azure.addFault({ operation: 'socket', kind: 'drop', afterBytes: 110, times: 1 });
    const relayTools = { tool: 'nc', takesBlocks: true } as const;
    const options = { engine, port: server.port, localPorts: [0], signal: never };
    const forward = await PortForward.start({ ...options, tools: relayTools });
    const troubles: PortTrouble[] = [];
    forward.onDidMeetTrouble((trouble) => troubles.push(trouble));
    await until(() => opened === 1);
    await setTimeout(0); // it waits for a connection now
    const { now } = Date;
    context.mock.method(Date, 'now', () => now() + 60_000);
    const plan = { up: 5_000, down: 5_000, end: 'client', seed: 3 } as const;
    assert.equal(await server.exchange(forward.localPort, plan), 'equal');
    assert.ok(opened > 1);
    assert.deepEqual(troubles, []);
    forward.dispose();
    engine.dispose();
    await server.close();
    await expectEmpty('alpine');
  });

  it('a tool that lies hangs nothing, and opens nothing else', async () => {
    const server = await TestServer.start();
    await assert.rejects(forward('noBash', server.port), NoRelayTool); // makes its files
    const program = `${containers.root('noBash')}/bin/perl`;
    const probe = 'case $1 in -MSocket) exit;;esac;m=${4%?/;};';
    for (const lie of [
      'yes',
      'exit',
      "head -c 100000 /dev/zero;printf '\\033]0;title\\007\\033[31m'",
      'printf "${m}s/;${m}s/;${m}a999999:/999999:;${m}r1:/1:;" >&9;cat',
      'while printf "${m}r1:/1:;${m}a1:/1:;" >&9;do :;done',
      'printf "${m}e12/12;${m}f/;" >&9',
      'while printf "%s" "$m" >&9;do :;done',
      'exec >&- <&-;sleep 100',
    ]) {
      fs.writeFileSync(program, `#!/bin/sh\n${probe}${lie}\n`, { mode: 0o755 });
      const forwarded = await forward('noBash', server.port);
      assert.equal(forwarded.started.tools.tool, 'perl');
      const client = net.connect(forwarded.started.localPort, '127.0.0.1');
      client.on('error', () => undefined); // it closes then
      const seen = new Promise((resolve) => {
        let got = 0;
        client.on('close', resolve);
        client.on('data', (data: Buffer) => {
          got += data.length;
          if (got > 1_000_000) {
            resolve(got);
          }
        });
      });
      client.write('x'.repeat(3_000));
      await Promise.race([seen, setTimeout(200)]); // most lies show nothing to wait for
      client.resetAndDestroy();
      await until(() => forwarded.started.traffic.connections === 0);
      forwarded.stop();
      await expectEmpty('noBash');
    }
    fs.rmSync(program);
    await server.close();
  });

  it('an image without any tool, without a shell, and a container that has ended: why', async () => {
    await assert.rejects(forward('noBash', 80), NoRelayTool);
    await assert.rejects(forward('noShell', 80), RemoteShellUnavailable);
    const server = await TestServer.start();
    const forwarded = await forward('alpine', server.port);
    containers.azure.addFault({ operation: 'socket', kind: 'refuse', status: 503, times: 'always' });
    containers.azure.dropSessions(containers.groupId('alpine'));
    const meetsNoSession = () => forwarded.troubles.some(({ kind }) => kind === 'session');
    while (!meetsNoSession()) {
      const client = net.connect(forwarded.started.localPort, '127.0.0.1');
      await assert.rejects(once(client, 'end'), { code: 'ECONNRESET' });
    }
    containers.azure.clearFaults();
    forwarded.stop();
    await server.close();
  });
});

function makePlan(random: Random, tool: RelayTool): Plan {
  const sizes = [0, 1, 700, 9_000, 120_000, 400_000];
  const size = () => random.below((sizes[random.below(sizes.length)] ?? 0) + 1);
  const possible = ends[tool];
  return {
    up: size(),
    down: size(),
    end: possible[random.below(possible.length)] ?? 'counted',
    seed: random.below(1_000),
  };
}

/** What each tool can do. */
const ends: Readonly<Record<RelayTool, readonly Plan['end'][]>> = {
  perl: ['client', 'server', 'counted'],
  python3: ['client', 'server', 'counted'],
  nc: ['client', 'counted'],
  bash: ['server', 'counted'],
  socat: ['counted'],
};

/** Does work for each number below `count`, a few at a time. */
async function sideBySide(
  count: number,
  atATime: number,
  work: (number: number) => Promise<unknown>,
): Promise<void> {
  let number = 0;
  const one = async () => {
    while (number < count) {
      await work(number++);
    }
  };
  await Promise.all(Array.from({ length: atATime }, one));
}

/** A client that is connected all the way to the server. */
async function connected(localPort: number, server: TestServer): Promise<net.Socket> {
  const accepted = server.next();
  const client = net.connect(localPort, '127.0.0.1');
  client.on('error', () => undefined); // who waits for it is told
  await accepted;
  return client;
}

/** Looks again and again, as a process says nothing about its end to others. */
async function until(holds: () => boolean, state: () => unknown = () => ''): Promise<void> {
  const end = performance.now() + 120_000;
  while (!holds()) {
    if (performance.now() > end) {
      assert.fail(`it stays so: ${JSON.stringify(state())}`);
    }
    await setTimeout(5);
  }
}

/** Waits until a figure grows no more. */
async function untilStill(figure: () => number): Promise<void> {
  for (let before = -1, now = figure(); before !== now;) {
    await setTimeout(500);
    [before, now] = [now, figure()];
  }
}

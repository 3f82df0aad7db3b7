import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isCancellation } from '../../../src/base/cancellation.ts';
import { captured } from '../../../src/exec/remoteShell/agent.ts';
import { RemoteShellLost, RemoteShellUnavailable } from '../../../src/exec/remoteShell/errors.ts';
import type { RootImage } from '../../emulator/rootFolders.ts';
import type { RemoteEngine } from '../../../src/exec/remoteShell/remoteEngine.ts';
import { Containers } from '../../support/exec/containers.ts';
import { expectRightResults } from '../../support/exec/remoteEngine.ts';

/** How many cases in all; more with `CASES=10000`. */
const cases = Number(process.env['CASES'] ?? 1_000);

const shells: readonly RootImage[] = ['debian', 'bash', 'alpine'];
const never = new AbortController().signal;

let containers: Containers;
before(async () => {
  containers = await Containers.start([
    ...([...shells, 'noChecksum', 'noSetsid', 'noTar', 'noStat'] as const),
    ...(['noStty', 'onlyShell', 'noShell'] as const),
  ]);
});
after(() => containers.close());

/** Commands whose processes are not easily found again. */
const stubborn = [
  'sleep 1000',
  'sleep 1000 | sleep 1000 | cat',
  '(sleep 1000 & sleep 1000) & wait',
  'while :; do sleep 0.001; done',
  'yes',
  'yes >&2',
  "sh -c 'sleep 1000 & exec sleep 1000'",
];

/** How often something is cut off at another moment; less often where it takes long. */
const roundsIn = (image: RootImage) => Math.ceil(cases / (image === 'noSetsid' ? 100 : 33));

for (const image of shells) {
  describe(`RemoteEngine with the shell of ${image}`, () => {
    const engineIn = useEngines();

    it('any command, argument, output and exit code', async () => {
      await expectRightResults(engineIn(image), Math.ceil(cases / 5));
    });

    it('a command has no input', async () => {
      const printed: Buffer[] = [];
      const onStdout = (data: Buffer) => printed.push(Buffer.from(data));
      const line = 'cat; read -r word; echo "$?"; (cat; echo end) & wait';
      await engineIn(image).run({ line }, { ...silent, onStdout }, never);
      assert.equal(Buffer.concat(printed).toString(), '1\nend\n');
    });

    it('a byte lost or changed in either direction: the right result, or an error', async () => {
      const { azure } = containers;
      for (const direction of ['in', 'out'] as const) {
        for (const effect of ['lose', 'change'] as const) {
          for (const oneIn of [700, 5_000]) {
            const noise = { kind: 'noise', direction, effect, oneIn, times: 'always' } as const;
            azure.addFault({ ...noise, operation: 'socket', path: containers.execPath(image) });
            const count = Math.ceil(cases / 60);
            const results = await expectRightResults(engineIn(image), count, true);
            azure.clearFaults();
            assert.ok(results > count / 2, `${results} of ${count} gave a result`);
          }
        }
      }
    });
  });
}

// side by side, as most of their time is the time that a command has to end after a signal
describe('The end of a command', { concurrency: true }, () => {
  for (const image of [...shells, 'noSetsid'] as const) {
    describe(`with the shell of ${image}`, { concurrency: false }, () => {
      const engineIn = useEngines();

      it('cancelled at any moment: no process is left', async () => {
        const engine = engineIn(image);
        for (let round = 0; round < roundsIn(image); round++) {
          await engine.run({ line: 'true' }, silent, never);
          const controller = new AbortController();
          const line = stubborn[round % stubborn.length] ?? '';
          const run = engine.run({ line }, silent, controller.signal);
          void setTimeout((round * 7) % 40).then(() => controller.abort());
          await run.then(
            ({ exitCode }) => assert.ok(exitCode > 128, `${line}: ${exitCode}`),
            (error: unknown) => assert.ok(isCancellation(error), String(error)),
          );
          await until(
            () => containers.commands(image).length === 0,
            () => containers.commands(image),
          );
        }
      });

      it('it ignores INT and TERM: it is killed', async () => {
        const controller = new AbortController();
        const onStdout = () => controller.abort();
        const run = engineIn(image).run(
          { line: "trap '' INT TERM; while :; do echo x; sleep 0.1; done" },
          { ...silent, onStdout },
          controller.signal,
        );
        assert.equal((await run).exitCode, 137);
        await until(() => containers.commands(image).length === 0);
      });

      it('the socket drops at any moment: no process is left', async () => {
        for (let round = 0; round < roundsIn(image); round++) {
          const engine = engineIn(image);
          await engine.run({ line: 'true' }, silent, never);
          const line = stubborn[round % stubborn.length] ?? '';
          const ended = engine.run({ line }, silent, never).then(
            ({ exitCode }) => `${line}: exit code ${exitCode}`,
            (error: unknown) => error,
          );
          await setTimeout((round * 7) % 40);
          containers.azure.dropSessions(containers.groupId(image));
          const error = await ended;
          assert.ok(error instanceof RemoteShellLost, String(error));
          engine.dispose();
          await until(
            () => containers.processes(image).length === 0,
            () => containers.processes(image),
          );
        }
      });
    });
  }
});

describe('A command whose output is damaged on its way', () => {
  const engineIn = useEngines();

  it('has its exit code all the same, and says so', async () => {
    const engine = engineIn('debian');
    const line = 'printf "%4000s" x; exit 7';
    assert.deepEqual(await engine.run({ line }, silent, never), { exitCode: 7, output: 'whole' });
    const noise = { kind: 'noise', direction: 'out', effect: 'lose' } as const;
    for (const at of [1_000, 3_000]) {
      const other = engineIn('debian');
      const path = containers.execPath('debian');
      containers.azure.addFault({ ...noise, at: [at], operation: 'socket', path, times: 2 });
      assert.deepEqual(await other.run({ line }, silent, never), { exitCode: 7, output: 'damaged' });
      containers.azure.clearFaults();
    }
  });
});

describe('RemoteEngine in images with little in them', () => {
  const engineIn = useEngines();

  it('without a tool for checksums, and without setsid', async () => {
    await expectRightResults(engineIn('noChecksum'), 20);
    await expectRightResults(engineIn('noSetsid'), 20);
  });

  it('tells which tools an image has', async () => {
    const everything = ['stat', 'head', 'tail', 'dd', 'tar', 'readlink'];
    const missing = {
      alpine: [],
      debian: [],
      noTar: ['tar'],
      noStat: ['stat'],
    } as const;
    for (const [image, names] of Object.entries(missing) as [keyof typeof missing, readonly string[]][]) {
      const tools = await engineIn(image).tools(never);
      assert.deepEqual(
        [...tools],
        everything.filter((tool) => !names.includes(tool)),
        image,
      );
    }
  });

  it('without sh or stty: one reason, and nothing is left', async () => {
    for (const [image, reason] of [
      ['noShell', 'noShell'],
      ['noStty', 'noStty'],
      ['onlyShell', 'noStty'],
    ] as const) {
      const run = engineIn(image).run({ line: 'true' }, silent, never);
      await assert.rejects(
        run,
        (error) => error instanceof RemoteShellUnavailable && error.reason === reason,
      );
      await until(() => containers.azure.openSessions === 0);
    }
  });
});

describe('The start of a remote shell', () => {
  it('a service that does not hand the command through: the agent is typed, through noise too', async () => {
    const effects = ['lose', 'change'] as const;
    for (const [index, effect] of [...effects, ...effects].entries()) {
      const direction = index < 2 ? 'in' : 'out';
      const noise = { kind: 'noise', direction, effect, oneIn: 3_000, times: 'always' } as const;
      containers.azure.addFault({ ...noise, operation: 'socket', path: containers.execPath('debian') });
      const shell = await containers.shell('debian', never, (command) => command.replaceAll('$', ''));
      containers.azure.clearFaults();
      const { text, exitCode } = await shell.ask(captured('printf %s "$((6*7))";exit 3'), limits);
      assert.deepEqual([text.toString(), exitCode], ['42', 3]);
      shell.dispose();
    }
  });

  it('any byte of the first answer lost or changed: the shell opens', async () => {
    for (let at = 0; at < 64; at++) {
      const effect = at % 2 === 0 ? 'lose' : 'change';
      const noise = { kind: 'noise', direction: 'out', effect, at: [at] } as const;
      containers.azure.addFault({ ...noise, operation: 'socket', path: containers.execPath('alpine') });
    }
    // side by side, as each waits for a while
    const shells = Array.from({ length: 64 }, () => containers.shell('alpine', never));
    for (const shell of await Promise.all(shells)) {
      assert.match(shell.terminal, /^\/dev\/pts\/\d+$/);
      assert.notEqual(shell.checksumTool, undefined);
      shell.dispose();
    }
  });
});

/** Makes engines, which end with the test. */
function useEngines(): (image: RootImage) => RemoteEngine {
  const engines: RemoteEngine[] = [];
  afterEach(() => engines.splice(0).forEach((engine) => engine.dispose()));
  return (image) => {
    const engine = containers.engine(image);
    engines.push(engine);
    return engine;
  };
}

const limits = { signal: never, limitMs: 120_000 };

const silent = { onStdout: () => undefined, onStderr: () => undefined };

/** Looks again and again, as a process says nothing about its end to others. */
async function until(holds: () => boolean, state: () => unknown = () => ''): Promise<void> {
  const end = performance.now() + 120_000;
  while (!holds()) {
    if (performance.now() > end) {
      assert.fail(`it stays so: ${JSON.stringify(state())}`);
    }
    await setTimeout(25);
  }
}

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import fc from '../../support/fc.ts';
import pty from 'node-pty';
import { encodeCommandLine } from '../../../src/exec/commandLine.ts';
import { startMark, withShellIntegration } from '../../../src/exec/shellIntegration.ts';
import { argvOf } from '../../emulator/programs.ts';

/** The versions of bash to test, as paths that end in `/bash`. */
const shells = process.env['BASHES']?.split(':') ?? ['/bin/bash'];

const nonce = '5b0e6d0c-6a5f-4d0c-9a39-0f3f6b1d2c3e';

/** The end of each test's prompt. */
const promptEnd = 'READY> ';

// eslint-disable-next-line no-control-regex -- sequences start with ESC and end with BEL
const mark = /\x1b\]633;([^\x07]*)\x07/g;

/** One shell in a terminal, which is given a line at each of its prompts. */
class Shell {
  output = '';
  private readonly process: pty.IPty;
  private readonly ended: Promise<void>;
  private prompts = Promise.withResolvers<undefined>();
  private length = 0;

  constructor(command: string, home: string, env: Readonly<Record<string, string>> = {}) {
    const [file = '', ...args] = argvOf(encodeCommandLine(command));
    this.process = pty.spawn(file, args, {
      name: 'xterm-256color',
      cols: 200,
      rows: 30,
      cwd: home,
      env: { PATH: '/usr/bin:/bin', HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
    });
    this.process.onData((data) => {
      this.output += data;
      if (withoutMarks(this.output).endsWith(promptEnd)) {
        this.prompts.resolve(undefined);
      }
    });
    this.ended = new Promise((resolve) => this.process.onExit(() => resolve()));
    void this.ended.then(() => this.prompts.resolve(undefined));
  }

  /** What the shell writes until its next prompt, or its end. */
  async next(line?: string): Promise<string> {
    if (line !== undefined) {
      this.prompts = Promise.withResolvers();
      this.length = this.output.length;
      this.process.write(`${line}\r`);
    }
    await this.prompts.promise;
    return this.output.slice(this.length);
  }

  async run(lines: readonly string[]): Promise<void> {
    await this.next();
    for (const line of lines) {
      await this.next(line);
    }
  }

  async end(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

function marksOf(output: string): readonly string[] {
  return [...output.matchAll(mark)].map(([, data = '']) => data);
}

/** What is shown. After a prompt that ends in text, readline may erase the rest of its line, which is empty. */
function withoutMarks(output: string): string {
  return output.replaceAll(mark, '').replaceAll('\x1b[K', '');
}

/** What stands between one mark and the next one of a kind, as the shell shows it. */
function exitCodes(output: string): readonly string[] {
  return marksOf(output).filter((data) => data.startsWith('D'));
}

it('a shell that can have none, or a bash that would not read it, starts as it is', () => {
  const lines = ['zsh', '/bin/zsh', '/usr/bin/zsh -i', 'sh', '/bin/ash', 'fish', 'bash -l', 'bash --norc'];
  for (const line of lines) {
    assert.equal(withShellIntegration(line, nonce), undefined, line);
  }
});

for (const shell of shells) {
  describe(`shell integration in ${shell}`, () => {
    let home = '';

    before(async () => {
      home = await mkdtemp(path.join(os.tmpdir(), 'home-'));
    });
    after(() => rm(home, { recursive: true }));

    function integrated(): string {
      return withShellIntegration(shell, nonce) ?? assert.fail('no integration');
    }

    async function outputOf(command: string, lines: readonly string[], env = {}): Promise<string> {
      const running = new Shell(command, home, env);
      try {
        await running.run(lines);
      } finally {
        await running.end();
      }
      return running.output;
    }

    /** Runs lines in a shell with integration and in one without, and gives the output of both. */
    async function both(rc: string, lines: readonly string[], env: Readonly<Record<string, string>> = {}) {
      await writeFile(path.join(home, '.bashrc'), `${rc}\n`);
      const outputs: string[] = [];
      for (const command of [integrated(), shell]) {
        outputs.push(await outputOf(command, lines, env));
      }
      const [ours = '', plain = ''] = outputs;
      return { ours, plain };
    }

    const rc = `PS1='${promptEnd}'`;

    it('marks prompts, commands, exit codes and the folder', async () => {
      const { ours } = await both(rc, ["echo 'a;b\\c'", '(exit 7)', '', 'cd /']);
      assert.ok(ours.startsWith(startMark));
      assert.deepEqual(marksOf(ours).slice(1), [
        ...[`P;Cwd=${home}`, 'A', 'B', `E;echo 'a\\x3bb\\\\c';${nonce}`, 'C', 'D;0'],
        ...[`P;Cwd=${home}`, 'A', 'B', `E;(exit 7);${nonce}`, 'C', 'D;7'],
        ...[`P;Cwd=${home}`, 'A', 'B', 'D'],
        ...[`P;Cwd=${home}`, 'A', 'B', `E;cd /;${nonce}`, 'C', 'D;0'],
        ...['P;Cwd=/', 'A', 'B'],
      ]);
      assert.match(ours, /\x1b\]633;C\x07a;b\\c\r\n\x1b\]633;D;0\x07/); // eslint-disable-line no-control-regex -- marks
    });

    it('leaves history, environment, descriptors, level, jobs, children and files as they are', async () => {
      const lines = [
        'history',
        'env | sort',
        'ls /proc/$$/fd; echo $- $0 $SHLVL $# "$@"',
        'history; jobs; trap -p; shopt; alias; set -o',
        'cat /proc/$$/task/$$/children | wc -w; ls -A "$HOME"',
        'bash -c \'env | sort; echo "${PS1-none} ${PS0-none} ${PROMPT_COMMAND-none}"; declare -F\'',
      ];
      const { ours, plain } = await both(rc, lines);
      assert.equal(withoutMarks(ours), withoutMarks(plain));
    });

    it('runs no start-up file twice', async () => {
      const file = path.join(home, 'env');
      await writeFile(file, 'export COUNT="${COUNT-}x"; echo started\n');
      const { ours, plain } = await both(`. ${file}; ${rc}`, ['env | sort; shopt -o posix'], {
        BASH_ENV: file,
      });
      assert.equal(withoutMarks(ours), withoutMarks(plain));
      await rm(file);
    });

    it('adds to the shell what is named here, and nothing else', async () => {
      const names = 'compgen -v | sort; compgen -A function';
      const { ours, plain } = await both(rc, [names]);
      const namesIn = (text: string) =>
        withoutMarks(text)
          .split('\r\n')
          .filter((line) => /^\w+$/.test(line));
      const added = namesIn(ours).filter((name) => !namesIn(plain).includes(name));
      assert.deepEqual(
        added.filter((name) => name !== 'PROMPT_COMMAND' && name !== 'PS0'),
        ['__aci_number', '__aci_ran', '__aci_done', '__aci_escape', '__aci_prompt', '__aci_start'],
      );
    });

    it('takes no prompt of the image into the environment of commands', async () => {
      const { ours, plain } = await both(`export ${rc}`, ["env | grep -c '^PS1'"]);
      assert.match(withoutMarks(plain), /[\r\n]1\r\n/);
      assert.match(withoutMarks(ours), /[\r\n]0\r\n/);
    });

    it('tells no command line that the history does not hold', async () => {
      const { ours } = await both(`${rc}; HISTCONTROL=ignoreboth`, ['echo 1', ' echo 2', 'echo 3', 'echo 3']);
      assert.deepEqual(
        marksOf(ours).filter((data) => data.startsWith('E')),
        [`E;echo 1;${nonce}`, `E;echo 3;${nonce}`],
      );
      assert.equal(marksOf(ours).filter((data) => data === 'C').length, 4);
    });

    it('marks a prompt that changes, once', async () => {
      const { ours, plain } = await both(`PROMPT_COMMAND='n=$((n+1)); PS1="$n$PS1"'; PS1='${promptEnd}'`, [
        `PS1='(venv) '$PS1`,
        'true',
        'shopt -u promptvars',
        'true',
      ]);
      assert.equal(withoutMarks(ours), withoutMarks(plain));
      const prompts = marksOf(ours).filter((data) => data === 'A' || data === 'B');
      assert.deepEqual(prompts, ['A', 'B', 'A', 'B', 'A', 'B']);
    });

    it('writes no mark into what the output goes to', async () => {
      const file = path.join(home, 'out');
      const { ours } = await both(rc, [`exec >${file}`, 'echo kept', `exec >/dev/tty; cat -v ${file}`]);
      assert.match(withoutMarks(ours), /[\r\n]kept\r\n\S*READY> $/);
      await rm(file);
    });

    it('is left out without a file that the kernel lends, and the shell starts', async () => {
      const line = integrated().replace('/proc/self/fd/9;', '/nowhere;');
      await writeFile(path.join(home, '.bashrc'), rc);
      const lines = ['echo $((6*7)) $SHLVL; ls /proc/$$/fd'];
      const output = await outputOf(line, lines);
      assert.ok(output.startsWith(startMark));
      assert.equal(withoutMarks(output), await outputOf(shell, lines));
    });

    const prompts = fc.constantFrom(
      `PS1='${promptEnd}'`,
      `builtin export PS1='\\[\\e[32m\\]\\u@\\h:\\w\\[\\e[0m\\] $? ${promptEnd}'`,
      `PS1='first \\#\\nsecond $(echo $?) ${promptEnd}'`,
      `PROMPT_COMMAND='PS1="[$?] ${promptEnd}"'`,
    );
    const settings = fc.constantFrom(
      'set -u',
      'set -o vi',
      'shopt -s extglob',
      'shopt -s histverify',
      'HISTCONTROL=ignoredups:erasedups',
      'HISTTIMEFORMAT="%F "',
      'HISTSIZE=2',
      'unset HISTFILE',
      'set +o history',
      'IFS=:',
      'LC_ALL=C',
      'shopt -u checkwinsize',
      'declare -i t=3; d=4; s=5; a=6',
      'alias local=false history=false shopt=false',
      'echo() { printf "function %s\\n" "$*"; }',
      'export() { false; }',
      "trap 'n=$BASH_COMMAND' DEBUG",
      "trap 'last=$?' ERR",
      'set -E -T',
      "PROMPT_COMMAND='last=$?; false'",
      "PROMPT_COMMAND='echo status $?;'",
      "PS0='running \\#\\n'",
      "PS0='$((1+1))$(echo x)\\n'",
      'cd /usr',
    );
    const commands = fc.oneof(
      fc.integer({ min: 0, max: 255 }).map((code) => ({ line: `(exit ${code})`, code })),
      fc.integer({ min: 0, max: 255 }).map((code) => ({ line: `f() { return ${code}; }; f`, code })),
      fc.integer({ min: 0, max: 255 }).map((code) => ({ line: `sh -c 'exit ${code}'`, code })),
      fc.constantFrom(
        { line: 'printf "100%% ; \\\\ done\\n"', code: 0 },
        { line: '{ false | true; } 2>/dev/null', code: 0 },
        { line: '{ true | false; } 2>/dev/null', code: 1 },
        { line: '! true', code: 1 },
        { line: 'set -x', code: 0 },
        { line: 'no-such-command-at-all 2>/dev/null', code: 127 },
        { line: "sh -c 'kill -9 $$'", code: 137 },
        { line: 'if false; then :; fi', code: 0 },
        { line: '[[ a == b ]]', code: 1 },
        { line: "printf 'no end of line'", code: 0 },
        { line: 'printf \'%s\\n\' $PWD "${t-}"', code: 0 },
      ),
    );

    it('shows what a plain shell shows, with the exit code of each command, whatever the user has set', async () => {
      const property = fc.asyncProperty(
        fc.uniqueArray(settings, { maxLength: 4 }),
        prompts,
        fc.array(commands, { minLength: 1, maxLength: 4 }),
        async (set, prompt, typed) => {
          const { ours, plain } = await both(
            [...set, prompt].join('\n'),
            typed.map(({ line }) => line),
          );
          assert.equal(withoutMarks(ours), withoutMarks(plain));
          assert.deepEqual(
            exitCodes(ours),
            typed.map(({ code }) => `D;${code}`),
          );
        },
      );
      await fc.assert(property, { numRuns: Number(process.env['RUNS'] ?? 40) });
      assert.deepEqual(
        (await readdir(home)).filter((name) => name !== '.bash_history'),
        ['.bashrc'],
      );
    });
  });
}

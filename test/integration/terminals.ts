import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { plainCommandLine, type CommandLine } from '../../src/exec/commandLine.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import type { TerminalDimensions } from '../../src/terminal/dimensions.ts';
import { Log } from '../../src/ui/log.ts';
import { createRemoteShells } from '../../src/ui/remoteShells.ts';
import { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import { azure } from '../support/azure.ts';
import { requests } from '../support/control.ts';
import { ShellMarks } from '../support/shellMarks.ts';

const production = '/subscriptions/11111111-0001-4000-8000-000000000001';
export const development = '/subscriptions/11111111-0002-4000-8000-000000000002';
export const provider = 'providers/Microsoft.ContainerInstance/containerGroups';

/** Container groups of the simulated Azure, by what they are good for. */
export const web = `${production}/resourceGroups/rg-shop/${provider}/shop-web`;
export const orders = `${production}/resourceGroups/rg-orders/${provider}/orders-api`;
export const windows = `${production}/resourceGroups/rg-billing/${provider}/billing-win`;
export const alpine = `${development}/resourceGroups/rg-dev-anna/${provider}/cache`;
export const shellLess = `${development}/resourceGroups/rg-dev/${provider}/metrics`;
/** Of a simulated Azure where it is the only one. */
export const files = `${development}/resourceGroups/rg-dev/${provider}/files`;
export const sttyLess = `${development}/resourceGroups/rg-dev/${provider}/no-stty`;

/** How long nothing may happen before a test gives up, in milliseconds. */
const waitMs = 60_000;

/** Questions about a mode and for the size, which xterm.js shows nobody and answers. */
const questions = /\x1b\[(?:\?(\d{8})\$p|18t)/g; // eslint-disable-line no-control-regex -- they start with ESC

/** Everything that a terminal has written, and a way to wait for it. It answers questions, as xterm.js does. */
export class Screen {
  text = '';
  name = '';
  /** Whether it answers; one that does not is not shown, or busy. */
  answers = true;
  size: TerminalDimensions = { columns: 80, rows: 24 };
  /** How often the terminal has written. */
  writes = 0;
  private readonly changed = new vscode.EventEmitter<void>();

  constructor(pty: ExecTerminal) {
    const marks = new ShellMarks();
    pty.onDidWrite((data) => {
      this.writes++;
      this.text += marks.without(data).replace(questions, (_question, mode?: string) => {
        if (this.answers) {
          const { rows, columns } = this.size;
          const answer = mode === undefined ? `\x1b[8;${rows};${columns}t` : `\x1b[?${mode};0$y`;
          setImmediate(() => pty.handleInput(answer));
        }
        return '';
      });
      this.changed.fire();
    });
    pty.onDidChangeName((name) => {
      this.name = name;
      this.changed.fire();
    });
  }

  async matches(pattern: RegExp): Promise<string> {
    // Only the end is looked at: after megabytes, the whole would take seconds.
    await this.until(() => pattern.test(this.text.slice(-20_000)), String(pattern));
    return this.text;
  }

  /** Waits for what `condition` says; after a while it fails with what is on the screen. */
  async until(condition: () => boolean, what: string): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(() => {
          listener.dispose();
          reject(new Error(`${what} never came; the screen is ${JSON.stringify(this.text.slice(-2_000))}`));
        }, waitMs);
        const listener = this.changed.event(() => {
          clearTimeout(timer);
          listener.dispose();
          resolve();
        });
      });
    }
  }
}

export interface OpenOptions {
  readonly container?: string;
  readonly started?: string[];
  readonly log?: Log;
}

const channel = vscode.window.createOutputChannel('Exec tests', { log: true });
const open: ExecTerminal[] = [];
let remoteShells = createRemoteShells(azure);

/** A terminal that is not opened yet, in the first container of a group unless told. */
export async function terminal(
  groupId: string,
  commands: readonly (string | CommandLine)[],
  { container, started = [], log = new Log(channel) }: OpenOptions = {},
): Promise<{ readonly pty: ExecTerminal; readonly screen: Screen }> {
  const inventory = new Inventory(azure);
  const group = await inventory.freshContainerGroup(groupId, new AbortController().signal);
  const target = group.containers.find(({ name }) => container === undefined || name === container);
  assert.ok(target, 'there is no such container');
  const pty = new ExecTerminal(
    {
      group,
      container: target,
      commands: commands.map((command) =>
        typeof command === 'string' ? plainCommandLine(command) : command,
      ),
      name: target.name,
    },
    {
      azure,
      inventory,
      log,
      remoteShells,
      onStarted: ({ shown }) => started.push(shown),
      onHost: () => undefined,
    },
  );
  open.push(pty);
  return { pty, screen: new Screen(pty) };
}

/** Ends the hidden sessions, as VS Code does when its window closes. */
function closeRemoteShells(): void {
  remoteShells.dispose();
  remoteShells = createRemoteShells(azure);
}

/** Closes the terminals that a test has made. */
export function closeTerminals(): void {
  closeRemoteShells();
  for (const pty of open.splice(0)) {
    pty.close();
  }
}

/** How many exec sessions have been asked for. */
export async function execs(): Promise<number> {
  return (await requests()).filter(({ operation }) => operation === 'exec').length;
}

/** Waits until it is so; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

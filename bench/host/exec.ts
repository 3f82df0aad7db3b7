import * as vscode from 'vscode';
import { Inventory } from '../../src/inventory/inventory.ts';
import { plainCommandLine } from '../../src/exec/commandLine.ts';
import { exec } from '../../src/ui/commands/exec.ts';
import { Log } from '../../src/ui/log.ts';
import { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import type { ExecTerminals } from '../../src/ui/terminal/execTerminals.ts';
import { eraseLine } from '../../src/terminal/sequences.ts';
import { ImageShells } from '../../src/ui/state/imageShells.ts';
import { RecentContainers } from '../../src/ui/state/recentContainers.ts';
import { ContainerGroupNode } from '../../src/ui/tree/containerGroupNode.ts';
import { azure } from '../../test/integration/terminals.ts';
import { FloodClock, type Flood } from '../flood.ts';
import { heldMemory, residentGrowth } from '../memory.ts';
import { BareClient, pauseAfterKey, promptAtEnd, type BareTarget } from '../peers/bareClient.ts';
import { BareChild } from './bareChild.ts';
import { StandIn } from './standIn.ts';

export interface ExecOptions {
  readonly bare: BareTarget;
  /** The module of the bare client's own process. */
  readonly bareProcess: string;
  readonly promptRounds: number;
  readonly keyRounds: number;
  readonly keysPerRound: number;
  readonly floodRounds: number;
  readonly floodBytes: number;
  /** The length of the flood's text in UTF-16 units. */
  readonly floodUnits: number;
}

/** Times in milliseconds; `counting` is a bare client in a Node of its own that decodes nothing. */
export interface ExecFigures {
  readonly firstExecMs: number;
  readonly prompt: Sides<readonly number[]>;
  readonly echo: Sides<readonly number[]>;
  readonly flood: Sides<readonly Flood[]> & { readonly counting: readonly Flood[] };
  /** How far the memory grew that is held in the midst of a flood, at each tenth of it, in bytes. */
  readonly heldGrowth: readonly number[];
}

interface Sides<T> {
  readonly ours: T;
  /** The bare client in the extension host. */
  readonly host: T;
  /** The bare client in a Node of its own. */
  readonly node: T;
}

const dimensions = { columns: 80, rows: 24 };

/** Exec sessions at the Pseudoterminal: what VS Code would be given to draw, and when. */
export async function measureExec(options: ExecOptions): Promise<ExecFigures> {
  const product = new Product(options.bare.groupId);
  const child = new BareChild(options.bareProcess, options.bare);
  const host = new BareClient(options.bare);
  try {
    const firstExecMs = await product.firstPrompt();
    // Their first one opens the connection.
    await child.call({ method: 'firstPrompt', command: '/bin/bash' });
    await host.firstPrompt('/bin/bash');
    return {
      firstExecMs,
      prompt: await measurePrompts(product, child, host, options),
      echo: await measureEchoes(product, child, host, options),
      flood: await measureFloods(product, child, host, options),
      heldGrowth: await product.heldGrowth(options.floodBytes, options.floodUnits),
    };
  } finally {
    host.close();
    child.close();
  }
}

async function measurePrompts(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const ours: number[] = [];
  const host: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < options.promptRounds; round++) {
    ours.push(await product.firstPrompt());
    host.push(await bare.firstPrompt('/bin/bash'));
    node.push(await child.call<number>({ method: 'firstPrompt', command: '/bin/bash' }));
  }
  return { ours, host, node };
}

async function measureEchoes(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const count = options.keysPerRound;
  const ours: number[] = [];
  const host: number[] = [];
  const node: number[] = [];
  for (let round = 0; round < options.keyRounds; round++) {
    ours.push(...(await product.echoes(count)));
    host.push(...(await bare.echoes(count)));
    node.push(...(await child.call<number[]>({ method: 'echoes', count })));
  }
  return { ours, host, node };
}

async function measureFloods(product: Product, child: BareChild, bare: BareClient, options: ExecOptions) {
  const size = options.floodBytes;
  const ours: Flood[] = [];
  const host: Flood[] = [];
  const node: Flood[] = [];
  const counting: Flood[] = [];
  // The first flood makes V8's young generation as large as VS Code lets it be, whoever takes it in.
  await product.firehose(size, options.floodUnits);
  await bare.firehose(size, true);
  for (let round = 0; round < options.floodRounds; round++) {
    ours.push(await product.firehose(size, options.floodUnits));
    host.push(await bare.firehose(size, true));
    node.push(await child.call<Flood>({ method: 'firehose', size, decodes: true }));
    counting.push(await child.call<Flood>({ method: 'firehose', size, decodes: false }));
  }
  return { ours, host, node, counting };
}

/** The product's own Exec, up to the text that it hands to VS Code. */
class Product {
  private readonly inventory = new Inventory(azure);
  private readonly log = new Log(vscode.window.createOutputChannel('Bench', { log: true }));
  private readonly row: ContainerGroupNode;
  private readonly groupId: string;

  constructor(groupId: string) {
    this.groupId = groupId;
    const summary = { id: groupId, name: '', subscriptionId: '', resourceGroup: '', location: '' };
    this.row = new ContainerGroupNode(summary, this.inventory);
  }

  /** The time from the Exec command on a row to the shell's first prompt, in milliseconds. */
  async firstPrompt(): Promise<number> {
    const startedAt = performance.now();
    const prompt = new Promise<ExecTerminal>((resolve, reject) => {
      // In place of the terminal that VS Code would lay out and draw.
      const terminals: Pick<ExecTerminals, 'create'> = {
        create: (target, services) => {
          const pty = new ExecTerminal({ ...target, name: target.container.name }, services);
          const screen = new StandIn(pty);
          pty.open(dimensions);
          screen.seen(promptAtEnd).then(() => resolve(pty), reject);
          return Promise.resolve();
        },
      };
      const memento = emptyMemento();
      const { inventory, log } = this;
      const services = {
        azure,
        inventory,
        log,
        imageShells: new ImageShells(memento, log),
        recent: new RecentContainers(memento, log),
        terminals: terminals as ExecTerminals, // only `create` is called
      };
      exec([this.row], services).catch(reject);
    });
    const pty = await prompt;
    const tookMs = performance.now() - startedAt;
    pty.close();
    return tookMs;
  }

  /** The time from each of `count` keys to its echo, in milliseconds. */
  async echoes(count: number): Promise<readonly number[]> {
    const { pty, screen } = await this.terminal('/bin/sh');
    pty.open(dimensions);
    await screen.seen(promptAtEnd);
    const times: number[] = [];
    for (let key = 0; key < count; key++) {
      const startedAt = performance.now();
      pty.handleInput('x');
      await screen.seen(/x/);
      times.push(performance.now() - startedAt);
      await pauseAfterKey();
    }
    pty.close();
    return times;
  }

  async heldGrowth(bytes: number, units: number): Promise<readonly number[]> {
    const before = heldMemory();
    const growth: number[] = [];
    await this.firehose(bytes, units, () => growth.push(heldMemory() - before));
    return growth;
  }

  /** `onTenth` is called after each tenth but the last. */
  async firehose(bytes: number, expected: number, onTenth?: () => void): Promise<Flood> {
    const { pty, screen } = await this.terminal(`firehose ${bytes}`);
    const clock = new FloodClock();
    let units = 0;
    let tenths = 1;
    let flooding = false;
    const growth = await residentGrowth(async () => {
      screen.onOutput = (text, queryLength) => {
        if (!flooding && text.startsWith(eraseLine) && !text.startsWith(`${eraseLine}\x1b[2m`)) {
          flooding = true;
          units = -eraseLine.length;
          clock.start();
        }
        if (flooding) {
          units += text.length - queryLength;
          if (units >= expected) {
            flooding = false;
            clock.stop();
          } else if (units >= (expected / 10) * tenths) {
            tenths++;
            onTenth?.();
          }
        }
      };
      pty.open(dimensions);
      await screen.seen(/Session ended/);
    });
    pty.close();
    return { bytes, units, tookMs: clock.tookMs, cpuMs: clock.cpuMs, residentGrowth: growth };
  }

  private async terminal(command: string) {
    const { inventory, log } = this;
    const group = await inventory.freshContainerGroup(this.groupId, new AbortController().signal);
    const [container] = group.containers;
    if (container === undefined) {
      throw new Error('the group has no container');
    }
    const pty = new ExecTerminal(
      { group, container, commands: [plainCommandLine(command)], name: container.name },
      { azure, inventory, log, onStarted: () => undefined },
    );
    return { pty, screen: new StandIn(pty) };
  }
}

function emptyMemento(): vscode.Memento {
  return {
    keys: () => [],
    get: <T>(_key: string, fallback?: T) => fallback,
    update: () => Promise.resolve(),
  };
}

import * as vscode from 'vscode';
import { Inventory } from '../../src/azure/inventory.ts';
import { plainCommand } from '../../src/exec/command.ts';
import { exec, type ExecParts } from '../../src/ui/commands/exec.ts';
import { RecentContainers } from '../../src/ui/commands/pickContainer.ts';
import { Log } from '../../src/ui/log.ts';
import { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import type { ExecTerminals } from '../../src/ui/terminal/execTerminals.ts';
import { eraseLine } from '../../src/ui/terminal/sequences.ts';
import { ShellMemory } from '../../src/ui/terminal/shellMemory.ts';
import { ContainerGroupNode } from '../../src/ui/tree/containerGroupNode.ts';
import { azure } from '../../test/support/azure.ts';
import { FloodClock, type Flood } from '../flood.ts';
import { heldMemory, residentGrowth } from '../memory.ts';
import { pauseAfterKey, promptAtEnd } from '../peers/bareClient.ts';
import { StandIn } from './standIn.ts';

const dimensions = { columns: 80, rows: 24 };

/** The product's own Exec, up to the text that it hands to VS Code. */
export class Product {
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
        create: (_id, target, parts) => {
          const pty = new ExecTerminal({ ...target, name: target.container }, parts);
          const screen = new StandIn(pty);
          pty.open(dimensions);
          screen.seen(promptAtEnd).then(() => resolve(pty), reject);
          return Promise.resolve();
        },
      };
      const memento = emptyMemento();
      const parts: ExecParts = {
        azure,
        inventory: this.inventory,
        log: this.log,
        shellMemory: new ShellMemory(memento),
        recent: new RecentContainers(memento),
        terminals: terminals as ExecTerminals, // only `create` is called
      };
      exec([this.row], parts).catch(reject);
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
        if (!flooding && text.startsWith(eraseLine)) {
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
    const container = group.containers[0]?.name ?? '';
    const pty = new ExecTerminal(
      { group, container, commands: [plainCommand(command)], name: container },
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

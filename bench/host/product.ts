import * as vscode from 'vscode';
import { toContainerGroup } from '../../src/azure/containerGroups.ts';
import { plainCommandLine } from '../../src/exec/commandLine.ts';
import { Inventory } from '../../src/inventory/inventory.ts';
import { eraseLine } from '../../src/terminal/sequences.ts';
import { exec } from '../../src/ui/commands/exec.ts';
import { Log } from '../../src/ui/log.ts';
import { ImageShells } from '../../src/ui/state/imageShells.ts';
import { RecentContainers } from '../../src/ui/state/recentContainers.ts';
import { createRemoteShells } from '../../src/ui/remoteShells.ts';
import { ExecTerminal } from '../../src/ui/terminal/execTerminal.ts';
import type { ExecTerminals } from '../../src/ui/terminal/execTerminals.ts';
import { ContainerNode } from '../../src/ui/tree/containerNode.ts';
import { azure } from '../../test/support/azure.ts';
import { FloodClock, type Flood } from '../flood.ts';
import { heldMemory, residentGrowth } from '../memory.ts';
import { pauseAfterKey, promptAtEnd, type BareTarget } from '../peers/bareClient.ts';
import { StandIn } from './standIn.ts';

const dimensions = { columns: 80, rows: 24 };

/** The product's own Exec, up to the text that it hands to VS Code. */
export class Product {
  private readonly inventory = new Inventory(azure);
  private readonly log = new Log(vscode.window.createOutputChannel('Bench', { log: true }));
  private readonly row: ContainerNode;

  constructor({ groupId, container }: Pick<BareTarget, 'groupId' | 'container'>) {
    const running = { name: container, image: 'image', instanceView: { currentState: { state: 'Running' } } };
    const group = toContainerGroup({ containers: [running], osType: 'Linux' }, groupId);
    const [row] = group.containers;
    if (row === undefined) {
      throw new Error('the container has no name');
    }
    this.row = new ContainerNode(group, row, false);
  }

  /** The time from the Exec command on a row to the shell's first prompt, in milliseconds. */
  async firstPrompt(): Promise<number> {
    const startedAt = performance.now();
    const prompt = new Promise<ExecTerminal>((resolve, reject) => {
      // In place of the terminal that VS Code would lay out and draw.
      const terminals: Pick<ExecTerminals, 'create'> = {
        create: (target, services) => {
          const pty = new ExecTerminal(
            { ...target, name: target.container.name },
            { ...services, onHost: () => undefined },
          );
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
        remoteShells: createRemoteShells(azure),
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
    const { pty, screen } = this.terminal('/bin/sh');
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
    const { pty, screen } = this.terminal(`firehose ${bytes}`);
    const clock = new FloodClock();
    let units = 0;
    let tenths = 1;
    let flooding = false;
    const growth = await residentGrowth(async () => {
      screen.onOutput = (text, queryLength) => {
        if (!flooding && text.startsWith(eraseLine) && !text.startsWith(`${eraseLine}\x1b[90m`)) {
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

  private terminal(command: string) {
    const { inventory, log } = this;
    const { group, container } = this.row;
    const pty = new ExecTerminal(
      { group, container, commands: [plainCommandLine(command)], name: container.name },
      {
        azure,
        inventory,
        log,
        remoteShells: createRemoteShells(azure),
        onStarted: () => undefined,
        onHost: () => undefined,
      },
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

import { readFileSync, writeFileSync } from 'node:fs';
import { measureActivation, type ActivationFigures, type ActivationOptions } from './activation.ts';
import { measureExec, type ExecFigures, type ExecOptions } from './exec.ts';
import { measureInventory, type InventoryFigures, type InventoryOptions } from './inventory.ts';
import type { BareTarget } from '../peers/bareClient.ts';
import { Product } from './product.ts';

/** What one extension host is to measure. */
export type HostTask =
  | { readonly part: 'start'; readonly activation: ActivationOptions; readonly bare: BareTarget }
  | { readonly part: 'exec'; readonly exec: ExecOptions }
  | { readonly part: 'inventory'; readonly inventory: InventoryOptions };

export interface HostFigures {
  readonly versions: NodeJS.ProcessVersions;
  readonly activation?: ActivationFigures;
  readonly firstExecMs?: number;
  readonly exec?: ExecFigures;
  readonly inventory?: InventoryFigures;
}

/** Called by the extension host: measures what the file of `ACI_BENCH_TASK` says and writes the figures. */
export async function run(): Promise<void> {
  const task = JSON.parse(readFileSync(process.env['ACI_BENCH_TASK'] ?? '', 'utf8')) as HostTask; // the bench's own
  const figures: HostFigures = { versions: process.versions, ...(await measure(task)) };
  writeFileSync(process.env['ACI_BENCH_FIGURES'] ?? '', JSON.stringify(figures));
}

async function measure(task: HostTask): Promise<Omit<HostFigures, 'versions'>> {
  switch (task.part) {
    case 'start': {
      // First the activation: the host has loaded nothing yet.
      const activation = await measureActivation(task.activation);
      return { activation, firstExecMs: await new Product(task.bare).firstPrompt() };
    }
    case 'exec':
      return { exec: await measureExec(task.exec) };
    case 'inventory':
      return { inventory: await measureInventory(task.inventory) };
  }
}

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test, type Workbench } from './workbench.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string }[];
    readonly menus: {
      readonly commandPalette: readonly { readonly command: string; readonly when: string }[];
    };
  };
}

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string) => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as unknown;
const { contributes } = read('package.json') as Manifest; // the project's own
const texts = read('package.nls.json') as Readonly<Record<string, string>>; // likewise

/** Those that need something that is not there in these tests: another state, a terminal in front, or a row. */
const notOffered = new Set([
  ...contributes.menus.commandPalette.filter(({ when }) => when === 'false').map(({ command }) => command),
  'containerInstances.reconnect',
  'containerInstances.reloadLog',
  'containerInstances.toggleLogTimestamps',
  'containerInstances.hideEmptySubscriptions',
]);

const commands = contributes.commands
  .filter(({ command }) => !notOffered.has(command))
  .map(({ command, title }) => ({
    name: command.split('.')[1] ?? '',
    title: texts[title.slice(1, -1)] ?? '',
  }));

/** Those that cannot do anything without Azure. */
const askAzure: readonly string[] = [
  'exec',
  'execWithCommand',
  'viewProperties',
  'openInPortal',
  'openInBrowser',
  'copyResourceId',
  'copyIpAddress',
  'copyFqdn',
  'copyAzureCliCommand',
  'explainState',
  'runCommand',
  'copyExecLink',
  'forwardPort',
  'browseFiles',
  'openFile',
  'upload',
  'download',
  'refresh',
  'selectSubscriptions',
  'selectTenants',
  'viewLogs',
  'followLogs',
  'start',
  'stop',
  'restart',
  'delete',
];

/** Those that ask the user something and need no Azure for it. */
const askUser: readonly string[] = ['filter', 'groupBy', 'sortBy'];

/** Runs every command; those that ask Azure say a sentence, and none says anything else, or leaves a promise alone. */
export async function runEveryCommand(
  workbench: Workbench,
  sentence: RegExp,
  skipped: readonly string[],
): Promise<void> {
  const { page } = workbench;
  test.setTimeout(480_000); // a client tries again a few times before it says that it cannot
  const unhandled: string[] = [];
  page.on('console', (message) => {
    if (/rejected promise not handled|unhandled/i.test(message.text())) {
      unhandled.push(message.text());
    }
  });
  const input = page.locator('.quick-input-widget');
  const palette = page.getByRole('textbox', { name: /Type the name of a command/ });
  const expectSentence = async (title: string) => {
    await workbench.forgetMessages();
    await workbench.runCommand(`Container Instances: ${title}`);
    await workbench.expectMessage(sentence, 60_000);
  };
  for (const { name, title } of commands.filter((command) => !skipped.includes(command.name))) {
    await test.step(title, async () => {
      if (askAzure.includes(name)) {
        await expectSentence(title);
        return;
      }
      await workbench.runCommand(`Container Instances: ${title}`);
      if (askUser.includes(name)) {
        await expect(palette).toBeHidden();
        await expect(async () => {
          await page.keyboard.press('Escape');
          await expect(input).toBeHidden({ timeout: 1_000 });
        }).toPass();
      }
    });
  }
  expect(unhandled).toEqual([]);
}

import type { Scenario } from '../emulator/scenario.ts';
import { expect, test, type Workbench } from './workbench.ts';

const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId: '11111111-0001-4000-8000-000000000001',
      displayName: 'Contoso Production',
      groups: [
        {
          name: 'shop',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          containers: [
            { name: 'web', image: 'contoso/web', root: 'debian' },
            { name: 'worker', image: 'contoso/worker', root: 'bash' },
            { name: 'proxy', image: 'alpine:3', root: 'alpine' },
          ],
        },
        {
          name: 'legacy',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          osType: 'Windows',
          containers: [{ name: 'iis', image: 'contoso/iis' }],
        },
        {
          name: 'bare',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          containers: [
            { name: 'static', image: 'contoso/static', root: 'noShell' },
            { name: 'tiny', image: 'contoso/tiny', root: 'noStty' },
          ],
        },
      ],
    },
  ],
};

test.use({ goesOn: true, scenario });

const groupId = (name: string) =>
  `/subscriptions/11111111-0001-4000-8000-000000000001/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/${name}`;

async function run(workbench: Workbench, row: RegExp, line: string): Promise<void> {
  await workbench.contextMenu(workbench.row(row), 'Run Command…');
  const input = workbench.page.locator('.quick-input-widget input:visible').first();
  await input.fill(line);
  await input.press('Enter');
}

/** The visible terminal's text of this colour of the theme, 1 being red. */
const coloured = ({ terminal }: Workbench, colour: number) => terminal.locator(`.xterm-fg-${colour}`);

async function openGroup(workbench: Workbench, name: string): Promise<void> {
  await workbench.openView();
  await workbench.expand(workbench.row(new RegExp(`^Container group ${name}, Running`)));
}

test('quotes, pipes and variables; errors in red; the exit code at the end and in the name', async ({
  workbench,
  azure,
}) => {
  await openGroup(workbench, 'shop');
  // In this group: a window of the test before may still be closing.
  const sessionsAsked = () =>
    azure.requests.filter(({ operation, path }) => operation === 'exec' && path.startsWith(groupId('shop')))
      .length;

  // Its sessions open while the line is typed, and end where none is.
  await workbench.contextMenu(workbench.row(/^Container web, Running/), 'Run Command…');
  await expect.poll(() => azure.openSessions).toBe(2);
  await workbench.page.keyboard.press('Escape');
  await expect.poll(() => azure.openSessions).toBe(0);
  expect(sessionsAsked()).toBe(2);

  const line = `word="it's  two"; echo "$word" | tr a-z A-Z; echo 'oh "no"' >&2; printf '%s|' a 'b c'; exit 42`;
  await run(workbench, /^Container web, Running/, line);
  const { terminal } = workbench;
  await expect(terminal).toContainText("IT'S  TWO");
  await expect(terminal).toContainText('a|b c|');
  await expect(coloured(workbench, 1)).toHaveText('oh "no"');
  await expect(terminal).toContainText(/Exit code 42 after \d+\.\d s\./);
  await expect(workbench.page.getByText(/exit 42, \d+\.\d s: word=/).first()).toBeVisible();
  expect(sessionsAsked()).toBe(4);

  await workbench.type('');
  await expect(terminal).toContainText(/Exit code 42[^]*Exit code 42/);
});

test('Ctrl-C cancels, and closing the terminal too; nothing of the command is left', async ({
  workbench,
  azure,
}) => {
  await openGroup(workbench, 'shop');
  const sleepers = () =>
    azure.processes(groupId('shop'), 'web').filter(({ command }) => command.startsWith('sleep')).length;
  await run(workbench, /^Container web, Running/, 'sleep 1000 & sleep 1000');
  await expect.poll(sleepers).toBe(2);
  await workbench.page.keyboard.press('Control+C');
  await expect(workbench.terminal).toContainText('Exit code 130');
  expect(sleepers()).toBe(0);

  await workbench.type('');
  await expect.poll(sleepers).toBe(2);
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  await expect.poll(sleepers).toBe(0);
});

test('broadcast: in all containers of a group side by side, each line with its container, exit codes in a table', async ({
  workbench,
}) => {
  await workbench.openView();
  const line = `echo "$0 here"; [ -e /bin/busybox ] || exit 3`;
  await run(workbench, /^Container group shop, Running/, line);
  const { terminal } = workbench;
  await expect(terminal).toContainText(/web +\/bin\/sh here/);
  await expect(terminal).toContainText(/worker +\/bin\/sh here/);
  await expect(terminal).toContainText(/proxy +\/bin\/sh here/);
  await expect(terminal).toContainText(/Container +Exit code +Time/);
  await expect(terminal).toContainText(/web +3 +\d+\.\d s/);
  await expect(terminal).toContainText(/worker +3 +\d+\.\d s/);
  await expect(terminal).toContainText(/proxy +0 +\d+\.\d s/);
});

test('Windows, an image without a shell, one without stty: one line each', async ({ workbench }) => {
  await openGroup(workbench, 'legacy');
  await run(workbench, /^Container iis, Running/, 'dir');
  await expect(workbench.terminal).toContainText('This is not there for Windows containers.');
  await workbench.expand(workbench.row(/^Container group bare, Running/));
  await run(workbench, /^Container static, Running/, 'ls');
  await expect(workbench.terminal).toContainText('The image has no /bin/sh, which this needs.');
  await run(workbench, /^Container tiny, Running/, 'ls');
  await expect(workbench.terminal).toContainText('The image has no stty, which this needs.');
});

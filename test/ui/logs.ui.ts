import type { Locator } from '@playwright/test';
import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

const subscription = '/subscriptions/11111111-0001-4000-8000-000000000001';
const provider = 'providers/Microsoft.ContainerInstance/containerGroups';
const shop = `${subscription}/resourceGroups/rg-shop/${provider}/shop-web`;
const orders = `${subscription}/resourceGroups/rg-orders/${provider}/orders-api`;

test.beforeEach(async ({ azure, workbench }) => {
  azure.setTimings({ logLineMs: 0 });
  await workbench.openView();
});

/** Lines with numbers from `first` on. */
function numbered(first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `line ${first + index} of many`);
}

/** The text of the terminal in front, its scrollback too, as a person copies it. */
async function copied(workbench: Workbench): Promise<string> {
  await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await workbench.runCommand('Terminal: Select All');
  await workbench.runCommand('Terminal: Copy Selection');
  return workbench.page.evaluate(() => navigator.clipboard.readText());
}

async function follow(workbench: Workbench, row: Locator): Promise<void> {
  await workbench.contextMenu(row, 'Follow Logs');
}

test('Follow Logs shows a thousand lines once, goes on after a restart, and is shown again; closed, it asks no more', async ({
  workbench,
  azure,
}) => {
  const row = workbench.row(/^Container group shop-web, Running/);
  await follow(workbench, row);
  await expect(workbench.terminal).toContainText('listening on port 80');
  azure.writeLog(shop, numbered(1, 400));
  await expect(workbench.terminal).toContainText('line 400 of many');
  azure.changeGroup(shop, { state: 'Terminated', exitCode: 1 });
  azure.changeGroup(shop, { state: 'Running' });
  azure.writeLog(shop, numbered(401, 600));
  await expect(workbench.terminal).toContainText('line 1000 of many');
  const lines = (await copied(workbench)).split(/\r?\n/);
  expect(lines.filter((line) => line.includes(' of many'))).toEqual(numbered(1, 1_000));
  expect(lines.filter((line) => line.startsWith('The container was restarted'))).toHaveLength(1);

  await follow(workbench, row);
  azure.writeLog(shop, ['one more line']);
  await expect(workbench.terminal).toContainText('one more line');
  expect(await workbench.page.locator('.terminal-wrapper').count()).toBe(1);
  await workbench.type('nothing of this is shown');
  await expect(workbench.terminal).not.toContainText('nothing of this');
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  await expect(workbench.terminal).toHaveCount(0);
  const reads = () => azure.requests.filter(({ operation }) => operation === 'logs').length;
  const before = reads();
  // A request that was on its way is over before the next one that is asked for.
  await workbench.runCommand('Container Instances: Refresh');
  await expect(row).toBeVisible();
  expect(reads() - before).toBeLessThanOrEqual(1);
});

test('followed by attach, a log is shown line by line as by reading, and closing it closes the socket', async ({
  workbench,
  azure,
  vscode,
}) => {
  await vscode.configure({ 'containerInstances.logs.transport': 'attach' });
  await expect(async () => {
    // VS Code tells extensions of a changed file of settings a moment later.
    await workbench.runCommand('Terminal: Kill All Terminals');
    await follow(workbench, workbench.row(/^Container group shop-web, Running/));
    await expect.poll(() => azure.openSessions, { timeout: 10_000 }).toBe(1);
  }).toPass();
  await expect(workbench.terminal).toContainText('listening on port 80');
  azure.writeLog(shop, numbered(1, 300));
  await expect(workbench.terminal).toContainText('line 300 of many');
  const lines = (await copied(workbench)).split(/\r?\n/);
  expect(lines.filter((line) => line.includes(' of many'))).toEqual(numbered(1, 300));
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  await expect.poll(() => azure.openSessions).toBe(0);
});

test('Follow Logs merges the containers of a group, each line with a name in a colour of its own', async ({
  workbench,
  azure,
}) => {
  await follow(workbench, workbench.row(/^Container group orders-api, Running/));
  const names = ['api', 'envoy', 'log-shipper'];
  for (const name of names) {
    await expect(workbench.terminal).toContainText(new RegExp(`${name} *│`));
  }
  azure.writeLog(orders, ['\x1b[31mred and not ended', 'plain'], 'api');
  azure.writeLog(orders, ['from envoy'], 'envoy');
  await expect(workbench.terminal).toContainText(/api +│ red and not ended/);
  await expect(workbench.terminal).toContainText(/envoy +│ from envoy/);
  const colourOf = (text: string) =>
    workbench.terminal
      .locator('span', { hasText: text })
      .last()
      .evaluate((span) => getComputedStyle(span).color);
  expect(new Set(await Promise.all(names.map(colourOf))).size).toBe(3);
  expect(await colourOf('red and not ended')).not.toBe(await colourOf('from envoy'));
  await workbench.page.screenshot({ path: 'test-results/follow-logs.png' });
});

test('View Logs opens the log as a document, reads it again in place, shows its times, and says where the service has cut', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'View Logs');
  const editor = page.locator('.editor-instance .view-lines');
  await expect(editor).toContainText('listening on port 80'.replaceAll(' ', '\u00a0'));
  azure.writeLog(shop, ['\x1b[32mwritten later\x1b[0m']);
  await page.getByRole('button', { name: 'Reload Log' }).click();
  await expect(editor).toContainText('written\u00a0later');
  await expect(editor).not.toContainText('32m');
  await page.getByRole('button', { name: 'Toggle Timestamps of Log' }).click();
  await expect(editor).toContainText(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z\u00a0written/);
  await page.screenshot({ path: 'test-results/view-logs.png' });
  await editor.click();
  await page.keyboard.type('x');
  await expect(page.getByText(/read-only/i).first()).toBeVisible();
  await page.keyboard.press('Escape');

  azure.writeLog(orders, numbered(1, 1_500), 'envoy');
  azure.changeGroup(orders, { container: 'envoy', state: 'Terminated', exitCode: 1 });
  await workbench.contextMenu(workbench.row(/^Container group orders-api/), 'View Logs');
  await page.getByRole('option', { name: /^envoy/ }).click();
  await expect(editor).toContainText('line\u00a01500\u00a0of\u00a0many');
  await page.keyboard.press('ControlOrMeta+Home');
  await expect(editor).toContainText('Azure\u00a0keeps\u00a016\u00a0KB\u00a0or\u00a01,000\u00a0lines');
});

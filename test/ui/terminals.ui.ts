import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

async function execIn(workbench: Workbench, container: string): Promise<void> {
  await workbench.contextMenu(workbench.row(new RegExp(`^Container ${container}, Running`)), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
}

async function openOrders(workbench: Workbench): Promise<void> {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
}

/** Selects rows with Ctrl+click, the last one first. */
async function select(workbench: Workbench, names: readonly RegExp[]): Promise<void> {
  for (const [index, name] of names.entries()) {
    const row = workbench.row(name);
    await row.click({ modifiers: index === 0 ? [] : ['Control'] });
    await expect(row).toHaveAttribute('aria-selected', 'true');
  }
}

const sixRows = [
  /^Container api, Running/,
  /^Container envoy, Running/,
  /^Container group shop-web, Running/,
  /^Container log-shipper, Running/, // without /bin/sh it has the right size from the start, or never
  /^Container group cache, Running, resource group rg-dev-anna/,
  /^Container group cache, Running, resource group rg-dev-ben/,
] as const;

test('a terminal that another one covers while it opens has its own size', async ({ workbench, azure }) => {
  await openOrders(workbench);
  azure.addFault({ operation: 'exec', kind: 'delay', ms: 3_000 });
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('Connecting to api');
  await execIn(workbench, 'envoy');
  await workbench.dragPanel(-100);
  await workbench.tabs.nth(0).click();
  await workbench.expectOwnSize();
  await workbench.tabs.nth(1).click();
  await workbench.expectOwnSize();
});

test('terminals side by side and in the editor area have their own size each', async ({ workbench }) => {
  await openOrders(workbench);
  await execIn(workbench, 'api');
  await execIn(workbench, 'envoy');
  await workbench.tabs.nth(0).click();
  await workbench.tabs.nth(1).click({ modifiers: ['Control'] });
  await workbench.contextMenu(workbench.tabs.nth(0), 'Join Terminals');
  await expect(workbench.terminals).toHaveCount(2);
  await workbench.expectOwnSize(workbench.terminals.nth(0));
  await workbench.expectOwnSize(workbench.terminals.nth(1));
  await workbench.page.screenshot({ path: 'test-results/split.png' });
  await workbench.runCommand('Terminal: Move Terminal into Editor Area');
  await expect(workbench.page.locator('.editor-group-container .terminal-wrapper')).toBeVisible();
  await workbench.expectOwnSize(workbench.terminals.nth(0));
  await workbench.expectOwnSize(workbench.terminals.nth(1));
  await workbench.page.screenshot({ path: 'test-results/moved.png' });
});

test('a local terminal split off beside one makes it narrower', async ({ workbench }) => {
  await openOrders(workbench);
  await execIn(workbench, 'api');
  await workbench.runCommand('Terminal: Split Terminal');
  await expect(workbench.terminals).toHaveCount(2);
  await workbench.expectOwnSize(workbench.terminals.nth(0));
  // VS Code would bring the local one back in the next window.
  await workbench.type('exit', workbench.terminals.nth(1));
  await expect(workbench.terminals).toHaveCount(1);
});

test('find and links work as in any terminal', async ({ workbench }) => {
  await openOrders(workbench);
  await execIn(workbench, 'api');
  await workbench.type('clear; echo see https://example.com/needle for more');
  await expect(workbench.terminal).toContainText(/^see https/);
  await workbench.page.keyboard.press('Control+F');
  const find = workbench.page.locator('.simple-find-part');
  await find.getByRole('textbox').fill('needle');
  await expect(find).toContainText('1 of 1');
  await workbench.page.keyboard.press('Escape');
  const link = await workbench.terminal.locator('> div', { hasText: 'needle' }).first().boundingBox();
  await workbench.page.mouse.move((link?.x ?? 0) + 60, (link?.y ?? 0) + 8, { steps: 5 });
  await expect(workbench.page.locator('.terminal-hover-widget, .workbench-hover')).toContainText(
    'Follow link',
  );
  await workbench.page.screenshot({ path: 'test-results/link.png' });
});

test('closing a terminal, and reloading the window, close its sockets at once', async ({
  workbench,
  azure,
}) => {
  await openOrders(workbench);
  await execIn(workbench, 'api');
  await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
  await expect.poll(() => azure.openSessions).toBe(0);
  await execIn(workbench, 'api');
  expect(azure.openSessions).toBe(1);
  await workbench.page.reload();
  await expect.poll(() => azure.openSessions).toBe(0);
});

test('terminals whose containers Azure tells of in one moment have their own size each', async ({
  workbench,
  azure,
}) => {
  const groups = [
    ['rg-shop', /^Container group shop-web, Running/],
    ['rg-dev-anna', /^Container group cache, Running, resource group rg-dev-anna/],
    ['rg-dev-ben', /^Container group cache, Running, resource group rg-dev-ben/],
  ] as const;
  await workbench.openView();
  await expect(workbench.row(groups[0][1])).toBeVisible();
  const answersAt = performance.now() + 3_000;
  for (const [path, name] of groups) {
    const row = workbench.row(name);
    await row.hover();
    azure.addFault({ operation: 'get', path, kind: 'delay', ms: answersAt - performance.now() });
    await row.getByRole('button', { name: 'Exec' }).click();
  }
  await expect(workbench.tabs).toHaveCount(3); // two of them have never been in front
  for (let index = 0; index < 3; index++) {
    await workbench.tabs.nth(index).click();
    await workbench.expectOwnSize();
  }
});

test('six selected rows: Cancel opens none; confirmed, there are six terminals, each of its own size', async ({
  workbench,
  azure,
}) => {
  await openOrders(workbench);
  await select(workbench, sixRows);
  await workbench.contextMenu(workbench.row(sixRows[0]), 'Exec');
  const dialog = workbench.page.getByRole('dialog', { name: 'Warning' });
  await expect(dialog).toContainText('Exec opens a terminal for each of the 6 selected rows.');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();

  await workbench.contextMenu(workbench.row(sixRows[0]), 'Exec');
  await workbench.page.getByRole('button', { name: 'Open 6 Terminals' }).click();
  await expect(workbench.tabs).toHaveCount(6);
  await workbench.page.screenshot({ path: 'test-results/six.png' });
  for (let index = 0; index < 6; index++) {
    await workbench.tabs.nth(index).click();
    await workbench.expectOwnSize();
    await expect(workbench.terminal).not.toContainText(/;\d+t/); // no question of ours ends at a prompt
  }
  await expect.poll(() => azure.openSessions).toBeGreaterThanOrEqual(6);
});

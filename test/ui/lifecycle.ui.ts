import { expect, test } from './workbench.ts';

test.use({ goesOn: true });

test('a group is stopped, started and restarted from its menu', async ({ workbench, azure }) => {
  await workbench.openView();
  const row = workbench.row(/^Container group shop-web,/);
  await expect(row).toHaveAccessibleName(/Running/);

  await workbench.contextMenu(row, 'Stop');
  await expect(row).toHaveAccessibleName(/Stopped/);

  azure.addFault({ operation: 'operation', kind: 'delay', ms: 2_000, times: 'always' });
  await workbench.contextMenu(row, 'Start');
  await expect(row).toContainText('Starting…');
  await expect(row).toHaveAccessibleName(/Running/);

  await workbench.contextMenu(row, 'Restart');
  await expect(row).toContainText('Restarting…');
  await row.click({ button: 'right' });
  await expect(workbench.page.getByRole('menuitem', { name: 'Refresh' })).toBeVisible();
  await expect(workbench.page.getByRole('menuitem', { name: 'Stop' })).toHaveCount(0); // not now
  await workbench.page.keyboard.press('Escape');
  await expect(row).toHaveAccessibleName(/Running/);
  const operations = azure.requests.map(({ operation }) => operation);
  expect(operations.filter((operation) => ['stop', 'start', 'restart'].includes(operation))).toEqual([
    'stop',
    'start',
    'restart',
  ]);
});

test('a start that lasts says so in a notification, and Cancel there ends the wait: Azure goes on', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  const row = workbench.row(/^Container group sandbox,/);
  await expect(row).toHaveAccessibleName(/Stopped/);
  azure.addFault({ operation: 'operation', kind: 'delay', ms: 600_000, times: 'always' });
  await workbench.contextMenu(row, 'Start');
  await expect(row).toContainText('Starting…');
  const notification = workbench.page.locator('.notifications-center .notification-list-item');
  await expect(async () => {
    await workbench.runCommand('Notifications: Show Notifications');
    await expect(notification).toContainText('Starting container group "sandbox"', { timeout: 6_000 });
  }).toPass();
  await expect(notification).toContainText('billing begins');
  await workbench.page.screenshot({ path: 'test-results/start-lasts.png' });
  await notification.getByRole('button', { name: 'Cancel' }).click();
  await workbench.expectMessage('Azure goes on with container group "sandbox"');
  await expect(row).not.toContainText('Starting…');
});

test('Stop asks where a terminal of ours is open, and says what it costs', async ({ workbench, azure }) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group shop-web,/));
  await workbench.contextMenu(workbench.row(/^Container shop-web,/), 'Exec');
  await expect(workbench.terminal).toContainText('#');
  const row = workbench.row(/^Container group shop-web,/);
  await workbench.contextMenu(row, 'Stop');
  const dialog = workbench.page.getByRole('dialog', { name: /Stop container group "shop-web"\?/ });
  await expect(dialog).toContainText('Stopping ends billing');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(azure.requests.some(({ operation }) => operation === 'stop')).toBe(false);
  await workbench.contextMenu(row, 'Stop');
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await expect(row).toHaveAccessibleName(/Stopped/);
});

test('Delete names what goes, by menu, by key and for a selection', async ({ workbench, azure }) => {
  await workbench.openView();
  const { page } = workbench;
  const web = workbench.row(/^Container group shop-web,/);
  const dialog = page.getByRole('dialog');
  await workbench.contextMenu(web, 'Delete');
  await expect(dialog).toContainText('Delete container group "shop-web"?');
  await expect(dialog).toContainText('shop-web in resource group rg-shop, with: shop-web');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(web).toHaveCount(0);

  const orders = workbench.row(/^Container group orders-api,/);
  await orders.click();
  await page.keyboard.press('Delete');
  await expect(dialog).toContainText('Delete container group "orders-api"?');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  await expect(orders).toBeVisible();

  const before = azure.requests.length;
  await orders.click();
  await page.keyboard.press('F5');
  await expect.poll(() => azure.requests.length).toBeGreaterThan(before);

  const rows = page.getByRole('treeitem', { name: /^Container group / });
  await expect(rows.nth(1)).toBeVisible();
  await rows.nth(0).click();
  await rows.nth(1).click({ modifiers: ['ControlOrMeta'] }); // by Shift also a container, if it has unfolded by then
  await page.keyboard.press('Delete');
  await expect(dialog).toContainText(/Delete \d+ container groups\?/);
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

import { expect, test } from './workbench.ts';

test.use({ location: 'editor' });

test('terminals in the editor area: own size, in a split and behind another tab; closing one closes its socket', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  const api = workbench.row(/^Container api, Running/);
  const envoy = workbench.row(/^Container envoy, Running/);
  await workbench.contextMenu(api, 'Exec');
  await expect(page.locator('.editor-group-container').getByText('SandboxHost')).toBeVisible();
  await workbench.expectOwnSize();
  // Both open in one go, so that the first is behind the second.
  await api.click();
  await envoy.click({ modifiers: ['Control'] });
  await workbench.contextMenu(envoy, 'Exec');
  const tab = (name: string) => page.getByRole('tab', { name });
  await expect(tab('envoy (orders-api)')).toHaveAttribute('aria-selected', 'true');
  await workbench.expectOwnSize();
  await tab('api 2 (orders-api)').click();
  await workbench.expectOwnSize();
  await workbench.runCommand('View: Move Editor into Right Group');
  await expect(workbench.terminals).toHaveCount(2);
  await workbench.expectOwnSize(workbench.terminals.nth(0));
  await workbench.expectOwnSize(workbench.terminals.nth(1));
  await page.screenshot({ path: 'test-results/editors.png' });
  await workbench.type('exit', workbench.terminals.nth(1));
  await expect(tab('ended: api 2 (orders-api)')).toBeVisible();
  await page.screenshot({ path: 'test-results/endedEditor.png' });
  const open = azure.openSessions;
  await workbench.runCommand('View: Close All Editors');
  await expect.poll(() => azure.openSessions).toBe(0);
  expect(open).toBeGreaterThan(0);
});

import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

async function execInApi(workbench: Workbench): Promise<void> {
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
}

test('top repaints as the panel is dragged larger and smaller, and nobody sees how', async ({
  workbench,
}) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await execInApi(workbench);
  await workbench.type('top -d 60'); // it repaints for a new size only
  const rows = workbench.terminal.locator('> div');
  await expect(workbench.terminal).toContainText('PID USER');
  const filled = () => workbench.terminal.locator('> div', { hasText: /\S/ }).count();
  const first = await rows.count();
  for (const by of [-200, 150]) {
    await workbench.dragPanel(by);
    await expect.poll(() => rows.count()).not.toBe(first);
    // top fills the screen but for the line above its table.
    await expect.poll(async () => (await rows.count()) - (await filled())).toBeLessThanOrEqual(1);
  }
  await workbench.page.keyboard.press('q');
  await workbench.expectOwnSize();
  await workbench.type('clear; history');
  await expect(workbench.terminal).toContainText(/top -d 60/);
  await expect(workbench.terminal).not.toContainText(/7791|pts|stty -F|rows/);
});

test('three sessions of one size in a container each follow their own terminal', async ({ workbench }) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  for (const name of ['api (orders-api)', 'api 2 (orders-api)', 'api 3 (orders-api)']) {
    await execInApi(workbench);
    await expect(workbench.page.getByText(name, { exact: true }).first()).toBeAttached();
  }
  await workbench.dragPanel(-150);
  const { tabs } = workbench;
  await expect(tabs).toHaveCount(3);
  for (let index = 0; index < 3; index++) {
    await tabs.nth(index).click();
    await workbench.expectOwnSize();
  }
  await workbench.type('exit');
  await expect(workbench.terminal).toContainText('Session ended. Press Enter to start a new session.');
  await expect(tabs.nth(2)).toHaveAttribute('aria-label', /ended: api 3 \(orders-api\)/);
  await workbench.page.screenshot({ path: 'test-results/three.png' });
});

test('a line says that the size is fixed, and Reconnect at This Size mends it', async ({ workbench }) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Container log-shipper, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
  await workbench.dragPanel(-150);
  await expect(workbench.terminal).toContainText(/This session stays at \d+×\d+/);
  await workbench.page.screenshot({ path: 'test-results/fixed.png' });
  await workbench.runCommand('Container Instances: Reconnect at This Size');
  await workbench.expectOwnSize();
});

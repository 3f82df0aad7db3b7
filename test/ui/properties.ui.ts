import type { Locator } from '@playwright/test';
import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

const production = '11111111-0001-4000-8000-000000000001';
const groupId = (resourceGroup: string, name: string) =>
  `/subscriptions/${production}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups/${name}`;

/** The text of the document in front: its lines in their order, as far as they are on the screen. */
function editor({ page }: Workbench): Locator {
  return page.locator('.editor-instance .view-lines');
}

function clipboard({ page }: Workbench): Promise<string> {
  return page.evaluate(() => navigator.clipboard.readText());
}

test.beforeEach(async ({ page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
});

test('View Properties masks environment values, reveals one by one, and links each id to the portal', async ({
  workbench,
  azure,
}) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Container api, Running/), 'View Properties');
  const text = editor(workbench);
  await expect(text).toContainText('"name": "ORDERS_DB"');
  await expect(text).toContainText('"value": "********"');
  await expect(text).not.toContainText('plain-do-not-show');
  // The row's container is on the screen, though the document begins elsewhere.
  await expect(text).toContainText('"name": "api"');
  await workbench.page.screenshot({ path: 'test-results/properties.png' });

  const reveal = workbench.page.getByRole('button', { name: 'Reveal' });
  await reveal.nth(1).click();
  await expect(text).toContainText('Password=plain-do-not-show');
  await expect(text).not.toContainText('http://+:8080');
  await workbench.page.screenshot({ path: 'test-results/properties-revealed.png' });
  await workbench.page.getByRole('button', { name: 'Hide' }).click();
  await expect(text).not.toContainText('plain-do-not-show');
  expect(await workbench.stored()).not.toContain('plain-do-not-show');

  const addresses = await workbench.openedAddresses();
  await workbench.page.keyboard.press('ControlOrMeta+End');
  const link = workbench.page.locator('.detected-link').first();
  const portal = `https://portal.example/#@${azure.credentials.tenantId}/resource`;
  await expect(async () => {
    // The middle of it is not on the screen, and the editor draws it anew as the key goes down.
    const { x, y } = (await link.boundingBox()) ?? { x: 0, y: 0 };
    await workbench.page.keyboard.down('ControlOrMeta');
    await workbench.page.mouse.click(x + 40, y + 8);
    await workbench.page.keyboard.up('ControlOrMeta');
    expect((await addresses()).at(-1)).toBe(`${portal}${groupId('rg-orders', 'orders-api')}`);
  }).toPass();
});

test('Copy gives each thing of a row, and of several rows one a line', async ({ workbench }) => {
  await workbench.openView();
  const shop = workbench.row(/^Container group shop-web, Running/);
  await workbench.contextMenu(shop, 'Copy', 'Copy Resource ID');
  await expect.poll(() => clipboard(workbench)).toBe(groupId('rg-shop', 'shop-web'));
  await workbench.contextMenu(shop, 'Copy', 'Copy IP Address');
  await expect.poll(() => clipboard(workbench)).toBe('20.76.1.10');
  await workbench.contextMenu(shop, 'Copy', 'Copy FQDN');
  await expect.poll(() => clipboard(workbench)).toBe('contoso-shop.westeurope.azurecontainer.io');

  const orders = workbench.row(/^Container group orders-api, Running/);
  await shop.click();
  await orders.click({ modifiers: ['ControlOrMeta'] });
  await workbench.contextMenu(orders, 'Copy', 'Copy Name');
  await expect
    .poll(async () => (await clipboard(workbench)).split('\n').toSorted())
    .toEqual(['orders-api', 'shop-web']);

  const stopped = workbench.row(/^Container group sandbox, Stopped/);
  await stopped.click({ button: 'right' });
  await workbench.page.getByRole('menuitem', { name: 'Copy', exact: true }).hover();
  await expect(workbench.page.getByRole('menuitem', { name: 'Copy Name', exact: true })).toBeVisible();
  await expect(workbench.page.getByRole('menuitem', { name: 'Copy IP Address' })).toHaveCount(0);
  await workbench.page.screenshot({ path: 'test-results/copy.png' });
  await workbench.page.keyboard.press('Escape');
  await workbench.page.keyboard.press('Escape');
});

test('Copy Azure CLI Command… offers what the row can do', async ({ workbench }) => {
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group orders-api, Running/));
  await workbench.contextMenu(workbench.row(/^Container envoy, Running/), 'Copy', 'Copy Azure CLI Command…');
  const options = workbench.page.getByRole('option');
  await expect(options).toHaveCount(4);
  await workbench.page.screenshot({ path: 'test-results/cli.png' });
  await options.filter({ hasText: 'az container exec' }).first().click();
  await expect
    .poll(() => clipboard(workbench))
    .toBe(
      `az container exec --subscription ${production} -g rg-orders -n orders-api --container-name envoy --exec-command /bin/bash`,
    );
  await workbench.contextMenu(
    workbench.row(/^Container group sandbox, Stopped/),
    'Copy',
    'Copy Azure CLI Command…',
  );
  await expect(options.filter({ hasText: 'az container start' })).toBeVisible();
  await expect(options.filter({ hasText: 'az container exec' })).toHaveCount(0);
  await expect(options.filter({ hasText: 'az container stop' })).toHaveCount(0);
});

test('Open in Browser and Open in Portal lead where they say', async ({ workbench, azure }) => {
  await workbench.openView();
  const addresses = await workbench.openedAddresses();
  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'Open in Browser');
  await expect.poll(addresses).toEqual(['http://contoso-shop.westeurope.azurecontainer.io/']);

  await workbench.contextMenu(workbench.row(/^Container group orders-api, Running/), 'Open in Browser');
  await workbench.page.getByRole('option', { name: /443/ }).click();
  await expect.poll(async () => (await addresses()).at(-1)).toBe('https://20.76.1.11/');

  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'Open in Portal');
  const { tenantId } = azure.credentials;
  const portal = `https://portal.example/#@${tenantId}/resource`;
  await expect
    .poll(async () => (await addresses()).at(-1))
    .toBe(`${portal}${groupId('rg-shop', 'shop-web')}`);

  await workbench.contextMenu(workbench.row(/^Subscription Contoso Production/), 'Open in Portal');
  await expect.poll(async () => (await addresses()).at(-1)).toBe(`${portal}/subscriptions/${production}`);
});

test.describe(() => {
  test.use({ goesOn: false }); // in which nothing has been hovered over

  test('a group says on hover where it is reached, what it used and what Stop costs, and asks for that only then', async ({
    workbench,
    azure,
  }) => {
    const asked = () => azure.requests.filter(({ operation }) => operation === 'metrics').length;
    await workbench.openView();
    const row = workbench.row(/^Container group shop-web, Running/);
    await expect(row).toBeVisible();
    expect(asked()).toBe(0);
    await row.hover();
    const hover = workbench.page.locator('.workbench-hover');
    await expect(hover).toContainText('contoso-shop.westeurope.azurecontainer.io');
    await expect(hover).toContainText('Ports: 80/TCP');
    await expect(hover).toContainText('Tags: environment=production, team=shop');
    await expect(hover).toContainText(
      /CPU used: [▁▂▃▄▅▆▇█]{20} 0\.\d+ cores now, 0\.\d+ cores to 0\.\d+ cores/,
    );
    await expect(hover).toContainText(/Memory used: [▁▂▃▄▅▆▇█]{20} \d+ MB now/);
    await workbench.page.screenshot({ path: 'test-results/hover.png' });
    expect(asked()).toBe(1);

    // Where Azure Monitor is not allowed, the rest is said.
    azure.addFault({
      operation: 'metrics',
      kind: 'status',
      status: 403,
      code: 'AuthorizationFailed',
      message: 'no',
    });
    await workbench.row(/^Container group orders-api, Running/).hover();
    await expect(hover).toContainText('Ports: 80/TCP, 443/TCP');
    await expect(hover).toContainText('Stopping ends billing.');
    await expect(hover).not.toContainText('used');
    expect(asked()).toBe(2);
    expect((await workbench.messages()).join('\n')).not.toMatch(/Error/);
  });
});

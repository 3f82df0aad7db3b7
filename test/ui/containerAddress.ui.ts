import { scenario, subscriptionId } from './shop.ts';
import { expect, test } from './workbench.ts';

const folders = [{ path: '.' }, { name: 'notes', uri: `aci://${subscriptionId}~rg-shop+shop+web/etc` }];

test.use({ scenario, files: { 'team.code-workspace': JSON.stringify({ folders }) } });

test('a workspace that names a folder of a container opens no session before the user agrees, once', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  const sessions = () => azure.requests.filter(({ operation }) => operation === 'exec');
  const dialog = page.getByRole('dialog');
  const notes = workbench.row(/^notes/);
  const openAgain = () =>
    expect(async () => {
      await page.reload(); // at times VS Code shows a workspace without its folders until the next time
      await expect(notes).toBeVisible({ timeout: 20_000 });
    }).toPass();

  await openAgain();
  await expect(dialog).toContainText('A link or a workspace asks to open the files of the container "web".');
  await expect(dialog).toContainText('Container group: shop');
  await expect(dialog).toContainText('Resource group: rg-shop');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(azure.requests).toEqual([]);

  await openAgain();
  await dialog.getByRole('button', { name: 'Open Files' }).click();
  await expect(async () => {
    await workbench.expand(notes);
    await expect(workbench.row('passwd')).toBeVisible({ timeout: 20_000 });
  }).toPass();
  const before = sessions().length;
  expect(before).toBeGreaterThan(0);

  await openAgain();
  await expect.poll(() => sessions().length).toBeGreaterThan(before);
  await expect(dialog).toBeHidden();
});

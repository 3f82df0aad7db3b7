import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Scenario } from '../emulator/scenario.ts';
import { addLinks, makeTree, treeOf } from '../support/files/trees.ts';
import { expect, test, type Workbench } from './workbench.ts';

const subscriptionId = '11111111-0001-4000-8000-000000000001';
const scenario: Scenario = {
  subscriptions: [
    {
      subscriptionId,
      displayName: 'Contoso Production',
      groups: [
        {
          name: 'shop',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          containers: [{ name: 'web', image: 'contoso/web', root: 'debian' }],
        },
        {
          name: 'legacy',
          resourceGroup: 'rg-shop',
          location: 'westeurope',
          osType: 'Windows',
          containers: [{ name: 'iis', image: 'contoso/iis' }],
        },
      ],
    },
  ],
};

test.use({ scenario });

const groupId = `/subscriptions/${subscriptionId}/resourceGroups/rg-shop/providers/Microsoft.ContainerInstance/containerGroups/shop`;

/** Types into the quick pick that is open. */
async function answer({ page }: Workbench, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]:visible').first();
  await input.fill(text);
}

const option = ({ page }: Workbench, name: RegExp) =>
  page.locator('.quick-input-widget').getByRole('option', { name }).first();

const said = ({ page }: Workbench, text: RegExp) =>
  page.locator('.monaco-aria-container [role=alert]').filter({ hasText: text });

test('open, save, upload and download files of a container; browse them in the Explorer', async ({
  workbench,
  azure,
}) => {
  test.setTimeout(120_000);
  const { page } = workbench;
  const local = fs.mkdtempSync(path.join(os.tmpdir(), 'files-'));
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group shop, Running/));
  const row = workbench.row(/^Container web, Running/);

  // Open File…, with completion; saving writes it in the container.
  await workbench.contextMenu(row, 'Open File…');
  await answer(workbench, '/etc/pas');
  await option(workbench, /^passwd/).click();
  const editor = page.locator('.editor-instance .view-lines');
  await expect(editor).toContainText('root:x:0:0');
  await editor.click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('# edited\n');
  await page.keyboard.press('ControlOrMeta+s');
  const root = () => azure.rootOf(groupId, 'web') ?? '';
  const passwd = () => execFileSync('cat', [`${root()}/etc/passwd`], { encoding: 'utf8' });
  await expect.poll(passwd).toMatch(/^# edited\nroot:x:0:0/);
  await page.screenshot({ path: test.info().outputPath('editor.png') });

  // Upload… a folder.
  const tree = path.join(local, 'tree');
  makeTree(tree);
  addLinks(tree);
  await workbench.contextMenu(row, 'Upload…');
  await answer(workbench, tree);
  await page.locator('.quick-input-widget').getByRole('button', { name: 'Upload', exact: true }).click();
  await expect(page.getByPlaceholder('A path in the container')).toBeVisible();
  await answer(workbench, '/tmp/');
  await option(workbench, /^Upload to This Folder/).click();
  await expect(said(workbench, /Uploaded tree \(.* to web\./)).toHaveCount(1);
  expect(treeOf(`${root()}/tmp/tree`)).toEqual(treeOf(tree));

  // Download… it elsewhere.
  const target = path.join(local, 'target');
  fs.mkdirSync(target);
  await workbench.contextMenu(row, 'Download…');
  await answer(workbench, '/tmp/tree/');
  await option(workbench, /^Download This Folder/).click();
  await expect(page.getByPlaceholder('A path in the container')).toBeHidden();
  await answer(workbench, `${target}/`);
  await page.locator('.quick-input-widget').getByRole('button', { name: 'Download Here' }).click();
  await expect(said(workbench, /Downloaded tree \(.* from web\./)).toHaveCount(1);
  expect(treeOf(path.join(target, 'tree'))).toEqual(treeOf(tree));

  // A Windows container has no files to show.
  await workbench.expand(workbench.row(/^Container group legacy, Running/));
  await workbench.contextMenu(workbench.row(/^Container iis, Running/), 'Browse Files…');
  await expect(said(workbench, /not there for Windows containers/)).toHaveCount(1);

  // Browse Files…: the folder in the Explorer.
  fs.mkdirSync(`${root()}/tmp/site`);
  fs.writeFileSync(`${root()}/tmp/site/index.html`, '<h1>');
  fs.writeFileSync(`${root()}/tmp/site/old.txt`, 'old');
  await workbench.contextMenu(row, 'Browse Files…');
  await answer(workbench, '/tmp/site/');
  await option(workbench, /^Browse This Folder/).click();
  await option(workbench, /^Add to This Window/).click();
  const explorer = page.getByRole('tree', { name: 'Files Explorer' });
  const file = (name: string) => explorer.getByRole('treeitem', { name });
  await expect(async () => {
    await page.keyboard.press('ControlOrMeta+Shift+e');
    await expect(file('index.html')).toBeVisible({ timeout: 3_000 });
  }).toPass({ timeout: 60_000 });
  await file('index.html').click();
  await page.keyboard.press('F2');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('start.html');
  await page.keyboard.press('Enter');
  await expect.poll(() => fs.readdirSync(`${root()}/tmp/site`).toSorted()).toEqual(['old.txt', 'start.html']);
  await page.screenshot({ path: test.info().outputPath('explorer.png') });
  await file('old.txt').click();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => fs.readdirSync(`${root()}/tmp/site`)).toEqual(['start.html']);
  fs.rmSync(local, { recursive: true });
});

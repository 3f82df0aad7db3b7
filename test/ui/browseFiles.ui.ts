import {
  existsSync,
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { groupId, scenario } from './shop.ts';
import { expect, test, Workbench } from './workbench.ts';

const notes = 'Notes, with – a dash.\n';

test.use({ scenario, files: { 'notes.txt': notes } });

const input = ({ page }: Workbench) => page.locator('.quick-input-widget input[type=text]:visible').first();

const option = ({ page }: Workbench, name: RegExp) =>
  page.locator('.quick-input-widget').getByRole('option', { name });

/** Types a path into the quick pick that is open, and takes what is first. */
async function takePath(workbench: Workbench, typed: string, first: RegExp): Promise<void> {
  await expect(option(workbench, /./).first()).toBeVisible();
  await input(workbench).fill(typed);
  await expect(option(workbench, /./).first()).toHaveAccessibleName(first);
  await input(workbench).press('Enter');
}

test('files go up by drag and drop, a folder comes down, and the Explorer shows, renames and deletes', async ({
  workbench,
  azure,
  vscode,
}) => {
  await vscode.configure({ 'explorer.autoReveal': false }); // it would select the renamed file at some moment
  const { page } = workbench;
  const there = (name: string) => path.join(azure.rootOf(groupId, 'web') ?? '', 'tmp', name);
  const here = mkdtempSync(path.join(os.tmpdir(), 'downloads-'));
  const row = workbench.row(/^Container web, Running/);
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group shop, Running/));
  await expect(row).toBeVisible();

  // A file of the Explorer, dropped onto the container's row.
  await page.getByRole('tab', { name: 'Explorer' }).first().click();
  const file = workbench.row('notes.txt');
  await file.hover();
  await page.mouse.down();
  await page.getByRole('tab', { name: 'Container Instances' }).first().hover();
  await expect(async () => {
    await page.getByRole('tab', { name: 'Container Instances' }).first().hover();
    await row.hover({ timeout: 1_000 });
  }).toPass();
  await page.mouse.up();
  await takePath(workbench, '/tmp/', /^Upload to This Folder.*\/tmp$/);
  await workbench.expectMessage('Uploaded notes.txt (');
  expect(readFileSync(there('notes.txt'), 'utf8')).toBe(notes);

  // A folder, downloaded into one of this computer.
  mkdirSync(there('site/deep'), { recursive: true });
  writeFileSync(there('site/index.html'), '<h1>Hello</h1>');
  writeFileSync(there("site/deep/it's here"), 'x');
  await workbench.contextMenu(row, 'Files', 'Download…');
  await takePath(workbench, '/tmp/site/', /^Download This Folder.*\/tmp\/site$/);
  await expect(page.getByRole('button', { name: 'Download Here' })).toBeVisible();
  await expect(option(workbench, /^\.\./)).toBeVisible(); // until then it writes its own folder over what is typed
  await input(workbench).fill(`${here}/`);
  await page.getByRole('button', { name: 'Download Here' }).click();
  await workbench.expectMessage('Downloaded site (');
  expect(readFileSync(path.join(here, 'site/index.html'), 'utf8')).toBe('<h1>Hello</h1>');
  expect(readdirSync(path.join(here, 'site/deep'))).toEqual(["it's here"]);
  rmSync(here, { recursive: true });

  // The Explorer of a window of its own.
  await workbench.contextMenu(row, 'Files', 'Browse Files…');
  await takePath(workbench, '/', /^Browse This Folder.*\/$/);
  const opened = page.waitForEvent('popup');
  await option(workbench, /^Open in a New Window/).click();
  const other = new Workbench(await opened);
  await expect(other.row('tmp')).toBeVisible({ timeout: 60_000 });
  await other.row('tmp').click();
  await other.row('site').click();
  const index = other.row('index.html');
  await index.click();
  await expect(other.page.locator('.editor-instance .view-lines')).toContainText('Hello');
  await index.press('F2');
  const name = other.page.locator('.explorer-viewlet input');
  await name.fill('start page.html');
  await name.press('Enter');
  await expect(other.row('start page.html')).toBeVisible();
  await expect(index).toBeHidden();
  expect(readdirSync(there('site')).toSorted()).toEqual(['deep', 'start page.html']);
  await other.row('deep').click();
  await expect(other.row("it's here")).toBeVisible();
  await other.row('deep').press('Delete');
  await other.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(other.row('deep')).toBeHidden();
  expect(existsSync(there('site/deep'))).toBe(false);
  await other.page.close();
});

import { execFileSync } from 'node:child_process';
import { groupId, scenario } from './shop.ts';
import { expect, test, type Workbench } from './workbench.ts';

test.use({ scenario });

/** Types into the quick pick that is open. */
async function answer({ page }: Workbench, text: string): Promise<void> {
  const input = page.locator('.quick-input-widget input[type=text]:visible').first();
  await input.fill(text);
}

const option = ({ page }: Workbench, name: RegExp) =>
  page.locator('.quick-input-widget').getByRole('option', { name }).first();

test('a file of a container is opened by its path, with completion, edited and saved', async ({
  workbench,
  azure,
}) => {
  const { page } = workbench;
  await workbench.openView();
  await workbench.expand(workbench.row(/^Container group shop, Running/));
  const row = workbench.row(/^Container web, Running/);

  // Open File…, with completion; saving writes it in the container.
  await workbench.contextMenu(row, 'Files', 'Open File…');
  await answer(workbench, '/etc/pas');
  await expect(option(workbench, /^passwd/)).toBeVisible();
  await answer(workbench, '/etc/passwd'); // as somebody who types fast does
  await page.keyboard.press('Enter');
  const editor = page.locator('.editor-instance .view-lines');
  await expect(editor).toContainText('root:x:0:0');
  await editor.click();
  await page.keyboard.press('ControlOrMeta+Home');
  await page.keyboard.type('# edited\n');
  await page.keyboard.press('ControlOrMeta+s');
  const root = () => azure.rootOf(groupId, 'web') ?? '';
  const passwd = () => execFileSync('cat', [`${root()}/etc/passwd`], { encoding: 'utf8' });
  await expect.poll(passwd).toMatch(/^# edited\nroot:x:0:0/);
});

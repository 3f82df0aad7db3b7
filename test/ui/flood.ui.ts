import { expect, test, type Workbench } from './workbench.ts';

test.use({ goesOn: true });

async function execInWeb(workbench: Workbench): Promise<void> {
  await workbench.openView();
  await workbench.contextMenu(workbench.row(/^Container group shop-web, Running/), 'Exec');
  await expect(workbench.terminal).toContainText('SandboxHost');
}

test('yes floods the screen: the workbench still answers, and Ctrl-C stops it at once', async ({
  workbench,
}) => {
  await execInWeb(workbench);
  await workbench.type("PS1='done> '; clear; yes");
  await expect(workbench.terminal).toContainText(/y{5}/);
  const row = workbench.row(/^Container group orders-api, Running/);
  for (const start = Date.now(); Date.now() - start < 5_000;) {
    await workbench.expand(row);
    await expect(workbench.row(/^Container envoy, Running/)).toBeVisible();
    await row.click();
    await expect(row).toHaveAttribute('aria-expanded', 'false');
  }
  await workbench.page.locator('.terminal-wrapper.active .xterm-helper-textarea').focus();
  await workbench.page.keyboard.press('Control+c');
  await expect(workbench.terminal).toContainText(/\^C\s*done>/);
  await workbench.type('echo "<$((6*7))>"');
  await expect(workbench.terminal).toContainText('<42>');
});

test('a program that asks the terminal gets its own answers, and no others, in the middle of a flood', async ({
  workbench,
}) => {
  await execInWeb(workbench);
  // Each answer is read while output pours, and shown at the end.
  const ask = (name: string, query: string, end: string) =>
    `yes | head -c 3000000; printf '\\033[${query}'; IFS= read -rs -t 20 -d ${end} ${name};`;
  const asked = [ask('a', '6n', 'R'), ask('b', 'c', 'c'), ask('c', '?2026$p', 'y')].join(' ');
  await workbench.type(`clear; ${asked} clear; printf '<%s>\\n' "\${a#?}" "\${b#?}" "\${c#?}"`);
  await expect(workbench.terminal).toContainText(/<\[\d+;\d+><\[\?1;2><\[\?2026;2\$>/);
  await workbench.page.screenshot({ path: 'test-results/flood.png' });
});

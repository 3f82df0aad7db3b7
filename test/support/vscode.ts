import { registerHooks } from 'node:module';

/** What stands in for the part of VS Code that words and settings need, so that plain Node can load them. */
const standIn = `
  export const settings = new Map();
  export const l10n = { t: (text, ...values) => text.replace(/\\{(\\d+)\\}/g, (_, index) => String(values[index])) };
  export const env = { language: 'en' };
  export const TerminalLocation = { Panel: 1, Editor: 2 };
  export const workspace = {
    getConfiguration: (section) => ({
      get: (name, fallback) => settings.get(section + '.' + name) ?? fallback,
      inspect: () => undefined,
    }),
  };
`;
const url = `data:text/javascript,${encodeURIComponent(standIn)}`;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode' ? { url, shortCircuit: true } : next(specifier, context),
});

/** The values of settings by their whole names, as `settings.json` has them. */
export const { settings } = (await import(url)) as { readonly settings: Map<string, unknown> }; // of the text above

export const { explain } = await import('../../src/ui/messages/problems.ts');
export const { Log } = await import('../../src/ui/log.ts');
export const { TerminalSession } = await import('../../src/ui/terminal/terminalSession.ts');
export const { parseTaskDefinition, TaskProblem } = await import('../../src/ui/tasks/taskDefinition.ts');
export const { connectTimeoutSeconds, keepAliveSeconds, scrollback, tabStopWidth } =
  await import('../../src/ui/settings.ts');

import { registerHooks } from 'node:module';

/** The little of VS Code that messages need, in English. */
const source = `
  export const env = { language: 'en' };
  export const l10n = { t: (text, ...args) => text.replace(/{(\\d+)}/g, (_, index) => String(args[index])) };
`;

// Whoever imports this module first can then load what imports `vscode`.
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'vscode'
      ? { url: `data:text/javascript,${encodeURIComponent(source)}`, shortCircuit: true }
      : next(specifier, context),
});

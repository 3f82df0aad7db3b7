/** Takes tokens, exec passwords and the query of any address out of a text that is about to be shown or logged. */
export function redact(text: string): string {
  return text
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '[token]')
    .replace(/\b((?:https?|wss?):\/\/[^\s"'?#]+)[?#][^\s"']*/g, '$1?…')
    .replace(/[^\s"']{20,}\[\[EOM\]\]/g, '[password]');
}

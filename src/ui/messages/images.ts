/**
 * An image reference without its registry, and with the first seven characters of a digest: what tells images of one
 * company apart. The first part of a reference is a registry where it has a dot or a port, or is `localhost`.
 */
export function shortImage(reference: string): string {
  const slash = reference.indexOf('/');
  const first = reference.slice(0, Math.max(slash, 0));
  const rest = /[.:]/.test(first) || first === 'localhost' ? reference.slice(slash + 1) : reference;
  return rest.replace(/@(?:\w+:)?(\w{7})\w*$/, '@$1');
}

const given = new Map<string, number>();

/**
 * A name for a hook, each once in a program, as the engine wants it: the second of two components that have one name under two
 * parents gets `…-2`. Nothing of it is in a stack's state.
 */
export function hookName(name: string): string {
  const before = given.get(name) ?? 0;
  given.set(name, before + 1);
  return before === 0 ? name : `${name}-${before + 1}`;
}

/** Type and name of a resource from its URN, whose types of parents are joined by `$`; what is no URN is its own type. */
export function typeAndName(urn: string): { type: string; name: string } {
  const [, , types = urn, ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? types, name: name.join("::") };
}

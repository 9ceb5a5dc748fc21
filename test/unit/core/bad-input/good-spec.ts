import { parse } from "yaml";

/** An untyped part of a spec. */
export type Draft = Record<string, unknown>;

/** The office of the good spec. */
export const office = ["198.51.100.0/24"];
/** A spec that can be built. */
export const good = () => ({
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: {
    reception: { number: "101", networks: office, mayDial: ["national"] },
    sales: { number: "102", networks: office },
  } as Draft,
  trunks: {
    carrier: { signalling: ["192.0.2.0/28"], server: "192.0.2.2", numbers: { "+81312345678": "reception" } },
  } as Draft,
});

/** The good spec with parts in place of what is there. */
export const spec = (change: Draft) => ({ ...good(), ...change });
/** The good spec with parts of its reception phone in place of what is there. */
export const phone = (change: Draft) =>
  spec({ phones: { ...good().phones, reception: { ...(good().phones["reception"] as Draft), ...change } } });
/** The good spec with more phones. */
export const phones = (change: Draft) => spec({ phones: { ...good().phones, ...change } });
/** The good spec with parts of its carrier in place of what is there. */
export const trunk = (change: Draft) =>
  spec({ trunks: { carrier: { ...(good().trunks["carrier"] as Draft), ...change } } });
/** A value as a person writes it. */
export const yaml = (text: string): unknown => parse(text);
/** A mapping with one key of its own, whatever its name. */
export const own = (key: string, value: unknown) =>
  JSON.parse(`{ ${JSON.stringify(key)}: ${JSON.stringify(value)} }`) as Draft;
/** Mappings inside mappings. */
export const nested = (depth: number) => JSON.parse(`${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`) as unknown;

/** A phone beside those of the good spec. */
export const another = { number: "103", networks: office };
/** Ten megabytes. */
export const overlong = "x".repeat(10 * 1024 * 1024);

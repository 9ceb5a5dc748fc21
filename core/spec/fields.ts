import ipaddr from "ipaddr.js";
import { z } from "zod";
import { clipped } from "./structure-issues";

const smallestNetworkPrefix = 8;

// Asked first, because ipaddr.js answers with an exception and takes 192.0.2 for an address; thousands of exceptions take seconds.
const networkShape = /^(?:\d{1,3}(?:\.\d{1,3}){3}|(?=.*:)[0-9a-fA-F:.]{2,45})\/\d{1,3}$/;

/** Why `text` is not a network in CIDR form that can be listed, or undefined when it is. */
export function networkFault(
  text: string,
  family: "ipv4" | "any",
  smallestPrefix = smallestNetworkPrefix,
): string | undefined {
  const noNetwork = `"${clipped(text)}" is not a network; write an address and a prefix length, for example "198.51.100.7/32"`;
  if (!networkShape.test(text)) return noNetwork;
  let parsed: [ipaddr.IPv4 | ipaddr.IPv6, number];
  try {
    parsed = text.includes(":") ? ipaddr.IPv6.parseCIDR(text) : ipaddr.IPv4.parseCIDR(text);
  } catch {
    return noNetwork;
  }
  const [address, prefix] = parsed;
  if (family === "ipv4" && address.kind() !== "ipv4")
    return `"${text}" is IPv6; SIP over IPv6 is not built yet, list an IPv4 network`;
  if (prefix < smallestPrefix) return tooWide(text);
  const base = networkBase(address, prefix);
  return base === text ? undefined : `"${text}" has bits set behind its prefix; write "${base}"`;
}

function tooWide(network: string): string {
  return `"${network}" lets in far too many; list networks of /${smallestNetworkPrefix} or smaller, best your own addresses`;
}

/** Why a network that {@link networkFault} finds none in is wider than may be listed, or undefined when it is not. */
export function widthFault(network: string): string | undefined {
  return isWide(network) ? tooWide(network) : undefined;
}

/** Whether a network is wider than /8: whoever is in it is not told from a stranger. */
export function isWide(network: string): boolean {
  return Number(network.split("/")[1]) < smallestNetworkPrefix;
}

/** The same network with its host bits cleared, for example `198.51.100.0/24`. */
function networkBase(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): string {
  const bytes = address.toByteArray().map((byte, index) => {
    const kept = Math.min(Math.max(prefix - index * 8, 0), 8);
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return `${ipaddr.fromByteArray(bytes).toString()}/${prefix}`;
}

/** Whether two IPv4 networks in CIDR form share an address. */
export function networksOverlap(one: string, other: string): boolean {
  const [a, b] = [ipaddr.IPv4.parseCIDR(one), ipaddr.IPv4.parseCIDR(other)];
  const prefix = Math.min(a[1], b[1]);
  return a[0].match(b[0], prefix);
}

/** Whether the first of two IPv4 networks in CIDR form holds the second one whole. */
export function networkContains(outer: string, inner: string): boolean {
  return Number(inner.split("/")[1]) >= Number(outer.split("/")[1]) && networksOverlap(outer, inner);
}

/** A network in CIDR form of the given family; `smallestPrefix` is the prefix length of the widest that is taken (default 8). */
export function networkField(family: "ipv4" | "any", smallestPrefix = smallestNetworkPrefix) {
  return z.string('must be a text such as "198.51.100.0/24"').superRefine((text, ctx) => {
    const fault = networkFault(text, family, smallestPrefix);
    if (fault !== undefined) ctx.addIssue({ code: "custom", message: fault });
  });
}

/** A list of IPv4 networks with at least one entry. */
export const ipv4Networks = z
  .array(networkField("ipv4"), 'must be a list of networks, for example ["198.51.100.0/24"]')
  .min(1, "must list at least one network")
  .max(100, "must list at most 100 networks; join neighbours into larger ones");

/** The name of a phone or trunk: it becomes part of section names, so its characters are few. */
export const nameField = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}$/,
    "must begin with a lower-case letter and hold only lower-case letters, digits and dashes (31 at most)",
  )
  // Looked up in any mapping, the one name of this shape that every JavaScript object answers to.
  .refine((name) => name !== "constructor", '"constructor" cannot be a name; choose another');

/** An extension; a number without quotes is refused because YAML would drop leading zeros. */
export const extensionField = z
  .string('must be a quoted text: write "101", because an unquoted number loses leading zeros')
  .regex(/^\d{2,6}$/, 'must be 2 to 6 digits, for example "101"');

/** A whole number between two bounds, both allowed. */
export function wholeNumber(low: number, high: number) {
  const text = `must be a whole number from ${low} to ${high}`;
  return z.int(text).min(low, text).max(high, text);
}

// The last label begins with a letter, so that no mistyped address passes for a name.
const hostName =
  /^(?=.{1,253}$)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Whether a server that {@link serverField} accepted is written as a host name. */
export function isHostName(server: string): boolean {
  return !ipaddr.IPv4.isValidFourPartDecimal(server.split(":")[0] ?? "");
}

/** An IPv4 address or host name with an optional port, for example `192.0.2.2:5060`. */
export const serverField = z.string('must be a text such as "192.0.2.2"').superRefine((text, ctx) => {
  const [host = "", port = "5060", ...rest] = text.split(":");
  const portGood = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
  if (rest.length > 0 || !(ipaddr.IPv4.isValidFourPartDecimal(host) || hostName.test(host)) || !portGood)
    ctx.addIssue({
      code: "custom",
      message: `"${clipped(text)}" is not an IPv4 address with an optional port; write for example "192.0.2.2:5060"`,
    });
});

/** A SIP user name kept from an older system. */
export const sipUserField = z
  .string("must be a quoted text")
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{2,39}$/, "must be 3 to 40 letters, digits, dots, dashes or underscores");

/** The user name of an account at a carrier. */
export const accountField = z
  .string("must be a quoted text")
  .regex(
    /^[A-Za-z0-9+][A-Za-z0-9+._-]{2,63}$/,
    "must be 3 to 64 letters, digits, pluses, dots, dashes or underscores, without the carrier's domain",
  );

/** The realm of a carrier's challenge. */
export const realmField = z
  .string("must be a quoted text")
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]{0,63}$/, "must be 1 to 64 letters, digits and ._:@-");

/** The code of a country; whether there is such a country is judged by `parseSpec`. */
export const countryField = z
  .string('must be a two-letter country code such as "JP"; in YAML put NO in quotes')
  .regex(/^[A-Z]{2}$/, 'must be a two-letter country code in capitals, for example "JP"');

/** An absolute path on the host. */
export const hostPathField = z
  .string("must be a path on the host")
  .regex(/^\/[A-Za-z0-9._/@+-]{1,200}$/, "must be an absolute path on the host, of letters, digits and ._/@+-")
  .refine((path) => !path.split("/").includes(".."), "must not contain ..");

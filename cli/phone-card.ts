import { isIPv6 } from "node:net";
import { z } from "zod";
import { CliError, exitCode } from "./terminal";

const printable = z.string().regex(/^[^\u0000-\u001f\u007f-\u009f]+$/, "must be one line of text");

const cardSchema = z.looseObject({
  user: printable,
  password: printable,
  domain: printable,
  port: z.int().min(1).max(65535),
  transport: printable,
  number: printable,
  caCertificate: z.string().optional(),
});

/** What a person types into one phone, as the stack's output `credentials` says it. */
export type Card = z.infer<typeof cardSchema>;

const source = "pulumi stack output credentials --json --show-secrets";

/**
 * One phone's card out of the stack's output `credentials`, given as JSON.
 * @throws CliError for anything else; its message repeats nothing of the input.
 */
export function cardOf(json: string, phone: string): Card {
  const cards = parseCards(json);
  const names = Object.keys(cards);
  if (!Object.hasOwn(cards, phone)) {
    const known = names.length === 0 ? "there are none" : `phones are ${names.slice(0, 10).join(", ")}`;
    throw new CliError(`"${phone}" is not a phone of this stack; ${known}`, exitCode.refused);
  }
  const card = cardSchema.safeParse(cards[phone]);
  if (card.success) return card.data;
  const [issue] = card.error.issues;
  throw new CliError(
    `standard input: ${phone}.${issue?.path.join(".") ?? ""} is not as AsteriskHost gives it out; pipe in \`${source}\``,
    exitCode.refused,
  );
}

function parseCards(json: string): Readonly<Record<string, unknown>> {
  const refuse = (problem: string) =>
    new CliError(`standard input: ${problem}; pipe in \`${source}\``, exitCode.refused);
  if (json.trim() === "") throw refuse("is empty");
  let cards: unknown;
  try {
    cards = JSON.parse(json);
  } catch {
    throw refuse("is not JSON");
  }
  if (cards === "[secret]") throw refuse("holds no secrets, because --show-secrets is missing");
  if (Array.isArray(cards)) throw refuse("is a list of PBXs; pick one, for example with `jq '.[0]'`");
  if (typeof cards !== "object" || cards === null) throw refuse("is not the stack's output");
  return cards as Record<string, unknown>;
}

/** The account as one SIP URI (RFC 3261 §19.1), password included: what the QR code holds. */
export function accountUri({ user, password, domain, port, transport }: Card): string {
  const host = isIPv6(domain) ? `[${domain}]` : domain;
  const account = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@${host}:${port}`;
  return transport === "tls" ? `sips:${account}` : `sip:${account};transport=${transport}`;
}

/** The card as lines a person types from. */
export function cardText(phone: string, card: Card): string {
  const rows = [
    ["Phone", `${phone}, extension ${card.number}`],
    ["User name", card.user],
    ["Password", card.password],
    ["Domain", card.domain],
    ["Port", String(card.port)],
    ["Transport", card.transport.toUpperCase()],
    ...(card.transport === "tls" ? [["Audio", "SRTP (SDES), always"]] : []),
  ];
  return rows.map(([label = "", value = ""]) => `${label.padEnd(12)}${value}\n`).join("");
}

import { countriesOf, denyList, type DeniedNumbers } from "../../core/numbering/deny-list";

const head = `# Numbers that a phone may dial

- **\`national\`** allows the numbers that libphonenumber calls \`FIXED_LINE\` or \`TOLL_FREE\` in the country of the PBX.
- **\`mobile\`** allows the numbers that it calls \`MOBILE\`.

The dialplan has patterns of exact length for them. It leaves out, in every country:

- numbers that are also \`PREMIUM_RATE\`, \`SHARED_COST\` or \`PAGER\`;
- numbers that begin with an international prefix of the country, by themselves or as dialled;
- toll-free numbers that begin with \`00\`, which are codes of international carriers.

The deny list (\`core/numbering/deny-list.ts\`) leaves out:

`;

const foot = `
The entries were looked up on 30 Nov 2026. No country was reviewed completely, and a country without an entry rests on libphonenumber alone.
Ask your carrier to bar costly numbers as well.
`;

const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;

/** Few countries by their codes, many by what they share. */
function whereOf(entry: DeniedNumbers): string {
  const countries = countriesOf(entry);
  return countries.length > 5 ? `all countries of ${entry.where}` : countries.join(", ");
}

/** `docs/numbering.md`: what can be dialled outside, and what is denied with the source that says so. */
export function numberingPage(): string {
  const titles = ["where", "numbers", "what they are", "source"];
  const rows = denyList.map((entry) =>
    row([whereOf(entry), entry.numbers, entry.what, entry.source ?? "no public source"]),
  );
  return `${head}${[row(titles), row(titles.map(() => "---")), ...rows].join("\n")}\n${foot}`;
}

import { expandPattern, type DigitPattern } from "./expand-pattern";
import { countries, numberingPlanOf } from "./numbering-plan";

/** Why numbers are denied. */
export type DeniedKind = "satellite" | "pay-per-call" | "directory";

/** Numbers that libphonenumber calls fixed or mobile and that cost more than such a call. */
export interface DeniedNumbers {
  /** Country (ISO 3166-1 alpha-2), or a calling code with `+` for all countries that share it. */
  readonly where: string;
  /** National significant numbers, as a regular expression that `expandPattern` understands. */
  readonly digits: string;
  readonly kind: DeniedKind;
  /** The numbers as people write them, for the documentation. */
  readonly numbers: string;
  /** What they are, for the documentation. */
  readonly what: string;
  /** Public document that says so: publisher, title. Absent where none was found. */
  readonly source?: string;
}

/** Area codes of the North American Numbering Plan but for the toll-free ones: 976 is an ordinary exchange after 800. */
const chargedAreaCodes =
  "(?:[2-79]\\d\\d|8(?:0[1-9]|[129]\\d|3[0-24-9]|4[0-35-9]|5[0-46-9]|6[0-57-9]|7[0-689]|8[0-79]))";

/** Comments and carrier names of libphonenumber; its number types do not tell satellite numbers from others. */
const libphonenumber = (file: string, what: string) =>
  `google/libphonenumber of 17 Jul 2026, resources/${file}: ${what}`;

const mobileCodesOfChina = 'Wikipedia (zh), "中国内地移动终端通讯号段"';

/** Denied numbers, found by hand on 30 Nov 2026; no country was reviewed completely. Every number type that costs more is denied as well, in every country. */
export const denyList: readonly DeniedNumbers[] = [
  {
    ...{ where: "+1", kind: "pay-per-call", digits: `${chargedAreaCodes}976\\d{4}` },
    numbers: "exchange `976`, but for toll-free area codes",
    what: "pay-per-call",
    source:
      'California Public Utilities Commission, glossary, "976 - 976 Numbers": the telephone company charges a fee for each call',
  },
  {
    // A whole thousand: 555-1212 alone would split each area code into three patterns more. Subscribers have no 555.
    ...{ where: "+1", kind: "directory", digits: "[2-9]\\d\\d5551\\d{3}" },
    numbers: "`555-1XXX`",
    what: "directory assistance (`555-1212`)",
    source:
      'Verizon Service Guide, "Intrastate Long Distance Directory Assistance" (15 Aug 2024): a charge for each call',
  },
  {
    ...{ where: "AR", kind: "satellite", digits: "67[05]\\d{7}" },
    numbers: "`670…`, `675…`",
    what: "satellite services, fixed and mobile",
    source: libphonenumber("PhoneNumberMetadata.xml", "AR, comments on fixed-line and mobile numbers"),
  },
  {
    ...{ where: "+61", kind: "satellite", digits: "4(?:201|80[08]|858|899)\\d{5}" },
    numbers: "`4201…`, `4800…`, `4808…`, `4858…`, `4899…`",
    what: "satellite phones (Pivotel)",
    source: libphonenumber("carrier/en/61.txt", "Pivotel Satellite"),
  },
  {
    ...{ where: "CN", kind: "satellite", digits: "1740[0-5]\\d{6}" },
    numbers: "`1740[0-5]…`",
    what: "satellite phones of China Telecom",
    source: mobileCodesOfChina,
  },
  {
    ...{ where: "CN", kind: "satellite", digits: "1349\\d{7}" },
    numbers: "`1349…`",
    what: "satellite phones",
    source: mobileCodesOfChina,
  },
  {
    ...{ where: "FR", kind: "satellite", digits: "(?:63800|6400[0-4]|7507[67])\\d{4}" },
    numbers: "`63800…`, `64000…` to `64004…`, `75076…`, `75077…`",
    what: "satellite phones (Globalstar Europe)",
    source: libphonenumber("carrier/en/33.txt", "Globalstar Europe"),
  },
  {
    ...{ where: "ID", kind: "satellite", digits: "868\\d{6,9}" },
    numbers: "`868…`",
    what: "satellite phones",
    source: 'Wikipedia (en), "Telephone numbers in Indonesia", has a section "Satellite Phone"',
  },
  {
    ...{ where: "MX", kind: "satellite", digits: "20[01]\\d{7}" },
    numbers: "`200…`, `201…`",
    what: "satellite services, fixed",
    source: libphonenumber("PhoneNumberMetadata.xml", "MX, comment on fixed-line numbers"),
  },
  {
    ...{ where: "RU", kind: "satellite", digits: "954\\d{7}" },
    numbers: "`954…`",
    what: "satellite phones",
  },
];

/** Countries in which an entry of the deny list holds, in the order of their codes. */
export function countriesOf({ where }: DeniedNumbers): readonly string[] {
  const sharing = (country: string) => `+${numberingPlanOf(country).callingCode}` === where;
  return countries.filter((country) => country === where || sharing(country)).sort();
}

/** Denied national significant numbers of one country. */
export function deniedNumbers(country: string, callingCode: string): DigitPattern[] {
  return entriesOf(country, callingCode).flatMap(({ digits }) => expandPattern(digits));
}

function entriesOf(country: string, callingCode: string): readonly DeniedNumbers[] {
  return denyList.filter(({ where }) => where === country || where === `+${callingCode}`);
}

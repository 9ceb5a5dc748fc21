/** What the table of libphonenumber lacks, or still holds, for one country. */
export interface EmergencyCorrection {
  /** Numbers to add to the table. */
  readonly add?: readonly string[];
  /** Numbers to take out of the table. */
  readonly remove?: readonly string[];
  /** Public document that says so: publisher, title, date or section. */
  readonly source: string;
}

/** Emergency numbers by country as Android has them: packages/services/Telephony of the Android Open Source Project. */
const android =
  'Android Open Source Project, packages/services/Telephony, ecc/input/eccdata.txt (revision 2), "iso_code"';
const eu =
  "Directive (EU) 2018/1972 (European Electronic Communications Code), Article 109: 112 everywhere in the Union, its outermost regions (TFEU, Article 349) included";

/** Numbers 1301 to 1399 of Gabon: libphonenumber takes the whole range of short codes 13XX for emergency numbers. */
const gabonShortCodes = Array.from({ length: 99 }, (_, index) => String(1301 + index));

/**
 * Corrections of the generated table, by country. Each was looked up on 30 Nov 2026.
 * They stay until libphonenumber's ShortNumberInfo says the same.
 */
export const emergencyCorrections: Readonly<Record<string, EmergencyCorrection>> = {
  AM: { add: ["112", "911"], source: `${android} AM: 911, with 112 as fallback` },
  CN: {
    add: ["122"],
    source:
      "Ministry of Information Industry, Telecommunication Network Numbering Plan (2003 edition), as CTI Forum reported it on 28 Apr 2003: 110, 119, 120 and 122 (traffic accidents)",
  },
  ES: { add: ["061", "062", "080", "091", "092"], source: `${android} ES` },
  FR: {
    add: ["114", "115", "116000", "116117", "119", "191", "196", "197"],
    source: 'Arcep (regulator), "Je cherche la liste des numéros d\'urgence": all that operators route free of charge',
  },
  GA: {
    add: ["177"],
    remove: gabonShortCodes,
    source: `${android} GA: 177; L'Union (Libreville), "Urgence nocturne: quand les numéros de la police ne répondent pas": 177, police`,
  },
  GF: { add: ["112"], source: eu },
  GH: {
    add: ["112"],
    source: 'My News Ghana, "Ghana announces 112 as new general emergency number"',
  },
  GN: { add: ["122", "1717"], source: `${android} GN: police 122, fire brigade 1717` },
  GP: { add: ["112"], source: eu },
  GQ: { add: ["113", "115"], source: `${android} GQ: police 113, fire brigade 115` },
  ID: {
    add: ["115"],
    source: "Minister of Transportation, Decree KM 28/2004 (numbering plan), table of 11X: 115, search and rescue",
  },
  IO: { add: ["112"], source: `${android} IO` },
  JP: {
    add: ["118"],
    source:
      'Japan Coast Guard, Sixth Regional Headquarters, "海のもしもは「118」番": emergency number at sea since 1 May 2000',
  },
  MF: { add: ["112"], source: eu },
  NG: {
    add: ["112"],
    source: "National Emergency Medical Service and Ambulance System, announcement of 28 Oct 2022 (Xtra.net): 112",
  },
  RS: {
    add: ["192", "193", "194"],
    remove: ["92", "93", "94"],
    source: `${android} RS: police 192, fire brigade 193, ambulance 194`,
  },
  TK: { add: ["111"], source: `${android} TK` },
  TT: { add: ["811"], source: 'Expat Focus, "Trinidad and Tobago – Emergencies": 811, ambulance' },
  UG: {
    add: ["112"],
    source:
      'The Observer (Kampala), "Callers mistaking police emergency lines for telecom numbers": police 999 and 112',
  },
};

import type { Issue } from "../issue";
import { emergencyNumbers, worldwideEmergencyNumbers } from "../numbering/emergency";

/**
 * The issue of an extension that is an emergency number of the country, or one that mobile phones know worldwide;
 * undefined for any other extension. A phone that dials it has to reach the emergency service, or nobody.
 */
export function emergencyIssue(path: string, number: string, country: string): Issue | undefined {
  const issue = (where: string): Issue => ({
    path,
    message: `"${number}" is an emergency number ${where}; choose another extension`,
  });
  if (emergencyNumbers(country).includes(number)) return issue(`in ${country}`);
  if (worldwideEmergencyNumbers.includes(number)) return issue("for mobile phones in every country");
  return undefined;
}

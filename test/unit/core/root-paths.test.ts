import type { BundleFile } from "../../../core/bundle/bundle";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { readTemplates } from "../../../components/read-templates";
import { renderScenario } from "../../golden/render-scenario";

const scenarios = ["office", "roaming", "logs-shipped", "acme", "listed-strangers", "aws-no-ssh"];
/** Folders that Asterisk, or who sends its logs, owns: what root opens there may be a link to a file of root's. */
const foreign = /\/(?:var\/(?:log|lib|spool|cache)|run)\/(?:asterisk|hardened-asterisk-(?:journal|logs))(?:\/|\b)/;
const files = scenarios.flatMap((name) => renderScenario(name).bundle.files);

const textOf = ({ content }: BundleFile) => content.map((piece) => (typeof piece === "string" ? piece : "")).join("");

test("no file and no directory of a bundle lies in such a folder", () => {
  const { directories } = renderScenario("office").bundle;
  expect([...files, ...directories].map(({ path }) => path).filter((path) => foreign.test(path))).toEqual([]);
});

test("every log in a folder of a service's is rotated as that service's user", () => {
  const rules = files
    .filter(({ path }) => path.startsWith("/etc/logrotate.d/"))
    .flatMap((file) => textOf(file).match(/^\/[^{]+\{[^}]*\}/gm) ?? []);
  const inFolders = rules.filter((rule) => /^\/var\/log\/[^ ]+\/[^ ]+/.test(rule));
  expect(inFolders.length).toBeGreaterThan(2);
  for (const rule of inFolders) expect(rule).toMatch(/^\tsu \w+ \w+$/m);
});

test("no unit has root run a command that names one", () => {
  const units = files.filter(({ path }) => path.startsWith("/etc/systemd/system/"));
  const commands = units.flatMap((unit) => textOf(unit).match(/^Exec\w+=.*$/gm) ?? []);
  expect(commands.length).toBeGreaterThan(10);
  expect(commands.filter((command) => foreign.test(command))).toEqual([]);
});

test("the bundle says that calls end with a password only where the owner asks for it", () => {
  const { profile } = renderScenario("office");
  expect(renderBundle(profile, readTemplates())).not.toHaveProperty("endCalls");
  expect(renderBundle({ ...profile, endCalls: true }, readTemplates())).toMatchObject({ endCalls: true });
});

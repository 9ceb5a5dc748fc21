import { readTemplates } from "../../../components/read-templates";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { platformOf } from "../../../core/platform/platforms";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { parseSpec } from "../../../core/spec/parse-spec";

const files = {
  certificate: "/etc/letsencrypt/live/pbx/fullchain.pem",
  privateKey: "/etc/letsencrypt/live/pbx/privkey.pem",
};
const office = {
  country: "JP",
  admins: ["198.51.100.7/32"],
  phones: { van: { number: "104", roaming: true }, hall: { number: "10", networks: ["198.51.100.0/24"] } },
};

function bundleOf(tls: unknown, phones: Record<string, unknown> = office.phones) {
  const parsed = parseSpec({ ...office, phones, tls }, new Date("2026-06-01"));
  if ("issues" in parsed) throw new Error(JSON.stringify(parsed.issues));
  const bundle = renderBundle(resolveProfile(parsed.spec, { platform: platformOf() }), readTemplates());
  const text = (path: string) =>
    bundle.files
      .find((file) => file.path === path)
      ?.content.map((piece) => (typeof piece === "string" ? piece : piece.ref))
      .join("");
  return { bundle, text };
}

const watch = "/etc/systemd/system/hardened-asterisk-renew.path";

test("Asterisk reads a copy of the owner's files, in a folder of this pair's own", () => {
  const { bundle, text } = bundleOf(files);
  const { directory = "", given, names } = bundle.authority ?? {};
  expect([directory, given, names]).toEqual([
    expect.stringMatching(/^\/etc\/hardened-asterisk\/tls\/given\/[0-9a-f]{16}$/),
    files,
    [],
  ]);
  const transports = text("/etc/asterisk/pjsip_transports.conf");
  expect(transports).toContain(`cert_file = ${directory}/host.pem\npriv_key_file = ${directory}/host.pem\n`);
  expect(transports).not.toContain("letsencrypt");
  expect(bundleOf({ ...files, privateKey: "/etc/ssl/other.key" }).bundle.authority?.directory).not.toBe(directory);
});

test("a change of the copy is a reload, never a restart", () => {
  const { bundle } = bundleOf(files);
  const due = bundle.actions.filter(({ onChange }) =>
    onChange.includes(`${bundle.authority?.directory ?? ""}/host.pem`),
  );
  expect(due.map(({ id, kind }) => [id, kind])).toEqual([["reload-pjsip", "reload"]]);
});

test("both files are watched, daily looked at, and the watch starts anew when their paths change", () => {
  const { bundle, text } = bundleOf(files);
  const watched = [files.certificate, files.privateKey, "/etc/letsencrypt/live/pbx"];
  expect(text(watch)).toContain(watched.map((path) => `PathChanged=${path}\n`).join(""));
  expect(bundle.services).toEqual(
    expect.arrayContaining(["hardened-asterisk-renew.path", "hardened-asterisk-renew.timer"]),
  );
  expect(bundle.actions.filter(({ onChange }) => onChange.includes(watch)).map(({ id }) => id)).toEqual([
    "reload-units",
    "restart-certificate-watch",
  ]);
  expect(bundle.packages.map(({ name }) => name)).toContain("openssl");
});

test("without TLS, and with a certificate of the host's own, nothing of that is there", () => {
  const { hall } = office.phones;
  for (const { bundle, text } of [bundleOf(files, { hall }), bundleOf(undefined)]) {
    expect(text(watch)).toBeUndefined();
    expect(bundle.authority?.given).toBeUndefined();
    expect(bundle.services).not.toContain("hardened-asterisk-renew.path");
  }
});

import { resolveProfile } from "../../../core/profile/resolve-profile";
import { canonicalBundle, renderBundle } from "../../../core/bundle/render-bundle";
import { readTemplates } from "../../../components/read-templates";
import { renderScenario, resolvePieces } from "../../golden/render-scenario";

const { bundle, profile, values } = renderScenario("office");

test("every file's change leads to an action, and every action's file exists", () => {
  const names = ["roaming", "logs-shipped", "acme", "listed-strangers", "aws-no-ssh"];
  const roaming = renderScenario("roaming").profile;
  const given = { certificate: "/etc/ssl/pbx.pem", privateKey: "/etc/ssl/private/pbx.key" };
  const own = roaming.tls === undefined ? roaming : { ...roaming, tls: { ...roaming.tls, ownAuthority: false, given } };
  const all = [...names.map((name) => renderScenario(name).bundle), renderBundle(own, readTemplates())];
  const files = [...new Set(all.flatMap((one) => one.files.map(({ path }) => path)))];
  const watched = new Set(all.flatMap(({ actions }) => actions.flatMap(({ onChange }) => onChange)));
  expect([...watched].filter((path) => !files.includes(path) && !path.endsWith("/host.pem"))).toEqual([]);
  // apt and logrotate read theirs each time they run, and so does who asks for a certificate.
  const acme = ["hardened-asterisk/acme/hardened-asterisk-acme.service", "hardened-asterisk/acme/ca.pem"];
  const readEachTime = [
    "hardened-asterisk/setter.conf",
    "apt/apt.conf.d/52hardened-asterisk",
    "logrotate.d/asterisk",
    "logrotate.d/fail2ban",
    ...acme,
    "logrotate.d/hardened-asterisk",
  ];
  expect(files.filter((path) => !watched.has(path))).toEqual([
    "/usr/local/bin/fail2ban-client",
    ...readEachTime.map((name) => `/etc/${name}`),
  ]);
});

test("every late-bound reference has a value and every value is referred to", () => {
  const refs = new Set(
    bundle.files.flatMap(({ content }) => content.flatMap((piece) => (typeof piece === "string" ? [] : [piece.ref]))),
  );
  // The host compares the digest of the master secret; no file holds it.
  expect(["master.digest", ...refs].sort()).toEqual(Object.keys(values).sort());
});

test("no file can be written by the service's user", () => {
  for (const { path, owner, mode } of bundle.files)
    expect([path, owner, Number.parseInt(mode, 8) & 0o022]).toEqual([path, "root", 0]);
});

test("the same profile gives the same text, whatever the order of its keys", () => {
  const again = renderBundle({ ...profile }, readTemplates());
  expect(canonicalBundle(again)).toEqual(canonicalBundle(bundle));
  expect(canonicalBundle(Object.fromEntries(Object.entries(bundle).reverse()) as never).sha256).toBe(
    canonicalBundle(bundle).sha256,
  );
});

test("a missing template is our mistake and says which", () => {
  const templates = new Map(readTemplates());
  templates.delete("/etc/asterisk/rtp.conf");
  expect(() => renderBundle(profile, templates)).toThrow("templates/etc/asterisk/rtp.conf.mustache: is missing");
});

test("firewall, rtp.conf and profile agree on the audio ports", () => {
  const text = (path: string) => resolvePieces(bundle.files.find((file) => file.path === path)?.content ?? [], values);
  const { from, to } = profile.rtp;
  expect(text("/etc/asterisk/rtp.conf")).toMatch(new RegExp(`^rtpstart = ${from}\\b[^]*^rtpend = ${to}\\b`, "m"));
  expect(text(bundle.firewall)).toContain(`udp dport ${from}-${to} `);
});

test("a phone more does not change the sizes that only a restart changes, but for a step at 25, 100, 250, 500 and 1000 calls", () => {
  const sizes = (count: number) => {
    const phones = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `p${index}`,
        { number: String(1000 + index), networks: ["10.0.0.0/8"] },
      ]),
    );
    const spec = { country: "DE", admins: ["198.51.100.7/32"], phones };
    return resolveProfile(spec, { platform: profile.platform }).callLimits.step;
  };
  expect([1, 23, 24, 98, 99, 9000].map(sizes)).toEqual([25, 25, 100, 100, 250, 1000]);
});

import {
  functionsOf,
  nextContexts,
  outsideContexts,
  reachable,
  readDialplan,
  type Dialplan,
  type Step,
} from "./parts/dialplan";
import { bootPbx, scenarios, type BootedPbx, type Edits } from "./parts/staged-pbx";

/** Contexts that hold what an exchange gives a call out; a trunk, a guest and a transfer must not reach one. */
function outwardPaths(dialplan: Dialplan, from: string): string[] {
  const outside = outsideContexts(dialplan);
  return [...reachable(dialplan, from)].filter((context) => outside.includes(context));
}

function missingContexts(dialplan: Dialplan): string[] {
  const named = [...dialplan].flatMap(([name, context]) => nextContexts(name, context));
  return [...new Set(named)].filter((name) => !dialplan.has(name));
}

async function unregistered({ asterisk }: BootedPbx, dialplan: Dialplan): Promise<string[]> {
  const steps = [...dialplan.values()].flatMap((context) => context.steps);
  const names = (answer: string) => [...answer.matchAll(/^\s*(\w+)/gm)].map(([, name]) => name ?? "");
  const applications = new Set(names(await asterisk.ask("core show applications")));
  const functions = new Set(names(await asterisk.ask("core show functions")));
  const lacking = (step: Step) => [
    ...(applications.has(step.application) ? [] : [step.application]),
    ...functionsOf(step).filter((name) => !functions.has(name)),
  ];
  return [...new Set(steps.flatMap(lacking))];
}

async function withDialplan(name: string, edits: Edits, judge: (pbx: BootedPbx, plan: Dialplan) => Promise<void>) {
  const pbx = await bootPbx(name, edits);
  try {
    await judge(pbx, readDialplan(await pbx.asterisk.ask("dialplan show")));
  } finally {
    await pbx.host.close();
  }
}

const deadEnds = ["default", "nowhere"];

describe.each(scenarios)("the dialplan Asterisk holds on scenario %s", (name) => {
  let pbx: BootedPbx;
  let dialplan: Dialplan;
  beforeAll(async () => {
    pbx = await bootPbx(name);
    dialplan = readDialplan(await pbx.asterisk.ask("dialplan show"));
  }, 120_000);
  afterAll(async () => {
    await pbx.host.close();
  });

  test("goes on only to contexts that exist, with applications and functions that are there", async () => {
    expect(missingContexts(dialplan)).toEqual([]);
    expect(await unregistered(pbx, dialplan)).toEqual([]);
  });

  test("holds every context that an endpoint sends calls to", async () => {
    const { phones, trunks } = pbx.scenario.profile;
    const users = phones.map((phone) => pbx.scenario.values[`phone.${phone.name}.user`] ?? "");
    for (const endpoint of [...users, ...trunks.map((trunk) => `${trunk.name}.inbound`)]) {
      const answer = await pbx.asterisk.ask(`pjsip show endpoint ${endpoint}`);
      const targets = [...answer.matchAll(/^ (?:context|TRANSFER_CONTEXT|FORWARD_CONTEXT)\s+: (\S+)$/gm)];
      expect(targets).toHaveLength(3);
      for (const [, context] of targets) expect([...dialplan.keys()]).toContain(context);
    }
  });

  test("lets no trunk, guest, transfer or forward reach the outside", () => {
    const { trunks } = pbx.scenario.profile;
    const inward = ["dial-internal", ...deadEnds, ...trunks.map((trunk) => `from-${trunk.name}`)];
    for (const context of inward) expect(outwardPaths(dialplan, context)).toEqual([]);
    const mayLeave = pbx.scenario.profile.phones.some(({ context }) => outwardPaths(dialplan, context).length > 0);
    expect(mayLeave).toBe(trunks.some(({ server }) => server !== undefined));
  });

  test("ends a carrier's call that is refused at the number that was called, which its record then has", () => {
    for (const { name } of pbx.scenario.profile.trunks) {
      const context = dialplan.get(`from-${name}`);
      const next = context === undefined ? [] : nextContexts(`from-${name}`, context);
      expect([`from-${name}`, "dial-internal"]).toEqual(expect.arrayContaining(next));
    }
  });

  test("only hangs up in default and nowhere", () => {
    for (const end of deadEnds) {
      expect(dialplan.get(end)?.includes).toEqual([]);
      expect(dialplan.get(end)?.steps).toEqual([{ extension: "s", application: "Hangup", data: "21" }]);
    }
  });

  test("runs nothing but what its files say: no context of another origin", () => {
    const text = pbx.files.get("/etc/asterisk/extensions.conf") ?? "";
    const written = [...text.matchAll(/^\[([\w-]+)\]/gm)].map(([, context]) => context ?? "");
    expect([...dialplan.keys()].sort()).toEqual(written.filter((context) => context !== "general").sort());
  });
});

describe("a weakened dialplan is noticed", () => {
  const edit = (change: (text: string) => string): Edits => ({ "/etc/asterisk/extensions.conf": change });
  const ways = {
    include: (text: string) => text.replace(/^(\[from-carrier\].*)$/m, "$1\ninclude => dial-national"),
    GotoIf: (text: string) => text.replace(":dial-internal,101,1)", ":dial-national,101,1)"),
    "Gosub in an extension": (text: string) => text.replace(/^(exten => 101,1,).*$/m, "$1Gosub(outbound,s,1(1))"),
    GosubIf: (text: string) => text.replace(/^( same => n,GosubIf\(.*\?)phone-call,s,1\)/m, "$1outbound,s,1)"),
    "Dial's own subroutine": (text: string) => text.replace(/ib\(phone-leg\^/m, "ib(outbound^"),
  };
  test.each(Object.entries(ways))(
    "a way out for the trunk by %s",
    async (_how, change) => {
      await withDialplan("office", edit(change), (_pbx, plan) => {
        expect(outwardPaths(plan, "from-carrier")).not.toEqual([]);
        return Promise.resolve();
      });
    },
    60_000,
  );

  test("an include of nothing, an application and a function that are not loaded", async () => {
    const edits: Edits = {
      "/etc/asterisk/extensions.conf": (text) =>
        `${text}\n[weak]\ninclude => missing\nexten => s,1,Set(X=\${CURL(x)})\n same => n,Set(FILE(x)=1)\n same => n,Hangup()\n`,
      "/etc/asterisk/modules.conf": (text) => text.replace("load = app_stack.so\n", ""),
    };
    await withDialplan("office", edits, async (pbx, plan) => {
      expect(missingContexts(plan)).toEqual(["missing"]);
      expect((await unregistered(pbx, plan)).sort()).toEqual(["CURL", "FILE", "Gosub", "GosubIf", "Return"]);
    });
  }, 60_000);
});

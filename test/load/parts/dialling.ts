import { readTemplates } from "../../../components/read-templates";
import { renderBundle } from "../../../core/bundle/render-bundle";
import { dialPlanFor } from "../../../core/numbering/dial-plan";
import { platformOf } from "../../../core/platform/platforms";
import { resolveProfile } from "../../../core/profile/resolve-profile";
import { DialClass, type PbxSpec } from "../../../core/spec/spec";
import { allowedTexts, costlyTexts, shiftedTexts } from "./dialled-texts";
import { digitsBeforeDial } from "./outbound-check";
import { bootPbx, type BootedPbx } from "./staged-pbx";

const file = "/etc/asterisk/extensions.conf";
const templates = readTemplates();
const patience = 120_000;

const specFor = (country: string): PbxSpec => ({
  country,
  admins: ["198.51.100.7/32"],
  phones: {
    desk: {
      ...{ number: "2010", networks: ["198.51.100.0/24"] },
      mayDial: [DialClass.Internal, DialClass.National, DialClass.Mobile],
    },
  },
  trunks: { carrier: { signalling: ["192.0.2.2/32"] } },
});

/** The extensions.conf of one country: a phone that may dial everything and a trunk, neither with a late-bound name. */
export function extensionsOf(country: string): string {
  const { files } = renderBundle(resolveProfile(specFor(country), { platform: platformOf() }), templates);
  const content = files.find((one) => one.path === file)?.content ?? [];
  return content.map((piece) => (typeof piece === "string" ? piece : "desk-000000")).join("");
}

/** An Asterisk that tells what it would ask the carrier for. It dials nobody: `Dial` writes its number down instead. */
export class DialJudge {
  private constructor(readonly pbx: BootedPbx) {}

  /** Boots the scenario `office` with the module that starts a call from the console, which no PBX of ours loads. */
  static async boot(): Promise<DialJudge> {
    const edit = (text: string) => `${text}load = res_clioriginate.so\n`;
    return new DialJudge(await bootPbx("office", { "/etc/asterisk/modules.conf": edit }));
  }

  /** What each text makes the dial plan ask the carrier for, or `PJSIP/…` for a phone; undefined: nothing. */
  async ask(extensions: string, texts: readonly string[]): Promise<(string | undefined)[]> {
    const { host, asterisk } = this.pbx;
    host.write(file, written(extensions) + callsOf(extensions, texts), {
      owner: "root",
      group: "asterisk",
      mode: "0640",
    });
    await asterisk.ask("database deltree judged");
    await asterisk.ask("dialplan reload");
    await asterisk.ask("channel originate Local/s@judged-all/n application Wait 600");
    await this.judged();
    const rows = (await asterisk.ask("database show judged")).matchAll(/^\/judged\/(\d+)\s*: (\S+)\s*$/gm);
    const asked = new Map([...rows].map(([, index, number]) => [Number(index), number]));
    return texts.map((_, index) => asked.get(index));
  }

  /**
   * Texts that ask for something else than they should, as `[text, asked, expected]`: of each kind `count`, of allowed numbers, of costly
   * ones and of those with dashes before them. What is asked for is E.164 of the country.
   */
  async wrongIn(country: string, count: number, random: () => number): Promise<unknown[][]> {
    const texts = [allowedTexts, costlyTexts, shiftedTexts].flatMap((textsOf) => textsOf(country, count, random));
    const asked = await this.ask(
      extensionsOf(country),
      texts.map(({ text }) => text),
    );
    const { fewest, most } = digitsBeforeDial;
    const e164 = new RegExp(`^\\+${dialPlanFor(country).callingCode}\\d{${fewest},${most}}$`);
    return texts
      .map((one, index) => [one.text, asked[index], one.asked])
      .filter(([, number, expected]) => number !== expected || (number !== undefined && !e164.test(number)));
  }

  private async judged(): Promise<void> {
    const deadline = Date.now() + patience;
    while (!(await this.pbx.asterisk.ask("database get judged done")).includes("Value: yes"))
      if (Date.now() > deadline) throw new Error(`the calls have not ended after ${patience} ms`);
  }

  close(): Promise<void> {
    return this.pbx.host.close();
  }
}

/** The dial plan with each `Dial` replaced by a note of its number. */
function written(extensions: string): string {
  return extensions
    .replace(/Dial\(PJSIP\/([^@,\n]+)@carrier[^\n]*\)$/gm, "Set(DB(judged/${JUDGED})=$1)")
    .replace(/Dial\((\$\{RING\}|PJSIP\/[^,\n]*),[^\n]*\)$/gm, "Set(DB(judged/${JUDGED})=$1)");
}

/** One extension for each text: it enters the phone's context as the text, as a call of the phone does. */
function callsOf(extensions: string, texts: readonly string[]): string {
  const [context] = /^phones-internal-national-mobile$/m.exec(extensions.replace(/[[\]]/g, "\n")) ?? [];
  if (context === undefined) throw new Error("the dial plan has no context for a phone that may dial everything");
  const calls = texts.map((text, index) => [
    `exten => ${index},1,Set(__JUDGED=${index})`,
    `exten => ${index},2,Goto(${context},${text.replaceAll(";", "\\;")},1)`,
  ]);
  const all = texts.map((_, index) => ` same => n,Dial(Local/${index}@judged/n,10,g)`);
  return [
    ...["", "[judged]", ...calls.flat(), "", "[judged-all]", "exten => s,1,Answer()", ...all],
    ...[" same => n,Set(DB(judged/done)=yes)", " same => n,Hangup()", ""],
  ].join("\n");
}

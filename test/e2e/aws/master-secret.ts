import { pictureOf, type AwsHost } from "./aws-host";
import type { AwsOffice } from "./aws-office";

const other = "f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a59687";
const words = /masterSecret: is not the one that this PBX was set up with: .* 4 of 4 phones .* nothing was changed/;

/** What a host on AWS does with a configuration of another master secret. */
export function masterSecretCase(open: () => { readonly host: AwsHost; readonly office: AwsOffice }): void {
  test("another master secret is refused with an alarm, and taken when it is said to be new", async () => {
    const { host, office } = open();
    const [before, cards] = [await pictureOf(host), office.cards];
    await office.announce(2, { masterSecret: other });
    const { code, stderr } = await host.runDocument();
    expect([code, stderr]).toEqual([1, expect.stringMatching(words)]);
    const reason = expect.stringMatching(words) as string;
    expect((await host.alarms()).at(-1)).toEqual({ alarm: "delivery-failed", reason });
    expect(await pictureOf(host)).toBe(before);
    await office.announce(2, { masterSecret: other, newMasterSecret: true });
    expect(await host.runDocument()).toMatchObject({ code: 0 });
    expect(office.cards["sales"]?.user).not.toBe(cards["sales"]?.user);
  }, 120_000);
}

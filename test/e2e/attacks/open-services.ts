import { above, type Attack } from "./attack";
import { useTool } from "./stranger";

/** A stranger tries what Asterisk offers beside SIP, with the passwords that tutorials give. */
export const openServices: Attack = {
  name: "open-services",
  what: "knocks at AMI, ARI, HTTP, IAX2, DUNDi, UNISTIM, MGCP and Skinny, with the passwords of tutorials",
  measures: "services that answered",
  goal: "0",
  weak: ["tutorial22"],
  sample: true,
  run: async (target) => {
    const job = { sources: target.fresh(10), target: target.address };
    const answers = Object.entries(await useTool<Record<string, string | null>>(target, "services.py", job));
    const open = answers.flatMap(([service, answer]) => (answer === null ? [] : [`${service} (${answer})`]));
    return above(0, open.length, open.join(", ") || `none of ${answers.length}`);
  },
};

import { z } from "zod";
import { networkField, wholeNumber } from "./fields";

const shape = 'must be a mapping, for example { tcp: 443, from: ["203.0.113.0/24"], program: nginx }';
const programShape =
  "must be the program's name as `ss -Hlntup` shows it: 1 to 15 letters, digits, dots, dashes or underscores";
const port = wholeNumber(1, 65535).optional();

const extraPort = z.strictObject(
  {
    tcp: port,
    udp: port,
    from: z
      .array(networkField("ipv4", 0), 'must be a list of networks, for example ["203.0.113.0/24"]')
      .min(1, "must list at least one network")
      .max(20, "must list at most 20 networks; join neighbours into larger ones"),
    program: z.string(programShape).regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,14}$/, programShape),
  },
  shape,
);

/** The shape of `extraPorts`; what concerns several fields at once is judged by `extraPortIssues`. */
export const extraPortsField = z
  .array(extraPort, `must be a list; each entry ${shape}`)
  .max(10, "must list at most 10 ports; move the programs to a machine of their own");

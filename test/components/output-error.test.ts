import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { outputError } from "../../components/output-error";

test("an error thrown inside an output keeps its text, and hides what the SDK hangs on it", () => {
  const error = outputError("the disk is full") as pulumi.RunError & { promise?: unknown };
  // What the SDK does on the error's way out (runtime/rpc.js and runtime/debuggable.js of 3.x).
  error.message = `error serializing property "outputs": ${error.message}`;
  error.promise = { large: "x".repeat(10_000) };
  expect(pulumi.RunError.isInstance(error)).toBe(true);
  expect(error.message).toBe("the disk is full");
  expect(inspect(error, { colors: true }).length).toBeLessThan(5000);
});
